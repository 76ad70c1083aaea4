"""What was told of the back, given out as tables."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from backstride.records import PLACES, SCORES, checked, empty
from backstride.web.back.models import PainPlaces


def places_frame(user) -> pl.DataFrame:
    """Every place noted, as a PLACES table, oldest first."""
    told = PainPlaces.objects.filter(entry__user=user).order_by("entry__at", "entry_id")
    rows = [
        (at, day, place)
        for at, day, places in told.values_list("entry__at", "entry__day", "places")
        for place in places
    ]
    return _table(user, rows, PLACES)


def scores_frame(user) -> pl.DataFrame:
    """Every finished questionnaire and day's question, as a SCORES table, oldest first."""
    done = user.sheets.exclude(finished_at=None).order_by("finished_at", "id")
    return _table(user, done.values_list("finished_at", "day", "instrument", "value"), SCORES)


def _table(user, rows: Iterable[tuple], schema: dict) -> pl.DataFrame:
    rows = list(rows)
    if not rows:
        return empty(schema)
    table = checked(pl.DataFrame(rows, schema=schema, orient="row"), schema)
    # A day ahead of the walker's own, as after a flight west, counts as today.
    return table.with_columns(pl.min_horizontal("date", pl.lit(user.today())))
