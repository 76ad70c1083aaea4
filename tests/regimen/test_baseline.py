"""The baseline: measured where days are enough and fresh, told otherwise, and it says why."""

import pytest

from backstride.records import DAYS, UsualWalking, empty
from backstride.regimen import baseline, baseline_note
from walkers import day, days_table

TODAY = day(20)
TOLD = UsualWalking(12, 3)


def walked(*offsets, **more):
    return days_table(*((n, {"longest_bout_min": 10.0 + n} | more) for n in offsets))


def test_measured_from_four_valid_days():
    found = baseline(walked(10, 11, 12, 13), TODAY, TOLD)
    assert not found.told
    assert found.valid_days == 4
    assert found.walk_min == 21.5
    assert found.longest_comfortable_min == 22.0
    assert found.walks_per_week == 7.0
    assert found.steps == 4000


def test_short_bouts_are_no_walks():
    found = baseline(days_table(*((n, {"longest_bout_min": 4.0}) for n in range(10, 16))), TODAY)
    assert found.walks_per_week == 0.0
    assert found.walk_min == 4.0


def test_three_days_are_too_few_and_it_says_so():
    table = walked(10, 11, 12)
    assert baseline(table, TODAY) is None
    assert baseline(table, TODAY, TOLD).told
    note = baseline_note(table, TODAY)
    assert note.rule == "baseline.few"
    assert "Only 3" in note.text


def test_nothing_at_all():
    assert baseline(empty(DAYS), TODAY) is None
    assert baseline_note(empty(DAYS), TODAY).rule == "baseline.none"


def test_old_days_are_not_started_from():
    table = walked(1, 2, 3, 4, 5)
    assert baseline(table, day(29)) is not None
    assert baseline(table, day(40)) is None
    note = baseline_note(table, day(40))
    assert note.rule == "baseline.old"
    assert "7 March 2026" in note.text


def test_carried_phone_without_steps_is_missing_not_rest():
    table = days_table(
        *((n, {"longest_bout_min": 20.0}) for n in (8, 9, 10, 11)),
        *((n, {"steps": 0, "longest_bout_min": 0.0}) for n in (12, 13, 14, 15)),
    )
    found = baseline(table, TODAY)
    assert found.valid_days == 4
    assert found.walk_min == 20.0


def test_a_worn_day_needs_ten_hours():
    assert baseline(walked(10, 11, 12, 13, wear_h=9.9), TODAY) is None
    assert baseline(walked(10, 11, 12, 13, wear_h=10.0), TODAY).valid_days == 4


def test_today_is_not_over_and_does_not_count():
    assert baseline(walked(17, 18, 19, 20), TODAY) is None


def test_steps_without_bouts_ask_for_the_minutes():
    table = days_table(*((n, {}) for n in (10, 11, 12, 13)))
    assert baseline(table, TODAY) is None
    assert baseline_note(table, TODAY).rule == "baseline.no_bouts"
    told = baseline(table, TODAY, TOLD)
    assert (told.told, told.steps, told.walk_min) == (True, 4000, 12.0)


def test_one_long_day_is_an_outlier():
    bouts = [12.0, 12.0, 13.0, 14.0, 12.0, 95.0]
    table = days_table(*((10 + n, {"longest_bout_min": b}) for n, b in enumerate(bouts)))
    assert baseline(table, TODAY).longest_comfortable_min == 13.0


@pytest.mark.parametrize("told", [UsualWalking(-1, 3), UsualWalking(20, 8), UsualWalking(10**6, 1)])
def test_an_impossible_word_is_refused(told):
    with pytest.raises(ValueError, match="usual walking"):
        baseline(empty(DAYS), TODAY, told)
