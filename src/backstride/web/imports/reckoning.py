"""A walker's days in parts: what is new, which days it touches, and those days exactly.

A part is a stretch of time. What it comes to is reckoned from the samples around it alone, and
is the same to the last bit as if all samples had been merged at once, because:

- who counts at a moment depends on the samples that cover it and on nothing else, so a sample
  that lies within what was read is cut exactly as it would be otherwise;
- a sample that reaches over the edge of what was read may be cut wrongly. The minutes that such
  samples touch are not trusted. No counted sample is longer than 25 hours, so that two whole
  days (`REACH`) are enough; if one is, more is read;
- a new sample changes the cuts of the samples it overlaps, and so at most the day before and
  the day after its own, and the bouts that touch these days. A bout belongs to the day it
  starts in, and starts after the rest before it: where there is a rest between the first day
  written (`MARGIN` before) and the first sample that may be cut anew, nothing before that day
  changes. A bout that goes on through all of it, or on past what is trusted, makes the margin
  grow until there is a rest, or nothing more to read.

Where clocks are set back just after midnight a day ends an hour later than its midnight says:
`SLACK` is for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from backstride import imports, walking
from backstride.imports.merge import QUANTITIES
from backstride.records import SAMPLES, checked
from backstride.web.imports import store

MARGIN = 3  # days written around what changed
REACH = 2  # days read around what is written
SLACK = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NEAR = (2 * MARGIN + 2 * REACH) * DAY  # parts closer than this would read the same days twice
MOST_ROWS = 30_000  # samples reckoned at once, which bounds the memory

KEY = [name for name in SAMPLES if name != "flag"]
Read = Callable[[datetime, datetime], pl.DataFrame]


@dataclass(frozen=True)
class Part:
    """A stretch of time in which samples came or went."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Reckoned:
    """All days from `first` to `last`: a row for each that has data.

    The columns are those of DAYS and `seen`: source, device and steps (None where it counts
    none) of each source on its own.
    """

    first: date
    last: date
    rows: list[dict[str, Any]]


def everything(upload_ids: Sequence[int]) -> list[Part]:
    """The parts that all samples of these uploads come to."""
    table = _by_day(store.scan_counted(upload_ids))
    return _parts(table, table)


def changes(upload_id: int, other_ids: Sequence[int]) -> list[Part]:
    """The parts in which this upload has samples that none of the others has.

    A sample that another upload has too, the same in every column, changes nothing: it counts
    once.
    """
    mine, others = store.scan_counted([upload_id]), store.scan_counted(other_ids)
    together = _by_day(store.scan_counted([upload_id, *other_ids]))
    days = _by_day(mine).select("day").join(together, on="day", how="inner").sort("day")
    found = [
        _by_day(
            _started(mine, since, until)
            .join(_started(others, since, until), on=KEY, how="anti", nulls_equal=True)
            .lazy()
        )
        for since, until in _slices(days)
    ]
    return _parts(pl.concat(found).sort("day"), together) if found else []


def reckon(
    upload_ids: Sequence[int], parts: Iterable[Part], zone: str, order: Sequence[str]
) -> Iterator[Reckoned]:
    """The days that the parts touch, of the samples of all these uploads."""
    rows = store.scan_counted(upload_ids)

    def read(since: datetime, until: datetime) -> pl.DataFrame:
        touch = (pl.col("start") < until) & (pl.col("end") >= since)
        return checked(rows.filter(touch).collect(), SAMPLES)

    reached = datetime.min.replace(tzinfo=UTC)
    for part in parts:
        if part.end > reached:  # else a part before it had to grow over it
            found = _reckon(read, part, zone, order)
            reached = _midnight(found.last - MARGIN * DAY, ZoneInfo(zone))
            yield found


def _by_day(rows: pl.LazyFrame) -> pl.DataFrame:
    """Columns day (UTC, of the start), start, end (the earliest and the latest) and rows."""
    return (
        rows.group_by(pl.col("start").dt.date().alias("day"))
        .agg(pl.col("start").min(), pl.col("end").max(), pl.len().alias("rows"))
        .sort("day")
        .collect(engine="streaming")
    )


def _slices(days: pl.DataFrame) -> Iterator[tuple[datetime, datetime]]:
    """Whole days (UTC) of at most `MOST_ROWS` samples, but always one."""
    block = (pl.col("rows").cum_sum() - 1) // MOST_ROWS
    for _, slice_ in days.group_by(block, maintain_order=True):
        first, last = slice_["day"][0], slice_["day"][-1]
        yield _midnight(first, UTC), _midnight(last + DAY, UTC)


def _started(rows: pl.LazyFrame, since: datetime, until: datetime) -> pl.DataFrame:
    return rows.filter((pl.col("start") >= since) & (pl.col("start") < until)).collect()


def _parts(touched: pl.DataFrame, together: pl.DataFrame) -> list[Part]:
    """What was touched, near days in one part, none much larger than `MOST_ROWS` samples."""
    upto = together.select("day", upto=pl.col("rows").cum_sum())
    parts: list[Part] = []
    begun = 0
    for start, end, rows in (
        touched.join(upto, on="day", how="left").select("start", "end", "upto").iter_rows()
    ):
        if parts and start - parts[-1].end <= NEAR and rows - begun <= MOST_ROWS:
            parts[-1] = Part(parts[-1].start, max(parts[-1].end, end))
        else:
            parts.append(Part(start, end))
            begun = rows
    return parts


def _reckon(read: Read, part: Part, zone: str, order: Sequence[str]) -> Reckoned:
    margin = MARGIN
    while (found := _within(read, part, margin, zone, order)) is None:
        margin *= 2
    return found


def _within(
    read: Read, part: Part, margin: int, zone: str, order: Sequence[str]
) -> Reckoned | None:
    """The part's days with so many days around it; None where these are not enough."""
    tz = ZoneInfo(zone)
    first = part.start.astimezone(tz).date() - margin * DAY
    last = part.end.astimezone(tz).date() + margin * DAY
    begins, ends = _midnight(first, tz), _midnight(last + DAY, tz)
    since, until = _midnight(first - REACH * DAY, tz), _midnight(last + (1 + REACH) * DAY, tz)
    rows = read(since, until)
    low, high = _trusted(rows, since, until)
    if low > begins - SLACK or high < ends + SLACK:
        return None
    minutes, bouts = walking.minutes_of(rows, order)
    first_cut = _first_cut(rows, part)
    if first_cut < begins + 2 * SLACK or _goes_through(bouts, begins + SLACK, first_cut):
        return None
    if _goes_through(bouts, ends + SLACK, high):
        return None
    days = walking.days(minutes, bouts, zone).join(_seen(rows, zone), on="date", how="left")
    wanted = days.filter(pl.col("date").is_between(first, last)).sort("date")
    return Reckoned(first, last, wanted.to_dicts())


def _trusted(rows: pl.DataFrame, since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """Between which whole minutes no sample reaches over the edge of what was read."""
    end = pl.col("end") + timedelta(seconds=1)  # one without length is taken to last so long
    low = rows.select(end.filter(pl.col("start") < since).max()).item()
    high = rows.select(pl.col("start").filter(end > until).min()).item()
    return max(since, (low or since) + MINUTE), min(until, (high or until) - MINUTE)


def _first_cut(rows: pl.DataFrame, part: Part) -> datetime:
    """The start of the first sample that may be cut anew: it overlaps the part."""
    overlaps = (pl.col("start") <= part.end) & (pl.col("end") >= part.start)
    first: datetime | None = rows.select(pl.col("start").filter(overlaps).min()).item()
    return min(first or part.start, part.start)


def _goes_through(bouts: pl.DataFrame, start: datetime, end: datetime) -> bool:
    """Whether a bout may go on from `start` to `end`, so that there is no rest between."""
    rest = 2 * MINUTE
    return not bouts.filter(pl.col("start") <= start + rest, pl.col("end") >= end - rest).is_empty()


def _seen(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Columns date and seen: what each source came to on its own."""
    keys = ["date", "source", "device"]
    local = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("date")
    any_walking = pl.any_horizontal(pl.col(name) > 0 for name in QUANTITIES)
    seen = rows.filter(any_walking | (pl.col("device") == "sensor"))
    days = seen.select(local, "source", "device").unique()
    alone = [imports.merge(of_one) for _, of_one in seen.group_by("source")]
    if not alone:
        return pl.DataFrame(schema={"date": pl.Date, "seen": pl.Null})
    steps = pl.concat(alone).group_by(local, "source", "device").agg(pl.col("steps").sum())
    table = days.join(steps, on=keys, how="full", coalesce=True, nulls_equal=True).sort(keys)
    told = pl.struct("source", "device", pl.col("steps").round().cast(pl.Int64))
    return table.group_by("date", maintain_order=True).agg(told.alias("seen"))


def _midnight(day: date, tz: Any) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time(), tz).astimezone(UTC)
