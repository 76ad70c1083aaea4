"""The virtual backs: each mechanism does what its parameter says, and only that."""

from dataclasses import replace

import numpy as np
import pytest

from backstride.simulation import models, parameters
from backstride.simulation.back import HIGHEST, LOWEST, Back
from backstride.simulation.course import run
from backstride.simulation.luck import draw
from backstride.simulation.parameters import model
from backstride.simulation.people import leaves, minutes_walked, population
from backstride.simulation.schedules import LEAFLET, NOTHING

COUNT = 40


def lived(name, minutes, days=84, **changed):
    """A back after so many days of the same minutes, and the sum of its flares' chances."""
    chosen = model(name)
    chosen = replace(chosen, values={**chosen.values, **changed})
    people = population(chosen, COUNT, 3)
    back, chance = Back(chosen, people, draw(COUNT, days // 7, 3)), np.zeros(COUNT)
    for day in range(days):
        back.wake(day)
        chance += back.chance
        back.walk(np.full(COUNT, float(minutes)) if np.isscalar(minutes) else minutes)
    return people, back, chance


def test_recurrences_come_as_in_the_cohort_they_are_taken_from():
    """da Silva 2019: the median recovered person has the next episode after 139 days, 69 %
    have one within a year."""
    natural = model("natural")
    people, luck = population(natural, 3000, 5), draw(3000, 52, 5)
    course = run(NOTHING, natural, people, luck)
    first = np.where(course.began.any(axis=1), course.began.argmax(axis=1), 10_000)
    assert np.median(first) == pytest.approx(139, abs=20)
    assert (first < 365).mean() == pytest.approx(0.69, abs=0.03)


def test_in_the_natural_course_no_walking_changes_a_flare():
    for minutes in (0.0, 15.0, 90.0):
        assert np.array_equal(lived("natural", minutes)[2], lived("natural", 0.0)[2])


def test_more_load_never_means_fewer_flares_where_nothing_but_overload_counts():
    doses = [lived("capacity", m, benefit=0.0, gain=0.0)[2].mean() for m in (0, 10, 20, 40, 80)]
    assert doses == sorted(doses)
    assert doses[-1] > 2 * doses[0]


def test_a_steeper_slope_means_more_flares_and_a_benefit_fewer():
    slopes = [lived("capacity", 40, overload_slope=s, gain=0.0)[2].mean() for s in (0, 3, 9)]
    assert slopes == sorted(slopes)
    assert slopes[0] < slopes[-1]
    spared = [lived("natural", 20, benefit=b)[2].mean() for b in (0.0, 0.2, 0.4)]
    assert spared == sorted(spared, reverse=True)
    assert spared[0] > spared[-1]


def test_capacity_grows_with_walks_it_takes_and_shrinks_with_rest():
    people, walked, _ = lived("capacity", 8.0)
    _, rested, _ = lived("capacity", 0.0)
    assert (walked.capacity > people.capacity).mean() > 0.9
    assert np.all(rested.capacity <= people.capacity)
    assert np.all(rested.capacity >= 0.6 * people.capacity - 1e-9)


def test_four_walks_a_week_raise_it_about_as_fast_as_the_trials_people_grew():
    """Between Back2Activity's 6 % a week and Shnayderman's 20 to 40 minutes in six weeks."""
    chosen = model("capacity")
    people = population(chosen, 200, 1)
    back = Back(chosen, people, draw(200, 8, 1))
    for day in range(56):
        back.wake(day)
        back.walk(0.8 * back.capacity if day % 7 in (0, 2, 4, 6) else np.zeros(200))
    weekly = np.median(back.capacity / people.capacity) ** (1 / 8) - 1
    assert 0.04 < weekly < 0.12


@pytest.mark.parametrize("name", models())
@pytest.mark.parametrize("minutes", [0.0, 30.0, 500.0])
def test_capacity_and_pain_stay_where_they_can_be(name, minutes):
    _, back, _ = lived(name, minutes, days=210)
    assert np.all((back.capacity >= LOWEST) & (back.capacity <= HIGHEST))
    assert np.all((back.pain >= 0) & (back.pain <= 10))


def test_the_hostile_back_falls_even_with_rest_and_flares_come_late():
    people, rested, _ = lived("hostile", 0.0)
    assert np.all(rested.capacity < 0.9 * np.maximum(people.capacity, 2 * LOWEST))
    chosen = model("hostile")
    back = Back(chosen, population(chosen, COUNT, 3), draw(COUNT, 2, 3))
    calm, hazards = back.hazard(), []
    for day in range(9):
        back.wake(day)
        back.walk(np.full(COUNT, 80.0 if day == 0 else 0.0))
        hazards.append(back.hazard() / calm)
    mean = np.array(hazards).mean(axis=1)
    assert mean[:2] == pytest.approx(1)
    assert np.all(mean[2:6] > 1.5)
    assert mean[6:] == pytest.approx(1)


def test_a_sudden_week_counts_only_where_the_model_says_so():
    def after_a_jump(name):
        chosen = model(name)
        back = Back(chosen, population(chosen, COUNT, 3), draw(COUNT, 6, 3))
        for day in range(42):
            back.wake(day)
            back.walk(np.full(COUNT, 1.0 if day < 35 else 60.0))
        return back.hazard().mean()

    assert after_a_jump("spike") > 2 * after_a_jump("natural")


def test_a_walk_within_the_capacity_does_not_hurt():
    people, back, _ = lived("capacity", 0.0, days=7)
    felt = back.walk(0.9 * back.capacity)
    assert np.array_equal(felt.during, back.pain)
    assert not felt.overload.any()
    felt = back.walk(2 * back.capacity)
    assert np.all(felt.during >= back.pain)
    assert len(people) == COUNT


def test_pain_and_a_hard_plan_put_people_off_and_drive_them_away():
    chosen = model("sensitive")
    people, luck = population(chosen, 2000, 1), draw(2000, 1, 1)

    def walking(planned, pain):
        back = np.full(2000, 15.0)
        args = (np.full(2000, planned), people.level + pain, back)
        minutes = minutes_walked(chosen, people, luck, 0, *args)
        assert np.all(minutes <= 15 * (1 + chosen["push"]))
        return (minutes > 0.65 * planned).mean()

    assert walking(10.0, 0) > walking(10.0, 2) > walking(10.0, 5)
    assert walking(10.0, 0) > walking(14.0, 5)
    left = [
        leaves(chosen, luck, 0, np.full(2000, hard), np.full(2000, flared)).mean()
        for hard, flared in ((0.0, False), (0.0, True), (1.0, True))
    ]
    assert left == sorted(left)
    assert left[0] < left[-1]


def test_a_dropout_of_its_own_accord_is_that_of_the_trial():
    """Lang 2021: 79 % completed 12 weeks. Here no plan is too hard and no flare comes."""
    chosen = replace(
        model("natural"), values={**model("natural").values, "flare_hazard": 0.0, "capacity": 400.0}
    )
    people = population(chosen, 2000, 2)
    course = run(LEAFLET, chosen, people, draw(2000, 13, 2))
    assert course.stayed[:, 12].mean() == pytest.approx(0.79, abs=0.03)


@pytest.mark.parametrize("parameter", parameters().values(), ids=lambda p: p.name)
def test_every_parameter_says_where_it_comes_from(parameter):
    assert parameter.low <= parameter.value <= parameter.high
    assert parameter.mark in {"V", "V2", "U", "ENG"}
    assert parameter.source
    assert parameter.about
    if parameter.mark != "ENG":
        assert "assumed" not in parameter.source.split(";")[0]
    for chosen in models().values():
        assert chosen[parameter.name] >= 0


def test_the_backs_know_nothing_of_the_regimen():
    """Read off the files: only `adaptive` (and what calls it) imports our rules."""
    from pathlib import Path

    import backstride.simulation as package

    for path in Path(package.__file__).parent.glob("*.py"):
        knows = "regimen import" in path.read_text("utf-8") or (
            "import regimen" in path.read_text("utf-8")
        )
        assert knows == (path.stem == "adaptive"), path.name
