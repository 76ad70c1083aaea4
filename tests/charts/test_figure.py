"""The drawings of the exercises: sound SVG, in words too, with enough contrast."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from backstride.charts import figure
from backstride.regimen.exercises import load

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("key", list(load()))
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_exercise_is_drawn_with_its_words(key: str, theme) -> None:
    exercise = load()[key]
    root = ElementTree.fromstring(figure(exercise, theme))
    assert root.attrib["role"] == "img"
    assert exercise.name in root.findtext(f"{SVG}title", "")
    assert root.findtext(f"{SVG}desc") == " ".join(exercise.steps)
    assert len(root.findall(f".//{SVG}circle")) == 2  # two heads: start and end
    assert len(figure(exercise, theme)) < 8_000


def test_the_two_poses_differ() -> None:
    for exercise in load().values():
        assert exercise.start != exercise.end, exercise.key
