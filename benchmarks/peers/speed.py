"""`python -m benchmarks.peers.speed`: seconds and memory of the peers for one recording.

The same generated week as `python -m benchmarks.speed`, all on one core and with one thread.
Whole processes, from start to end. Those that read `.cwa` files are given the file; those that
don't, its samples in g as an array, so that reading isn't counted against them. The slow ones
are given a day or, KielMAT, an hour, and a week is taken as so many times that.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backstride.sensors import open_recording
from benchmarks.peers import ENVIRONMENTS, HERE
from benchmarks.peers.environments import is_ready
from benchmarks.speed import ONE_THREAD, one_core, write_days

LONGEST_S = 1800
OURS = [sys.executable, "-c", "from backstride.cli import main; main()"]


@dataclass(frozen=True)
class Task:
    """What is timed: the environment (none for ours), what it is given, and for how long."""

    what: str
    environment: str
    arguments: tuple[str, ...]
    days: float


@dataclass(frozen=True)
class Timed:
    """Wall seconds and peak memory of a whole process, or why there are none."""

    what: str
    days: float
    seconds: float = 0.0
    peak_mb: float = 0.0
    error: str = ""

    @property
    def week_s(self) -> float:
        return self.seconds * 7 / self.days


def tasks(file: Path, signal: Path, rate_hz: float, days: float) -> list[Task]:
    """`days` is how much the file and the signal hold; the slow ones are given a part of it."""
    read = {name: str(HERE / name / "read.py") for name in ("skdh", "actipy")}
    in_days = (str(HERE / "inside_days.py"),)
    measure = ("measure", str(file), "--parquet", str(file.parent / "out"), "--json")
    of_signal = (str(signal), str(rate_hz))
    return [
        Task("backstride: file to bouts, steps, days", "", measure, days),
        Task("skdh: only reads the file", "skdh", (read["skdh"], str(file)), days),
        Task("actipy: only reads the file", "actipy", (read["actipy"], str(file)), days),
        Task(
            "skdh: file to walking at a wrist", "skdh", (read["skdh"], str(file), "walking"), days
        ),
        Task("Oak: array to steps", "oak", (*in_days, "oak", *of_signal, str(days)), days),
        *(
            Task(f"{title}: array to steps", name, (*in_days, name, *of_signal, str(part)), part)
            for title, name, part in (
                ("mobgap", "mobgap", min(days, 1.0)),
                ("MultiGait", "multigait", min(days, 1.0)),
                ("KielMAT", "kielmat", min(days, 1 / 24)),
            )
        ),
    ]


def timed(task: Task) -> Timed:
    """Run it once in a process of its own; one that takes too long is ended."""
    if task.environment and not is_ready(task.environment):
        return Timed(task.what, task.days, error="not installed here; `make peers` says why")
    python = str(ENVIRONMENTS / task.environment / "bin" / "python")
    before = [python, "-I"] if task.environment else OURS
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            ["timeout", str(LONGEST_S), *before, *task.arguments],
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=os.environ | ONE_THREAD,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            ended = f"ended with {process.returncode}"
            return Timed(task.what, task.days, error=lines[-1] if lines else ended)
    return Timed(task.what, task.days, seconds, usage.ru_maxrss * 1024 / 1e6)


def write_signal(file: Path, signal: Path) -> float:
    """The file's samples in g, end to end, as float32 [n, 3]; their rate in Hz."""
    rates = []
    with signal.open("wb") as out:
        for block in open_recording(file).blocks():
            out.write(block.acc.astype(np.float32).tobytes())
            rates.append(block.fs_hz)
    return float(np.mean(rates))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=float, default=7.0)
    options = parser.parse_args()
    one_core()
    with tempfile.TemporaryDirectory() as name:
        file, signal = Path(name) / "days.cwa", Path(name) / "days.f32"
        write_days(file, options.days)
        size_mb = file.stat().st_size / 1e6
        rate_hz = write_signal(file, signal)
        print(f"{options.days:g} days, {size_mb:.0f} MB, one core, one thread")
        for task in tasks(file, signal, rate_hz, options.days):
            print(line(timed(task)), flush=True)


def line(one: Timed) -> str:
    """Seconds and memory, and what a week would take where less was given."""
    if one.error:
        return f"{one.what:42s} {one.error}"
    week = f"  ({24 * one.days:g} h; a week: {one.week_s:.0f} s)" if one.days < 7 else ""
    return f"{one.what:42s} {one.seconds:7.1f} s  {one.peak_mb:6.0f} MB{week}"


if __name__ == "__main__":
    main()
