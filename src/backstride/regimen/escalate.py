"""When the plan alone is not enough: reasons to see a physical therapist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median

import polars as pl

from backstride import outcomes
from backstride.records import DecisionKind, Reason
from backstride.regimen.light import Light, day_lights
from backstride.regimen.person import History
from backstride.regimen.protocol import protocol

NEWS_RULES = {  # columns of PAIN
    "leg_weaker": "therapist.weak",
    "new_numbness": "therapist.numb",
    "new_leg_symptom": "therapist.leg",
    "woke_at_night": "therapist.night",
}


def needs_therapist(history: History) -> tuple[Reason, ...]:
    """Every reason found to offer a therapist now; empty where there is none."""
    checks = (_limb, _long_flare, _many_flares, _step_backs, _reds, _worse, _no_change)
    found = (check(history) for check in checks)
    return (*_told(history), *(reason for reason in found if reason is not None))


def flare_episodes(history: History) -> tuple[tuple[date, date], ...]:
    """First and last noted day of each flare; a week without a note separates two [ENG]."""
    apart = protocol().escalate.flare_apart_days
    return outcomes.flare_episodes(history.pain, history.today, apart)


def _told(history: History) -> Iterator[Reason]:
    """What the person noted themselves of late, the gravest first."""
    since = history.today - timedelta(days=protocol().escalate.recent_days)
    recent = history.pain.filter(pl.col("date").is_between(since, history.today))
    for news, rule in NEWS_RULES.items():
        if recent.get_column(news).fill_null(False).any():
            yield protocol().reason(rule)


def _limb(history: History) -> Reason | None:
    limits = protocol().escalate
    keys = pl.col("place")
    in_leg = pl.any_horizontal(*(keys.str.starts_with(begin) for begin in limits.limb_places))
    told = history.places.filter(in_leg & (pl.col("date") <= history.today))
    days = sorted(told.get_column("date").unique(), reverse=True)
    if not days or (history.today - days[0]).days > limits.recent_days:
        return None
    span = [days[0]]
    for day in days[1:]:
        if (span[-1] - day).days > limits.flare_apart_days:
            break
        span.append(day)
    longer = (span[0] - span[-1]).days > limits.limb_longer_days
    return protocol().reason("therapist.limb", days=len(span)) if longer else None


def _worse(history: History) -> Reason | None:
    """Each of the last two weeks against the four before them, by what is usual at rest."""
    rules, week = protocol(), timedelta(days=7)
    begun = history.today - 2 * week
    before = _usual(history, begun - timedelta(days=rules.baseline.window_days), begun)
    weeks = [_usual(history, begun + n * week, begun + (n + 1) * week) for n in range(2)]
    known = [one for one in weeks if one is not None]
    if before is None or len(known) < len(weeks):
        return None
    if min(known) <= before or min(known) < (1 + rules.escalate.worse_share) * before:
        return None
    return rules.reason("therapist.worse", before=before, now=known[-1])


def _usual(history: History, after: date, until: date) -> float | None:
    """The median over days of the worst pain at rest; None with too few days to judge."""
    daily = (
        history.pain.filter(
            (pl.col("date") > after)
            & (pl.col("date") <= until)
            & (pl.col("moment").fill_null("now") != "during_walk")
            & pl.col("nprs").is_not_null()
        )
        .group_by("date")
        .agg(pl.col("nprs").max())
    )
    if daily.height < protocol().gate.min_judged_days:
        return None
    return float(median(daily.get_column("nprs").to_list()))


def _no_change(history: History) -> Reason | None:
    rules = protocol()
    limits, window = rules.escalate, timedelta(days=rules.baseline.window_days)
    begun = min((week.start for week in history.weeks), default=history.today)
    told = history.scores.filter(
        (pl.col("instrument") == limits.change_form)
        & pl.col("value").is_not_null()
        & pl.col("date").is_between(begun - window, history.today)
    ).sort("at")
    if told.is_empty():
        return None
    first, last = told.row(0, named=True), told.row(-1, named=True)
    weeks = (last["date"] - max(first["date"], begun)).days // 7
    is_old = history.today - last["date"] > window
    if is_old or weeks < limits.change_weeks or last["value"] <= limits.change_above:
        return None
    form = outcomes.instrument(limits.change_form)
    found = outcomes.change(form, first["value"], last["value"])
    if found.is_better and found.is_important:
        return None
    return rules.reason("therapist.no_change", weeks=weeks)


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
