"""What someone wants to be reminded of and how, where it reaches them, and what was sent."""

from __future__ import annotations

import secrets
from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backstride import words
from backstride.regimen.prompts import MOST
from backstride.web.reminders import devices

CHANNELS = {"e-mail": _("e-mail"), "notification": _("notification")}
TRY = "try"  # one that the walker asked for, to see whether it arrives


class Choices(models.Model):
    """A walker's choices. Without a row, and by default, nothing is sent.

    `learned` has the usual time of a walk by weekday ("0" is Monday), as of `learned_on`.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    walk = models.BooleanField(default=False)
    check_in = models.BooleanField(default=False)
    forms = models.BooleanField(default=False)
    appointments = models.BooleanField(default=False)
    week = models.BooleanField(default=False)
    by_push = models.BooleanField(default=False)
    by_mail = models.BooleanField(default=False)
    content = models.BooleanField(default=False)  # says what it is about, also on a lock screen
    learn = models.BooleanField(default=True)  # at the time they usually walk, once it is known
    check_in_at = models.TimeField(default=time(19, 0))
    quiet_from = models.TimeField(default=time(21, 0))
    quiet_to = models.TimeField(default=time(8, 0))
    most = models.PositiveSmallIntegerField(
        default=MOST, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )
    chosen_on = models.DateField(null=True, blank=True)  # what was ignored before doesn't count
    declined_on = models.DateField(null=True, blank=True)  # "not today"
    learned = models.JSONField(default=dict)
    learned_on = models.DateField(null=True, blank=True)

    @property
    def is_any_on(self) -> bool:
        return self.walk or self.check_in or self.forms or self.appointments or self.week

    def __str__(self) -> str:
        return "reminders on" if self.is_any_on else "no reminders"


class PushAddress(models.Model):
    """A browser that takes notifications: where its push service is, and keys to write to it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_addresses"
    )
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=50)
    name = models.CharField(max_length=60)  # "Chrome on Android"
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "id"]

    @property
    def told(self) -> str:
        return devices.told(self.name)

    def __str__(self) -> str:
        return str(self.told)


def new_token() -> str:
    return secrets.token_urlsafe(32)


class Feed(models.Model):
    """A secret address at which a calendar app reads walks and appointments."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"calendar feed since {self.made_at:%Y-%m-%d}"


class Sent(models.Model):
    """One reminder, written down before it is sent: whatever ends the process, never twice.

    `outcome` says by channel what became of it, as lists of `words.to_json` (once plain texts);
    empty where the process ended meanwhile.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminded")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)  # a prompts.Kind, or TRY
    at = models.DateTimeField(default=timezone.now)
    day = models.DateField()
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="reminders_never_twice")
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.day}"

    @property
    def told(self) -> dict[str, str]:
        """The outcome by channel, in the reader's language."""
        found = {}
        for channel, said in self.outcome.items():
            parts = said if isinstance(said, list) else [said]
            found[str(CHANNELS[channel])] = "; ".join(str(words.from_json(part)) for part in parts)
        return found
