"""When each instrument is asked again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.outcomes import due, instrument, keys, mood_asks_phq2, next_due

START = date(2026, 1, 5)


def day(n: int) -> date:
    return START + timedelta(days=n)


def test_everything_with_a_clock_is_due_on_the_first_day():
    found = due(dict.fromkeys(keys(), ()), START, START)
    assert {"nprs", "peg", "rmdq", "psfs", "phq2", "gad2", "mood", "energy", "sleep"} <= set(found)
    assert not {"phq9", "flare", "startback", "pgic", "groc"} & set(found)


@pytest.mark.parametrize(
    ("key", "answered", "expected"),
    [
        ("mood", [0], 1),
        ("peg", [0, 7], 14),
        ("phq2", [0], 28),
        ("rmdq", [0], 28),
        ("rmdq", [0, 22], 56),  # a few days early counts for week 4
        ("rmdq", [0, 15], 28),  # two weeks early doesn't
        ("rmdq", [0, 60], 84),  # late: week 8 is done
        ("pgic", [], 28),
    ],
)
def test_the_next_day(key, answered, expected):
    assert next_due(instrument(key), [day(n) for n in answered], START) == day(expected)


def test_after_the_last_week_it_is_over():
    assert next_due(instrument("psfs"), [day(7 * 12)], START) is None
    assert next_due(instrument("phq9"), [], START) is None


@given(st.sampled_from(keys()), st.lists(st.integers(0, 400), max_size=8))
def test_an_answer_is_never_asked_again_on_its_day(key, days):
    answered = [day(n) for n in days]
    following = next_due(instrument(key), answered, START)
    if following is not None and answered:
        assert following > max(answered)


def test_two_low_weeks_ask_the_phq2_early():
    low = {day(n): 2 for n in range(8)}
    assert mood_asks_phq2(low, day(13))
    assert not mood_asks_phq2({k: v for k, v in low.items() if k != day(0)}, day(13))
    assert not mood_asks_phq2(low, day(14))  # the first of them is out of the two weeks
    assert not mood_asks_phq2({day(n): 3 for n in range(14)}, day(13))
