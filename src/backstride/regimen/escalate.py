"""When the plan alone is not enough: reasons to see a physical therapist."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from backstride import outcomes
from backstride.records import DecisionKind, Reason
from backstride.regimen.light import Light, day_lights
from backstride.regimen.person import History
from backstride.regimen.protocol import protocol


def needs_therapist(history: History) -> tuple[Reason, ...]:
    """Every reason found to offer a therapist now; empty where there is none."""
    checks = (_leg, _long_flare, _many_flares, _step_backs, _reds)
    return tuple(reason for check in checks if (reason := check(history)) is not None)


def flare_episodes(history: History) -> tuple[tuple[date, date], ...]:
    """First and last noted day of each flare; a week without a note separates two [ENG]."""
    apart = protocol().escalate.flare_apart_days
    return outcomes.flare_episodes(history.pain, history.today, apart)


def _leg(history: History) -> Reason | None:
    since = history.today - timedelta(days=protocol().escalate.recent_days)
    recent = history.pain.filter(pl.col("date").is_between(since, history.today))
    if not recent.get_column("new_leg_symptom").fill_null(False).any():
        return None
    return protocol().reason("therapist.leg")


def _long_flare(history: History) -> Reason | None:
    limits = protocol().escalate
    for first, last in flare_episodes(history):
        recent = (history.today - last).days <= limits.recent_days
        if recent and (last - first).days > limits.flare_longer_days:
            return protocol().reason("therapist.flare_long")
    return None


def _many_flares(history: History) -> Reason | None:
    limits = protocol().escalate
    since = history.today - timedelta(days=limits.flares_window_days)
    count = sum(last >= since for _, last in flare_episodes(history))
    return protocol().reason("therapist.flares", count=count) if count >= limits.flares else None


def _step_backs(history: History) -> Reason | None:
    limits = protocol().escalate
    since = history.today - timedelta(days=limits.step_backs_window_days)
    count = sum(
        week.start > since and week.decision.kind == DecisionKind.STEP_BACK
        for week in history.weeks
    )
    if count < limits.step_backs:
        return None
    return protocol().reason("therapist.step_backs", count=count)


def _reds(history: History) -> Reason | None:
    limits = protocol().escalate
    first = history.today - timedelta(days=limits.reds_window_days - 1)
    lights = day_lights(history.pain, first, history.today)
    count = sum(light == Light.RED for light in lights.values())
    return protocol().reason("therapist.reds", count=count) if count >= limits.reds else None
