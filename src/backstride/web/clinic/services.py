"""Asking for an appointment, giving a time, moving it, calling it off.

Each change is saved in one transaction together with the mails that tell it; the mails leave
afterwards, in the background.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop as _noop

from backstride.web.clinic import mail
from backstride.web.clinic.models import Appointment, AppointmentRequest, Clinic, Mail
from backstride.web.clinic.story import Part
from backstride.web.people.models import User, audit

State = AppointmentRequest.State


class AlreadyAsked(Exception):
    """This walker has an open request at this clinic."""


@dataclass(frozen=True)
class Offer:
    """A time as the clinic gives it: `start` in UTC, how long, where, and a note."""

    start: datetime
    minutes: int
    location: str
    note: str

    def matches(self, appointment: Appointment) -> bool:
        return all(getattr(appointment, name) == value for name, value in vars(self).items())


class Outcome(Enum):
    GIVEN = "given"
    MOVED = "moved"
    SAME = "same"  # this very time stands already
    MEANWHILE = "meanwhile"  # a colleague gave or moved the time after this form was opened
    ENDED = "ended"  # withdrawn, closed, or over


def clinics_for(walker):
    """Invented people reach invented clinics, real ones real clinics."""
    return Clinic.objects.filter(is_demo=walker.is_demo, staff__isnull=False).distinct()


def ask(walker, clinic: Clinic, words: dict[str, str], story: dict[str, Part], site: str):
    """Send a request; `words` are message and preferred_times, `story` the agreed parts."""
    try:
        with transaction.atomic():
            request = AppointmentRequest.objects.create(
                walker=walker,
                clinic=clinic,
                story=story,
                shares=[key for key in story if key != "contact"],
                **words,
            )
            mail.write(request, Mail.Kind.ASKED, _staff(clinic), site)
    except IntegrityError as error:
        raise AlreadyAsked from error
    return request


@transaction.atomic
def give(request_id: int, staff_user, offer: Offer, seen: int | None, site: str) -> Outcome:
    """Give a time, or move it.

    `seen` is the sequence that the form showed (None: no time yet). Where a colleague was
    quicker, nothing is changed: the person sees that time first and then moves it or not.
    """
    request = _locked(request_id)
    appointment = request.time
    if not request.is_live:
        return Outcome.ENDED
    if appointment is None:
        uid = f"{uuid4()}@backstride"
        appointment = Appointment(request=request, uid=uid, organizer_email=staff_user.email)
        outcome, told = Outcome.GIVEN, {request.walker, staff_user}
    elif offer.matches(appointment):
        return Outcome.SAME
    elif appointment.sequence != seen:
        return Outcome.MEANWHILE
    else:
        outcome, told = Outcome.MOVED, {request.walker, staff_user, appointment.given_by}
        appointment.sequence += 1
    for name, value in vars(offer).items():
        setattr(appointment, name, value)
    appointment.given_by, appointment.given_at = staff_user, timezone.now()
    appointment.save()
    request.state = State.ANSWERED
    request.save()
    mail.write(request, Mail.Kind(outcome.value), _in_order(told), site)
    given, moved = _noop("gave you an appointment"), _noop("moved your appointment")
    done = given if outcome is Outcome.GIVEN else moved
    audit(staff_user, request.walker, done, str(request.clinic))
    return outcome


@transaction.atomic
def close(request_id: int, staff_user, note: str, site: str) -> bool:
    """The clinic declines a request or calls its appointment off; False if it had ended."""
    request = _locked(request_id)
    if not request.is_live:
        return False
    told = {request.walker, staff_user} | _giver(request)
    _call_off(request)
    request.state, request.closing_note = State.CLOSED, note
    request.save()
    mail.write(request, Mail.Kind.CLOSED, _in_order(told), site)
    audit(staff_user, request.walker, _noop("closed your request"), str(request.clinic))
    return True


@transaction.atomic
def withdraw(request_id: int, site: str) -> bool:
    """The walker withdraws and takes back what was shared; True if someone had to be told.

    After the appointment, or once the request is closed, only the sharing ends.
    """
    request = _locked(request_id)
    told = _giver(request) or set(_staff(request.clinic))
    was_live = request.is_live
    request.story, request.message, request.preferred_times = {}, "", ""
    request.taken_back_at = request.taken_back_at or timezone.now()
    if was_live:
        had_time = request.time is not None
        _call_off(request)
        request.state = State.WITHDRAWN
        told |= {request.walker} if had_time else set()
        mail.write(request, Mail.Kind.WITHDRAWN, _in_order(told), site)
    request.save()
    return was_live


def _locked(request_id: int) -> AppointmentRequest:
    """The request as it is now, held until the transaction ends."""
    AppointmentRequest.objects.select_for_update().get(pk=request_id)
    return AppointmentRequest.objects.select_related(
        "walker", "clinic", "appointment__given_by"
    ).get(pk=request_id)


def _call_off(request: AppointmentRequest) -> None:
    if request.time is not None:
        Appointment.objects.filter(pk=request.time.pk).update(sequence=F("sequence") + 1)
        request.time.refresh_from_db()


def _giver(request: AppointmentRequest) -> set[User]:
    return {request.time.given_by} if request.time else set()


def _staff(clinic: Clinic) -> list[User]:
    return list(User.objects.filter(staff__clinic=clinic, is_active=True).order_by("pk"))


def _in_order(people: set[User]) -> list[User]:
    return sorted(people, key=lambda person: person.pk)
