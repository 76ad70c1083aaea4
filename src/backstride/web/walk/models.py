"""Walks that were recorded in the browser, by the phone's own motion sensors."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from backstride.web.imports.models import Upload
from backstride.web.journal.models import WalkDone


class LiveWalk(models.Model):
    """One walk as the phone saw it; `key` is the phone's own name for it, sent with each try.

    The raw signal is an `Upload` like any other, and what was measured in it stands in its
    report. Without motion events there is no upload and `live_steps` is null. The walk goes
    with its upload.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="live_walks")
    key = models.UUIDField()
    arrived_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    pauses = models.JSONField(default=list)  # [from, to] in seconds from the start
    live_steps = models.PositiveIntegerField(null=True)  # as counted on the phone meanwhile
    # The pace the phone showed as today's aim: steps a minute, null where there was none.
    aim_low_spm = models.PositiveSmallIntegerField(null=True)
    aim_high_spm = models.PositiveSmallIntegerField(null=True)
    # Only where the walker asked for it: [seconds from the start, latitude, longitude].
    route = models.JSONField(default=list)
    has_signal = models.BooleanField(default=False)
    upload = models.OneToOneField(Upload, models.CASCADE, null=True, related_name="live_walk")
    note = models.OneToOneField(WalkDone, models.SET_NULL, null=True, related_name="live_walk")

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_walk_per_key")]

    @property
    def active_s(self) -> float:
        """Seconds between start and end that weren't paused."""
        whole = (self.ended_at - self.started_at).total_seconds()
        return whole - sum(to - since for since, to in self.pauses)

    @property
    def measured(self) -> dict | None:
        """What the measurement found (`imports.own_phone.told`), once it is read."""
        if self.upload is None or self.upload.state != Upload.State.DONE:
            return None
        return (self.upload.report.get("recording") or {}).get("walk")

    @property
    def difference(self) -> int | None:
        """Steps counted live less steps measured: above 0, the phone counted too many."""
        if self.live_steps is None or self.measured is None:
            return None
        return self.live_steps - self.measured["steps"]

    def __str__(self) -> str:
        return f"walk of {self.started_at:%Y-%m-%d %H:%M}"
