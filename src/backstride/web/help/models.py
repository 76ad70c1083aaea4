"""Which learning cards somebody has read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class CardRead(models.Model):
    """A walker said that they have read a card; `card` is its file's name without the ending."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="cards_read")
    card = models.SlugField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["user", "card"], name="help_card_read_once")]

    def __str__(self) -> str:
        return f"card {self.card}"
