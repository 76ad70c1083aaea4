"""From the last week's facts to the next dose: less, the same, or one step more.

What matches nothing holds. Every number and text is the protocol's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from backstride.records import DecisionKind, Disposition, Dose, Reason, Week
from backstride.regimen.changes import Felt
from backstride.regimen.judge import Judged
from backstride.regimen.orders import CALM
from backstride.regimen.person import Person, Screen
from backstride.regimen.protocol import Protocol
from backstride.regimen.target import Goal, target_of

Step = tuple[DecisionKind, Dose, tuple[Reason, ...]]


def decide(rules: Protocol, judged: Judged, last: Week, person: Person, screen: Screen) -> Step:
    """The kind of decision, the dose and its reasons, for the week after `last`."""
    step = _safer(rules, judged, last.dose)
    if step is None:
        step = _hold(rules, judged, last.dose)
    if screen.disposition == Disposition.THERAPIST:
        step = _therapist(rules, step, last.dose, screen)
    return _wanted(rules, step or _progress(rules, judged, last, person), last.dose, person)


def _wanted(rules: Protocol, step: Step, last: Dose, person: Person) -> Step:
    """The step, brought down to a smaller target that the person has chosen."""
    goal, (kind, dose, reasons) = target_of(rules, person), step
    if not goal.is_chosen or not is_past(dose, goal):
        return step
    minutes, days = min(dose.minutes, goal.minutes), min(dose.days_per_week, goal.days)
    bouts = max(dose.bouts, bouts_for(rules, minutes))
    less = replace(dose, minutes=minutes, days_per_week=days, bouts=bouts)
    reason = rules.reason("target.down", minutes=minutes, days=days)
    if kind not in CALM:
        return kind, less, (*reasons, reason)
    kept = (reason for reason in reasons if reason.rule.startswith("screen."))
    is_less = less.weekly_minutes < last.weekly_minutes
    return DecisionKind.STEP_BACK if is_less else DecisionKind.HOLD, less, (reason, *kept)


def _therapist(rules: Protocol, step: Step | None, last: Dose, screen: Screen) -> Step:
    kind, dose, reasons = step or (DecisionKind.HOLD, last, ())
    if not screen.light_only:
        return kind, dose, (rules.reason("screen.therapist_hold"), *reasons)
    entry = rules.entry
    light = Dose(min(dose.minutes, entry.light_minutes), min(dose.days_per_week, entry.light_days))
    if light.weekly_minutes < dose.weekly_minutes:
        kind = DecisionKind.STEP_BACK
    light = replace(light, bouts=max(dose.bouts, bouts_for(rules, light.minutes)))
    return kind, light, (rules.reason("screen.therapist_light"), *reasons)


def _safer(rules: Protocol, judged: Judged, dose: Dose) -> Step | None:
    """Less than last week, or None where nothing asks for it.

    Where several things do, the least walking wins, then the order flare, illness, gap, red days,
    missed walks, two amber weeks, the person's word that it was too much.
    """
    steps = [*_after_flare_or_gap(rules, judged, dose)]
    if not judged.flare_open:  # raised pain and missed walks belong to a flare
        steps += _after_trouble(rules, judged, dose)
    if not steps:
        return None
    kind, less, reasons = min(steps, key=lambda step: step[1].weekly_minutes)
    return kind, replace(less, bouts=2) if judged.flare_open else less, reasons


def _after_flare_or_gap(rules: Protocol, judged: Judged, dose: Dose) -> Iterator[Step]:
    back = rules.back
    if judged.flare_open:
        # Halved once: a second week of the same flare isn't halved again.
        less = replace(dose, cadence_spm=None)
        if not judged.was_flare:
            less = _less(rules, dose, back.flare)
        yield DecisionKind.FLARE, less, (rules.reason("flare.now"),)
    if judged.days_ill >= back.gap_days:
        long = judged.days_ill >= back.long_gap_days
        reason = rules.reason("ill.long" if long else "ill.short", days=judged.days_ill)
        factor = back.long_gap if long else back.gap
        yield DecisionKind.RESTART, _less(rules, dose, factor), (reason,)
    if judged.gap_days >= back.gap_days:
        long = judged.gap_days >= back.long_gap_days
        reason = rules.reason("gap.long" if long else "gap.short", days=judged.gap_days)
        factor = back.long_gap if long else back.gap
        yield DecisionKind.RESTART, _less(rules, dose, factor), (reason,)


def _after_trouble(rules: Protocol, judged: Judged, dose: Dose) -> Iterator[Step]:
    back = rules.back
    if judged.red_days:
        reason = rules.reason("back.red", red=len(judged.red_days))
        yield DecisionKind.STEP_BACK, _less(rules, dose, back.red), (reason,)
    share = judged.walked.share
    if share is not None and share < rules.gate.step_back_adherence:
        reason = _counted(rules, "back.adherence", judged)
        yield DecisionKind.STEP_BACK, _less(rules, dose, back.low_adherence), (reason,)
    if judged.amber_week and judged.amber_week_before:
        reason = rules.reason("back.amber")
        yield DecisionKind.STEP_BACK, _less(rules, dose, back.two_amber_weeks), (reason,)
    if judged.felt is Felt.HARD:
        reason = rules.reason("back.hard")
        yield DecisionKind.STEP_BACK, _less(rules, dose, back.hard), (reason,)


def _hold(rules: Protocol, judged: Judged, dose: Dose) -> Step | None:
    gate = rules.gate
    reason = None
    if judged.flare_settling:
        reason = rules.reason("flare.settling")
    elif judged.is_ill or judged.days_ill:
        reason = rules.reason("hold.ill")
    elif judged.walked.planned_in_week == 0:
        reason = rules.reason("hold.no_walks")
    elif judged.judged_days < gate.min_judged_days:
        reason = rules.reason("hold.no_pain_data")
    elif judged.amber_days > gate.max_amber_days:
        reason = rules.reason("hold.amber", amber=judged.amber_days)
    elif judged.walked.share is None or judged.walked.share < gate.progress_adherence:
        reason = _counted(rules, "hold.adherence", judged)
    return None if reason is None else (DecisionKind.HOLD, dose, (reason,))


def _progress(rules: Protocol, judged: Judged, last: Week, person: Person) -> Step:
    dose, goal, step = last.dose, target_of(rules, person), rules.progress
    cautious = is_cautious(rules, person)
    if goal.is_chosen and is_past(dose, goal):
        return DecisionKind.HOLD, dose, ()  # `_wanted` brings it down
    reached = is_reached(rules, dose, person)
    if reached and (dose.cadence_spm is not None or goal.is_first):
        reason = rules.reason("hold.target", minutes=dose.minutes, days=dose.days_per_week)
        return DecisionKind.HOLD, dose, (reason, *_review(rules, goal))
    known = (
        _already_walked(rules, judged, dose, goal),
        _regained(rules, judged, dose, goal, cautious),
    )
    steps_up = [step_up for step_up in known if step_up is not None]
    if steps_up:
        return max(steps_up, key=lambda step_up: step_up[1].minutes)
    keep = is_kept(rules, last)
    sooner: tuple[Reason, ...] = ()
    if keep and judged.weeks_at_dose < step.keep_weeks and judged.felt is Felt.EASY:
        sooner = (rules.reason("progress.easy"),)
    elif keep and judged.weeks_at_dose < step.keep_weeks:
        reason = _counted(rules, "hold.keep", judged, minutes=dose.minutes)
        return DecisionKind.HOLD, dose, (reason,)
    if reached:
        brisk = replace(dose, cadence_spm=rules.brisk(person.age))
        reason = rules.reason("progress.pace", minutes=dose.minutes, days=dose.days_per_week)
        return DecisionKind.PROGRESS, brisk, (reason, *sooner)
    cap = step.cautious_cap if cautious or judged.amber_days else step.cap
    if dose.minutes < goal.minutes:
        minutes = _longer(rules, dose.minutes, cap, goal.minutes)
        grown = replace(dose, minutes=minutes, bouts=bouts_for(rules, minutes))
        more = minutes - dose.minutes
        reason = _counted(rules, "progress.duration", judged, minutes=minutes, more=more)
        return DecisionKind.PROGRESS, grown, (reason, *sooner)
    days = dose.days_per_week + 1
    minutes = min(int(dose.weekly_minutes * (1 + cap) / days), goal.minutes)
    grown = replace(dose, minutes=minutes, days_per_week=days)
    reason = _counted(rules, "progress.days", judged, minutes=minutes, days=days)
    return DecisionKind.PROGRESS, grown, (reason, *sooner)


def _review(rules: Protocol, goal: Goal) -> Iterator[Reason]:
    """The question whether to go on from a first target: asked when it is reached, and not
    each week after it."""
    if goal.is_first and rules.maintain is None:
        tested = rules.target
        yield rules.reason(
            "target.review",
            minutes=goal.minutes,
            days=goal.days,
            tested_minutes=tested.minutes,
            tested_days=tested.days,
        )


def is_past(dose: Dose, goal: Goal) -> bool:
    """Whether a dose is more than the target: longer walks, or more of them."""
    return dose.minutes > goal.minutes or dose.days_per_week > goal.days


def is_cautious(rules: Protocol, person: Person) -> bool:
    """Whether the person's age, or not knowing it, or a condition asks for smaller steps."""
    if person.conditions & set(rules.progress.cautious_conditions):
        return True
    return person.age is None or person.age >= rules.progress.cautious_age


def is_reached(rules: Protocol, dose: Dose, person: Person) -> bool:
    """Whether a dose is the person's target."""
    goal = target_of(rules, person)
    return dose.minutes >= goal.minutes and dose.days_per_week >= goal.days


def is_kept(rules: Protocol, week: Week) -> bool:
    """Whether a week's dose is one that each step is kept at for some weeks."""
    step = rules.progress
    return week.dose.minutes >= step.keep_from_minutes and week.number < step.keep_before_week


def _already_walked(rules: Protocol, judged: Judged, dose: Dose, goal: Goal) -> Step | None:
    """The dose drawn level with walks that were clearly longer than planned, all week and
    without raised pain; None where there were none.

    The entry's own rule is applied to them: a share of what was comfortable, up to the
    entry's ceiling. The cap on growth is for load that is new; this has been walked already.
    """
    if judged.amber_days:
        return None
    entry = rules.entry
    minutes = min(int(entry.share * judged.walked_min), entry.max_minutes, goal.minutes)
    if minutes <= _longer(rules, dose.minutes, rules.progress.cap, goal.minutes):
        return None
    grown = replace(dose, minutes=minutes, bouts=bouts_for(rules, minutes))
    reason = rules.reason(
        "progress.walked",
        walked=int(judged.walked_min),
        days=dose.days_per_week,
        planned=dose.minutes,
        minutes=minutes,
    )
    return DecisionKind.PROGRESS, grown, (reason,)


def _regained(
    rules: Protocol, judged: Judged, dose: Dose, goal: Goal, cautious: bool
) -> Step | None:
    """Back towards the dose before a flare that has settled; None where there was none.

    Not for those whose growth is capped lower, nor after an amber day: they climb as ever.
    """
    before = judged.before_flare
    if before is None or cautious or judged.amber_days:
        return None
    most = min(before.minutes, goal.minutes) if goal.is_chosen else before.minutes
    minutes = min(int(dose.minutes * (1 + rules.back.flare_return)), most)
    if minutes <= _longer(rules, dose.minutes, rules.progress.cap, most):
        return None
    grown = replace(dose, minutes=minutes, bouts=bouts_for(rules, minutes))
    reason = rules.reason("flare.return", before=before.minutes, minutes=minutes)
    return DecisionKind.PROGRESS, grown, (reason,)


def _longer(rules: Protocol, minutes: int, cap: float, most: int) -> int:
    """One step more a walk, within the cap and up to `most`; a single minute is always
    allowed, since below ten minutes a tenth is less than one."""
    step = rules.progress
    wanted = min(max(-int(-minutes * step.share // 1), step.min_step), step.max_step)
    return min(minutes + max(min(wanted, int(minutes * cap)), 1), most)


def _less(rules: Protocol, dose: Dose, factor: float) -> Dose:
    """Fewer minutes on the same days (never none), at an easy own pace."""
    minutes = max(int(dose.minutes * factor), min(rules.entry.min_minutes, dose.minutes))
    return Dose(minutes, dose.days_per_week, max(dose.bouts, bouts_for(rules, minutes)))


def bouts_for(rules: Protocol, minutes: int) -> int:
    return 2 if minutes <= rules.entry.split_at_minutes else 1


def _counted(rules: Protocol, rule: str, judged: Judged, **numbers: int) -> Reason:
    walked = judged.walked
    return rules.reason(rule, done=walked.done, planned=walked.planned, **numbers)
