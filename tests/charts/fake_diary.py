"""Invented days, pain and weeks for the tests of the charts; deterministic."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from backstride.records import (
    DAYS,
    DOSES,
    PAIN,
    SCORES,
    Decision,
    DecisionKind,
    Dose,
    PlannedWalk,
    Reason,
    Week,
    checked,
)

MONDAY = date(2026, 9, 7)


def some_days(count: int, start: date = MONDAY, missing: tuple[int, ...] = ()) -> pl.DataFrame:
    """`count` days of slowly growing, uneven walking; `missing` ones have no row."""
    rows = []
    for i in range(count):
        if i in missing:
            continue
        walking = max(0.0, 18 + 0.35 * i + 11 * math.sin(i * 2.3) + 6 * math.sin(i * 0.7))
        brisk = max(0.0, walking * (0.1 + 0.004 * i) + 3 * math.sin(i))
        rows.append(
            {
                "date": start + timedelta(days=i),
                "steps": int(walking * 95 + 1500),
                "walking_min": walking,
                "brisk_min": brisk,
            }
        )
    return checked(pl.DataFrame(rows, schema_overrides={"date": pl.Date}), DAYS)


def some_pain(days: list[int], start: date = MONDAY, flares: tuple[int, ...] = ()) -> pl.DataFrame:
    """A rating on each of the days (offsets from `start`), easing from about 6 to 3."""
    rows = []
    for i in days:
        level = round(6 - 3 * min(i, 70) / 70 + 1.2 * math.sin(i * 1.9)) + (3 if i in flares else 0)
        day = start + timedelta(days=i)
        rows.append(
            {
                "at": datetime.combine(day, time(18), UTC),
                "date": day,
                "nprs": min(level, 10),
                "moment": "now",
                "is_flare": i in flares,
                "new_leg_symptom": False,
            }
        )
    return checked(pl.DataFrame(rows), PAIN)


def some_weeks(count: int, start: date = MONDAY, minutes: int = 15) -> list[Week]:
    """Weeks of five walks, two minutes longer each week."""
    found = []
    for n in range(count):
        monday = start + timedelta(weeks=n)
        dose = Dose(minutes + 2 * n, 5)
        walks = tuple(
            PlannedWalk(monday + timedelta(days=d), dose.minutes, 1, None) for d in (0, 1, 3, 4, 5)
        )
        reason = Reason("test.rule", "An invented week.", "test")
        decision = Decision(DecisionKind.PROGRESS, (reason,))
        found.append(Week(monday, n + 1, "test", dose, walks, decision))
    return found


def some_doses(start: date = MONDAY) -> pl.DataFrame:
    """A tablet on every third day of four weeks."""
    days = [start + timedelta(days=i) for i in range(0, 28, 3)]
    rows = [(datetime.combine(day, time(9), UTC), day, "A", 200.0, "mg") for day in days]
    return pl.DataFrame(rows, schema=DOSES, orient="row")


def some_scores(start: date = MONDAY) -> pl.DataFrame:
    """Mood and sleep on most days of eight weeks, two forms every four."""
    rows = []
    for i in range(56):
        day = start + timedelta(days=i)
        at = datetime.combine(day, time(20), UTC)
        if i % 6 != 2:
            rows.append((at, day, "mood", float(2 + i % 4)))
            rows.append((at, day, "sleep", float(3 + i % 5)))
        if i % 28 == 0:
            rows.append((at, day, "rmdq", 14.0 - i / 7))
            rows.append((at, day, "peg", 6.0 - i / 28))
    return pl.DataFrame(rows, schema=SCORES, orient="row")
