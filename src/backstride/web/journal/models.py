"""The diary: pain, walks done, medication taken. Entries carry the walker's own date."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backstride.regimen.exercises import load
from backstride.words import say


class News(NamedTuple):
    """What may come with a pain note: how it is offered, and how it reads in a list."""

    offered: str | Promise
    told: str | Promise


# By their fields in PainEntry, which are the columns of `records.PAIN`.
NEWS = {
    "is_flare": News(_("It's a flare-up"), _("flare-up")),
    "woke_at_night": News(_("Pain woke me at night"), _("woke at night")),
    "leg_weaker": News(_("A leg feels weaker"), _("leg weaker")),
    "new_numbness": News(_("New numbness or tingling"), _("new numbness")),
    "new_leg_symptom": News(_("Something else new in a leg"), _("new in the leg")),
}


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
        NOW = "now", _("Right now")
        DURING_WALK = "during_walk", _("Worst during a walk")
        NEXT_MORNING = "next_morning", _("The morning after a walk")

    nprs = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(0), MaxValueValidator(10)]
    )
    moment = models.CharField(max_length=16, choices=Moment, default=Moment.NOW)
    is_flare = models.BooleanField(default=False)
    woke_at_night = models.BooleanField(default=False)
    leg_weaker = models.BooleanField(default=False)
    new_numbness = models.BooleanField(default=False)
    new_leg_symptom = models.BooleanField(default=False)
    news_at = models.DateTimeField(null=True, blank=True)  # when one of these was told last

    @property
    def news(self) -> list[str | Promise]:
        """What came with it, in words."""
        return [news.told for name, news in NEWS.items() if getattr(self, name)]

    @property
    def not_told(self) -> list[tuple[str, str | Promise]]:
        """What may still be added, but for the flare: field and words."""
        return [(name, words) for name, words in symptoms() if not getattr(self, name)]

    def __str__(self) -> str:
        return str(say("pain {nprs} of 10", nprs=self.nprs))


def symptoms() -> list[tuple[str, str | Promise]]:
    """What is offered under “Anything new?”: field and words."""
    return [(name, news.offered) for name, news in NEWS.items() if name != "is_flare"]


class WalkDone(Entry):
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(600)]
    )

    def __str__(self) -> str:
        return str(say("walk of {minutes} min", minutes=self.minutes))


class ExerciseDone(Entry):
    """A stretch or a strengthening exercise that was done, and how it was."""

    class Felt(models.TextChoices):
        EASY = "easy", _("Easy")
        RIGHT = "right", _("Just right")
        HARD = "hard", _("Hard")

    exercise = models.CharField(max_length=32)
    level = models.PositiveSmallIntegerField(default=1)
    felt = models.CharField(max_length=8, choices=Felt, default=Felt.RIGHT)
    hurt = models.BooleanField(default=False)

    @property
    def name(self) -> str:
        known = load().get(self.exercise)
        return known.name if known else self.exercise

    def __str__(self) -> str:
        return str(say("{exercise}, it hurt", exercise=self.name) if self.hurt else self.name)


# What is offered before someone has medicines of their own, told in the reader's language; a
# name that they wrote themselves stays as they wrote it.
OFFERED = {name: name for name in (say("Paracetamol"), say("Ibuprofen"), say("Naproxen"))}
UNITS = {
    name: name
    for name in (
        say("mg"),
        say("g"),
        say("ml"),
        say("drops"),
        say("tablets"),
        say("patch"),
        say("puff"),
    )
}


class MedicineTaken(Entry):
    medicine = models.CharField(max_length=80)
    amount = models.FloatField(validators=[MinValueValidator(0.01), MaxValueValidator(10_000)])
    unit = models.CharField(max_length=16, default="mg")

    def __str__(self) -> str:
        text = say(
            "{medicine} {amount:g} {unit}",
            medicine=OFFERED.get(self.medicine, self.medicine),
            amount=self.amount,
            unit=UNITS.get(self.unit, self.unit),
        )
        return str(text)
