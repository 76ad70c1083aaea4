"""A walker whose every record says its part and its day, and those they may share with."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client

from backstride import regimen
from backstride.records import Decision, DecisionKind, Dose, PlannedWalk, Reason, Week
from backstride.web.clinic.models import Clinic, Staff
from backstride.web.imports.models import Day
from backstride.web.journal.models import MedicineTaken, PainEntry
from backstride.web.plan.models import PlannedWeek
from backstride.web.sharing import services
from backstride.web.sharing.services import Terms
from web import helpers

AGO = (0, 1, 2, 3, 9, 10, 11, 40, 100)  # days before today that have a record of each part


@pytest.fixture
def full_walker(cleared_walker):
    fill(cleared_walker)
    return cleared_walker


def fill(user) -> None:
    """A record of every part on each of AGO, that tells its part and how long ago it is."""
    today = user.today()
    for n in AGO:
        day = today - timedelta(days=n)
        at = datetime.combine(day, time(12), UTC)
        Day.objects.create(user=user, date=day, steps=70_000 + n, walking_min=20)
        PainEntry.objects.create(user=user, day=day, at=at, nprs=n % 10)
        user.walkdone_set.create(day=day, at=at, minutes=20)
        MedicineTaken.objects.create(user=user, day=day, at=at, medicine=f"Pill{n}.", amount=1)
        user.mobility.create(day=day, at=at, test="chair_stand_30s", value=300 + n)
        user.note_set.create(day=day, at=at, text=f"heron {n}.")
        for key, value in (("rmdq", 20.0), ("mood", 2.0), ("sleep", 7.0)):
            user.sheets.create(
                instrument=key, version="1", day=day, value=value, begun_at=at, finished_at=at
            )
    start = today - timedelta(days=2)
    walks = tuple(PlannedWalk(today + timedelta(days=n), 37, 1, None) for n in (-2, -1, 0, 3))
    reason = Reason("regimen.flare", "The pain told this.", "source")
    week = Week(
        start, 2, "walkback", Dose(37, 4), walks, Decision(DecisionKind.HOLD, (reason,)), 4321
    )
    PlannedWeek.objects.create(user=user, start=start, data=regimen.week_to_json(week))


@pytest.fixture
def therapist(db):
    clinic = Clinic.objects.create(name="Back Clinic")
    return staff_of(clinic, "thea@clinic.example", first_name="Thea")


def staff_of(clinic: Clinic, email: str, **fields):
    user = helpers.make_user(email, **fields)
    Staff.objects.create(user=user, clinic=clinic)
    return user


@pytest.fixture
def friend(db):
    """An account that has not answered any safety question."""
    return helpers.make_user("fay@example.org", first_name="Fay")


def terms(walker, scope, back: int = 27, ahead: int = 91) -> Terms:
    today = walker.today()
    return Terms(list(scope), today - timedelta(days=back), today + timedelta(days=ahead))


def browse(user=None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def link_to(walker, scope, **days) -> tuple:
    """A consent by link, and a browser that has opened its door."""
    consent, token = services.give(walker, "link", terms(walker, scope, **days), name="Dr Kim")
    client = browse()
    client.post(f"/sharing/link/{token}/")
    return consent, token, client
