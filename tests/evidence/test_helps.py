"""What goes with less pain: enough days or nothing, an honest interval, and no cause claimed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from backstride.evidence import BLOCKS, DAYS_EACH, comparisons, in_short, told
from backstride.records import DAYS, PAIN, WALKS, checked, empty

MONDAY = date(2026, 3, 2)


def tables(pain, walked, minutes=None):
    """PAIN at 18:00 and DAYS of so many days on end; None is a day without a note or without a
    measurement."""
    dates = [MONDAY + timedelta(days=n) for n in range(len(pain))]
    felt = [
        (datetime.combine(day, time(18), UTC), day, int(nprs), "now")
        for day, nprs in zip(dates, pain, strict=True)
        if nprs is not None
    ]
    seen = [
        (day, 5000, float(20 if minutes is None else minutes[n]), 15.0 if walked[n] else 4.0)
        for n, day in enumerate(dates)
        if walked[n] is not None
    ]
    columns = ["date", "steps", "walking_min", "longest_bout_min"]
    days = checked(pl.DataFrame(seen, columns, orient="row"), DAYS) if seen else empty(DAYS)
    told_pain = pl.DataFrame(felt, ["at", "date", "nprs", "moment"], orient="row")
    return days, checked(told_pain, PAIN) if felt else empty(PAIN)


def found(pain, walked, minutes=None, walks=None):
    days, felt = tables(pain, walked, minutes)
    last = MONDAY + timedelta(days=len(pain) - 1)
    return comparisons(days, felt, empty(WALKS) if walks is None else walks, last)


EVERY_OTHER = [n % 2 == 0 for n in range(364)]


def test_it_is_the_paired_t_test_over_weeks():
    rng = np.random.default_rng(5)
    walked = EVERY_OTHER[:140]
    pain = [4, *(int(rng.integers(2, 6)) + (0 if walk else 2) for walk in walked[:-1])]
    day_after, _ = found(pain, walked)
    got, blocks = day_after.estimate, day_after.blocks
    by_hand = stats.ttest_rel(blocks["more"], blocks["less"]).confidence_interval(0.95)
    assert (got.low, got.high) == pytest.approx((by_hand.low, by_hand.high))
    assert got.difference == pytest.approx(got.more - got.less)
    assert got.high < -1
    assert "your pain was about" in told(day_after)
    assert "more than chance often brings" in told(day_after)
    # The first week by hand: Monday's walk is felt on Tuesday, and so on to the next Monday.
    assert blocks["more"][0] == np.mean([pain[n + 1] for n in range(7) if walked[n]])
    assert blocks["less"][0] == np.mean([pain[n + 1] for n in range(7) if not walked[n]])


def test_too_little_says_how_much_is_missing():
    few = DAYS_EACH * 2 - 6
    day_after, weeks = found([3] * few, EVERY_OTHER[:few])
    assert day_after.estimate is weeks.estimate is None
    assert told(day_after).startswith("Not enough days yet")
    assert f"it takes {DAYS_EACH} of each, in {BLOCKS} weeks" in told(day_after)
    assert told(weeks).startswith("Not enough weeks yet")
    assert in_short(day_after) == in_short(weeks) == ""


def test_every_day_a_walk_leaves_nothing_to_compare():
    day_after, _ = found([3] * 364, [True] * 364)
    assert day_after.estimate is None
    assert "So far: 0 and 0, in 0." in told(day_after)


def test_what_was_not_seen_is_on_neither_side():
    pain = [n % 5 for n in range(140)]
    seen = EVERY_OTHER[:140]
    whole, _ = found(pain, seen)
    blind = [None if n % 7 == 2 else walk for n, walk in enumerate(seen)]
    part, _ = found(pain, blind)
    assert sum(part.days) == sum(whole.days) - 20
    silent = [None if n % 7 == 2 else nprs for n, nprs in enumerate(pain)]
    assert sum(found(silent, seen)[0].days) == sum(whole.days) - 20


def test_without_a_device_the_diary_alone_is_compared():
    pain = [3 if EVERY_OTHER[n - 1] else 5 for n in range(140)]
    dates = [MONDAY + timedelta(days=n) for n in range(0, 140, 2)]
    walks = pl.DataFrame({"date": dates, "minutes": [12.0] * 70}, schema=WALKS)
    day_after, _ = found(pain, [None] * 140, walks=walks)
    assert day_after.estimate.difference == pytest.approx(-2)
    short = walks.with_columns(minutes=pl.lit(9.0))
    assert found(pain, [None] * 140, walks=short)[0].estimate is None


def test_neighbouring_weeks_are_paired_once():
    minutes = [10 + 20 * (n // 7 % 2) for n in range(14 * 7)]
    pain = [6 - 2 * (n // 7 % 2) for n in range(14 * 7)]
    _, weeks = found(pain, [True] * 98, minutes)
    assert weeks.blocks.height == 7
    assert weeks.estimate.difference == weeks.estimate.low == weeks.estimate.high == -2
    assert "In weeks with more walking your pain was about 4.0 of 10" in told(weeks)


def test_pain_that_has_nothing_to_do_with_walking_is_rarely_called_more_than_chance():
    """Pain of one day is much like that of the day before, in 400 invented half-years."""
    rng = np.random.default_rng(11)
    calls = [0, 0]
    for _ in range(400):
        noise, level = rng.normal(0, 1.2, 182), np.zeros(182)
        for n in range(1, 182):
            level[n] = 0.6 * level[n - 1] + noise[n]
        pain = np.clip(np.round(4 + level), 0, 10).astype(int)
        minutes = 20 + rng.normal(0, 6, 182) + np.repeat(rng.normal(0, 6, 26), 7)
        for n, one in enumerate(found(list(pain), list(rng.random(182) < 0.5), list(minutes))):
            calls[n] += not one.estimate.may_be_chance
    assert max(calls) <= 0.08 * 400


def test_a_real_difference_is_found():
    rng = np.random.default_rng(12)
    calls = 0
    for _ in range(40):
        walked = list(rng.random(182) < 0.5)
        lower = [0, *(1.2 * walk for walk in walked[:-1])]
        pain = np.clip(np.round(5 + rng.normal(0, 1.3, 182) - lower), 0, 10).astype(int)
        estimate = found(list(pain), walked)[0].estimate
        calls += estimate.high < 0
    assert calls >= 36


half_years = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 10)), st.one_of(st.none(), st.booleans())),
    min_size=1,
    max_size=182,
)


@settings(deadline=None, max_examples=60)
@given(half_years)
def test_whatever_was_noted_there_are_words_without_a_cause(days):
    pain, walked = zip(*days, strict=True)
    minutes = [n % 37 for n in range(len(days))]
    for one in found(pain, walked, minutes):
        text = told(one).lower()
        assert text
        assert "nan" not in text
        assert not any(word in text for word in ("because", "helped", "thanks to", "causes"))
        if one.estimate is not None:
            assert one.estimate.low <= one.estimate.difference <= one.estimate.high
            assert one.blocks.height >= BLOCKS
            assert len(in_short(one)) < 150
