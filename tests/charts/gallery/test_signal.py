"""The signal behind a gallery: the same however the recording is cut, and no more than asked."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.charts.gallery.signal import VIEW_S, Trace, activity, cut, extremes
from real_recordings import START, step_train
from real_recordings import cut as blocks_of

FS_HZ = 50.0
ZERO_S = START.timestamp()
ACC = step_train(200.0, FS_HZ, 100.0, [(60.0, 140.0)])
G = np.linalg.norm(ACC, axis=1)


def test_walking_is_lively_and_rest_is_not() -> None:
    found = activity(blocks_of(ACC, FS_HZ, []))
    assert found["start_s"].to_list() == [ZERO_S + i * VIEW_S for i in range(10)]
    assert (found["spread_g"][3:7] > 0.1).all()
    assert (found["spread_g"].gather([0, 1, 2, 7, 8, 9]) < 0.02).all()


def test_a_knock_makes_nothing_lively() -> None:
    acc = step_train(40.0, FS_HZ, 100.0, [])
    acc[500:510] *= 8
    assert (activity(blocks_of(acc, FS_HZ, []))["spread_g"] < 0.02).all()


def test_a_long_recording_is_summed_up_on_the_way() -> None:
    hours = [
        type(block)(block.start_utc.replace(hour=hour), 5.0, block.acc)
        for hour in range(10, 24)
        for block in blocks_of(np.tile(ACC, (2, 1))[:18_000], 5.0, [])
    ]
    found = activity(hours)
    assert len(found) == 14 * 180
    assert found["start_s"].is_sorted()
    assert found["start_s"].is_unique().all()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, len(ACC) - 1), max_size=12))
def test_a_cut_recording_gives_the_same_signal(at: list[int]) -> None:
    spans = [(ZERO_S + 10, ZERO_S + 30), (ZERO_S + 90.01, ZERO_S + 110.01)]
    first, second = cut(blocks_of(ACC, FS_HZ, at), spans)
    np.testing.assert_allclose(first.g, G[500:1500], rtol=1e-6)
    assert len(second.g) == 1000
    assert second.at_s[0] >= spans[1][0] - 1e-6
    assert second.at_s[-1] < spans[1][1]
    assert not first.run.any()


def test_a_gap_parts_the_trace() -> None:
    blocks = blocks_of(ACC, FS_HZ, [1000, 1500])
    (trace,) = cut([blocks[0], blocks[2]], [(ZERO_S, ZERO_S + 40)])
    assert trace.run[0] == 0
    assert trace.run[-1] == 1
    assert np.diff(trace.at_s).max() == pytest.approx(10, abs=0.1)


def test_nothing_is_read_after_the_last_span() -> None:
    def blocks():
        for block in blocks_of(ACC, FS_HZ, [2000, 4000]):
            assert block.start_utc.timestamp() < ZERO_S + 60, "read on"
            yield block

    assert len(cut(blocks(), [(ZERO_S, ZERO_S + 10)])[0].g) == 500


def test_an_empty_recording_has_no_activity_and_no_signal() -> None:
    assert activity([]).is_empty()
    (trace,) = cut([], [(0.0, 20.0)])
    assert not len(trace.g)
    assert isinstance(activity([]), pl.DataFrame)


@settings(deadline=None)
@given(st.integers(1, 4000), st.integers(20, 300), st.integers(0, 9))
def test_extremes_keep_the_outline(count: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    at_s = np.linspace(0, 19.99, count)
    run = np.cumsum(rng.random(count) < 0.01)
    trace = Trace(at_s, rng.normal(1, 0.3, count), run)
    drawn = extremes(trace, 0.0, 20.0, columns)
    assert drawn.g.max() == trace.g.max()
    assert drawn.g.min() == trace.g.min()
    assert len(drawn.g) <= max(2 * columns, 2 * (columns + run[-1] + 1))
    assert (np.diff(drawn.at_s) > 0).all()
    assert set(drawn.run) == set(run)
