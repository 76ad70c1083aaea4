"""Local times and local days, on the days on which the clock is changed too."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from backstride.imports import times

ZONE = "Europe/Berlin"


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2024-01-15 12:00", "2024-01-15 11:00"),
        ("2024-07-15 12:00", "2024-07-15 10:00"),
        ("2024-03-31 02:30", "2024-03-31 01:30"),  # left out by spring
        ("2024-10-27 02:30", "2024-10-27 00:30"),  # comes twice
        ("2024-10-27 03:30", "2024-10-27 02:30"),
    ],
)
def test_local_time_to_instant(local: str, utc: str) -> None:
    at = pl.col("at").str.to_datetime("%Y-%m-%d %H:%M")
    frame = pl.DataFrame({"at": [local]}).select(times.utc_of(at, ZONE))
    assert f"{frame.item():%Y-%m-%d %H:%M}" == utc


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25), (date(2024, 7, 1), 24)],
)
def test_days_last_as_long_as_they_do(day: date, hours: int) -> None:
    start, end = times.day_of(pl.col("day"), ZONE)
    row = pl.DataFrame({"day": [day]}).select((end - start).dt.total_hours())
    assert row.item() == hours


def test_day_without_a_midnight() -> None:
    """In Santiago the clock goes forward at midnight: that day begins at one."""
    start, end = times.day_of(pl.col("day"), "America/Santiago")
    row = pl.DataFrame({"day": [date(2024, 9, 8)]}).select(start.alias("s"), end.alias("e"))
    assert row.row(0) == (
        datetime(2024, 9, 8, 4, tzinfo=UTC),
        datetime(2024, 9, 9, 3, tzinfo=UTC),
    )
