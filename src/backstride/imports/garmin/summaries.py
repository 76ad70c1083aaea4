"""What a Garmin export tells as JSON: days, activities and nights, each without its course.

Garmin documents none of it. What is known comes from programs whose authors read their own
exports, and agree:

- `UDSFile_*.json`: a list of days. `calendarDate` is the local date ("2024-05-01"; in exports
  up to about 2020 an object with a `date` like "May 1, 2020 12:00:00 AM"), `totalSteps` the
  day's steps, `totalDistanceMeters`, `restingHeartRate`. A day of which nothing is known has
  no `totalSteps`, or `includesWellnessData` false. GarminDB keeps the same of each day as
  `daily_summary_2024-05-01.json`.
- `*_summarizedActivities.json`: `[{"summarizedActivitiesExport": [...]}]`. `beginTimestamp`
  and `startTimeGmt` are milliseconds since 1970 UTC, `duration`, `elapsedDuration` and
  `movingDuration` milliseconds, `distance` centimetres (three runs came to 5.02, 5.01 and
  3.01 km so), `steps` steps.
- `*_sleepData.json`: nights, `sleepStartTimestampGMT` like "2024-05-01T21:04:00.0" in UTC, and
  `deepSleepSeconds`, `lightSleepSeconds`, `remSleepSeconds`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from backstride.imports import sift, times
from backstride.imports.containers import Files
from backstride.imports.text import json_of
from backstride.records import MEASURES, Schema

NAME = "Garmin Connect"
DAY, ACTIVITY, NIGHT = "daily summary", "activity summary", "night"
DAYS_FILE = r"(^|/)(UDSFile_[^/]*|daily_summary_[\d-]{10})\.json$"
ACTIVITIES_FILE = r"summarizedActivities[^/]*\.json$"
NIGHTS_FILE = r"sleepData\.json$"
LONG_DATE = "%b %d, %Y"

Row = dict[str, Any]
_ROWS: Schema = {
    "start": pl.Datetime("us", "UTC"),
    "end": pl.Datetime("us", "UTC"),
    "steps": pl.Float64(),
    "distance_m": pl.Float64(),
    "walking_s": pl.Float64(),
    "value": pl.Float64(),
    "date": pl.Date(),
    "measure": pl.String(),
    "device": pl.String(),
    "kind": pl.String(),
    "where": pl.String(),
}


def table(rows: list[Row]) -> pl.DataFrame:
    """Rows of any of the functions below as one table, with its source."""
    made = pl.DataFrame(rows, schema=_ROWS, orient="row")
    return made.with_columns(pl.lit(NAME).alias("source"))


def records(files: Files, name: str, key: str = "") -> Iterator[tuple[Row, str]]:
    """The objects in a part's list (or in the lists below `key`), with the place of each."""
    content = json_of(files, name)
    outer = content if isinstance(content, list) else [content]
    lists = [one[key] for one in outer if isinstance(one, dict) and key in one] if key else []
    flat = [row for one in lists if isinstance(one, list) for row in one] if lists else outer
    for number, row in enumerate(flat, 1):
        if isinstance(row, dict):
            yield row, f"{name.rpartition('/')[2] or 'the file'}, record {number}"


def days(files: Files, name: str, account: sift.Account) -> Iterator[Row]:
    """Rows with date, steps and distance of the days that have steps."""
    for row, where in records(files, name):
        steps, on = _number(row.get("totalSteps")), _date(row.get("calendarDate"))
        if steps is None or row.get("includesWellnessData") is False:
            account.skip(f"{DAY} without steps")
        elif on is None:
            account.refuse(DAY, "date", where)
        else:
            distance = _number(row.get("totalDistanceMeters"))
            told = {"date": on, "steps": steps, "distance_m": distance, "device": "watch"}
            yield {**told, "kind": DAY, "where": where}


def resting(files: Files, name: str) -> Iterator[Row]:
    """Measures of the resting heart rate, with a date instead of times."""
    for row, where in records(files, name):
        value, on = _number(row.get("restingHeartRate")), _date(row.get("calendarDate"))
        if value and on:
            told = {"date": on, "value": value, "measure": "resting_heart_rate_bpm"}
            yield {**told, "device": "watch", "kind": "resting heart rate", "where": where}


def activities(files: Files, name: str, account: sift.Account) -> Iterator[Row]:
    """Rows of samples, one of each activity on foot; `steps` null where it doesn't say."""
    for row, where in records(files, name, "summarizedActivitiesExport"):
        sport = _sport(row)
        if not re.search(r"walk|hik|run", sport) or "wheelchair" in sport:
            account.skip(f"{sport.replace('_', ' ') or 'unknown'} activity")
            continue
        begins = _number(row.get("beginTimestamp")) or _number(row.get("startTimeGmt"))
        spans = (_number(row.get(f"{kind}uration")) for kind in ("d", "elapsedD", "movingD"))
        duration, elapsed, moving = (None if span is None else span / 1000 for span in spans)
        seconds = elapsed if elapsed and elapsed >= (duration or 0) else duration
        distance = _number(row.get("distance"))
        start = None if begins is None else _instant(begins / 1000)
        end = None if begins is None or seconds is None else _instant(begins / 1000 + seconds)
        yield {
            "start": start,
            "end": end,
            "steps": _number(row.get("steps")),
            "distance_m": None if distance is None else distance / 100,
            "walking_s": None if "run" in sport else (moving or duration),
            "device": "manual" if _by_hand(row) else "watch",
            "kind": ACTIVITY,
            "where": where,
        }


def nights(files: Files, name: str) -> Iterator[Row]:
    """Measures of sleep, one a night."""
    for row, where in records(files, name):
        stages = [_number(row.get(f"{kind}SleepSeconds")) for kind in ("deep", "light", "rem")]
        if all(stage is None for stage in stages):
            continue
        yield {
            "start": _utc(row.get("sleepStartTimestampGMT")),
            "end": _utc(row.get("sleepEndTimestampGMT")),
            "value": sum(stage or 0.0 for stage in stages),
            "measure": "sleep_s",
            "device": "watch",
            "kind": NIGHT,
            "where": where,
        }


def measures(rows: list[Row], account: sift.Account, zone: str) -> pl.DataFrame:
    """MEASURES of rows with times or, of a whole day, with a date."""
    start, end = times.day_of(pl.col("date"), zone)
    ready = table(rows).with_columns(
        pl.coalesce("start", start).alias("start"), pl.coalesce("end", end).alias("end")
    )
    wanted = [name for name in (*MEASURES, "kind", "where") if name in ready.columns]
    return sift.sifted(ready.select(wanted), account, schema=MEASURES)


def _sport(row: Row) -> str:
    kind = row.get("activityType") or row.get("sportType") or ""
    if isinstance(kind, dict):
        kind = kind.get("typeKey", "")
    return str(kind).lower()[:40]


def _by_hand(row: Row) -> bool:
    return row.get("manualActivity") is True or row.get("manufacturer") == "MANUAL"


def _number(value: object) -> float | None:
    """A JSON number as a float; NaN, infinity and negative ones are refused later."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _instant(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _utc(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _date(value: object) -> date | None:
    text = str(value.get("date", "")) if isinstance(value, dict) else str(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d.*", text):
        text, form = text[:10], "%Y-%m-%d"
    else:
        text, form = re.sub(r"\s+\d+:.*$", "", text), LONG_DATE
    try:
        found = datetime.strptime(text, form).replace(tzinfo=UTC).date()
    except ValueError:
        return None
    return found if sift.FIRST_YEAR <= found.year < sift.LAST_YEAR else None
