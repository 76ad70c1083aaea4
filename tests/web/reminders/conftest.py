"""A clock that tests turn, and walkers who have chosen reminders."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone

from backstride.web.imports import services as imports
from backstride.web.plan import services as plan
from backstride.web.plan.models import PlannedWeek
from backstride.web.reminders.models import Choices
from backstride.web.safety.models import ScreenRecord
from web import helpers


class Clock:
    """What the site takes for now; set by the walker's own clock."""

    def __init__(self, walker):
        self.walker = walker
        self.now = datetime.now(UTC)

    def set(self, day: date, clock: time | str) -> None:
        at = time.fromisoformat(clock) if isinstance(clock, str) else clock
        self.now = datetime.combine(day, at, self.walker.tz).astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(walker, monkeypatch):
    clock = Clock(walker)
    monkeypatch.setattr(timezone, "now", clock)
    clock.set(date(2027, 3, 1), "07:00")  # a Monday
    return clock


def answer_screen(walker, now: datetime) -> None:
    helpers.clear(walker)
    newest = ScreenRecord.objects.filter(user=walker).order_by("-pk").first()
    ScreenRecord.objects.filter(pk=newest.pk).update(at=now)


def look_at_week(walker, now: datetime):
    """Open the plan, which makes the week where there is none."""
    known = set(walker.weeks.values_list("pk", flat=True))
    week = plan.week_now(walker)
    PlannedWeek.objects.filter(user=walker).exclude(pk__in=known).update(made_at=now)
    return week


@pytest.fixture
def planned(walker, clock):
    """A walker with a week of walks that begins on Monday, 1 March 2027."""
    answer_screen(walker, clock.now)
    usual = imports.say_usual(walker, 15, 5)
    type(usual).objects.filter(pk=usual.pk).update(at=clock.now)
    look_at_week(walker, clock.now)
    return walker


@pytest.fixture
def choose(walker, clock):
    """Choose reminders, by e-mail unless told otherwise."""

    def chosen(**wanted) -> Choices:
        fields = {"by_mail": True, "learn": False, "chosen_on": walker.today(), **wanted}
        row, _ = Choices.objects.update_or_create(user=walker, defaults=fields)
        return row

    return chosen
