"""One walk's picture: what was seen, what was a pause, and what was aimed at."""

from __future__ import annotations

import altair
import pytest

from backstride.charts import svg, walk_cadence
from backstride.charts.look import look


def test_pauses_and_half_bins_are_not_drawn_as_slow() -> None:
    course = [100, 104, 0, 20, 108, 112, 12]
    picture = walk_cadence(course, duration_s=95, pauses=[(30, 55)], aim_spm=(95, 115))
    assert picture.table["cadence_spm"].to_list() == [100, 104, None, None, 108, 112, None]
    assert picture.table["minute"][0] == pytest.approx(7.5 / 60)
    assert picture.text == (
        "A walk of 2 min with 1 pause. Mostly at 104 to 108 steps a minute. The aim was 95 to 115."
    )


@pytest.mark.parametrize("course", [[], [0, 0, 0, 0], [112] * 2400])
@pytest.mark.parametrize("width", [340, 720])
def test_every_walk_can_be_drawn(course: list[int], width: int) -> None:
    picture = walk_cadence(course, duration_s=max(15.0 * len(course), 60))
    altair.Chart.from_dict(picture.draw(look("light", width)))  # raises for one that isn't valid
    drawn = svg(picture, "dark", width)
    assert f'width="{width}"' in drawn
    assert ("No steps were found" in drawn) == (not any(course))
