"""`python -m benchmarks.speed`: seconds and peak memory for recordings of several days.

The recording is made by repeating the real 12-minute `.cwa` file with a running clock: 40 %
of it is walking, far more than anyone's week, and walking is what costs time. With `--lively`
only its longest walk is repeated, so that nobody ever rests: the worst case. It is measured
by the real command in a process of its own, on one core with one thread. The yardstick is
what any reader must do at least: read the bytes, and take one vector magnitude over as many
samples. `--write FILE` only writes the recording, for measuring other tools.
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
WALK = slice(36, 106)  # the sectors of its longest walk, 85 s
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")} | {
    "POLARS_MAX_THREADS": "1"
}
COMMAND = [sys.executable, "-c", "from backstride.cli import main; main()"]


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


def write_days(path: Path, days: float, lively: bool = False) -> int:
    """A `.cwa` file of so many days; how many samples it holds. `lively` is walking only."""
    real = resources.files("backstride.sample_data") / "axivity" / "ax3-610-steps.cwa"
    raw = real.read_bytes()
    sectors = np.frombuffer(raw[fmt.HEADER_BYTES :], dtype=fmt.SECTOR)
    sectors = sectors[WALK] if lively else sectors
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


def one_core() -> None:
    """Keep this process, and what it starts, on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def run(arguments: list[str], **env: str) -> tuple[float, int]:
    """Wall seconds and peak bytes of one whole `backstride` process."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | ONE_THREAD | env,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"backstride {arguments[0]} ended with {process.returncode}")
    return seconds, usage.ru_maxrss * 1024


def measuring(folder: Path, days: float, repeats: int, lively: bool) -> dict[str, object]:
    """The best of `repeats` runs from start to files written, and of the yardstick's."""
    path = folder / "days.cwa"
    samples = write_days(path, days, lively)
    arguments = ["measure", str(path), "--parquet", str(folder / "out"), "--json"]
    least_s = min(yardstick_s(path, samples) for _ in range(repeats))
    runs = [run(arguments) for _ in range(repeats)]
    size = path.stat().st_size
    path.unlink()
    best_s = min(seconds for seconds, _ in runs)
    return {
        "days": days,
        "lively": lively,
        "file_mb": size / 1e6,
        "samples": samples,
        "measure_s": best_s,
        "peak_memory_mb": max(peak for _, peak in runs) / 1e6,
        "yardstick_s": least_s,
        "ratio": best_s / least_s,
    }


def starting(folder: Path, repeats: int) -> dict[str, float]:
    """Seconds of `--help` and of a one-minute file: while it compiles, and ever after.

    Raises SystemExit if the second run compiles something.
    """
    path, cache = folder / "minute.cwa", folder / "kernels"
    write_days(path, 1 / 1440)
    arguments = ["measure", str(path), "--json"]
    compiling_s, _ = run(arguments, NUMBA_CACHE_DIR=str(cache))
    compiled = {file: file.stat().st_mtime_ns for file in cache.rglob("*.nb?")}
    warm_s = min(run(arguments, NUMBA_CACHE_DIR=str(cache))[0] for _ in range(repeats))
    if compiled != {file: file.stat().st_mtime_ns for file in cache.rglob("*.nb?")}:
        raise SystemExit("the second run compiled again")
    return {
        "help_s": min(run(["--help"])[0] for _ in range(repeats)),
        "one_minute_s": warm_s,
        "one_minute_compiling_s": compiling_s,
        "kernels": len([file for file in compiled if file.suffix == ".nbc"]),
    }


def main() -> None:
    """Print the figures, or write the recording."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=float, nargs="+", default=[7.0], help="such as 7 60")
    parser.add_argument("--lively", action="store_true", help="nothing but walking")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write it, measure nothing")
    options = parser.parse_args()
    if options.write:
        samples = write_days(options.write, options.days[0], options.lively)
        print(f"{samples:,} samples, {options.write.stat().st_size / 1e6:.0f} MB")
        return
    one_core()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = starting(folder, options.repeats)
        each = [measuring(folder, d, options.repeats, options.lively) for d in options.days]
    if options.json:
        print(json.dumps({"made_with": machine(), "start": start, "measure": each}, indent=2))
        return
    print(f"--help {start['help_s']:.2f} s; a minute {start['one_minute_s']:.2f} s", end="")
    print(f" ({start['one_minute_compiling_s']:.1f} s while it compiles, the first time)")
    for found in each:
        print(f"{found['days']:g} days, {found['file_mb']:.0f} MB, {found['samples']:,} samples:")
        print(f"  backstride measure {found['measure_s']:.2f} s,", end="")
        print(f" peak {found['peak_memory_mb']:.0f} MB")
        print(f"  bytes and a magnitude {found['yardstick_s']:.2f} s;", end="")
        print(f" {found['ratio']:.1f} times")


if __name__ == "__main__":
    main()
