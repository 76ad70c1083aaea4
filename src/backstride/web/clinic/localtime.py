"""From a date and a clock time in someone's zone to the one instant they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """A local time that the clocks skip, or show twice."""


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local time; raises NoSuchTime where there is none or two of it."""
    local = datetime.combine(day, clock, tzinfo=zone)
    utc = local.astimezone(UTC)
    said = f"{clock:%H:%M} on {day.day} {day:%B %Y}"
    if utc.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(
            f"There is no {said} in {zone.key}: the clocks go forward over it. "
            "Choose a time before or after."
        )
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        raise NoSuchTime(
            f"{said} comes twice in {zone.key}, since the clocks go back. Choose another time."
        )
    return utc
