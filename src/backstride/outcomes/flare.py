"""Flares and recurrences, from the pain diary.

A flare is what the person calls one (Costa 2019). A rise of the score only leads to the
question: pain-defined and self-reported flares agree in part. A recurrence is pain again
after a month without; days without a note are unknown, never days without pain.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import polars as pl

from backstride.records import Reason
from backstride.words import say

ASK_RULE = "flare.ask"


class Level(StrEnum):
    """How much a recurrence meant, as the WalkBack trial counted them."""

    ANY = "any"
    ACTIVITY_LIMITING = "activity_limiting"
    CARE_SEEKING = "care_seeking"


@dataclass(frozen=True)
class Recurrence:
    """Pain again on `start`, after `free_days` days without, `noted` of which were noted."""

    start: date
    free_days: int
    noted: int


@cache
def episode_rules() -> dict[str, Any]:
    """The numbers and texts of `episodes.toml`."""
    text = files("backstride.outcomes").joinpath("episodes.toml").read_text("utf-8")
    return tomllib.loads(text)


def ask_about_flare(pain: pl.DataFrame, today: date) -> Reason | None:
    """Why to ask now whether it is a flare, or None. `pain` is the PAIN table.

    None as well where they have called it one since the rise, and where nothing before it
    tells what is usual. Whoever asks keeps the answer: a "no" isn't asked about again.
    """
    rule = episode_rules()["ask"]
    daily = _daily(pain, today)
    since = today - timedelta(days=rule["rise_window_days"] - 1)
    rises = []
    for day in (d for d in sorted(daily) if d >= since):
        usual = _median_before(daily, day, rule["window_days"])
        if usual is not None and daily[day] - usual >= rule["rise"]:
            rises.append((day, usual))
    if not rises or _flare_noted(pain, rises[0][0], today):
        return None
    sharp = any(daily[day] - usual >= rule["sharp_rise"] for day, usual in rises)
    if not sharp and len(rises) < rule["rise_days"]:
        return None
    day, usual = rises[-1]
    text = say(rule["text"], now=daily[day], usual=say("{usual:g}", usual=usual))
    return Reason(ASK_RULE, text, rule["source"])


def flare_episodes(
    pain: pl.DataFrame, today: date, apart_days: int | None = None
) -> tuple[tuple[date, date], ...]:
    """First and last noted day of each flare; more than `apart_days` without a note of one
    separate two."""
    apart = episode_rules()["flare"]["apart_days"] if apart_days is None else apart_days
    noted = pain.filter(pl.col("is_flare").fill_null(False) & (pl.col("date") <= today))
    episodes: list[tuple[date, date]] = []
    for day in noted.get_column("date").unique().sort().to_list():
        if episodes and (day - episodes[-1][1]).days <= apart:
            episodes[-1] = (episodes[-1][0], day)
        else:
            episodes.append((day, day))
    return tuple(episodes)


def in_flare(pain: pl.DataFrame, today: date) -> bool:
    """Whether a flare was noted so lately that another note would still belong to it."""
    episodes = flare_episodes(pain, today)
    apart = timedelta(days=episode_rules()["flare"]["apart_days"])
    return bool(episodes) and today - episodes[-1][1] <= apart


def recurrences(pain: pl.DataFrame, today: date) -> tuple[Recurrence, ...]:
    """Every time pain came back after a month without, in order of time.

    A start is the first of two days in a row with enough pain. The days before it must have
    been noted often enough, without a long gap, and none of them with enough pain.
    """
    rule = episode_rules()["recurrence"]
    daily = _daily(pain, today)
    found = []
    for start in sorted(d for d, nprs in daily.items() if nprs >= rule["nprs"]):
        run = [start + timedelta(days=n) for n in range(rule["last_days"])]
        if all(daily.get(day, 0) >= rule["nprs"] for day in run):
            before = _free_before(daily, start)
            if before is not None:
                found.append(before)
    return tuple(found)


def level_of(*, limited: bool, sought_care: bool) -> Level:
    """The level of a recurrence from the person's two answers; care counts above limits."""
    if sought_care:
        return Level.CARE_SEEKING
    return Level.ACTIVITY_LIMITING if limited else Level.ANY


def _free_before(daily: dict[date, int], start: date) -> Recurrence | None:
    rule = episode_rules()["recurrence"]
    first = start - timedelta(days=rule["free_days"])
    noted = [day for day in sorted(daily) if first <= day < start]
    if len(noted) < rule["min_noted"] or any(daily[day] >= rule["nprs"] for day in noted):
        return None
    gaps = [(b - a).days for a, b in pairwise([first, *noted, start])]
    if max(gaps) > rule["max_gap_days"]:
        return None
    return Recurrence(start, rule["free_days"], len(noted))


def _daily(pain: pl.DataFrame, today: date) -> dict[date, int]:
    """The highest score of each noted day up to today; pain during a walk is left out."""
    resting = pl.col("moment").fill_null("now") != "during_walk"
    known = pain.filter(resting & pl.col("nprs").is_not_null() & (pl.col("date") <= today))
    days = known.group_by("date").agg(pl.col("nprs").max())
    return {day: int(nprs) for day, nprs in days.iter_rows()}


def _median_before(daily: dict[date, int], day: date, window_days: int) -> float | None:
    first = day - timedelta(days=window_days)
    before = sorted(nprs for noted, nprs in daily.items() if first <= noted < day)
    if not before:
        return None
    middle = len(before) // 2
    return float(before[middle]) if len(before) % 2 else (before[middle - 1] + before[middle]) / 2


def _flare_noted(pain: pl.DataFrame, since: date, today: date) -> bool:
    """Whether the person has called it a flare in these days. A diary's "no" may just mean
    that nobody asked."""
    recent = pain.filter(pl.col("date").is_between(since, today))
    return bool(recent.get_column("is_flare").fill_null(False).any())
