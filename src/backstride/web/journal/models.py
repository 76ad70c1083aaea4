"""The diary: pain, walks done, medication taken. Entries carry the walker's own date."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from backstride.regimen.exercises import load


class Entry(models.Model):
    """One line of the diary; `day` is the local date it was lived on."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    at = models.DateTimeField(default=timezone.now)
    day = models.DateField()

    class Meta:
        abstract = True
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["user", "day"])]


class PainEntry(Entry):
    class Moment(models.TextChoices):
        NOW = "now", "Right now"
        DURING_WALK = "during_walk", "Worst during a walk"
        NEXT_MORNING = "next_morning", "The morning after a walk"

    nprs = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(0), MaxValueValidator(10)]
    )
    moment = models.CharField(max_length=16, choices=Moment, default=Moment.NOW)
    is_flare = models.BooleanField(default=False)
    new_leg_symptom = models.BooleanField(default=False)
    news_at = models.DateTimeField(null=True, blank=True)  # when one of these two was told

    def __str__(self) -> str:
        return f"pain {self.nprs} of 10"


class WalkDone(Entry):
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(600)]
    )

    def __str__(self) -> str:
        return f"walk of {self.minutes} min"


class ExerciseDone(Entry):
    """A stretch or a strengthening exercise that was done, and how it was."""

    class Felt(models.TextChoices):
        EASY = "easy", "Easy"
        RIGHT = "right", "Just right"
        HARD = "hard", "Hard"

    exercise = models.CharField(max_length=32)
    level = models.PositiveSmallIntegerField(default=1)
    felt = models.CharField(max_length=8, choices=Felt, default=Felt.RIGHT)
    hurt = models.BooleanField(default=False)

    @property
    def name(self) -> str:
        known = load().get(self.exercise)
        return known.name if known else self.exercise

    def __str__(self) -> str:
        return f"{self.name}{', it hurt' if self.hurt else ''}"


class MedicineTaken(Entry):
    medicine = models.CharField(max_length=80)
    amount = models.FloatField(validators=[MinValueValidator(0.01), MaxValueValidator(10_000)])
    unit = models.CharField(max_length=16, default="mg")

    def __str__(self) -> str:
        return f"{self.medicine} {self.amount:g} {self.unit}"
