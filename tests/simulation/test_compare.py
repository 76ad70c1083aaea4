"""Regimens on virtual walkers: the same for a seed, and our rules' ceilings in every model."""

from dataclasses import asdict
from itertools import pairwise

import numpy as np
import pytest

from backstride.records import DecisionKind
from backstride.simulation import REGIMENS, compare, model, models, sensitivity
from backstride.simulation.adaptive import OURS
from backstride.simulation.course import run
from backstride.simulation.luck import draw
from backstride.simulation.outcomes import by_person, weeks_of
from backstride.simulation.people import population
from backstride.simulation.schedules import LEAFLET, NOTHING, TEN_PERCENT, TRIAL

COUNT, WEEKS = 25, 16


@pytest.fixture(scope="module")
def ours():
    """Our regimen's course in each model."""
    found = {}
    for name, chosen in models().items():
        people = population(chosen, COUNT, 7)
        found[name] = run(OURS, chosen, people, draw(COUNT, WEEKS, 7)), people
    return found


def course_of(regimen, name="capacity", count=COUNT, weeks=WEEKS, seed=7):
    chosen = model(name)
    return run(regimen, chosen, population(chosen, count, seed), draw(count, weeks, seed))


def test_the_same_seed_gives_the_same_figures_another_gives_others():
    one, same, other = (compare(model("capacity"), 8, 6, seed) for seed in (1, 1, 2))
    assert one == same
    assert [asdict(o) for o in one.outcomes] != [asdict(o) for o in other.outcomes]
    assert [o.regimen for o in one.outcomes] == [r.name for r in REGIMENS]


def test_a_larger_or_longer_run_begins_with_the_same_walkers_and_days():
    few, many = course_of(LEAFLET, count=10, weeks=4), course_of(LEAFLET, count=20, weeks=8)
    assert many.began[:10, :28].shape == few.began.shape
    people = [population(model("capacity"), count, 7) for count in (10, 20)]
    assert np.array_equal(people[0].capacity, people[1].capacity[:10])
    assert np.array_equal(people[0].frailty, people[1].frailty[:10])


@pytest.mark.parametrize("name", models())
def test_our_rules_keep_their_ceilings_in_every_model(ours, name):
    course, people = ours[name]
    for who, weeks in enumerate(course.planner.weeks):
        assert weeks
        floor = 5 if people.told[who] >= 5 else 2
        assert weeks[0].dose.minutes <= min(max(round(0.8 * people.told[who]), floor), 20)
        for before, week in pairwise(weeks):
            old, new = before.dose.weekly_minutes, week.dose.weekly_minutes
            assert week.dose.minutes <= 30
            assert week.dose.days_per_week <= 5
            rule = week.decision.reasons[0].rule
            if rule == "progress.walked":
                assert people.eager[who] or people.usual_days[who] > 0
                assert week.dose.minutes <= 20
            elif before.dose.minutes < 5:
                assert new <= old + before.dose.days_per_week
            else:
                assert new <= (1.5 if rule == "flare.return" else 1.2) * old + 1e-9
            if week.decision.kind != DecisionKind.PROGRESS:
                assert new <= old
            assert week.start > before.end
    assert course.planned.max() <= 30


@pytest.mark.parametrize("name", models())
def test_each_rule_that_matters_is_tried(ours, name):
    rules = {w.decision.kind for weeks in ours[name][0].planner.weeks for w in weeks}
    assert {"start", "progress", "hold", "step_back", "flare", "restart"} <= {
        k.value for k in rules
    }


@pytest.mark.parametrize("name", models())
def test_our_rules_never_see_what_is_not_yet_written(name):
    """Other luck from day 28 on leaves the plan of the first 28 days as it was."""
    chosen = model(name)
    people, luck = population(chosen, 12, 4), draw(12, 6, 4)
    changed = draw(12, 6, 99)
    for table in luck.day:
        changed.day[table][:, :28] = luck.day[table][:, :28]
    for table in luck.week:
        changed.week[table][:, :4] = luck.week[table][:, :4]
    one, other = run(OURS, chosen, people, luck), run(OURS, chosen, people, changed)
    assert np.array_equal(one.planned[:, :28], other.planned[:, :28])
    assert not np.array_equal(one.planned, other.planned)


@pytest.mark.parametrize("regimen", REGIMENS, ids=lambda regimen: regimen.name)
@pytest.mark.parametrize("name", models())
def test_nothing_appears_from_nowhere(regimen, name, ours):
    course = ours[name][0] if regimen is OURS else course_of(regimen, name)
    chosen = model(name)
    assert np.all(course.walked >= 0)
    assert np.all(course.strain <= 1 + chosen["push"] + 1e-9)
    assert not course.began[:, 1:][course.began[:, :-1]].any() or course.began.any()
    # Who has left never comes back, and has no plan.
    assert np.all(course.stayed[:, 1:] <= course.stayed[:, :-1])
    assert not weeks_of(course.planned)[~course.stayed].any()
    found = by_person(course)
    assert np.all(found["weeks"] == course.stayed.sum(axis=1))
    assert found["minutes"].sum() == pytest.approx(course.walked[:, 77:84].sum())
    for share in ("raised", "past", "left", "on_track"):
        assert np.all((found[share] >= 0) & (found[share] <= 1))


def test_what_the_fixed_schedules_ask_for():
    def asked(regimen):
        people = population(model("natural"), 1, 7)
        planner, here = regimen.begin(people), np.ones(1, dtype=bool)
        daily = np.array([[planner.plan(day, here, None)[0] for day in range(182)]])
        return weeks_of(daily)[0], (daily.reshape(-1, 7) > 0).sum(axis=1), people.told[0]

    minutes, days, _ = asked(LEAFLET)
    assert set(minutes) == {150}
    assert set(days) == {5}
    minutes, days, told = asked(TEN_PERCENT)
    assert minutes[0] == pytest.approx(4 * min(max(0.8 * told, 5), 30))
    for old, new in pairwise(minutes):
        assert new == pytest.approx(1.1 * old) or new in (pytest.approx(150), pytest.approx(120))
    assert (minutes[-1], days[-1]) == (150, 5)
    minutes, days, _ = asked(TRIAL)
    assert (minutes[0], minutes[11], minutes[25]) == pytest.approx((40, 130, 150))
    assert not asked(NOTHING)[0].any()


def test_a_flare_told_in_a_running_week_eases_the_rest_of_it():
    course = course_of(OURS, "capacity", count=60, weeks=20)
    eased = 0
    for who, weeks in enumerate(course.planner.weeks):
        for week in weeks:
            first = (week.start - weeks[0].start).days
            given = {walk.day: walk.minutes for walk in week.walks}
            for day, minutes in given.items():
                on = first + (day - week.start).days
                if on < course.planned.shape[1] and course.planned[who, on]:
                    assert course.planned[who, on] <= minutes
                    eased += course.planned[who, on] < minutes
    assert eased > 0


def test_sensitivity_halves_and_raises_one_parameter_at_a_time():
    seen = []
    found = sensitivity(
        model("capacity"), 10, 6, 1, names=("flare_hazard", "noise"), tell=seen.append
    )
    assert seen == ["flare_hazard", "noise"]
    swing = next(s for s in found.swings if s.parameter == "flare_hazard")
    assert abs(swing.flares[1]) > abs(swing.flares[0])
    assert found.swings[0].parameter == "flare_hazard"
    with pytest.raises(KeyError):
        sensitivity(model("capacity"), 5, 3, 1, names=("luckiness",))


def test_a_share_is_never_scaled_past_one():
    assert model("capacity").scaled("adherence", 1.5)["adherence"] == 1.0
    assert model("capacity").scaled("capacity", 1.5)["capacity"] == 22.5


@pytest.mark.parametrize(("people", "weeks", "seed"), [(0, 5, 1), (5, 0, 1), (5, 5, -1)])
def test_what_can_not_be_simulated_is_refused(people, weeks, seed):
    with pytest.raises(ValueError, match="expected"):
        compare(model("natural"), people, weeks, seed)


def test_an_unknown_model_is_named():
    with pytest.raises(ValueError, match="natural, capacity"):
        model("kind")
