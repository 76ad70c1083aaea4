"""Files a walker brought, what was in them, and the days they come to."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from backstride import words
from backstride.records import Placement

PATIENCE = timedelta(minutes=2)  # an upload that nobody takes up by then is worth a word


class Upload(models.Model):
    """One file, known by its content: the same bytes twice are the same upload."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Reading")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    brought_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=32, blank=True)
    # Where a raw sensor was worn, as the walker said.
    placement = models.CharField(max_length=16, default=Placement.UNKNOWN.value)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    done_units = models.PositiveBigIntegerField(default=0)
    total_units = models.PositiveBigIntegerField(default=0)
    # How often reading was begun: a file that ends the worker each time is given up.
    attempts = models.PositiveSmallIntegerField(default=0)
    report = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    hint = models.TextField(blank=True)

    class Meta:
        ordering = ["-brought_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "sha256"], name="one_upload_per_content")
        ]

    @property
    def is_finished(self) -> bool:
        return self.state in {self.State.DONE, self.State.REFUSED}

    @property
    def percent(self) -> int:
        """How much has been read; 99 until the days are written, 100 only when done."""
        if self.state == self.State.DONE:
            return 100
        if not self.total_units:
            return 0
        return min(99, 100 * self.done_units // self.total_units)

    @property
    def is_read(self) -> bool:
        """Whether all of the file has been read, so that only the days are left to write."""
        return 0 < self.total_units <= self.done_units

    @property
    def stage(self) -> str:
        """Where it stands, in words."""
        if self.state == self.State.QUEUED:
            return gettext("Waiting to be read")
        if self.state == self.State.RUNNING:
            return (
                gettext("Sorting the steps into days")
                if self.is_read
                else pgettext("of a file", "Reading")
            )
        return (
            pgettext("of a file", "Read")
            if self.state == self.State.DONE
            else gettext("Could not be read")
        )

    @property
    def is_forgotten(self) -> bool:
        """Whether it waits although nothing else is being read: the worker may be down."""
        waits = self.state == self.State.QUEUED
        if not waits or timezone.now() - self.brought_at < PATIENCE:
            return False
        return not Upload.objects.filter(state=self.State.RUNNING).exists()

    @property
    def milestone(self) -> str:
        """What is worth saying aloud: it changes with the stage and each quarter read."""
        quarter = 25 * (self.percent // 25)
        is_reading = self.state == self.State.RUNNING and not self.is_read
        if not is_reading:
            return self.stage
        return gettext("%(stage)s, %(n)s percent") % {"stage": self.stage, "n": quarter}

    @property
    def reason(self) -> str:
        """Why it was refused, where its name stands beside it already."""
        text = self._said("error").removeprefix(f"{self.name}: ").removeprefix(f"{self.name}：")
        return text[:1].upper() + text[1:]

    @property
    def what_to_do(self) -> str:
        """What helps where it was refused."""
        return self._said("hint")

    def _said(self, name: str) -> str:
        """A text of the refusal in the reader's language; of before it was kept, in English."""
        said = self.report.get("said", {}).get(name, getattr(self, name))
        return str(words.from_json(said))

    @property
    def first_day(self) -> date | None:
        return _date(self.report.get("from"))

    @property
    def last_day(self) -> date | None:
        return _date(self.report.get("to"))

    def __str__(self) -> str:
        return self.name


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Day(models.Model):
    """One row a person-day, written anew whenever the files or settings behind it change."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="days")
    date = models.DateField()
    steps = models.PositiveIntegerField(null=True)
    walking_min = models.FloatField(null=True)
    running_min = models.FloatField(null=True)
    brisk_min = models.FloatField(null=True)
    longest_bout_min = models.FloatField(null=True)
    peak30_cadence_spm = models.FloatField(null=True)
    distance_m = models.FloatField(null=True)
    wear_h = models.FloatField(null=True)
    sources = models.JSONField(default=list)
    # What each source came to on its own: source, device, steps (null where it counts none).
    seen = models.JSONField(default=list)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["user", "date"], name="one_row_per_day")]

    def __str__(self) -> str:
        return f"{self.date}: {self.steps} steps"


class Reckoning(models.Model):
    """What a walker's days were last worked out from.

    `basis` has the version, the zone, the order of sources and the ids of the uploads. Days
    of another basis than today's are worked out from nothing.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reckoning")
    basis = models.JSONField()

    def __str__(self) -> str:
        return f"days of {self.basis}"


class SourceOrder(models.Model):
    """A source's place in the walker's own order, 0 the first."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="source_order")
    place = models.PositiveSmallIntegerField()
    source = models.TextField()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["user", "place"], name="one_source_per_place"),
            models.UniqueConstraint(fields=["user", "source"], name="one_place_per_source"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.source}"


class Usual(models.Model):
    """“I usually walk N minutes on M days”, and how long a walk is comfortable."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="usuals")
    at = models.DateTimeField(default=timezone.now)
    minutes = models.PositiveSmallIntegerField(validators=[MaxValueValidator(300)])
    days_per_week = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(0), MaxValueValidator(7)]
    )

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        about = {"minutes": self.minutes, "days": self.days_per_week}
        return gettext("%(minutes)s minutes on %(days)s days") % about
