"""Clinics, their staff, and appointments asked for and given."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


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
    """An account that answers a clinic's requests; it sees only what was sent to it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff")
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="staff")

    class Meta:
        verbose_name_plural = "staff"

    def __str__(self) -> str:
        return f"{self.user} at {self.clinic}"


class AppointmentRequest(models.Model):
    """A walker asks a clinic for a time and shares the part of the story they agree to.

    `story` is a snapshot made when the request was sent: what was agreed to then, no more.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waiting for an answer"
        ANSWERED = "answered", "Time given"
        WITHDRAWN = "withdrawn", "Withdrawn"

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

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"request to {self.clinic}"


class Appointment(models.Model):
    """The time a clinic gave; `sequence` grows each time it is moved (RFC 5545)."""

    request = models.OneToOneField(
        AppointmentRequest, models.CASCADE, related_name="appointment"
    )
    uid = models.CharField(max_length=80, unique=True)
    start = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=45)
    location = models.CharField(max_length=300, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}"
