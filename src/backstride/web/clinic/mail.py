"""E-mails about appointments: written down with the change they tell, sent in the background.

A mail says that there is news and where; the story, the message and the note never leave the
site. The calendar file carries the time and place.
"""

from __future__ import annotations

import logging
from email.mime.nonmultipart import MIMENonMultipart

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backstride.interop import appointment_ics
from backstride.web.clinic.models import Appointment, AppointmentRequest, Mail
from backstride.web.people.language import speaking_with

logger = logging.getLogger(__name__)

# kind -> subject, first sentence; the same for both sides, and about nobody's health
TEXTS = {
    Mail.Kind.ASKED: (_("A request is waiting"), _("Someone asks your clinic for an appointment.")),
    Mail.Kind.GIVEN: (_("Your appointment"), _("There is a time for your appointment.")),
    Mail.Kind.MOVED: (
        _("Your appointment has moved"),
        _("The time of an appointment has changed."),
    ),
    Mail.Kind.CLOSED: (
        _("News about your request"),
        _("The clinic has closed an appointment request."),
    ),
    Mail.Kind.WITHDRAWN: (
        _("A request was withdrawn"),
        _("Someone withdrew an appointment request."),
    ),
}


def calendar_file(appointment: Appointment, method: str = "REQUEST") -> bytes:
    """The appointment as iCalendar; `method` REQUEST invites, CANCEL calls off (RFC 5546).

    Raises ValueError where a person's address can't be written in one.
    """
    return appointment_ics(
        uid=appointment.uid,
        start=appointment.start,
        duration_min=appointment.minutes,
        location=appointment.location,
        organizer_email=appointment.organizer_email,
        attendee_email=appointment.request.walker.email,
        sequence=appointment.sequence,
        method=method,
    )


def write(request: AppointmentRequest, kind: Mail.Kind, recipients, site: str) -> None:
    """Write a mail for each recipient and queue it once the change it tells is saved.

    `site` is the address of this installation without a trailing slash.
    """
    ended = kind in {Mail.Kind.CLOSED, Mail.Kind.WITHDRAWN}
    method = "CANCEL" if ended else "REQUEST"
    calendar = _calendar_text(request.time, method) if request.time else ""
    for person in recipients:
        page = "appointment" if person == request.walker else "request"
        mail = Mail.objects.create(
            request=request,
            recipient=person,
            kind=kind,
            link=site + reverse(page, args=[request.pk]),
            calendar=calendar,
            method=method,
        )
        # robust: a queue that can't be reached must not turn a saved answer into an error page
        transaction.on_commit(lambda pk=mail.pk: _queue(pk), robust=True)


def _calendar_text(appointment: Appointment, method: str) -> str:
    """The calendar file as text; without one the mail still tells the news."""
    try:
        return calendar_file(appointment, method).decode()
    except ValueError as error:
        logger.warning("appointment %s has no calendar file: %s", appointment.pk, error)
        return ""


def _queue(mail_id: int) -> None:
    from backstride.web.clinic.tasks import send_mail

    send_mail(mail_id)


def deliver(mail: Mail, *, is_last_try: bool) -> None:
    """Send one mail and note what became of it; raises OSError or ValueError to be tried again."""
    if mail.state in {Mail.State.SENT, Mail.State.PRINTED}:
        return
    mail.state = _held_back(mail) or Mail.State.WAITING
    if mail.state == Mail.State.WAITING:
        mail.tries += 1
        mail.tried_at = timezone.now()
        try:
            message(mail).send()
        except (OSError, ValueError) as error:
            mail.state = Mail.State.FAILED if is_last_try else Mail.State.WAITING
            mail.error = f"{type(error).__name__}: {error}"[:200]
            mail.save()
            logger.warning("mail %s could not be sent: %s", mail.pk, mail.error)
            if is_last_try:
                return
            raise
        mail.error = ""
        mail.state = Mail.State.SENT if reaches_people() else Mail.State.PRINTED
    mail.save()


def message(mail: Mail) -> EmailMessage:
    """The e-mail itself, its calendar file attached where there is one."""
    with speaking_with(mail.recipient):
        subject, sentence = (str(text) for text in TEXTS[Mail.Kind(mail.kind)])
        body = f"{sentence}\n\n{_now('Sign in to Backstride to see it:')}\n{mail.link}\n"
        if mail.calendar:
            out = _now("The attached file takes it out of your calendar.")
            into = _now("The attached file puts it into your calendar.")
            body += f"\n{out if mail.method == 'CANCEL' else into}\n"
    made = EmailMessage(
        subject, body, to=[mail.recipient.email], headers={"Auto-Submitted": "auto-generated"}
    )
    if mail.calendar:
        part = MIMENonMultipart("text", "calendar", charset="utf-8", method=mail.method)
        part.set_payload(mail.calendar, "utf-8")
        part.add_header("Content-Disposition", "attachment", filename="appointment.ics")
        made.attach(part)
    return made


def _held_back(mail: Mail) -> Mail.State | None:
    newer = Mail.objects.filter(
        request=mail.request_id, recipient=mail.recipient_id, id__gt=mail.pk
    )
    if newer.exists():
        return Mail.State.OVERTAKEN
    if mail.recipient.is_demo and settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return Mail.State.SKIPPED
    return None


def reaches_people() -> bool:
    """Whether a mail server is set up; without one, mail is only printed where we run."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")
