"""The traffic light of clinical-facts 5, by change against the person's own level."""

import pytest

from backstride.records import LEG_NEWS, PAIN, empty
from backstride.regimen import Light, day_lights, traffic_light
from walkers import day, pain_table, walk_pain


@pytest.mark.parametrize(
    ("before", "during", "after", "light"),
    [
        (2, 4, 3, Light.GREEN),
        (6, 7, 6, Light.GREEN),  # a high level alone is no alarm
        (6, 8, 6, Light.RED),
        (2, 5, 2, Light.AMBER),
        (2, 6, 2, Light.AMBER),
        (4, 6, 4, Light.AMBER),
        (2, 7, 2, Light.RED),
        (2, 2, 4, Light.AMBER),
        (2, 2, 5, Light.AMBER),
        (2, 2, 6, Light.RED),
        (0, 0, 1, Light.GREEN),
    ],
)
def test_one_walk(before, during, after, light):
    assert traffic_light(pain_table(*walk_pain(0, before, during, after))) == light


@pytest.mark.parametrize("news", LEG_NEWS)
def test_news_of_a_leg_are_red_whatever_the_score(news):
    assert traffic_light(pain_table((0, 0, {news: True}))) == Light.RED


def test_a_broken_night_alone_is_not():
    assert traffic_light(pain_table((0, 2, {"woke_at_night": True})), usual=2) == Light.GREEN


def test_nothing_to_compare_is_unknown_not_green():
    assert traffic_light(empty(PAIN)) == Light.UNKNOWN
    assert traffic_light(pain_table((0, 3))) == Light.UNKNOWN
    assert traffic_light(pain_table((0, 3)), usual=3) == Light.GREEN
    assert traffic_light(pain_table((0, 3, {"moment": "before_walk"}))) == Light.UNKNOWN


def test_not_settled_after_two_days_is_red():
    rows = pain_table(*walk_pain(0, 2, 3, 4))
    assert traffic_light(rows, after_48_h=3) == Light.AMBER
    assert traffic_light(rows, after_48_h=4) == Light.RED


def test_days_take_the_next_morning_and_the_usual_level():
    table = pain_table((-3, 2), (-2, 2), (0, 2), *walk_pain(1, 2, 3, 6), (4, 3), (5, 5))
    lights = day_lights(table, day(0), day(5))
    assert lights == {
        day(0): Light.GREEN,
        day(1): Light.RED,
        day(2): Light.UNKNOWN,
        day(3): Light.UNKNOWN,
        day(4): Light.GREEN,
        day(5): Light.AMBER,
    }
