"""The demo's Apple Health export: invented minutes around a real person's daily steps.

Real is how many steps a day has: participant 8 of `daily-steps`, ten weeks of spring,
moved by whole weeks so that they end yesterday. Invented is everything within the day, see
`demo_day`. The same day always gives the same file.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from backstride.sample_data.demo_day import DemoDay, Record, lived

DAYS = 70
# The real weeks used: from 2024-04-14, with a fall in the fifth.
FIRST_REAL_DAY = date(2024, 4, 14)
FLARE_WEEK = 4

STEP_LENGTH_KM = 0.00065
MANUAL_STEPS = 2_000

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- Backstride demo: daily totals are a real person's, everything within a day is invented -->
<!ELEMENT HealthData (ExportDate,Me,Record*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
<HealthData locale="en_GB">
 <ExportDate value="{made}"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1968-05-04"/>
"""
_RECORD = (
    ' <Record type="HKQuantityTypeIdentifier{kind}" sourceName="{source}" sourceVersion="17.4"'
    ' device="&lt;&lt;HKDevice: 0x28&gt;, name:{name}, manufacturer:Apple Inc., model:{name},'
    ' hardware:{hardware}&gt;" unit="{unit}" creationDate="{end}" startDate="{start}"'
    ' endDate="{end}" value="{value}"/>\n'
)
_MANUAL = (
    ' <Record type="HKQuantityTypeIdentifierStepCount" sourceName="Health" unit="count"'
    ' creationDate="{end}" startDate="{start}" endDate="{end}" value="{value}">\n'
    '  <MetadataEntry key="HKWasUserEntered" value="1"/>\n </Record>\n'
)


def demo_export(today: date, zone: str = "UTC") -> bytes:
    """An `export.zip` as an iPhone makes it, of the 70 days up to yesterday.

    `zone` is the IANA name of the zone the walker lives in. The export is marked as invented
    in its own comment. It goes through the same import as a real one.
    """
    tz = ZoneInfo(zone)
    made = datetime.combine(today, time(0, 1), tz)
    lines = [_HEAD.format(made=f"{made:%Y-%m-%d %H:%M:%S %z}")]
    for day in _days(today):
        for record in day.records:
            lines.append(_record(day.day, record, tz, "StepCount"))
            lines.append(_record(day.day, record, tz, "DistanceWalkingRunning"))
    lines.append(_manual(today - timedelta(days=DAYS // 2), tz))
    lines.append("</HealthData>\n")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("apple_health_export/export.xml", (*made.timetuple()[:5], 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, "".join(lines))
    return file.getvalue()


def demo_totals(today: date) -> dict[date, int]:
    """The steps each day of the demo comes to when each is counted once.

    They are the real person's where the watch was worn, and what the phone saw elsewhere.
    """
    return {day.day: day.total for day in _days(today)}


def demo_flare(today: date) -> tuple[date, date]:
    """The first and last day of the demo's worse week."""
    first = today - timedelta(days=DAYS) + timedelta(weeks=FLARE_WEEK)
    return first, first + timedelta(days=6)


def _days(today: date) -> Iterator[DemoDay]:
    real = _real_steps()
    # Whole weeks keep the weekday: move the start within its week until it fits.
    first = today - timedelta(days=DAYS)
    start = FIRST_REAL_DAY + timedelta(days=(first.weekday() - FIRST_REAL_DAY.weekday()) % 7)
    for number in range(DAYS):
        source = start + timedelta(days=number)
        yield lived(first + timedelta(days=number), real[source], number, source.toordinal())


def _real_steps() -> dict[date, int]:
    file = Path(__file__).parent / "daily-steps" / "participant8.csv"
    with file.open(newline="", encoding="utf-8") as rows:
        return {
            date.fromisoformat(row["date"]): round(float(row["steps"]))
            for row in csv.DictReader(rows)
            if row["steps"]
        }


def _record(day: date, record: Record, tz: ZoneInfo, kind: str) -> str:
    source, name, hardware = record.device
    is_steps = kind == "StepCount"
    return _RECORD.format(
        kind=kind,
        source=source,
        name=name,
        hardware=hardware,
        unit="count" if is_steps else "km",
        start=_stamp(day, record.start_s, tz),
        end=_stamp(day, record.end_s, tz),
        value=record.steps if is_steps else f"{record.steps * STEP_LENGTH_KM:.5f}",
    )


def _manual(day: date, tz: ZoneInfo) -> str:
    """Steps that somebody typed in: an import keeps them and doesn't count them."""
    start, end = _stamp(day, 12 * 3600, tz), _stamp(day, 13 * 3600, tz)
    return _MANUAL.format(start=start, end=end, value=MANUAL_STEPS)


def _stamp(day: date, seconds: int, tz: ZoneInfo) -> str:
    """Apple's way to write a time: local, with its offset from UTC."""
    local = datetime.combine(day, time(), tz) + timedelta(seconds=seconds)
    return f"{local:%Y-%m-%d %H:%M:%S %z}"
