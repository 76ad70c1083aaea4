"""What a therapist has set, over whatever the rules decide: limits, a fixed dose, a pause.

An order only ever takes away from what safety asks, never adds to it: in a flare or after
red days the smaller dose wins. It stands among the week's reasons with who set it and when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from backstride.records import DecisionKind, Dose, Reason
from backstride.words import day, say

SOURCE = say("your therapist")
DID = {  # by rule: as it is, and where the therapist says why
    "therapist.fixed": (
        say("{by} set these walks on {day}."),
        say("{by} set these walks on {day}: {why}"),
    ),
    "therapist.limit": (
        say("{by} set a limit on {day}."),
        say("{by} set a limit on {day}: {why}"),
    ),
    "therapist.pause": (
        say("{by} paused the walks on {day}."),
        say("{by} paused the walks on {day}: {why}"),
    ),
}
CALM = {DecisionKind.START, DecisionKind.PROGRESS, DecisionKind.HOLD}


@dataclass(frozen=True)
class Order:
    """One order of a named therapist, from `on` to `until` (included; None: until taken back).

    `max_minutes` a walk, `max_days` a week and `max_weekly_minutes` are limits, `fixed` is
    the dose instead of what the rules would plan; `brisk` false keeps the pace easy;
    `paused` plans no walks; `avoid` are keys of exercises and names of bends that are not
    for this person; `why` is in the therapist's words.
    """

    by: str
    on: date
    until: date | None = None
    why: str = ""
    max_minutes: int | None = None
    max_days: int | None = None
    max_weekly_minutes: int | None = None
    fixed: Dose | None = None
    brisk: bool = True
    paused: bool = False
    avoid: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise ValueError("an order needs the name of the therapist who gives it")
        limits = (self.max_minutes, self.max_days, self.max_weekly_minutes)
        if any(limit is not None and limit < 1 for limit in limits):
            raise ValueError("a limit is at least 1; a pause says that there are no walks")
        if self.until is not None and self.until < self.on:
            raise ValueError("an order ends on the day it begins, or later")


def active(orders: Iterable[Order], start: date) -> tuple[Order, ...]:
    """The orders that hold in the week from `start`, oldest first."""
    end = start + timedelta(days=6)
    held = (o for o in orders if o.on <= end and (o.until is None or o.until >= start))
    return tuple(sorted(held, key=lambda order: order.on))


def is_paused(orders: Iterable[Order], start: date) -> bool:
    return any(order.paused for order in active(orders, start))


def avoided(orders: Iterable[Order], start: date) -> frozenset[str]:
    """All that the orders leave out of the routine in the week from `start`."""
    return frozenset(key for order in active(orders, start) for key in order.avoid)


def ordered(
    kind: DecisionKind, dose: Dose, orders: Iterable[Order], start: date
) -> tuple[DecisionKind, Dose, tuple[Reason, ...]]:
    """The decision as the orders leave it, and the reasons they add.

    A fixed dose takes the place of a calm decision; every limit holds over all. The newest
    fixed dose counts. In a pause the dose is kept for later, and no walks are planned.
    """
    held = active(orders, start)
    reasons = []
    fixed = next((order for order in reversed(held) if order.fixed), None)
    if fixed is not None and fixed.fixed is not None:
        dose = fixed.fixed if kind in CALM else _least(dose, fixed.fixed)
        kind = DecisionKind.HOLD if kind is DecisionKind.PROGRESS else kind
        reasons.append(_reason("therapist.fixed", fixed))
    for order in held:
        limited = _limited(dose, order)
        if limited != dose:
            reasons.append(_reason("therapist.limit", order))
            dose = limited
    paused = next((order for order in held if order.paused), None)
    if paused is not None:
        return DecisionKind.STOP, dose, (_reason("therapist.pause", paused),)
    return kind, dose, tuple(reasons)


def _least(dose: Dose, other: Dose) -> Dose:
    minutes = min(dose.minutes, other.minutes)
    return replace(
        dose, minutes=minutes, days_per_week=min(dose.days_per_week, other.days_per_week)
    )


def _limited(dose: Dose, order: Order) -> Dose:
    days = min(dose.days_per_week, order.max_days or dose.days_per_week)
    minutes = min(dose.minutes, order.max_minutes or dose.minutes)
    if order.max_weekly_minutes is not None:
        days = min(days, order.max_weekly_minutes)  # a walk takes a minute at least
        minutes = min(minutes, order.max_weekly_minutes // max(days, 1))
    pace = dose.cadence_spm if order.brisk else None
    return replace(dose, minutes=minutes, days_per_week=days, cadence_spm=pace)


def _reason(rule: str, order: Order) -> Reason:
    did = DID[rule][bool(order.why)]
    on = day(order.on, "d MMMM y")
    return Reason(rule, say(did.template, by=order.by, day=on, why=order.why), SOURCE)
