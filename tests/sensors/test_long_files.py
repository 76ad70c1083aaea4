"""A long recording is read and measured in memory that does not grow with it."""

from __future__ import annotations

import itertools
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from backstride.sensors import cwa_format as fmt
from backstride.sensors import open_recording
from real_recordings import AX3_610


def repeated(path: Path, times: int) -> Path:
    """The real file's sectors over and over, numbered on, each pass 13 minutes later."""
    raw = AX3_610.read_bytes()
    sectors = np.frombuffer(raw[1024:], dtype=fmt.SECTOR)
    with path.open("wb") as file:
        file.write(raw[:1024])
        for number in range(times):
            part = sectors.copy()
            part["sequence"] += number * len(part)
            day, minute = divmod(number * 13, 720)
            part["clock"] += (day << 17) + ((minute // 60) << 12)
            minutes = (part["clock"] >> 6 & 63) + minute % 60
            part["clock"] += (minute % 60) << 6
            over = minutes >= 60
            part["clock"][over] += (1 << 12) - (60 << 6)
            part["checksum"] = 0
            words = part.view("<u2").reshape(len(part), -1)
            part["checksum"] = -words.sum(axis=1, dtype=np.uint16)
            file.write(part.tobytes())
    return path


def peak_mb(path: Path) -> float:
    tracemalloc.start()
    samples = sum(len(block.acc) for block in open_recording(path).blocks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert samples % 71_400 == 0
    return peak / 1e6


def test_reading_takes_no_more_memory_for_a_longer_file(tmp_path: Path) -> None:
    short, long = repeated(tmp_path / "a.cwa", 10), repeated(tmp_path / "b.cwa", 60)
    assert peak_mb(long) < 1.3 * peak_mb(short)


def test_gaps_between_passes_stay_gaps(tmp_path: Path) -> None:
    recording = open_recording(repeated(tmp_path / "a.cwa", 3))
    blocks = list(recording.blocks())
    gaps_s = [(b.start_utc - a.end_utc).total_seconds() for a, b in itertools.pairwise(blocks)]
    assert [g for g in gaps_s if g > 1] == [pytest.approx(55.3, abs=0.3)] * 2
