"""Answers to the safety screen, and a clinician's word that lifts a stop."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from backstride.records import Disposition


class ScreenRecord(models.Model):
    """One complete answer to the screen; the newest one counts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="screens")
    at = models.DateTimeField(default=timezone.now)
    version = models.CharField(max_length=32)
    answers = models.JSONField()
    disposition = models.PositiveSmallIntegerField(choices=[(d.value, d.name) for d in Disposition])
    light_only = models.BooleanField(default=False)
    # The weekly few questions, on top of an earlier whole screen.
    is_short = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {Disposition(self.disposition).name}"


class Clearance(models.Model):
    """“I was seen by a clinician and cleared to walk”: who and when, kept for good."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="clearances")
    recorded_at = models.DateTimeField(default=timezone.now)
    seen_on = models.DateField()
    clinician = models.CharField(max_length=200)

    class Meta:
        ordering = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"cleared by {self.clinician} on {self.seen_on}"
