"""Files as walkers bring them, made to measure where no real one has the case."""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta
from io import BytesIO

PHONE = "name:iPhone, model:iPhone"
WATCH = "name:Apple Watch, model:Watch"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<HealthData locale="en_GB"><ExportDate value="2026-11-01 12:00:00 +0000"/>\n'
)


def record(start: datetime, minutes: int, steps: int, source: str, device: str) -> str:
    end = start + timedelta(minutes=minutes)
    return (
        f'<Record type="HKQuantityTypeIdentifierStepCount" sourceName="{source}"'
        f' device="&lt;&lt;HKDevice: 0x1&gt;, {device}&gt;" unit="count"'
        f' startDate="{start:%Y-%m-%d %H:%M:%S} +0000" endDate="{end:%Y-%m-%d %H:%M:%S} +0000"'
        f' value="{steps}"/>\n'
    )


def export(*records: str) -> bytes:
    return (HEAD + "".join(records) + "</HealthData>\n").encode()


def walks(days: int, first: datetime = datetime(2026, 10, 1, 9)) -> bytes:  # noqa: DTZ001
    """A walk of ten minutes a day, 1,000 steps, seen by a phone and by a watch."""
    records = []
    for day in range(days):
        start = first + timedelta(days=day)
        records.append(record(start, 10, 1000, "Wanda's iPhone", PHONE))
        records.append(record(start, 10, 1010, "Wanda's Watch", WATCH))
    return export(*records)


def zipped(content: bytes, name: str = "apple_health_export/export.xml") -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def bomb() -> bytes:
    """A zip of 100 kB that unpacks to 100 MB."""
    return zipped(HEAD.encode() + b" " * (100 << 20))


def with_entities() -> bytes:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    return (
        f'<?xml version="1.0"?><!DOCTYPE HealthData [<!ENTITY l0 "ha">{lol}]>'
        "<HealthData><Me a='&l8;'/></HealthData>"
    ).encode()


def metres_per_second_squared(minutes: int = 2) -> bytes:
    """A lying still phone's table in m/s², 50 Hz, without a zone in its times."""
    start = datetime(2026, 10, 3, 8)  # noqa: DTZ001
    rows = ["time,x,y,z"]
    for n in range(minutes * 60 * 50):
        at = start + timedelta(milliseconds=20 * n)
        rows.append(f"{at:%Y-%m-%d %H:%M:%S.%f},0.01,{0.02 * (n % 2)},9.81")
    return "\n".join(rows).encode()
