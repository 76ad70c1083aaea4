"""The calendar: a box a day, an empty one where nothing was recorded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from backstride.charts import Picture, heat_map
from backstride.charts.heat_map import LEVELS, LONGEST_WEEKS
from backstride.charts.look import PALETTES, look
from backstride.records import DAYS, empty
from charts.fake_diary import MONDAY, some_days
from charts.test_walking_and_pain import tiny_days

LIGHT = PALETTES["light"]


def boxes(picture: Picture, width: int = 720) -> list[list[dict[str, Any]]]:
    """The boxes of each block."""
    spec = picture.draw(look("light", width))
    return [panel["layer"][1]["data"]["values"] for panel in spec["vconcat"]]


def test_each_day_has_its_box_in_the_colour_of_its_minutes():
    picture = heat_map(tiny_days([9.9, 10.0, 20.0, 40.0, None, 0.0, 55.0]))
    assert LEVELS == (10, 20, 40)
    [block] = boxes(picture)
    assert [box["colour"] for box in block] == [
        *LIGHT.heat,
        LIGHT.paper,
        LIGHT.paper,
        LIGHT.heat[3],
    ]
    assert [round(box["y"]) for box in block] == list(range(7))
    assert {round(box["x"]) for box in block} == {0}


def test_no_minutes_have_a_dash_and_no_record_has_none():
    picture = heat_map(tiny_days([5.0, None, 0.0, 5.0]))
    dashes = [
        lay["data"]["values"]
        for lay in picture.spec["vconcat"][0]["layer"]
        if lay["mark"].get("shape") == "stroke"
    ]
    assert dashes == [[{"x": 0.5, "y": 2.5}]]
    assert picture.table["walking_min"].to_list() == [5, None, 0, 5]


def test_days_to_come_have_no_box():
    days = tiny_days([5.0, 6.0])
    assert len(boxes(heat_map(days))[0]) == 2
    later = heat_map(days, today=MONDAY + timedelta(days=4), last=MONDAY + timedelta(days=6))
    assert len(boxes(later)[0]) == 5
    assert later.table.height == 5


def test_a_phone_gets_more_blocks_of_a_year():
    picture = heat_map(some_days(364))
    assert len(boxes(picture, 340)) == 3
    assert len(boxes(picture, 720)) == 1
    assert sum(len(block) for block in boxes(picture, 340)) == 364


def test_the_range_is_that_of_whole_weeks():
    wednesday = MONDAY + timedelta(days=9)
    picture = heat_map(some_days(30), first=wednesday, last=wednesday + timedelta(days=7))
    assert picture.table["date"][0] == MONDAY + timedelta(days=7)
    assert picture.table.height == 14


def test_centuries_are_cut_to_the_last_two_years():
    days = pl.concat([tiny_days([5.0]), some_days(3, start=MONDAY + timedelta(days=7 * 900))])
    assert heat_map(days).table.height <= 7 * LONGEST_WEEKS


def test_the_sentence():
    assert heat_map(tiny_days([10.0, None, 30.0])).text == (
        "7 Sep 2026 to 9 Sep 2026: walking is recorded on 2 days, 20 minutes a day on average. "
        "1 day had 20 minutes or more. The most was 30 minutes on 9 Sep 2026."
    )


def test_nothing_recorded_says_so():
    for days in (empty(DAYS), tiny_days([None, None])):
        picture = heat_map(days, today=MONDAY)
        assert "nothing to draw" in picture.text
        assert picture.table.is_empty()
    assert (
        "nothing to draw"
        in heat_map(
            some_days(3), first=MONDAY + timedelta(days=90), last=MONDAY + timedelta(days=99)
        ).text
    )


def test_a_range_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        heat_map(some_days(3), first=date(2026, 9, 9), last=date(2026, 9, 8))
