"""Withings exports after their documented shape, for tests that need a member just so."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

STEPS = "raw_tracker_steps.csv"
DISTANCE = "raw_tracker_distance.csv"
HEART = "raw_hr_hr.csv"
STEPS_DAYS = "aggregates_steps.csv"
DISTANCE_DAYS = "aggregates_distance.csv"
ACTIVITIES = "activities.csv"
SLEEP = "sleep.csv"

ACTIVITY_COLUMNS = [
    "from",
    "to",
    "from (manual)",
    "to (manual)",
    "Timezone",
    "Activity type",
    "Data",
    "GPS",
    "Modified",
]


def table(header: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([header, *rows])
    return out.getvalue()


def raw(*rows: tuple[str, list[float], list[float]]) -> str:
    """`start,duration,value` as Withings writes them: lists, quoted where they hold a comma."""
    listed = [
        [start, json.dumps(durations, separators=(",", ":")), json.dumps(values).replace(" ", "")]
        for start, durations, values in rows
    ]
    return table(["start", "duration", "value"], listed)


def days(**totals: float) -> str:
    """`date,value`, the keys as d2022_01_06."""
    rows = [[day[1:].replace("_", "-"), f"{total:g}"] for day, total in totals.items()]
    return table(["date", "value"], rows)


def activity(
    start: str, end: str, kind: str = "Walking", data: dict[str, float] | None = None
) -> list[str]:
    told = json.dumps({"calories": 70, "steps": 1000, "distance": 700, **(data or {})})
    return [start, end, "", "", "Europe/Paris", kind, told, "", end]


def activities(*rows: list[str], header: list[str] | None = None) -> str:
    return table(header or list(ACTIVITY_COLUMNS), list(rows))


def usual() -> dict[str, str]:
    """The members of a small export of two days."""
    return {
        STEPS: raw(
            ("2022-01-06T12:50:26+01:00", [60], [44]),
            ("2022-01-06T13:28:49+01:00", [60, 60, 120], [100, 90, 180]),
        ),
        DISTANCE: raw(("2022-01-06T13:28:49+01:00", [60, 60, 120], [70.5, 63, 126])),
        STEPS_DAYS: days(d2022_01_06=414, d2022_01_07=4000),
        DISTANCE_DAYS: days(d2022_01_06=290, d2022_01_07=2800),
        ACTIVITIES: activities(
            activity(
                "2022-01-06T13:28:00+01:00",
                "2022-01-06T13:38:00+01:00",
                data={"pause_duration": 60},
            ),
            activity("2022-01-06T15:00:00+01:00", "2022-01-06T15:30:00+01:00", "Swimming"),
        ),
        HEART: raw(
            ("2022-01-06T13:29:00+01:00", [60], [96]),
            ("2022-01-06T20:00:00+01:00", [60], [61]),
        ),
        SLEEP: table(
            ["from", "to", "light (s)", "deep (s)", "rem (s)", "awake (s)"],
            [
                [
                    "2022-01-06T22:50:00+01:00",
                    "2022-01-07T06:50:00+01:00",
                    "10000",
                    "9000",
                    "3000",
                    "60",
                ]
            ],
        ),
        "weight.csv": "Date,Weight (kg)\n2022-01-06 07:00:00,80\n",
        "README.txt": "Below are the details of the data you've exported",
    }


def write(path: Path, members: dict[str, str] | None = None, folder: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (usual() if members is None else members).items():
            archive.writestr(folder + name, content)
    return path
