"""What the rules looked at before a week was made: each question, what was seen, the limit.

The same facts as `decide` takes, told one by one, so that a therapist can follow a decision or
say where the rule is wrong. By what is known now: pain noted later for an earlier day counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from backstride.records import Disposition, Week
from backstride.regimen.changes import Felt
from backstride.regimen.decide import is_cautious, is_kept, is_past, is_reached
from backstride.regimen.judge import Judged, judge
from backstride.regimen.person import History, Person, Screen
from backstride.regimen.protocol import Protocol, protocol_of
from backstride.regimen.target import target_of
from backstride.screening import load

SCREEN = "clinical-details 1 (screening before walking, again after four weeks)"


class Went(StrEnum):
    """What an answer asks for."""

    PASSED = "passed"
    HOLD = "the same again"
    LESS = "less"
    STOP = "no plan"


@dataclass(frozen=True)
class Asked:
    """One question of the rules, with its numbers, what followed and where it is from."""

    question: str
    seen: str
    limit: str
    went: Went
    source: str


def asked_for(week: Week, history: History, person: Person, screen: Screen) -> tuple[Asked, ...]:
    """The questions that were asked for `week`, in the rules' order; for a first week, which
    only has the safety screen and the baseline behind it, just that one."""
    earlier = tuple(one for one in history.weeks if one.number < week.number)
    first = _screen(screen, week)
    if not earlier:
        return (first,)
    last = earlier[-1]
    then = replace(history, today=week.start, weeks=earlier)
    rules, judged = protocol_of(last, person.pathway), judge(then, last)
    return (
        first,
        *_safer(rules, judged),
        *_calm(rules, judged),
        *_step(rules, judged, last, person),
    )


def _screen(screen: Screen, week: Week) -> Asked:
    days = load().schedule.full_every_days
    found, went = screen.disposition, Went.STOP
    words = "not answered" if found is None else found.name.lower().replace("_", " ")
    if found == Disposition.THERAPIST:
        went = Went.LESS if screen.light_only else Went.HOLD
    elif found is not None and found.may_walk:
        went = Went.PASSED
    seen = f"{words}, answered {screen.day.isoformat()}" if screen.day else words
    return Asked("Safety questions", seen, f"walking allowed, within {days} days", went, SCREEN)


def _safer(rules: Protocol, judged: Judged) -> Iterator[Asked]:
    back, gate, walked = rules.back, rules.gate, judged.walked
    flare = "open" if judged.flare_open else "settling" if judged.flare_settling else "none"
    went = {"open": Went.LESS, "settling": Went.HOLD}.get(flare, Went.PASSED)
    limit = f"settled: {back.flare_green_days} calm days, {back.flare_hold_days} days on"
    yield Asked("Flare-up", flare, limit, went, rules.rules["flare.now"].source)
    yield Asked(
        "Days without a sign or a plan",
        f"{judged.gap_days}",
        f"fewer than {back.gap_days}",
        Went.LESS if judged.gap_days >= back.gap_days else Went.PASSED,
        rules.rules["gap.short"].source,
    )
    is_long = judged.days_ill >= back.gap_days
    yield Asked(
        "Days ill",
        "still ill" if judged.is_ill else f"{judged.days_ill}",
        f"none to grow; fewer than {back.gap_days}",
        Went.LESS if is_long else Went.HOLD if judged.is_ill or judged.days_ill else Went.PASSED,
        rules.rules["ill.short"].source,
    )
    yield Asked(
        "Red days",
        f"{len(judged.red_days)}",
        "none",
        Went.LESS if judged.red_days else Went.PASSED,
        rules.rules["back.red"].source,
    )
    yield Asked(
        "Walks done",
        f"{walked.done} of {walked.planned}" + _percent(walked.share),
        f"from {gate.step_back_adherence:.0%}; {gate.progress_adherence:.0%} to grow",
        _adherence(rules, walked.share),
        rules.rules["hold.adherence"].source,
    )
    two = judged.amber_week and judged.amber_week_before
    yield Asked(
        "Two amber weeks in a row",
        "yes" if two else "no",
        "no",
        Went.LESS if two else Went.PASSED,
        rules.rules["back.amber"].source,
    )
    hard = judged.felt is Felt.HARD
    yield Asked(
        "The walker's word",
        "none" if judged.felt is None else "too much" if hard else "too easy",
        "not too much",
        Went.LESS if hard else Went.PASSED,
        rules.rules["back.hard"].source,
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f" ({share:.0%})"


def _adherence(rules: Protocol, share: float | None) -> Went:
    if share is None or share < rules.gate.progress_adherence:
        less = share is not None and share < rules.gate.step_back_adherence
        return Went.LESS if less else Went.HOLD
    return Went.PASSED


def _calm(rules: Protocol, judged: Judged) -> Iterator[Asked]:
    gate = rules.gate
    yield Asked(
        "Days whose pain is known",
        f"{judged.judged_days}",
        f"at least {gate.min_judged_days}",
        Went.HOLD if judged.judged_days < gate.min_judged_days else Went.PASSED,
        rules.rules["hold.no_pain_data"].source,
    )
    yield Asked(
        "Amber days",
        f"{judged.amber_days}",
        f"at most {gate.max_amber_days}",
        Went.HOLD if judged.amber_days > gate.max_amber_days else Went.PASSED,
        rules.rules["hold.amber"].source,
    )


def _step(rules: Protocol, judged: Judged, last: Week, person: Person) -> Iterator[Asked]:
    step, dose = rules.progress, last.dose
    keep = is_kept(rules, last)
    waits = keep and judged.weeks_at_dose < step.keep_weeks and judged.felt is not Felt.EASY
    yield Asked(
        "Weeks at this dose",
        f"{judged.weeks_at_dose}",
        f"{step.keep_weeks} from {step.keep_from_minutes} minutes on" if keep else "1",
        Went.HOLD if waits else Went.PASSED,
        rules.rules["hold.keep"].source,
    )
    goal = target_of(rules, person)
    keeps = dose.cadence_spm is not None or goal.is_first
    reached = keeps and is_reached(rules, dose, person)
    wanted = goal.is_chosen and is_past(dose, goal)
    yield Asked(
        "The target",
        f"{dose.minutes} minutes on {dose.days_per_week} days",
        f"{goal.minutes} minutes on {goal.days} days",
        Went.LESS if wanted else Went.HOLD if reached else Went.PASSED,
        goal.reasons[0].source,
    )
    cautious = is_cautious(rules, person) or judged.amber_days > 0
    cap = step.cautious_cap if cautious else step.cap
    yield Asked(
        "The most it may grow",
        "age, a condition, or an amber day" if cautious else "no reason for less",
        f"{cap:.0%} a week",
        Went.PASSED,
        "clinical-facts 1.3 (cap)",
    )
