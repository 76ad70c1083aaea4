"""The body map: every place has its own shape, side and name."""

from __future__ import annotations

import re

import pytest

from backstride.outcomes import VIEWS, body, places_in_words
from backstride.outcomes.body import SIDES


def xs(path: str) -> list[float]:
    """The x of every point of a path, of the letters M, L, H, Q, C and A."""
    found, letter = [], ""
    for token in re.findall(r"[A-Z]|-?\d+(?:\.\d+)?", path):
        if token.isalpha():
            letter, count = token, 0
            continue
        step = {"H": 1, "V": 1, "A": 7}.get(letter, 2)
        at = 5 if letter == "A" else 0
        if letter != "V" and count % step == at:
            found.append(float(token))
        count += 1
    return found


def test_both_views_have_places_and_no_two_have_one_name():
    places = body().places.values()
    assert {place.view for place in places} == set(VIEWS)
    names = [place.name for place in places]
    assert len(names) == len(set(names))
    told = {"low back", "buttock", "hip", "thigh", "knee", "calf", "foot", "upper back", "neck"}
    assert all(any(word in name for name in names) for word in told)


@pytest.mark.parametrize("place", body().places.values(), ids=lambda place: place.key)
def test_each_place_is_inside_the_box_and_on_the_side_it_says(place):
    left, _, width, _ = body().box
    drawn = [body().mirror - x if place.is_mirrored else x for x in xs(place.path)]
    assert all(left <= x <= left + width for x in drawn)
    middle, centre = body().mirror / 2, (min(drawn) + max(drawn)) / 2
    side = next((side for side in SIDES if place.key.endswith(f"_{side}")), None)
    if side is None:
        assert centre == pytest.approx(middle, abs=1)
        return
    # Seen from behind the person's left is the picture's; seen from the front it is not.
    assert (centre < middle) == ((side == "left") == (place.view == "back"))


def test_words_come_in_the_order_of_the_map():
    assert places_in_words(["buttock_left", "low_back_left", "gone"]) == (
        "low back, left; buttock, left"
    )
    assert places_in_words([]) == ""
