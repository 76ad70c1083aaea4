"""The clinic's answer: a time, moved or called off, and nothing lost between two colleagues."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from backstride.web.clinic import services
from backstride.web.clinic.models import Appointment, AppointmentRequest
from backstride.web.clinic.services import Outcome

SITE = "http://testserver"


def sent(offer_date="2030-07-01", clock="10:00", **more):
    form = {"date": offer_date, "time": clock, "minutes": 45, "location": "Room 2", "note": "Hi"}
    return form | more


@pytest.fixture(autouse=True)
def year_2029(monkeypatch, cleared_walker):
    """A fixed now, so that dates in these tests stay ahead and daylight saving is known."""
    cleared_walker.screens.update(at=future(0))
    monkeypatch.setattr(timezone, "now", lambda: future(0))


@pytest.fixture
def page(asked):
    return f"/clinic/inbox/{asked.pk}/"


def test_a_time_is_given_in_the_staffs_own_zone(asked, page, staff, browse, cleared_walker):
    answer = browse(staff).post(page, sent(), follow=True)
    assert "The time is given." in answer.content.decode()
    appointment = Appointment.objects.get()
    assert appointment.start == datetime(2030, 7, 1, 9, tzinfo=UTC)  # British summer time
    assert (appointment.sequence, appointment.given_by) == (0, staff)
    seen = browse(cleared_walker).get("/clinic/appointments/").content.decode()
    assert "11:00–11:45" in seen
    assert "Europe/Berlin" in seen
    assert "Monday 1 July 2030" in seen


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (sent("2029-06-01", "08:59"), "This time is over: it is 09:00 now in Europe/London."),
        (sent("2030-03-31", "01:30"), "There is no 01:30 on 31 March 2030 in Europe/London"),
        (sent("2029-10-28", "01:30"), "01:30 on 28 October 2029 comes twice in Europe/London"),
        (sent("2031-12-01"), "more than two years ahead"),
        (sent("9999-12-31", "23:59"), "more than two years ahead"),
        (sent("2030-02-30"), "Enter a valid date."),
        (sent("", "10:00"), "This field is required."),
        (sent(clock="25:00"), "Enter a valid time."),
        (sent(minutes=4), "greater than or equal to 5"),
        (sent(minutes=481), "less than or equal to 480"),
        (sent(location="x" * 301), "at most 300 characters"),
    ],
)
def test_a_time_that_can_not_be_is_refused(form, said, page, staff, browse):
    shown = browse(staff).post(page, form).content.decode()
    assert said in shown
    assert not Appointment.objects.exists()
    assert AppointmentRequest.objects.get().state == "open"


def test_moving_grows_the_sequence_and_keeps_the_uid(asked, page, staff, browse):
    client = browse(staff)
    client.post(page, sent())
    uid = Appointment.objects.get().uid
    answer = client.post(page, sent(clock="11:30", seen=0), follow=True)
    assert "The appointment has moved." in answer.content.decode()
    moved = Appointment.objects.get()
    assert (moved.sequence, moved.uid, moved.start.minute) == (1, uid, 30)


def test_the_form_starts_with_the_time_that_stands(page, staff, browse):
    client = browse(staff)
    client.post(page, sent())
    shown = client.get(page).content.decode()
    for value in ('value="2030-07-01"', 'value="10:00"', 'name="seen" value="0"'):
        assert value in shown


def test_the_same_time_twice_is_told_once(page, staff, browse):
    client = browse(staff)
    client.post(page, sent())
    mails = len(mail.outbox)
    answer = client.post(page, sent(), follow=True)  # a double tap
    assert "stands already" in answer.content.decode()
    assert len(mail.outbox) == mails
    assert Appointment.objects.get().sequence == 0


def test_a_colleague_who_was_slower_sees_it_and_then_moves(page, staff, colleague, browse):
    """Both opened the open request; no answer silently replaces the other's."""
    browse(staff).post(page, sent(clock="10:00"))
    mails = len(mail.outbox)
    slower = browse(colleague)
    shown = slower.post(page, sent(clock="15:00", seen="")).content.decode()
    assert "Anna has given or moved the time meanwhile" in shown
    assert 'value="15:00"' in shown  # what Ben typed is kept
    assert 'name="seen" value="0"' in shown
    assert Appointment.objects.get().start.hour == 9
    assert len(mail.outbox) == mails
    slower.post(page, sent(clock="15:00", seen=0))
    moved = Appointment.objects.get()
    assert (moved.sequence, moved.start.hour, moved.given_by) == (1, 14, colleague)
    told = {message.to[0] for message in mail.outbox[mails:]}
    assert told == {"walker@example.org", "anna@clinic.example", "ben@clinic.example"}


def test_a_withdrawn_request_takes_no_answer(asked, page, staff, browse):
    services.withdraw(asked.pk, SITE)
    answer = browse(staff).post(page, sent(), follow=True)
    assert "has ended meanwhile" in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_time_that_is_over_stays_as_it_was(asked, staff, offer, monkeypatch):
    services.give(asked.pk, staff, offer := replace(offer, start=future(1)), None, SITE)
    monkeypatch.setattr(timezone, "now", lambda: future(3))
    later = replace(offer, start=future(9))
    assert services.give(asked.pk, staff, later, 0, SITE) is Outcome.ENDED
    assert not services.close(asked.pk, staff, "", SITE)
    assert Appointment.objects.get().start == future(1)


@pytest.mark.parametrize("has_time", [True, False])
def test_the_clinic_closes_with_a_word(has_time, asked, page, staff, browse, cleared_walker):
    client = browse(staff)
    if has_time:
        client.post(page, sent())
    client.post(page + "close/", {"note": "We are full until May."})
    asked = AppointmentRequest.objects.get()
    assert asked.state == "closed"
    assert not has_time or asked.appointment.sequence == 1
    own = browse(cleared_walker)
    assert "We are full" in own.get(f"/clinic/appointments/{asked.pk}/").content.decode()
    assert own.get("/clinic/appointments/ask/").status_code == 200  # may ask again
    again = client.post(page + "close/", {"note": "x"}, follow=True)
    assert "has ended meanwhile" in again.content.decode()


def test_the_walker_sees_who_read_and_answered(asked, page, staff, colleague, browse):
    browse(colleague).get(page)
    browse(staff).post(page, sent())
    browse(staff).post(page, sent(clock="12:00", seen=0))
    browse(staff).post(page + "close/", {})
    done = [(e.actor, e.action) for e in asked.walker.audit_entries.order_by("id")]
    assert done == [
        (colleague, "read your request"),
        (staff, "gave you an appointment"),
        (staff, "moved your appointment"),
        (staff, "closed your request"),
    ]
    shown = browse(asked.walker).get("/sharing/").content.decode()
    assert "read your request" in shown
    assert "Ben" in shown


def test_the_inbox_sorts_by_what_is_to_do(asked, page, staff, browse):
    client = browse(staff)
    assert "Waiting for an answer (1)" in client.get("/clinic/inbox/").content.decode()
    client.post(page, sent())
    shown = client.get("/clinic/inbox/").content.decode()
    assert "Nobody is waiting." in shown
    assert "Mon 1 July, 10:00" in shown


def future(days: int) -> datetime:
    return datetime(2029, 6, 1, 8, tzinfo=UTC) + timedelta(days=days)
