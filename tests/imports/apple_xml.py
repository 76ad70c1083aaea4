"""Apple Health exports as text, for tests that need a record just so."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

STEPS = "HKQuantityTypeIdentifierStepCount"
DISTANCE = "HKQuantityTypeIdentifierDistanceWalkingRunning"
WATCH = "<<HKDevice: 0x1>, name:Apple Watch, manufacturer:Apple Inc., model:Watch>"


def record(
    start: str,
    end: str,
    value: str,
    kind: str = STEPS,
    unit: str = "count",
    source: str = "Anna's iPhone",
    device: str = "",
    *,
    is_manual: bool = False,
) -> str:
    attributes = {
        "type": kind,
        "sourceName": source,
        "device": device,
        "unit": unit,
        "startDate": start,
        "endDate": end,
        "value": value,
    }
    text = " ".join(f"{name}={quoteattr(to)}" for name, to in attributes.items() if to)
    entry = '<MetadataEntry key="HKWasUserEntered" value="1"/>' if is_manual else ""
    return f"<Record {text}>{entry}</Record>\n"


def document(*parts: str, made: str = "2024-06-01 12:00:00 +0000") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE HealthData [\n'
        "<!ELEMENT HealthData (ExportDate,Me,Record*)>\n]>\n"
        f'<HealthData locale="en_GB"><ExportDate value="{made}"/>\n'
        + "".join(parts)
        + "</HealthData>\n"
    )


def zipped(
    path: Path, content: str | bytes, member: str = "apple_health_export/export.xml"
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, content)
    return path
