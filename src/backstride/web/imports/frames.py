"""What other rooms take from this one, as tables and nouns of `backstride.records`."""

from __future__ import annotations

import polars as pl

from backstride.records import DAYS, UsualWalking, checked, empty
from backstride.web.imports.models import Usual
from backstride.web.people.models import User


def days_frame(user: User) -> pl.DataFrame:
    """The walker's days in the schema DAYS, oldest first."""
    rows = list(user.days.order_by("date").values_list(*DAYS))
    if not rows:
        return empty(DAYS)
    columns = dict(zip(DAYS, zip(*rows, strict=True), strict=True))
    return checked(pl.DataFrame(columns, schema_overrides=DAYS), DAYS)


def usual_of(user: User) -> UsualWalking | None:
    """What the walker last said they usually walk, None if they never said."""
    usual: Usual | None = user.usuals.first()
    return UsualWalking(usual.minutes, usual.days_per_week) if usual else None
