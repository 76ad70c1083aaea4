"""Tables and people for the regimen's and the evidence's tests."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from backstride.records import DAYS, PAIN, WALKS, Disposition, checked, empty
from backstride.regimen import Pathway, Person, Screen

MONDAY = date(2026, 3, 2)
RECOVERED = Person(45, Pathway.RECOVERED)
IN_PAIN = Person(45, Pathway.IN_PAIN_NOW)


def day(offset):
    return MONDAY + timedelta(days=offset)


def cleared(on, disposition=Disposition.WALK, light_only=True):
    return Screen(disposition, on, light_only=light_only)


def days_table(*rows):
    """(offset, columns) as a DAYS table; 4,000 steps unless said."""
    table = [{"date": day(offset), "steps": 4000} | more for offset, more in rows]
    return checked(pl.DataFrame(table, infer_schema_length=None), DAYS) if rows else empty(DAYS)


def walks_table(*rows):
    """(offset, minutes) as a WALKS table."""
    if not rows:
        return empty(WALKS)
    table = [{"date": day(offset), "minutes": minutes} for offset, minutes in rows]
    return checked(pl.DataFrame(table, infer_schema_length=None), WALKS)


def pain_table(*rows):
    """(offset, nprs, columns) as a PAIN table, "now" at 18:00 UTC unless said."""
    if not rows:
        return empty(PAIN)
    table = []
    for offset, nprs, *more in rows:
        date_ = day(offset)
        at = datetime(date_.year, date_.month, date_.day, 18, tzinfo=UTC)
        row = {"at": at, "date": date_, "nprs": nprs, "moment": "now"}
        table.append(row | (more[0] if more else {}))
    return checked(pl.DataFrame(table, infer_schema_length=None), PAIN)


def walk_pain(offset, before, during, after):
    """The three notes around a walk: before, the worst during it, the next morning."""
    return (
        (offset, before, {"moment": "before_walk"}),
        (offset, during, {"moment": "during_walk"}),
        (offset + 1, after, {"moment": "next_morning"}),
    )
