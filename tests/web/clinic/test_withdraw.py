"""The walker's way out: the request ends, and what was shared is gone."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from backstride.web.clinic import services
from backstride.web.clinic.models import AppointmentRequest

SITE = "http://testserver"


def withdrawn(browse, asked) -> AppointmentRequest:
    answer = browse(asked.walker).post(f"/clinic/appointments/{asked.pk}/withdraw/", follow=True)
    assert answer.status_code == 200
    return AppointmentRequest.objects.get(pk=asked.pk)


def test_an_open_request_is_withdrawn_with_its_story(asked, staff, browse):
    after = withdrawn(browse, asked)
    assert (after.state, after.story, after.message) == ("withdrawn", {}, "")
    shown = browse(staff).get(f"/clinic/inbox/{asked.pk}/").content.decode()
    assert "Wanda" not in shown
    assert "walker@example.org" not in shown
    assert "took back what was shared" in shown
    assert mail.outbox[-1].to == ["anna@clinic.example"]
    assert mail.outbox[-1].subject == "A request was withdrawn"


def test_an_appointment_is_called_off_for_both(asked, staff, colleague, offer, browse):
    services.give(asked.pk, staff, offer, None, SITE)
    before = len(mail.outbox)
    after = withdrawn(browse, asked)
    assert (after.state, after.appointment.sequence) == ("withdrawn", 1)
    news = mail.outbox[before:]
    # the one who gave the time is told, not everyone who works there
    assert {m.to[0] for m in news} == {"walker@example.org", "anna@clinic.example"}
    for message in news:
        calendar = Calendar.from_ical(message.attachments[0].get_payload(decode=True))
        assert calendar["METHOD"] == "CANCEL"
        assert calendar.walk("VEVENT")[0]["SEQUENCE"] == 1


def test_after_the_appointment_only_the_sharing_ends(asked, staff, offer, browse, monkeypatch):
    services.give(asked.pk, staff, offer, None, SITE)
    before = len(mail.outbox)
    later = offer.start + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    after = AppointmentRequest.objects.get(pk=asked.pk)
    assert services.withdraw(after.pk, SITE) is False
    after.refresh_from_db()
    assert (after.state, after.story, after.appointment.sequence) == ("answered", {}, 0)
    assert len(mail.outbox) == before


def test_withdrawing_twice_tells_once(asked, staff, browse):
    first = withdrawn(browse, asked)
    sent = len(mail.outbox)
    second = withdrawn(browse, asked)
    assert len(mail.outbox) == sent
    assert second.taken_back_at == first.taken_back_at


def test_a_withdrawn_request_makes_room_for_another(asked, browse, clinic):
    withdrawn(browse, asked)
    again = services.ask(asked.walker, clinic, {"message": "Again"}, {"contact": {}}, SITE)
    assert again.state == "open"
