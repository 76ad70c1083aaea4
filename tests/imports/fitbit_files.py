"""Fitbit exports after the published samples: parts as Fitbit and Google write them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

GLOBAL = "Takeout/Fitbit/Global Export Data"
GOOGLE = "Takeout/Google Health/Physical Activity_GoogleData"
FITNESS = "Takeout/Google Health/Health Fitness Data_GoogleData"
PROFILE = "Takeout/Fitbit/Your Profile/Profile.csv"


def rows(values: Iterable[tuple[str, object]]) -> str:
    """Minutes or beats, spaced as Fitbit spaces them."""
    parts = (
        f'{{\n  "dateTime" : "{at}",\n  "value" : {json.dumps(value)}\n}}' for at, value in values
    )
    return f"[{','.join(parts)}]"


def beats(values: Iterable[tuple[str, float]]) -> str:
    return rows((at, {"bpm": bpm, "confidence": 3}) for at, bpm in values)


def walk(start: str, minutes: float = 10, **changed: object) -> dict[str, object]:
    """An exercise that the tracker noticed by itself."""
    return {
        "logId": 21092332392,
        "activityName": "Walk",
        "activityTypeId": 90013,
        "startTime": start,
        "duration": minutes * 60_000,
        "activeDuration": minutes * 60_000,
        "steps": 1000,
        "distance": 0.75,
        "distanceUnit": "Kilometer",
        "logType": "auto_detected",
    } | changed


def night(start: str, end: str, asleep: int, **changed: object) -> dict[str, object]:
    return {
        "logId": 22128553286,
        "dateOfSleep": end[:10],
        "startTime": start,
        "endTime": end,
        "minutesAsleep": asleep,
        "logType": "auto_detected",
    } | changed


def packed(path: Path, parts: Mapping[str, str | bytes | list[dict[str, object]]]) -> Path:
    """A zip of parts by their full names; lists become JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, json.dumps(part) if isinstance(part, list) else part)
    return path
