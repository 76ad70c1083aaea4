"""When someone usually sets out: the time of day of their own walks.

People walk by habit, and on other days at other times, so the middle of all walks may be a
time at which nobody walked. What is looked for is the time around which most days have a
walk. All numbers here are ours [ENG].
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

WINDOW_DAYS = 56  # eight weeks back: habits change with season and work
NEAR_MIN = 45  # starts so close to each other are the same habit
MIN_DAYS = 3  # of so many days at least; less is chance
STEP_MIN = 5
DAY_MIN = 24 * 60
SATURDAY = 5


def usual_time(starts: Iterable[datetime], day: date) -> time | None:
    """The time at which a walk on `day` usually begins, to 5 minutes, or None.

    `starts` are starts of walks on the walker's own clock (without a zone, or in theirs).
    Those of the 8 weeks before `day` count: of its own weekday where at least 3 such days have
    a walk at about one time, else of working days or of weekends, else of all days. Most days
    win, then the earlier time. The order of `starts` doesn't matter.
    """
    known = [
        (at.date(), 60 * at.hour + at.minute)
        for at in starts
        if timedelta(0) < day - at.date() <= timedelta(days=WINDOW_DAYS)
    ]
    alike = (
        [row for row in known if row[0].weekday() == day.weekday()],
        [row for row in known if _is_weekend(row[0]) == _is_weekend(day)],
        known,
    )
    found = (_habit(rows) for rows in alike)
    return next((at for at in found if at is not None), None)


def window(usual: time) -> tuple[time, time]:
    """From when until when a walk belongs to the habit of this time."""
    middle = 60 * usual.hour + usual.minute
    begin, end = ((middle + by) % DAY_MIN for by in (-NEAR_MIN, NEAR_MIN))
    return time(begin // 60, begin % 60), time(end // 60, end % 60)


def _is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


def _habit(rows: list[tuple[date, int]]) -> time | None:
    """The middle of the starts around which most days have one."""
    best: list[int] = []
    middle = 0
    for minute in sorted({minute for _, minute in rows}):
        apart = _nearest_by_day(rows, minute)
        if len(apart) > len(best):
            best, middle = apart, minute
    if len(best) < MIN_DAYS:
        return None
    usual = middle + sorted(best)[(len(best) - 1) // 2]
    rounded = STEP_MIN * round(usual / STEP_MIN) % DAY_MIN
    return time(rounded // 60, rounded % 60)


def _nearest_by_day(rows: list[tuple[date, int]], minute: int) -> list[int]:
    """Of each day with a start near `minute`, how far the nearest is from it."""
    nearest: dict[date, int] = {}
    for day, start in rows:
        apart = (start - minute + DAY_MIN // 2) % DAY_MIN - DAY_MIN // 2  # round the clock
        if abs(apart) <= NEAR_MIN:
            nearest[day] = min(apart, nearest.get(day, apart), key=lambda m: (abs(m), m))
    return list(nearest.values())
