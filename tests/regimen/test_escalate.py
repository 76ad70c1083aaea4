"""When to offer the therapist."""

from dataclasses import replace

from backstride.records import Baseline, DecisionKind
from backstride.regimen import History, first_week, needs_therapist
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


def test_a_new_leg_symptom_and_two_red_days():
    assert found((28, 3, {"new_leg_symptom": True})) == ["therapist.leg"]
    assert found((10, 3, {"new_leg_symptom": True})) == []
    red = [*walk_pain(20, 2, 8, 2), *walk_pain(27, 2, 8, 2)]
    assert found(*red) == ["therapist.reds"]
    assert found(*red[:3]) == []
