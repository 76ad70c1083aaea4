"""One invented day of the demo: a walk and slow steps here and there, as two devices see them.

The walks, of 95 to 112 steps/min, grow over the weeks and shrink in the worse one. The
watch is worn most days, on some only until the evening, on a few not at all; the phone is
carried along part of the time and counts a little less.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

WALK_MIN = (10, 11, 12, 14, 5, 8, 11, 14, 16, 18)  # a walk's length in each week
WALK_SPM = (95, 97, 99, 102, 95, 98, 102, 106, 109, 112)
REST_WEEKDAYS = (2, 6)  # no walk on Wednesdays and Sundays
WALK_SHARE = 0.6  # of the day's steps, at most
FROM_MIN, TO_MIN = 7 * 60, 21 * 60  # minutes after midnight between which steps are
SLOW_SPM = (12, 56)
WATCH_OFF_MIN = 18 * 60  # when it goes on its charger on some days

WATCH = ("Demo Watch", "Watch", "Watch6,1")
PHONE = ("Demo iPhone", "iPhone", "iPhone14,5")


@dataclass(frozen=True)
class Record:
    """What one device counted between two times, in seconds after local midnight."""

    device: tuple[str, str, str]  # source name, model, hardware
    start_s: int
    end_s: int
    steps: int


@dataclass(frozen=True)
class DemoDay:
    """A day's records, and the steps that it comes to when each is counted once."""

    day: date
    records: tuple[Record, ...]
    total: int


@dataclass(frozen=True)
class _Run:
    """Steps in each of some minutes on end; `start` is a minute after midnight."""

    start: int
    steps: tuple[int, ...]


def lived(day: date, steps: int, number: int, seed: int) -> DemoDay:
    """Spread `steps` over invented minutes of the demo's day `number` and count them."""
    dice = random.Random(seed)  # noqa: S311 - a demo, not a secret
    runs = _runs(steps, day.weekday(), number // 7, dice)
    shift_s = dice.randrange(5, 55)  # devices don't start on the full minute
    wear = dice.random()
    watch_until = 0 if wear < 0.1 else WATCH_OFF_MIN if wear < 0.25 else TO_MIN + 60
    records: list[Record] = []
    total = 0
    for run in runs:
        has_watch = run.start < watch_until
        if not has_watch and not watch_until and dice.random() < 0.2:
            continue  # a day without the watch, and the phone lay elsewhere
        first, minutes = (WATCH, 4) if has_watch else (PHONE, 9)
        records += _counted(first, run, minutes, shift_s)
        total += sum(run.steps)
        if has_watch and dice.random() < 0.6:
            records.append(_along(run, shift_s, dice))
    return DemoDay(day, tuple(records), total)


def _runs(steps: int, weekday: int, week: int, dice: random.Random) -> list[_Run]:
    runs: list[_Run] = []
    busy: set[int] = set()
    left = steps
    if weekday not in REST_WEEKDAYS:
        spm = WALK_SPM[week]
        length = min(WALK_MIN[week] + dice.randrange(-2, 3), int(WALK_SHARE * steps / (spm + 4)))
        walk = [spm + dice.randrange(-4, 5) for _ in range(length)]
        left -= _add(runs, busy, dice.randrange(9 * 60, 17 * 60), walk)
    while left > 0:
        start, length = dice.randrange(FROM_MIN, TO_MIN), dice.randrange(2, 8)
        if busy.isdisjoint(range(start - 1, start + length + 1)):
            slow = _at_most(left, [dice.randrange(*SLOW_SPM) for _ in range(length)])
            left -= _add(runs, busy, start, slow)
    return sorted(runs, key=lambda run: run.start)


def _add(runs: list[_Run], busy: set[int], start: int, steps: list[int]) -> int:
    if steps:
        runs.append(_Run(start, tuple(steps)))
        busy.update(range(start, start + len(steps)))
    return sum(steps)


def _at_most(limit: int, steps: list[int]) -> list[int]:
    """The first of `steps` that sum to no more than `limit`, the last one cut to fit."""
    kept = []
    for count in steps:
        kept.append(min(count, limit))
        limit -= kept[-1]
        if not limit:
            break
    return kept


def _counted(
    device: tuple[str, str, str], run: _Run, minutes: int, shift_s: int
) -> Iterator[Record]:
    """Records of up to `minutes` minutes, one after the other, over the whole run."""
    for at in range(0, len(run.steps), minutes):
        part = run.steps[at : at + minutes]
        start = (run.start + at) * 60 + shift_s
        yield Record(device, start, start + 60 * len(part), sum(part))


def _along(run: _Run, shift_s: int, dice: random.Random) -> Record:
    """The phone in the pocket on the same walk: it starts later, stops earlier, misses some."""
    start = run.start * 60 + shift_s + dice.randrange(3, 20)
    end = (run.start + len(run.steps)) * 60 + shift_s - dice.randrange(3, 20)
    return Record(PHONE, start, end, round(sum(run.steps) * dice.uniform(0.8, 0.97)))
