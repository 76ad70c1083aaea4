"""Clinics, their staff, and appointments asked for and given."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Clinic(models.Model):
    name = models.CharField(max_length=120, unique=True)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Staff(models.Model):
    """An account that answers a clinic's requests; it sees only what was sent to it, and what
    walkers share with it (`sharing.Consent`)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff")
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="staff")

    class Meta:
        verbose_name_plural = "staff"

    def __str__(self) -> str:
        return f"{self.user} at {self.clinic}"


class AppointmentRequest(models.Model):
    """A walker asks a clinic for a time and shares the part of the story they agree to.

    `story` is a snapshot made when the request was sent: what was agreed to then, no more
    (`story.PARTS` says what may be in it). It is emptied when the walker takes it back.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ANSWERED = "answered", _("Time given")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CLOSED = "closed", _("Closed by the clinic")

    walker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="appointment_requests"
    )
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="requests")
    at = models.DateTimeField(default=timezone.now)
    message = models.TextField(max_length=2000, blank=True)
    preferred_times = models.CharField(max_length=200, blank=True)
    shares = models.JSONField(default=list)
    story = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closing_note = models.CharField(max_length=500, blank=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            # Asking twice (a double tap, two tabs) is asking once.
            models.UniqueConstraint(
                fields=["walker", "clinic"],
                condition=models.Q(state="open"),
                name="one_open_request_per_clinic",
            )
        ]

    @property
    def time(self) -> Appointment | None:
        """The time that was given, or None."""
        return getattr(self, "appointment", None)

    @property
    def is_upcoming(self) -> bool:
        return self.state == self.State.ANSWERED and self.time.end > timezone.now()

    @property
    def is_live(self) -> bool:
        """Whether there is still something to answer, move or call off."""
        return self.state == self.State.OPEN or self.is_upcoming

    @property
    def who(self) -> str:
        """The name the walker gave the clinic, until it is taken back."""
        return self.story.get("contact", {}).get("name") or _("A walker")

    def __str__(self) -> str:
        return f"request to {self.clinic}"


class Appointment(models.Model):
    """The time a clinic gave; `sequence` grows each time it is moved (RFC 5545)."""

    request = models.OneToOneField(AppointmentRequest, models.CASCADE, related_name="appointment")
    uid = models.CharField(max_length=80, unique=True)
    start = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=45)
    location = models.CharField(max_length=300, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    # calendars take a change only from the organizer they know: it stays when colleagues move it
    organizer_email = models.EmailField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    @property
    def end(self):
        return self.start + timedelta(minutes=self.minutes)

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}"


class Mail(models.Model):
    """One e-mail and what became of it. It holds no health data, only a link and a calendar file.

    `calendar` and `method` are as they were when the mail was written: a mail tells one
    change, whenever it leaves.
    """

    class Kind(models.TextChoices):
        ASKED = "asked", _("a request is waiting")
        GIVEN = "given", _("a time was given")
        MOVED = "moved", _("the time was moved")
        CLOSED = "closed", _("the clinic closed the request")
        WITHDRAWN = "withdrawn", _("the walker withdrew")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be sent")
        SENT = "sent", _("sent")
        PRINTED = "printed", _("printed where Backstride runs, since no mail server is set up")
        SKIPPED = "skipped", _("not sent, the address is an invented one")
        OVERTAKEN = "overtaken", _("not sent, newer news went out instead")
        FAILED = "failed", _("could not be sent")

    request = models.ForeignKey(AppointmentRequest, models.CASCADE, related_name="mails")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    link = models.CharField(max_length=500)
    calendar = models.TextField(blank=True)
    method = models.CharField(max_length=10, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"
