"""Oura's files after what is known of them, for tests that need a day just so."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

ACTIVITY_COLUMNS = (
    "id",
    "class_5_min",
    "score",
    "active_calories",
    "contributors",
    "day",
    "equivalent_walking_distance",
    "met",
    "non_wear_time",
    "steps",
    "timestamp",
)
SLEEP_COLUMNS = (
    "id",
    "bedtime_end",
    "bedtime_start",
    "day",
    "lowest_heart_rate",
    "sleep_phase_5_min",
    "total_sleep_duration",
    "type",
)


def table(columns: tuple[str, ...], *rows: dict[str, Any], separator: str = ";") -> str:
    lines = [separator.join(columns)]
    lines += [separator.join(str(row.get(name, "")) for name in columns) for row in rows]
    return "\n".join(lines) + "\n"


def day(date: str, steps: Any, timestamp: str | None = None) -> dict[str, Any]:
    return {
        "id": "a1",
        "class_5_min": "11223",
        "score": 87,
        "active_calories": 278,
        "day": date,
        "equivalent_walking_distance": 4799,
        "non_wear_time": 0,
        "steps": steps,
        "timestamp": timestamp or f"{date}T00:00:00.000+00:00",
    }


def night(
    start: str, end: str, slept_s: Any, pulse: Any, kind: str = "long_sleep"
) -> dict[str, Any]:
    return {
        "id": "s1",
        "bedtime_start": start,
        "bedtime_end": end,
        "day": end[:10],
        "lowest_heart_rate": pulse,
        "sleep_phase_5_min": "4221",
        "total_sleep_duration": slept_s,
        "type": kind,
    }


def usual() -> dict[str, str]:
    """The members of a small export of two days."""
    quoted = {"met": '"{""interval"": 60.0, ""items"": [1.0, 0.9]}"'}
    days = [day("2025-06-30", 7000) | quoted, day("2025-07-01", 5400) | quoted]
    nights = [
        night("2025-06-29T21:10:00.000+00:00", "2025-06-30T05:10:00.000+00:00", 25_200, 48),
        night("2025-06-30T11:00:00.000+00:00", "2025-06-30T11:30:00.000+00:00", 0, "", "deleted"),
    ]
    return {
        "App Data/dailyactivity.csv": table(ACTIVITY_COLUMNS, *days),
        "App Data/sleepmodel.csv": table(SLEEP_COLUMNS, *nights),
        "App Data/dailystress.csv": "id;day;stress_high\nx;2025-06-30;1200\n",
    }


def write(path: Path, members: dict[str, str] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (usual() if members is None else members).items():
            archive.writestr(name, content)
    return path


def api_v2(*days: dict[str, Any]) -> str:
    return json.dumps({"data": [{**one, "met": {"items": [1.0]}} for one in days]})


def api_v1(*days: tuple[str, int, int]) -> str:
    """(date, steps, minutes east of Greenwich) as API v1 and the older export give them."""
    activity = [
        {
            "summary_date": date,
            "day_start": f"{date}T04:00:00+00:00",
            "steps": steps,
            "timezone": minutes,
            "daily_movement": 4799,
            "class_5min": "1122",
            "met_min_medium": 12,
        }
        for date, steps, minutes in days
    ]
    sleep = [
        {
            "summary_date": "2020-03-03",
            "bedtime_start": "2020-03-03T22:14:42-08:00",
            "bedtime_end": "2020-03-04T05:49:42-08:00",
            "total": 24_690,
            "hr_lowest": 46,
            "hypnogram_5min": "4421",
        }
    ]
    return json.dumps({"profile": {"age": 40}, "sleep": sleep, "activity": activity})


# The header and row of a trends table, as a README on GitHub shows them (2020), shortened.
TRENDS = (
    "date,Sleep Score,Total Bedtime,Total Sleep Time,Bedtime Start,Bedtime End,"
    "Average Resting Heart Rate,Lowest Resting Heart Rate,Activity Score,Activity Burn,"
    "Total Burn,Steps,Daily Movement,Non-wear Time,Average MET\n"
    "2020-03-04,74,27300,24690,2020-03-03T22:14:42-08:00,2020-03-04T05:49:42-08:00,"
    "56.63,46,87,278,2545,5703,4799,0,1.34375\n"
)
