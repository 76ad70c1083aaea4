"""The weeks that were planned, each with the decision that made it."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstride import words
from backstride.regimen.person import EVERY_DAY


def every_day() -> list[int]:
    return list(EVERY_DAY)


class Preferences(models.Model):
    """What fits the walker: days, time and ground to walk on, what to do beside the walks,
    and what they walk for."""

    class Ground(models.TextChoices):
        FLAT = "flat", gettext_lazy("flat paths")
        HILLS = "hills", gettext_lazy("hills as well")
        INDOORS = "indoors", gettext_lazy("indoors, or a treadmill")

    OWN = "own"  # a target in the walker's own numbers

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences"
    )
    weekdays = models.JSONField(default=every_day)  # Monday 0 to Sunday 6
    walk_at = models.TimeField(default=time(9, 0))  # where a calendar wants a time
    ground = models.CharField(max_length=8, choices=Ground, default=Ground.FLAT)
    aim = models.CharField(max_length=120, blank=True)  # what they walk for, in their words
    # A choice of the protocol, OWN with the numbers below, or empty: as the plan suggests.
    target = models.CharField(max_length=16, blank=True)
    target_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    target_days = models.PositiveSmallIntegerField(null=True, blank=True)
    routine_minutes = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(5), MaxValueValidator(60)]
    )
    floor = models.BooleanField(default=True)  # can get down to the floor and up again
    step_goal = models.BooleanField(default=False)  # wants a goal of steps for each day
    in_steps = models.BooleanField(default=False)  # wants the plan in steps, not in minutes

    def __str__(self) -> str:
        return f"{len(self.weekdays)} days a week"


class TherapistOrder(models.Model):
    """One `regimen.Order` of a therapist; it is ended, never rewritten."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="orders")
    given_by = models.CharField(max_length=120)
    given_at = models.DateTimeField(default=timezone.now)
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=500, blank=True)
    max_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    max_days = models.PositiveSmallIntegerField(null=True, blank=True)
    max_weekly_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    fixed_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    fixed_days = models.PositiveSmallIntegerField(null=True, blank=True)
    brisk = models.BooleanField(default=True)
    paused = models.BooleanField(default=False)
    avoid = models.JSONField(default=list)

    class Meta:
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.given_by}, {self.on}"


class PlanChange(models.Model):
    """What the walker changed in their plan; taken back by removing it."""

    class Kind(models.TextChoices):
        MOVED = "moved", "walk moved"
        AWAY = "away", "away"
        ILL = "ill", "ill"
        EASY = "easy", "too easy"
        HARD = "hard", "too much"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=8, choices=Kind)
    day = models.DateField()  # of the walk, the first day away, or the day it was said
    to = models.DateField()  # where the walk went, the last day away, or `day` again

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        told = {
            self.Kind.MOVED: _("The walk of %(day)s moved to %(to)s"),
            self.Kind.AWAY: _("Away from %(day)s to %(to)s"),
            self.Kind.ILL: _("Ill from %(day)s to %(to)s"),
            self.Kind.EASY: _("Too easy, said on %(day)s"),
            self.Kind.HARD: _("Too much, said on %(day)s"),
        }[self.Kind(self.kind)]
        pattern = "EEEE d MMMM"
        return told % {"day": words.day(self.day, pattern), "to": words.day(self.to, pattern)}


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
