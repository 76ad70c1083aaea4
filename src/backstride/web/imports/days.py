"""A walker's days: written anew where what they have brought changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum

from backstride import __version__
from backstride.records import DAYS
from backstride.web.imports import locks, reckoning
from backstride.web.imports.models import Day, Reckoning, Upload
from backstride.web.imports.report import Totals
from backstride.web.people.models import User

COLUMNS = (*DAYS, "seen")
AT_ONCE = 500  # rows in one statement

Rows = dict[date, dict[str, Any]]


def lock_of(user: User) -> str:
    """The lock under which one walker's days change."""
    return f"days-{user.pk}"


def rebuild_days(user: User) -> None:
    """Work all of the walker's days out from nothing but the samples."""
    with locks.held(lock_of(user)):
        Reckoning.objects.filter(user=user).delete()
        replace_days(user, done_ids(user), lambda before, after: True)


def bring_up_to_date(user: User) -> None:
    """Work the days out anew if they come from another zone, order, version or other files."""
    with locks.held(lock_of(user)):
        if not is_up_to_date(user):
            replace_days(user, done_ids(user), lambda before, after: True)


def is_up_to_date(user: User) -> bool:
    return _known_basis(user) == _basis_of(user, done_ids(user))


def behind() -> list[int]:
    """The ids of the users whose days are not what their files come to now.

    So it is after the time zone, the order of sources or Backstride itself has changed, until
    a worker has seen to it.
    """
    users = User.objects.filter(uploads__state=Upload.State.DONE).distinct()
    return [user.pk for user in users if not is_up_to_date(user)]


def done_ids(user: User) -> list[int]:
    uploads = user.uploads.filter(state=Upload.State.DONE)
    return list(uploads.order_by("id").values_list("id", flat=True))


def order_of(user: User) -> list[str]:
    """The sources that the walker put in an order of their own, the preferred one first."""
    return list(user.source_order.values_list("source", flat=True))


def replace_days(
    user: User, upload_ids: Iterable[int], also: Callable[[Totals, Totals], bool]
) -> bool:
    """Make the days what these uploads come to, and whatever `also` writes, in one transaction.

    To be called under `lock_of(user)`. `also` is told the totals before and after; where it
    says False nothing at all is written. The reckoning is done before the transaction, so
    that the database is held for the writing alone. Where one upload came or went since the
    last time, only the days around its own samples are worked out.
    """
    user.refresh_from_db(fields=["zone"])  # it may have changed while a file was read
    basis = _basis_of(user, upload_ids)
    old, new = _old_and_new(user, basis)
    changed = [day for day in sorted(old.keys() | new.keys()) if old.get(day) != new.get(day)]
    rows = [Day(user=user, **new[day]) for day in changed if day in new]
    with transaction.atomic():
        before = totals_of(user)
        _remove(user, [day for day in changed if day in old])
        Day.objects.bulk_create(rows, batch_size=AT_ONCE)
        Reckoning.objects.update_or_create(user=user, defaults={"basis": basis})
        if also(before, totals_of(user)):
            return True
        transaction.set_rollback(True)
    return False


def totals_of(user: User) -> Totals:
    told = user.days.aggregate(days=Count("id"), steps=Sum("steps"))
    return Totals(told["days"], told["steps"] or 0)


def _old_and_new(user: User, basis: dict[str, Any]) -> tuple[Rows, Rows]:
    """The days as they stand and as they should be: all, or those that may have changed."""
    ids = basis["uploads"]
    changes = _changes(_known_basis(user), basis)
    parts = reckoning.everything(ids) if changes is None else changes
    old, new = _stored(user) if changes is None else {}, {}
    for found in reckoning.reckon(ids, parts, basis["zone"], basis["order"]):
        if changes is not None:
            old |= _stored(user, date__range=(found.first, found.last))
        new |= {row["date"]: _columns(row) for row in found.rows}
    return old, new


def _changes(known: dict[str, Any] | None, basis: dict[str, Any]) -> list[reckoning.Part] | None:
    """What came or went since `known`; None where nothing of it can be kept."""
    if known is None or known | {"uploads": basis["uploads"]} != basis:
        return None
    before, after = set(known["uploads"]), set(basis["uploads"])
    if len(before ^ after) > 1:
        return None
    return [
        part
        for upload_id in before ^ after
        for part in reckoning.changes(upload_id, sorted(before & after))
    ]


def _basis_of(user: User, upload_ids: Iterable[int]) -> dict[str, Any]:
    """All that the days depend on."""
    return {
        "version": __version__,
        "zone": user.zone,
        "order": order_of(user),
        "uploads": sorted(upload_ids),
    }


def _known_basis(user: User) -> dict[str, Any] | None:
    known = Reckoning.objects.filter(user=user).first()
    return known.basis if known else None


def _stored(user: User, **which: object) -> Rows:
    rows = user.days.filter(**which).values(*COLUMNS)
    return {row["date"]: row for row in rows}


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"sources": row["sources"] or [], "seen": row["seen"] or []}


def _remove(user: User, dates: list[date]) -> None:
    for first in range(0, len(dates), AT_ONCE):
        user.days.filter(date__in=dates[first : first + AT_ONCE]).delete()
