"""The week's picture: planned, noted and measured side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl

from backstride.charts import week_plan
from backstride.charts.look import look
from backstride.records import WALKS, checked
from charts.fake_diary import MONDAY, some_days, some_weeks

WEEK = some_weeks(1)[0]


def test_table_and_sentence() -> None:
    tuesday = MONDAY + timedelta(days=1)
    said = pl.DataFrame({"date": [MONDAY, MONDAY, tuesday], "minutes": [8.0, 7.0, 12.0]})
    days = some_days(3)
    picture = week_plan(WEEK, days, checked(said, WALKS))
    assert picture.table["walked_min"].to_list()[:3] == [15, 12, None]
    assert picture.table["target_min"].to_list() == [15, 15, None, 15, 15, 15, None]
    assert picture.table["walking_min"].to_list()[:3] == days["walking_min"].to_list()
    measured = round(days["walking_min"].sum())
    assert picture.text == (
        "Week 1, 7 Sep 2026 to 13 Sep 2026: walks planned on 5 days "
        "(Monday, Tuesday, Thursday, Friday and Saturday), 75 minutes in all. "
        "Noted as done: walks on 2 days, 27 minutes. "
        f"Measured: {measured} minutes of walking over 3 days."
    )


def test_other_weeks_stay_out() -> None:
    picture = week_plan(WEEK, some_days(30, start=MONDAY - timedelta(days=10)))
    assert picture.table.height == 7
    assert picture.table["walking_min"].count() == 7


def test_a_week_without_walks_says_so() -> None:
    picture = week_plan(replace(WEEK, walks=()))
    assert "no walks are planned" in picture.text
    assert "Nothing is recorded yet" in picture.text
    assert "No walks planned this week" in str(picture.spec)


def test_the_minutes_of_the_day_are_written_out() -> None:
    walks = tuple(replace(walk, minutes=21, bouts=3) for walk in WEEK.walks)
    spec = week_plan(replace(WEEK, walks=walks)).draw(look("light", 360))
    assert "'text': '21'" in str(spec)
