"""iCalendar (RFC 5545, RFC 5546): appointments and the walking week for any calendar app.

All times are written in UTC, so that no time zone definition has to travel along. Health
details stay out: a calendar is often shared with family or an employer, so summaries are
free of content by default and events are of class PRIVATE.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from backstride import __version__
from backstride.records import PlannedWalk, Week
from backstride.words import say, sentences

Method = Literal["REQUEST", "CANCEL"]

PRODID = f"-//Backstride//Backstride {__version__}//EN"
APPOINTMENT = say("Physical therapy appointment")
LONGEST_TEXT = 10_000  # characters
LONGEST_MIN = 24 * 60

# Characters that some calendar parser takes for the end of a line become a plain newline;
# other control characters have no place in a TEXT value (RFC 5545, 3.3.11).
_BREAKS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")
_EMAIL = re.compile(r"[^\s@\"<>()\[\]\\,;:\x00-\x20\x7f-\x9f]+@[^\s@\"<>()\\,;\x00-\x20\x7f-\x9f]+")
_UID = re.compile(r"[A-Za-z0-9._@:+/=-]{1,255}")


def appointment_ics(
    *,
    uid: str,
    start: datetime,
    duration_min: int,
    organizer_email: str,
    attendee_email: str,
    summary: str = APPOINTMENT,
    location: str = "",
    description: str = "",
    sequence: int = 0,
    method: Method = "REQUEST",
    stamp: datetime | None = None,
) -> bytes:
    """One appointment as an invitation (`REQUEST`) or its cancellation (`CANCEL`).

    `start` is timezone-aware, `duration_min` in minutes. The same `uid` with a higher
    `sequence` replaces what was sent before; send a cancellation with a higher one too.
    `stamp` (default: now) is when this message was made. Line breaks in texts are kept,
    other control characters left out. Raises ValueError for a naive time, a duration
    outside 1 minute to 24 hours, or an address or uid that is none.
    """
    if method not in ("REQUEST", "CANCEL"):
        raise ValueError(f"unknown method {method!r}; expected 'REQUEST' or 'CANCEL'")
    event = event_of(uid, start, duration_min, summary, sequence, stamp)
    event.add("status", "CONFIRMED" if method == "REQUEST" else "CANCELLED")
    if location:
        event.add("location", plain_text(location))
    if description:
        event.add("description", plain_text(description))
    event.add("organizer", _address(organizer_email))
    attendee = _address(attendee_email)
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "TRUE" if method == "REQUEST" else "FALSE"
    event.add("attendee", attendee)
    return calendar_of(method, [event])


def week_ics(
    week: Week,
    zone: ZoneInfo,
    at: time,
    *,
    owner: str,
    sequence: int = 0,
    stamp: datetime | None = None,
) -> bytes:
    """The week's planned walks as events at the local time `at`, for the walker's calendar.

    `owner` is an opaque id of the walker (letters, digits, `-._`): with it a day's walk
    keeps its uid, so that a changed week with a higher `sequence` replaces the old one
    where it is read again. On the day clocks go forward a time that doesn't exist is taken
    an hour later; on the day they go back, the first of the two. Walks don't mark the
    person as busy; a week without walks is an empty calendar. Raises
    ValueError for a bad `owner` or an `at` with its own zone.
    """
    if at.tzinfo is not None:
        raise ValueError("give the time of day without a zone; the zone is its own argument")
    events = []
    for walk in week.walks:
        start = datetime.combine(walk.day, at, zone).astimezone(UTC)
        uid = f"walk-{walk.day:%Y%m%d}-{owner}@backstride"
        title = say("Walk {minutes} min", minutes=walk.minutes)
        event = event_of(uid, start, walk.minutes, title, sequence, stamp)
        event.add("description", _how(walk))
        event.add("transp", "TRANSPARENT")
        events.append(event)
    return calendar_of("PUBLISH", events)


def plain_text(text: str) -> str:
    """Text as a calendar may hold it, in the reader's language: every line break a newline, no
    other controls."""
    text = str(text)
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"a text of {len(text):,} characters; at most {LONGEST_TEXT:,} fit")
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def event_of(
    uid: str,
    start: datetime,
    duration_min: int,
    summary: str,
    sequence: int,
    stamp: datetime | None,
) -> Event:
    """An event that says when, a title and nothing about health. Raises ValueError as
    `appointment_ics` does."""
    if not _UID.fullmatch(uid):
        raise ValueError(f"{uid!r} is no uid: expected up to 255 letters, digits or ._@:+/=-")
    if not 1 <= duration_min <= LONGEST_MIN:
        raise ValueError(f"a duration of {duration_min} min; expected 1 to {LONGEST_MIN}")
    if sequence < 0:
        raise ValueError(f"a sequence of {sequence}; expected 0 or more")
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", _utc(stamp or datetime.now(UTC)))
    event.add("dtstart", _utc(start))
    event.add("dtend", _utc(start) + timedelta(minutes=duration_min))
    event.add("summary", plain_text(summary))
    event.add("sequence", sequence)
    event.add("class", "PRIVATE")
    return event


def calendar_of(
    method: str, events: list[Event], more: Mapping[str, str | timedelta] | None = None
) -> bytes:
    """The events as a file; `more` are further properties of the calendar."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for name, value in (more or {}).items():
        calendar.add(name, value)
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone; give a timezone-aware time")
    return instant.astimezone(UTC).replace(microsecond=0)


def _address(email: str) -> vCalAddress:
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise ValueError(f"{email[:80]!r} is no e-mail address")
    return vCalAddress(f"mailto:{email}")


def _how(walk: PlannedWalk) -> str:
    parts = []
    if walk.bouts > 1:
        parts.append(say("In {n} shorter walks over the day.", n=walk.bouts))
    if walk.cadence_spm:
        low, high = walk.cadence_spm
        parts.append(say("Aim at {low} to {high} steps a minute.", low=low, high=high))
    else:
        parts.append(say("At an easy pace of your own."))
    return sentences(parts)
