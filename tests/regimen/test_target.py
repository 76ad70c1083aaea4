"""What a plan leads to: by age, conditions, days and the own word, each with its reason."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backstride import screening
from backstride.records import Baseline, DecisionKind, Dose
from backstride.regimen import (
    Chosen,
    History,
    Pathway,
    Person,
    choices_of,
    first_week,
    most_minutes,
    next_week,
    protocol,
    target_of,
)
from walkers import MONDAY, RECOVERED, cleared, pain_table, walks_table

RULES = protocol()
WEIGHTY = frozenset({"heart_condition"})


def goal(person):
    found = target_of(RULES, person)
    return found.minutes, found.days, [reason.rule for reason in found.reasons]


def aged(age, **more):
    return Person(age, Pathway.IN_PAIN_NOW, **more)


def test_the_trials_target_for_most():
    assert goal(aged(69)) == (30, 5, ["target.tested"])


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (aged(70), ["target.age"]),
        (aged(None), ["target.age_unknown"]),
        (aged(40, conditions=WEIGHTY), ["target.condition"]),
        (aged(88, conditions=WEIGHTY), ["target.age", "target.condition"]),
    ],
    ids=["70", "unknown", "heart", "both"],
)
def test_a_lower_one_first_where_more_care_is_asked_for(person, why):
    assert goal(person) == (26, 5, [*why, "target.next"])
    assert target_of(RULES, person).is_first


def test_other_answers_of_the_screen_do_not_lower_it():
    assert goal(aged(40, conditions=frozenset({"pathway", "leg_pain"})))[0] == 30
    asked = {question.id for question in screening.questions()}
    assert set(RULES.target.first.conditions) <= asked


def test_on_no_more_days_than_there_are():
    assert goal(aged(40, available_weekdays=(0, 3, 5))) == (
        30,
        3,
        ["target.tested", "target.days"],
    )
    few = target_of(RULES, aged(75, available_weekdays=(0, 3)))
    assert (few.minutes, few.days, few.is_first) == (26, 2, True)


@pytest.mark.parametrize("one", choices_of(RULES, aged(40)), ids=lambda one: one.key)
def test_what_is_chosen_holds_with_its_source(one):
    found = target_of(RULES, aged(75, target=one))
    assert (found.minutes, found.days) == (one.minutes, one.days)
    assert not found.is_first
    assert [r.rule for r in found.reasons] == [f"target.{one.key}", "target.chosen"]
    assert str(one.minutes) in found.reasons[0].text
    assert found.reasons[0].source
    tested = RULES.target
    assert one.minutes * one.days <= tested.minutes * tested.days


def test_long_walks_are_not_offered_to_who_begins_lower():
    young, old = choices_of(RULES, aged(40)), choices_of(RULES, aged(70))
    assert {one.key for one in young} - {one.key for one in old} == {"four_days", "three_days"}
    assert (most_minutes(RULES, aged(40)), most_minutes(RULES, aged(70))) == (50, 30)


@pytest.mark.parametrize(("minutes", "days"), [(0, 3), (10, 0), (10, 8)])
def test_a_target_that_is_none_is_refused(minutes, days):
    with pytest.raises(ValueError, match="a target needs"):
        Chosen("own", minutes, days)


def lived(person, dose, protocol_label=RULES.label, pain=4):
    """The week after one of `dose` in which every walk was done."""
    first = first_week(Baseline(20, 20, 4, None, 0, True), RECOVERED, cleared(MONDAY), MONDAY)
    last = replace(first, dose=dose, number=20, protocol=protocol_label)
    today = last.end + timedelta(days=1)
    history = History(
        today,
        walks=walks_table(*((n, 60) for n in range(6))),
        pain=pain_table(*((n, pain) for n in range(-4, 7))),
        weeks=(last,),
    )
    return next_week(history, last, person, cleared(today))


def rules_of(week):
    return [reason.rule for reason in week.decision.reasons]


def test_a_first_target_is_kept_at_an_easy_pace_and_asked_about():
    week = lived(aged(75), Dose(26, 5))
    assert (week.decision.kind, week.dose) == (DecisionKind.HOLD, Dose(26, 5))
    assert rules_of(week)[:2] == ["hold.target", "target.review"]
    assert "30 minutes on 5 days" in week.decision.reasons[1].text
    kept = lived(aged(75), Dose(26, 5), protocol("maintenance").label)
    assert "target.review" not in rules_of(kept)  # not each week anew


def test_who_goes_on_from_it_grows_again():
    person = aged(75, target=Chosen("tested", 30, 5))
    week = lived(person, Dose(26, 5))
    assert (week.decision.kind, week.dose.minutes) == (DecisionKind.PROGRESS, 28)
    assert lived(person, Dose(30, 5)).dose.cadence_spm is not None


def test_a_smaller_target_brings_the_plan_down_at_once():
    person = aged(40, target=Chosen("own", 15, 3))
    week = lived(person, Dose(24, 5, cadence_spm=(100, 120)))
    assert (week.decision.kind, rules_of(week)[0]) == (DecisionKind.STEP_BACK, "target.down")
    assert (week.dose.minutes, week.dose.days_per_week) == (15, 3)
    red = lived(person, Dose(24, 5), pain=4)
    assert red.dose.weekly_minutes == 45


def test_fewer_longer_walks_are_grown_into_not_jumped_to():
    person = aged(40, target=Chosen("three_days", 50, 3))
    week = lived(person, Dose(30, 5))
    assert (week.dose.minutes, week.dose.days_per_week) == (30, 3)
    week = lived(person, Dose(30, 3))
    assert week.decision.kind == DecisionKind.PROGRESS
    assert 30 < week.dose.minutes <= 36


def test_a_first_week_is_never_past_the_target():
    person = aged(40, target=Chosen("own", 10, 2))
    week = first_week(Baseline(40, 40, 5, None, 0, True), person, cleared(MONDAY), MONDAY)
    assert (week.dose.minutes, week.dose.days_per_week, week.dose.bouts) == (10, 2, 2)


def test_the_trials_effect_is_not_said_of_a_smaller_target():
    """The trial's people walked 130 minutes a week on average: below it nothing is said."""
    for chosen, name in ((Chosen("own", 10, 3), "maintenance"), (None, "relapse-prevention")):
        person = Person(40, Pathway.RECOVERED, target=chosen)
        dose = Dose(10, 3, 2, (100, 120)) if chosen else Dose(30, 5, 1, (100, 120))
        reached = lived(person, dose)
        assert rules_of(reached)[0] == "hold.target"
        history = History(
            reached.end + timedelta(days=1),
            walks=walks_table(*((n, 60) for n in range(7, 13))),
            pain=pain_table(*((n, 4) for n in range(3, 14))),
            weeks=(reached,),
        )
        week = next_week(history, reached, person, cleared(history.today))
        assert week.protocol == protocol(name).label
