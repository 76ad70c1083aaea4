"""Fitbit's logs: exercises, nights, resting heart rates and the profile."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl

from backstride.imports import text, times
from backstride.imports.containers import Files
from backstride.imports.fitbit.minutes import MAX_PART, number_of, stamp
from backstride.imports.track import Sport

FITBIT = "Fitbit"
UNITS = {"Kilometer": 1000.0, "Mile": 1609.344, "Meter": 1.0}
LONGEST_WALK_S = 12 * 3600

# Names and numbers (Fitbit's own list of activities) of what counts as walking and running.
_WALK = re.compile(r"\bwalk|\bhik", re.IGNORECASE)
_RUN = re.compile(r"\brun|\bjog", re.IGNORECASE)
_SPORT_IDS = {90013: Sport.WALK, 90012: Sport.WALK, 90009: Sport.RUN}

NO_EXERCISES = pl.DataFrame(
    schema={
        "name": pl.String(),
        "sport": pl.String(),  # of Sport; unknown is neither walk nor run
        "start": pl.Datetime("us", "UTC"),
        "end": pl.Datetime("us", "UTC"),
        "walking_s": pl.Float64(),
        "steps": pl.Float64(),
        "distance_m": pl.Float64(),
        "source": pl.String(),
        "device": pl.String(),
        "where": pl.String(),
    }
)
NO_NIGHTS = pl.DataFrame(
    schema={
        "start": pl.Datetime("us", "UTC"),
        "end": pl.Datetime("us", "UTC"),
        "value": pl.Float64(),
        "device": pl.String(),
        "where": pl.String(),
    }
)
NO_HEARTS = pl.DataFrame(schema={"date": pl.Date(), "value": pl.Float64(), "where": pl.String()})


class Profile(NamedTuple):
    """The account's zone (IANA) and year of birth; None where the export doesn't say."""

    zone: str | None = None
    birth_year: int | None = None


def profile(files: Files, name: str) -> Profile:
    table = text.table_of(files, name, most=MAX_PART)
    row = table.head(1).to_dicts()[0] if table.height else {}
    told = str(row.get("timezone") or "").strip()
    born = re.match(r"(19|20)\d\d", str(row.get("date_of_birth") or ""))
    return Profile(told if _is_zone(told) else None, int(born.group()) if born else None)


def _is_zone(told: str) -> bool:
    try:
        ZoneInfo(told)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True


def trackers(files: Files, name: str) -> list[str]:
    """What was paired with the account; "MobileTrack" is the phone itself."""
    table = text.table_of(files, name, most=MAX_PART)
    columns = [column for column in ("device_type", "tracker_name") if column in table.columns]
    kinds = table.select(pl.coalesce(columns)).to_series() if columns else pl.Series([])
    return [str(kind) for kind in kinds.drop_nulls()]


def exercises(files: Files, name: str) -> pl.DataFrame:
    """An `exercise-0.json` as NO_EXERCISES; bad values are null, for the sieve to refuse."""
    logs = _dicts(text.json_of(files, name, MAX_PART))
    rows = [_exercise(log, f"{name}, exercise {at}") for at, log in enumerate(logs, 1)]
    schema = dict(NO_EXERCISES.schema) | {"start": pl.String(), "end": pl.Float64()}
    frame = pl.DataFrame(rows, schema=schema, orient="row", strict=False)
    start = pl.col("start").str.to_datetime("%m/%d/%y %H:%M:%S", time_unit="us", strict=False)
    return frame.with_columns(start.dt.replace_time_zone("UTC")).with_columns(
        end=_after(pl.col("start"), pl.col("end"))
    )


def _after(start: pl.Expr, seconds: pl.Expr) -> pl.Expr:
    """The instant so many seconds later; null for a number that no exercise has."""
    sane = pl.when(seconds.is_between(0, 1e8)).then(seconds)
    return start + pl.duration(microseconds=(sane * 1e6).round().cast(pl.Int64))


def _exercise(log: dict[str, Any], where: str) -> tuple[object, ...]:
    name = str(log.get("activityName") or "exercise")
    whole, active = (number_of(log.get(key)) for key in ("duration", "activeDuration"))
    whole, active = whole if whole is not None else active, active if active is not None else whole
    distance, unit = number_of(log.get("distance")), UNITS.get(str(log.get("distanceUnit")))
    source = log.get("source") if isinstance(log.get("source"), dict) else {}
    told, device = _maker(log, source or {})
    return (
        name,
        _sport(name, log.get("activityTypeId")),
        log.get("startTime") if isinstance(log.get("startTime"), str) else None,
        None if whole is None else whole / 1000,
        None if active is None or whole is None else min(active, whole) / 1000,
        number_of(log.get("steps")),
        None if distance is None or unit is None else distance * unit,
        told,
        device,
        where,
    )


def _maker(log: dict[str, Any], source: dict[str, Any]) -> tuple[str, str]:
    """Whose exercise it is, and of which class of device."""
    if log.get("logType") == "manual":
        return FITBIT, "manual"
    if source.get("type") == "app":
        return str(source.get("name") or "app"), "app"
    return FITBIT, "watch"


def _sport(name: str, type_id: Any = None) -> Sport:
    if isinstance(type_id, int) and type_id in _SPORT_IDS:
        return _SPORT_IDS[type_id]
    if _WALK.search(name):
        return Sport.WALK
    return Sport.RUN if _RUN.search(name) else Sport.UNKNOWN


def google_exercises(files: Files, name: str) -> pl.DataFrame:
    """A `UserExercises_2026-09-01.csv` as NO_EXERCISES; its times are from start to end."""
    table = _filled(text.table_of(files, name, most=MAX_PART), (
        "exercise_start", "exercise_end", "activity_name", "log_type", "tracker_total_steps",
        "tracker_total_distance_mm", "manually_logged_total_steps",
        "manually_logged_total_distance_mm"))  # fmt: skip
    manual = pl.col("log_type").str.to_uppercase() == "MANUAL"
    start, end = stamp(pl.col("exercise_start")), stamp(pl.col("exercise_end"))
    named = pl.col("activity_name").fill_null("exercise")
    return table.select(
        named.alias("name"),
        named.map_elements(_sport, return_dtype=pl.String).alias("sport"),
        start.alias("start"),
        end.alias("end"),
        ((end - start).dt.total_microseconds() / 1e6).alias("walking_s"),
        _known("tracker_total_steps", "manually_logged_total_steps").alias("steps"),
        (_known("tracker_total_distance_mm", "manually_logged_total_distance_mm") / 1000).alias(
            "distance_m"
        ),
        pl.lit(FITBIT).alias("source"),
        pl.when(manual).then(pl.lit("manual")).otherwise(pl.lit("watch")).alias("device"),
        pl.format("{}, line {}", pl.lit(name), pl.int_range(2, pl.len() + 2)).alias("where"),
    )


def _known(first: str, second: str) -> pl.Expr:
    """A number from either column: Google writes 0 where it has none."""
    columns = (pl.col(name).cast(pl.Float64, strict=False) for name in (first, second))
    return pl.coalesce(pl.when(column != 0).then(column) for column in columns)


def nights(files: Files, name: str, zone: str) -> pl.DataFrame:
    """A `sleep-2024-02-22.json`, whose times are local ones, as NO_NIGHTS."""
    rows = []
    for at, log in enumerate(_dicts(text.json_of(files, name, MAX_PART)), 1):
        minutes = number_of(log.get("minutesAsleep"))
        start, end = (log.get(key) for key in ("startTime", "endTime"))
        rows.append((
            start if isinstance(start, str) else None,
            end if isinstance(end, str) else None,
            None if minutes is None else minutes * 60,
            "manual" if log.get("logType") == "manual" else "watch",
            f"{name}, night {at}",
        ))  # fmt: skip
    schema = dict(NO_NIGHTS.schema) | {"start": pl.String(), "end": pl.String()}
    frame = pl.DataFrame(rows, schema=schema, orient="row", strict=False)
    local = (
        pl.col(key).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
        for key in ("start", "end")
    )
    return frame.with_columns(times.utc_of(told, zone) for told in local)


def google_nights(files: Files, name: str) -> pl.DataFrame:
    """A `UserSleeps_2026-09-01.csv`, in UTC, as NO_NIGHTS."""
    table = _filled(
        text.table_of(files, name, most=MAX_PART), ("sleep_start", "sleep_end", "minutes_asleep")
    )
    return table.select(
        stamp(pl.col("sleep_start")).alias("start"),
        stamp(pl.col("sleep_end")).alias("end"),
        (pl.col("minutes_asleep").cast(pl.Float64, strict=False) * 60).alias("value"),
        pl.lit("watch").alias("device"),
        pl.format("{}, line {}", pl.lit(name), pl.int_range(2, pl.len() + 2)).alias("where"),
    )


def resting_hearts(files: Files, name: str) -> pl.DataFrame:
    """A `resting_heart_rate-2024-02-22.json` as NO_HEARTS; 0 is Fitbit's for a day without."""
    rows = []
    for at, log in enumerate(_dicts(text.json_of(files, name, MAX_PART)), 1):
        told = log.get("value")
        day = told.get("date") if isinstance(told, dict) else None
        bpm = number_of(told.get("value")) if isinstance(told, dict) else None
        rows.append((day if isinstance(day, str) else None, bpm, f"{name}, day {at}"))
    frame = pl.DataFrame(
        rows, schema=dict(NO_HEARTS.schema) | {"date": pl.String()}, orient="row", strict=False
    )
    return frame.with_columns(pl.col("date").str.to_date("%m/%d/%y", strict=False))


def google_resting_hearts(files: Files, name: str) -> pl.DataFrame:
    """A `daily_resting_heart_rate.csv` as NO_HEARTS: its days stand as UTC midnights or dates."""
    table = _filled(text.table_of(files, name, most=MAX_PART), ("timestamp", "beats per minute"))
    return table.select(
        pl.col("timestamp").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).alias("date"),
        pl.col("beats per minute").cast(pl.Float64, strict=False).alias("value"),
        pl.format("{}, line {}", pl.lit(name), pl.int_range(2, pl.len() + 2)).alias("where"),
    )


def _dicts(rows: Any) -> Iterable[dict[str, Any]]:
    """The objects of a list; what is no object counts as one that says nothing."""
    listed = rows if isinstance(rows, list) else [rows]
    return (row if isinstance(row, dict) else {} for row in listed)


def _filled(table: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The table with these columns of text, null where it has none."""
    table = table.rename(lambda told: told.strip().lower())
    missing = (name for name in columns if name not in table.columns)
    return table.with_columns(pl.lit(None, pl.String).alias(name) for name in missing)
