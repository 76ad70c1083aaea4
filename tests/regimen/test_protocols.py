"""Protocols as data: one extends another, is for some people, and hands over to the next."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from backstride.records import Baseline, Disposition
from backstride.regimen import History, first_week, next_week, protocol
from backstride.regimen.protocol import parse_protocol, protocol_of, shipped
from walkers import MONDAY, RECOVERED, cleared, pain_table, walks_table


def first(comfortable, told=True, screen=None):
    baseline = Baseline(comfortable, comfortable, 3, None, 0 if told else 9, told)
    return first_week(baseline, RECOVERED, screen or cleared(MONDAY), MONDAY)


def lived(week, weeks):
    """The week after one in which every walk was done and pain was steady."""
    begins = (week.start - MONDAY).days
    walks = [((walk.day - MONDAY).days, walk.minutes) for walk in week.walks]
    today = week.end + timedelta(days=1)
    pain = pain_table(*((begins + n, 4) for n in range(-2, 7)))
    history = History(today, walks=walks_table(*walks), pain=pain, weeks=tuple(weeks))
    return next_week(history, week, RECOVERED, cleared(today))


def test_who_says_that_five_minutes_are_too_long_rests_in_between():
    week = first(3)
    assert week.protocol == protocol("walk-interval").label
    assert (week.dose.minutes, week.dose.bouts) == (2, 2)
    texts = " ".join(reason.text for reason in week.decision.reasons)
    assert "sit down" in texts
    assert first(5).protocol == protocol().label
    assert "sit down" not in " ".join(reason.text for reason in first(5).decision.reasons)


def test_short_measured_walks_do_not_say_that_longer_ones_are_not_possible():
    week = first(3, told=False)
    assert (week.protocol, week.dose.minutes) == (protocol().label, 5)


def test_a_light_plan_never_asks_for_more_than_the_protocol_does():
    screen = cleared(MONDAY, Disposition.THERAPIST)
    assert (first(3, screen=screen).dose.minutes, first(3, screen=screen).dose.bouts) == (2, 2)


@pytest.mark.parametrize("comfortable", [0, 2, 4.9])
def test_each_step_is_kept_two_weeks_then_the_reference_regimen_goes_on(comfortable):
    plan = [first(comfortable)]
    while len(plan) < 36:
        plan.append(lived(plan[-1], plan))
    minutes = [week.dose.minutes for week in plan]
    assert minutes == sorted(minutes) or minutes[-1] == 30
    for before, week in itertools.pairwise(plan):
        if before.dose.minutes < 5:
            assert week.dose.minutes - before.dose.minutes in (0, 1)
            assert week.protocol == protocol("walk-interval").label
        elif week.protocol != protocol().label:
            assert week.protocol == protocol("relapse-prevention").label
            assert before.dose.weekly_minutes == 150
    short = [m for m in minutes if m < 5]
    assert all(short.count(m) == 2 for m in set(short))
    assert plan[-1].dose.weekly_minutes >= 140


def test_a_week_of_a_protocol_that_no_longer_ships_goes_on_under_the_reference():
    week = first(20)
    assert protocol_of(replace(week, protocol="swimming 2019.1")) == protocol()
    assert protocol_of(replace(week, protocol="walkback 2026.1")) == protocol()


@pytest.mark.parametrize("name", shipped())
def test_every_protocol_is_whole(name):
    rules = protocol(name)
    assert rules.name == name
    assert set(protocol().rules) <= set(rules.rules)
    assert rules.entry.min_minutes <= rules.entry.max_minutes <= rules.target.minutes
    assert rules.progress.cautious_cap <= rules.progress.cap <= 0.20
    for factor in (rules.back.red, rules.back.flare, rules.back.gap, rules.back.long_gap):
        assert 0 < factor <= 1
    assert rules.use is None or rules.use.then in shipped()


def test_one_protocol_on_top_of_another_changes_what_it_names_alone():
    own = {"id": "entry.days", "text": "x", "source": "y", "mark": "ENG"}
    made = parse_protocol(
        {
            "name": "mine",
            "version": "1",
            "title": "Mine",
            "extends": "walkback",
            "target": {"minutes": 20},
            "rule": [own],
        }
    )
    assert (made.target.minutes, made.target.days) == (20, 5)
    assert made.entry == protocol().entry
    assert made.rules["entry.days"].text == "x"
    assert made.rules["entry.split"] == protocol().rules["entry.split"]
    assert made.own == ("entry.days",)
    with pytest.raises(ValueError, match="isn't there"):
        parse_protocol({"name": "mine", "extends": "../secrets"})
    with pytest.raises(TypeError):
        parse_protocol(
            {"name": "mine", "version": "1", "title": "", "extends": "walkback", "entry": {"x": 1}}
        )
