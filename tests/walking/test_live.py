"""Measuring while the recording comes says what measuring all of it says."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.records import Placement
from backstride.sensors import open_recording
from backstride.walking import Live, Measurement, Params, measure
from real_recordings import AX3_610, START, cut, phone_walk, recording_of, step_train

UNSURE = timedelta(seconds=Params().margin_s)  # what may yet turn out otherwise
WALKS = [(30.0, 300.0), (585.0, 640.0), (700.0, 720.0)]


def same(one: Measurement, other: Measurement) -> None:
    """The same steps to the millisecond, the same bouts and minutes."""
    assert len(one.steps) == len(other.steps)
    if len(one.steps):
        shift = (one.steps["at"] - other.steps["at"]).dt.total_microseconds().abs().max()
        assert shift < 1000
    assert one.bouts["steps"].to_list() == other.bouts["steps"].to_list()
    assert one.minutes["steps"].to_list() == other.minutes["steps"].to_list()
    assert abs(one.recorded_s - other.recorded_s) < 1e-3
    assert (one.worn_s is None) == (other.worn_s is None)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 39_999), max_size=6), st.data())
def test_blocks_however_cut_and_looked_at_in_between(at: list[int], data) -> None:
    blocks = cut(step_train(800, 50, 96, WALKS), 50, at)
    live = Live("made up", Placement.POCKET, fs_hz=50.0)
    finished = measure(recording_of(cut(step_train(800, 50, 96, WALKS), 50, [])))
    for block in blocks:
        live.push(block)
        if data.draw(st.booleans()):
            so_far, sure = live.so_far(), block.end_utc - UNSURE
            early, whole = (m.steps.filter(pl.col("at") < sure) for m in (so_far, finished))
            assert len(early) == len(whole)
    same(live.so_far(), finished)
    same(live.finish(), finished)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 11_999), max_size=12), st.integers(0, 100))
def test_uneven_samples_however_batched(at: list[int], seed: int) -> None:
    """A phone's clock: about 62 Hz, never even, with a hole."""
    rng = np.random.default_rng(seed)
    t = START.timestamp() + np.cumsum(rng.uniform(0.012, 0.02, 12_000))
    t[5_000:] += 40.0
    since = t - t[0]
    acc = np.tile([0.1, 0.2, 0.97], (len(t), 1)) + rng.normal(0, 0.004, (len(t), 3))
    acc[:, 2] += 0.25 * np.sin(2 * np.pi * 1.6 * since) * (since % 90 > 20)
    whole, parts = Live("phone"), Live("phone")
    whole.push_samples(t, acc)
    for batch in np.split(np.arange(len(t)), sorted(at)):
        parts.push_samples(t[batch], acc[batch])
    same(parts.finish(), whole.finish())
    assert whole.finish().bouts["steps"].sum() > 120
    assert 39.9 < (t[-1] - t[0]) - whole.finish().recorded_s < 41


def test_a_real_phone_second_by_second() -> None:
    path, true = phone_walk("Pixel_Jamie_Hard_FrontPocket_1")
    table = pl.read_parquet(path)
    t_s = START.timestamp() + table["t_s"].to_numpy()
    acc = table.select("x", "y", "z").to_numpy() / 9.80665
    live, counts = Live("phone", Placement.POCKET), []
    for second in range(int(np.ptp(t_s)) + 1):
        now = np.floor(t_s - t_s[0]) == second
        live.push_samples(t_s[now], acc[now])
        counts.append(int(live.so_far().bouts["steps"].sum()))
    found = live.finish().bouts["steps"].sum()
    assert abs(found - true) < 0.04 * true
    assert abs(found - measure(open_recording(path)).bouts["steps"].sum()) <= 1
    assert counts[30] > 0.3 * true  # not only at the end
    assert min(np.diff(counts)) > -6  # steps that were shown are not taken away again


def test_a_real_recording_pushed_sector_by_sector() -> None:
    whole = measure(open_recording(AX3_610))
    live = Live("ax3", worn=True, fs_hz=100.0)
    for block in open_recording(AX3_610).blocks():
        for part in cut(block.acc, block.fs_hz, list(range(120, 71_400, 120)), block.start_utc):
            live.push(part)
    same(live.finish(), whole)


def test_what_is_no_sample_is_left_out_and_told() -> None:
    live = Live("phone")
    t = START.timestamp() + np.arange(300) / 50
    acc = step_train(6, 50, 100, [(0, 6)]).astype(np.float64)
    acc[10] = np.nan
    acc[20, 1] = 1e9
    t[30], t[40], t[50] = np.inf, -5.0, t[49] - 1
    live.push_samples(t, acc)
    notices = {n.code: n.count for n in live.so_far().notices}
    assert notices == {"row.bad": 4, "time.not_increasing": 1}


def test_nothing_yet_is_an_empty_measurement() -> None:
    live = Live("phone")
    live.push_samples(np.empty(0), np.empty((0, 3)))
    assert live.so_far().bouts.is_empty()
    assert live.finish().start_utc is None
