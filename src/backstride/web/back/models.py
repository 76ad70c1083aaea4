"""What someone tells of their back beside pain and walks: where, how they do, and notes."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone

from backstride import outcomes
from backstride.web.journal.models import Entry, PainEntry
from backstride.words import say


class PainPlaces(models.Model):
    """Where it hurt, as tapped on the body map with a pain note."""

    entry = models.OneToOneField(PainEntry, models.CASCADE, related_name="where")
    places = models.JSONField(default=list)  # keys of outcomes/body.toml

    @property
    def words(self) -> str:
        return outcomes.places_in_words(self.places)

    def __str__(self) -> str:
        return str(self.words)


class Sheet(models.Model):
    """One questionnaire, being filled in or finished, or a score worked out elsewhere.

    `answers` are by item, open ones left out; with an entered total there are none. `day` is
    the local date it was finished on, or begun while it isn't. `value` is the score as the
    instrument's file of this `version` gave it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sheets")
    instrument = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    begun_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    day = models.DateField()
    answers = models.JSONField(default=dict)
    names = models.JSONField(default=dict)  # of items that the person names: item -> name
    parts = models.JSONField(default=dict)  # subscales of an entered total
    value = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["-finished_at", "-id"]
        indexes = [models.Index(fields=["user", "day"], name="back_sheet_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "instrument"],
                condition=models.Q(finished_at=None),
                name="back_one_open_sheet",
            )
        ]

    @property
    def form(self) -> outcomes.Instrument:
        return outcomes.instrument(self.instrument)

    @property
    def words(self) -> str:
        """The score in a few words: the words of a single answer, else value and range."""
        if self.value is None:
            return say("no score: too much was left open")
        form = self.form
        for option in form.options if len(form.items) == 1 else ():
            if option.value == self.value:
                return option.text
        return say("{value:g} of {high:g}", value=self.value, high=form.high)

    def __str__(self) -> str:
        return str(say("{title}: {words}", title=self.form.title, words=self.words))


class MobilityResult(Entry):
    """What a test of mobility or strength came to, in the unit of `outcomes/mobility.toml`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mobility")
    test = models.CharField(max_length=40)
    value = models.FloatField()
    sex = models.CharField(max_length=8, blank=True)  # with whom to compare; empty for nobody

    @property
    def words(self) -> str:
        unit = outcomes.mobility_test(self.test).unit
        return say("{value:g} {unit}", value=self.value, unit=unit)

    @property
    def title(self) -> str:
        return outcomes.mobility_test(self.test).title

    def __str__(self) -> str:
        return str(say("{title}: {words}", title=self.title, words=self.words))


class Note(Entry):
    """A few words of the person's own."""

    text = models.TextField(max_length=2000, validators=[MaxLengthValidator(2000)])

    def __str__(self) -> str:
        return self.text[:60]


class EpisodeTold(models.Model):
    """What a person said about a time when the pain came back (`outcomes.recurrences`)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="episodes")
    start = models.DateField()
    limited = models.BooleanField(default=False)  # it got in the way of what they do
    sought_care = models.BooleanField(default=False)  # they saw someone about it

    class Meta:
        ordering = ["-start"]
        constraints = [
            models.UniqueConstraint(fields=["user", "start"], name="back_one_answer_an_episode")
        ]

    def __str__(self) -> str:
        return f"pain back on {self.start}"
