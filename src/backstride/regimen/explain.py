"""What the rules looked at before a week was made: each question, what was seen, the limit.

The same facts as `decide` takes, told one by one, so that a therapist can follow a decision or
say where the rule is wrong. By what is known now: pain noted later for an earlier day counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from backstride.records import Disposition, Week
from backstride.regimen.adherence import Adherence
from backstride.regimen.changes import Felt
from backstride.regimen.decide import is_cautious, is_kept, is_past, is_reached
from backstride.regimen.judge import Judged, judge
from backstride.regimen.person import History, Person, Screen
from backstride.regimen.protocol import Protocol, protocol_of
from backstride.regimen.target import target_of
from backstride.screening import load
from backstride.words import Said, say

SCREEN = "clinical-details 1 (screening before walking, again after four weeks)"


class Went(StrEnum):
    """What an answer asks for."""

    PASSED = "passed"
    HOLD = "the same again"
    LESS = "less"
    STOP = "no plan"

    @property
    def told(self) -> Said:
        """The answer in the reader's language."""
        return WENT[self]


WENT = {
    Went.PASSED: say("passed"),
    Went.HOLD: say("the same again"),
    Went.LESS: say("less"),
    Went.STOP: say("no plan"),
}
CAME_TO = {
    None: say("not answered"),
    Disposition.WALK: say("walk"),
    Disposition.THERAPIST: say("therapist"),
    Disposition.SAME_DAY: say("same day"),
    Disposition.EMERGENCY_NOW: say("emergency now"),
}


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
    seen = CAME_TO[found]
    if found == Disposition.THERAPIST:
        went = Went.LESS if screen.light_only else Went.HOLD
    elif found is not None and found.may_walk:
        went = Went.PASSED
    if screen.day:
        seen = say("{came_to}, answered {day}", came_to=seen, day=screen.day.isoformat())
    limit = say("walking allowed, within {days} days", days=days)
    return Asked(say("Safety questions"), seen, limit, went, SCREEN)


def _safer(rules: Protocol, judged: Judged) -> Iterator[Asked]:
    back, gate, walked = rules.back, rules.gate, judged.walked
    flare, went = say("none"), Went.PASSED
    if judged.flare_open:
        flare, went = say("open"), Went.LESS
    elif judged.flare_settling:
        flare, went = say("settling"), Went.HOLD
    limit = say(
        "settled: {calm} calm days, {hold} days on",
        calm=back.flare_green_days,
        hold=back.flare_hold_days,
    )
    yield Asked(say("Flare-up"), flare, limit, went, rules.rules["flare.now"].source)
    yield Asked(
        say("Days without a sign or a plan"),
        f"{judged.gap_days}",
        say("fewer than {days}", days=back.gap_days),
        Went.LESS if judged.gap_days >= back.gap_days else Went.PASSED,
        rules.rules["gap.short"].source,
    )
    is_long = judged.days_ill >= back.gap_days
    yield Asked(
        say("Days ill"),
        say("still ill") if judged.is_ill else f"{judged.days_ill}",
        say("none to grow; fewer than {days}", days=back.gap_days),
        Went.LESS if is_long else Went.HOLD if judged.is_ill or judged.days_ill else Went.PASSED,
        rules.rules["ill.short"].source,
    )
    yield Asked(
        say("Red days"),
        f"{len(judged.red_days)}",
        say("none"),
        Went.LESS if judged.red_days else Went.PASSED,
        rules.rules["back.red"].source,
    )
    yield Asked(
        say("Walks done"),
        _walked(walked),
        say(
            "from {keep:.0%}; {grow:.0%} to grow",
            keep=gate.step_back_adherence,
            grow=gate.progress_adherence,
        ),
        _adherence(rules, walked.share),
        rules.rules["hold.adherence"].source,
    )
    two = judged.amber_week and judged.amber_week_before
    yield Asked(
        say("Two amber weeks in a row"),
        say("yes") if two else say("no"),
        say("no"),
        Went.LESS if two else Went.PASSED,
        rules.rules["back.amber"].source,
    )
    hard = judged.felt is Felt.HARD
    yield Asked(
        say("The walker's word"),
        say("none") if judged.felt is None else say("too much") if hard else say("too easy"),
        say("not too much"),
        Went.LESS if hard else Went.PASSED,
        rules.rules["back.hard"].source,
    )


def _walked(walked: Adherence) -> Said:
    done, planned, share = walked.done, walked.planned, walked.share
    if share is None:
        return say("{done} of {planned}", done=done, planned=planned)
    return say("{done} of {planned} ({share:.0%})", done=done, planned=planned, share=share)


def _adherence(rules: Protocol, share: float | None) -> Went:
    if share is None or share < rules.gate.progress_adherence:
        less = share is not None and share < rules.gate.step_back_adherence
        return Went.LESS if less else Went.HOLD
    return Went.PASSED


def _calm(rules: Protocol, judged: Judged) -> Iterator[Asked]:
    gate = rules.gate
    yield Asked(
        say("Days whose pain is known"),
        f"{judged.judged_days}",
        say("at least {days}", days=gate.min_judged_days),
        Went.HOLD if judged.judged_days < gate.min_judged_days else Went.PASSED,
        rules.rules["hold.no_pain_data"].source,
    )
    yield Asked(
        say("Amber days"),
        f"{judged.amber_days}",
        say("at most {days}", days=gate.max_amber_days),
        Went.HOLD if judged.amber_days > gate.max_amber_days else Went.PASSED,
        rules.rules["hold.amber"].source,
    )


def _step(rules: Protocol, judged: Judged, last: Week, person: Person) -> Iterator[Asked]:
    step, dose = rules.progress, last.dose
    keep = is_kept(rules, last)
    waits = keep and judged.weeks_at_dose < step.keep_weeks and judged.felt is not Felt.EASY
    limit = say(
        "{weeks} from {minutes} minutes on", weeks=step.keep_weeks, minutes=step.keep_from_minutes
    )
    yield Asked(
        say("Weeks at this dose"),
        f"{judged.weeks_at_dose}",
        limit if keep else "1",
        Went.HOLD if waits else Went.PASSED,
        rules.rules["hold.keep"].source,
    )
    goal = target_of(rules, person)
    keeps = dose.cadence_spm is not None or goal.is_first
    reached = keeps and is_reached(rules, dose, person)
    wanted = goal.is_chosen and is_past(dose, goal)
    yield Asked(
        say("The target"),
        say("{minutes} minutes on {days} days", minutes=dose.minutes, days=dose.days_per_week),
        say("{minutes} minutes on {days} days", minutes=goal.minutes, days=goal.days),
        Went.LESS if wanted else Went.HOLD if reached else Went.PASSED,
        goal.reasons[0].source,
    )
    cautious = is_cautious(rules, person) or judged.amber_days > 0
    cap = step.cautious_cap if cautious else step.cap
    yield Asked(
        say("The most it may grow"),
        say("age, a condition, or an amber day") if cautious else say("no reason for less"),
        say("{cap:.0%} a week", cap=cap),
        Went.PASSED,
        "clinical-facts 1.3 (cap)",
    )
