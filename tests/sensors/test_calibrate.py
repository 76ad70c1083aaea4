"""Auto-calibration: known gains and offsets come back, and too little stillness is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backstride.errors import NotEnoughData
from backstride.records import Block, Recording
from backstride.sensors import open_recording
from backstride.sensors.calibrate import calibrated, fit, still_windows
from real_recordings import AX3_610, START, cut, recording_of

FS_HZ = 50.0


def poses(n: int, seed: int = 3) -> np.ndarray:
    """Unit vectors [n, 3] all around."""
    vectors = np.random.default_rng(seed).normal(size=(n, 3))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def still_then_moved(vectors: np.ndarray, gain, offset, noise_g: float = 0.004) -> np.ndarray:
    """Each pose held for 20 s and shaken for 5 s, as a device with this error measures it."""
    rng = np.random.default_rng(5)
    held = np.repeat(vectors, round(25 * FS_HZ), axis=0)
    shaken = np.arange(len(held)) % round(25 * FS_HZ) >= round(20 * FS_HZ)
    held = held + rng.normal(0, noise_g, held.shape)
    held[shaken] += rng.normal(0, 0.3, (shaken.sum(), 3))
    return ((held - offset) / gain).astype(np.float32)


def worn(vectors: np.ndarray, gain=(1.0, 1.0, 1.0), offset=(0.0, 0.0, 0.0)) -> Recording:
    acc = still_then_moved(vectors, np.array(gain), np.array(offset))
    return recording_of(cut(acc, FS_HZ, [777, 10_000, 10_001, 33_333]))


small = st.floats(-0.08, 0.08)


@given(arrays(float, 3, elements=small), arrays(float, 3, elements=small), st.integers(0, 1000))
def test_the_gain_and_offset_of_a_device_come_back(gain_off, offset, seed) -> None:
    vectors = poses(120, seed)
    gain = 1 + gain_off
    found = fit((vectors - offset) / gain)
    np.testing.assert_allclose(found.gain, gain, atol=5e-4)
    np.testing.assert_allclose(found.offset, offset, atol=5e-4)
    assert found.after_g < 2e-4


def test_the_calibrated_recording_measures_1_g_where_it_lies_still() -> None:
    gain, offset = (0.96, 1.05, 1.02), (0.05, -0.03, 0.08)
    recording = worn(poses(80), gain, offset)
    ours = calibrated(recording)
    before, after = (still_windows(r.blocks()) for r in (recording, ours))
    assert np.abs(np.linalg.norm(before, axis=1) - 1).mean() > 0.03
    assert np.abs(np.linalg.norm(after, axis=1) - 1).max() < 0.003
    assert all(block.acc.dtype == np.float32 for block in ours.blocks())
    (told,) = (notice for notice in ours.notices if notice.code == "calibrate.done")
    assert told.count == 1
    assert "no temperature used" in told.text
    starts = [block.start_utc for block in recording.blocks()]
    assert [block.start_utc for block in ours.blocks()] == starts


def test_windows_go_on_from_block_to_block_and_not_across_gaps() -> None:
    vectors = poses(4)
    whole = recording_of(cut(still_then_moved(vectors, 1.0, 0.0), FS_HZ, []))
    expected = still_windows(whole.blocks())
    # Windows start every 10 s; those of 20-30, 40-50, 60-70 and 90-100 s hold some shaking.
    assert 3 <= len(expected) <= 6
    np.testing.assert_allclose(still_windows(worn(vectors).blocks()), expected, atol=1e-6)
    acc = np.tile(np.float32([0, 0, 1]), (450, 1))
    apart = [Block(START, FS_HZ, acc), Block(START.replace(hour=12), FS_HZ, acc)]
    assert len(still_windows(apart)) == 0


@pytest.mark.parametrize(
    ("vectors", "why"),
    [
        (poses(20), "windows of 10 s without movement, 50 needed"),
        (np.abs(poses(80)), "too few directions"),
        (poses(80) * [[1, 1, 0.2]], "too few directions"),
    ],
)
def test_too_little_stillness_changes_nothing_and_says_why(vectors: np.ndarray, why: str) -> None:
    recording = worn(vectors)
    ours = calibrated(recording)
    for one, other in zip(ours.blocks(), recording.blocks(), strict=True):
        np.testing.assert_array_equal(one.acc, other.acc)
    (told,) = ours.notices
    assert told.code == "calibrate.not_done"
    assert why in told.text


def test_what_no_gain_can_mend_is_refused() -> None:
    uneven = poses(200) * np.random.default_rng(1).uniform(0.9, 1.1, (200, 1))
    with pytest.raises(NotEnoughData, match="less than 10 mg"):
        fit(uneven)


def test_the_readers_own_notices_stay_and_reading_again_counts_once() -> None:
    recording = calibrated(open_recording(AX3_610))
    for _ in range(2):
        samples = sum(len(block.acc) for block in recording.blocks())
        assert samples == 71_400
        told = {notice.code: notice for notice in recording.notices}
        assert set(told) == {"cwa.clock_without_zone", "calibrate.not_done"}
        assert told["calibrate.not_done"].count == 1
