from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from backstride.web.clinic import services
from backstride.web.clinic.models import Clinic, Staff
from backstride.web.clinic.services import Offer
from backstride.web.clinic.story import contact
from web import helpers

SITE = "http://testserver"


@pytest.fixture(autouse=True)
def work_on_commit(monkeypatch):
    """Tests run in a transaction that never commits: what waits for the commit runs at once."""
    from django.db import transaction

    def now(func, using=None, robust=False):
        try:
            func()
        except Exception:
            if not robust:
                raise

    monkeypatch.setattr(transaction, "on_commit", now)


@pytest.fixture
def clinic(db):
    return Clinic.objects.create(name="Back Clinic", address="1 High Street, Leeds")


@pytest.fixture
def staff(clinic):
    return member(clinic, "anna@clinic.example", first_name="Anna", zone="Europe/London")


@pytest.fixture
def colleague(clinic):
    return member(clinic, "ben@clinic.example", first_name="Ben", zone="Europe/London")


@pytest.fixture
def outsider(db):
    return member(Clinic.objects.create(name="Other Clinic"), "eve@other.example")


@pytest.fixture
def asked(cleared_walker, clinic, staff):
    """An open request that shares the contact only."""
    story = {"contact": contact(cleared_walker, "Wanda Walker")}
    words = {"message": "It hurts after ten minutes.", "preferred_times": "mornings"}
    return services.ask(cleared_walker, clinic, words, story, SITE)


@pytest.fixture
def offer():
    start = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    return Offer(start + timedelta(days=7), 45, "Room 2", "Bring your shoes.")


def member(clinic, email, **fields):
    user = helpers.make_user(email, **fields)
    Staff.objects.create(user=user, clinic=clinic)
    return user


@pytest.fixture
def answered(asked, staff, offer):
    services.give(asked.pk, staff, offer, None, SITE)
    asked.refresh_from_db()
    return asked


@pytest.fixture
def browse():
    """A client that is signed in as the given person."""

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
