"""Everything on one axis: each panel, its table and sentence; missing stays missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import polars as pl
import pytest

from backstride.charts import svg, together
from backstride.charts.frames import ms
from backstride.charts.look import PALETTES
from backstride.charts.together import PANELS
from backstride.records import DAYS, DOSES, PAIN, SCORES, checked, empty
from charts.fake_diary import MONDAY, some_days, some_pain, some_weeks
from charts.test_walking_and_pain import drawn

LIGHT = PALETTES["light"]


def doses(*offsets: int) -> pl.DataFrame:
    rows = [(_at(n), _day(n), "Ibuprofen", 200.0, "mg") for n in offsets]
    return pl.DataFrame(rows, schema=DOSES, orient="row")


def scores(*told: tuple[int, str, float | None]) -> pl.DataFrame:
    rows = [(_at(n), _day(n), key, value) for n, key, value in told]
    return pl.DataFrame(rows, schema=SCORES, orient="row")


def _day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def _at(n: int) -> datetime:
    return datetime.combine(_day(n), time(18), UTC)


def headings(picture) -> list[str]:
    found = []
    for panel in picture.spec["vconcat"]:
        texts = [lay for lay in panel["layer"] if lay["mark"].get("fontWeight") == "bold"]
        found += [
            lay["encoding"]["text"]["value"]
            for lay in texts
            if "value" in lay["encoding"].get("text", {})
        ]
    return found


def test_medicine_is_unknown_before_the_first_and_on_days_without_a_note():
    picture = together(some_days(6), some_pain([0, 1, 2, 4]), doses=doses(1, 1, 3))
    assert picture.table["medicine_days"].to_list() == [None, 1, 0, 1, 0, None]
    taken = drawn(picture, LIGHT.noted, "rect", 2)
    assert [row["high"] for row in taken] == [1, 1]
    none = drawn(picture, LIGHT.noted, "rule", 2)
    assert [row["from"] // 86_400_000 for row in none] == [
        ms(_day(n)) // 86_400_000 for n in (2, 4)
    ]
    assert "Medicine on 2 of 4 noted days." in picture.text


def test_no_medicine_at_all_is_not_none_taken():
    picture = together(some_days(6), some_pain([0, 1]))
    assert picture.table["medicine_days"].to_list() == [None] * 6
    assert "Medicine" not in picture.text


def test_answers_are_points_joined_where_they_are_near():
    told = [(n, "mood", float(1 + n % 5)) for n in (0, 1, 12)]
    picture = together(some_days(14), empty(PAIN), scores=scores(*told, (3, "mood", None)))
    panel = headings(picture).index("Mood, 1 very low to 5 very good")
    line = drawn(picture, LIGHT.brisk, "line", panel)
    assert [(row["y"], row["run"]) for row in line] == [(1, 0), (2, 0), (3, 1)]
    assert picture.table["mood"].to_list()[:4] == [1, 2, None, None]
    scale = picture.spec["vconcat"][panel]["layer"][1]["encoding"]["y"]["scale"]
    assert scale["domain"] == [1, 5], "mood starts at 1, not at a 0 that can't be answered"


def test_a_form_gets_a_panel_once_it_was_filled_in():
    picture = together(some_days(30), empty(PAIN), scores=scores((0, "rmdq", 12), (28, "rmdq", 4)))
    assert "RMDQ-24, lower is better" in headings(picture)
    assert "PEG, lower is better" not in headings(picture)
    assert "RMDQ-24: 12 at first, 4 at the last." in picture.text
    assert "psfs" not in picture.table.columns


def test_the_last_answer_of_a_day_counts():
    picture = together(some_days(2), empty(PAIN), scores=scores((0, "peg", 4), (0, "peg", 6)))
    assert picture.table["peg"].to_list() == [6, None]


def test_every_panel_has_the_same_days():
    picture = together(
        some_days(40), some_pain([3]), some_weeks(5), doses(2), scores((2, "sleep", 5))
    )
    domains = [
        lay["encoding"]["x"]["scale"]["domain"]
        for panel in picture.spec["vconcat"]
        for lay in panel["layer"]
        if "scale" in lay["encoding"].get("x", {})
    ]
    assert len(domains) > 4
    assert all(domain == domains[0] for domain in domains)


def test_long_ranges_go_by_the_week():
    told = [(n, "sleep", 4.0 if n % 7 < 3 else None) for n in range(140)]
    picture = together(
        some_days(140),
        some_pain([0, 1, 2, 9]),
        doses=doses(0, 1, 1),
        scores=scores(*told, (2, "rmdq", 9), (4, "rmdq", 7)),
    )
    first, second, *_ = picture.table.iter_rows(named=True)
    assert (first["medicine_days"], first["sleep"], first["rmdq"]) == (2, 4, 7)
    assert second["rmdq"] is None
    assert second["medicine_days"] == 0
    assert "Days with pain medicine, a week" in headings(picture)


def test_scores_alone_make_a_picture():
    picture = together(empty(DAYS), empty(PAIN), scores=scores((0, "mood", 3), (9, "mood", 5)))
    assert picture.table.height == 10
    assert picture.table["walking_min"].count() == 0
    assert "Mood about 4.0 on a scale to 5." in picture.text


def test_nothing_at_all_still_has_a_picture():
    picture = together(empty(DAYS), empty(PAIN))
    assert "nothing to draw" in picture.text
    assert picture.table.is_empty()


def test_a_day_without_a_pain_note_is_no_day_without_a_flare():
    picture = together(some_days(3), some_pain([0, 1], flares=(1,)))
    assert picture.table["flare_days"].to_list() == [0, 1, None]


def test_tables_of_another_schema_are_refused():
    with pytest.raises(ValueError, match="unknown columns"):
        together(empty(DAYS), empty(PAIN), scores=checked(empty(DAYS), DAYS))


def test_what_is_left_out_is_neither_drawn_nor_told():
    told = scores((1, "mood", 3.0), (1, "sleep", 7.0), (2, "rmdq", 9.0))
    parts = (some_days(6), some_pain([0, 1]), some_weeks(1), doses(1), told)
    whole = together(*parts)
    marks = {
        "walking": ("Walking, minutes a day", "walking_min", "minutes of walking"),
        "pain": ("Pain, 0 none to 10 worst", "pain", "pain"),
        "medicine": ("Days with pain medicine", "medicine_days", "Medicine on"),
        "forms": ("RMDQ-24, lower is better", "rmdq", "RMDQ"),
        "mood": ("Mood, 1 very low to 5 very good", "mood", "Mood about"),
    }
    assert set(marks) == set(PANELS)
    for name, (heading, column, words) in marks.items():
        assert heading in headings(whole)
        assert column in whole.table.columns
        assert words in whole.text
        less = together(*parts, without=[name])
        assert set(headings(whole)) - set(headings(less)) >= {heading}
        assert column not in less.table.columns
        assert words not in less.text
        only = together(*parts, without=[other for other in PANELS if other != name])
        assert heading in headings(only)
        assert svg(only).startswith("<svg")


def test_a_panel_that_is_none_or_nothing_left_to_draw():
    with pytest.raises(ValueError, match="no panel 'steps'"):
        together(some_days(3), some_pain([0]), without=["steps"])
    with pytest.raises(ValueError, match="no panel is left"):
        together(some_days(3), some_pain([0]), without=PANELS)
