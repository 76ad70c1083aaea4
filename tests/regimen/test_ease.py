"""A running week made gentler at once; never more, and never what is past."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.records import Baseline, Disposition
from backstride.regimen import History, eased, first_week
from walkers import IN_PAIN, MONDAY, cleared, day, pain_table

CLEAR = cleared(MONDAY)
LIGHT = cleared(MONDAY, Disposition.THERAPIST, light_only=True)


def a_week(minutes: float = 25):
    baseline = Baseline(minutes, minutes, 4, 5000, 10, told=False)
    return first_week(baseline, IN_PAIN, CLEAR, MONDAY)


def history(today: int, *pain) -> History:
    return History(today=day(today), pain=pain_table(*pain))


FLARE = (2, 6, {"is_flare": True})


def test_nothing_new_leaves_the_week_as_it_is():
    week = a_week()
    assert eased(week, history(2, (1, 4), (2, 4)), CLEAR) == week


def test_a_flare_halves_what_is_left_in_shorter_parts():
    week = a_week()
    assert week.dose.minutes == 20
    gentle = eased(week, history(2, (1, 4), FLARE), CLEAR)
    for before, after in zip(week.walks, gentle.walks, strict=True):
        assert after.day == before.day
        assert after.minutes == (20 if before.day < day(2) else 10)
    assert gentle.decision.reasons[0].rule == "flare.now"


def test_a_settled_flare_gives_the_week_back():
    week = a_week()
    calm = [(n, 4) for n in (-3, -2, -1, 0, 3, 4, 5)]
    assert eased(week, history(5, *calm, (1, 6, {"is_flare": True})), CLEAR) == week


def test_a_screen_that_asks_for_easy_walks_holds_at_once():
    gentle = eased(a_week(), history(0), LIGHT)
    assert gentle.dose.minutes < 20
    assert len(gentle.walks) <= 3
    assert gentle.dose.cadence_spm is None
    assert gentle.decision.reasons[0].rule == "screen.therapist_light"


@given(
    minutes=st.floats(5, 40),
    today=st.integers(0, 6),
    flare=st.integers(0, 6),
    nprs=st.integers(0, 10),
    screen=st.sampled_from([CLEAR, LIGHT]),
)
def test_never_more_and_never_the_past(minutes, today, flare, nprs, screen):
    week = a_week(minutes)
    gentle = eased(week, history(today, (min(flare, today), nprs, {"is_flare": True})), screen)
    given_minutes = {walk.day: walk.minutes for walk in week.walks}
    for walk in gentle.walks:
        assert walk.minutes <= given_minutes[walk.day]
    past = [walk for walk in week.walks if walk.day < day(today)]
    assert [walk for walk in gentle.walks if walk.day < day(today)] == past
    assert eased(gentle, history(today), CLEAR) == gentle


@pytest.mark.parametrize("minutes", [5, 6])
def test_a_walk_never_shrinks_to_nothing(minutes):
    gentle = eased(a_week(minutes), history(0, (0, 8, {"is_flare": True})), LIGHT)
    assert all(walk.minutes >= 5 for walk in gentle.walks)
