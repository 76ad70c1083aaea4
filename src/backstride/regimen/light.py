"""The traffic light: how the back took a walk, by change against the person's own level.

Thresholds are the protocol's (clinical-facts section 5); such lights come from tendon
rehabilitation and are not validated for low back pain. Change is judged, not level: many
start at 6.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import Any

import polars as pl

from backstride.records import LEG_NEWS
from backstride.regimen.protocol import LightRules, protocol


class Light(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = "unknown"  # nothing noted, or nothing to compare it with


Notes = list[dict[str, Any]]  # rows of the PAIN table


def traffic_light(
    pain: pl.DataFrame, usual: float | None = None, after_48_h: int | None = None
) -> Light:
    """The light of one walk or day.

    `pain` holds the PAIN rows that belong to it, the next morning's included; `usual` is the
    person's usual NPRS, used where the walk has no `before_walk` entry; `after_48_h` the
    NPRS two days later, where known. News of a leg (LEG_NEWS) are red whatever the score.
    """
    return _light(pain.to_dicts(), usual, after_48_h)


def day_lights(pain: pl.DataFrame, first: date, last: date) -> dict[date, Light]:
    """The light of each day from `first` to `last`, from the whole PAIN table.

    A day's notes are its own and the next morning's; its usual level is the median of the
    resting NPRS of the 14 days before it.
    """
    before = timedelta(days=protocol().light.usual_window_days)
    near = pain.filter(pl.col("date").is_between(first - before, last + timedelta(days=2)))
    by_day: dict[date, Notes] = {}
    for note in near.to_dicts():
        by_day.setdefault(note["date"], []).append(note)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day: _day_light(by_day, day, before) for day in days}


def _light(notes: Notes, usual: float | None, after_48_h: int | None) -> Light:
    if any(note[news] for note in notes for news in LEG_NEWS):
        return Light.RED
    before = max(_scores(notes, "before_walk"), default=None)
    during = max(_scores(notes, "during_walk"), default=None)
    after = max(_scores(notes, "next_morning", "now"), default=None)
    level = usual if before is None else float(before)
    if level is None or (during is None and after is None):
        return Light.UNKNOWN
    rise = 0.0 if during is None else during - level
    later = 0.0 if after is None else after - level
    settled = None if after_48_h is None else after_48_h - level
    rules = protocol().light
    if _is_red(rules, rise, during, later, settled):
        return Light.RED
    high = during is not None and during >= rules.amber_during and rise >= rules.level_rise
    if high or rise > rules.amber_rise_above or later > rules.amber_after_above:
        return Light.AMBER
    return Light.GREEN


def _is_red(
    rules: LightRules, rise: float, during: int | None, later: float, settled: float | None
) -> bool:
    if rise >= rules.red_rise or later > rules.red_after_above:
        return True
    if during is not None and during >= rules.red_during and rise >= rules.level_rise:
        return True
    raised = rules.amber_after_above  # still raised after two days: not settled in 48 h
    return later > raised and settled is not None and settled > raised


def _day_light(by_day: dict[date, Notes], day: date, window: timedelta) -> Light:
    own = [note for note in by_day.get(day, []) if note["moment"] != "next_morning"]
    tomorrow = by_day.get(day + timedelta(days=1), [])
    own += [note for note in tomorrow if note["moment"] == "next_morning"]
    earlier = [n for on, notes in by_day.items() if day - window <= on < day for n in notes]
    usual = _resting(earlier)
    settled = _resting(by_day.get(day + timedelta(days=2), []))
    return _light(own, median(usual) if usual else None, min(settled, default=None))


def _resting(notes: Notes) -> list[int]:
    return _scores(notes, "before_walk", "next_morning", "now")


def _scores(notes: Notes, *moments: str) -> list[int]:
    """The NPRS noted at these moments; a note without a moment is a "now"."""
    return [
        note["nprs"]
        for note in notes
        if note["nprs"] is not None and (note["moment"] or "now") in moments
    ]
