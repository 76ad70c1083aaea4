"""Where a person starts: from measured days, else from their own word."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from backstride.records import Baseline, Reason, UsualWalking, valid_days
from backstride.regimen.protocol import BaselineRules, protocol
from backstride.words import day


def baseline(days: pl.DataFrame, today: date, usual: UsualWalking | None = None) -> Baseline | None:
    """The baseline from at least 4 valid days of the last 28, else as told, else None.

    `walk_min` is the median over days of the longest bout (minutes); the longest comfortable
    walk is its upper quartile: walked on one day in four, so hardly an outlier [ENG].
    """
    rules = protocol().baseline
    recent = _recent(days, today, rules)
    longest = recent.get_column("longest_bout_min").drop_nulls()
    steps = _median(recent.get_column("steps")) if recent.height >= rules.min_valid_days else None
    if longest.len() >= rules.min_valid_days:
        walked = longest.filter(longest >= rules.exercise_bout_min).len()
        quartile = longest.quantile(0.75, interpolation="lower")
        return Baseline(
            walk_min=_median(longest) or 0.0,
            longest_comfortable_min=float(quartile or 0.0),
            walks_per_week=round(7 * walked / longest.len(), 1),
            steps=None if steps is None else round(steps),
            valid_days=longest.len(),
            told=False,
        )
    if usual is None:
        return None
    if not (0 <= usual.minutes <= 600 and 0 <= usual.days_per_week <= 7):
        raise ValueError("usual walking needs 0 to 600 minutes on 0 to 7 days a week")
    return Baseline(
        walk_min=float(usual.minutes),
        longest_comfortable_min=float(usual.minutes),
        walks_per_week=float(usual.days_per_week),
        steps=None if steps is None else round(steps),
        valid_days=recent.height if steps is not None else 0,
        told=True,
    )


def baseline_note(days: pl.DataFrame, today: date) -> Reason | None:
    """Why the measured days can't be started from, in plain words; None if they can."""
    rules = protocol().baseline
    recent = _recent(days, today, rules)
    longest = recent.get_column("longest_bout_min").drop_nulls()
    if longest.len() >= rules.min_valid_days:
        return None
    every = valid_days(days.filter(pl.col("date") <= today), rules.wear_h)
    newest = every.get_column("date").max()
    if not isinstance(newest, date):
        return protocol().reason("baseline.none")
    if recent.is_empty() and newest < today:
        on = day(newest, "d MMMM y")
        return protocol().reason("baseline.old", newest=on, weeks=rules.window_days // 7)
    if recent.height >= rules.min_valid_days:
        return protocol().reason("baseline.no_bouts")
    return protocol().reason(
        "baseline.few",
        valid_days=recent.height,
        days=rules.window_days,
        needed=rules.min_valid_days,
    )


def _recent(days: pl.DataFrame, today: date, rules: BaselineRules) -> pl.DataFrame:
    first = today - timedelta(days=rules.window_days)
    window = days.filter(pl.col("date").is_between(first, today, closed="left"))
    return valid_days(window, rules.wear_h).sort("date").tail(rules.recent_valid_days)


def _median(column: pl.Series) -> float | None:
    value = column.median()
    return float(value) if isinstance(value, (int, float)) else None
