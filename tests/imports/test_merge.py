"""Merging: what must hold whatever comes in, and cases worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from backstride.imports import merge
from backstride.records import SAMPLES, checked, empty

merging = import_module("backstride.imports.merge")  # the package has the function

EPOCH = datetime(2024, 5, 1, tzinfo=UTC)
HORIZON_S = 60

Row = tuple[int, int, float, str, str]


def table(rows: Sequence[Row], quantity: str = "steps") -> pl.DataFrame:
    """SAMPLES of (start second, end second, value, source, device)."""
    columns = {
        "start": [EPOCH + timedelta(seconds=row[0]) for row in rows],
        "end": [EPOCH + timedelta(seconds=row[1]) for row in rows],
        quantity: [row[2] for row in rows],
        "source": [row[3] for row in rows],
        "device": [row[4] for row in rows],
    }
    return checked(pl.DataFrame(columns), SAMPLES)


def plain(merged: pl.DataFrame) -> list[Row]:
    seconds = [
        ((merged[name] - EPOCH).dt.total_microseconds() / 1e6).to_list()
        for name in ("start", "end")
    ]
    return list(
        zip(*seconds, merged[merged.columns[2]], merged["source"], merged["device"], strict=True)
    )


DEVICE_OF = {"w": "watch", "p": "phone", "q": "phone", "a": "app", "s": "sensor"}
BEST_FIRST = "swpqa"

rows_strategy = st.lists(
    st.tuples(
        st.integers(0, HORIZON_S - 1),
        st.integers(0, 30),
        st.integers(0, 200),
        st.sampled_from(sorted(DEVICE_OF)),
    ).map(lambda r: (r[0], min(HORIZON_S, r[0] + r[1]), float(r[2]), r[3], DEVICE_OF[r[3]])),
    max_size=14,
)


def rates_by_source(rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """Second by second, the highest rate of each source; NaN where it covers nothing."""
    rates = {source: np.full(HORIZON_S + 1, np.nan) for source in BEST_FIRST}
    for start, end, value, source, device in rows:
        if value > 0 or device == "sensor":
            stretch = slice(start, max(end, start + 1))
            rate = value / max(end - start, 1)
            rates[source][stretch] = np.fmax(rates[source][stretch], rate)
    return rates


def merged_rates(merged: pl.DataFrame) -> np.ndarray:
    got = np.full(HORIZON_S + 1, np.nan)
    for start, end, value, _, _ in plain(merged):
        assert start == int(start)
        assert np.isnan(got[int(start) : int(end)]).all(), "intervals overlap"
        got[int(start) : int(end)] = value / (end - start)
    return got


@settings(max_examples=150, deadline=None)
@given(rows_strategy)
def test_every_second_is_the_preferred_sources(rows: list[Row]) -> None:
    sources = rates_by_source(rows)
    expected = np.full(HORIZON_S + 1, np.nan)
    for source in reversed(BEST_FIRST):
        expected = np.where(np.isnan(sources[source]), expected, sources[source])
    np.testing.assert_allclose(merged_rates(merge(table(rows))), expected, rtol=1e-9)


@settings(max_examples=60, deadline=None)
@given(rows_strategy)
def test_never_more_than_the_highest_nor_less_than_the_preferred(rows: list[Row]) -> None:
    sources = rates_by_source(rows)
    got = np.nan_to_num(merged_rates(merge(table(rows))))
    highest = np.nan_to_num(np.fmax.reduce(list(sources.values())))
    assert (got <= highest + 1e-9).all()
    for best in BEST_FIRST:
        if not np.isnan(sources[best]).all():
            assert got.sum() >= np.nansum(sources[best]) - 1e-6
            break
    assert (got[highest == 0] == 0).all()


@settings(max_examples=60, deadline=None)
@given(rows_strategy, st.randoms(use_true_random=False))
def test_order_of_rows_and_repeats_change_nothing(rows: list[Row], dice: object) -> None:
    once = merge(table(rows))
    again = rows + rows
    dice.shuffle(again)  # type: ignore[attr-defined]
    assert merge(table(again)).equals(once)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 50), st.integers(0, 50), st.integers(1, 500), st.sampled_from("wpa")
        )
    )
)
def test_total_is_kept_where_nothing_overlaps(parts: list[tuple[int, int, int, str]]) -> None:
    rows: list[Row] = []
    at = 0
    for length, gap, value, source in parts:
        rows.append((at, at + length, float(value), source, DEVICE_OF[source]))
        at += length + gap
    assert plain(merge(table(rows))) == rows


@settings(max_examples=60, deadline=None)
@given(rows_strategy)
def test_merging_what_is_merged_changes_nothing(rows: list[Row]) -> None:
    once = merge(table(rows))
    twice = merge(checked(once, SAMPLES))
    assert twice.select("start", "end", "source").equals(once.select("start", "end", "source"))
    np.testing.assert_allclose(twice["steps"], once["steps"])


def test_phone_fills_what_the_watch_leaves() -> None:
    rows = [(0, 600, 600.0, "p", "phone"), (120, 240, 150.0, "w", "watch")]
    assert plain(merge(table(rows))) == [
        (0, 120, 120.0, "p", "phone"),
        (120, 240, 150.0, "w", "watch"),
        (240, 600, 360.0, "p", "phone"),
    ]


def test_walkers_own_order_wins_and_unnamed_sources_come_after() -> None:
    rows = [(0, 60, 60.0, "w", "watch"), (0, 60, 90.0, "p", "phone"), (60, 120, 7.0, "a", "app")]
    assert [r[3] for r in plain(merge(table(rows), order=["p"]))] == ["p", "a"]
    assert [r[3] for r in plain(merge(table(rows), order=["nobody", "a"]))] == ["w", "a"]


def test_two_sources_of_one_device_go_by_name() -> None:
    rows = [(0, 60, 60.0, "q", "phone"), (0, 60, 30.0, "p", "phone")]
    assert plain(merge(table(rows))) == [(0, 60, 30.0, "p", "phone")]


def test_zero_covers_only_where_a_sensor_says_it() -> None:
    phone = (0, 60, 40.0, "p", "phone")
    assert plain(merge(table([phone, (0, 60, 0.0, "w", "watch")]))) == [phone]
    assert plain(merge(table([phone, (0, 60, 0.0, "s", "sensor")])))[0][2:4] == (0.0, "s")


def test_interval_without_length_is_a_second() -> None:
    rows = [(10, 10, 5.0, "a", "app"), (30, 30, 5.0, "a", "app"), (30, 90, 60.0, "w", "watch")]
    assert plain(merge(table(rows))) == [(10, 11, 5.0, "a", "app"), (30, 90, 60.0, "w", "watch")]


def test_flagged_rows_and_other_quantities_do_not_count() -> None:
    rows = table([(0, 60, 60.0, "w", "watch")])
    flagged = rows.with_columns(flag=pl.lit("entered by hand"))
    distance = table([(0, 60, 55.5, "w", "watch")], "distance_m")
    both = pl.concat([flagged, distance])
    assert merge(both).is_empty()
    assert merge(both, "distance_m")["distance_m"].to_list() == [55.5]
    assert merge(empty(SAMPLES)).columns == ["start", "end", "steps", "source", "device"]


def test_bad_parameters_raise() -> None:
    with pytest.raises(ValueError, match="quantity"):
        merge(empty(SAMPLES), "calories")
    with pytest.raises(ValueError, match="toaster"):
        merge(table([(0, 1, 1.0, "x", "toaster")]))


@settings(deadline=None)
@given(st.lists(rows_strategy, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_parts_are_the_same_as_the_whole(groups: list[list[Row]], dice: Random) -> None:
    rows = [
        (start + 40 * number, end + 40 * number, value, source, device)
        for number, group in enumerate(groups)
        for start, end, value, source, device in group
    ]
    dice.shuffle(rows)
    whole = merge(table(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "MANY", 3)
        parts = list(merging.in_parts(table(rows)))
        assert_frame_equal(pl.concat(parts), whole)
        assert merging.total(table(rows)) == pytest.approx(whole["steps"].sum())
        ends = [part["end"].max() for part in parts[:-1]]
        starts = [part["start"].min() for part in parts[1:]]
        assert all(end <= start for end, start in zip(ends, starts, strict=True))


def test_many_rows_come_in_parts() -> None:
    rows = [(60 * n, 60 * n + 60, 10.0, "w", "watch") for n in range(3000)]
    parted = pl.concat(
        table(rows).with_columns(pl.col("start", "end") + timedelta(days=3 * n)) for n in range(40)
    )
    parts = list(merging.in_parts(parted))
    assert len(parts) == 5
    assert max(part.height for part in parts) <= merging.MANY
    assert sum(part["steps"].sum() for part in parts) == 3000 * 10 * 40


def test_hundreds_of_thousands_of_rows_never_overlap() -> None:
    rng = np.random.default_rng(1)
    count = 300_000
    start = rng.integers(0, 60_000_000, count)
    frame = pl.DataFrame(
        {
            "start": (start * 1_000_000).astype("datetime64[us]"),
            "end": ((start + rng.integers(0, 600, count)) * 1_000_000).astype("datetime64[us]"),
            "steps": rng.integers(1, 500, count).astype(float),
            "device": rng.choice(["watch", "phone", "app"], count),
        }
    ).with_columns(pl.col("start", "end").dt.replace_time_zone("UTC"), source="device")
    merged = merge(checked(frame, SAMPLES))
    assert (merged["start"][1:] >= merged["end"][:-1]).all()
