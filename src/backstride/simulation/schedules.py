"""Fixed schedules to compare with: they ask for the same, whatever the back says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from backstride.simulation.diary import Diary
from backstride.simulation.luck import Bools, Floats, Ints
from backstride.simulation.people import People


class Planner(Protocol):
    """A regimen at work on one population."""

    def plan(self, day: int, here: Bools, diary: Diary) -> Floats:
        """The minutes planned today for each person (0 for none), from the diary up to
        yesterday. `here` are those who follow the plan and aren't away."""
        ...


@dataclass(frozen=True)
class Regimen:
    """A regimen: its name, how it is called, what it does, and how it begins on people.
    `plans` is False for doing nothing, which can't be left."""

    name: str
    title: str
    about: str
    begin: Callable[[People], Planner]
    plans: bool = True


class Fixed:
    """Minutes on days by the week alone, spread evenly over it."""

    def __init__(self, dose: Callable[[int], tuple[Floats, Ints]]) -> None:
        self._dose = dose

    def plan(self, day: int, here: Bools, diary: Diary) -> Floats:
        """See `Planner`."""
        week, weekday = divmod(day, 7)
        minutes, days = self._dose(week)
        # Day n holds a walk where the evenly spread count goes up.
        due = -(-(weekday + 1) * days // 7) > -(-weekday * days // 7)
        return np.where(here & due, minutes, 0.0)


def _leaflet(people: People) -> Planner:
    minutes, days = np.full(len(people), 30.0), np.full(len(people), 5)
    return Fixed(lambda week: (minutes, days))


def _ten_percent(people: People) -> Planner:
    first = np.clip(0.8 * people.told, 5, 30)

    def dose(week: int) -> tuple[Floats, Ints]:
        minutes = np.minimum(first * 1.1**week, 30.0)
        return minutes, np.where(minutes >= 30.0, 5, 4)

    return Fixed(dose)


def _trial(people: People) -> Planner:
    count = len(people)

    def dose(week: int) -> tuple[Floats, Ints]:
        known = np.interp(week + 1, [1, 12, 26], [40.0, 130.0, 150.0])
        days = 4 if week < 4 else 5
        return np.full(count, known / days), np.full(count, days)

    return Fixed(dose)


def _nothing(people: People) -> Planner:
    none, days = np.zeros(len(people)), np.zeros(len(people), dtype=np.int64)
    return Fixed(lambda week: (none, days))


LEAFLET = Regimen("leaflet", "Leaflet", "30 minutes on 5 days a week from the first day.", _leaflet)
TEN_PERCENT = Regimen(
    "ten_percent",
    "+10 % a week",
    "From 0.8 of what is told to be comfortable, on 4 days, 10 % more each week up to "
    "30 minutes, then on 5 days.",
    _ten_percent,
)
TRIAL = Regimen(
    "trial",
    "Trial's mean",
    "For all alike: 40 minutes in week 1 (SWIFT's start), 130 in week 12 (WalkBack), 150 in "
    "week 26, straight in between.",
    _trial,
)
NOTHING = Regimen("nothing", "No plan", "Everyone walks as before.", _nothing, plans=False)
