"""A goal of steps for today that moves with the person: a percentile of their last days.

Sources: the percentile rule of Adams and others (2013, doi 10.1371/journal.pone.0082901;
2017, doi 10.1186/s12889-017-4197-8) [V that a percentile is used, U for which]; nine valid
days and the sixth lowest of them are clinical-facts 9 and 11 [V/U]; that it never grows by
more than a fifth, never falls below the baseline and leaves out flares is clinical-facts 9
[ENG]. Over a year such goals helped more people than fixed ones (odds ratio 2.34 against
1.66, clinical-facts 0.6) [V]; after four months they had not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from backstride.records import Baseline, Reason, valid_days
from backstride.regimen.light import Light, day_lights
from backstride.regimen.person import History
from backstride.words import say

DAYS = 9
RANK = 6  # the sixth lowest of nine: reached on about four days of ten
GROWTH = 1.2
LOOK_BACK_DAYS = 28
SOURCE = "clinical-facts 9 and 11 (percentile goals; Adams 2013, 2017)"


@dataclass(frozen=True)
class DailyGoal:
    """Steps to reach today, and why so many."""

    steps: int
    reasons: tuple[Reason, ...]


def daily_goal(history: History, baseline: Baseline, before: int | None = None) -> DailyGoal | None:
    """Today's goal, or None where steps aren't measured on enough days, or pain is up.

    `before` is the goal of the day before, where there was one. Of the last nine valid days
    without a flare or raised pain the sixth lowest count is the goal; never more than a fifth
    above the goal before, never below the baseline.
    """
    today = history.today
    lights = day_lights(history.pain, today - timedelta(days=LOOK_BACK_DAYS), today)
    if lights.get(today) in {Light.AMBER, Light.RED}:
        return None
    calm = _calm_days(history, lights)
    if calm.height < DAYS or baseline.steps is None:
        return None
    counts = calm.tail(DAYS)["steps"].sort()
    goal = float(counts[RANK - 1])
    told = say("On four of your last {days} days you walked as many steps or more.", days=DAYS)
    reasons = [Reason("goal.percentile", told, SOURCE)]
    if before is not None and goal > before * GROWTH:
        goal = before * GROWTH
        reasons.append(Reason("goal.cap", say("It grows by a fifth a day at most."), SOURCE))
    if goal < baseline.steps:
        goal = baseline.steps
        told = say("It is never below what you usually walk.")
        reasons = [Reason("goal.floor", told, SOURCE)]
    return DailyGoal(round(goal), tuple(reasons))


def _calm_days(history: History, lights: dict[date, Light]) -> pl.DataFrame:
    """The valid days with steps before today, without a flare or raised pain, in order."""
    flares = history.pain.filter(pl.col("is_flare").fill_null(False))["date"].to_list()
    raised = [day for day, light in lights.items() if light in {Light.AMBER, Light.RED}]
    since = history.today - timedelta(days=LOOK_BACK_DAYS)
    return (
        valid_days(history.days)
        .filter(
            pl.col("date").is_between(since, history.today, closed="left")
            & pl.col("steps").is_not_null()
            & ~pl.col("date").is_in([*flares, *raised])
        )
        .sort("date")
    )
