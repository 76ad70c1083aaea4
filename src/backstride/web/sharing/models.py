"""Consents of walkers, in the words of FHIR's Consent (R4) where it has one.

`given_at` is its dateTime, `until` ends its provision.period, `data_from` starts its
provision.dataPeriod. A consent is given and ended, never edited: a longer one is a new one.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backstride.web.clinic.models import Clinic


class Consent(models.Model):
    """A walker lets a clinic, an account or whoever has a link see parts of their story, live.

    `scope` has keys of `clinic.story.PARTS`. Nothing dated before `data_from` is shown;
    `until` is the last day it can be seen on. `name` is the walker's own word for the receiver,
    whose account goes by it: `person` is None where the address was no account's, or no longer
    is, and the walker isn't told which. Of a link only the hash of its token is kept.
    """

    class Kind(models.TextChoices):
        CLINIC = "clinic", _("A clinic")
        PERSON = "person", _("A person with an account here")
        LINK = "link", _("A link")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Ended")

    walker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=8, choices=Kind)
    clinic = models.ForeignKey(Clinic, models.PROTECT, null=True, related_name="consents")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="consents_received"
    )
    token_hash = models.CharField(max_length=64, unique=True, null=True)
    name = models.CharField(max_length=80, blank=True)
    scope = models.JSONField(default=list)
    data_from = models.DateField()
    until = models.DateField()
    given_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="clinic", clinic__isnull=False)
                | models.Q(kind="link", clinic=None, token_hash__isnull=False)
                | models.Q(kind="person", clinic=None, token_hash=None),
                name="consent_has_one_receiver",
            )
        ]

    @property
    def status(self) -> Consent.Status:
        """By the walker's own date: what runs out does so at the end of their day."""
        is_active = self.ended_at is None and self.walker.today() <= self.until
        return self.Status.ACTIVE if is_active else self.Status.INACTIVE

    @property
    def is_active(self) -> bool:
        return self.status is self.Status.ACTIVE

    @property
    def receiver(self) -> str:
        """Who may look, as the walker knows them."""
        if self.kind == self.Kind.CLINIC:
            return str(self.clinic)
        return gettext("link %s") % self.name if self.kind == self.Kind.LINK else self.name

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise ValueError("a consent is never edited; end it and give another")
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return f"{self.receiver} until {self.until}"
