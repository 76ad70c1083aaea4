"""When to offer the therapist."""

from dataclasses import replace

import polars as pl
import pytest

from backstride import outcomes
from backstride.records import LEG_NEWS, SCORES, Baseline, DecisionKind, checked
from backstride.regimen import History, first_week, needs_therapist, protocol
from walkers import MONDAY, RECOVERED, cleared, day, pain_table, walk_pain

FLARE = {"is_flare": True}
WEEK = first_week(Baseline(20, 20, 4, None, 0, True), RECOVERED, cleared(MONDAY), MONDAY)


def found(*pain, today=30, weeks=()):
    history = History(day(today), pain=pain_table(*pain), weeks=tuple(weeks))
    return [reason.rule for reason in needs_therapist(history)]


def stepped_back(*offsets):
    decision = replace(WEEK.decision, kind=DecisionKind.STEP_BACK)
    return [replace(WEEK, start=day(n), decision=decision) for n in offsets]


def test_nothing_to_say():
    assert found() == []
    assert found(*((n, 4) for n in range(30))) == []


def test_a_flare_longer_than_two_weeks():
    assert found(*((n, 5, FLARE) for n in range(14, 29, 3)), today=29) == []
    assert found(*((n, 5, FLARE) for n in range(14, 30, 3)), today=30) == ["therapist.flare_long"]
    assert found(*((n, 5, FLARE) for n in range(0, 20, 3)), today=50) == []


def test_two_flares_in_eight_weeks():
    assert found((0, 5, FLARE), (10, 5, FLARE), today=11) == ["therapist.flares"]
    assert found((0, 5, FLARE), (5, 5, FLARE), today=11) == []
    assert found((0, 5, FLARE), (70, 5, FLARE), today=71) == []


def test_three_step_backs_in_six_weeks():
    assert found(weeks=stepped_back(0, 7), today=22) == []
    assert found(weeks=stepped_back(0, 7, 14), today=22) == ["therapist.step_backs"]
    assert found(weeks=stepped_back(0, 7, 40), today=50) == []


@pytest.mark.parametrize(
    ("news", "rule"),
    [("leg_weaker", "weak"), ("new_numbness", "numb"), ("woke_at_night", "night")],
)
def test_what_the_person_noted_in_two_weeks(news, rule):
    assert found((16, 3, {news: True})) == [f"therapist.{rule}"]
    assert found((15, 3, {news: True})) == []


def test_the_gravest_note_comes_first():
    news = dict.fromkeys((*LEG_NEWS, "woke_at_night"), True)
    rules = ["therapist.weak", "therapist.numb", "therapist.leg", "therapist.night"]
    assert found((29, 3, news)) == rules


def in_the_leg(*offsets, place="calf_left", today=30):
    at = pain_table(*((n, 3) for n in offsets))
    places = at.select("at", "date", place=pl.lit(place))
    return [reason.rule for reason in needs_therapist(History(day(today), places=places))]


def test_pain_in_a_leg_for_more_than_five_days():
    assert in_the_leg(24, 29) == []
    assert in_the_leg(23, 29) == ["therapist.limb"]
    assert in_the_leg(10, 16, place="foot_right") == ["therapist.limb"]
    assert in_the_leg(9, 15) == []  # over for two weeks
    assert in_the_leg(20, 28) == []  # a week and a day apart: two times
    assert in_the_leg(20, 29, place="low_back_left") == []


def test_the_places_of_a_leg_are_on_the_map():
    for begin in protocol().escalate.limb_places:
        assert any(key.startswith(begin) for key in outcomes.body().places)


def weeks_of_pain(before, one, two, step=2):
    """Pain every `step` days: four weeks, then two weeks, up to today."""
    levels = [(range(-12, 16), before), (range(17, 24), one), (range(24, 31), two)]
    return found(*((n, level) for days, level in levels for n in days if n % step == 0))


def test_pain_that_is_a_third_higher_for_two_weeks():
    assert weeks_of_pain(3, 4, 4) == ["therapist.worse"]
    assert weeks_of_pain(4, 5, 5) == []  # a quarter
    assert weeks_of_pain(3, 4, 3) == []  # one week only
    assert weeks_of_pain(3, 3, 4) == []
    assert weeks_of_pain(0, 0, 0) == []
    assert weeks_of_pain(0, 1, 1) == ["therapist.worse"]
    assert weeks_of_pain(6, 5, 5) == []
    assert weeks_of_pain(3, 4, 4, step=5) == []  # too few notes


def no_better(*scores, today=44, form="rmdq"):
    """(days from the plan's start, score)"""
    at = pain_table(*((n, 0) for n, _ in scores)).select("at", "date")
    values = [float(score) for _, score in scores]
    table = checked(
        at.with_columns(pl.lit(form).alias("instrument"), pl.Series("value", values)), SCORES
    )
    return [r.rule for r in needs_therapist(History(day(today), scores=table, weeks=(WEEK,)))]


def test_no_clear_change_after_six_weeks():
    assert no_better((0, 12), (42, 12)) == ["therapist.no_change"]
    assert no_better((0, 12), (42, 15)) == ["therapist.no_change"]
    assert no_better((0, 12), (42, 9)) == ["therapist.no_change"]  # 3 points of 12
    assert no_better((0, 12), (42, 7)) == []
    assert no_better((0, 12), (41, 12)) == []  # too early
    assert no_better((0, 2), (42, 2)) == []  # as people say who have recovered
    assert no_better((0, 12), (42, 12), today=71) == []  # too long ago
    assert no_better((0, 12), (42, 12), form="peg") == []
    assert no_better((-40, 12), (42, 12)) == []  # nothing to compare with


def test_a_new_leg_symptom_and_two_red_days():
    assert found((28, 3, {"new_leg_symptom": True})) == ["therapist.leg"]
    assert found((10, 3, {"new_leg_symptom": True})) == []
    red = [*walk_pain(20, 2, 8, 2), *walk_pain(27, 2, 8, 2)]
    assert found(*red) == ["therapist.reds"]
    assert found(*red[:3]) == []
