"""The first week: below what is comfortable, never without a clear screen."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.errors import NotCleared, NotEnoughData
from backstride.records import Baseline, DecisionKind, Disposition
from backstride.regimen import (
    Pathway,
    Person,
    Screen,
    first_week,
    screen_from,
    week_from_json,
    week_to_json,
)
from backstride.screening import assess
from screening_answers import TODAY, calm
from walkers import IN_PAIN, MONDAY, RECOVERED, cleared, day


def told(minutes):
    return Baseline(minutes, minutes, 3, None, 0, True)


def rules(week):
    return [reason.rule for reason in week.decision.reasons]


@pytest.mark.parametrize(
    ("comfortable", "minutes", "bouts"),
    [
        (0, 2, 2),
        (4, 3, 2),
        (5, 5, 2),
        (6, 5, 2),
        (10, 8, 2),
        (12.5, 10, 2),
        (15, 12, 1),
        (25, 20, 1),
        (90, 20, 1),
    ],
)
def test_entry_level(comfortable, minutes, bouts):
    week = first_week(told(comfortable), RECOVERED, cleared(MONDAY), MONDAY)
    assert (week.dose.minutes, week.dose.bouts) == (minutes, bouts)
    assert week.dose.days_per_week == len(week.walks) == 4
    assert week.dose.cadence_spm is None
    assert week.decision.kind == DecisionKind.START
    assert ("entry.split" in rules(week)) == (bouts == 2)


@pytest.mark.parametrize(
    ("comfortable", "rule"),
    [
        (1, "entry.floor"),
        (3, "entry.below"),
        (5, "entry.floor"),
        (12, "entry.below"),
        (25, "entry.below"),
        (26, "entry.ceiling"),
    ],
)
def test_the_reason_fits_the_entry_level(comfortable, rule):
    week = first_week(told(comfortable), RECOVERED, cleared(MONDAY), MONDAY)
    assert rules(week)[:2] == ["entry.told", rule]


def test_severe_pain_starts_on_fewer_days():
    assert len(first_week(told(20), IN_PAIN, cleared(MONDAY), MONDAY, 6).walks) == 4
    severe = first_week(told(20), IN_PAIN, cleared(MONDAY), MONDAY, 7)
    assert len(severe.walks) == 3
    assert "entry.severe" in rules(severe)


@pytest.mark.parametrize(
    "screen",
    [
        Screen(None, None),
        Screen(None, MONDAY),
        Screen(Disposition.WALK, None),
        cleared(MONDAY, Disposition.SAME_DAY),
        cleared(MONDAY, Disposition.EMERGENCY_NOW),
        cleared(day(-29)),
        cleared(day(1)),
    ],
)
def test_no_plan_without_a_clear_recent_screen(screen):
    with pytest.raises(NotCleared):
        first_week(told(20), RECOVERED, screen, MONDAY)


def test_a_therapist_to_see_means_a_light_dose():
    screen = cleared(MONDAY, Disposition.THERAPIST)
    week = first_week(told(60), RECOVERED, screen, MONDAY)
    assert (week.dose.minutes, week.dose.days_per_week) == (10, 3)
    assert rules(week)[0] == "screen.therapist_light"


def test_without_a_baseline_it_says_what_to_bring():
    with pytest.raises(NotEnoughData, match="4 days"):
        first_week(None, RECOVERED, cleared(MONDAY), MONDAY)


def test_the_trial_in_recovered_people_is_never_claimed_in_pain():
    pain = first_week(told(20), IN_PAIN, cleared(MONDAY), MONDAY)
    words = " ".join(r.text + r.source for r in pain.decision.reasons)
    assert "pathway.in_pain_now" in rules(pain)
    assert "WalkBack" not in words
    assert "next episode" not in words
    well = first_week(told(20), RECOVERED, cleared(MONDAY), MONDAY)
    text = next(r.text for r in well.decision.reasons if r.rule == "pathway.recovered")
    assert "28" not in text
    assert "0.72" not in text
    assert "one person" in text


weekday_sets = st.sets(st.integers(0, 6), min_size=1).map(tuple)


@given(st.floats(0, 300), weekday_sets, st.integers(-400, 400), st.integers(0, 10))
def test_walks_fall_on_free_days_evenly(comfortable, weekdays, offset, pain):
    person = Person(50, Pathway.IN_PAIN_NOW, weekdays)
    start = day(offset)
    week = first_week(told(comfortable), person, cleared(start), start, pain)
    days = [walk.day for walk in week.walks]
    assert len(days) == len(set(days)) == week.dose.days_per_week
    assert all(start <= d <= week.end and d.weekday() in weekdays for d in days)
    assert days == sorted(days)
    if len(weekdays) == 7:
        gaps = [(b - a).days for a, b in pairwise(days)]
        assert max(gaps) - min(gaps) <= 1
    assert (2 if comfortable < 5 else 5) <= week.dose.minutes <= 20
    assert all(w.minutes == week.dose.minutes for w in week.walks)
    assert week_from_json(week_to_json(week)) == week


@pytest.mark.parametrize("weekdays", [(), (7,), (-1, 2)])
def test_days_that_are_none_are_refused(weekdays):
    with pytest.raises(ValueError, match="available_weekdays"):
        Person(50, Pathway.RECOVERED, weekdays)


def test_pain_off_the_scale_is_refused():
    with pytest.raises(ValueError, match="0 to 10"):
        first_week(told(20), IN_PAIN, cleared(MONDAY), MONDAY, 11)


def test_from_answers_to_a_plan_and_no_further_than_they_allow():
    clear = assess(calm(), TODAY)
    assert first_week(told(20), RECOVERED, screen_from(clear, TODAY), TODAY).dose.minutes == 16
    faint = assess(calm(fainted="yes", go_ahead="no"), TODAY)
    assert first_week(told(20), RECOVERED, screen_from(faint, TODAY), TODAY).dose.minutes == 10
    for answers in ({}, calm(saddle_numb="yes"), calm(fever="yes"), {"saddle_numb": "no"}):
        with pytest.raises(NotCleared):
            first_week(told(20), RECOVERED, screen_from(assess(answers, TODAY), TODAY), TODAY)
    unfinished = calm()
    del unfinished["leg_pain"]
    with pytest.raises(NotCleared, match="aren't answered"):
        first_week(told(20), RECOVERED, screen_from(assess(unfinished, TODAY), TODAY), TODAY)
