"""What the walker changes in a running plan: a walk on another day, days away, how it felt.

Nothing here adds walking: a moved walk stays as long as it was, days away or ill take walks out
without counting them as missed, and "too much" makes those that are left shorter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, takewhile

from backstride.records import Decision, DecisionKind, PlannedWalk, Week
from backstride.regimen.protocol import Protocol, protocol_of

Span = tuple[date, date]
KEPT_KINDS = {DecisionKind.FLARE, DecisionKind.STOP}


class Felt(StrEnum):
    """How the plan feels."""

    EASY = "easy"
    HARD = "hard"


@dataclass(frozen=True)
class Changes:
    """`moved` are (planned day, other day), in the order in which they were told; `away` and
    `ill` are (first, last), both included; `felt` are (day told, how), oldest first."""

    moved: tuple[Span, ...] = ()
    away: tuple[Span, ...] = ()
    felt: tuple[tuple[date, Felt], ...] = ()
    ill: tuple[Span, ...] = ()

    def is_away(self, day: date) -> bool:
        """Whether no walk is planned for `day`: for being away, or ill."""
        return any(first <= day <= last for first, last in (*self.away, *self.ill))

    def is_ill(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.ill)

    def days_ill(self, since: date, today: date) -> int:
        """How many days in a row the longest illness took that ended from `since` to `today`;
        0 without one, or while it goes on."""
        ill = {
            first + timedelta(days=n)
            for first, last in self.ill
            for n in range((last - first).days + 1)
        }
        longest = 0
        for day in ill:
            if since <= day <= today and day + timedelta(days=1) not in ill:
                run = takewhile(ill.__contains__, (day - timedelta(days=n) for n in count()))
                longest = max(longest, sum(1 for _ in run))
        return longest

    def felt_in(self, week: Week) -> tuple[date, Felt] | None:
        """What was said last within the week, and when."""
        told = [(day, felt) for day, felt in self.felt if week.start <= day <= week.end]
        return told[-1] if told else None


def changed(week: Week, changes: Changes) -> Week:
    """`week` as the walker changed it; what doesn't fit it is left out."""
    walks = {walk.day: walk for walk in week.walks}
    for day, to in changes.moved:
        if day in walks and to not in walks and week.start <= to <= week.end:
            walks[to] = replace(walks.pop(day), day=to)
    kept = tuple(walks[day] for day in sorted(walks) if not changes.is_away(day))
    week = replace(week, walks=kept)
    told = changes.felt_in(week)
    if told is None or told[1] is not Felt.HARD:
        return week
    return _shorter(protocol_of(week), week, told[0])


def places(week: Week, changes: Changes, today: date) -> tuple[date, ...]:
    """The days of `week`, as changed, to which one of its walks can still be moved."""
    taken = {walk.day for walk in week.walks}
    days = (week.start + timedelta(days=n) for n in range(7))
    return tuple(d for d in days if d >= today and d not in taken and not changes.is_away(d))


def _shorter(rules: Protocol, week: Week, since: date) -> Week:
    floor = rules.entry.min_minutes

    def short(walk: PlannedWalk) -> PlannedWalk:
        minutes = max(int(walk.minutes * rules.back.hard), min(floor, walk.minutes))
        return replace(walk, minutes=minutes, cadence_spm=None)

    walks = tuple(short(walk) if walk.day >= since else walk for walk in week.walks)
    kind = week.decision.kind if week.decision.kind in KEPT_KINDS else DecisionKind.STEP_BACK
    reasons = (rules.reason("felt.hard_now"), *week.decision.reasons)
    return replace(week, walks=walks, decision=Decision(kind, reasons))
