"""A therapist's orders, as they are kept, ended and told."""

from __future__ import annotations

from datetime import date

from backstride import regimen
from backstride.records import Dose
from backstride.regimen import exercises
from backstride.web.plan.models import TherapistOrder


def order_of(row: TherapistOrder) -> regimen.Order:
    """The order as the regimen takes it."""
    fixed = Dose(row.fixed_minutes, row.fixed_days) if row.fixed_minutes else None
    return regimen.Order(
        by=row.given_by,
        on=row.on,
        until=row.until,
        why=row.why,
        max_minutes=row.max_minutes,
        max_days=row.max_days,
        max_weekly_minutes=row.max_weekly_minutes,
        fixed=fixed,
        brisk=row.brisk,
        paused=row.paused,
        avoid=frozenset(row.avoid),
    )


def add_order(
    user, *, by: str, on: date, fixed: tuple[int, int] | None, easy: bool, pause: bool, **more
) -> TherapistOrder:
    """Keep a therapist's order. Raises ValueError for one that makes no sense."""
    avoid = list(more.pop("avoid", ()))
    known = {*exercises.load(), *exercises.Bend}
    if unknown := set(avoid) - known:
        raise ValueError(f"no exercise or bend is called {', '.join(sorted(unknown))}")
    minutes, days = fixed or (None, None)
    row = TherapistOrder(
        user=user,
        given_by=by,
        on=on,
        fixed_minutes=minutes,
        fixed_days=days,
        brisk=not easy,
        paused=pause,
        avoid=avoid,
        **more,
    )
    if order_of(row) == regimen.Order(by, on, row.until, row.why):
        raise ValueError("an order needs something that it sets")
    row.save()
    return row


def end_order(row: TherapistOrder) -> TherapistOrder:
    """End it today, or on its first day where that is still to come."""
    row.until = max(row.on, row.user.today())
    row.save()
    return row


def order_in_words(row: TherapistOrder) -> str:
    """What it sets, from when until when, and who gave it."""
    order = order_of(row)
    limits = (
        (order.paused, "no walks"),
        (order.fixed, f"{row.fixed_minutes} minutes on {row.fixed_days} days"),
        (order.max_minutes, f"at most {order.max_minutes} minutes a walk"),
        (order.max_days, f"at most {order.max_days} days a week"),
        (order.max_weekly_minutes, f"at most {order.max_weekly_minutes} minutes a week"),
        (not order.brisk, "an easy pace"),
        (order.avoid, f"without {', '.join(sorted(order.avoid))}"),
    )
    what = "; ".join(words for said, words in limits if said)
    until = f" until {order.until}" if order.until else ""
    why = f" ({order.why})" if order.why else ""
    return f"{what}, from {order.on}{until}, by {order.by}{why}"
