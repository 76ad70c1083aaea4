"""What must hold for every history: ceilings, gates, determinism, and that it arrives."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.errors import NotCleared
from backstride.records import LEG_NEWS, Baseline, DecisionKind, Disposition, Dose
from backstride.regimen import (
    Chosen,
    History,
    Light,
    Pathway,
    Person,
    choices_of,
    day_lights,
    first_week,
    next_week,
    protocol,
    target_of,
    week_from_json,
    week_to_json,
)
from walkers import MONDAY, RECOVERED, cleared, day, days_table, pain_table, walks_table

offsets = st.integers(-10, 9)
doses = st.builds(
    lambda minutes, days, brisk: Dose(
        minutes, days, 2 if minutes <= 10 else 1, (100, 115) if brisk else None
    ),
    st.integers(5, 30),
    st.integers(1, 5),
    st.booleans(),
)
pain_rows = st.lists(
    st.tuples(
        offsets,
        st.integers(0, 10),
        st.fixed_dictionaries(
            {
                "moment": st.sampled_from(
                    ["now", "before_walk", "during_walk", "next_morning", None]
                ),
                "is_flare": st.sampled_from([None, False, False, False, True]),
                **dict.fromkeys(LEG_NEWS, st.sampled_from([None, *[False] * 12, True])),
                "woke_at_night": st.sampled_from([None, False, True]),
            }
        ),
    ),
    max_size=15,
)
steady_rows = st.integers(0, 10).flatmap(
    lambda level: st.just([(n, level, {}) for n in range(-4, 7)])
)
TARGET = protocol().target
OFFERED = [Chosen(key, *numbers) for key, numbers in TARGET.choices.items()]
chosen = st.one_of(
    st.none(),
    st.sampled_from(OFFERED),
    st.builds(Chosen, st.just("own"), st.integers(2, 50), st.integers(1, 5)),
)
persons = st.builds(
    Person,
    st.one_of(st.none(), st.integers(18, 100)),
    st.sampled_from(list(Pathway)),
    st.sets(st.integers(0, 6), min_size=1).map(tuple),
    conditions=st.sampled_from([frozenset(), frozenset({"heart_condition"})]),
    target=chosen,
)
walk_rows = st.lists(st.tuples(offsets, st.integers(0, 60)), max_size=8)
day_rows = st.lists(
    st.tuples(
        offsets,
        st.fixed_dictionaries(
            {
                "steps": st.one_of(st.none(), st.integers(0, 30_000)),
                "walking_min": st.one_of(st.none(), st.floats(0, 300)),
                "longest_bout_min": st.one_of(st.none(), st.floats(0, 200)),
            }
        ),
    ),
    max_size=8,
)


@st.composite
def cases(draw):
    first = first_week(Baseline(20, 20, 4, None, 0, True), RECOVERED, cleared(MONDAY), MONDAY)
    last = replace(
        first,
        dose=draw(doses),
        number=draw(st.integers(1, 30)),
        decision=replace(first.decision, kind=draw(st.sampled_from(list(DecisionKind)))),
    )
    good = draw(st.booleans())
    history = History(
        day(draw(st.integers(6, 30))) if not good else day(7),
        days_table(*draw(day_rows)),
        walks_table(*([(n, 60) for n in range(6)] if good else draw(walk_rows))),
        pain_table(*draw(st.one_of(pain_rows, steady_rows))),
        tuple(replace(last, number=last.number - 1) for _ in range(draw(st.integers(0, 1)))),
    )
    disposition = draw(st.sampled_from([Disposition.WALK, Disposition.WALK, Disposition.THERAPIST]))
    screen = cleared(
        history.today - timedelta(days=draw(st.integers(0, 7))), disposition, draw(st.booleans())
    )
    return history, last, draw(persons), screen


def walks_of(history, last):
    """The minutes walked on each day of `last`, the most first, found without the regimen."""
    found = dict.fromkeys((last.start + timedelta(days=n) for n in range(7)), 0.0)
    told = dict.fromkeys(found, 0.0)
    until = min(history.today, last.end)
    for row in history.days.to_dicts():
        if row["date"] in found and row["date"] <= until:
            found[row["date"]] = max(found[row["date"]], row["longest_bout_min"] or 0.0)
    for row in history.walks.to_dicts():
        if row["date"] in told and row["date"] <= until:
            told[row["date"]] += row["minutes"]
    return sorted((max(found[day], told[day]) for day in found), reverse=True)


def attempt(case):
    try:
        return next_week(*case)
    except NotCleared:
        return None


@settings(max_examples=250, deadline=None)
@given(cases())
def test_every_history_has_a_safe_decision(case):
    history, last, person, screen = case
    week = attempt(case)
    assert attempt(case) == week
    if week is None:
        return
    old, new = last.dose, week.dose
    cap = 0.10 if person.age is None or person.age >= 70 else 0.20
    if week.decision.reasons[0].rule == "progress.walked":
        walked = walks_of(history, last)[: old.days_per_week]
        assert len(walked) == old.days_per_week
        assert new.days_per_week <= old.days_per_week
        assert new.minutes <= min(0.8 * walked[-1] + 1e-9, 20)
    else:
        assert new.weekly_minutes <= max(
            old.weekly_minutes * (1 + cap) + 1e-9, old.weekly_minutes + old.days_per_week
        )
        assert new.weekly_minutes <= old.weekly_minutes * 1.2 + 1e-9
    goal = target_of(protocol(), person)
    assert 1 <= new.minutes <= max(goal.minutes, 30)
    assert 1 <= new.days_per_week == len(week.walks) <= 5
    if person.target:
        assert new.minutes <= person.target.minutes
        assert new.days_per_week <= person.target.days
    else:
        assert new.minutes <= max(goal.minutes, old.minutes)
    assert all(walk.day.weekday() in person.available_weekdays for walk in week.walks)
    assert week.decision.reasons
    assert week_from_json(week_to_json(week)) == week
    grew = new.weekly_minutes > old.weekly_minutes or (new.cadence_spm and not old.cadence_spm)
    if week.decision.kind != DecisionKind.PROGRESS:
        assert not grew
        return
    assert screen.disposition == Disposition.WALK
    lights = list(day_lights(history.pain, last.start, history.today).values())
    assert lights.count(Light.RED) == 0
    assert lights.count(Light.AMBER) <= 1
    assert lights.count(Light.GREEN) >= 1
    noted = [r for r in history.pain.to_dicts() if last.start <= r["date"] <= history.today]
    assert len({r["date"] for r in noted}) >= 2
    assert not any(r[news] for r in noted for news in ("is_flare", *LEG_NEWS))


@given(cases())
def test_the_cases_reach_far_enough(case):
    """Guards the test above: a steady diary with all walks done does grow."""
    history, last, person, _ = case
    calm = replace(
        history,
        today=day(7),
        pain=pain_table(*((n, 4) for n in range(-4, 7))),
        walks=walks_table(*((n, 60) for n in range(6))),
        weeks=(replace(last, number=last.number - 1),),
    )
    last = replace(last, decision=replace(last.decision, kind=DecisionKind.HOLD))
    week = next_week(calm, last, person, cleared(day(7)))
    goal, dose = target_of(protocol(), person), last.dose
    at_target = dose.minutes >= goal.minutes and dose.days_per_week >= goal.days
    if person.target and (dose.minutes > goal.minutes or dose.days_per_week > goal.days):
        assert week.decision.kind in (DecisionKind.STEP_BACK, DecisionKind.HOLD)
        assert week.decision.reasons[0].rule == "target.down"
    elif at_target and (dose.cadence_spm or goal.is_first):
        assert week.decision.kind == DecisionKind.HOLD
    else:
        assert week.decision.kind == DecisionKind.PROGRESS


def follow(comfortable, person, weeks=30, skip=()):
    """Someone who does every walk, notes a steady pain daily and answers the screen weekly."""
    week = first_week(
        Baseline(comfortable, comfortable, 3, None, 0, True), person, cleared(MONDAY), MONDAY
    )
    done, notes, plan = [], [(-2, 4), (-1, 4)], [week]
    for _ in range(weeks):
        done += [((walk.day - MONDAY).days, walk.minutes) for walk in week.walks]
        notes += [((week.start - MONDAY).days + n, 4) for n in range(7)]
        today = week.end + timedelta(days=1)
        history = History(
            today,
            walks=walks_table(*done[-14:]),
            pain=pain_table(*notes[-28:]),
            weeks=tuple(plan),
        )
        week = next_week(history, week, person, cleared(today))
        plan.append(week)
    return plan


@pytest.mark.parametrize("comfortable", [5, 8, 12, 16, 25, 60])
@pytest.mark.parametrize("age", [30, 70, None])
@pytest.mark.parametrize("wanted", [None, *OFFERED], ids=lambda one: one.key if one else "none")
def test_who_follows_the_plan_reaches_the_target_in_the_trials_time(comfortable, age, wanted):
    person = Person(age, Pathway.RECOVERED, target=wanted)
    if wanted and wanted not in choices_of(protocol(), person):
        assert age != 30
        assert wanted.minutes > TARGET.minutes
        return
    goal = target_of(protocol(), person)
    plan = follow(comfortable, person)
    reached = next(
        week.number
        for week in plan
        if week.dose.minutes >= goal.minutes and week.dose.days_per_week >= goal.days
    )
    assert reached <= 26
    if (goal.minutes, goal.days) == (TARGET.minutes, TARGET.days):
        assert reached >= 12
    assert goal.is_first == (wanted is None and age != 30)
    assert (plan[-1].dose.cadence_spm is None) == goal.is_first
    assert plan[-1].decision.reasons[0].rule == "hold.target"


def test_it_leads_back_from_a_long_break():
    plan = follow(20, RECOVERED, weeks=20)
    last = plan[-1]
    later = last.end + timedelta(days=40)
    back = next_week(History(later, weeks=tuple(plan)), last, RECOVERED, cleared(later))
    assert back.decision.kind == DecisionKind.RESTART
    assert back.dose.minutes == last.dose.minutes // 2
    notes = [((back.start - MONDAY).days + n, 4) for n in range(7)]
    walks = [((walk.day - MONDAY).days, walk.minutes) for walk in back.walks]
    today = back.end + timedelta(days=1)
    history = History(today, walks=walks_table(*walks), pain=pain_table(*notes))
    again = next_week(history, back, RECOVERED, cleared(today))
    assert again.decision.kind == DecisionKind.PROGRESS
