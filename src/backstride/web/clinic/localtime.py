"""From a date and a clock time in someone's zone to the one instant they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from backstride import words


class NoSuchTime(ValueError):
    """A local time that the clocks skip, or show twice."""


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local time; raises NoSuchTime where there is none or two of it."""
    local = datetime.combine(day, clock, tzinfo=zone)
    utc = local.astimezone(UTC)
    said = {"time": f"{clock:%H:%M}", "day": words.day(day, "d MMMM y"), "zone": zone.key}
    if utc.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        text = _(
            "There is no %(time)s on %(day)s in %(zone)s: the clocks go forward over it. "
            "Choose a time before or after."
        )
        raise NoSuchTime(text % said)
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        text = _(
            "%(time)s on %(day)s comes twice in %(zone)s, since the clocks go back. "
            "Choose another time."
        )
        raise NoSuchTime(text % said)
    return utc
