"""One population under one regimen, day by day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backstride.simulation.back import Back
from backstride.simulation.diary import Diary
from backstride.simulation.luck import Bools, Floats, Luck
from backstride.simulation.parameters import Model
from backstride.simulation.people import People, away_for, leaves, minutes_walked, too_hard
from backstride.simulation.schedules import Planner, Regimen

RAISED = 3.0  # points over one's usual pain: a bad day, whatever the diary says


@dataclass(frozen=True)
class Course:
    """What happened. Arrays (people, days) unless said.

    `planned` and `walked` in minutes; `began` a flare began; `chance` that one would, which
    says the same with less noise; `raised` pain stood 3 points or
    more over the person's usual level; `strain` minutes over what the back took that day
    (1 is at capacity); `stayed` (people, weeks) whether the plan was still followed.
    """

    regimen: Regimen
    planner: Planner
    planned: Floats
    walked: Floats
    began: Bools
    chance: Floats
    raised: Bools
    strain: Floats
    stayed: Bools


def run(regimen: Regimen, model: Model, people: People, luck: Luck) -> Course:
    """The course of all `people` over the weeks that `luck` was drawn for."""
    count, weeks = luck.week["drop"].shape
    days = weeks * 7
    back, diary = Back(model, people, luck), Diary(model, people, luck, days)
    planner = regimen.begin(people)
    planned, walked, strain, chance = (np.zeros((count, days)) for _ in range(4))
    began, raised = (np.zeros((count, days), dtype=bool) for _ in range(2))
    stayed = np.zeros((count, weeks), dtype=bool)
    follows = np.full(count, regimen.plans)
    away = np.zeros(count, dtype=np.int64)
    for week in range(weeks):
        stayed[:, week] = follows
        away = np.where(away > 0, away, away_for(model, luck, week))
        here = follows & (away == 0)
        hard, walks = np.zeros(count), np.zeros(count)
        for day in range(week * 7, week * 7 + 7):
            back.wake(day)
            asked = planner.plan(day, here, diary)
            planned[:, day] = asked
            hard += too_hard(asked, back.capacity)
            walks += asked > 0
            minutes = minutes_walked(model, people, luck, day, asked, back.pain, back.capacity)
            strain[:, day] = minutes / back.capacity
            felt = back.walk(minutes)
            diary.note(day, back, felt, minutes, here)
            walked[:, day], began[:, day], chance[:, day] = minutes, back.began, back.chance
            raised[:, day] = np.maximum(felt.during, back.pain) - people.level >= RAISED
        flared: Bools = began[:, week * 7 : week * 7 + 7].max(axis=1)
        hard = np.divide(hard, walks, out=np.zeros(count), where=walks > 0)
        follows = follows & ~leaves(model, luck, week, hard, flared)
        away = np.maximum(away - 1, 0)
    return Course(regimen, planner, planned, walked, began, chance, raised, strain, stayed)
