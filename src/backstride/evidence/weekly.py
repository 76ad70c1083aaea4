"""Walking and pain week by week, with how much of each week was seen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest

import polars as pl

from backstride.records import Schema, Week, valid_days
from backstride.words import day as on_day
from backstride.words import say, sentences

WEEKLY: Schema = {
    "start": pl.Date(),
    "end": pl.Date(),  # the last day, included
    "number": pl.Int64(),  # of the planned week; null for a calendar week without a plan
    "valid_days": pl.Int64(),  # days seen well enough to count
    "walking_min_per_day": pl.Float64(),  # mean over the valid days
    "brisk_min_per_day": pl.Float64(),
    "steps_per_day": pl.Float64(),
    "pain_entries": pl.Int64(),
    "pain_days": pl.Int64(),
    "pain_mean": pl.Float64(),  # NPRS 0 to 10, pain during walks left out
    "pain_median": pl.Float64(),
    "target_min": pl.Int64(),  # planned walking of the week; null without a plan
}


def weekly(days: pl.DataFrame, pain: pl.DataFrame, weeks: Sequence[Week] = ()) -> pl.DataFrame:
    """One row a week (WEEKLY), oldest first, from the DAYS and PAIN tables.

    Planned weeks keep their own seven days; days outside them fall into calendar weeks from
    Monday, cut where a planned week begins or ends. A week with nothing is left out unless
    it was planned. Means are over the days that were seen: missing is never 0.
    """
    planned = {week.start: week for week in weeks}
    noted = pain.filter(pl.col("nprs").is_not_null() & pl.col("date").is_not_null())
    noted = noted.filter(pl.col("moment").fill_null("now") != "during_walk")
    seen, felt = _dated(valid_days(days)), _dated(noted)
    dates = {*seen[1], *felt[1]}
    spans = _spans(dates, sorted(planned.values(), key=lambda week: week.start))
    rows = [_row(start, end, planned.get(start), seen, felt) for start, end in spans]
    return pl.DataFrame(rows, schema=WEEKLY, orient="row")


def sentence(table: pl.DataFrame) -> str:
    """The newest week and the change from the one before, in plain words.

    It describes, says on how many days it rests, and claims no cause.
    """
    if table.is_empty():
        return say("There are no walking days or pain notes yet.")
    rows = table.sort("start").tail(2).to_dicts()
    newest = rows[-1]
    about = {"walked": _walking(newest), "felt": _pain(newest)}
    said = [say("In the week from {day}, {walked}; {felt}.", day=on_day(newest["start"]), **about)]
    if len(rows) == 2:
        about = {"walked": _walking(rows[0]), "felt": _pain(rows[0])}
        said.append(say("In the week before, {walked}; {felt}.", **about))
    if (target := newest["target_min"]) is not None:
        said.append(say("The plan asked for {n} minutes of walks in that week.", n=target))
    return sentences(said)


def _spans(dates: set[date], planned: Sequence[Week]) -> list[tuple[date, date]]:
    spans: dict[date, date] = {}
    for week, following in zip_longest(planned, planned[1:]):
        # A week planned anew before its end gives its last days to the next one.
        cut = week.end if following is None else following.start - timedelta(days=1)
        spans[week.start] = min(week.end, cut)
    taken = {day for start, end in spans.items() for day in _days(start, end)}
    for day in sorted(dates):
        if day in taken:
            continue
        monday = day - timedelta(days=day.weekday())
        start = max([monday, *(e + timedelta(days=1) for e in spans.values() if e < day)])
        end = min([monday + timedelta(days=6), *(s - timedelta(days=1) for s in spans if s > day)])
        spans[start] = end
        taken.update(_days(start, end))
    return sorted(spans.items())


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in range((end - start).days + 1))


Dated = tuple[pl.DataFrame, list[date]]  # a table sorted by date, and its dates


def _dated(table: pl.DataFrame) -> Dated:
    table = table.sort("date")
    return table, table.get_column("date").to_list()


def _between(dated: Dated, start: date, end: date) -> pl.DataFrame:
    """The rows from `start` to `end`."""
    table, dates = dated
    first = bisect_left(dates, start)
    return table.slice(first, bisect_right(dates, end) - first)


def _row(start: date, end: date, week: Week | None, seen: Dated, noted: Dated) -> list[object]:
    days, pain = _between(seen, start, end), _between(noted, start, end)
    nprs = pain.get_column("nprs")
    return [
        start,
        end,
        None if week is None else week.number,
        days.get_column("date").n_unique(),
        days.get_column("walking_min").mean(),
        days.get_column("brisk_min").mean(),
        days.get_column("steps").mean(),
        pain.height,
        pain.get_column("date").n_unique(),
        nprs.mean(),
        nprs.median(),
        None if week is None else sum(walk.minutes for walk in week.walks),
    ]


def _walking(row: dict[str, object]) -> str:
    seen = {"seen": row["valid_days"], "days": _length(row)}
    if not row["valid_days"]:
        return say("no day of walking was measured")
    if (minutes := row["walking_min_per_day"]) is not None:
        return say(
            "you walked {minutes:.0f} minutes a day (over {seen} of {days} days)",
            minutes=minutes,
            **seen,
        )
    return say(
        "you took {steps:,.0f} steps a day (over {seen} of {days} days)",
        steps=row["steps_per_day"],
        **seen,
    )


def _pain(row: dict[str, object]) -> str:
    if not row["pain_entries"]:
        return say("no pain was noted")
    return say(
        "your pain was about {pain:g} of 10 (noted on {noted} of {days} days)",
        pain=row["pain_median"],
        noted=row["pain_days"],
        days=_length(row),
    )


def _length(row: dict[str, object]) -> int:
    start, end = row["start"], row["end"]
    if not (isinstance(start, date) and isinstance(end, date)):
        raise TypeError("a weekly row needs its first and last day")
    return (end - start).days + 1
