"""E-mail reminders, and stopping them with one click."""

from __future__ import annotations

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from backstride.web.plan.services import week_now
from backstride.web.reminders import services
from backstride.web.reminders.models import Choices


@pytest.fixture
def mailed(planned, clock, choose, settings, mailoutbox) -> EmailMessage:
    settings.SITE = "https://back.example.org"
    choose(walk=True, check_in=True)
    today = planned.today()
    clock.set(min(walk.day for walk in week_now(planned).walks if walk.day > today), "09:05")
    services.remind(planned)
    [mail] = mailoutbox
    return mail


def stop_link(mail: EmailMessage) -> str:
    return re.fullmatch(
        r"<https://back\.example\.org(/\S+)>", mail.extra_headers["List-Unsubscribe"]
    )[1]


def test_it_says_where_and_how_to_stop(mailed):
    assert "https://back.example.org/\n" in mailed.body
    assert mailed.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mailed.extra_headers["Auto-Submitted"] == "auto-generated"
    assert stop_link(mailed) in mailed.body


def test_one_click_stops_them_without_signing_in(mailed):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(stop_link(mailed), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    chosen = Choices.objects.get()
    assert not chosen.by_mail
    assert chosen.walk, "what to be reminded of stays chosen"


def test_following_the_link_asks_first(mailed, client):
    page = client.get(stop_link(mailed))
    assert page.status_code == 200
    assert b"Stop these e-mails" in page.content
    assert Choices.objects.get().by_mail


def test_a_forged_link_stops_nothing(mailed, client):
    link = stop_link(mailed)
    token = link.split("/")[-2]
    for forged in (token + "x", token[:-1], "2:" + token, token.swapcase()):
        assert client.post(link.replace(token, forged)).status_code == 404
    assert Choices.objects.get().by_mail


def test_mail_that_cannot_leave_is_told(planned, clock, choose, settings, client):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    choose(check_in=True)
    clock.set(planned.today(), "19:05")
    [row] = services.remind(planned)
    assert row.told == {"e-mail": "not sent"}
    client.force_login(planned)
    assert "E-mail: not sent" in client.get("/reminders/").content.decode()


@pytest.mark.parametrize(
    ("language", "subject", "texts"),
    [
        ("es", "Backstride: algo para hoy", (r"caminata de hoy: \d+ minutos", "Parar estos")),
        ("zh-hans", "Backstride：今天的一件事", (r"您今天的步行：\d+分钟。", "停止这些邮件")),
    ],
)
def test_it_speaks_the_walkers_language_whoever_runs_the_worker(
    planned, clock, choose, mailoutbox, client, language, subject, texts
):
    planned.language = language
    planned.save()
    choose(walk=True, content=True)
    today = planned.today()
    clock.set(min(walk.day for walk in week_now(planned).walks if walk.day > today), "09:05")
    [row] = services.remind(planned)
    [mail] = mailoutbox
    assert mail.subject == subject
    assert all(re.search(text, mail.body) for text in texts)
    assert row.told == {"e-mail": "sent"}  # in English here: nothing told is kept
    link = re.search(r"/reminders/stop/\S+", mail.body)[0]
    stop = {"es": "¿Parar los recordatorios por correo?", "zh-hans": "停止邮件提醒吗？"}[language]
    assert stop in client.get(link).content.decode()
