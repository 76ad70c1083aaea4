"""Samples at the end of the sensor's range are flagged, in every format that tells its range."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

import axivity_files as ax
from backstride.sensors import gt3x_format as fmt
from backstride.sensors import open_recording
from device_files import actilife_csv, counts, geneactiv, gt3x, info, log
from real_recordings import AX3_610, AX3_CORRUPT, START

HIT = slice(420, 430)  # ten samples of one second at 100 Hz


def walk(range_g: float, per_g: float, hit: int) -> np.ndarray:
    """12 s at 100 Hz whose largest sound value is 97 % of the range, and ten clipped samples."""
    values = counts(12, 100, per_g)
    values[700, 1] = int(0.97 * range_g * per_g)
    values[HIT, 2] = hit
    return values


def axivity(path: Path, range_g: int, sign: int) -> Path:
    most = range_g * 256
    return ax.cwa(path, walk(range_g, 256, most - 1 if sign > 0 else -most), range_g=range_g)


def ax6(path: Path, range_g: int, sign: int) -> Path:
    per_g = 32768 // range_g
    values = walk(range_g, per_g, 32767 if sign > 0 else -32768)
    code = int(np.log2(per_g)) - 8
    return ax.cwa(path, values, ax.UNPACKED, range_g=range_g, scale_code=code)


def actigraph(path: Path, range_g: int, sign: int) -> Path:
    values = walk(range_g, 256, sign * range_g * 256 - (sign > 0))
    said = info(more=f"Acceleration Max: {range_g}.000\n")
    return gt3x(path, log(values, 100), said)


def old_actigraph(path: Path, _range_g: int, sign: int) -> Path:
    values = walk(6, 341, 2046 if sign > 0 else -2048)
    return gt3x(path, log(values, 100, kind=fmt.ACTIVITY), info(100, "NEO1C16110020", "GT3XPlus"))


def csv_with_range(path: Path, range_g: int, sign: int) -> Path:
    g = walk(range_g, 256, sign * range_g * 256) / 256
    lines = [f"{START.timestamp() + i / 100:.3f},{x},{y},{z}" for i, (x, y, z) in enumerate(g)]
    path.write_text(f"# acc_range = {range_g} g\ntime,x,y,z\n" + "\n".join(lines))
    return path


def actilife(path: Path, _range_g: int, sign: int) -> Path:
    return actilife_csv(path, walk(8, 256, sign * 2048) / 256)


CASES = [
    (axivity, 16),
    (axivity, 8),
    (axivity, 4),
    (axivity, 2),
    (ax6, 16),
    (ax6, 2),
    (actigraph, 8),
    (old_actigraph, 6),
    (actilife, 8),
    (csv_with_range, 4),
]


@pytest.mark.parametrize(("make", "range_g"), CASES)
@pytest.mark.parametrize("sign", [1, -1])
def test_only_samples_at_the_end_of_the_range_are_flagged(
    make: Callable[[Path, int, int], Path], range_g: int, sign: int, tmp_path: Path
) -> None:
    recording = open_recording(make(tmp_path / "x", range_g, sign))
    blocks = list(recording.blocks())
    assert sum(block.clipped for block in blocks) == 10
    told = {notice.code: notice for notice in recording.notices}["clipped"]
    assert told.count == 1  # second
    assert f"({range_g} g)" in told.sentence
    first = START + timedelta(seconds=4.2)
    assert told.where.startswith(f"{first:%Y-%m-%d %H:%M:%S}")


def test_geneactivs_range_is_what_12_bits_hold_after_its_own_calibration(tmp_path: Path) -> None:
    values = counts(12, 100, 255)
    values[700] = [2045, -2046, 2045]  # more than 8 g, and yet not clipped
    values[100, 0], values[600, 1], values[900, 2] = 2047, -2048, 2047
    recording = open_recording(geneactiv(tmp_path / "x.bin", values))
    assert sum(block.clipped for block in recording.blocks()) == 3
    assert {notice.code: notice.count for notice in recording.notices}["clipped"] == 3


def test_a_real_ax3_hits_its_range_of_8_g() -> None:
    recording = open_recording(AX3_CORRUPT)
    blocks = list(recording.blocks())
    acc = np.concatenate([block.acc for block in blocks])
    assert sum(block.clipped for block in blocks) == (np.abs(acc) >= 7.98).any(axis=1).sum() == 4


def test_a_walk_is_not_flagged_nor_told() -> None:
    recording = open_recording(AX3_610)
    assert all(block.clipped == 0 for block in recording.blocks())
    assert "clipped" not in {notice.code for notice in recording.notices}
