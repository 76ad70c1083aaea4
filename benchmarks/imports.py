"""How fast an Apple Health export is imported, and in how much memory, beside other tools.

    python -m benchmarks.imports --mb 324

Writes an export of the size asked for (the mix of records of a watch wearer: heart rate most,
steps and distance a fifth) to a temporary folder, zips it, and reads it in processes of
their own: with expat and a callback that does nothing, which no reader on expat can beat,
with `backstride.imports` from the XML and straight from the zip, and with the peers, at
their defaults, in environments of their own (`make peers`). Seconds, of the clock and of
processors, and the largest resident memory are those of the whole process from its start.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from xml.parsers import expat

from backstride import imports
from backstride.cli import ALLOCATOR
from backstride.imports.merge import total
from benchmarks.peers import HERE
from benchmarks.peers.environments import python_of

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary)*)>
]>
<HealthData locale="en_GB">
 <ExportDate value="2025-12-31 12:00:00 +0000"/>
"""
DEVICES = {
    "Anna’s Apple Watch": ("Apple Watch", "Watch", "Watch6,1"),
    "Anna’s iPhone": ("iPhone", "iPhone", "iPhone14,5"),
}
# Type, unit and how many in a hundred; heart rate carries a metadata entry.
MIX = (
    ("HeartRate", "count/min", 45),
    ("ActiveEnergyBurned", "kcal", 20),
    ("BasalEnergyBurned", "kcal", 15),
    ("StepCount", "count", 10),
    ("DistanceWalkingRunning", "km", 10),
)
READ = ("HeartRate", "StepCount", "DistanceWalkingRunning")  # of these, by ours
RECORD = (
    ' <Record type="HKQuantityTypeIdentifier{kind}" sourceName="{source}" sourceVersion="10.1"'
    ' device="&lt;&lt;HKDevice: 0x{pointer:x}&gt;, name:{name}, manufacturer:Apple Inc.,'
    ' model:{model}, hardware:{hardware}, software:10.1&gt;" unit="{unit}"'
    ' creationDate="{end}" startDate="{start}" endDate="{end}" value="{value}"'
)
ENTRY = '>\n  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="1"/>\n </Record>\n'


def records(size: int) -> Iterator[str]:
    """Record lines of `size` bytes in all, the newest of which is of 2025 at the latest."""
    dice = random.Random(7)  # noqa: S311
    kinds = [kind for kind in MIX for _ in range(kind[2])]
    at, written = datetime(2015, 1, 1), 0  # noqa: DTZ001
    while written < size:
        at += timedelta(seconds=dice.randrange(20, 60))
        end = at + timedelta(seconds=dice.randrange(5, 20))
        kind, unit, _ = dice.choice(kinds)
        source = dice.choice(list(DEVICES))
        name, model, hardware = DEVICES[source]
        value = f"{dice.randrange(5, 40) / (1000 if unit == 'km' else 1):g}"
        line = RECORD.format(
            kind=kind, source=source, pointer=dice.getrandbits(36), name=name, model=model,
            hardware=hardware, unit=unit, start=f"{at} +0000", end=f"{end} +0000", value=value,
        )  # fmt: skip
        line += ENTRY if kind == "HeartRate" else "/>\n"
        written += len(line)
        yield line


def write_export(folder: Path, size: int) -> tuple[Path, Path]:
    """`export.xml` of about `size` bytes, and the same in `export.zip`."""
    xml, packed = folder / "export.xml", folder / "export.zip"
    with xml.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        file.writelines(records(size))
        file.write("</HealthData>\n")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(xml, "apple_health_export/export.xml")
    return xml, packed


def bare_expat(path: Path) -> str:
    """Call back for every element, as any reader on expat must, and do nothing."""
    count = 0

    def start(_name: str, _attrs: dict[str, str]) -> None:
        nonlocal count
        count += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with path.open("rb") as file:
        parser.ParseFile(file)
    return f"{count:,} elements"


def ours(path: Path) -> str:
    got = imports.read(path)
    steps = total(got.tables)
    return f"{_read(got)}, {steps:,.0f} steps merged"


def reading(path: Path) -> str:
    """What of an import is done again each time that a longer export is brought."""
    return _read(imports.read(path))


def _read(got: imports.Imported) -> str:
    records_read = got.read_count + got.skipped_count + got.refused_count
    return f"{records_read:,} records, {got.sample_count:,} samples"


READERS = {"expat": bare_expat, "ours": ours, "reading": reading}


@dataclass(frozen=True)
class Timed:
    """A whole process: seconds of the clock and of processors, MB resident at most."""

    seconds: float
    cpu_s: float
    peak_mb: float
    said: str


def timed(command: list[str]) -> Timed:
    """Run it once. Raises RuntimeError with what it said last, if it ends badly."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        before = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - before
        process.returncode = os.waitstatus_to_exitcode(status)
        said = [_last_line(file.read()) for file in (out, errors) if not file.seek(0)]
    if process.returncode:
        raise RuntimeError(said[1] or f"ended with {process.returncode}")
    return Timed(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6, said[0])


def _last_line(said: bytes) -> str:
    return (said.decode(errors="replace").strip().splitlines() or [""])[-1]


def only(reader: str, path: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.imports", "--only", reader, str(path)]


def peers(packed: Path, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The other tools' names and commands; those that aren't installed are told and left out."""
    for name in ("healthkit_to_sqlite", "apple_health_parser"):
        try:
            python = python_of(name)
        except FileNotFoundError as error:
            print(f"{name}: {error}")
            continue
        if name == "healthkit_to_sqlite":
            command = [str(python.parent / "healthkit-to-sqlite"), str(packed)]
            yield "healthkit-to-sqlite", [*command, str(folder / "health.db")]
        else:
            read = HERE / name / "read.py"
            command = [str(python), "-I", str(read), str(packed), str(folder)]
            yield "apple-health-parser, the kinds ours reads", [*command, *READ]
            yield "apple-health-parser, steps and metres alone", [*command, *READ[1:]]


def compare(megabytes: int, with_peers: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        xml, packed = write_export(folder, megabytes * 1_000_000)
        size = xml.stat().st_size / 1e6
        print(f"{size:.0f} MB of XML, {packed.stat().st_size / 1e6:.0f} MB zipped")
        timed(only("ours", packed))  # so that what is loaded is in the system's cache
        runs = [
            ("bare expat, xml", only("expat", xml)),
            ("backstride, xml", only("ours", xml)),
            ("backstride, zip", only("ours", packed)),
            ("backstride, zip, reading alone", only("reading", packed)),
        ]
        if with_peers:
            runs += peers(packed, folder)
        print("| | seconds | of processors | MB/s | peak MB | |")
        print("| --- | --- | --- | --- | --- | --- |")
        for label, command in runs:
            try:
                one = timed(command)
            except RuntimeError as error:
                print(f"| {label} | {error} | | | | |", flush=True)
                continue
            figures = f"{one.seconds:.2f} | {one.cpu_s:.2f} | {size / one.seconds:.0f}"
            print(f"| {label} | {figures} | {one.peak_mb:.0f} | {one.said} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mb", type=int, default=324, help="size of the XML to write")
    parser.add_argument(
        "--peers", choices=("yes", "no"), help="other tools as well; yes up to 400 MB, if not said"
    )
    parser.add_argument("--only", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        reader, path = options.only
        print(READERS[reader](Path(path)))
    else:
        os.environ.update([ALLOCATOR])  # as the command does; Polars has set another by now
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # ours is compiled once, as the peers are
        small = options.mb <= 400
        compare(options.mb, options.peers == "yes" if options.peers else small)


if __name__ == "__main__":
    main()
