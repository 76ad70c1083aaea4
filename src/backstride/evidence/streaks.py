"""Records and streaks that forgive: they name what went well and count no one out.

A streak is of weeks, not of days: a week counts when most of its planned walks were done, so
a missed day doesn't break it. A week in which nothing was planned, or of which nothing is
known, neither counts nor breaks it; the week that runs now can only add to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from backstride.records import valid_days
from backstride.words import say, say_many, sentences

MOST = 0.6  # of the planned walks [ENG]
SEEN_DAYS = 4  # of a week, for its minutes to be compared with another week's [ENG]


@dataclass(frozen=True)
class WeekKept:
    """A planned week: the walks it asked for, those done, and whether it is known at all."""

    start: date
    end: date
    planned: int
    done: int
    is_known: bool

    @property
    def counts(self) -> bool:
        return self.planned > 0 and self.done >= MOST * self.planned

    @property
    def is_silent(self) -> bool:
        return self.planned == 0 or not (self.is_known or self.done)


@dataclass(frozen=True)
class Streaks:
    """Weeks in a row with most of the walks: up to now, and the most there ever were; and
    all weeks that counted."""

    now: int
    longest: int
    in_all: int


@dataclass(frozen=True)
class Best:
    """The most there was of something: `value` in the unit its name says, on `day` (a
    week's first day for `week_min`)."""

    name: str  # longest_bout_min, walking_min, steps or week_min
    value: float
    day: date


def streaks(weeks: Sequence[WeekKept], today: date) -> Streaks:
    """The streaks of planned weeks, in the order of time."""
    now = longest = in_all = 0
    for week in sorted(weeks, key=lambda week: week.start):
        if week.counts:
            now, in_all = now + 1, in_all + 1
            longest = max(longest, now)
        elif not week.is_silent and week.end < today:
            now = 0
    return Streaks(now, longest, in_all)


def bests(days: pl.DataFrame) -> tuple[Best, ...]:
    """The best of a DAYS table: longest walk, most minutes and steps of a day, and the calendar
    week with most minutes a day, as minutes of seven days. What was never measured is left out.
    """
    seen = valid_days(days)
    found = [
        Best(name, float(row[name]), row["date"])
        for name in ("longest_bout_min", "walking_min", "steps")
        if (row := _top(seen, name)) is not None
    ]
    week = _top(_weeks(seen), "week_min")
    return (*found, *([] if week is None else [Best("week_min", week["week_min"], week["date"])]))


def _weeks(days: pl.DataFrame) -> pl.DataFrame:
    known = days.filter(pl.col("walking_min").is_not_null())
    weeks = known.group_by(pl.col("date").dt.truncate("1w")).agg(
        (pl.col("walking_min").mean() * 7).alias("week_min"), pl.len().alias("seen")
    )
    return weeks.filter(pl.col("seen") >= SEEN_DAYS)


def _top(table: pl.DataFrame, name: str) -> dict[str, Any] | None:
    """The row with the highest value of a column; the latest of equal ones."""
    known = table.filter(pl.col(name).is_not_null() & (pl.col(name) > 0))
    if known.is_empty():
        return None
    return known.sort(name, "date").row(-1, named=True)


def in_words(found: Streaks) -> str:
    """The streaks in plain words; nothing where no week has counted yet."""
    if not found.in_all:
        return say("No week with most of its walks yet. The next one can be the first.")
    said = [
        say_many(
            "In {n} week you did most of the planned walks.",
            "In {n} weeks you did most of the planned walks.",
            found.in_all,
        )
    ]
    if found.now > 1:
        said.append(say("That is {n} weeks in a row up to now.", n=found.now))
    elif found.longest > 1:
        said.append(say("The most in a row were {n}.", n=found.longest))
    return sentences([*said, say("A day missed here or there changes nothing.")])
