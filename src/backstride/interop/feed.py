"""A calendar to subscribe to: walks and appointments, with alarms (RFC 5545, RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Event

from backstride.interop.ical import calendar_of, event_of, plain_text

NAME = "Backstride"
READ_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """One event: `start` is timezone-aware, `minutes` its length, `alarms_min` the minutes
    before the start at which the calendar app speaks up.

    `plain` is its title where others may see the calendar; with content it is `summary`, and
    `description` and `location` are told. `busy` marks the time as taken.
    """

    uid: str
    start: datetime
    minutes: int
    plain: str
    summary: str
    description: str = ""
    location: str = ""
    sequence: int = 0
    busy: bool = False
    alarms_min: tuple[int, ...] = ()


def feed_ics(entries: Iterable[Entry], *, content: bool, stamp: datetime | None = None) -> bytes:
    """The entries as a published calendar, which apps are asked to read again every hour.

    Without `content` nothing in it says what it is about. Raises ValueError for what no
    calendar can hold (as `appointment_ics` does).
    """
    events = [_event(entry, content, stamp) for entry in entries]
    more: dict[str, str | timedelta] = {
        "name": NAME,
        "x-wr-calname": NAME,
        "refresh-interval": READ_AGAIN,
        "x-published-ttl": READ_AGAIN,
    }
    return calendar_of("PUBLISH", events, more)


def _event(entry: Entry, content: bool, stamp: datetime | None) -> Event:
    title = entry.summary if content else entry.plain
    event = event_of(entry.uid, entry.start, entry.minutes, title, entry.sequence, stamp)
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    for name in ("description", "location") if content else ():
        if text := getattr(entry, name):
            event.add(name, plain_text(text))
    for minutes in entry.alarms_min:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -timedelta(minutes=minutes))
        alarm.add("description", plain_text(title))
        event.add_component(alarm)
    return event
