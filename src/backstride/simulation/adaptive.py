"""Our regimen at work on virtual walkers, called as the site calls it.

It sees a walker's diary and measured days up to yesterday, never the back itself. A week is
made when the last one is over and the person is there; a flare noted in a running week eases
it at once. Every virtual walker answers the safety questions before each week, with nothing
that stops a plan: the screen is not what is tried here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from backstride import regimen
from backstride.records import DAYS, PAIN, WALKS, Baseline, Disposition, Week, checked, empty
from backstride.simulation.diary import MOMENTS, NOTHING, Diary
from backstride.simulation.luck import Bools, Floats
from backstride.simulation.people import People
from backstride.simulation.schedules import Regimen

FIRST_DAY = date(2026, 1, 5)  # any Monday
SEEN_DAYS = 63  # as far back as any rule looks


class Adaptive:
    """The weeks that our rules give each person. `weeks` holds them all, as decided."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._weeks: list[list[Week]] = [[] for _ in range(len(people))]
        self._today: list[dict[date, int]] = [{} for _ in range(len(people))]

    @property
    def weeks(self) -> list[tuple[Week, ...]]:
        return [tuple(weeks) for weeks in self._weeks]

    def plan(self, day: int, here: Bools, diary: Diary) -> Floats:
        """See `schedules.Planner`."""
        today = FIRST_DAY + timedelta(days=day)
        minutes = np.zeros(len(self._people))
        for who in np.flatnonzero(here):
            self._bring_up_to_date(int(who), day, today, diary)
            minutes[who] = self._today[who].get(today, 0)
        return minutes

    def _bring_up_to_date(self, who: int, day: int, today: date, diary: Diary) -> None:
        weeks = self._weeks[who]
        if not weeks or weeks[-1].end < today:
            week = self._made(who, day, today, diary)
            weeks.append(week)
            self._today[who] = {walk.day: walk.minutes for walk in week.walks}
        elif day > 0 and diary.flare[who, day - 1]:
            eased = regimen.eased(weeks[-1], self._history(who, day, today, diary), _screen(today))
            self._today[who] = {walk.day: walk.minutes for walk in eased.walks}

    def _made(self, who: int, day: int, today: date, diary: Diary) -> Week:
        people, weeks = self._people, self._weeks[who]
        pathway = (
            regimen.Pathway.RECOVERED if people.recovered[who] else regimen.Pathway.IN_PAIN_NOW
        )
        person = regimen.Person(int(people.age[who]), pathway)
        if not weeks:
            told = float(people.told[who])
            baseline = Baseline(told, told, float(people.usual_days[who]), None, 0, True)
            level = round(float(people.level[who]))
            return regimen.first_week(baseline, person, _screen(today), today, level)
        history = self._history(who, day, today, diary)
        return regimen.next_week(history, weeks[-1], person, _screen(today))

    def _history(self, who: int, day: int, today: date, diary: Diary) -> regimen.History:
        """What is known of a person on the morning of `today`, its own day not yet lived."""
        first = max(day - SEEN_DAYS, 0)
        return regimen.History(
            today=today,
            days=_days(diary.measured[who, first:day], first),
            walks=_walks(diary.logged[who, first:day], first),
            pain=_pain(diary, who, first, day),
            weeks=tuple(self._weeks[who]),
        )


def _screen(today: date) -> regimen.Screen:
    return regimen.Screen(Disposition.WALK, today, light_only=False)


def _days(measured: Floats, first: int) -> pl.DataFrame:
    seen = np.flatnonzero(~np.isnan(measured))
    if not len(seen):
        return empty(DAYS)
    minutes = measured[seen]
    columns = {
        "date": [FIRST_DAY + timedelta(days=int(n) + first) for n in seen],
        "steps": (3000 + 100 * minutes).astype(np.int64),
        "walking_min": minutes,
        "longest_bout_min": minutes,
    }
    return checked(pl.DataFrame(columns), DAYS)


def _walks(logged: Floats, first: int) -> pl.DataFrame:
    said = np.flatnonzero(~np.isnan(logged))
    if not len(said):
        return empty(WALKS)
    days = [FIRST_DAY + timedelta(days=int(n) + first) for n in said]
    return checked(pl.DataFrame({"date": days, "minutes": logged[said]}), WALKS)


def _pain(diary: Diary, who: int, first: int, day: int) -> pl.DataFrame:
    rows: dict[str, list[Any]] = {"date": [], "nprs": [], "moment": [], "is_flare": []}
    for moment in MOMENTS:
        noted = diary.pain[moment][who, first:day]
        for n in np.flatnonzero(noted != NOTHING):
            rows["date"].append(FIRST_DAY + timedelta(days=int(n) + first))
            rows["nprs"].append(int(noted[n]))
            rows["moment"].append(moment)
            rows["is_flare"].append(bool(diary.flare[who, first + n]))
    if not rows["date"]:
        return empty(PAIN)
    at = [datetime(d.year, d.month, d.day, 18, tzinfo=UTC) for d in rows["date"]]
    return checked(pl.DataFrame({"at": at, **rows}), PAIN)


OURS = Regimen(
    "ours",
    "Backstride",
    f"The rules of {regimen.protocol().label}, week by week from the diary.",
    Adaptive,
)
