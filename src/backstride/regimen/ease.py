"""A running week made gentler: the answer to a flare or a screen does not wait for the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from backstride.records import Decision, DecisionKind, Disposition, PlannedWalk, Reason, Week
from backstride.regimen.decide import bouts_for
from backstride.regimen.judge import judge
from backstride.regimen.person import History, Screen
from backstride.regimen.protocol import Protocol, protocol


def eased(week: Week, history: History, screen: Screen) -> Week:
    """`week` with its walks from today on as easy as a flare or the newest screen asks.

    Walks before today stay as they were given; nothing ever becomes more. The same week
    comes back where nothing asks for less.
    """
    rules, today = protocol(), history.today
    week = _in_flare(rules, week, history)
    if screen.disposition == Disposition.THERAPIST and screen.light_only:
        week = _light(rules, week, today)
    return week


def _in_flare(rules: Protocol, week: Week, history: History) -> Week:
    judged = judge(history, week)
    if not judged.flare_open or judged.was_flare:
        return week
    floor = rules.entry.min_minutes

    def ease(walk: PlannedWalk) -> PlannedWalk:
        minutes = max(int(walk.minutes * rules.back.flare), min(floor, walk.minutes))
        return replace(walk, minutes=minutes, bouts=max(walk.bouts, 2), cadence_spm=None)

    walks = tuple(ease(w) if w.day >= history.today else w for w in week.walks)
    return _with(week, walks, DecisionKind.FLARE, rules.reason("flare.now"), history.today)


def _light(rules: Protocol, week: Week, today: date) -> Week:
    entry = rules.entry
    past = tuple(walk for walk in week.walks if walk.day < today)
    left = [walk for walk in week.walks if walk.day >= today]
    room = max(entry.light_days - len(past), 0)
    easy = tuple(_short(rules, walk) for walk in left[:room])
    if easy == tuple(left):
        return week
    reason = rules.reason("screen.therapist_light")
    return _with(week, past + easy, DecisionKind.STEP_BACK, reason, today)


def _short(rules: Protocol, walk: PlannedWalk) -> PlannedWalk:
    minutes = min(walk.minutes, rules.entry.light_minutes)
    bouts = max(walk.bouts, bouts_for(rules, minutes))
    return replace(walk, minutes=minutes, bouts=bouts, cadence_spm=None)


def _with(
    week: Week, walks: tuple[PlannedWalk, ...], kind: DecisionKind, reason: Reason, today: date
) -> Week:
    """The week with these walks; its dose is what holds from today on."""
    pathway = tuple(r for r in week.decision.reasons if r.rule.startswith("pathway."))
    dose = replace(week.dose, days_per_week=len(walks), cadence_spm=None)
    next_walk = next((walk for walk in walks if walk.day >= today), None)
    if next_walk is not None:
        dose = replace(dose, minutes=next_walk.minutes, bouts=next_walk.bouts)
    return replace(week, walks=walks, dose=dose, decision=Decision(kind, (reason, *pathway)))
