"""Calendars read back with a calendar library; what people type never becomes a property."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from backstride.interop import APPOINTMENT, appointment_ics, plain_text, week_ics
from backstride.records import Decision, DecisionKind, Dose, PlannedWalk, Week

BERLIN = ZoneInfo("Europe/Berlin")
STAMP = datetime(2026, 10, 1, 12, tzinfo=UTC)


def appointment(**change: object) -> bytes:
    given: dict[str, object] = {
        "uid": "7f3a@clinic.example",
        "start": datetime(2026, 11, 3, 14, 30, tzinfo=BERLIN),
        "duration_min": 45,
        "organizer_email": "desk@clinic.example",
        "attendee_email": "walker@mail.example",
        "stamp": STAMP,
    }
    return appointment_ics(**{**given, **change})  # type: ignore[arg-type]


def only_event(data: bytes) -> Event:
    [event] = Calendar.from_ical(data).walk("VEVENT")
    return event


def walking_week(start: date, bouts: int = 1) -> Week:
    walks = tuple(
        PlannedWalk(start + timedelta(days=d), 20 + d, bouts, (100, 110) if d else None)
        for d in range(7)
    )
    return Week(start, 3, "test", Dose(20, 7), walks, Decision(DecisionKind.HOLD, ()))


def test_an_invitation_says_when_and_who_and_nothing_about_health() -> None:
    data = appointment(location="Hauptstraße 1, Köln")
    calendar, event = Calendar.from_ical(data), only_event(data)
    assert (calendar["method"], calendar["version"]) == ("REQUEST", "2.0")
    assert event.decoded("dtstart") == datetime(2026, 11, 3, 13, 30, tzinfo=UTC)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=45)
    assert event.decoded("dtstamp") == STAMP
    assert (event["summary"], event["class"], event["status"]) == (
        APPOINTMENT,
        "PRIVATE",
        "CONFIRMED",
    )
    assert event["organizer"] == "mailto:desk@clinic.example"
    assert event["attendee"] == "mailto:walker@mail.example"
    assert event["attendee"].params["RSVP"] == "TRUE"
    assert event["location"] == "Hauptstraße 1, Köln"
    assert "description" not in event


def test_a_cancellation_names_the_same_appointment() -> None:
    event = only_event(appointment(method="CANCEL", sequence=2))
    assert (event["uid"], event["sequence"], event["status"]) == (
        "7f3a@clinic.example",
        2,
        "CANCELLED",
    )
    assert Calendar.from_ical(appointment(method="CANCEL"))["method"] == "CANCEL"


def test_the_hour_that_comes_twice_keeps_its_own_instant() -> None:
    night = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    first, second = (only_event(appointment(start=night.replace(fold=f))) for f in (0, 1))
    assert first.decoded("dtstart") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.decoded("dtstart") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_week_keeps_its_local_hour_across_the_clock_change() -> None:
    data = week_ics(walking_week(date(2026, 10, 22)), BERLIN, time(9), owner="w-1", stamp=STAMP)
    events = Calendar.from_ical(data).walk("VEVENT")
    starts = [event.decoded("dtstart") for event in events]
    assert [start.astimezone(BERLIN).hour for start in starts] == [9] * 7
    assert [start.hour for start in starts] == [7, 7, 7, 8, 8, 8, 8]
    assert [e.decoded("dtend") - e.decoded("dtstart") for e in events] == [
        timedelta(minutes=20 + d) for d in range(7)
    ]
    assert events[1]["summary"] == "Walk 21 min"
    assert "100 to 110 steps a minute" in events[1]["description"]


def test_an_hour_that_does_not_exist_comes_an_hour_later() -> None:
    data = week_ics(walking_week(date(2026, 3, 29)), BERLIN, time(2, 30), owner="w", stamp=STAMP)
    start = Calendar.from_ical(data).walk("VEVENT")[0].decoded("dtstart")
    assert start.astimezone(BERLIN).replace(tzinfo=None) == datetime(2026, 3, 29, 3, 30)  # noqa: DTZ001


def test_a_week_written_again_keeps_its_uids() -> None:
    week = walking_week(date(2026, 9, 7), bouts=2)
    one, two = (
        Calendar.from_ical(week_ics(week, BERLIN, at, owner="w-1", sequence=n, stamp=STAMP))
        for n, at in enumerate((time(9), time(18)))
    )
    uids = [event["uid"] for event in one.walk("VEVENT")]
    assert uids == [event["uid"] for event in two.walk("VEVENT")]
    assert len(set(uids)) == 7
    assert one["method"] == "PUBLISH"
    assert "2 shorter walks" in one.walk("VEVENT")[0]["description"]


def test_same_input_same_bytes_in_short_crlf_lines() -> None:
    data = appointment(description="ä€😀, " * 200)
    assert data == appointment(description="ä€😀, " * 200)
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"start": datetime(2026, 1, 1, 9)}, "timezone-aware"),  # noqa: DTZ001
        ({"duration_min": 0}, "duration"),
        ({"duration_min": 1441}, "duration"),
        ({"sequence": -1}, "sequence"),
        ({"uid": "a\r\nATTENDEE:x"}, "no uid"),
        ({"uid": ""}, "no uid"),
        ({"attendee_email": "a@b.example\r\nX-EVIL:1"}, "e-mail"),
        ({"attendee_email": "a@b.example\n"}, "e-mail"),
        ({"organizer_email": "nobody"}, "e-mail"),
        ({"organizer_email": 'a"b@c.example'}, "e-mail"),
        ({"method": "REPLY"}, "method"),
        ({"description": "x" * 10_001}, "characters"),
    ],
)
def test_bad_parameters_are_refused(change: dict[str, object], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        appointment(**change)


def test_a_time_of_day_with_its_own_zone_is_refused() -> None:
    week = walking_week(date(2026, 9, 7))
    with pytest.raises(ValueError, match="without a zone"):
        week_ics(week, BERLIN, time(9, tzinfo=UTC), owner="w")
    with pytest.raises(ValueError, match="no uid"):
        week_ics(week, BERLIN, time(9), owner="w\nx")


nasty = st.text(max_size=200) | st.lists(
    st.sampled_from(
        [",", ";", ":", "\\", "\\n", "\n", "\r", "\r\n", '"', "^n", "😀", "é", " ", "\u2028",
         "\x85", "\x00", "\ud800", "BEGIN:VEVENT", "END:VCALENDAR", "ATTENDEE:mailto:x@y.example"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(summary=nasty, location=nasty, description=nasty)
@example("a\r\nEND:VEVENT", "b\nBEGIN:VALARM", "c\u2028METHOD:CANCEL")
def test_texts_come_back_and_never_become_properties(
    summary: str, location: str, description: str
) -> None:
    data = appointment(summary=summary, location=location, description=description)
    data.decode("utf-8")
    event = only_event(data)
    assert str(event["summary"]) == plain_text(summary)
    assert str(event.get("location", "")) == plain_text(location)
    assert str(event.get("description", "")) == plain_text(description)
    allowed = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "CLASS", "STATUS",
               "LOCATION", "DESCRIPTION", "ORGANIZER", "ATTENDEE"}  # fmt: skip
    assert set(event) <= allowed
    assert event["attendee"] == "mailto:walker@mail.example"
    # The strictest and the sloppiest line splitters see the same lines.
    unfolded = data.decode("utf-8").replace("\r\n ", "")
    assert unfolded.splitlines() == unfolded.removesuffix("\r\n").split("\r\n")
    assert [line for line in unfolded.splitlines() if line.startswith("BEGIN:")] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
    ]


@given(st.text())
def test_plain_text_keeps_what_can_be_read(text: str) -> None:
    assert plain_text(plain_text(text)) == plain_text(text)
    readable = [char for char in text if char.isprintable() and char != "\ufeff"]
    kept = plain_text(text)
    assert [char for char in kept if char.isprintable()] == readable
