"""Lived through, minute by minute: never in quiet hours, never too many, never twice."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.regimen.prompts import (
    GAPS,
    GRACE,
    Kind,
    Limits,
    Prompt,
    Told,
    awake,
    before_appointment,
    due,
    has_stopped,
    is_quiet,
    is_resting,
    moment,
)

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Santiago",  # clocks change at midnight
    "Asia/Kathmandu",
    "Pacific/Apia",
]
BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
USUAL = Limits(2, time(21), time(8), BERLIN)
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
limits = st.builds(Limits, st.integers(1, 2), clocks, clocks, st.sampled_from(ZONES).map(ZoneInfo))


class Life:
    """Somebody's days: when each kind is wished for, and how often it is taken up."""

    def __init__(self, limits: Limits, clock: dict[Kind, time], takes_up: float, seed: int):
        self.limits, self.clock, self.takes_up = limits, clock, takes_up
        self.dice = random.Random(seed)  # noqa: S311 - not for secrets
        self.told: list[Told] = []
        self.acts: dict[Kind, date] = {}
        self.appointments: list[datetime] = []

    def prompts(self, day: date) -> list[Prompt]:
        found = []
        for kind, clock in self.clock.items():
            at = awake(moment(day, clock, self.limits.zone), self.limits)
            found.append(Prompt(kind, f"{kind}:{day}", at, at + GRACE))
        for number, start in enumerate(self.appointments):
            given = start - timedelta(days=5)
            if abs((start.date() - day).days) > 3:
                continue
            found += before_appointment(str(number), start, given, self.limits)
        return found

    def _that_count(self, day: date) -> list[Told]:
        """What was sent these days, and what wasn't taken up since it was."""
        return [
            one
            for one in self.told
            if (day - one.day).days <= 3 or one.day > self.acts.get(one.kind, date.min)
        ]

    def live(self, start: datetime, days: int, step_min: int) -> list[tuple[datetime, Prompt]]:
        sent, prompts = [], {}
        for n in range(days * 24 * 60 // step_min):
            now = start + timedelta(minutes=n * step_min)
            day = now.astimezone(self.limits.zone).date()
            if day not in prompts:
                prompts = {day: self.prompts(day)}  # none is wished for twice, done or not
            left = [one for one in prompts[day] if self.acts.get(one.kind) != day]
            for prompt in due(left, self._that_count(day), self.acts, now, self.limits):
                sent.append((now, prompt))
                self.told.append(Told(prompt.kind, prompt.key, now, day))
                if self.dice.random() < self.takes_up:
                    self.acts[prompt.kind] = day
        return sent


def hold(life: Life, sent: list[tuple[datetime, Prompt]]) -> None:
    zone, most = life.limits.zone, life.limits.most
    assert len({prompt.key for _, prompt in sent}) == len(sent), "twice"
    prompts_on: Counter[date] = Counter()
    for now, prompt in sent:
        local = now.astimezone(zone)
        assert not is_quiet(local.time(), life.limits), f"{local} is quiet"
        assert prompt.at <= now < prompt.until, "too early, or stale"
        prompts_on[local.date()] += not prompt.kind.is_appointment
    assert max(prompts_on.values(), default=0) <= most


ALL = {Kind.WALK: time(10), Kind.CHECK_IN: time(19), Kind.FORMS: time(19), Kind.WEEK: time(9)}


@given(
    limits,
    st.fixed_dictionaries(dict.fromkeys(ALL, clocks)),
    st.dates(date(2026, 1, 1), date(2027, 11, 30)),
    st.floats(0, 1),
    st.lists(st.integers(0, 20 * 24 * 4), max_size=4),
    st.integers(0, 99),
)
@settings(max_examples=25)
def test_three_weeks_of_anyone(limits, clock, start, takes_up, appointments, seed):
    life = Life(limits, clock, takes_up, seed)
    begin = datetime.combine(start, time(), UTC)
    life.appointments = [begin + timedelta(minutes=15 * n) for n in appointments]
    hold(life, life.live(begin, 20, 15))


@pytest.mark.parametrize("zone", ZONES[:4])
@pytest.mark.parametrize("takes_up", [0.0, 0.6, 1.0])
def test_a_year(zone, takes_up):
    """Every hour of 2027, with a time for the walk that both changes of the clock touch."""
    limits = Limits(2, time(21), time(2, 15), ZoneInfo(zone))
    life = Life(limits, ALL | {Kind.WALK: time(2, 30)}, takes_up, 1)
    begin = datetime(2027, 1, 1, tzinfo=UTC)
    first = date(2027, 1, 5)
    life.appointments = [
        moment(first + timedelta(days=9 * n), time(12), limits.zone) for n in range(39)
    ]
    sent = life.live(begin, 365, 60)
    hold(life, sent)
    kinds = Counter(prompt.kind for _, prompt in sent)
    assert kinds[Kind.APPOINTMENT_DAY] == kinds[Kind.APPOINTMENT_HOUR] == 39
    if takes_up == 1:
        assert kinds[Kind.WALK] >= 363, "every day, those of the changes included"
    if takes_up == 0:
        assert kinds[Kind.WALK] == kinds[Kind.CHECK_IN] == len(GAPS), "then it is quiet for good"


def test_a_walk_at_an_hour_that_is_skipped_or_comes_twice():
    spring = moment(date(2027, 3, 28), time(2, 30), BERLIN)
    assert spring.astimezone(BERLIN).time() == time(3, 30)
    autumn = moment(date(2027, 10, 31), time(2, 30), BERLIN)
    assert autumn == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@given(st.integers(0, 2 * 365 * 24 * 60).map(lambda n: BEGIN + timedelta(minutes=n)), limits)
def test_the_end_of_the_quiet_hours(at, limits):
    up = awake(at, limits)
    assert at <= up <= at + timedelta(hours=26)
    local = up.astimezone(limits.zone)
    changes = local.utcoffset() != (up - timedelta(hours=2)).astimezone(limits.zone).utcoffset()
    assert changes or not is_quiet(local.time(), limits)


def test_an_appointment_in_the_morning_is_told_after_the_quiet_hours():
    start = moment(date(2027, 5, 4), time(8, 30), BERLIN)
    a_day, an_hour = before_appointment("1", start, start - timedelta(days=9), USUAL)
    assert a_day.at.astimezone(BERLIN) == datetime(2027, 5, 3, 8, 30, tzinfo=BERLIN)
    assert an_hour.at.astimezone(BERLIN) == datetime(2027, 5, 4, 8, 0, tzinfo=BERLIN)
    early = moment(date(2027, 5, 4), time(7), BERLIN)
    [a_day] = before_appointment("1", early, early - timedelta(days=9), USUAL)
    assert a_day.at.astimezone(BERLIN) == datetime(2027, 5, 3, 8, 0, tzinfo=BERLIN)


def test_an_appointment_given_since_is_not_told_a_day_before():
    start = moment(date(2027, 5, 4), time(15), BERLIN)
    [an_hour] = before_appointment("1", start, start - timedelta(hours=5), USUAL)
    assert an_hour.kind is Kind.APPOINTMENT_HOUR


def test_a_day_before_is_the_same_time_by_the_clock_when_clocks_change():
    start = moment(date(2027, 3, 28), time(15), BERLIN)
    a_day, _ = before_appointment("1", start, start - timedelta(days=9), USUAL)
    assert start - a_day.at == timedelta(hours=23)


def test_an_appointment_takes_a_place():
    day = date(2027, 5, 4)
    one = Limits(1, time(21), time(8), BERLIN)
    start = moment(day, time(15), BERLIN)
    walk_at = moment(day, time(10), BERLIN)
    walk = Prompt(Kind.WALK, "walk:1", walk_at, walk_at + GRACE)
    [hour] = before_appointment("1", start, start - timedelta(hours=9), one)
    assert due([walk], [], {}, walk_at, one) == (walk,)
    assert due([walk, hour], [], {}, walk_at, one) == (), "one a day, and that one is to come"
    assert due([walk, hour], [], {}, hour.at, one) == (hour,)


def test_what_is_not_taken_up_comes_less_and_less():
    today, told, days = date(2027, 1, 1), [], []
    for n in range(120):
        day = today + timedelta(days=n)
        if not is_resting(Kind.WALK, told, {}, day):
            told.append(Told(Kind.WALK, str(day), datetime.combine(day, time(9), UTC), day))
            days.append(n)
    assert days == [0, 1, 3, 5, 9, 13, 20, 27]
    assert has_stopped(Kind.WALK, told, {}, day)
    walked = {Kind.WALK: day - timedelta(days=1)}
    assert not is_resting(Kind.WALK, told, walked, day), "a walk of one's own brings them back"
