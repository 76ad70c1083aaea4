"""The pictures of virtual walkers: figures, words, and fit for a page."""

from __future__ import annotations

from xml.etree import ElementTree

import altair as alt
import pytest

from backstride.charts import simulated, svg, swings
from backstride.charts.look import look
from backstride.simulation import CHECK_ONLY, compare, model, sensitivity


@pytest.fixture(scope="module")
def comparison():
    return compare(model("hostile"), 6, 5, 1)


@pytest.fixture(scope="module")
def found():
    return sensitivity(model("capacity"), 5, 3, 1, names=("capacity", "flare_hazard"))


def test_table_and_words_say_the_same(comparison):
    picture = simulated(comparison)
    assert picture.table.height == 5 * 5
    last = picture.table.filter(week=5)
    for outcome, row in zip(comparison.outcomes, last.iter_rows(named=True), strict=True):
        assert row["regimen"] == outcome.title
        assert row["minutes"] == pytest.approx(outcome.means["minutes"].value)
        assert row["flares_per_100"] == pytest.approx(100 * outcome.means["flares"].value)
        assert f"{outcome.title} {row['minutes']:.0f} minutes in week 5" in picture.text
    assert CHECK_ONLY in picture.text


def test_the_swings_are_drawn_widest_first(found):
    picture = swings(found)
    assert picture.table["parameter"].to_list() == [s.parameter for s in found.swings]
    assert found.swings[0].parameter.replace("_", " ") in str(picture.spec)
    assert CHECK_ONLY in picture.text


@pytest.mark.parametrize("width", [240, 360, 900])
def test_they_are_valid_and_of_the_width_asked_for(comparison, found, width):
    for picture in (simulated(comparison), swings(found)):
        drawn = svg(picture, "dark", width)
        assert ElementTree.fromstring(drawn).get("width") == str(width)
        alt.Chart.from_dict(picture.draw(look("light", width)))
        assert svg(picture, "dark", width) == drawn


def test_one_week_and_one_person_can_be_drawn():
    assert "<svg" in svg(simulated(compare(model("natural"), 1, 1, 0)))
