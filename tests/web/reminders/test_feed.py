"""The private calendar, read back as a calendar app does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from backstride.records import Disposition
from backstride.web.clinic.models import Appointment, AppointmentRequest, Clinic
from backstride.web.plan.models import Preferences
from backstride.web.plan.services import week_now
from backstride.web.reminders.models import Feed
from backstride.web.safety.models import ScreenRecord
from web import helpers
from web.reminders.conftest import answer_screen, look_at_week


@pytest.fixture
def feed(planned, client):
    """Makes the address on the page; gives a function that reads it as a stranger would."""
    client.force_login(planned)
    client.post("/reminders/feed/new/")
    address = f"/reminders/feed/{Feed.objects.get().token}.ics"
    assert address in client.get("/reminders/").content.decode()
    client.logout()

    def read() -> list:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/calendar")
        assert answer["Cache-Control"] == "private, no-store"
        return Calendar.from_ical(answer.content).walk("VEVENT")

    read.address = address
    return read


@pytest.fixture
def appointment(planned, clock):
    asked = AppointmentRequest.objects.create(
        walker=planned, clinic=Clinic.objects.create(name="Back Clinic"), state="answered"
    )
    return Appointment.objects.create(
        request=asked, uid="7@backstride", start=datetime(2027, 3, 4, 14, 30, tzinfo=UTC),
        given_by=helpers.make_user("thea@clinic.example"), organizer_email="thea@clinic.example",
        location="Room 2, High Street",
    )  # fmt: skip


def alarms(event) -> set[timedelta]:
    return {alarm.decoded("trigger") for alarm in event.walk("VALARM")}


def test_it_has_the_walks_and_the_appointment(feed, planned, appointment):
    events = feed()
    walks = {walk.day: walk.minutes for walk in week_now(planned).walks}
    seen = {
        e.decoded("dtstart").astimezone(planned.tz): e.decoded("dtend") - e.decoded("dtstart")
        for e in events
        if str(e["uid"]).startswith("walk-")
    }
    assert {at.date(): span.total_seconds() / 60 for at, span in seen.items()} == walks
    assert {(at.hour, at.minute) for at in seen} == {(9, 0)}
    [given] = [e for e in events if e["uid"] == "7@backstride"]
    assert given.decoded("dtstart") == appointment.start
    assert len({str(e["uid"]) for e in events}) == len(events)


def test_nothing_of_health_until_it_is_wanted(feed, appointment, choose, client):
    said = client.get(feed.address).content.decode().lower()
    assert not [word for word in ("physical", "therapy", "room 2", "pain") if word in said]
    assert {str(e["summary"]) for e in feed()} == {"Backstride", "Appointment"}
    choose(content=True)
    titles = {str(e["summary"]) for e in feed()}
    assert "Physical therapy appointment" in titles
    assert any(title.startswith("Walk ") for title in titles)
    assert "Room 2, High Street" in {str(e.get("location", "")) for e in feed()}


def test_alarms_only_for_what_is_chosen(feed, appointment, choose):
    assert not any(alarms(event) for event in feed())
    choose(walk=True)
    by_title = {str(e["summary"]): alarms(e) for e in feed()}
    assert by_title == {"Backstride": {timedelta(minutes=-10)}, "Appointment": set()}
    choose(appointments=True)
    by_title = {str(e["summary"]): alarms(e) for e in feed()}
    assert by_title["Appointment"] == {timedelta(days=-1), timedelta(hours=-1)}


def test_walks_keep_their_time_by_the_clock_when_clocks_change(feed, planned, clock, choose):
    Preferences.objects.update_or_create(user=planned, defaults={"walk_at": "02:30"})
    clock.set(date(2027, 3, 25), "07:00")
    answer_screen(planned, clock.now)
    look_at_week(planned, clock.now)
    starts = [e.decoded("dtstart").astimezone(planned.tz) for e in feed()]
    ahead = [at for at in starts if at.date() >= date(2027, 3, 25)]
    assert ahead
    for at in ahead:
        assert (at.hour, at.minute) == ((3, 30) if at.date() == date(2027, 3, 28) else (2, 30))


def test_a_stop_takes_the_walks_to_come_out_and_leaves_the_appointment(
    feed, planned, appointment, clock
):
    newest = planned.screens.first()
    ScreenRecord.objects.create(
        user=planned, version=newest.version, answers=newest.answers, at=clock.now,
        disposition=next(one for one in Disposition if not one.may_walk),
    )  # fmt: skip
    assert [str(e["uid"]) for e in feed()] == ["7@backstride"]


def test_one_that_was_called_off_is_gone(feed, appointment):
    AppointmentRequest.objects.update(state="withdrawn")
    assert "7@backstride" not in {str(e["uid"]) for e in feed()}


def test_a_new_address_ends_the_old_one_and_taking_it_away_both(feed, planned, client):
    client.force_login(planned)
    client.post("/reminders/feed/new/")
    assert client.get(feed.address).status_code == 404
    newer = f"/reminders/feed/{Feed.objects.get().token}.ics"
    assert client.get(newer).status_code == 200
    client.post("/reminders/feed/remove/")
    assert client.get(newer).status_code == 404
    assert client.get("/reminders/feed/.ics").status_code == 404


def test_the_walker_sees_when_it_was_last_read(feed, planned, client, clock):
    client.force_login(planned)
    assert b"Not read yet" in client.get("/reminders/").content
    feed()
    assert b"Last read on 1 March 2027, 07:00" in client.get("/reminders/").content


def test_it_is_in_the_walkers_language(feed, planned, choose):
    choose(walk=True, content=True)
    planned.language = "es"
    planned.save()
    events = feed()
    assert {str(event["summary"])[:13] for event in events} == {"Caminata de 1"}
    alarm = events[-1].walk("VALARM")[0]
    assert str(alarm["description"]).startswith("Caminata de")
