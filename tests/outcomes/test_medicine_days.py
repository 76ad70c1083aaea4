"""Days with pain medicine, week against week."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from backstride.outcomes import medicine_days
from backstride.records import DOSES, checked, empty

TODAY = date(2026, 3, 30)  # the day after clocks went forward


def taken(*days_ago: int) -> pl.DataFrame:
    days = [TODAY - timedelta(days=ago) for ago in days_ago]
    return checked(pl.DataFrame({"date": days}), DOSES)


def test_never_noted_is_unknown_not_zero() -> None:
    assert medicine_days(empty(DOSES), TODAY) is None
    assert medicine_days(taken(40), TODAY) == (0, 0)


def test_a_day_counts_once_and_the_edges_belong_where_they_should() -> None:
    assert medicine_days(taken(0, 0, 6, 7, 13, 14), TODAY) == (2, 2)


@given(st.lists(st.integers(-3, 30), min_size=1))
def test_it_is_the_count_of_distinct_days(days_ago: list[int]) -> None:
    week, before = {n for n in days_ago if 0 <= n < 7}, {n for n in days_ago if 7 <= n < 14}
    assert medicine_days(taken(*days_ago), TODAY) == (len(week), len(before))
