"""With real transactions: mail leaves after the answer is saved, and not if it isn't."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction

from backstride.web.clinic import services
from backstride.web.clinic.models import Appointment, AppointmentRequest, Clinic, Mail, Staff
from web import helpers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def work_on_commit():
    """Takes the place of the fixture that runs things at once: here commits are real."""


@pytest.fixture
def open_request():
    clinic = Clinic.objects.create(name="Back Clinic")
    Staff.objects.create(user=helpers.make_user("anna@clinic.example"), clinic=clinic)
    walker = helpers.make_user("walker@example.org")
    return AppointmentRequest.objects.create(walker=walker, clinic=clinic)


def test_mail_waits_for_the_commit(open_request, offer):
    anna = open_request.clinic.staff.get().user
    with transaction.atomic():
        services.give(open_request.pk, anna, offer, None, "http://testserver")
        assert Appointment.objects.exists()
        assert mail.outbox == []
    assert len(mail.outbox) == 2
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


def test_what_is_undone_is_not_told(open_request, offer):
    anna = open_request.clinic.staff.get().user
    with transaction.atomic():
        services.give(open_request.pk, anna, offer, None, "http://testserver")
        transaction.set_rollback(True)
    assert mail.outbox == []
    assert not Appointment.objects.exists()
    assert not Mail.objects.exists()
