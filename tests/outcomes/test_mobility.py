"""Tests of mobility: norms as published, noise from one time to the next, nothing more."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.outcomes import (
    BadEntry,
    Person,
    Setting,
    Sex,
    mobility_test,
    mobility_tests,
    shift,
    standing,
)
from docs.pages import tables

HOME, CLINIC = Setting.HOME, Setting.CLINIC
ALL = st.sampled_from(mobility_tests())


@pytest.mark.parametrize(
    ("person", "norm", "lower"),
    [
        # Worked examples of the Enright & Sherrill equations (novacalculator.com)
        (Person(55, Sex.MAN, 170, 75), 569.8, 416.8),
        (Person(70, Sex.WOMAN, 160, 65), 451.15, 312.15),
    ],
)
def test_six_minute_walk_as_worked_out_elsewhere(person, norm, lower):
    found = standing(mobility_test("six_minute_walk"), 450, person)
    assert found.norm == pytest.approx(norm, abs=0.01)
    assert found.lower == pytest.approx(lower, abs=0.01)


@pytest.mark.parametrize(
    "person",
    [
        Person(39, Sex.MAN, 170, 75),  # the equations are for 40 to 80
        Person(81, Sex.MAN, 170, 75),
        Person(55, Sex.MAN, None, 75),
        Person(55, Sex.MAN, 170, None),
        Person(55, None, 170, 75),
        Person(None, Sex.MAN, 170, 75),
        Person(),
    ],
)
def test_without_what_the_equation_needs_there_is_no_norm(person):
    found = standing(mobility_test("six_minute_walk"), 450, person)
    assert (found.norm, found.lower) == (None, None)
    assert "Your own next result" in found.words[1]


@pytest.mark.parametrize(
    ("age", "man", "woman"),
    [
        *((60, 14, 12), (64, 14, 12), (65, 12, 11), (70, 12, 10), (75, 11, 10)),
        *((80, 10, 9), (85, 8, 8), (94, 7, 4)),
    ],
)
def test_chair_stand_below_average_as_steadi_has_it(age, man, woman):
    test = mobility_test("chair_stand_30s")
    for sex, least in ((Sex.MAN, man), (Sex.WOMAN, woman)):
        assert standing(test, least, Person(age, sex)).norm == least
        assert "so do you" in standing(test, least, Person(age, sex)).words[1]
        assert "so do you" not in standing(test, least - 1, Person(age, sex)).words[1]
    assert standing(test, 20, Person(59, Sex.MAN)).norm is None


def test_one_leg_stance_and_two_minute_walk():
    assert standing(mobility_test("single_leg_stance"), 20, Person(72, Sex.MAN)).norm == 17.2
    walk = mobility_test("two_minute_walk")
    assert standing(walk, 150, Person(75, Sex.WOMAN)).norm == 150.3
    assert standing(walk, 150, Person(25, Sex.MAN)).norm == 217.9
    assert standing(walk, 150, Person(75, Sex.MAN)).norm is None  # not read: not made up


def test_the_two_minute_walks_noise_fits_its_standard_error():
    noise = mobility_test("two_minute_walk").detectable
    assert noise is not None
    assert noise.value == pytest.approx(1.96 * math.sqrt(2) * 15.3, abs=0.15)


@pytest.mark.parametrize(
    ("key", "settings", "before", "after", "beyond"),
    [
        ("fingertip_to_floor", (CLINIC, CLINIC), 30, 20.2, True),
        ("fingertip_to_floor", (HOME, HOME), 30, 20.2, False),  # at home only from 10 cm
        ("fingertip_to_floor", (HOME, HOME), 30, 20, True),
        ("fingertip_to_floor", (HOME, CLINIC), 30, 20.1, False),
        ("modified_schober", (CLINIC, CLINIC), 4, 5.8, True),
        ("modified_schober", (CLINIC, CLINIC), 4, 5.7, False),
        ("chair_stand_30s", (HOME, HOME), 9, 12, True),
        ("chair_stand_30s", (HOME, HOME), 9, 11, False),
        ("chair_stand_30s", (HOME, CLINIC), 9, 12, False),  # two ways of counting
        ("chair_stand_30s", (HOME, CLINIC), 9, 16, True),
        ("six_minute_walk", (HOME, HOME), 400, 486, True),
        ("six_minute_walk", (HOME, HOME), 400, 485, False),
        ("single_leg_stance", (HOME, HOME), 10, 40, None),
    ],
)
def test_noise(key, settings, before, after, beyond):
    found = shift(mobility_test(key), before, after, settings)
    assert found.is_beyond_error is beyond
    assert found.is_better is True


def test_nothing_is_called_important():
    for test in mobility_tests():
        for words in (
            shift(test, test.low, test.high).words,
            standing(test, test.high, Person(65, Sex.MAN, 170, 70)).words,
        ):
            assert "important" not in " ".join(words)


@given(st.data(), ALL)
def test_every_person_gets_words_and_a_norm_in_range_or_none(data, test):
    person = Person(
        data.draw(st.none() | st.integers(18, 115)),
        data.draw(st.none() | st.sampled_from(Sex)),
        data.draw(st.none() | st.floats(100, 250)),
        data.draw(st.none() | st.floats(25, 350)),
    )
    whole = st.integers(int(test.low), int(test.high))
    found = standing(test, data.draw(whole), person)
    assert found.words
    assert found.norm is None or 0 < found.norm <= 1500
    assert (found.lower is None) or found.lower < (found.norm or 0)


@given(st.data(), ALL)
def test_there_and_back(data, test):
    whole = st.integers(int(test.low), int(test.high))
    before, after = data.draw(whole), data.draw(whole)
    out, back = shift(test, before, after), shift(test, after, before)
    assert out.difference == -back.difference
    assert out.is_beyond_error is back.is_beyond_error


@pytest.mark.parametrize("value", [-1, 401, float("nan"), float("inf")])
def test_a_value_that_cannot_be(value):
    with pytest.raises(BadEntry, match="can't be"):
        standing(mobility_test("two_minute_walk"), value, Person())


def test_half_a_stand_cannot_be():
    with pytest.raises(BadEntry, match="whole number"):
        shift(mobility_test("chair_stand_30s"), 9, 10.5)


def test_an_unknown_test_names_the_known():
    with pytest.raises(BadEntry) as refused:
        mobility_test("sit_ups")
    assert "six_minute_walk" in str(refused.value)


def test_the_page_lists_every_test_with_its_noise():
    page = next(t for t in tables("mobility.md") if t.columns[0] == "key")
    listed = {row[0].strip("`"): row for row in page.rows}
    assert set(listed) == {test.key for test in mobility_tests()}
    for test in mobility_tests():
        noise = test.detectable
        shown = "–" if noise is None else f"{noise.value:g} {test.unit}"
        assert listed[test.key][page.columns.index("noise")] == shown
