"""Weeks of walking and pain: every day in one week, means over what was seen, plain words."""

import os
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride import words
from backstride.evidence import WEEKLY, sentence, weekly
from backstride.records import (
    DAYS,
    PAIN,
    Baseline,
    DecisionKind,
    checked,
    empty,
)
from backstride.regimen import first_week
from walkers import MONDAY, RECOVERED, cleared, day, days_table, pain_table


def plan(offset):
    start = day(offset)
    return first_week(Baseline(25, 25, 4, None, 0, True), RECOVERED, cleared(start), start)


def test_means_are_over_the_days_seen():
    days = days_table(
        (0, {"walking_min": 20.0, "brisk_min": 5.0}),
        (2, {"walking_min": 40.0, "brisk_min": None}),
        (3, {"steps": 0, "walking_min": 0.0}),  # a phone left at home
        (4, {"steps": None}),
    )
    row = weekly(days, pain_table((0, 2), (0, 4), (5, 6))).row(0, named=True)
    assert row["valid_days"] == 2
    assert row["walking_min_per_day"] == 30.0
    assert row["brisk_min_per_day"] == 5.0
    assert (row["pain_entries"], row["pain_days"]) == (3, 2)
    assert (row["pain_mean"], row["pain_median"]) == (4.0, 4.0)
    assert row["target_min"] is None


def test_pain_during_walks_is_left_out():
    table = weekly(empty(DAYS), pain_table((0, 3), (0, 9, {"moment": "during_walk"})))
    assert table.get_column("pain_mean").to_list() == [3.0]


def test_planned_weeks_keep_their_days_and_their_target():
    table = weekly(days_table(*((n, {}) for n in range(-2, 12))), empty(PAIN), [plan(3)])
    assert table.get_column("start").to_list() == [day(-7), day(0), day(3), day(10)]
    assert table.get_column("end").to_list() == [day(-1), day(2), day(9), day(13)]
    assert table.get_column("target_min").to_list() == [None, None, 80, None]
    assert table.get_column("valid_days").to_list() == [2, 3, 7, 2]


def test_a_planned_week_without_data_is_there():
    row = weekly(empty(DAYS), empty(PAIN), [plan(0)]).row(0, named=True)
    assert (row["valid_days"], row["walking_min_per_day"], row["pain_mean"]) == (0, None, None)
    assert plan(0).decision.kind == DecisionKind.START


@given(
    st.sets(st.integers(-30, 60), max_size=30),
    st.sets(st.integers(-30, 60), max_size=10),
    st.lists(st.integers(-20, 50), max_size=4, unique=True),
)
def test_every_day_falls_into_one_week(walked, noted, starts):
    table = weekly(
        days_table(*((n, {}) for n in sorted(walked))),
        pain_table(*((n, 3) for n in sorted(noted))),
        [plan(n) for n in starts],
    )
    assert dict(table.schema) == WEEKLY
    assert table.get_column("valid_days").sum() == len(walked)
    assert table.get_column("pain_days").sum() == len(noted)
    spans = table.sort("start").select("start", "end").rows()
    assert all(first <= last <= first + timedelta(days=6) for first, last in spans)
    assert all(a[1] < b[0] for a, b in pairwise(spans))


def test_the_sentence_describes_with_coverage():
    days = days_table(
        *((n, {"walking_min": 28.0}) for n in range(6)),
        *((n, {"walking_min": 34.0}) for n in range(7, 12)),
    )
    pain = pain_table((1, 4), (3, 4), (8, 3), (10, 3), (12, 3))
    text = sentence(weekly(days, pain, [plan(0), plan(7)]))
    assert text == (
        "In the week from 9 March, you walked 34 minutes a day (over 5 of 7 days);"
        " your pain was about 3 of 10 (noted on 3 of 7 days)."
        " In the week before, you walked 28 minutes a day (over 6 of 7 days);"
        " your pain was about 4 of 10 (noted on 2 of 7 days)."
        " The plan asked for 80 minutes of walks in that week."
    )


def test_the_sentence_says_what_is_missing():
    assert sentence(weekly(empty(DAYS), empty(PAIN))) == (
        "There are no walking days or pain notes yet."
    )
    text = sentence(weekly(days_table((0, {})), empty(PAIN)))
    assert "4,000 steps a day (over 1 of 7 days)" in text
    assert "no pain was noted" in text
    assert "no day of walking was measured" in sentence(weekly(empty(DAYS), pain_table((0, 3))))


@given(st.lists(st.tuples(st.integers(0, 13), st.integers(0, 10)), max_size=20))
def test_no_sentence_claims_a_cause(rows):
    text = sentence(weekly(days_table((0, {}), (8, {})), pain_table(*rows)))
    assert not {"because", "caused", "thanks", "therefore"} & set(text.lower().split())


@pytest.mark.shared_data
def test_three_real_years_of_steps_and_pain():
    shared = os.environ.get("BACKSTRIDE_SHARED_DATA")
    root = Path(shared) if shared else Path(__file__).parents[3] / "shared" / "data"
    path = root / "daily-steps-and-pain" / "participant2.csv"
    if not path.exists():
        pytest.skip("the shared recordings are not beside the repository")
    raw = pl.read_csv(path, try_parse_dates=True, infer_schema_length=None)
    days = checked(raw.select("date", pl.col("steps").cast(pl.Int64)), DAYS)
    noted = raw.filter(pl.col("Back pain").is_not_null())
    pain = checked(
        noted.select(
            "date",
            pl.col("date").cast(pl.Datetime("us", "UTC")).alias("at"),
            pl.col("Back pain").round().cast(pl.Int64).alias("nprs"),
        ),
        PAIN,
    )
    table = weekly(days, pain)
    seen = days.filter(pl.col("steps") > 0)
    assert seen.height > 300
    assert table.get_column("valid_days").sum() == seen.height
    assert table.get_column("pain_entries").sum() == noted.height
    total = (table.get_column("steps_per_day") * table.get_column("valid_days")).sum()
    assert total == pytest.approx(seen.get_column("steps").sum())
    assert (table.get_column("end") - table.get_column("start")).max() == timedelta(days=6)


def test_a_week_planned_anew_gives_way_to_the_next():
    table = weekly(empty(DAYS), empty(PAIN), [plan(0), plan(4)])
    assert table.select("start", "end").rows() == [(day(0), day(3)), (day(4), day(10))]


def test_dates_are_days_not_instants():
    late = datetime(2026, 3, 8, 23, 59, tzinfo=UTC)
    pain = checked(pl.DataFrame([{"at": late, "date": date(2026, 3, 9), "nprs": 2}]), PAIN)
    assert weekly(empty(DAYS), pain).get_column("start").to_list() == [MONDAY + timedelta(days=7)]


def test_the_sentence_is_told_in_the_readers_language() -> None:
    text = sentence(weekly(empty(DAYS), pain_table((0, 3))))
    with words.speaking("es"):
        assert f"{text}".startswith("En la semana del 2 de marzo, no se midió ningún día")
    with words.speaking("zh-hans"):
        assert f"{text}".startswith("从3月2日开始的一周，没有测到步行；您的疼痛约3分")
