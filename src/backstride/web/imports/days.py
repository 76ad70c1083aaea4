"""A walker's days, worked out anew from everything they have brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import Count, Sum

from backstride import walking
from backstride.records import DAYS, empty
from backstride.web.imports import locks, store
from backstride.web.imports.models import Day, Upload
from backstride.web.imports.report import Totals
from backstride.web.people.models import User


def lock_of(user: User) -> str:
    """The lock under which one walker's days change."""
    return f"days-{user.pk}"


def rebuild_days(user: User) -> None:
    """Merge all that was read from the walker's uploads and replace their days."""
    with locks.held(lock_of(user)):
        replace_days(user, done_ids(user), lambda before, after: True)


def done_ids(user: User) -> list[int]:
    uploads = user.uploads.filter(state=Upload.State.DONE)
    return list(uploads.order_by("id").values_list("id", flat=True))


def replace_days(
    user: User, upload_ids: Iterable[int], also: Callable[[Totals, Totals], bool]
) -> bool:
    """Write the days these uploads come to, and whatever `also` writes, in one transaction.

    To be called under `lock_of(user)`. `also` is told the totals before and after; where it
    says False nothing at all is written. The reckoning is done before the transaction, so
    that the database is held for the writing alone.
    """
    frame = days_of(store.read_samples(upload_ids), user.zone)
    rows = [Day(user=user, **_columns(row)) for row in frame.iter_rows(named=True)]
    after = Totals(len(rows), sum(row.steps or 0 for row in rows))
    with transaction.atomic():
        before = totals_of(user)
        user.days.all().delete()
        Day.objects.bulk_create(rows, batch_size=500)
        if also(before, after):
            return True
        transaction.set_rollback(True)
    return False


def days_of(samples: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Samples of any sources to DAYS, each step counted once."""
    if samples.is_empty():
        return empty(DAYS)
    minutes, bouts = walking.minutes_of(samples)
    return walking.days(minutes, bouts, zone)


def totals_of(user: User) -> Totals:
    told = user.days.aggregate(days=Count("id"), steps=Sum("steps"))
    return Totals(told["days"], told["steps"] or 0)


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"sources": row["sources"] or []}
