"""An import's memory stays the same however large the export is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.imports import write_export

from backstride.cli import ALLOCATOR

MOST_MB = 170
GROWS_MB = 25  # of a file five times as large, which holds 40,000 samples more

READ = """
import sys
from backstride import imports
from backstride.imports.merge import total

got = imports.read(sys.argv[1])
assert got.sample_count > 5_000 and total(got.tables) > 0
peak = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(peak[0].split()[1]) / 1000)
"""


def peak_mb(packed: Path) -> float:
    env = {**os.environ, ALLOCATOR[0]: ALLOCATOR[1]}
    command = [sys.executable, "-c", READ, str(packed)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return float(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is told by Linux's /proc")
def test_a_larger_export_takes_no_more_memory(tmp_path: Path) -> None:
    def peak_of(megabytes: int) -> float:
        folder = tmp_path / str(megabytes)
        folder.mkdir()
        return peak_mb(write_export(folder, megabytes * 1_000_000)[1])

    small, large = peak_of(20), peak_of(100)
    assert large < MOST_MB
    assert large - small < GROWS_MB
