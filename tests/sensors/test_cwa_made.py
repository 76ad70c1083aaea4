"""Axivity files made after `cwa.h`: each rate, range, packing and clock, as they were put in."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import axivity_files as ax
from backstride.sensors import open_recording
from device_files import counts
from real_recordings import START

VALUES = counts(60, 100)


def read(path: Path) -> tuple[list, np.ndarray, np.ndarray]:
    """Blocks, samples, and their seconds from the start."""
    blocks = list(open_recording(path).blocks())
    start_s = START.timestamp()
    times = [b.start_utc.timestamp() - start_s + np.arange(len(b.acc)) / b.fs_hz for b in blocks]
    return blocks, np.concatenate([b.acc for b in blocks]), np.concatenate(times)


@pytest.mark.parametrize("with_fraction", [True, False])
@pytest.mark.parametrize("code", ax.RATES_HZ)
def test_each_rate_has_its_samples_and_times(
    code: int, with_fraction: bool, tmp_path: Path
) -> None:
    path = ax.cwa(tmp_path / "x.cwa", VALUES, rate_code=code, with_fraction=with_fraction)
    _, acc, times = read(path)
    rate = ax.RATES_HZ[code]
    np.testing.assert_array_equal(acc, ax.held_g(VALUES).astype(np.float32))
    slack_s = 1e-4 if with_fraction else 1 / rate
    np.testing.assert_allclose(times, np.arange(len(acc)) / rate, atol=slack_s)


@pytest.mark.parametrize("range_g", ax.RANGES)
def test_each_range_uses_all_shifts_of_the_packing(range_g: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(range_g)
    values = rng.integers(-256 * range_g, 256 * range_g, (1200, 3))
    _, acc, _ = read(ax.cwa(tmp_path / "x.cwa", values, range_g=range_g))
    np.testing.assert_array_equal(acc, ax.held_g(values).astype(np.float32))


@pytest.mark.parametrize(
    ("packing", "scale_code", "axes"),
    [
        (ax.UNPACKED, 0, 3),
        (ax.UNPACKED, 6, 3),
        (ax.WITH_GYRO, 4, 6),
        (ax.WITH_MAGNETOMETER, 3, 9),
    ],
)
def test_16_bit_samples_with_and_without_other_axes(
    packing: int, scale_code: int, axes: int, tmp_path: Path
) -> None:
    values = np.random.default_rng(1).integers(-32768, 32768, (1234, axes))
    path = ax.cwa(tmp_path / "x.cwa", values, packing, scale_code=scale_code)
    _, acc, _ = read(path)
    expected = (values if axes == 3 else values[:, 3:6]) / 2 ** (8 + scale_code)
    np.testing.assert_array_equal(acc, expected.astype(np.float32))


def test_a_crystal_that_is_off_is_measured(tmp_path: Path) -> None:
    (block,), _, times = read(ax.cwa(tmp_path / "x.cwa", VALUES, true_hz=98.6))
    assert block.fs_hz == pytest.approx(98.6, rel=1e-5)
    np.testing.assert_allclose(times, np.arange(len(VALUES)) / 98.6, atol=1e-4)


def test_lost_and_damaged_sectors_and_a_pause_are_gaps(tmp_path: Path) -> None:
    path = ax.cwa(tmp_path / "x.cwa", VALUES, without=[10, 11], damaged=[20], pause_s=(30, 12.5))
    blocks, acc, times = read(path)
    gaps_s = [(b.start_utc - a.end_utc).total_seconds() for a, b in pairwise(blocks)]
    assert gaps_s == [pytest.approx(gap, abs=0.01) for gap in (2.4, 1.2, 12.5)]
    number = np.arange(len(VALUES))
    kept = ~np.isin(number // 120, [10, 11, 20])
    np.testing.assert_array_equal(acc, ax.held_g(VALUES).astype(np.float32)[kept])
    expected = number / 100 + 12.5 * (number >= 30 * 120)
    np.testing.assert_allclose(times, expected[kept], atol=1e-3)
