"""Mail: no word about anyone's health, a calendar file that calendars take, and no lost answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client
from huey.contrib.djhuey import HUEY
from icalendar import Calendar

from backstride.web.clinic import mail as letters
from backstride.web.clinic import services, tasks
from backstride.web.clinic.models import Appointment, Mail

SITE = "https://backstride.example"
SECRETS = ["hurts", "pain", "Wanda", "Bring your shoes", "mornings", "NPRS", "Ibuprofen"]


def give(asked, staff, offer, seen=None):
    return services.give(asked.pk, staff, offer, seen, SITE)


@pytest.fixture
def no_mail_server(settings):
    """A real connection to a port where nobody listens."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 2
    return settings


def events(message) -> tuple[str, dict]:
    part = message.attachments[0]
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part["Content-Type"] == f'text/calendar; charset="utf-8"; method="{calendar["METHOD"]}"'
    return calendar["METHOD"], calendar.walk("VEVENT")[0]


def test_a_request_is_told_to_all_the_clinics_staff(clinic, staff, colleague, asked):
    assert {m.to[0] for m in mail.outbox} == {"anna@clinic.example", "ben@clinic.example"}
    assert all(m.subject == "A request is waiting" and not m.attachments for m in mail.outbox)
    assert f"http://testserver/clinic/inbox/{asked.pk}/" in mail.outbox[0].body


def test_a_time_is_told_to_both_sides_with_a_calendar_file(asked, staff, offer):
    mail.outbox.clear()
    give(asked, staff, offer)
    assert {m.to[0] for m in mail.outbox} == {"walker@example.org", "anna@clinic.example"}
    for message in mail.outbox:
        method, event = events(message)
        assert method == "REQUEST"
        assert event["SUMMARY"] == "Physical therapy appointment"
        assert event["DTSTART"].dt == offer.start
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
        assert event["LOCATION"] == "Room 2"
        page = "appointments" if message.to == ["walker@example.org"] else "inbox"
        assert f"{SITE}/clinic/{page}/{asked.pk}/" in message.body


def test_no_mail_tells_anything_about_health(asked, staff, offer):
    give(asked, staff, offer)
    give(asked, staff, replace(offer, minutes=30), seen=0)
    services.close(asked.pk, staff, "Your pain needs another clinic.", SITE)
    kinds = set(Mail.objects.values_list("kind", flat=True))
    assert kinds == {"asked", "given", "moved", "closed"}
    for message in mail.outbox:
        text = message.message().as_string() + "".join(
            part.get_payload(decode=True).decode() for part in message.attachments
        )
        for secret in SECRETS:
            assert secret.lower() not in text.lower(), (message.subject, secret)


def test_every_change_is_newer_than_the_last_for_a_calendar(asked, staff, offer):
    mail.outbox.clear()
    give(asked, staff, offer)
    give(asked, staff, replace(offer, minutes=30), seen=0)
    services.close(asked.pk, staff, "", SITE)
    seen = [events(m) for m in mail.outbox if m.to == ["walker@example.org"]]
    assert [method for method, _ in seen] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [event["SEQUENCE"] for _, event in seen] == [0, 1, 2]
    assert len({event["UID"] for _, event in seen}) == 1


def test_a_colleagues_move_keeps_the_organizer_that_calendars_know(asked, staff, colleague, offer):
    mail.outbox.clear()
    give(asked, staff, offer)
    give(asked, colleague, replace(offer, minutes=30), seen=0)
    organizers = {events(message)[1]["ORGANIZER"] for message in mail.outbox}
    assert organizers == {"mailto:anna@clinic.example"}


def test_the_download_is_the_same_event(asked, staff, offer, browse, cleared_walker):
    give(asked, staff, offer)
    url = f"/clinic/appointments/{asked.pk}/appointment.ics"
    answer = browse(cleared_walker).get(url)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert event["UID"] == Appointment.objects.get().uid
    services.close(asked.pk, staff, "", SITE)
    assert Calendar.from_ical(browse(cleared_walker).get(url).content)["METHOD"] == "CANCEL"


def test_an_open_request_has_no_calendar_file(asked, browse, cleared_walker):
    url = f"/clinic/appointments/{asked.pk}/appointment.ics"
    assert browse(cleared_walker).get(url).status_code == 404


def test_without_a_mail_server_the_answer_is_kept(asked, staff, offer, no_mail_server, browse):
    form = {"date": f"{offer.start:%Y-%m-%d}", "time": "10:00", "minutes": 45}
    browse(staff).post(f"/clinic/inbox/{asked.pk}/", form)
    assert Appointment.objects.get().sequence == 0
    kept = Mail.objects.filter(kind="given")
    assert {(m.state, m.tries) for m in kept} == {("waiting", 1)}
    assert all("ConnectionRefusedError" in m.error for m in kept)
    shown = browse(staff).get(f"/clinic/inbox/{asked.pk}/").content.decode()
    assert "waiting to be sent, trying again" in shown


def test_the_last_try_is_told_on_the_page(asked, staff, offer, no_mail_server, browse):
    give(asked, staff, offer)
    for waiting in Mail.objects.filter(kind="given"):
        tasks.send_mail.call_local(waiting.pk, task=SimpleNamespace(retries=0))
    assert set(Mail.objects.filter(kind="given").values_list("state", flat=True)) == {"failed"}
    for person, page in ((staff, "inbox"), (asked.walker, "appointments")):
        shown = browse(person).get(f"/clinic/{page}/{asked.pk}/").content.decode()
        assert "could not be sent" in shown


def test_a_clinic_that_was_not_reached_is_told_to_the_walker(asked, browse):
    asked.mails.update(state="failed")
    shown = browse(asked.walker).get(f"/clinic/appointments/{asked.pk}/").content.decode()
    assert "a phone call helps" in shown


def test_a_retry_sends_what_was_written(asked, staff, offer, no_mail_server, settings):
    give(asked, staff, offer)
    mail.outbox.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    one = Mail.objects.filter(kind="given", recipient=asked.walker).get()
    tasks.send_mail.call_local(one.pk, task=SimpleNamespace(retries=3))
    one.refresh_from_db()
    assert (one.state, one.error, one.tries) == ("sent", "", 2)
    assert events(mail.outbox[0])[1]["DTSTART"].dt == offer.start
    tasks.send_mail.call_local(one.pk, task=SimpleNamespace(retries=2))
    assert len(mail.outbox) == 1  # sent once is sent


def test_old_news_does_not_follow_new(asked, staff, offer, no_mail_server, settings):
    give(asked, staff, offer)
    old = Mail.objects.filter(kind="given", recipient=asked.walker).get()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    services.close(asked.pk, staff, "", SITE)
    mail.outbox.clear()
    tasks.send_mail.call_local(old.pk, task=SimpleNamespace(retries=3))
    old.refresh_from_db()
    assert (old.state, mail.outbox) == ("overtaken", [])


def test_a_broken_queue_loses_neither_answer_nor_mail(asked, staff, offer, monkeypatch, browse):
    def broken(*_args):
        raise OSError("disk full")

    with monkeypatch.context() as queue:
        queue.setattr(HUEY, "enqueue", broken)
        form = {"date": f"{offer.start:%Y-%m-%d}", "time": "10:00", "minutes": 45}
        answer = browse(staff).post(f"/clinic/inbox/{asked.pk}/", form)
    assert answer.status_code == 302
    assert Appointment.objects.count() == 1
    lost = Mail.objects.filter(kind="given")
    assert {(m.state, m.tries) for m in lost} == {("waiting", 0)}
    tasks.send_forgotten.call_local()
    assert lost.filter(state="sent").count() == 0  # too fresh: it may still be in the queue
    for one in lost:
        Mail.objects.filter(pk=one.pk).update(written_at=one.written_at - timedelta(hours=1))
    tasks.send_forgotten.call_local()
    assert lost.filter(state="sent").count() == 2


def test_mail_that_is_only_printed_is_called_so(asked, staff, offer, settings, browse, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    give(asked, staff, offer)
    assert set(Mail.objects.filter(kind="given").values_list("state", flat=True)) == {"printed"}
    assert "Subject: Your appointment" in capsys.readouterr().out
    shown = browse(staff).get(f"/clinic/inbox/{asked.pk}/").content.decode()
    assert "no mail server is set up" in shown


def test_an_invented_address_gets_no_real_mail(asked, staff, offer, no_mail_server):
    asked.walker.is_demo = True
    asked.walker.save()
    give(asked, staff, offer)
    one = Mail.objects.get(kind="given", recipient=asked.walker)
    assert (one.state, one.tries) == ("skipped", 0)


def test_an_address_that_calendars_refuse_still_gets_the_news(asked, staff, offer):
    asked.walker.email = '"odd name"@example.org'
    asked.walker.save()
    give(asked, staff, offer)
    assert Appointment.objects.exists()
    assert mail.outbox[-1].attachments == []
    assert "There is a time" in mail.outbox[-1].body


def test_a_mail_whose_account_is_gone_is_no_error(asked):
    pk = Mail.objects.get().pk
    Mail.objects.all().delete()
    tasks.send_mail.call_local(pk)


def test_every_kind_of_mail_has_its_words():
    assert set(letters.TEXTS) == set(Mail.Kind)


def test_the_link_is_where_the_site_was_called(clinic, staff, cleared_walker):
    client = Client()
    client.force_login(cleared_walker)
    form = {"clinic": clinic.pk, "name": "W", "message": "Hello"}
    client.post("/clinic/appointments/ask/", form, headers={"host": "localhost:8080"})
    assert "http://localhost:8080/clinic/inbox/" in mail.outbox[-1].body
