"""Streaks forgive a missed day, and records are of days that were seen."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride import evidence
from backstride.evidence import WeekKept
from backstride.records import DAYS, checked

MONDAY = date(2026, 9, 7)


def weeks(*done: tuple[int, int] | tuple[int, int, bool]) -> list[WeekKept]:
    """Weeks on end of (planned, done) walks; a third value says whether they are known."""
    return [
        WeekKept(
            MONDAY + timedelta(weeks=n),
            MONDAY + timedelta(weeks=n, days=6),
            told[0],
            told[1],
            told[2] if len(told) > 2 else True,
        )
        for n, told in enumerate(done)
    ]


def after(count: int) -> date:
    return MONDAY + timedelta(weeks=count)


@pytest.mark.parametrize(
    ("done", "now", "longest", "in_all"),
    [
        ([(5, 5), (5, 4), (5, 3)], 3, 3, 3),  # missed days change nothing
        ([(5, 5), (5, 2), (5, 5)], 1, 1, 2),  # a week with fewer than most ends it
        ([(5, 5), (0, 0), (5, 5)], 2, 2, 2),  # nothing planned: as if it weren't there
        ([(5, 5), (5, 0, False), (5, 5)], 2, 2, 2),  # nothing known is not nothing done
        ([(5, 5), (5, 5), (5, 0)], 0, 2, 2),
        ([], 0, 0, 0),
    ],
)
def test_streaks(done, now, longest, in_all):
    found = evidence.streaks(weeks(*done), after(len(done)))
    assert (found.now, found.longest, found.in_all) == (now, longest, in_all)


def test_the_week_that_runs_can_only_add():
    done = weeks((5, 5), (5, 1))
    assert evidence.streaks(done, done[-1].end).now == 1
    assert evidence.streaks(done, done[-1].end + timedelta(days=1)).now == 0


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_more_walks_never_make_a_streak_shorter(done):
    before = evidence.streaks(weeks(*done), after(len(done)))
    more = evidence.streaks(weeks(*((p, d + 1) for p, d in done)), after(len(done)))
    assert more.now >= before.now
    assert more.longest >= before.longest


def test_the_words_never_scold():
    none = evidence.in_words(evidence.streaks([], MONDAY))
    assert none == "No week with most of its walks yet. The next one can be the first."
    broken = evidence.in_words(evidence.streaks(weeks((5, 5), (5, 5), (5, 0)), after(3)))
    assert "In 2 weeks you did most of the planned walks. The most in a row were 2." in broken
    going = evidence.in_words(evidence.streaks(weeks((5, 5), (5, 4)), after(2)))
    assert "2 weeks in a row up to now" in going


def test_records_are_of_days_that_were_seen():
    days = pl.DataFrame(
        {
            "date": [MONDAY + timedelta(days=n) for n in range(10)],
            "steps": [4000, 9000, 3000, 12_000, 5000, 4000, 4000, 8000, 8000, 8000],
            "walking_min": [20.0, 45.0, None, 90.0, 10.0, 10.0, 10.0, 60.0, 60.0, 60.0],
            "longest_bout_min": [12.0, 30.0, None, 70.0, None, None, None, 30.0, 5.0, None],
            "wear_h": [12.0, 12.0, 12.0, 2.0, *[12.0] * 6],  # the fourth was hardly worn
        }
    )
    found = {best.name: best for best in evidence.bests(checked(days, DAYS))}
    assert found["steps"].value == 9000
    assert (found["longest_bout_min"].value, found["longest_bout_min"].day) == (30, days["date"][7])
    assert found["walking_min"].value == 60
    # Of the second week 3 days are too few; the first has 20, 45, 10, 10, 10.
    assert found["week_min"].value == pytest.approx(19 * 7)
    assert found["week_min"].day == MONDAY


def test_nothing_measured_has_no_records():
    assert evidence.bests(checked(pl.DataFrame({"date": [MONDAY], "steps": [0]}), DAYS)) == ()
