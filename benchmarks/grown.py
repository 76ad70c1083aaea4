"""How long a second import of a grown export takes, and in how much memory.

    python -m benchmarks.grown

Writes an Apple Health export of five years of a watch and a phone, imports it into a new
installation in a temporary folder, then the same export grown by a week, and shows the seconds
of each part of both, beside working all days out from nothing. Then reckons a history of five
million samples in a process of its own and shows its peak memory.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.imports import DEVICES, ENTRY, HEAD, RECORD

FIRST = datetime(2021, 1, 1, tzinfo=UTC)
A_DAY = (50, 32)  # intervals a day of the watch and of the phone, each with steps and metres
HEART_RATES = 4  # between two intervals of the watch: there to be read past


def intervals(days: int, each_day: tuple[int, int] = A_DAY) -> Iterator[tuple[int, Any, int, int]]:
    """Source, start, seconds and steps: in order of time, a source's own never overlap."""
    for day in range(days):
        dice = random.Random(day)  # noqa: S311
        found = []
        for source, count in enumerate(each_day):
            slot = 15 * 3600 // count
            for n in range(count):
                at = FIRST + timedelta(days=day, seconds=7 * 3600 + n * slot)
                long = dice.randrange(min(20, slot), min(600, slot) + 1)
                found.append((source, at, long, round(long * dice.uniform(0.1, 1.9)) + 1))
        yield from sorted(found, key=lambda one: one[1])


def lines(days: int) -> Iterator[str]:
    for source, start, long, steps in intervals(days):
        name = list(DEVICES)[source]
        device, model, hardware = DEVICES[name]
        end = start + timedelta(seconds=long)
        kinds = [("StepCount", "count", steps), ("DistanceWalkingRunning", "km", steps / 1400)]
        kinds += [("HeartRate", "count/min", 80)] * (HEART_RATES if source == 0 else 0)
        for kind, unit, value in kinds:
            line = RECORD.format(
                kind=kind, source=name, pointer=source, name=device, model=model,
                hardware=hardware, unit=unit, start=f"{start:%Y-%m-%d %H:%M:%S} +0000",
                end=f"{end:%Y-%m-%d %H:%M:%S} +0000", value=f"{value:g}",
            )  # fmt: skip
            yield line + (ENTRY if kind == "HeartRate" else "/>\n")


def write(path: Path, days: int) -> Path:
    made = FIRST + timedelta(days=days)
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD.replace("2025-12-31", f"{made:%Y-%m-%d}"))
        file.writelines(lines(days))
        file.write("</HealthData>\n")
    return path


class Clock:
    """Seconds spent in functions that are wrapped where they are called."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def watch(self, where: object, name: str, label: str) -> None:
        inner: Callable[..., Any] = getattr(where, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            before = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                spent = time.perf_counter() - before
                self.seconds[label] = self.seconds.get(label, 0.0) + spent

        setattr(where, name, timed)

    def take(self) -> dict[str, float]:
        seconds, self.seconds = self.seconds, {}
        return seconds


def install(home: Path) -> Any:
    """A new installation in `home`; gives its one walker."""
    os.environ["BACKSTRIDE_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "backstride.web.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from backstride.web.people.models import User

    return User.objects.create_user("walker@example.org", "a long walk", zone="Europe/Berlin")


def compare(years: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        user = install(Path(folder) / "home")
        from backstride.web.imports import days, reading, reckoning, services, store

        clock = Clock()
        clock.watch(reading, "read_file", "reading")
        clock.watch(store, "write_samples", "keeping samples")
        clock.watch(reckoning, "changes", "new rows")
        clock.watch(days, "replace_days", "days")
        clock.watch(services, "make_report", "report")
        told = {}
        for label, length in (("first", years * 365), ("a week more", years * 365 + 7)):
            path = write(Path(folder) / f"{length}.xml", length)
            upload, _ = services.receive(user, path, path.name)
            before = time.perf_counter()
            services.process(upload)
            whole = time.perf_counter() - before
            assert upload.state == "done", upload.error
            told[label] = {"whole": whole, **_parts(clock.take())}
            print(f"{label}: {path.stat().st_size / 1e6:.0f} MB, {upload.report['read_count']:,}"
                  f" samples, {upload.report['days_after']:,} days")  # fmt: skip
        days.rebuild_days(user)
        told["all days from nothing"] = _parts(clock.take())
    show(told)


def _parts(seconds: dict[str, float]) -> dict[str, float]:
    """Without what one part spends inside another."""
    inside = seconds.get("new rows", 0.0) + seconds.get("report", 0.0)
    return seconds | {"days": seconds["days"] - inside}


def show(told: dict[str, dict[str, float]]) -> None:
    names = ["reading", "keeping samples", "new rows", "days", "report", "whole"]
    print(f"{'':22} " + " ".join(f"{name:>15}" for name in names))
    for label, seconds in told.items():
        row = " ".join(f"{f'{seconds[n]:.3f} s' if n in seconds else '':>15}" for n in names)
        print(f"{label:22} {row}")
    again, first = told["a week more"], told["all days from nothing"]
    ratio = (again["new rows"] + again["days"]) / first["days"]
    print(f"new rows and days: {ratio:.2f} of the time of all days from nothing")


def many(samples: int) -> None:
    """Reckon so many samples and print peak memory before and after."""
    import polars as pl

    with tempfile.TemporaryDirectory() as folder:
        user = install(Path(folder) / "home")
        from backstride.web.imports import days, store
        from backstride.web.imports.models import Upload

        per_day = sum(A_DAY) * 2
        years = 20
        upload = Upload.objects.create(user=user, sha256="0" * 64, name="x", size=1, state="done")
        factor = samples / (per_day * 365 * years)
        each_day = tuple(round(count * factor) for count in A_DAY)
        path = store.samples_of(upload.pk)
        command = [
            sys.executable,
            "-m",
            "benchmarks.grown",
            "--made",
            str(path),
            *map(str, each_day),
        ]
        subprocess.run(command, check=True)
        height = pl.scan_parquet(path).select(pl.len()).collect().item()
        before = _peak()
        at = time.perf_counter()
        days.rebuild_days(user)
        seconds = time.perf_counter() - at
        print(f"{height:,} samples, {user.days.count():,} days from nothing: {seconds:.1f} s, "
              f"peak {_peak():.0f} MB ({before:.0f} before)")  # fmt: skip


def make(path: Path, each_day: tuple[int, int]) -> None:
    """Write 20 years of samples."""
    import polars as pl

    from backstride.records import SAMPLES, checked

    rows = list(intervals(20 * 365, each_day))
    names = list(DEVICES)
    table = pl.DataFrame(
        {
            "start": [row[1] for row in rows],
            "end": [row[1] + timedelta(seconds=row[2]) for row in rows],
            "steps": [float(row[3]) for row in rows],
            "source": [names[row[0]] for row in rows],
            "device": [("watch", "phone")[row[0]] for row in rows],
        }
    )
    metres = table.with_columns(distance_m=pl.col("steps") * 0.7).drop("steps")
    both = pl.concat([checked(table, SAMPLES), checked(metres, SAMPLES)]).sort("start")
    both.write_parquet(path, row_group_size=1 << 16)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--many", type=int, help="reckon so many samples, and nothing else")
    parser.add_argument("--made", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.made:
        path, watch, phone = options.made
        make(Path(path), (int(watch), int(phone)))
    elif options.many:
        many(options.many)
    else:
        compare(options.years)
        subprocess.run([sys.executable, "-m", "benchmarks.grown", "--many", "5000000"], check=True)


if __name__ == "__main__":
    main()
