"""The regimen's promises, over whole courses: any diary, any break, any disposition."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.errors import NotCleared
from backstride.records import Baseline, DecisionKind, Disposition
from backstride.regimen import (
    Chosen,
    History,
    Pathway,
    Person,
    eased,
    first_week,
    next_week,
    protocol,
    target_of,
)
from walkers import MONDAY, cleared, pain_table, walks_table


@dataclass(frozen=True)
class Lived:
    """What a week was like: the share walked of the plan, pain by day, a flare's day or None,
    days without a sign afterwards, and what the screen says then."""

    walked: float
    pain: tuple[int, ...]
    flare: int | None
    away: int
    screen: Disposition
    light_only: bool


weeks = st.builds(
    Lived,
    st.sampled_from([0.0, 0.5, 1.0, 1.0, 1.0, 2.5]),
    st.one_of(
        st.integers(0, 9).map(lambda level: (level,) * 7),
        st.lists(st.integers(0, 10), min_size=7, max_size=7).map(tuple),
    ),
    st.one_of(st.none(), st.none(), st.none(), st.integers(0, 6)),
    st.sampled_from([0, 0, 0, 0, 5, 8, 20, 60]),
    st.sampled_from([Disposition.WALK] * 5 + [Disposition.THERAPIST]),
    st.booleans(),
)
people = st.builds(
    Person,
    st.one_of(st.none(), st.integers(18, 100)),
    st.sampled_from(list(Pathway)),
    st.sets(st.integers(0, 6), min_size=1).map(tuple),
    conditions=st.sampled_from([frozenset(), frozenset({"pregnant"})]),
    target=st.one_of(
        st.none(), st.builds(Chosen, st.just("own"), st.integers(2, 50), st.integers(1, 5))
    ),
)
starts = st.floats(0, 120)


def first(comfortable, person):
    told = Baseline(comfortable, comfortable, 3, None, 0, True)
    return first_week(told, person, cleared(MONDAY), MONDAY)


def tables(done, notes):
    return {"walks": walks_table(*done[-40:]), "pain": pain_table(*notes[-60:])}


def course(comfortable, person, lived):
    """(history, the week before, what it was like, the week that followed) of each week."""
    week, plan = first(comfortable, person), []
    done, notes = [], [(-2, 4, {}), (-1, 4, {})]
    for life in lived:
        plan.append(week)
        begins = (week.start - MONDAY).days
        done += [((w.day - MONDAY).days, life.walked * w.minutes) for w in week.walks]
        notes += [
            (begins + n, nprs, {"is_flare": n == life.flare}) for n, nprs in enumerate(life.pain)
        ]
        today = week.end + timedelta(days=1 + life.away)
        history = History(today, weeks=tuple(plan), **tables(done, notes))
        following = next_week(history, week, person, cleared(today, life.screen, life.light_only))
        yield history, week, life, following
        week = following


@settings(max_examples=60, deadline=None)
@given(starts, people, st.lists(weeks, min_size=1, max_size=12))
def test_no_course_breaks_the_ceilings(comfortable, person, lived):
    entry = protocol().entry
    for history, before, life, week in course(comfortable, person, lived):
        old, new = before.dose, week.dose
        goal = target_of(protocol(), person)
        assert new.minutes <= goal.minutes
        assert new.days_per_week <= goal.days
        rule = week.decision.reasons[0].rule
        if rule == "flare.return":
            assert before.decision.kind != DecisionKind.FLARE
            assert new.weekly_minutes <= 1.5 * old.weekly_minutes
            held = [w.dose for w in history.weeks if w.decision.kind != DecisionKind.FLARE]
            assert new.minutes <= max(dose.minutes for dose in held)
        elif rule == "progress.walked":
            assert life.walked > 1
            assert new.weekly_minutes <= sum(life.walked * walk.minutes for walk in before.walks)
            assert new.minutes <= entry.max_minutes
        elif old.minutes < 5:
            assert new.weekly_minutes <= old.weekly_minutes + old.days_per_week
        else:
            assert new.weekly_minutes <= 1.2 * old.weekly_minutes + 1e-9
        if life.flare is not None:
            assert new.weekly_minutes <= old.weekly_minutes
            assert week.decision.kind != DecisionKind.PROGRESS
        if life.screen == Disposition.THERAPIST:
            assert new.weekly_minutes <= old.weekly_minutes
            if life.light_only:
                assert new.minutes <= entry.light_minutes
                assert new.days_per_week <= entry.light_days


@settings(max_examples=60, deadline=None)
@given(starts, people, st.lists(weeks, min_size=1, max_size=6), st.integers(0, 6), st.booleans())
def test_a_flare_in_a_running_week_eases_it_and_never_adds(
    comfortable, person, lived, on, therapist
):
    *_, (history, _, _, week) = course(comfortable, person, lived)
    today = week.start + timedelta(days=on)
    note = pain_table(((today - MONDAY).days, 5, {"is_flare": True}))
    then = replace(history, today=today, pain=history.pain.vstack(note))
    screen = cleared(today, Disposition.THERAPIST if therapist else Disposition.WALK)
    easier = eased(week, then, screen)
    minutes = {walk.day: walk.minutes for walk in week.walks}
    for walk in easier.walks:
        assert walk.minutes <= minutes[walk.day]
        if walk.day < today:
            assert walk.minutes == minutes[walk.day]
    left = [walk for walk in easier.walks if walk.day >= today]
    if week.decision.kind != DecisionKind.FLARE:
        assert all(walk.minutes <= max(minutes[walk.day] // 2, 5) for walk in left)
    assert not any(walk.cadence_spm for walk in left) or week.decision.kind == DecisionKind.FLARE


@given(
    starts,
    people,
    st.sampled_from([Disposition.SAME_DAY, Disposition.EMERGENCY_NOW]),
    st.integers(0, 60),
    st.booleans(),
    st.lists(weeks, min_size=1, max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_never_while_the_disposition_forbids(comfortable, person, forbids, away, light, lived):
    told = Baseline(comfortable, comfortable, 3, None, 0, True)
    with pytest.raises(NotCleared):
        first_week(told, person, cleared(MONDAY, forbids, light), MONDAY)
    *_, (history, _, _, week) = course(comfortable, person, lived)
    today = week.end + timedelta(days=1 + away)
    with pytest.raises(NotCleared):
        next_week(replace(history, today=today), week, person, cleared(today, forbids, light))


def calm(person, week, plan, count):
    """The plan after `count` further weeks in which every walk is done and pain is steady."""
    done, notes = [], []
    for _ in range(count):
        begins = (week.start - MONDAY).days
        done += [((walk.day - MONDAY).days, walk.minutes) for walk in week.walks]
        notes += [(begins + n, 4) for n in range(-2, 7)]
        today = week.end + timedelta(days=1)
        history = History(today, weeks=tuple(plan), **tables(done, notes))
        week = next_week(history, week, person, cleared(today))
        plan = [*plan, week]
    return plan


five_days = st.sets(st.integers(0, 6), min_size=5).map(tuple)


@settings(max_examples=30, deadline=None)
@given(st.floats(5, 120), st.one_of(st.none(), st.integers(18, 100)), five_days)
def test_who_follows_it_without_pain_arrives_in_the_trials_time(comfortable, age, weekdays):
    person = Person(age, Pathway.RECOVERED, weekdays)
    goal = target_of(protocol(), person)
    week = first(comfortable, person)
    plan = calm(person, week, [week], 25)
    reached = [
        week.number
        for week in plan
        if week.dose.minutes >= goal.minutes and week.dose.days_per_week >= goal.days
    ]
    assert reached
    assert (9 if goal.is_first else 12) <= reached[0] <= 26
    minutes = [w.dose.weekly_minutes for w in plan]
    # A fifth day shares the minutes out again, rounded down: never more than a day's less.
    assert all(b >= a - 10 for a, b in pairwise(minutes))


@settings(max_examples=25, deadline=None)
@given(starts, st.integers(1, 24), st.integers(7, 400))
def test_it_always_leads_back_from_a_break(comfortable, before, away):
    person = Person(45, Pathway.RECOVERED)
    week = first(comfortable, person)
    plan = calm(person, week, [week], before)
    last = plan[-1]
    today = last.end + timedelta(days=away)
    lived = pain_table(((last.end - MONDAY).days, 4))
    history = History(today, pain=lived, weeks=tuple(plan))
    back = next_week(history, last, person, cleared(today))
    assert back.decision.kind in (DecisionKind.RESTART, DecisionKind.STEP_BACK)
    assert back.dose.weekly_minutes <= last.dose.weekly_minutes
    share = 0.5 if away >= 14 else 0.75
    floor = min(2 if last.dose.minutes < 5 else 5, last.dose.minutes)
    assert back.dose.minutes == max(int(last.dose.minutes * share), floor)
    again = calm(person, back, [*plan, back], 16)
    assert again[len(plan) + 1].decision.kind in (DecisionKind.PROGRESS, DecisionKind.HOLD)
    assert again[-1].dose.weekly_minutes >= last.dose.weekly_minutes
