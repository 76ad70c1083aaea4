"""When the questions come again, and what lifts a lock."""

import itertools
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from backstride.records import LEG_NEWS, PAIN, Disposition, checked, empty
from backstride.screening import (
    Clearance,
    answers_in_diary,
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


NEWS = ("is_flare", *LEG_NEWS, "woke_at_night")
RULES = {"leg_weaker": "weak", "new_numbness": "numb", "new_leg_symptom": "leg"}
RULES |= {"woke_at_night": "night", "is_flare": "flare"}


@pytest.mark.parametrize("offset", [0, 1, 3])
def test_every_set_of_news_asks_again_and_the_gravest_says_why(offset):
    """All 2^5 sets, on the day of the screen after it, the day after, and today."""
    morning = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for told in itertools.product([False, True, None], repeat=len(NEWS)):
        news = dict(zip(NEWS, told, strict=True))
        rule = next((f"screen.{RULES[name]}" for name in RULES if news[name]), None)
        assert due(pain((offset, 2, news)), last=morning) == rule


@pytest.mark.parametrize("news", LEG_NEWS)
@pytest.mark.parametrize("before", [-6, -1, 0])
def test_a_leg_asks_again_however_often_it_was_asked_about(news, before):
    """It may have become worse: what a screen has dealt with doesn't hide what comes after."""
    evening = datetime(2026, 3, 2, 20, tzinfo=UTC)
    noted = pain((before, 2, {news: True}), (1, 2, {news: True}))
    assert due(noted[:1], 1, last=evening) is None
    assert due(noted, 1, last=evening) == f"screen.{RULES[news]}"


def test_broken_nights_ask_again_once_a_week():
    night = {"woke_at_night": True}
    nights = pain((-1, 3, night), *((n, 3, night) for n in range(1, 10)))
    assert due(nights[:1], 0) is None
    assert [due(nights, after) for after in range(1, 7)] == [None] * 6
    assert due(nights, 7) == "screen.night"
    first = nights.filter(pl.col("date") > LAST)
    assert [due(first, after) for after in range(1, 8)] == ["screen.night"] * 7
    assert due(pain((-7, 3, night), (-3, 3), (1, 3, night))) == "screen.night"  # long before it


def test_the_few_questions_do_not_deal_with_a_broken_night():
    """They don't ask about it: only the whole screen does."""
    noted = pain(*((n, 3) for n in range(-9, 0, 3)), (0, 3, {"woke_at_night": True}), (2, 3))
    noted = pl.concat([noted, pain((1, 3, {"woke_at_night": True}))])
    reason = rescreen_due(
        LAST, VERSION, noted, LAST + timedelta(days=2), whole=LAST - timedelta(days=7)
    )
    assert reason.rule == "screen.night"


def test_the_diary_answers_what_it_has_said():
    noted = pain(
        (-1, 2, {"new_numbness": True}), (1, 2, {"leg_weaker": True}), (2, 2, {"is_flare": True})
    )
    assert answers_in_diary(noted, LAST) == {"leg_weak_mild": "yes"}
    assert answers_in_diary(noted, None) == {"leg_weak_mild": "yes", "leg_numb": "yes"}
    assert answers_in_diary(empty(PAIN), LAST) == {}
    columns = [q.diary for q in load().questions if q.diary]
    assert set(columns) <= set(LEG_NEWS)


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
