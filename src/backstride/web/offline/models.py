"""Which submissions have arrived, so that one sent twice is kept once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Received(models.Model):
    """A submission that was kept. `key` was made by the browser before it first tried to send."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    next = models.CharField(max_length=200)  # the page that follows it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="a_submission_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} at {self.at:%Y-%m-%d %H:%M}"
