"""A plan in steps: the same rules and ceilings, asked for and seen to be done in steps."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.records import Baseline, DecisionKind, Disposition
from backstride.regimen import (
    History,
    adherence,
    eased,
    first_week,
    next_week,
    protocol,
    steps_goal,
    week_from_json,
    week_to_json,
)
from walkers import IN_PAIN, MONDAY, cleared, day, days_table, pain_table, walks_table

STEPPER = replace(IN_PAIN, in_steps=True)


def first(steps=5000, comfortable=20, person=STEPPER, screen=None):
    measured = Baseline(comfortable, comfortable, 3, steps, 9, False)
    return first_week(measured, person, screen or cleared(MONDAY), MONDAY)


def goals(week):
    return [steps_goal(week, walk) for walk in week.walks]


def after(week, share=1.0, screen=Disposition.WALK, plan=None, person=STEPPER, pain=4):
    """The week after one in which each goal's extra steps were taken to this share."""
    begins = (week.start - MONDAY).days
    rows = []
    for walk in week.walks:
        extra = 100 * walk.minutes
        rows.append(((walk.day - MONDAY).days, {"steps": int(week.base_steps + share * extra)}))
    notes = pain_table(*((begins + n, pain) for n in range(-2, 7)))
    today = week.end + timedelta(days=1)
    history = History(today, days_table(*rows), pain=notes, weeks=tuple(plan or [week]))
    return next_week(history, week, person, cleared(today, screen))


def test_the_first_week_adds_a_thousand_or_a_tenth():
    assert goals(first(5000)) == [6000] * 4
    assert goals(first(14_000)) == [15_400] * 4
    assert goals(first(60_000)) == [62_000] * 4  # never more than the entry's ceiling
    assert first().protocol == protocol("pedometer").label
    text = " ".join(reason.text for reason in first(5000).decision.reasons)
    assert "about 5,000 steps a day" in text
    assert "1,000 more" in text


def test_who_wants_minutes_or_has_no_measured_steps_gets_minutes():
    assert first(person=IN_PAIN).base_steps is None
    assert first(steps=None).base_steps is None
    assert goals(first(steps=None)) == [None] * 4


def test_a_day_is_done_by_its_steps():
    week = first(5000)
    on = (week.walks[0].day - MONDAY).days
    for steps, done in ((5799, 0), (5800, 1)):
        kept = adherence(week, days_table((on, {"steps": steps})), walks_table(), day(on))
        assert kept.done == done
    minutes = replace(week, base_steps=None)
    assert adherence(minutes, days_table((on, {"steps": 9000})), walks_table(), day(on)).done == 0


def test_a_full_adherer_reaches_the_target_and_stays():
    plan = [first()]
    while len(plan) < 26:
        plan.append(after(plan[-1], plan=plan))
    assert goals(plan[-1]) == [8000] * 5
    assert {week.base_steps for week in plan} == {5000}
    texts = [r.text for r in plan[1].decision.reasons]
    assert any("steps above your usual ones" in text for text in texts)
    assert plan[-1].protocol == protocol("maintenance").label


lived = st.lists(
    st.tuples(st.sampled_from([0.0, 0.6, 1.0, 1.0, 2.0]), st.integers(0, 9)), min_size=1, max_size=8
)


@settings(max_examples=60, deadline=None)
@given(st.integers(500, 15_000), st.floats(0, 60), lived)
def test_what_is_asked_for_on_top_never_grows_past_the_ceiling(steps, comfortable, weeks):
    plan = [first(steps, comfortable)]
    for share, pain in weeks:
        week = after(plan[-1], share, plan=plan, pain=pain)
        before = plan[-1].dose
        assert week.dose.weekly_minutes <= 1.2 * before.weekly_minutes + before.days_per_week
        assert all(goal <= steps + 3000 for goal in goals(week))
        assert all(goal >= steps for goal in goals(week))
        plan.append(week)


def test_a_flare_halves_what_is_on_top_at_once():
    week = first(5000)
    note = pain_table((1, 6, {"is_flare": True}))
    history = History(day(1), pain=note, weeks=(week,))
    easier = eased(week, history, cleared(MONDAY))
    assert easier.decision.kind is DecisionKind.FLARE
    later = [steps_goal(easier, walk) for walk in easier.walks if walk.day >= day(1)]
    assert set(later) == {5500}


def test_the_plan_turns_to_steps_and_back_with_the_same_minutes():
    minutes = first(5000, person=IN_PAIN)
    measured = days_table(*((n, {"steps": 5000, "longest_bout_min": 20}) for n in range(-20, 0)))
    today = minutes.end + timedelta(days=1)
    history = History(today, measured, weeks=(minutes,))
    steps = next_week(history, minutes, STEPPER, cleared(today))
    assert steps.base_steps == 5000
    assert steps.protocol == protocol("pedometer").label
    assert steps.dose.minutes <= minutes.dose.minutes
    again = after(steps, person=IN_PAIN)
    assert again.base_steps is None
    assert again.protocol == protocol().label


def test_a_week_in_steps_is_kept_as_it_is():
    assert week_from_json(week_to_json(first())) == first()
    old = week_to_json(first(person=IN_PAIN))
    del old["base_steps"]
    assert week_from_json(old) == first(person=IN_PAIN)
