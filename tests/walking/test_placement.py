"""Where a sensor is, found from the walking: however turned, sampled, or cut into blocks."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from benchmarks.recordings import cases, watch_csv, wrist_recording
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal as sps
from scipy.spatial.transform import Rotation

from backstride.records import Block, Placement
from backstride.sensors import open_recording
from backstride.sensors.parquet import open_parquet
from backstride.walking import placement_kernels as kernels
from backstride.walking.placement import ENOUGH_S, SLOT_S, Placing
from real_recordings import AX3_200, DATA, LOWER_BACK, START, cut, phone_walk, step_train

FS_HZ = 100.0
POCKET = "Pixel_Jamie_Hard_FrontPocket_1"
SWINGING = "Pixel_Jamie_Hard_SwingingArm_1"
READING = "Pixel_Jamie_Carpet_InHand_1"
TRUNK = "a trunk"
ANSWERS = {  # as a phone, and as a device that is made to be worn
    POCKET: (Placement.POCKET, Placement.UNKNOWN),
    SWINGING: (Placement.HAND, Placement.WRIST),
    TRUNK: (Placement.UNKNOWN, Placement.LOWER_BACK),
}


@cache
def walk(name: str) -> np.ndarray:
    """A real walk at FS_HZ, about 70 s."""
    path = AX3_200 if name == TRUNK else phone_walk(name)[0]
    blocks = list(open_recording(path).blocks())
    acc = np.concatenate([b.acc for b in blocks])
    if name == TRUNK:
        acc = acc[170 * 200 : 240 * 200]
    samples = round(len(acc) / blocks[0].fs_hz * FS_HZ)
    return sps.resample_poly(acc, samples, len(acc), axis=0, padtype="line").astype(np.float32)


def found(blocks: Iterable[Block], worn: bool = False) -> tuple[Placement, float]:
    placing = Placing(worn)
    for block in blocks:
        placing.add(block)
    return placing.found()


def whole(acc: np.ndarray, fs_hz: float = FS_HZ, worn: bool = False) -> tuple[Placement, float]:
    return found([Block(START, fs_hz, acc)], worn)


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("worn", [False, True])
def test_real_walks(name: str, worn: bool) -> None:
    place, sure = whole(walk(name), worn=worn)
    assert place is ANSWERS[name][worn]
    assert sure >= 0.8 if place is not Placement.UNKNOWN else sure == 0.0


def test_a_phone_that_is_read_from_is_not_taken_for_a_worn_one() -> None:
    assert whole(walk(READING)) == (Placement.UNKNOWN, 0.0)


@settings(max_examples=20)
@given(st.sampled_from(list(ANSWERS)), st.booleans(), st.integers(0, 1 << 31))
def test_however_the_sensor_is_turned(name: str, worn: bool, seed: int) -> None:
    turned = Rotation.random(random_state=seed).apply(walk(name)).astype(np.float32)
    place, sure = whole(turned, worn=worn)
    assert place is ANSWERS[name][worn]
    assert sure == pytest.approx(whole(walk(name), worn=worn)[1], abs=0.05)


@settings(max_examples=20)
@given(st.sampled_from(list(ANSWERS)), st.booleans(), st.floats(20.0, 200.0))
def test_whatever_the_rate(name: str, worn: bool, fs_hz: float) -> None:
    samples = round(len(walk(name)) / FS_HZ * fs_hz)
    mean = walk(name).mean(axis=0)
    other = (sps.resample(walk(name) - mean, samples, axis=0) + mean).astype(np.float32)
    assert whole(other, fs_hz, worn)[0] is ANSWERS[name][worn]


@settings(max_examples=20)
@given(st.sampled_from(list(ANSWERS)), st.booleans(), st.lists(st.integers(1, 6900), max_size=9))
def test_however_cut(name: str, worn: bool, at: list[int]) -> None:
    expected = whole(walk(name), worn=worn)
    place, sure = found(cut(walk(name), FS_HZ, at), worn)
    assert place is expected[0]
    assert sure == pytest.approx(expected[1], abs=0.05)


@given(st.floats(1.7, 2.2) | st.floats(0.5, 0.65), st.sampled_from([TRUNK, READING]))
@settings(max_examples=20)
def test_a_cadence_out_of_range_is_not_taken_for_another_place(slower: float, name: str) -> None:
    """The same walk at under 65, or over 150, steps a minute: nothing swings or jolts more."""
    for worn in (False, True):
        assert whole(walk(name), FS_HZ / slower, worn)[0] in (
            Placement.UNKNOWN,
            ANSWERS[TRUNK][worn],
        )


def test_too_little_walking_is_unknown() -> None:
    assert whole(walk(POCKET)[2000:2900])[0] is Placement.UNKNOWN
    assert whole(walk(POCKET)[2000:4500])[0] is Placement.POCKET
    back = open_parquet(LOWER_BACK, Placement.UNKNOWN, "UTC", fs_hz=FS_HZ)
    assert found(back.blocks(), worn=True)[0] is Placement.LOWER_BACK
    first = next(iter(back.blocks()))
    assert whole(first.acc[:3000], worn=True)[0] is Placement.UNKNOWN
    assert Placing().found() == (Placement.UNKNOWN, 0.0)


def test_no_walking_is_unknown() -> None:
    assert whole(step_train(120, FS_HZ, 100, []))[0] is Placement.UNKNOWN
    counts, _steps, _seconds = watch_csv(DATA / "l2-25hz-bw2-pc-working1.csv")
    desk = wrist_recording("desk work", counts)
    assert found(desk.blocks(), worn=True)[0] is Placement.UNKNOWN


def test_a_device_taken_from_the_table_is_where_it_is_carried() -> None:
    table = np.tile(np.array([0, 0, 1], np.float32), (60_000, 1))
    expected = whole(walk(POCKET))
    on_table = Block(START, FS_HZ, table)
    taken = Block(on_table.end_utc + timedelta(seconds=7), FS_HZ, walk(POCKET))
    assert found([on_table, taken]) == expected


def test_a_device_that_changes_its_place_is_unknown() -> None:
    both = np.concatenate([walk(POCKET), walk(SWINGING)])
    assert whole(both)[0] is Placement.UNKNOWN


def hours(name: str, times: int) -> np.ndarray:
    return np.tile(walk(name), (times, 1))


@given(st.lists(st.integers(1, 400_000), max_size=4))
@settings(max_examples=5)
def test_after_enough_walking_a_tenth_is_looked_at(at: list[int]) -> None:
    acc = hours(POCKET, 120)  # over two hours
    placing = Placing()
    for block in cut(acc, FS_HZ, at):
        placing.add(block)
    assert placing.found()[0] is Placement.POCKET
    assert len(acc) / FS_HZ > 8000
    assert 0.9 * ENOUGH_S < placing.walking_s() < ENOUGH_S + 3 * SLOT_S
    assert len(pickle.dumps(placing)) < 10_000  # and nothing else of it is kept


def test_walking_after_days_of_lying_about_is_found() -> None:
    placing, at = Placing(), START
    still = np.tile(np.array([0, 0, 1], np.float32), (1_000_000, 1))
    for acc in [still] * 10 + [hours(POCKET, 100)]:  # 28 hours, 2 hours
        block = Block(at, FS_HZ, acc)
        placing.add(block)
        at = block.end_utc
    assert placing.found()[0] is Placement.POCKET
    assert placing.walking_s() < 2 * SLOT_S  # by now, one slot in ten


def test_how_sure_grows_with_what_was_walked() -> None:
    sures = [whole(walk(POCKET)[: 1000 * n])[1] for n in (2, 4, 7)]
    assert all(a < b < 1 for a, b in pairwise(sures))


RATES = st.one_of(st.sampled_from([20.0, 40.0, 50.0, 100.0]), st.floats(6.0, 400.0))


@given(st.integers(1, 5000), RATES, st.lists(st.integers(1, 5000), max_size=6))
def test_even_axes(samples: int, fs_hz: float, cuts: list[int]) -> None:
    acc = np.random.default_rng(3).normal(0, 1, (samples, 3)).astype(np.float32)
    edges = sorted({0, samples, *(c for c in cuts if c < samples)})
    results = []
    for kernel in (kernels.even_axes, kernels.numpy_even_axes):
        state, rows = np.r_[0.0, acc[0], np.zeros(4)].astype(np.float64), []
        for a, b in pairwise(edges):
            out = np.full((int((b - a) * 20.0 / fs_hz) + 2, 3), np.nan)
            count = kernel(acc[a:b], a / fs_hz, 1 / fs_hz, 20.0, state, out)
            assert np.isnan(out[count:]).all()
            rows.append(out[:count])
        results.append((np.concatenate(rows), state))
    (found_rows, found_state), (expected_rows, expected_state) = results
    np.testing.assert_allclose(found_rows, expected_rows, atol=1e-9)
    np.testing.assert_allclose(found_state, expected_state, atol=1e-9)


NOISE_G = st.floats(0.02, 0.3)  # without any, two lags may be as good


@given(st.integers(0, 800), st.sampled_from([0.0, 0.2]), st.floats(0.6, 2.0), NOISE_G, st.data())
def test_look(n: int, wave_g: float, stride_s: float, noise_g: float, data) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    phase = 2 * np.pi * np.arange(n)[:, None] / 20.0 / stride_s
    rows = rng.normal((0.3, 0.2, 0.9), noise_g, (n, 3))
    for harmonic in range(1, 5):
        rows += wave_g * rng.random(3) * np.sin(harmonic * phase + rng.random(3) * 7)
    size = max(n // kernels.HOP, 1)
    got, expected = np.full((2, size, kernels.FIGURES), np.nan)
    count = kernels.look(rows, got)
    assert count == kernels.numpy_look(rows, expected)
    np.testing.assert_allclose(got[:count], expected[:count], rtol=1e-6, atol=1e-9)


@pytest.mark.shared_data
def test_phones_of_three_people(shared_data: Path) -> None:
    """Fitted on: `python -m benchmarks.placement` leaves each person out."""
    for case in cases(shared_data):
        if case.data_set == "oxford-phone":
            place, _ = found(case.open().blocks())
            pocket, swings = "pocket" in case.group, case.group == "swingingarm"
            expected = Placement.HAND if swings else Placement.UNKNOWN
            assert place is (Placement.POCKET if pocket else expected), case.name
