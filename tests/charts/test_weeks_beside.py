"""Weeks side by side: the same scale, the newest first, missing days shaded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backstride.charts import weeks_beside
from backstride.charts.look import PALETTES
from backstride.records import DAYS, PAIN, empty
from charts.fake_diary import MONDAY, some_days, some_pain, some_weeks
from charts.test_walking_and_pain import drawn, tiny_days

LIGHT = PALETTES["light"]
FRIDAY = MONDAY + timedelta(days=25)


def test_four_weeks_newest_first_on_one_scale():
    picture = weeks_beside(some_days(26), some_pain([24]), some_weeks(4), today=FRIDAY)
    assert picture.table.height == 28
    assert picture.table["week"].unique().sort().to_list() == [
        MONDAY + timedelta(weeks=n) for n in range(4)
    ]
    first = drawn(picture, LIGHT.walk, "rect")
    assert len(first) == 5, "the newest week has only begun"
    domains = {
        tuple(lay["encoding"]["y"]["scale"]["domain"])
        for panel in picture.spec["vconcat"]
        for lay in panel["layer"]
        if "scale" in lay["encoding"].get("y", {})
    }
    assert len(domains) == 1


def test_the_sentence_says_on_how_many_days_it_rests():
    days = tiny_days([10.0, None, 20.0])
    picture = weeks_beside(days, some_pain([0]), today=MONDAY + timedelta(days=2), count=2)
    nprs = some_pain([0])["nprs"][0]
    assert picture.text == (
        "Week from 7 Sep 2026 so far: 30 minutes of walking on 2 recorded days, "
        f"pain about {nprs:.1f} of 10. "
        "Week from 31 Aug 2026: no walking recorded, no pain noted."
    )


def test_missing_days_are_shaded_and_days_to_come_are_not():
    picture = weeks_beside(
        tiny_days([10.0, None, 20.0]), empty(PAIN), today=MONDAY + timedelta(days=3), count=1
    )
    assert len(drawn(picture, LIGHT.unseen, "rect")) == 2  # Tuesday, and today
    assert picture.table["walking_min"].to_list() == [10, None, 20, *[None] * 4]


def test_nothing_in_these_weeks_says_so():
    picture = weeks_beside(empty(DAYS), empty(PAIN), some_weeks(1), today=FRIDAY)
    assert "nothing to compare" in picture.text
    assert picture.table["target_min"].count() == 5


def test_no_weeks_are_refused():
    with pytest.raises(ValueError, match="1 or more"):
        weeks_beside(empty(DAYS), empty(PAIN), today=FRIDAY, count=0)
