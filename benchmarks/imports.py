"""How fast an Apple Health export is imported, and in how much memory, beside bare expat.

    python -m benchmarks.imports --mb 324

Writes an export of the size asked for (the mix of records of a watch wearer: heart rate most,
steps and distance a fifth) to a temporary folder, zips it, and reads it in processes of
their own: with expat and a callback that does nothing, which no reader on expat can beat,
and with `backstride.imports` from the XML and straight from the zip.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.parsers import expat

from backstride import imports

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
    steps = imports.merge(got.samples)["steps"].sum()
    records_read = got.read_count + got.skipped_count + got.refused_count
    return f"{records_read:,} records, {got.samples.height:,} samples, {steps:,.0f} steps merged"


READERS = {"expat": bare_expat, "ours": ours}


def timed(reader: str, path: Path) -> tuple[float, float, str]:
    """Seconds, peak MB and what was read, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.imports", "--only", reader, str(path)]
    got = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak, said = got.stdout.strip().split("\t")
    return float(seconds), float(peak), said


def measure(reader: str, path: Path) -> None:
    before = time.perf_counter()
    said = READERS[reader](path)
    seconds = time.perf_counter() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.3f}\t{peak:.0f}\t{said}")


def compare(megabytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        xml, packed = write_export(Path(folder), megabytes * 1_000_000)
        size = xml.stat().st_size / 1e6
        print(f"{size:.0f} MB of XML, {packed.stat().st_size / 1e6:.0f} MB zipped")
        bare = 0.0
        for label, reader, path in (
            ("bare expat, xml", "expat", xml),
            ("backstride, xml", "ours", xml),
            ("backstride, zip", "ours", packed),
        ):
            seconds, peak, said = timed(reader, path)
            bare = bare or seconds
            rate = f"{size / seconds:4.0f} MB/s, {seconds / bare:.2f} x expat"
            print(f"{label:16} {seconds:6.2f} s  {rate}, peak {peak:4.0f} MB  ({said})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mb", type=int, default=100, help="size of the XML to write")
    parser.add_argument("--only", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        measure(options.only[0], Path(options.only[1]))
    else:
        compare(options.mb)


if __name__ == "__main__":
    main()
