"""Reasons that were stored read in every language, with their own numbers and dates."""

from __future__ import annotations

import json
import string
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.records import Baseline, Decision, DecisionKind, Reason, Week
from backstride.regimen import Order, exercises, first_week, week_from_json, week_to_json
from backstride.regimen.protocol import protocol, shipped
from backstride.words import LANGUAGES, day, speaking
from walkers import MONDAY, RECOVERED, cleared

START = Baseline(20.0, 25.0, 4.0, 6000, 7, told=False)
ORDER = Order("Petra Physio", MONDAY - timedelta(days=1), max_minutes=12, why="the knee.")
RULES = [(name, rule) for name in shipped() for rule in protocol(name).rules]
numbers = st.integers(11, 999)  # two digits and more stand for themselves in a text
values = {"newest": st.dates().map(lambda when: day(when, "d MMMM y"))}


@st.composite
def reasons(draw: st.DrawFn) -> tuple[Reason, dict]:
    """A reason by any rule of any protocol, and what it was filled with."""
    name, rule = draw(st.sampled_from(RULES))
    parts = string.Formatter().parse(protocol(name).rules[rule].text)
    asked = {field for _, field, _, _ in parts if field} - {"steps", "more_steps"}
    asked |= {"minutes", "more"} if protocol(name).steps else set()
    filled = {field: draw(values.get(field, numbers)) for field in sorted(asked)}
    return protocol(name).reason(rule, **filled), filled


def stored(week: Week) -> Week:
    return week_from_json(json.loads(json.dumps(week_to_json(week))))


def told(week: Week, language: str) -> list[str]:
    with speaking(language):
        return [str(reason.text) for reason in week.decision.reasons]


@given(reasons(), st.sampled_from(list(LANGUAGES)))
def test_a_stored_reason_says_the_same_in_every_language(made, language):
    reason, _ = made
    week = replace(first_week(START, RECOVERED, cleared(MONDAY), MONDAY), walks=())
    week = replace(week, decision=Decision(DecisionKind.HOLD, (reason,)))
    assert stored(week) == week
    assert told(stored(week), language) == told(week, language)


@given(reasons(), st.sampled_from(["es", "zh-hans"]))
def test_a_translation_says_every_number(made, language):
    reason, filled = made
    with speaking(language):
        text = str(reason.text)
        assert text != str.__str__(reason.text)
        for name, value in filled.items():
            if "{" + name + "}" in reason.text.template:
                assert str(value) in text


@pytest.mark.parametrize(
    ("language", "limit", "comfortable"),
    [
        ("es", "Petra Physio puso un límite el 1 de marzo de 2026: ", "unos 25 minutos"),
        ("zh-hans", "Petra Physio于2026年3月1日设定了上限：", "约为25分钟"),
    ],
)
def test_a_stored_week_in_other_languages(language, limit, comfortable):
    by = replace(RECOVERED, orders=(ORDER,))
    first, *others = told(stored(first_week(START, by, cleared(MONDAY), MONDAY)), language)
    assert first == limit + "the knee."  # the therapist's own words stay
    assert any(comfortable in text for text in others)


def _week() -> Week:
    return first_week(START, RECOVERED, cleared(MONDAY), MONDAY)


def test_steps_are_grouped_as_the_language_does():
    counted = replace(START, steps=12345)
    week = first_week(counted, replace(RECOVERED, in_steps=True), cleared(MONDAY), MONDAY)
    assert "12,345" in told(stored(week), "en")[0]
    assert "12.345 pasos" in told(stored(week), "es")[0]
    assert "12,345步" in told(stored(week), "zh-hans")[0]


def test_a_week_of_an_older_release_still_reads():
    raw = week_to_json(_week())
    for reason in raw["decision"]["reasons"]:
        del reason["told"]
    old = week_from_json(json.loads(json.dumps(raw)))
    assert old == _week()
    assert told(old, "es") == told(_week(), "en")


@pytest.mark.parametrize("language", ["es", "zh-hans"])
def test_exercises_speak_the_language(language):
    with speaking(language):
        for one in exercises.load().values():
            for text in (one.name, *one.steps, one.feel):
                assert str(text) != str.__str__(text)
