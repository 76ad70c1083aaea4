"""Local days: what belongs to which, the two DST days, and null where nobody knows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.records import BOUTS, DAYS, MINUTES, checked, empty
from backstride.walking import days

BERLIN = "Europe/Berlin"


def minutes(start: datetime, n: int, **columns) -> pl.DataFrame:
    data = {"start": [start + timedelta(minutes=i) for i in range(n)]}
    data["source"] = ["phone"] * n
    data |= {name: v if isinstance(v, list) else [v] * n for name, v in columns.items()}
    return checked(pl.DataFrame(data), MINUTES)


def bouts(*spans: tuple[datetime, float]) -> pl.DataFrame:
    return checked(
        pl.DataFrame(
            {
                "start": [start for start, _ in spans],
                "end": [start + timedelta(minutes=length) for start, length in spans],
                "steps": [100.0 * length for _, length in spans],
                "cadence_spm": [100.0] * len(spans),
                "source": ["phone"] * len(spans),
            }
        ),
        BOUTS,
    )


def test_one_day_of_figures() -> None:
    start = datetime(2026, 6, 1, 8, tzinfo=UTC)
    table = minutes(
        start, 40, steps=[110.0] * 20 + [99.0] * 20, walking_s=60.0, worn_s=60.0, distance_m=70.0
    )
    (row,) = days(table, bouts((start, 25.5), (start, 4)), "UTC").to_dicts()
    assert row == {
        "date": date(2026, 6, 1),
        "steps": 4180,
        "walking_min": 40.0,
        "running_min": None,
        "brisk_min": 20.0,
        "longest_bout_min": 25.5,
        "peak30_cadence_spm": pytest.approx((20 * 110 + 10 * 99) / 30),
        "distance_m": 2800.0,
        "wear_h": pytest.approx(40 / 60),
        "sources": ["phone"],
    }


def test_what_nobody_knows_is_null_and_not_0() -> None:
    table = minutes(datetime(2026, 6, 1, 8, tzinfo=UTC), 60, distance_m=50.0)
    (row,) = days(table, empty(BOUTS), "UTC").to_dicts()
    assert row["distance_m"] == 3000.0
    for name in ("steps", "walking_min", "brisk_min", "peak30_cadence_spm", "wear_h"):
        assert row[name] is None
    assert row["longest_bout_min"] is None


def test_running_is_summed_where_a_source_tells_it() -> None:
    start = datetime(2026, 6, 1, 8, tzinfo=UTC)
    told = bouts((start, 25.5), (start, 4), (start, 8))
    told = told.with_columns(pl.Series("running", [False, True, True]))
    (row,) = days(minutes(start, 40, steps=110.0), told, "UTC").to_dicts()
    assert row["running_min"] == pytest.approx(12.0)
    assert row["longest_bout_min"] == pytest.approx(25.5)


def test_fewer_than_thirty_minutes_have_no_peak() -> None:
    start = datetime(2026, 6, 1, 8, tzinfo=UTC)
    assert (
        days(minutes(start, 29, steps=100.0), empty(BOUTS), "UTC")["peak30_cadence_spm"][0] is None
    )
    assert (
        days(minutes(start, 30, steps=100.0), empty(BOUTS), "UTC")["peak30_cadence_spm"][0] == 100
    )


def test_steps_written_in_a_batch_count_for_the_day_but_not_as_cadence() -> None:
    table = minutes(
        datetime(2026, 6, 1, 8, tzinfo=UTC),
        30,
        steps=[329.0, *[0.0] * 29],
        untimed_steps=[329.0, *[None] * 29],
    )
    (row,) = days(table, empty(BOUTS), "UTC").to_dicts()
    assert (row["steps"], row["brisk_min"], row["peak30_cadence_spm"]) == (329, 0.0, 0.0)


@pytest.mark.parametrize(
    ("first", "hours", "day"),
    [
        (datetime(2026, 3, 28, 23, tzinfo=UTC), 23, date(2026, 3, 29)),  # the short day
        (datetime(2026, 10, 24, 22, tzinfo=UTC), 25, date(2026, 10, 25)),  # the long one
        (datetime(2026, 7, 1, 22, tzinfo=UTC), 24, date(2026, 7, 2)),
    ],
)
def test_days_are_local_also_when_clocks_change(first: datetime, hours: int, day: date) -> None:
    whole = minutes(first, hours * 60, steps=1.0, worn_s=60.0)
    before = minutes(first - timedelta(minutes=1), 1, steps=1.0)
    after = minutes(first + timedelta(hours=hours), 1, steps=1.0)
    table = days(pl.concat([before, whole, after]), empty(BOUTS), BERLIN)
    assert table["date"].to_list() == [day - timedelta(days=1), day, day + timedelta(days=1)]
    assert table["steps"].to_list() == [1, hours * 60, 1]
    assert table["wear_h"][1] == hours


def test_a_bout_belongs_to_the_day_it_starts_in() -> None:
    start = datetime(2026, 7, 1, 21, 50, tzinfo=UTC)  # 23:50 in Berlin
    table = days(minutes(start, 30, steps=100.0), bouts((start, 30)), BERLIN)
    assert table["longest_bout_min"].to_list() == [30.0, None]
    assert table["steps"].to_list() == [1000, 2000]


def test_nothing_gives_an_empty_table_of_the_schema() -> None:
    table = days(empty(MINUTES), empty(BOUTS), "UTC")
    assert table.is_empty()
    assert dict(table.schema) == DAYS


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 200)), unique_by=lambda p: p[0]),
    st.sampled_from(["UTC", BERLIN, "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
)
def test_no_step_is_lost_between_days(walked: list[tuple[int, int]], zone: str) -> None:
    start = datetime(2026, 3, 26, tzinfo=UTC)
    table = checked(
        pl.DataFrame(
            {
                "start": [start + timedelta(minutes=at) for at, _ in walked],
                "steps": [float(n) for _, n in walked],
            },
            schema={"start": MINUTES["start"], "steps": pl.Float64()},
        ),
        MINUTES,
    )
    result = days(table, empty(BOUTS), zone)
    assert result["steps"].sum() == sum(n for _, n in walked)
    assert result["date"].is_sorted()
    assert result["date"].is_unique().all()
