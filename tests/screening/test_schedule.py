"""When the questions come again, and what lifts a lock."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from backstride.records import PAIN, Disposition, checked, empty
from backstride.screening import (
    Clearance,
    load,
    lock_lifted,
    rescreen_due,
    short_questions,
    short_screen_due,
)

LAST = date(2026, 3, 2)
VERSION = load().version


def pain(*rows):
    """(days after LAST, nprs, more columns) as a PAIN table, noted at 18:00 UTC."""
    table = []
    for offset, nprs, *more in rows:
        day = LAST + timedelta(days=offset)
        at = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        row = {"at": at, "date": day, "nprs": nprs, "moment": "now"}
        table.append(row | (more[0] if more else {}))
    return checked(pl.DataFrame(table, infer_schema_length=None), PAIN)


def due(table, after=3, last=LAST):
    reason = rescreen_due(last, VERSION, table, LAST + timedelta(days=after))
    return None if reason is None else reason.rule


def test_never_screened():
    assert due(empty(PAIN), last=None) == "screen.first"


def test_a_new_version_asks_again():
    assert rescreen_due(LAST, "2020.1", empty(PAIN), LAST).rule == "screen.version"
    assert rescreen_due(LAST, None, empty(PAIN), LAST) is None


def test_four_weeks_are_the_limit():
    steady = pain(*((n, 3) for n in range(0, 40, 3)))
    assert due(steady, 28) is None
    assert due(steady, 29) == "screen.monthly"


def test_a_rise_of_two_points_asks_again():
    assert due(pain((-3, 3), (-1, 3), (1, 4))) is None
    assert due(pain((-3, 3), (-1, 3), (1, 5))) == "screen.jump"


def test_a_rise_from_a_high_level_counts_like_any_other():
    assert due(pain((-3, 6), (-1, 6), (1, 7))) is None
    assert due(pain((-3, 6), (-1, 6), (2, 8))) == "screen.jump"


def test_pain_during_a_walk_is_no_jump():
    assert due(pain((-1, 3), (1, 6, {"moment": "during_walk"}))) is None


def test_a_jump_before_the_screen_is_answered_by_it():
    assert due(pain((-5, 2), (-1, 7))) is None


def test_a_time_tells_entries_of_the_same_day_apart():
    table = pain((-3, 3), (0, 7))
    assert due(table) is None
    morning = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert due(table, last=morning) == "screen.jump"
    assert due(table, last=morning.replace(hour=20)) is None
    with pytest.raises(ValueError, match="zone"):
        due(table, last=datetime(2026, 3, 2, 9))  # noqa: DTZ001


def test_new_leg_symptom_and_flare():
    assert due(pain((1, 2, {"new_leg_symptom": True}))) == "screen.leg"
    assert due(pain((1, 2, {"is_flare": True}))) == "screen.flare"


def test_a_gap_of_two_weeks():
    assert due(empty(PAIN), 13) is None
    assert due(empty(PAIN), 14) == "screen.gap"
    assert due(pain((7, 3)), 20) is None
    assert due(pain((7, 3)), 21) == "screen.gap"
    assert due(pain((1, 3), (15, 3)), 16) == "screen.gap"


def test_the_weekly_short_form():
    assert short_screen_due(LAST, LAST + timedelta(days=6)) is None
    assert short_screen_due(LAST, LAST + timedelta(days=7)).rule == "screen.weekly"
    assert {"saddle_numb", "bladder_new", "fever", "weight_loss"} <= {
        q.id for q in short_questions()
    }
    assert all(not q.shown_when for q in short_questions())


@pytest.mark.parametrize("worst", [Disposition.SAME_DAY, Disposition.EMERGENCY_NOW])
def test_a_lock_needs_a_named_clinician_on_or_after_the_day(worst):
    today = LAST + timedelta(days=5)
    seen = Clearance(LAST + timedelta(days=2), "Dr Example")
    assert not lock_lifted(worst, LAST, None, today)
    assert lock_lifted(worst, LAST, seen, today)
    assert not lock_lifted(worst, LAST, Clearance(seen.on, "  "), today)
    assert not lock_lifted(worst, LAST, Clearance(LAST - timedelta(days=1), "Dr Example"), today)
    assert not lock_lifted(worst, LAST, Clearance(today + timedelta(days=1), "Dr Example"), today)


def test_no_lock_where_walking_is_allowed():
    assert lock_lifted(Disposition.THERAPIST, LAST, None, LAST)
