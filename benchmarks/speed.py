"""`python -m benchmarks.speed`: seconds and peak memory for a recording of several days.

The recording is made by repeating the real 12-minute `.cwa` file with a running clock: 40 %
of it is walking, far more than anyone's week, and walking is what costs time. It is measured
by the real command in a process of its own. The yardstick is what any reader must do at
least: read the bytes, and take one vector magnitude over as many samples.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path

import numpy as np

from backstride.sensors import cwa_format as fmt
from benchmarks.accuracy import machine

RATE_HZ = 98.5245  # the real device's
START_S = 1_772_442_000  # 2026-03-02 09:00 on the device's clock
AT_ONCE = 50_000


def packed_clock(seconds: np.ndarray) -> np.ndarray:
    """Whole seconds since 1970 in the format's own packing."""
    at = seconds.astype("datetime64[s]")
    day, month = at.astype("datetime64[D]"), at.astype("datetime64[M]")
    year = at.astype("datetime64[Y]")
    of_day = seconds - day.astype(np.int64) * 86400
    parts = (
        (year.astype(np.int64) + 1970 - 2000, 26),
        ((month - year).astype(np.int64) + 1, 22),
        ((day - month).astype(np.int64) + 1, 17),
        (of_day // 3600, 12),
        (of_day // 60 % 60, 6),
        (of_day % 60, 0),
    )
    return sum(value << shift for value, shift in parts).astype(np.uint32)


def write_days(path: Path, days: float) -> int:
    """A `.cwa` file of so many days; how many samples it holds."""
    real = resources.files("backstride.sample_data") / "axivity" / "ax3-610-steps.cwa"
    raw = real.read_bytes()
    sectors = np.frombuffer(raw[fmt.HEADER_BYTES :], dtype=fmt.SECTOR)
    count = round(days * 86400 * RATE_HZ / fmt.PACKED_SAMPLES)
    with path.open("wb") as file:
        file.write(raw[: fmt.HEADER_BYTES])
        for first in range(0, count, AT_ONCE):
            number = np.arange(first, min(first + AT_ONCE, count))
            part = sectors[number % len(sectors)]
            at_s = START_S + number * fmt.PACKED_SAMPLES / RATE_HZ
            ticks = ((at_s % 1) * 65536).astype(np.int64) >> 1
            part["sequence"] = number
            part["clock"] = packed_clock(np.floor(at_s).astype(np.int64))
            part["fraction"] = fmt.FRACTION_VALID | ticks
            part["offset"] = -(((ticks << 1) * 100) >> 16)
            part["checksum"] = 0
            words = part.view("<u2").reshape(len(part), -1)
            part["checksum"] = -words.sum(axis=1, dtype=np.uint16)
            file.write(part.tobytes())
    return count * fmt.PACKED_SAMPLES


def yardstick_s(path: Path, samples: int) -> float:
    """Read the bytes and take one magnitude over as many samples, a few MB at a time."""
    acc = np.ones((1 << 20, 3), dtype=np.float32)
    buffer = bytearray(2 << 20)
    start = time.perf_counter()
    with path.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
    for _ in range(samples >> 20):
        np.sqrt((acc * acc).sum(axis=1))
    return time.perf_counter() - start


def run_measure(path: Path, folder: Path) -> tuple[float, int]:
    """Wall seconds and peak bytes of the whole command, from start to files written."""
    command = [sys.executable, "-c", "from backstride.cli import main; main()"]
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "measure", str(path), "--parquet", str(folder), "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"backstride measure ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss * 1024


def figures(days: float, repeats: int) -> dict[str, object]:
    """The best of `repeats` runs, and the yardstick's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "days.cwa"
        samples = write_days(path, days)
        least_s = min(yardstick_s(path, samples) for _ in range(repeats))
        runs = [run_measure(path, Path(folder) / "out") for _ in range(repeats)]
        size = path.stat().st_size
    best_s = min(seconds for seconds, _ in runs)
    return {
        "made_with": machine(),
        "days": days,
        "file_mb": size / 1e6,
        "samples": samples,
        "measure_s": best_s,
        "peak_memory_mb": max(peak for _, peak in runs) / 1e6,
        "yardstick_s": least_s,
        "ratio": best_s / least_s,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=7.0)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = figures(options.days, options.repeats)
    if options.json:
        print(json.dumps(found, indent=2))
        return
    print(f"{found['days']} days, {found['file_mb']:.0f} MB, {found['samples']:,} samples")
    print(f"backstride measure: {found['measure_s']:.1f} s, {found['peak_memory_mb']:.0f} MB")
    print(f"bytes and one magnitude: {found['yardstick_s']:.2f} s; {found['ratio']:.1f} times")


if __name__ == "__main__":
    main()
