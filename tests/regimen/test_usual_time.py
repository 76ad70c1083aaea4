"""The usual time of a walk is one at which the person really walks."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backstride.regimen import usual_time
from backstride.regimen.usual_time import DAY_MIN, MIN_DAYS, NEAR_MIN, WINDOW_DAYS, window

TODAY = date(2026, 11, 26)  # a Thursday


def midnight(days: int) -> datetime:
    return datetime.combine(TODAY + timedelta(days=days), time())


starts = st.lists(
    st.integers(-90, 30).flatmap(
        lambda n: st.integers(0, 1439).map(lambda m: midnight(n) + timedelta(minutes=m))
    ),
    max_size=60,
)


def walks(hour: float, *days_ago: int) -> list[datetime]:
    minutes = timedelta(minutes=60 * hour)
    return [datetime.combine(TODAY - timedelta(days=n), time()) + minutes for n in days_ago]


def test_two_habits_are_never_averaged_to_noon():
    both = walks(7, 1, 2, 3, 5, 6) + walks(18, 8, 9, 10, 12)
    assert usual_time(both, TODAY) == time(7)


def test_the_weekday_has_its_own_time():
    thursdays = walks(17.5, 7, 14, 21)
    assert usual_time(thursdays + walks(9, 1, 2, 3, 4, 5, 6), TODAY) == time(17, 30)
    assert usual_time(walks(17.5, 7, 14) + walks(9, 1, 2, 3, 6), TODAY) == time(9)


def test_the_weekend_is_told_apart_from_working_days():
    weekend = walks(11, 4, 5, 11)  # Sunday, Saturday, Sunday
    working = walks(18, 1, 2, 3, 6)
    assert usual_time(weekend + working, TODAY) == time(18)
    assert usual_time(weekend + working, TODAY + timedelta(days=2)) == time(11)


def test_too_little_is_no_habit():
    assert usual_time([], TODAY) is None
    assert usual_time(walks(9, 1, 2), TODAY) is None
    assert usual_time(walks(9, 1) * 5, TODAY) is None, "many walks of one day are one day"
    assert usual_time(walks(9, *range(WINDOW_DAYS + 1, 80)), TODAY) is None, "long ago"
    assert usual_time(walks(9, 0, -1, -2, -3), TODAY) is None, "today and later"


def test_around_midnight_is_one_habit():
    late = walks(23.75, 1, 3) + walks(0.25, 4, 6)
    assert usual_time(late, TODAY) in {time(23, 45), time(0, 0), time(0, 15)}


@given(starts, st.randoms())
def test_it_is_near_real_walks_of_enough_days(starts: list[datetime], dice: random.Random):
    found = usual_time(starts, TODAY)
    shuffled = list(starts)
    dice.shuffle(shuffled)
    assert usual_time(shuffled, TODAY) == found
    if found is None:
        return
    minute = 60 * found.hour + found.minute
    assert minute % 5 == 0

    def apart(at: datetime) -> int:
        return abs((60 * at.hour + at.minute - minute + 720) % 1440 - 720)

    known = [at for at in starts if 0 < (TODAY - at.date()).days <= WINDOW_DAYS]
    assert len({at.date() for at in known if apart(at) <= 2 * NEAR_MIN}) >= MIN_DAYS


@given(st.integers(0, 1439), st.lists(st.integers(-10, 10), min_size=5, max_size=5))
def test_a_steady_walker_is_found_within_minutes(minute: int, off: list[int]):
    days = [datetime.combine(TODAY - timedelta(days=n), time()) for n in (7, 14, 21, 28, 35)]
    starts = [
        day + timedelta(minutes=(minute + more) % 1440) for day, more in zip(days, off, strict=True)
    ]
    found = usual_time(starts, TODAY)
    assert found is not None
    apart = (60 * found.hour + found.minute - minute + 720) % 1440 - 720
    assert abs(apart) <= 13


@given(st.times())
def test_a_window_lies_around_its_time(usual):
    """At the turn of the day, too."""
    begin, end = window(usual)
    middle = 60 * usual.hour + usual.minute
    sides = [(60 * at.hour + at.minute - middle) % DAY_MIN for at in (begin, end)]
    assert sides == [DAY_MIN - NEAR_MIN, NEAR_MIN]
