"""A flare is the person's word; a recurrence is pain after a month known to be without."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.outcomes import Level, ask_about_flare, flare_episodes, level_of, recurrences
from backstride.records import PAIN, checked, empty

TODAY = date(2026, 3, 30)


def diary(scores: dict[int, int], flares: tuple[int, ...] = (), moment: str = "now"):
    """The PAIN table of {days ago: score}."""
    rows = [
        {
            "at": datetime.combine(TODAY - timedelta(days=ago), time(12), UTC),
            "date": TODAY - timedelta(days=ago),
            "nprs": score,
            "moment": moment,
            "is_flare": ago in flares,
        }
        for ago, score in scores.items()
    ]
    return checked(pl.DataFrame(rows), PAIN) if rows else empty(PAIN)


USUAL = dict.fromkeys(range(3, 15), 3)


@pytest.mark.parametrize(
    ("recent", "asks"),
    [
        ({0: 5}, False),  # 2 over the usual, once
        ({0: 5, 1: 5}, True),  # on two days
        ({0: 6}, True),  # 3 over, once
        ({0: 4, 1: 4, 2: 4}, False),
        ({}, False),
    ],
)
def test_a_rise_leads_to_the_question(recent, asks):
    found = ask_about_flare(diary({**USUAL, **recent}), TODAY)
    assert (found is not None) == asks
    if found:
        assert found.text.endswith("Only you can tell.")
        assert found.rule == "flare.ask"


def test_a_rise_alone_is_no_flare():
    pain = diary({**USUAL, 0: 10, 1: 10, 2: 10})
    assert flare_episodes(pain, TODAY) == ()


def test_a_flare_needs_no_rise():
    pain = diary(USUAL, flares=(3,))
    assert flare_episodes(pain, TODAY) == ((TODAY - timedelta(days=3),) * 2,)


def test_it_is_not_asked_once_they_have_called_it_one():
    assert ask_about_flare(diary({**USUAL, 0: 6}, flares=(0,)), TODAY) is None
    assert ask_about_flare(diary({**USUAL, 0: 6}, flares=(9,)), TODAY) is not None


def test_pain_during_a_walk_does_not_count():
    walk = diary({0: 9}, moment="during_walk")
    assert ask_about_flare(pl.concat([diary(USUAL), walk]), TODAY) is None


def test_without_a_usual_level_nothing_is_asked():
    assert ask_about_flare(diary({0: 9}), TODAY) is None
    assert ask_about_flare(empty(PAIN), TODAY) is None


def test_a_week_without_a_note_separates_two_flares():
    pain = diary(dict.fromkeys(range(40), 3), flares=(30, 28, 21, 10, 0))
    days = [(first, last) for first, last in flare_episodes(pain, TODAY)]
    assert days == [
        (TODAY - timedelta(days=30), TODAY - timedelta(days=21)),
        (TODAY - timedelta(days=10),) * 2,
        (TODAY,) * 2,
    ]


def month_without(gaps: tuple[int, ...] = ()) -> dict[int, int]:
    """Notes of no pain 2 to 40 days ago, every other day, but for the `gaps`."""
    return {ago: 0 for ago in range(2, 41, 2) if ago not in gaps}


def test_pain_for_a_day_after_a_month_without():
    (found,) = recurrences(diary({**month_without(), 1: 2, 0: 3}), TODAY)
    assert found.start == TODAY - timedelta(days=1)
    assert found.noted == 15


@pytest.mark.parametrize(
    "scores",
    [
        {**month_without(), 0: 5},  # not yet for a day
        {**month_without(), 1: 1, 0: 1},  # too little
        {**month_without(), 20: 2, 1: 4, 0: 4},  # pain within the month
        {1: 4, 0: 4},  # nothing is known of the month
        {**month_without(gaps=(10, 12, 14, 16)), 1: 4, 0: 4},  # ten days of it are unknown
        {40: 0, 30: 0, 1: 4, 0: 4},
    ],
)
def test_what_is_no_recurrence(scores):
    assert recurrences(diary(scores), TODAY) == ()


def test_one_episode_is_counted_once():
    scores = {ago + 8: nprs for ago, nprs in month_without().items()} | dict.fromkeys(range(9), 6)
    assert len(recurrences(diary(scores), TODAY)) == 1


@given(st.dictionaries(st.integers(0, 80), st.integers(0, 10)))
def test_no_two_recurrences_within_a_month(scores):
    starts = [found.start for found in recurrences(diary(scores), TODAY)]
    assert all((b - a).days > 30 for a, b in pairwise(starts))


def test_levels():
    assert level_of(limited=False, sought_care=False) is Level.ANY
    assert level_of(limited=True, sought_care=False) is Level.ACTIVITY_LIMITING
    assert level_of(limited=False, sought_care=True) is Level.CARE_SEEKING
