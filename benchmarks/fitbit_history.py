"""Years of Fitbit as Google Takeout gives them, made to measure an import with.

A year is 12 months of steps and of distance with a row a minute, 360 days with 10,000 heart
rates each (five years: 1.7 GB of JSON), and a walk of half an hour every day, so that no day's
heart rates can be passed over.
"""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

FOLDER = "Takeout/Fitbit/Global Export Data"
FIRST = datetime(2021, 1, 1)  # noqa: DTZ001
MINUTES = 43_200
BEATS = 10_000
WALK_AT = timedelta(hours=17, minutes=20)
WALK_MIN = 30

ROW = '{\n  "dateTime" : "%s",\n  "value" : "%d"\n}'
BEAT = '{\n  "dateTime" : "%s",\n  "value" : {\n    "bpm" : %d,\n    "confidence" : 3\n  }\n}'


def make(path: Path, years: float) -> str:
    """Write the zip of such an export; gives what is in it, in words."""
    dice = random.Random(11)  # noqa: S311
    months, days = round(years * 12), round(years * 360)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
        for month in range(months):
            start = FIRST + timedelta(days=30 * month)
            steps = list(_steps(dice))
            packed.writestr(*_part("steps", start, steps))
            packed.writestr(*_part("distance", start, [count * 72 for count in steps]))
        for day in range(days):
            packed.writestr(*_beats(FIRST + timedelta(days=day), dice))
        walks = json.dumps([_walk(FIRST + timedelta(days=day), day) for day in range(days)])
        packed.writestr(f"{FOLDER}/exercise-0.json", walks)
        packed.writestr("Takeout/Fitbit/Your Profile/Profile.csv", "id,timezone\n1,UTC\n")
    unpacked = sum(part.file_size for part in zipfile.ZipFile(path).infolist())
    return (
        f"{months} months of steps and metres by the minute, {days:,} days of {BEATS:,} heart "
        f"beats, {days:,} walks, {unpacked / 1e6:,.0f} MB unpacked"
    )


def _steps(dice: random.Random) -> Iterator[int]:
    """A minute's steps: none at night, some in a fifth of the day, 100 or so in the walk."""
    for minute in range(MINUTES):
        time = timedelta(minutes=minute % 1440)
        if WALK_AT <= time < WALK_AT + timedelta(minutes=WALK_MIN):
            yield dice.randrange(95, 115)
        elif time < timedelta(hours=7) or dice.random() > 0.25:
            yield 0
        else:
            yield dice.randrange(4, 60)


def _part(kind: str, start: datetime, values: list[int]) -> tuple[str, str]:
    times = (start + timedelta(minutes=minute) for minute in range(MINUTES))
    rows = (
        ROW % (f"{at:%m/%d/%y %H:%M:%S}", value) for at, value in zip(times, values, strict=True)
    )
    return f"{FOLDER}/{kind}-{start:%Y-%m-%d}.json", f"[{','.join(rows)}]"


def _beats(day: datetime, dice: random.Random) -> tuple[str, str]:
    date, first = f"{day:%m/%d/%y}", dice.randrange(8)
    seconds = range(first, BEATS * 8, 8)
    rows = (
        BEAT % (f"{date} {at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}", 55 + at * 7919 % 60)
        for at in seconds
    )
    return f"{FOLDER}/heart_rate-{day:%Y-%m-%d}.json", f"[{','.join(rows)}]"


def _walk(day: datetime, number: int) -> dict[str, object]:
    return {
        "logId": number,
        "activityName": "Walk",
        "activityTypeId": 90013,
        "startTime": f"{day + WALK_AT:%m/%d/%y %H:%M:%S}",
        "duration": WALK_MIN * 60_000,
        "activeDuration": WALK_MIN * 60_000,
        "steps": 105 * WALK_MIN,
        "logType": "auto_detected",
    }
