"""The week's routine beside the walks: what to loosen, stretch and strengthen, on which day.

Pure and deterministic, like the walks: the same person, week and sessions give the same
routine. Every number is data in `routine.toml` and `exercises.toml` with its source.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from backstride.records import (
    SESSIONS,
    DecisionKind,
    Disposition,
    PlannedRoutine,
    Reason,
    RoutineItem,
    Week,
    checked,
)
from backstride.regimen.exercises import Bend, Exercise, Kind, Level, Place, load
from backstride.regimen.gate import require_cleared
from backstride.regimen.orders import avoided, is_paused
from backstride.regimen.person import Person, Screen
from backstride.regimen.spread import free_days
from backstride.words import say

OPPOSITE = {Bend.FLEXION: Bend.EXTENSION, Bend.EXTENSION: Bend.FLEXION}
TWO_SIDES = 2


@dataclass(frozen=True)
class Wishes:
    """What the person can and wants to do, and what the therapist has set.

    `minutes` a day; `floor`: whether they can get down to the floor and up again; `prefers`:
    the direction that eases their back, so the opposite one is left out; `avoid`: keys of
    exercises and names of bends that are not for them.
    """

    minutes: int | None = None
    floor: bool = True
    prefers: Bend | None = None
    avoid: frozenset[str] = frozenset()


@cache
def rules() -> dict[str, Any]:
    """The numbers and texts of `routine.toml`."""
    return tomllib.loads(files("backstride.regimen").joinpath("routine.toml").read_text("utf-8"))


def routine(
    week: Week,
    person: Person,
    screen: Screen,
    sessions: pl.DataFrame,
    today: date,
    wishes: Wishes = Wishes(),
) -> tuple[PlannedRoutine, ...]:
    """The routine of each day of `week` that has one, in order, with its reasons.

    `sessions` (SESSIONS) is what was done before the week, `today` the walker's local day.
    On walking days there is something to loosen up and something to stretch; strength comes
    on days that don't follow each other. In a flare, or while a clinician has to be seen
    first, only gentle moving is left. Raises NotCleared where the screen allows no walking.
    """
    require_cleared(screen, today)
    is_gentle = week.decision.kind is DecisionKind.FLARE or _is_light(screen)
    if is_paused(person.orders, week.start):
        return ()
    wishes = replace(wishes, avoid=wishes.avoid | avoided(person.orders, week.start))
    fit = [exercise for exercise in load().values() if _fits(exercise, wishes)]
    levels = {exercise.key: _level(exercise, sessions, week.start) for exercise in fit}
    strong = () if is_gentle else _strength_days(week, person)
    walks = {walk.day for walk in week.walks}
    covered: Counter[str] = Counter()
    planned = []
    for day in sorted(walks | set(strong)):
        kinds = (Kind.MOBILITY,) if is_gentle else _kinds(day, strong)
        items = tuple(_pick(fit, kinds, levels, covered, person, wishes, week.number))
        if items:
            seconds = sum(_seconds(_done(item), load()[item.exercise]) for item in items)
            planned.append(PlannedRoutine(day, items, -(-seconds // 60), ()))
    reasons = tuple(_reasons(week, screen, strong, levels))
    return tuple(replace(one, reasons=reasons) for one in planned)


def _is_light(screen: Screen) -> bool:
    return screen.disposition is Disposition.THERAPIST and screen.light_only


def _fits(exercise: Exercise, wishes: Wishes) -> bool:
    """Whether it is for this person; a bend that isn't preferred is no reason to leave it."""
    if exercise.key in wishes.avoid or exercise.bend in wishes.avoid:
        return False
    if exercise.place is Place.FLOOR and not wishes.floor:
        return False
    return wishes.prefers is None or exercise.bend is not OPPOSITE.get(wishes.prefers)


def _strength_days(week: Week, person: Person) -> tuple[date, ...]:
    """Up to three of the person's days, walking days first, none the day after another."""
    walks = {walk.day for walk in week.walks}
    free = free_days(week.start, person.available_weekdays)
    chosen: list[date] = []
    for day in sorted(free, key=lambda day: (day not in walks, day)):
        if all(abs(day - other) > timedelta(days=1) for other in chosen):
            chosen.append(day)
    return tuple(sorted(chosen)[: rules()["days"]["strength"]])


def _kinds(day: date, strong: Iterable[date]) -> tuple[Kind, ...]:
    return (Kind.MOBILITY, Kind.STRENGTH if day in strong else Kind.STRETCH)


def _pick(
    fit: list[Exercise],
    kinds: tuple[Kind, ...],
    levels: dict[str, tuple[int, int]],
    covered: Counter[str],
    person: Person,
    wishes: Wishes,
    turn: int,
) -> Iterator[RoutineItem]:
    """Exercises into the day's time: of each kind those whose parts the week has least of.

    `covered` counts exercises and parts over the week and is brought up to date; `turn`
    changes the order from week to week, so that each exercise has its turn.
    """
    left = (wishes.minutes or rules()["time"]["minutes"]) * 60
    for kind in kinds:
        most = rules()["days"]["mobility"] if kind is Kind.MOBILITY else len(fit)
        choice = [exercise for exercise in fit if exercise.kind is kind]
        turned = choice[turn % len(choice) :] + choice[: turn % len(choice)] if choice else []
        for _ in range(min(most, len(choice))):
            turned.sort(key=lambda e: (covered[e.key], min(covered[part] for part in e.parts)))
            for exercise in turned:
                item = _item(exercise, levels[exercise.key][0], person)
                seconds = _seconds(_done(item), exercise)
                if seconds <= left:
                    break
            else:
                break
            turned.remove(exercise)
            covered.update((exercise.key, *exercise.parts))
            left -= seconds
            yield item


def _item(exercise: Exercise, level: int, person: Person) -> RoutineItem:
    dose, older = exercise.levels[level], rules()["older"]
    if exercise.kind is Kind.STRETCH and dose.hold_s and (person.age or 0) >= older["age"]:
        hold = max(dose.hold_s, older["stretch_hold_s"])
        dose = Level(dose.sets, min(dose.reps, older["stretch_reps"]), hold)
    return RoutineItem(exercise.key, level + 1, dose.sets, dose.reps, dose.hold_s)


def _done(item: RoutineItem) -> Level:
    return Level(item.sets, item.reps, item.hold_s)


def _seconds(dose: Level, exercise: Exercise) -> int:
    time = rules()["time"]
    sides = TWO_SIDES if exercise.sides else 1
    return int(dose.sets * dose.reps * sides * (dose.hold_s + time["rep_s"]) + time["change_s"])


def _level(exercise: Exercise, sessions: pl.DataFrame, before: date) -> tuple[int, int]:
    """Which level (from 0) the sessions lead to, and last week's step: 1 up, -1 down, 0 none.

    A level is left upwards when it was done often enough without being hard or hurting, and
    downwards as soon as it hurt.
    """
    own = (
        checked(sessions, SESSIONS)
        .filter((pl.col("exercise") == exercise.key) & (pl.col("date") < before))
        .sort("date", maintain_order=True)
    )
    level = good = 0
    level_before = 0  # the week
    for day, felt, hurt in own.select("date", "felt", "hurt").iter_rows():
        good = 0 if hurt or felt == "hard" else good + 1
        if hurt:
            level = max(0, level - 1)
        elif good >= rules()["level"]["up_after"] and level + 1 < len(exercise.levels):
            level, good = level + 1, 0
        if day < before - timedelta(days=7):
            level_before = level
    return level, (level > level_before) - (level < level_before)


def _reasons(
    week: Week, screen: Screen, strong: tuple[date, ...], levels: dict[str, tuple[int, int]]
) -> Iterator[Reason]:
    if week.decision.kind is DecisionKind.FLARE:
        yield _reason("routine.flare")
        return
    if _is_light(screen):
        yield _reason("routine.light")
        return
    yield _reason("routine.beside")
    if strong:
        yield _reason("routine.strength", days=len(strong))
    yield _reason("routine.stretch")
    for key, (_, step) in levels.items():
        if step:
            times = rules()["level"]["up_after"]
            name = load()[key].name
            yield _reason("routine.up" if step > 0 else "routine.down", name=name, times=times)


def _reason(rule: str, **numbers: object) -> Reason:
    entry = next(entry for entry in rules()["rule"] if entry["id"] == rule)
    return Reason(rule, say(entry["text"], **numbers), entry["source"])
