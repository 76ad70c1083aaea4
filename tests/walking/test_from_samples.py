"""Minutes and bouts from interval counts: worked cases, and what must hold of any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride import imports, sample_data
from backstride.records import BOUTS, MINUTES, SAMPLES, checked, empty
from backstride.walking.from_samples import bouts_of, minutes_of

NINE = datetime(2024, 5, 1, 9, tzinfo=UTC)


def samples(
    rows: Sequence[tuple[float, float, float]],
    quantity: str = "steps",
    device: str = "watch",
) -> pl.DataFrame:
    """SAMPLES of (start, end, value); times in minutes after nine."""
    columns = {
        "start": [NINE + timedelta(minutes=row[0]) for row in rows],
        "end": [NINE + timedelta(minutes=row[1]) for row in rows],
        quantity: [float(row[2]) for row in rows],
        "source": [device] * len(rows),
        "device": [device] * len(rows),
    }
    return checked(pl.DataFrame(columns), SAMPLES)


def spans(bouts: pl.DataFrame) -> list[tuple[float, float]]:
    """Start and end of each bout in minutes after nine."""
    return [
        ((start - NINE) / timedelta(minutes=1), (end - NINE) / timedelta(minutes=1))
        for start, end in bouts.select("start", "end").iter_rows()
    ]


def test_interval_is_shared_out_by_time() -> None:
    minutes, bouts = minutes_of(samples([(0.5, 3, 250)]))
    assert minutes["steps"].to_list() == pytest.approx([50, 100, 100])
    assert minutes["walking_s"].to_list() == [0, 60, 60]
    assert minutes["start"][0] == NINE
    assert spans(bouts) == [(1, 3)]
    assert bouts["cadence_spm"].to_list() == [100]
    assert dict(minutes.schema) == MINUTES
    assert dict(bouts.schema) == BOUTS


def test_phone_and_watch_on_one_walk_count_once() -> None:
    both = pl.concat([samples([(0, 10, 1000)]), samples([(0, 10, 950)], device="phone")])
    minutes, bouts = minutes_of(both)
    assert minutes["steps"].sum() == pytest.approx(1000)
    assert set(minutes["source"]) == {"watch"}
    preferred, _ = minutes_of(both, order=["phone"])
    assert preferred["steps"].sum() == pytest.approx(950)
    assert bouts["steps"].to_list() == pytest.approx([1000])


def test_batch_counts_for_the_day_but_makes_no_cadence() -> None:
    minutes, bouts = minutes_of(samples([(0, 5 / 60, 329), (2, 3, 80)], device="phone"))
    assert minutes["steps"].to_list() == pytest.approx([329, 80])
    assert minutes["untimed_steps"].to_list() == [pytest.approx(329), None]
    assert minutes["walking_s"].to_list() == [None, 60]
    assert spans(bouts) == [(2, 3)]
    assert bouts["steps"].to_list() == pytest.approx([80])


def test_real_export_of_an_old_phone_keeps_its_total_and_invents_no_walk() -> None:
    got = imports.read(sample_data.path("apple-tdda/export.xml"))
    minutes, bouts = minutes_of(got.samples)
    assert minutes["steps"].sum() == pytest.approx(2517)
    assert minutes["distance_m"].sum() == pytest.approx(19.43)
    assert bouts.is_empty()


def test_long_interval_makes_no_walking_minutes_and_says_unknown() -> None:
    minutes, bouts = minutes_of(samples([(5, 65, 3000)]))
    assert minutes["steps"].to_list() == pytest.approx([500, 750, 750, 750, 250])
    assert minutes["untimed_steps"].to_list() == minutes["steps"].to_list()
    assert minutes["walking_s"].null_count() == 5
    assert bouts.is_empty()


def test_long_interval_of_walking_cadence_is_walking() -> None:
    minutes, bouts = minutes_of(samples([(0, 60, 6000)]))
    assert minutes["walking_s"].to_list() == [60] * 60
    assert spans(bouts) == [(0, 60)]


def test_years_of_daily_totals_stay_small() -> None:
    days = 3650
    minutes, bouts = minutes_of(samples([(d * 1440, (d + 1) * 1440, 5000) for d in range(days)]))
    assert minutes.height == days * 96
    assert minutes["steps"].sum() == pytest.approx(days * 5000)
    assert bouts.is_empty()


def test_bout_goes_on_over_one_minute_of_rest_but_not_two() -> None:
    walk = [(m, m + 1, 100) for m in (0, 1, 2, 4, 5, 8, 9)]
    _, bouts = minutes_of(samples([*walk, (3, 4, 20)]))
    assert spans(bouts) == [(0, 6), (8, 10)]
    assert bouts["cadence_spm"].to_list() == [100, 100]


def test_sensors_walking_time_and_wear_are_taken() -> None:
    slow = samples([(0, 1, 45), (1, 2, 0)], device="sensor")
    slow = slow.with_columns(walking_s=pl.Series([50.0, 0.0]))
    minutes, bouts = minutes_of(slow)
    assert minutes["worn_s"].to_list() == [60, 60]
    assert minutes["walking_s"].to_list() == [50, 0]
    assert spans(bouts) == [(0, 1)]


def test_track_without_steps_gives_bouts_without_cadence() -> None:
    track = samples([(m, m + 1, 60) for m in range(6)], "walking_s", device="app")
    minutes, bouts = minutes_of(track)
    assert minutes["steps"].null_count() == 6
    assert minutes["worn_s"].null_count() == 6
    assert spans(bouts) == [(0, 6)]
    assert bouts.select("steps", "cadence_spm").row(0) == (None, None)
    assert set(minutes["source"]) == {"app"}


def test_nothing_gives_nothing() -> None:
    minutes, bouts = minutes_of(empty(SAMPLES))
    assert minutes.is_empty()
    assert bouts.is_empty()
    assert dict(minutes.schema) == MINUTES
    assert bouts_of(minutes).is_empty()


rows_strategy = st.lists(
    st.tuples(st.integers(0, 6_000), st.integers(0, 6_000), st.integers(1, 900), st.booleans()),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(rows_strategy)
def test_whatever_comes_the_total_is_the_merged_one(
    rows: list[tuple[int, int, int, bool]],
) -> None:
    table = pl.concat(
        samples([(a / 60, (a + length) / 60, value)], device="watch" if is_watch else "phone")
        for a, length, value, is_watch in rows
    )
    minutes, bouts = minutes_of(table)
    assert minutes["steps"].sum() == pytest.approx(imports.merge(table)["steps"].sum())
    assert minutes["start"].is_unique().all()
    assert minutes["start"].is_sorted()
    assert (minutes["start"].dt.truncate("1m") == minutes["start"]).all()
    assert minutes["walking_s"].drop_nulls().is_between(0, 60).all()
    timed = minutes["steps"] - minutes["untimed_steps"].fill_null(0)
    assert timed.max() <= 240 + 4 * 60 + 1e-6
    assert ((bouts["end"] - bouts["start"]) >= timedelta(minutes=1)).all()
    assert (bouts["start"][1:] > bouts["end"][:-1]).all()
    if bouts.height:
        assert bouts["cadence_spm"].min() >= 60 - 1e-6
