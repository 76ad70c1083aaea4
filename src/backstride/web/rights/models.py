"""The one export that a walker may have at a time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backstride import words


class Export(models.Model):
    """A zip of all that is kept about a walker, being made or ready; gone when it is old."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="export")
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    size = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)  # as JSON of `words.to_json`; of before, a plain text

    @property
    def reason(self) -> str:
        """Why it could not be made, in the reader's language."""
        said = json.loads(self.error) if self.error.startswith("{") else self.error
        return str(words.from_json(said))

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.MAKING}

    @property
    def expires_at(self) -> datetime | None:
        """When it is deleted, None while it isn't finished."""
        if self.finished_at is None:
            return None
        return self.finished_at + timedelta(days=settings.EXPORT_DAYS)

    def __str__(self) -> str:
        return f"export of {self.asked_at:%Y-%m-%d}: {self.get_state_display()}"
