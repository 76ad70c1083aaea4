"""When a planned walk counts as done."""

import pytest

from backstride.records import Baseline
from backstride.regimen import adherence, first_week
from walkers import MONDAY, RECOVERED, cleared, day, days_table, walks_table

WEEK = first_week(Baseline(25, 25, 4, None, 0, True), RECOVERED, cleared(MONDAY), MONDAY)
PLANNED = [walk.day for walk in WEEK.walks]


def done(days=(), walks=(), today=6):
    return adherence(WEEK, days_table(*days), walks_table(*walks), day(today))


def test_the_week_under_test():
    assert WEEK.dose.minutes == 20
    assert [day(0), day(1), day(3), day(5)] == PLANNED


@pytest.mark.parametrize(("minutes", "counts"), [(20, 1), (16, 1), (15.9, 0), (None, 1), (0, 0)])
def test_logged(minutes, counts):
    assert done(walks=[(0, minutes)]).done == counts


def test_two_logged_parts_add_up():
    assert done(walks=[(0, 8), (0, 8)]).done == 1


@pytest.mark.parametrize(
    ("walking", "bout", "counts"),
    [(40.0, 16.0, 1), (40.0, 5.0, 0), (15.0, 15.0, 0), (None, 20.0, 0)],
)
def test_measured_needs_minutes_in_one_go(walking, bout, counts):
    found = done(days=[(0, {"walking_min": walking, "longest_bout_min": bout})])
    assert found.done == counts
    assert found.by_day[0].how == ("measured" if counts else "")


def test_a_walk_on_another_day_counts():
    assert done(walks=[(2, 20), (4, 20), (6, 20)]).share == 0.75


def test_more_walks_than_planned_are_not_more_than_all():
    found = done(walks=[(n, 30) for n in range(7)])
    assert (found.done, found.planned, found.share) == (4, 4, 1.0)


def test_only_what_is_due_is_counted():
    found = done(walks=[(0, 20)], today=1)
    assert (found.planned, found.planned_in_week, found.share) == (2, 4, 0.5)
    assert len(found.by_day) == 2


def test_nothing_due_yet_has_no_share():
    assert done(today=-1).share is None


def test_no_data_is_unknown():
    assert [d.walked_min for d in done().by_day] == [None] * 7
