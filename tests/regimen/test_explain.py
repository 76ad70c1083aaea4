"""Every question the rules asked, and that the answers account for the decision."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.records import DecisionKind, Disposition
from backstride.regimen import History, Went, asked_for
from regimen.test_properties import Lived, course, first, people, starts, weeks
from walkers import MONDAY, RECOVERED, cleared

LESS = {DecisionKind.STEP_BACK, DecisionKind.FLARE, DecisionKind.RESTART}


@settings(max_examples=60, deadline=None)
@given(starts, people, st.lists(weeks, min_size=1, max_size=8))
def test_the_answers_account_for_the_decision(comfortable, person, lived):
    for history, _, life, week in course(comfortable, person, lived):
        screen = cleared(history.today, life.screen, life.light_only)
        asked = asked_for(week, history, person, screen)
        went = {one.question: one.went for one in asked}
        assert Went.STOP not in went.values()
        if week.decision.kind in LESS:
            assert Went.LESS in went.values()
        if week.decision.kind == DecisionKind.PROGRESS:
            del went["Weeks at this dose"]  # walks that were longer anyway needn't wait
            assert set(went.values()) == {Went.PASSED}
        assert all(one.seen and one.limit and one.source for one in asked)


def test_a_first_week_has_the_safety_questions_alone_behind_it():
    week = first(20, RECOVERED)
    (one,) = asked_for(week, _history(), RECOVERED, cleared(MONDAY))
    assert (one.question, one.went) == ("Safety questions", Went.PASSED)
    light = cleared(MONDAY, Disposition.THERAPIST)
    (one,) = asked_for(week, _history(), RECOVERED, light)
    assert one.went == Went.LESS


def test_what_is_noted_after_the_week_began_does_not_change_the_story():
    lived = [_calm()] * 2
    *_, (history, _, _, week) = course(20, RECOVERED, lived)
    screen = cleared(history.today)
    later = replace(history, today=history.today + timedelta(days=6))
    assert asked_for(week, history, RECOVERED, screen) == asked_for(week, later, RECOVERED, screen)


def _history():
    return History(MONDAY)


def _calm():
    return Lived(1.0, (3,) * 7, None, 0, Disposition.WALK, light_only=True)
