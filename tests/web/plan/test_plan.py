"""This week's plan, kept once, and the next one answering to what happened."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse

from backstride import regimen
from backstride.web.imports.models import Day, Usual
from backstride.web.journal.models import PainEntry, WalkDone
from backstride.web.plan import services
from backstride.web.plan.models import PlannedWeek


@pytest.fixture
def told(cleared_walker):
    Usual.objects.create(user=cleared_walker, minutes=15, days_per_week=3)
    return cleared_walker


def test_without_anything_to_start_from_it_says_so(client, cleared_walker):
    client.force_login(cleared_walker)
    assert "There are no measured days yet" in client.get(reverse("plan")).content.decode()
    assert "How do you walk now?" in client.get("/").content.decode()
    assert not PlannedWeek.objects.exists()


def test_a_told_start(client, told):
    client.force_login(told)
    page = client.get(reverse("plan")).content.decode()
    assert "48 minutes in all: 12 minutes on 4 days" in page  # 0.8 of 15
    week = services.week_now(told)
    assert week.start == told.today()
    client.get(reverse("plan"))
    assert PlannedWeek.objects.count() == 1


def test_a_measured_start_beats_a_told_one(told):
    for n in range(1, 9):
        Day.objects.create(
            user=told, date=told.today() - timedelta(days=n), steps=5000, longest_bout_min=20
        )
    assert services.week_now(told).dose.minutes == 16


def a_week_ago(user, nprs: int, walked: bool):
    """The first week as of eight days ago, with pain noted each day."""
    start = user.today() - timedelta(days=8)
    first = regimen.baseline(services.days_frame(user), start, services.usual_of(user))
    screen = regimen.Screen(services.Disposition.WALK, start)
    week = regimen.first_week(first, services.person_of(user), screen, start)
    PlannedWeek.objects.create(user=user, start=start, data=regimen.week_to_json(week))
    for n in range(9):
        PainEntry.objects.create(user=user, day=start + timedelta(days=n), nprs=nprs)
    for walk in week.walks if walked else ():
        WalkDone.objects.create(user=user, day=walk.day, minutes=walk.minutes)
    return week


def test_a_week_that_went_well_grows(told):
    last = a_week_ago(told, nprs=3, walked=True)
    week = services.week_now(told)
    assert week.decision.kind == "progress"
    assert last.dose.minutes < week.dose.minutes <= last.dose.minutes * 1.2 + 1
    assert week.number == 2


def test_a_week_that_was_not_walked_does_not_grow(told):
    last = a_week_ago(told, nprs=3, walked=False)
    week = services.week_now(told)
    assert week.decision.kind != "progress"
    assert week.dose.minutes <= last.dose.minutes


def test_walks_done_are_ticked(client, told):
    client.force_login(told)
    services.week_now(told)
    client.post(reverse("log_walk"), {"minutes": "12"})
    page = client.get(reverse("plan")).content.decode()
    assert "1 of 4 walks done so far" in page


def test_the_week_as_a_calendar(client, told):
    client.force_login(told)
    response = client.get(reverse("plan_calendar"))
    events = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert len(events) == 4
    assert response.headers["Content-Type"].startswith("text/calendar")


def test_no_calendar_without_a_plan(client, cleared_walker):
    client.force_login(cleared_walker)
    assert client.get(reverse("plan_calendar")).status_code == 404
