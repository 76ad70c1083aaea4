"""A therapist's orders, as they are kept, ended and told."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

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
        (order.paused, _("no walks")),
        (order.fixed, _("%(fixed_minutes)s minutes on %(fixed_days)s days")),
        (order.max_minutes, _("at most %(max_minutes)s minutes a walk")),
        (order.max_days, _("at most %(max_days)s days a week")),
        (order.max_weekly_minutes, _("at most %(max_weekly_minutes)s minutes a week")),
        (not order.brisk, _("an easy pace")),
        (order.avoid, _("without %(without)s")),
    )
    without = ", ".join(sorted(order.avoid))
    what = "; ".join(words for said, words in limits if said) % {**vars(row), "without": without}
    told = _("%(what)s, from %(on)s, by %(by)s")
    if order.until:
        told = _("%(what)s, from %(on)s until %(until)s, by %(by)s")
    by = f"{order.by} ({order.why})" if order.why else order.by
    return told % {"what": what, "on": order.on, "until": order.until, "by": by}
