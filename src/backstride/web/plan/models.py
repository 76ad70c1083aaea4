"""The weeks that were planned, each with the decision that made it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone


class RoutineWishes(models.Model):
    """What the walker can and wants to do beside the walks."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="wishes")
    minutes = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(5), MaxValueValidator(60)]
    )
    floor = models.BooleanField(default=True)  # can get down to the floor and up again

    def __str__(self) -> str:
        return f"{self.minutes} minutes"


class PlannedWeek(models.Model):
    """One `records.Week` as JSON; a week once given is never rewritten."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="weeks")
    start = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    data = models.JSONField()

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["user", "start"], name="one_week_per_start")]

    def __str__(self) -> str:
        return f"week of {self.start}"
