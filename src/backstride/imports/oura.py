"""Oura: the account's export (a zip of CSVs), the trends table, and JSON of its API.

No real export was at hand. What is known comes from Oura's API reference and public readers:

- The export of 2025 on is a zip of CSVs separated by semicolons, some cells JSON
  (`dailyactivity.csv`, `sleepmodel.csv`, ...), with the columns of API v2: `day`, `steps`,
  `timestamp`; `bedtime_start`, `bedtime_end`, `total_sleep_duration`, `lowest_heart_rate`,
  `type`. So say the readers of byesamosa and three others on GitHub.
- "Trends" is one CSV separated by commas, with titles: `date`, `Steps`, `Total Sleep Time`,
  `Bedtime Start`, `Lowest Resting Heart Rate` (a row of 2020 stands in a README on GitHub);
  of the newest one a header with `Total Sleep Duration` is known.
- API v2 gives `{"data": [{"day", "steps", "timestamp", ...}]}`; API v1 and the older export
  `{"activity": [{"summary_date", "steps", "timezone", "day_start", ...}], "sleep": [...]}`.

Only daily totals of steps are there (`met` and `class_5_min` are no counts): whole days. The
metres are not taken: `equivalent_walking_distance` is energy spent, in metres, by any sport.
Oura's day runs from 4 to 4 in the morning; it is laid on the midnights of its date.

A day is one of the zone the ring was in: that of `timezone` (minutes), `day_start` or
`timestamp`, unless that is 0, which the newest export writes for everyone; then, and where it
is that of the walker's zone at the time, the day is the walker's, as long as it is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import polars as pl

from backstride.imports import iso, parts, sift, text, times
from backstride.imports.containers import Files
from backstride.imports.imported import Imported
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.records import MEASURES, empty
from backstride.words import say

SOURCE = Source(
    key="oura",
    name="Oura",
    files=say("the zip of the export, a CSV of it, the trends CSV, or JSON of the API"),
    gives=say("steps by the day, sleep, resting heart rate"),
    checked=Checked.EXPERIMENTAL,
    how=tuple(
        How(
            where,
            (
                say("In the browser, sign in at membership.ouraring.com/data-export."),
                say("Ask for your data. The mail that it is ready can take two days."),
                say("Download the zip, then bring it as it is."),
            ),
        )
        for where in Where
    ),
    note="Oura exports no walks and no steps within the day",
)

NAME = "Oura Ring"
STEPS, SLEEP = "day of steps", "sleep"

_PARTS = r"(oura|trends|daily_?activity|sleep_?model|activity|sleep)[^/]*\.(csv|json)$"
_MOST_LOOKED_AT = 12

# What stands beside the steps or the night in Oura's own words, and in no other's.
_OWN = {
    "equivalent_walking_distance",
    "class_5_min",
    "class_5min",
    "met_min_medium",
    "non_wear_time",
    "average_met_minutes",
}
_OWN_NIGHT = {"sleep_phase_5_min", "hypnogram_5min", "rmssd_5min", "lowest_heart_rate"}
_OWN_TITLES = {
    "activity_score",
    "average_met",
    "non_wear_time",
    "readiness_score",
    "activity_burn",
    "total_burn",
    "long_periods_of_inactivity",
}

_DATES = ("day", "summary_date", "date")
_STARTS = ("day_start", "timestamp")
_BED = ("bedtime_start", "bedtime_end")
_SLEPT = ("total_sleep_duration", "total_sleep_time", "total")
_PULSE = ("lowest_heart_rate", "hr_lowest", "lowest_resting_heart_rate")
_NO_SLEEP = {"deleted", "rest"}  # what Oura itself, or the person, says was none

Record = Mapping[str, Any]
_DAY = {
    "date": pl.String,
    "at": pl.String,
    "minutes": pl.Float64,
    "steps": pl.Float64,
    "where": pl.String,
}
_NIGHT = {
    "from": pl.String,
    "to": pl.String,
    "slept_s": pl.Float64,
    "pulse": pl.Float64,
    "where": pl.String,
}


def matches(files: Files) -> bool:
    return any(_is_oura(files.head_of(name)) for name in islice(_parts(files), _MOST_LOOKED_AT))


def _parts(files: Files) -> Iterator[str]:
    return iter(files.matching(_PARTS) if files.is_zip else files.names)


def _is_oura(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    if text.looks_like_json(head):
        keys = {found.decode() for found in re.findall(rb'"([a-z0-9_]{3,40})"\s*:', head)}
    else:
        keys = set(_titles(head))
        if "date" in keys and ("steps" in keys or set(_SLEPT) & keys):
            return bool(_OWN_TITLES & keys)
    is_day = "steps" in keys and bool({"day", "summary_date"} & keys)
    is_night = "bedtime_start" in keys
    return (is_day and bool(_OWN & keys)) or (is_night and bool(_OWN_NIGHT & keys))


def _titles(head: bytes) -> list[str]:
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    separator = max(b",;\t", key=lambda mark: line.count(bytes([mark])))
    titles = line.decode("utf-8", errors="replace").split(chr(separator))
    return [_plain(title) for title in titles[:200]]


def _plain(title: str) -> str:
    return re.sub(r"[\s-]+", "_", title.strip().strip('"').lower())


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read the days and nights of every part that has some; other parts are counted.

    Raises UnreadableFile where all of these parts are damaged.
    """
    account = sift.Account()
    days: list[tuple[Any, ...]] = []
    nights: list[tuple[Any, ...]] = []
    names = [name for name in _parts(files) if _is_oura(files.head_of(name))]
    reading = parts.Parts(files, {"records": names}, account, tell)

    def records_in(files: Files, name: str) -> list[Record]:
        return list(_records(files, name, account))

    for name in names:
        records = reading.one(parts.short(name), name, records_in) or []
        for number, record in enumerate(records, 1):
            _gather(record, f"{name or 'record'} {number}", days, nights, account)
    reading.check()
    for name in set(files.names) - set(names):
        account.skip(parts.short(name))
    whole = pl.DataFrame(days, schema=_DAY, orient="row")
    slept = pl.DataFrame(nights, schema=_NIGHT, orient="row")
    samples = sift.sifted(_days(whole, account, zone), account)
    return sift.finished(
        SOURCE.key, [samples], account, zone, measures=_measures(slept, account, zone)
    )


def _records(files: Files, name: str, account: sift.Account) -> Iterator[Record]:
    """The records of a part, each a mapping by plain names."""
    if not text.looks_like_json(files.head_of(name)):
        table = text.table_of(files, name)
        wanted = {*_DATES, *_STARTS, *_BED, *_SLEPT, *_PULSE, "steps", "timezone", "type"}
        columns = {_plain(c): c for c in reversed(table.columns) if _plain(c) in wanted}
        chosen = table.select(pl.col(c).alias(plain) for plain, c in columns.items())
        yield from chosen.iter_rows(named=True)
        return
    for kind, value in _lists(text.json_of(files, name)):
        for item in value:
            if not isinstance(item, dict):
                account.refuse(kind, "value", name)
            elif "steps" in item or _BED[0] in item:
                yield item
            else:
                account.skip(kind)


def _lists(document: Any) -> Iterable[tuple[str, list[Any]]]:
    if isinstance(document, list):
        return [("record", document)]
    if not isinstance(document, dict):
        return []
    lists = [(str(key)[:60], value) for key, value in document.items() if isinstance(value, list)]
    # A single day alone has lists too, but steps beside them.
    return [("record", [document])] if "steps" in document or _BED[0] in document else lists


def _gather(
    record: Record,
    where: str,
    days: list[tuple[Any, ...]],
    nights: list[tuple[Any, ...]],
    account: sift.Account,
) -> None:
    steps = iso.number(record.get("steps"))
    bed = [iso.text(record.get(name)) for name in _BED]
    if steps is not None:
        minutes = iso.number(record.get("timezone"))
        at = _first(record, _STARTS, iso.text)
        days.append((_first(record, _DATES, iso.text), at, minutes, steps, where))
    if any(bed):
        if record.get("type") in _NO_SLEEP:
            account.skip("rest that was no sleep")
            return
        slept, pulse = (_first(record, names, iso.number) for names in (_SLEPT, _PULSE))
        nights.append((*bed, slept, pulse, where))
    elif steps is None:
        account.skip("day without steps")


def _first(record: Record, names: Iterable[str], as_what: Callable[[Any], Any]) -> Any:
    found = (as_what(record.get(name)) for name in names)
    return next((value for value in found if value is not None), None)


def _days(days: pl.DataFrame, account: sift.Account, zone: str) -> pl.DataFrame:
    date, at = iso.date_of(pl.col("date")), pl.col("at")
    # No zone is more than 15 h from UTC, and all are by the minute.
    named = pl.when(pl.col("minutes").abs() <= iso.MAX_OFFSET_H * 60).then("minutes")
    own = pl.coalesce(named.round().cast(pl.Int32), iso.offset_of(at))
    noon = times.utc_of(date.cast(pl.Datetime("us")) + pl.duration(hours=12), zone)
    there = noon.dt.convert_time_zone(zone)
    walkers = (there.dt.base_utc_offset() + there.dt.dst_offset()).dt.total_minutes()
    is_walkers = own.is_null() | (own == 0) | (own == walkers)
    midnight = (date.cast(pl.Datetime("us")) - pl.duration(minutes=own)).dt.replace_time_zone("UTC")
    start, end = times.day_of(date, zone)
    assumed = days.select(((own.is_null() | (own == 0)) & date.is_not_null()).sum()).item()
    if assumed:
        times.say_assumed(account.notices, zone, assumed)
    return days.select(
        pl.when(is_walkers).then(start).otherwise(midnight).alias("start"),
        pl.when(is_walkers).then(end).otherwise(midnight + pl.duration(days=1)).alias("end"),
        "steps",
        pl.lit(NAME).alias("source"),
        pl.lit("watch").alias("device"),
        pl.lit(STEPS).alias("kind"),
        "where",
    )


def _measures(nights: pl.DataFrame, account: sift.Account, zone: str) -> pl.DataFrame:
    iso.say_zone(nights, ["from", "to"], account.notices, zone)
    values = {"slept_s": ("sleep_s", SLEEP), "pulse": ("resting_heart_rate_bpm", "heart rate")}
    parts = [empty(MEASURES)]
    for column, (measure, kind) in values.items():
        rows = nights.filter(pl.col(column).is_not_null()).select(
            iso.instant_of(pl.col("from"), zone).alias("start"),
            iso.instant_of(pl.col("to"), zone).alias("end"),
            pl.lit(measure).alias("measure"),
            pl.col(column).alias("value"),
            pl.lit(NAME).alias("source"),
            pl.lit("watch").alias("device"),
            pl.lit(kind).alias("kind"),
            "where",
        )
        parts.append(sift.sifted(rows, account, schema=MEASURES))
    if blank := nights.filter(pl.all_horizontal(pl.col(*values).is_null())).height:
        account.skip("night without a value", blank)
    return pl.concat(parts)
