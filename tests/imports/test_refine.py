"""Walks inside a watch's all-day counts, in any position: no step is lost or counted twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride import imports
from backstride.imports.refine import refined
from backstride.records import SAMPLES, checked

START = datetime(2024, 5, 1, tzinfo=UTC)
Row = tuple[int, int, float]


def table(rows: list[Row]) -> pl.DataFrame:
    """SAMPLES of (start, end in seconds after START, steps), two metres a step."""
    made = [
        {
            "start": START + timedelta(seconds=start),
            "end": START + timedelta(seconds=end),
            "steps": steps,
            "distance_m": 2 * steps,
            "source": "Watch",
            "device": "watch",
        }
        for start, end, steps in rows
    ]
    schema = {name: SAMPLES[name] for name in ("start", "end", "steps", "distance_m")}
    text = {"source": pl.String(), "device": pl.String()}
    return checked(pl.DataFrame(made, schema=schema | text), SAMPLES)


def apart(lengths: list[tuple[int, int, int]]) -> list[Row]:
    """Rows one after the other, of (gap before, length, steps)."""
    rows, at = [], 0
    for gap, length, steps in lengths:
        rows.append((at + gap, at + gap + length, float(steps)))
        at += gap + length
    return rows


gaps = st.integers(0, 500)
lengths = st.integers(1, 3000)


@given(
    stretches=st.lists(st.tuples(gaps, lengths, st.integers(1, 3000)), min_size=1, max_size=8),
    walks=st.lists(st.tuples(gaps, lengths, st.integers(0, 3000)), max_size=8),
)
def test_stretches_keep_their_count(
    stretches: list[tuple[int, int, int]], walks: list[tuple[int, int, int]]
) -> None:
    days, tracks = apart(stretches), apart(walks)
    left, scaled = refined(table(days), table(tracks))
    both = pl.concat([left, scaled]).filter(pl.col("steps") > 0).sort("start")
    assert (both["steps"] >= 0).all()
    overlap = (both["end"].shift() - both["start"]).dt.total_microseconds()
    assert (overlap.drop_nulls() <= 0).all()
    inside = {(start, end) for start, end, _ in days}
    outside = sum(
        steps * (1 - sum(max(0, min(b, end) - max(a, start)) for a, b in inside) / (end - start))
        for start, end, steps in tracks
    )
    expected = sum(steps for _, _, steps in days) + outside
    assert both["steps"].sum() == pytest.approx(expected, abs=1e-3)
    assert imports.merge(both)["steps"].sum() == pytest.approx(both["steps"].sum())


def test_what_is_left_is_spread_over_the_time_without_walks() -> None:
    left, walks = refined(table([(0, 1000, 900)]), table([(200, 500, 600)]))
    assert walks["steps"].to_list() == [600]
    seconds = [(row[0] - START).total_seconds() for row in left.sort("start").rows()]
    assert seconds == [0, 500]
    assert left.sort("start")["steps"].to_list() == pytest.approx([300 * 2 / 7, 300 * 5 / 7])
    assert left["distance_m"].sum() == pytest.approx(600)


def test_a_walk_with_more_than_the_watch_counted_is_brought_to_its_count() -> None:
    left, walks = refined(table([(0, 1000, 400)]), table([(200, 500, 600)]))
    assert left.is_empty()
    assert walks["steps"].to_list() == pytest.approx([400])


def test_two_watches_of_one_name_count_once() -> None:
    left, walks = refined(table([(0, 1000, 900), (100, 900, 800)]), table([(200, 300, 100)]))
    assert imports.merge(pl.concat([left, walks]))["steps"].sum() == pytest.approx(980)
