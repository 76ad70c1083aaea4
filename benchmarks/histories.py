"""How long the import of years of a source takes, and how much memory.

    python -m benchmarks.histories garmin
    python -m benchmarks.histories garmin --years 1 --peer --keep export.zip

Makes an export of years (`garmin_history` and its like say of what it consists), reads it in a
process of its own, and holds the days that came out against the totals in it.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from backstride import imports
from benchmarks import fitbit_history, garmin_history

ZONE = "Europe/Berlin"
# Each writes an export of so many years to a path and says in words what is in it.
MAKERS: dict[str, Callable[[Path, float], str]] = {
    "garmin": garmin_history.make,
    "fitbit": fitbit_history.make,
}
# Others' readers of the same, to see what ours saves.
PEERS: dict[str, Callable[[Path], str]] = {
    "garmin": garmin_history.with_fitdecode,
}


def read(path: Path) -> str:
    """What came out of an import, in words."""
    got = imports.read(path, zone=ZONE)
    merged = imports.merge(got.samples)
    day = pl.col("start").dt.convert_time_zone(ZONE).dt.date().alias("date")
    ours = merged.group_by(day).agg(pl.col("steps").sum().alias("ours"))
    beside = got.vendor_days.join(ours, on="date", how="left").fill_null(0)
    off = (beside["ours"] - beside["steps"]).abs()
    records = got.read_count + got.skipped_count + got.refused_count
    agree = (
        f"{(off < 1).sum():,} of {beside.height:,} days as the vendor counted, "
        f"at most {off.max() or 0:,.0f} steps off"
    )
    return f"{records:,} records, {got.sample_count:,} samples; {agree}"


def timed(path: Path) -> tuple[float, float, float, str]:
    """Seconds of a whole process, of a processor in it, its peak in MB, and what was read."""
    before = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.histories", "--only", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - before
    busy, peak, said = done.stdout.strip().split("\t")
    return seconds, float(busy), float(peak), said


def measure(kind: str, years: float, path: Path, *, peer: bool) -> None:
    said = MAKERS[kind](path, years)
    print(f"{kind}, {years:g} years: {said}, {path.stat().st_size / 1e6:,.0f} MB zipped")
    seconds, busy, peak, got = timed(path)
    print(f"{seconds:.1f} s, {busy:.1f} s of a processor, peak {peak:,.0f} MB  ({got})")
    if peer and kind in PEERS:
        before, idle = time.perf_counter(), time.process_time()
        said = PEERS[kind](path)
        seconds, busy = time.perf_counter() - before, time.process_time() - idle
        print(f"{seconds:.1f} s, {busy:.1f} s of a processor  ({said})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", nargs="*", choices=[*MAKERS, []], help="all where none is named")
    parser.add_argument("--years", type=float, default=5)
    parser.add_argument("--keep", type=Path, help="write the export here and leave it")
    parser.add_argument("--peer", action="store_true", help="another reader of the same, too")
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.only:
        said = read(chosen.only)
        used = resource.getrusage(resource.RUSAGE_SELF)
        busy = used.ru_utime + used.ru_stime
        print(f"{busy:.2f}\t{used.ru_maxrss / 1024:.0f}\t{said}")
        return
    for kind in chosen.kind or MAKERS:
        with tempfile.TemporaryDirectory() as folder:
            measure(
                kind, chosen.years, chosen.keep or Path(folder) / f"{kind}.zip", peer=chosen.peer
            )


if __name__ == "__main__":
    main()
