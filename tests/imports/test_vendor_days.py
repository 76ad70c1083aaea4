"""Our days held against the vendor's own totals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from backstride.imports import Imported
from backstride.imports.vendor_days import agreement, compared
from backstride.records import SAMPLES, VENDOR_DAYS, Notices, checked

FIRST = datetime(2024, 5, 1, tzinfo=UTC)


def samples(*counts: tuple[float, float, float]) -> pl.DataFrame:
    """Of (hours after FIRST, hours long, steps)."""
    rows = {
        "start": [FIRST + timedelta(hours=at) for at, _, _ in counts],
        "end": [FIRST + timedelta(hours=at + long) for at, long, _ in counts],
        "steps": [float(steps) for _, _, steps in counts],
        "source": "Watch",
        "device": "watch",
    }
    return checked(pl.DataFrame(rows), SAMPLES)


def totals(*counts: tuple[int, int]) -> pl.DataFrame:
    """Of (day of May, steps)."""
    rows = {"date": [date(2024, 5, day) for day, _ in counts], "steps": [n for _, n in counts]}
    return checked(pl.DataFrame(rows), VENDOR_DAYS)


DAYS = samples((10, 1, 500), (34, 1, 4000), (58, 1, 6000), (82, 1, 5000), (106, 1, 10))


def test_agreement_leaves_out_the_first_and_the_last_day() -> None:
    theirs = totals((1, 9000), (2, 4015), (3, 6500), (4, 5000), (5, 7000), (6, 1))
    got = agreement(Imported("x", [DAYS], Notices(), vendor_days=theirs), "UTC")
    assert got is not None
    assert (got.days, got.agreed) == (3, 2)
    assert (got.worst_date, got.worst_steps, got.worst_vendor_steps) == (
        date(2024, 5, 3),
        6000,
        6500,
    )


def test_without_totals_there_is_no_agreement() -> None:
    assert agreement(Imported("x", [DAYS], Notices()), "UTC") is None


def test_the_day_is_the_walkers() -> None:
    """An hour before midnight in UTC is the next day in Auckland."""
    late = samples((0, 1, 1), (23, 1, 700), (100, 1, 1))
    assert compared(late, totals((1, 5), (2, 700)), "Pacific/Auckland").row(0) == (
        date(2024, 5, 2),
        700.0,
        700,
    )
