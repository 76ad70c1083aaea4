"""How much of a planned week was walked: by the person's word or by measurement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from backstride.records import PlannedWalk, Week
from backstride.regimen.protocol import protocol
from backstride.regimen.steps import steps_per_minute


@dataclass(frozen=True)
class DayDone:
    """One day of the week: minutes planned (0 for none), minutes seen or None, whether a
    planned walk's worth was done, and how that is known ("logged", "measured" or "").

    `walks_min` are the minutes known to be walks: those logged or the longest measured bout,
    whichever is more; scattered steps don't count.
    """

    day: date
    planned_min: int
    walked_min: float | None
    done: bool
    how: str
    walks_min: float = 0.0


@dataclass(frozen=True)
class Adherence:
    """Walks `planned` up to today, how many are `done`, and `share` (None if none is due).

    `planned_in_week` counts the whole week. A walk done on another day of the week counts.
    """

    planned: int
    planned_in_week: int
    done: int
    share: float | None
    by_day: tuple[DayDone, ...]


def adherence(week: Week, days: pl.DataFrame, walks: pl.DataFrame, today: date) -> Adherence:
    """How much of `week` was done by the end of `today`.

    A day counts as a walk done [ENG] when the logged minutes reach 80 % of the planned ones,
    or the measured walking does and its longest bout reaches 80 % of one planned bout (so
    that a day's scattered steps don't pass for a walk). Where the plan is in steps, the day's
    steps do it: the usual ones and 80 % of those on top. No data is not done, but unknown:
    `walked_min` is None then.
    """
    planned = {walk.day: walk for walk in week.walks}
    usual = max(week.walks, key=lambda walk: walk.minutes, default=None)
    logged = _by_day(walks, week)
    measured = _by_day(days, week)
    by_day = [
        _day_done(day, planned.get(day), usual, measured.get(day, []), logged.get(day, []), week)
        for day in (week.start + timedelta(days=n) for n in range(7))
        if day <= today
    ]
    due = sum(walk.day <= today for walk in week.walks)
    done = min(sum(day.done for day in by_day), len(week.walks))
    share = None if due == 0 else min(done / due, 1.0)
    return Adherence(due, len(week.walks), done, share, tuple(by_day))


Rows = list[dict[str, Any]]


def _by_day(table: pl.DataFrame, week: Week) -> dict[date, Rows]:
    rows: dict[date, Rows] = {}
    for row in table.filter(pl.col("date").is_between(week.start, week.end)).to_dicts():
        rows.setdefault(row["date"], []).append(row)
    return rows


def _day_done(
    day: date,
    planned: PlannedWalk | None,
    usual: PlannedWalk | None,
    measured: Rows,
    logged: Rows,
    week: Week,
) -> DayDone:
    minutes = planned.minutes if planned else 0
    walking = max(
        (r["walking_min"] for r in measured if r["walking_min"] is not None), default=None
    )
    bout = max((r["longest_bout_min"] or 0.0 for r in measured), default=0.0)
    told = sum(row["minutes"] or 0.0 for row in logged) if logged else None
    walked = max((m for m in (walking, told) if m is not None), default=None)
    longest = max(bout, told or 0.0)
    asked = planned or usual
    if asked is None:
        return DayDone(day, minutes, walked, False, "", longest)
    enough = protocol().adherence_share * asked.minutes
    if _enough_steps(week, asked, measured):
        return DayDone(day, minutes, walked, True, "measured", longest)
    # A walk logged without minutes is the person's word that it was done.
    wordless = any(row["minutes"] is None for row in logged)
    if wordless or (told is not None and told >= enough):
        return DayDone(day, minutes, walked, True, "logged", longest)
    if walking is not None and walking >= enough and bout >= enough / asked.bouts:
        return DayDone(day, minutes, walked, True, "measured", longest)
    return DayDone(day, minutes, walked, False, "", longest)


def _enough_steps(week: Week, asked: PlannedWalk, measured: Rows) -> bool:
    """Whether a day of a plan in steps has its steps, by the source that counted most."""
    if week.base_steps is None:
        return False
    extra = protocol().adherence_share * steps_per_minute() * asked.minutes
    return any((row["steps"] or 0) >= week.base_steps + extra for row in measured)
