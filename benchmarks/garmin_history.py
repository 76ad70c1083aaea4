"""A Garmin export of several years as a watch wearer has it, made up but shaped as real ones.

Each day has four monitoring files with some 1,400 messages between them: heart rate a minute
while worn, activity and intensity, running totals of steps; and a summary with the day's
total. 250 times a year an activity was recorded, half of them walks of 30 to 60 minutes whose
steps are in the day's counts as well, the others rides.
"""

from __future__ import annotations

import io
import json
import random
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks import fit_writer as fw

ZONE = ZoneInfo("Europe/Berlin")
FIRST = datetime(2019, 1, 1, tzinfo=ZONE)
FILES_A_DAY = 4
FILES_A_PART = 2_500
SEMICIRCLE = 2**31 / 180


@dataclass(frozen=True)
class Outing:
    """A recorded activity: when (FIT seconds), how long, what."""

    start: int
    minutes: int
    sport: int
    every_s: int

    @property
    def end(self) -> int:
        return self.start + 60 * self.minutes


def make(path: Path, years: float = 5) -> str:
    """Write an export of `years` to `path`. Returns what is in it, in words."""
    dice = random.Random(11)  # noqa: S311
    days, count = round(365 * years), {"files": 0, "activities": 0, "walks": 0}
    summaries, outings_told, nights = [], [], []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as export:
        part = _Part(export)
        for number in range(days):
            midnight = FIRST + timedelta(days=number)
            outing = _outing(dice, midnight) if dice.random() < 250 / 365 else None
            files, total = _monitored(dice, midnight, outing)
            if outing is not None:
                files.append(_activity(dice, outing))
                outings_told.append(_told(outing, len(outings_told)))
                count["activities"] += 1
                count["walks"] += outing.sport == fw.WALKING
            for content in files:
                part.add(content)
            count["files"] += len(files)
            summaries.append(_summary(midnight, total, dice))
            nights.append(_night(midnight))
        part.close()
        folder = "DI_CONNECT/DI-Connect-"
        for at in range(0, days, 100):
            name = f"{folder}Aggregator/UDSFile_{at:05}.json"
            export.writestr(name, json.dumps(summaries[at : at + 100]))
            export.writestr(
                f"{folder}Wellness/{at:05}_sleepData.json", json.dumps(nights[at : at + 100])
            )
        wrapped = [{"summarizedActivitiesExport": outings_told}]
        export.writestr(f"{folder}Fitness/anna_0_summarizedActivities.json", json.dumps(wrapped))
    return (
        f"{days:,} days, {count['files']:,} FIT files, "
        f"{count['activities']:,} activities ({count['walks']:,} walks)"
    )


class _Part:
    """The zips of FIT files within the export."""

    def __init__(self, export: zipfile.ZipFile) -> None:
        self._export, self._number, self._files = export, 0, 0
        self._begin()

    def _begin(self) -> None:
        self._buffer = io.BytesIO()
        self._zip = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def add(self, content: bytes) -> None:
        self._files += 1
        self._zip.writestr(f"anna@example.org_{100_000 + self._files}.fit", content)
        if self._files % FILES_A_PART == 0:
            self.close()
            self._begin()

    def close(self) -> None:
        self._zip.close()
        self._number += 1
        name = f"DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part{self._number}.zip"
        self._export.writestr(name, self._buffer.getvalue(), zipfile.ZIP_STORED)


def _outing(dice: random.Random, midnight: datetime) -> Outing:
    walk = dice.random() < 0.5
    start = fw.seconds(midnight) + 3600 * dice.randrange(9, 18) + dice.randrange(3000)
    minutes = dice.randrange(30, 61) if walk else dice.randrange(45, 120)
    return Outing(start, minutes, fw.WALKING if walk else fw.CYCLING, dice.choice([1, 1, 4]))


def _monitored(
    dice: random.Random, midnight: datetime, outing: Outing | None
) -> tuple[list[bytes], int]:
    """A day's monitoring files and its total of steps."""
    start = fw.seconds(midnight)
    end = fw.seconds(midnight + timedelta(days=1))  # 23 or 25 hours later twice a year
    steps, files, active = 0, [], 0
    borders = [start + (end - start) * part // FILES_A_DAY for part in range(FILES_A_DAY + 1)]
    for first, last in pairwise(borders):
        fit = fw.started(32, first)
        local = datetime.fromtimestamp(first + fw.EPOCH_S, ZONE)
        offset = int((local.utcoffset() or timedelta()).total_seconds())
        fit.write(fw.MONITORING_INFO, first, first + offset, 7560, 9720, 2042, 6, 1)
        fit.write(fw.COUNTS, first, steps * 76, steps, active * 1000, steps // 25, 6)
        if last == end:
            fit.write(fw.RESTING_HEART, first, 58, 57)
        for at in range(first + 60, last + 1, 60):
            walked = _walked(dice, (at - start) // 3600, at, outing)
            steps, active = steps + walked, active + (60 if walked else 0)
            _minute(dice, fit, at, steps, active, walked)
        if last == end:
            fit.write(fw.COUNTS, end, steps * 76, steps, active * 1000, steps // 25, 6)
        files.append(fit.finish())
    return files, steps


def _walked(dice: random.Random, hour: int, at: int, outing: Outing | None) -> int:
    if outing and outing.sport == fw.WALKING and outing.start < at <= outing.end + 60:
        inside = min(at, outing.end) - max(at - 60, outing.start)
        return round(inside * 110 / 60)
    return dice.randrange(4, 90) if 7 <= hour < 22 and dice.random() < 0.2 else 0


def _minute(
    dice: random.Random, fit: fw.FitWriter, at: int, steps: int, active: int, walked: int
) -> None:
    low = at & 0xFFFF
    if dice.random() < 0.65:
        fit.write(fw.HEART_16, low, dice.randrange(50, 120))
    if walked:
        fit.write(fw.COUNTS_16, steps * 76, steps, active * 1000, low, steps // 25, 6)
    elif dice.random() < 0.2:
        fit.write(fw.ACTIVITY_16, low, 8)
    if at % 180 == 0:
        fit.write(fw.STRESS, at, dice.randrange(10, 60))


def _activity(dice: random.Random, outing: Outing) -> bytes:
    fit = fw.started(4, outing.start)
    walk = outing.sport == fw.WALKING
    fit.write(fw.SPORT, outing.sport, 0, b"Walk" if walk else b"Ride")
    speed_mps, cadence = (1.35, 55) if walk else (5.5, 70)
    heart = 95 if walk else 125
    for at in range(outing.start, outing.end + 1, outing.every_s):
        metres = speed_mps * (at - outing.start)
        north = round((52.5 + metres / 111_195) * SEMICIRCLE)
        beat = heart + dice.randrange(-4, 5)
        fit.write(
            fw.RECORD, at, north, round(13.4 * SEMICIRCLE), round(metres * 100),
            round(speed_mps * 1000), 2700, None, 430, 600, 730, beat, cadence, 22, 6, 0,
        )  # fmt: skip
    span = 60_000 * outing.minutes
    total = round(speed_mps * span / 10)
    cycles = cadence * outing.minutes
    fit.write(
        fw.SESSION, outing.end, outing.start, span, span, total, cycles, 0, 200, outing.sport, 0
    )
    return fit.finish()


def _told(outing: Outing, number: int) -> dict[str, object]:
    walk = outing.sport == fw.WALKING
    span = 60_000.0 * outing.minutes
    return {
        "activityId": 5_000_000 + number,
        "activityType": "walking" if walk else "cycling",
        "beginTimestamp": (outing.start + fw.EPOCH_S) * 1000,
        "startTimeGmt": float((outing.start + fw.EPOCH_S) * 1000),
        "duration": span,
        "elapsedDuration": span,
        "movingDuration": span,
        "distance": (1.35 if walk else 5.5) * span / 10,
        "steps": 110 * outing.minutes if walk else None,
    }


def _summary(midnight: datetime, steps: int, dice: random.Random) -> dict[str, object]:
    return {
        "userProfilePK": 12345678,
        "calendarDate": f"{midnight:%Y-%m-%d}",
        "includesWellnessData": True,
        "totalSteps": steps,
        "dailyStepGoal": 7500,
        "totalDistanceMeters": round(steps * 0.76),
        "restingHeartRate": dice.randrange(54, 62),
    }


def _night(midnight: datetime) -> dict[str, object]:
    end = (midnight + timedelta(hours=6, minutes=40)).astimezone(UTC)
    start = end - timedelta(hours=7, minutes=10)
    return {
        "calendarDate": f"{midnight:%Y-%m-%d}",
        "sleepStartTimestampGMT": f"{start:%Y-%m-%dT%H:%M:%S}.0",
        "sleepEndTimestampGMT": f"{end:%Y-%m-%dT%H:%M:%S}.0",
        "deepSleepSeconds": 5400,
        "lightSleepSeconds": 14400,
        "remSleepSeconds": 4800,
        "awakeSleepSeconds": 1200,
    }


def with_fitdecode(path: Path) -> str:
    """Decode each FIT file of an export with fitdecode, and do nothing with it."""
    import fitdecode

    messages = 0
    with zipfile.ZipFile(path) as export:
        for name in [name for name in export.namelist() if name.endswith(".zip")]:
            with zipfile.ZipFile(io.BytesIO(export.read(name))) as part:
                for fit in part.namelist():
                    with fitdecode.FitReader(io.BytesIO(part.read(fit))) as frames:
                        messages += sum(isinstance(f, fitdecode.FitDataMessage) for f in frames)
    return f"fitdecode alone: {messages:,} messages"
