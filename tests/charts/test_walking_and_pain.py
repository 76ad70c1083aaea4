"""What the chart of walking and pain says, draws and refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.charts import Picture, walking_and_pain
from backstride.charts.frames import ms, nice_top, time_axis
from backstride.charts.look import PALETTES, look
from backstride.charts.series import planned, series
from backstride.records import DAYS, PAIN, checked, empty
from charts.fake_diary import MONDAY, some_days, some_pain, some_weeks

LIGHT = PALETTES["light"]


def drawn(picture: Picture, colour: str, mark: str, panel: int = 0) -> list[dict[str, Any]]:
    """The data rows of the marks of one kind and colour (keys have none)."""
    layers = picture.spec["vconcat"][panel]["layer"]
    return [
        row
        for layer in layers
        if layer["mark"]["type"] == mark
        and layer["mark"].get("fill", layer["mark"].get("color")) == colour
        for row in layer["data"]["values"]
        if row
    ]


def tiny_days(values: list[float | None], **more: list[Any]) -> pl.DataFrame:
    dates = [MONDAY + timedelta(days=i) for i in range(len(values))]
    columns = {"date": dates, "walking_min": values, **more}
    return checked(pl.DataFrame(columns, schema_overrides={"walking_min": pl.Float64}), DAYS)


def test_zero_is_drawn_and_missing_is_shaded() -> None:
    picture = walking_and_pain(tiny_days([10.0, 0.0, None, 20.0]), empty(PAIN))
    bars = drawn(picture, LIGHT.walk, "rect")
    assert [bar["high"] for bar in bars] == [10, 20]
    [sliver] = drawn(picture, LIGHT.walk, "rule")
    assert ms(MONDAY, 1) < sliver["from"] < sliver["to"] < ms(MONDAY, 2)
    assert drawn(picture, LIGHT.unseen, "rect") == [{"from": ms(MONDAY, 2), "to": ms(MONDAY, 3)}]
    assert picture.table["walking_min"].to_list() == [10, 0, None, 20]


def test_days_to_come_are_not_missing() -> None:
    days, last = tiny_days([10.0]), MONDAY + timedelta(days=6)
    assert drawn(walking_and_pain(days, empty(PAIN), last=last), LIGHT.unseen, "rect") == []
    picture = walking_and_pain(days, empty(PAIN), last=last, today=MONDAY + timedelta(days=2))
    assert drawn(picture, LIGHT.unseen, "rect") == [{"from": ms(MONDAY, 1), "to": ms(MONDAY, 3)}]
    assert "recorded on 1 of 3 days so far" in picture.text


def test_brisk_is_the_foot_of_the_bar() -> None:
    days = tiny_days([10.0, 10.0, 10.0], brisk_min=[4.0, None, 99.0])
    picture = walking_and_pain(days, empty(PAIN))
    assert [(b["low"], b["high"]) for b in drawn(picture, LIGHT.walk, "rect")] == [(4, 10), (0, 10)]
    assert [(b["low"], b["high"]) for b in drawn(picture, LIGHT.brisk, "rect")] == [(0, 4), (0, 10)]
    assert picture.table["brisk_min"].to_list() == [4, None, 10]


def test_the_plan_is_a_stroke_on_planned_days_only() -> None:
    picture = walking_and_pain(tiny_days([10.0] * 7), empty(PAIN), some_weeks(1))
    spans = [
        ((row["from"] - ms(MONDAY)) / 86_400_000, (row["to"] - ms(MONDAY)) / 86_400_000)
        for row in drawn(picture, LIGHT.ink, "rule")
    ]
    assert spans == [(0, 2), (3, 6)]
    assert picture.table["target_min"].to_list() == [15, 15, None, 15, 15, 15, None]
    assert "asks for a walk on 5 days of this time, 15 minutes on the last" in picture.text


def test_pain_is_the_highest_of_the_day_and_flares_are_triangles() -> None:
    pain = pl.concat([some_pain([0, 1, 20], flares=(1,)), some_pain([0], flares=(0,))])
    picture = walking_and_pain(empty(DAYS), pain)
    assert picture.table["pain"][0] == pain.filter(pl.col("date") == MONDAY)["nprs"].max()
    assert [row["at"] for row in drawn(picture, LIGHT.flare, "point", 1)] == [
        ms(MONDAY, 0.5),
        ms(MONDAY, 1.5),
    ]
    line = drawn(picture, LIGHT.pain, "line", 1)
    assert [row["run"] for row in line] == [0, 0, 1], "no line across weeks without a rating"
    assert "2 flare days." in picture.text
    assert "No walking is recorded" in picture.text


def test_a_flare_without_a_number_still_shows() -> None:
    pain = some_pain([0, 1], flares=(1,)).with_columns(
        pl.when(~pl.col("is_flare")).then(pl.col("nprs")).alias("nprs")
    )
    picture = walking_and_pain(empty(DAYS), pain)
    assert len(drawn(picture, LIGHT.flare, "point", 1)) == 1
    assert len(drawn(picture, LIGHT.pain, "line", 1)) == 1
    assert picture.table["pain"][1] is None


def test_only_steps_falls_back_to_steps_and_says_so() -> None:
    days = some_days(10).with_columns(pl.lit(None).cast(pl.Float64).alias("walking_min"))
    picture = walking_and_pain(days, empty(PAIN), some_weeks(1))
    assert "so steps are shown" in picture.text
    assert picture.table["steps"].to_list() == days["steps"].to_list()
    assert drawn(picture, LIGHT.ink, "rule") == [], "a plan in minutes has no place among steps"
    assert "so steps are shown" not in walking_and_pain(some_days(10), empty(PAIN)).text


def test_long_ranges_go_by_the_week() -> None:
    days = some_days(140, missing=(0, 1, 2, 3, 7, 8, 9))
    picture = walking_and_pain(days, some_pain(list(range(140))), some_weeks(20))
    first, second = picture.table.head(2).iter_rows(named=True)
    assert first["walking_min"] is None, "3 of 7 days are too few"
    week = days.filter(pl.col("date").is_between(second["week"], second["to"]))
    assert second["walking_min"] == pytest.approx(week["walking_min"].mean() * 7, abs=0.06)
    assert (second["recorded_days"], second["target_min"]) == (4, 85)
    assert "Shown by the week" in picture.text
    assert len(drawn(picture, LIGHT.unseen, "rect")) == 1


def test_the_sentence() -> None:
    days, pain = some_days(68), some_pain(list(range(68)), flares=(22,))
    walked, rated = days["walking_min"], pain["nprs"]
    assert walking_and_pain(days, pain).text == (
        "7 Sep 2026 to 13 Nov 2026: walking recorded on 68 of 68 days. "
        f"About {walked[:14].sum() / 2:.0f} minutes of walking a week over the first 14 recorded "
        f"days, {walked[-14:].sum() / 2:.0f} over the last 14. "
        f"The day's highest pain averaged {rated[:14].mean():.1f} of 10 over the first 14 rated "
        f"days and {rated[-14:].mean():.1f} over the last 14 (rated on 68 days). 1 flare day."
    )


def test_nothing_at_all_still_has_a_picture() -> None:
    picture = walking_and_pain(empty(DAYS), empty(PAIN))
    assert "no walking and no pain recorded yet" in picture.text
    assert picture.table.is_empty()


def test_bad_parameters_are_refused() -> None:
    days, pain = some_days(3), empty(PAIN)
    with pytest.raises(ValueError, match="before it starts"):
        walking_and_pain(days, pain, first=date(2026, 9, 9), last=date(2026, 9, 8))
    with pytest.raises(ValueError, match="30 years"):
        walking_and_pain(days, pain, first=date(1601, 1, 1))
    with pytest.raises(ValueError, match="unit"):
        walking_and_pain(days, pain, unit="miles")  # type: ignore[arg-type]
    for bad in (float("inf"), float("nan"), -1.0):
        with pytest.raises(ValueError, match="walking_min of"):
            walking_and_pain(tiny_days([bad]), pain)
    with pytest.raises(ValueError, match="nprs of 11"):
        walking_and_pain(days, some_pain([0]).with_columns(pl.lit(11).alias("nprs")))
    with pytest.raises(ValueError, match="unknown columns"):
        walking_and_pain(days.with_columns(pl.lit(1).alias("x")), pain)


def test_a_changed_week_replaces_the_whole_one_before() -> None:
    old, new = some_weeks(1)[0], some_weeks(1, minutes=30)[0]
    table = planned([old, type(new)(**{**vars(new), "walks": new.walks[:2]})])
    assert table["target_min"].to_list() == [30, 30]


minutes = st.none() | st.floats(0, 1000)


@settings(max_examples=30, deadline=None)
@given(
    values=st.lists(minutes, min_size=1, max_size=200),
    rated=st.sets(st.integers(0, 199), max_size=30),
    weeks=st.integers(0, 4),
)
def test_nothing_is_invented_or_lost(
    values: list[float | None], rated: set[int], weeks: int
) -> None:
    days, pain = tiny_days(values), some_pain(sorted(rated)) if rated else empty(PAIN)
    data = series(days, pain, some_weeks(weeks), None, None, "minutes")
    assert data is not None
    known = [v for v in values if v is not None]
    assert data.daily["value"].drop_nulls().to_list() == known
    assert data.daily["pain"].count() == len(rated)
    assert data.daily["target_min"].count() == 5 * weeks
    assert data.shown["recorded_days"].sum() == len(known)
    assert (
        data.daily["start"].to_list()
        == pl.date_range(data.daily["start"][0], data.daily["start"][-1], eager=True).to_list()
    )
    if not data.weekly:
        picture = walking_and_pain(days, pain, some_weeks(weeks))
        tall = [v for v in known if round(v, 3) > 0]
        assert len(drawn(picture, LIGHT.walk, "rect")) >= len(tall)


@given(st.floats(0, 1e9))
def test_scales_hold_their_values_with_few_round_ticks(highest: float) -> None:
    top, ticks = nice_top(highest)
    assert top >= highest
    assert 3 <= len(ticks) <= 6
    assert (ticks[0], ticks[-1]) == (0, top)


@given(
    st.dates(date(1980, 1, 1), date(2080, 1, 1)), st.integers(1, 9000), st.sampled_from((360, 900))
)
def test_ticks_are_inside_and_have_room(first: date, days: int, width: int) -> None:
    last = first + timedelta(days=days - 1)
    axis = time_axis(first, last, look("light", width))
    assert all(first <= tick <= last for tick in axis.ticks)
    room = look("light", width).plot / days
    for a, b in zip(axis.ticks, axis.ticks[1:], strict=False):
        assert (b - a).days * room >= len(axis.name(a)) * 13 * 0.5
    assert axis.ticks
