"""The routine beside the walks: for whom which exercise, when, and how much of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.errors import NotCleared
from backstride.records import (
    SESSIONS,
    Decision,
    DecisionKind,
    Disposition,
    Dose,
    PlannedRoutine,
    Week,
    checked,
    empty,
)
from backstride.regimen import Pathway, Person, Wishes, routine
from backstride.regimen.exercises import PARTS, Bend, Kind, Place, load
from backstride.regimen.routine import OPPOSITE, rules
from backstride.regimen.spread import free_days, spread
from walkers import MONDAY, cleared

KEYS = list(load())


def week_of(days: int = 4, kind: DecisionKind = DecisionKind.HOLD, number: int = 1) -> Week:
    dose = Dose(15, days)
    walks = spread(free_days(MONDAY, range(7)), dose)
    return Week(MONDAY, number, "walkback", dose, walks, Decision(kind, ()))


def person_of(age: int | None = 45, weekdays: tuple[int, ...] = tuple(range(7))) -> Person:
    return Person(age, Pathway.RECOVERED, weekdays)


def made(**more: object) -> tuple[PlannedRoutine, ...]:
    given_: dict = {
        "week": week_of(),
        "person": person_of(),
        "screen": cleared(MONDAY),
        "sessions": empty(SESSIONS),
        "today": MONDAY,
    }
    return routine(**(given_ | more))


def exercises_of(planned: tuple[PlannedRoutine, ...]) -> list[str]:
    return [item.exercise for one in planned for item in one.items]


def sessions(*rows: tuple[str, str, bool], exercise: str = "bridge") -> pl.DataFrame:
    """Of (felt, hurt), a day each before the week."""
    table = {
        "date": [MONDAY - timedelta(days=len(rows) - n) for n in range(len(rows))],
        "exercise": exercise,
        "level": 1,
        "felt": [felt for felt, _ in rows],
        "hurt": [hurt for _, hurt in rows],
    }
    return checked(pl.DataFrame(table), SESSIONS)


def level_of(planned: tuple[PlannedRoutine, ...], exercise: str = "bridge") -> set[int]:
    return {item.level for one in planned for item in one.items if item.exercise == exercise}


def test_a_week_covers_every_part_of_the_body() -> None:
    planned = made()
    parts = Counter(part for key in exercises_of(planned) for part in load()[key].parts)
    assert set(parts) == set(PARTS)
    kinds = {load()[key].kind for key in exercises_of(planned)}
    assert kinds == set(Kind)


def test_walking_days_have_a_routine_and_strength_days_rest_between() -> None:
    planned = made()
    days = {one.day for one in planned}
    assert {walk.day for walk in week_of().walks} <= days
    strong = sorted(
        one.day
        for one in planned
        if any(load()[item.exercise].kind is Kind.STRENGTH for item in one.items)
    )
    assert len(strong) == rules()["days"]["strength"]
    assert all(b - a > timedelta(days=1) for a, b in pairwise(strong))


def test_mobility_stands_first() -> None:
    order = [Kind.MOBILITY, Kind.STRETCH, Kind.STRENGTH]
    for one in made():
        ranks = [order.index(load()[item.exercise].kind) for item in one.items]
        assert ranks == sorted(ranks)
        assert ranks[0] == 0


def test_a_flare_leaves_gentle_moving_only() -> None:
    planned = made(week=week_of(kind=DecisionKind.FLARE))
    assert {load()[key].kind for key in exercises_of(planned)} == {Kind.MOBILITY}
    assert [reason.rule for reason in planned[0].reasons] == ["routine.flare"]


def test_where_someone_must_be_seen_first_only_gentle_moving_is_left() -> None:
    light = replace(cleared(MONDAY), disposition=Disposition.THERAPIST, light_only=True)
    planned = made(screen=light)
    assert {load()[key].kind for key in exercises_of(planned)} == {Kind.MOBILITY}


@pytest.mark.parametrize("disposition", [Disposition.SAME_DAY, Disposition.EMERGENCY_NOW, None])
def test_no_routine_past_a_stop(disposition: Disposition | None) -> None:
    with pytest.raises(NotCleared):
        made(screen=replace(cleared(MONDAY), disposition=disposition))


def test_who_cannot_get_down_to_the_floor_still_has_a_whole_week() -> None:
    planned = made(wishes=Wishes(floor=False))
    places = {load()[key].place for key in exercises_of(planned)}
    assert places == {Place.CHAIR, Place.STANDING}
    assert {load()[key].kind for key in exercises_of(planned)} == set(Kind)


@pytest.mark.parametrize("prefers", [Bend.FLEXION, Bend.EXTENSION])
def test_the_direction_that_eases_leaves_out_its_opposite(prefers: Bend) -> None:
    used: set[Bend] = set()
    for number in range(1, 8):
        planned = made(week=week_of(6, number=number), wishes=Wishes(30, prefers=prefers))
        used |= {load()[key].bend for key in exercises_of(planned)}
    assert prefers in used
    assert OPPOSITE[prefers] not in used


def test_weeks_change_so_that_each_exercise_has_its_turn() -> None:
    used: set[str] = set()
    for number in range(1, 13):
        used |= set(exercises_of(made(week=week_of(5, number=number))))
    assert used == set(KEYS)


def test_stretches_are_held_longer_from_65() -> None:
    planned = made(week=week_of(6), person=person_of(70))
    held = [
        item.hold_s
        for one in planned
        for item in one.items
        if load()[item.exercise].kind is Kind.STRETCH and load()[item.exercise].levels[0].hold_s
    ]
    assert held
    assert min(held) >= 30


def test_four_good_times_lead_a_level_up_and_say_so() -> None:
    four = sessions(*[("right", False)] * 4)
    planned = made(sessions=four)
    assert level_of(planned) == {2}
    assert "routine.up" in {reason.rule for reason in planned[0].reasons}
    old = four.with_columns(pl.col("date") - timedelta(days=30))
    assert "routine.up" not in {reason.rule for reason in made(sessions=old)[0].reasons}
    assert level_of(made(sessions=sessions(*[("right", False)] * 3))) == {1}


def test_a_hard_one_begins_the_count_again() -> None:
    rows = [("right", False)] * 3 + [("hard", False)] + [("right", False)] * 3
    assert level_of(made(sessions=sessions(*rows))) == {1}


def test_what_hurt_leads_a_level_down() -> None:
    risen = sessions(*[("right", False)] * 4).with_columns(pl.col("date") - timedelta(days=14))
    planned = made(sessions=pl.concat([risen, sessions(("right", True))]))
    assert level_of(planned) == {1}
    assert "routine.down" in {reason.rule for reason in planned[0].reasons}


def test_sessions_within_the_week_do_not_change_it() -> None:
    later = sessions(*[("right", False)] * 4).with_columns(date=pl.lit(MONDAY))
    assert made(sessions=later) == made()


felt = st.tuples(st.sampled_from(["easy", "right", "hard"]), st.booleans())
wishes_of = st.builds(
    Wishes,
    st.one_of(st.none(), st.integers(3, 40)),
    st.booleans(),
    st.one_of(st.none(), st.sampled_from(Bend)),
    st.frozensets(st.sampled_from([*KEYS, *Bend]), max_size=6),
)


@given(
    st.lists(felt, max_size=12),
    st.sampled_from(KEYS),
    wishes_of,
    st.integers(1, 5),
    st.integers(1, 60),
    st.one_of(st.none(), st.integers(18, 95)),
    st.sampled_from(DecisionKind),
)
def test_every_routine_keeps_its_promises(rows, key, wishes, days, number, age, kind) -> None:
    week = week_of(days, kind, number)
    before = sessions(*rows, exercise=key) if rows else empty(SESSIONS)
    planned = made(week=week, person=person_of(age), sessions=before, wishes=wishes)
    assert planned == made(week=week, person=person_of(age), sessions=before, wishes=wishes)
    for one in planned:
        assert one.items
        assert one.minutes <= (wishes.minutes or rules()["time"]["minutes"])
        assert week.start <= one.day <= week.end
        keys = [item.exercise for item in one.items]
        assert len(keys) == len(set(keys))
        for item in one.items:
            exercise = load()[item.exercise]
            assert exercise.key not in wishes.avoid
            assert exercise.bend not in wishes.avoid
            assert wishes.floor or exercise.place is not Place.FLOOR
            assert 1 <= item.level <= len(exercise.levels)
            if kind is DecisionKind.FLARE:
                assert exercise.kind is Kind.MOBILITY


@given(st.lists(felt, min_size=1, max_size=15))
def test_no_level_rises_after_a_time_that_hurt(rows) -> None:
    before, after = (
        level_of(made(sessions=sessions(*some) if some else empty(SESSIONS), wishes=Wishes(40)))
        for some in (rows, [*rows, ("right", True)])
    )
    if before and after:
        assert max(after) <= max(before)


def test_every_exercise_is_whole() -> None:
    for exercise in load().values():
        assert exercise.steps
        assert exercise.feel.endswith(".")
        assert all(step.endswith(".") for step in exercise.steps)
        loads = [level.sets * level.reps * (level.hold_s + 1) for level in exercise.levels]
        assert loads == sorted(set(loads)), f"{exercise.key}: each level asks for more"
        for pose in (exercise.start, exercise.end):
            joints = [
                pose.head,
                pose.neck,
                pose.hip,
                *(p for line in pose.lines.values() for p in line),
            ]
            assert all(0 <= x <= 160 and -2 <= y <= 104 for x, y in joints), exercise.key


def test_the_rules_say_their_sources() -> None:
    for rule in rules()["rule"]:
        assert rule["source"]
        assert rule["mark"] in {"V", "V2", "U", "ENG"}
