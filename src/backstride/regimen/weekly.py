"""A week of planned walks: the first one, and each one after.

Pure and deterministic. Decided from the top down (red flag, flare, gap, step back, hold,
progress), and what matches nothing holds. Every number and text is the protocol's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from backstride.errors import NotEnoughData
from backstride.records import (
    Baseline,
    Decision,
    DecisionKind,
    Disposition,
    Dose,
    PlannedWalk,
    Reason,
    Week,
)
from backstride.regimen.baseline import baseline
from backstride.regimen.changes import Changes
from backstride.regimen.decide import bouts_for, decide
from backstride.regimen.gate import require_calm_since, require_cleared
from backstride.regimen.judge import Judged, judge
from backstride.regimen.orders import is_paused, ordered
from backstride.regimen.person import History, Pathway, Person, Screen
from backstride.regimen.protocol import (
    Protocol,
    name_of,
    protocol,
    protocol_for,
    protocol_of,
)
from backstride.regimen.spread import free_days, spread
from backstride.regimen.steps import IN_STEPS, steps_per_minute
from backstride.regimen.target import target_of
from backstride.words import say

DAYS_A_MONTH = 365.25 / 12


def first_week(
    baseline: Baseline | None,
    person: Person,
    screen: Screen,
    start: date,
    pain_now: int | None = None,
    changes: Changes | None = None,
) -> Week:
    """The first week from `start`, below what the person walks comfortably now.

    `pain_now` is the NPRS (0 to 10) or None, `changes` say when they are
    away. Raises NotCleared where the safety screen is missing, older than 28 days or
    forbids walking, NotEnoughData without a baseline.
    """
    require_cleared(screen, start)
    if pain_now is not None and not 0 <= pain_now <= 10:
        raise ValueError(f"pain is rated from 0 to 10, not {pain_now}")
    if baseline is None:
        raise NotEnoughData(
            say("There is nothing to start from yet."),
            say(
                "Bring at least 4 days of walking data, or tell how many minutes you usually walk."
            ),
        )
    rules, base_steps = protocol_for(baseline), None
    if person.in_steps and baseline.steps is not None and rules == protocol():
        rules, base_steps = protocol(IN_STEPS), baseline.steps
    entry = rules.entry
    minutes, level = _entry_level(rules, baseline)
    severe = pain_now is not None and pain_now >= entry.severe_nprs
    days = entry.severe_days if severe else entry.days
    reasons = [level] if rules.steps else [_entry_reason(rules, baseline), level]
    if screen.disposition == Disposition.THERAPIST:
        minutes, days = min(minutes, entry.light_minutes), min(days, entry.light_days)
        reasons = [rules.reason("screen.therapist_light"), reasons[0]]
    goal = target_of(rules, person)
    minutes, days = min(minutes, goal.minutes), min(days, goal.days)
    if severe:
        reasons.append(rules.reason("entry.severe", pain=pain_now or 0, days=days))
    else:
        reasons.append(rules.reason("entry.days", days=days))
    dose = Dose(minutes, days, bouts_for(rules, minutes))
    if dose.bouts > 1:
        reasons.append(rules.reason("entry.split", minutes=minutes))
    reasons.append(_pathway_reason(rules, person))
    changes = changes or Changes()
    week = _week(start, 1, rules, DecisionKind.START, dose, reasons, person, changes)
    return replace(week, base_steps=base_steps)


def next_week(history: History, last: Week, person: Person, screen: Screen) -> Week:
    """The week after `last`, decided from what happened.

    It starts the day after `last` ends, or today if that has passed. Raises NotCleared as
    `first_week` does, and where the diary since the screen asks for it again (a rise in
    pain, a flare, a new leg symptom, a red day, a gap); NotEnoughData while `last` runs.
    """
    if history.today < last.end:
        raise NotEnoughData(
            say("The week runs until {day}.", day=last.end.isoformat()),
            say("The next one is planned after that."),
        )
    start = max(last.end + timedelta(days=1), history.today)
    require_cleared(screen, history.today)
    judged = judge(history, last)
    require_calm_since(screen, history, judged)
    rules, base_steps = _going_on(history, last, person)
    kind, dose, reasons = decide(rules, judged, last, person, screen)
    dose, reasons = _fit(rules, dose, reasons, person)
    upkeep = _upkeep(rules, judged, last, kind)
    reasons = (*reasons, *upkeep, _pathway_reason(rules, person))
    number, changes = last.number + 1, history.changes
    week = _week(start, number, rules, kind, dose, reasons, person, changes)
    return replace(week, base_steps=base_steps)


def _going_on(history: History, last: Week, person: Person) -> tuple[Protocol, int | None]:
    """The protocol after `last`, and the usual steps where the plan is in steps."""
    rules = protocol_of(last, person.pathway)
    base_steps = _usual_steps(history, last) if person.in_steps else None
    if base_steps is not None and rules == protocol():
        rules = protocol(IN_STEPS)
    elif base_steps is None and rules.steps:
        rules = protocol()
    return rules, base_steps


def _usual_steps(history: History, last: Week) -> int | None:
    """The steps a day without the plan's walks: those of before it, or what is left of
    today's usual ones once its walks are taken out; None where nobody counted them."""
    if last.base_steps is not None:
        return last.base_steps
    begun = min((week.start for week in history.weeks), default=last.start)
    before = baseline(history.days, begun)
    if before is not None and before.steps is not None:
        return before.steps
    now = baseline(history.days, history.today)
    if now is None or now.steps is None:
        return None
    return max(now.steps - round(steps_per_minute() * last.dose.weekly_minutes / 7), 0)


def _upkeep(rules: Protocol, judged: Judged, last: Week, kind: DecisionKind) -> Iterator[Reason]:
    """What stands beside the decision while the target is kept: the start of it, a question
    once a month, the offer of a talk, and what to do when it flares."""
    if rules.maintain is None:
        return
    weeks = judged.weeks_in_protocol if name_of(last) == rules.name else 0
    if weeks == 0:
        yield rules.reason("maintain.start")
    elif weeks in rules.maintain.booster_weeks:
        yield rules.reason("maintain.booster", months=round(weeks * 7 / DAYS_A_MONTH))
    elif weeks % rules.maintain.check_weeks == 0:
        yield rules.reason("maintain.check")
    if weeks == 0 or kind is DecisionKind.FLARE:
        yield rules.reason("maintain.relapse_plan")


def _fit(
    rules: Protocol, dose: Dose, reasons: tuple[Reason, ...], person: Person
) -> tuple[Dose, tuple[Reason, ...]]:
    free = len(person.available_weekdays)
    if dose.days_per_week <= free:
        return dose, reasons
    return replace(dose, days_per_week=free), (*reasons, rules.reason("hold.fewer_days", days=free))


def _entry_level(rules: Protocol, baseline: Baseline) -> tuple[int, Reason]:
    """The first week's minutes a walk, and how they relate to what is comfortable."""
    entry, comfortable = rules.entry, baseline.longest_comfortable_min
    if rules.steps and baseline.steps is not None:
        extra = max(rules.steps.first_extra, rules.steps.first_share * baseline.steps)
        minutes = min(round(extra / rules.steps.per_minute), entry.max_minutes)
        usual = say("{n:,}", n=baseline.steps)
        return minutes, rules.reason("entry.steps", usual=usual, minutes=minutes)
    wanted = entry.share * comfortable
    minutes = round(min(max(wanted, entry.min_minutes), entry.max_minutes))
    if wanted > entry.max_minutes:
        return minutes, rules.reason("entry.ceiling", minutes=minutes)
    rule = "entry.below" if minutes < comfortable else "entry.floor"
    return minutes, rules.reason(rule, minutes=minutes)


def _entry_reason(rules: Protocol, baseline: Baseline) -> Reason:
    comfortable = round(baseline.longest_comfortable_min)
    if baseline.told:
        return rules.reason("entry.told", comfortable=comfortable)
    return rules.reason("entry.measured", comfortable=comfortable, valid_days=baseline.valid_days)


def _pathway_reason(rules: Protocol, person: Person) -> Reason:
    recovered = person.pathway == Pathway.RECOVERED
    return rules.reason("pathway.recovered" if recovered else "pathway.in_pain_now")


def _walks(days: tuple[date, ...], dose: Dose) -> tuple[PlannedWalk, ...]:
    """The dose's walks, as many of them as there are days."""
    if not days:
        return ()
    return spread(days, replace(dose, days_per_week=min(dose.days_per_week, len(days))))


def _week(
    start: date,
    number: int,
    rules: Protocol,
    kind: DecisionKind,
    dose: Dose,
    reasons: Iterable[Reason],
    person: Person,
    changes: Changes,
) -> Week:
    """The week with these walks on the person's days, as the therapist's orders leave them."""
    kind, dose, ordered_by = ordered(kind, dose, person.orders, start)
    days = free_days(start, person.available_weekdays)
    dose = replace(dose, days_per_week=min(dose.days_per_week, len(days)))
    here = tuple(day for day in days if not changes.is_away(day))
    walks = () if is_paused(person.orders, start) else _walks(here, dose)
    if len(here) < dose.days_per_week:
        away = rules.reason("away.fewer", days=len(days) - len(here))
        reasons = (*reasons, away)
    decision = Decision(kind, (*ordered_by, *reasons))
    return Week(start, number, rules.label, dose, walks, decision)
