"""The plan as a walker reads it who speaks Spanish or Chinese."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from backstride.web.imports.models import Usual
from backstride.web.journal.models import MedicineTaken
from backstride.web.plan import services
from backstride.web.plan.models import PlannedWeek
from backstride.web.plan.orders import add_order
from backstride.words import day, speaking

SPANISH, CHINESE = "es", "zh-hans"


@pytest.fixture
def planned(client, cleared_walker):
    """A week that was planned and kept while the walker read English."""
    Usual.objects.create(user=cleared_walker, minutes=15, days_per_week=3)
    add_order(
        cleared_walker,
        by="Petra Physio",
        on=cleared_walker.today(),
        fixed=None,
        easy=False,
        pause=False,
        max_minutes=11,
        why="the knee.",
    )
    client.force_login(cleared_walker)
    return services.week_now(cleared_walker)


def page(client, user, language: str, name: str = "plan") -> str:
    user.language = language
    user.save()
    return unescape(client.get(reverse(name)).content.decode())


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            SPANISH,
            (
                "<h1>Tu primera semana</h1>",
                "44 minutos en total: 11 minutos, 4 días.",
                "Nos dijiste que caminas unos 15 minutos de una vez.",
                "Petra Physio puso un límite el {on}: the knee.",
                "tu fisioterapeuta",
            ),
        ),
        (
            CHINESE,
            (
                "<h1>您的第一周</h1>",
                "共44分钟：4天，每天11分钟。",
                "您告诉我们，您一次大约走15分钟。",
                "Petra Physio于{on}设定了上限：the knee.",
                "您的治疗师",
            ),
        ),
    ],
)
def test_a_kept_week_reads_in_the_language_of_its_reader(
    client, cleared_walker, planned, language, texts
):
    with speaking(language):
        on = str(day(cleared_walker.today(), "d MMMM y"))
    seen = page(client, cleared_walker, language)
    for text in texts:
        assert text.format(on=on) in seen
    assert "the knee." in page(client, cleared_walker, "en")
    assert "You told us that you walk about 15 minutes" in page(client, cleared_walker, "en")


def test_a_week_kept_by_an_older_release_is_shown_as_it_was_kept(client, cleared_walker, planned):
    row = PlannedWeek.objects.get()
    for reason in row.data["decision"]["reasons"]:
        del reason["told"]
    row.save()
    seen = page(client, cleared_walker, SPANISH)
    assert "You told us that you walk about 15 minutes" in seen
    assert "Por qué esta cantidad" in seen


def test_a_change_is_told_and_taken_back_in_chinese(client, cleared_walker, planned):
    page(client, cleared_walker, CHINESE)
    first, last = planned.start + timedelta(days=2), planned.end
    told = client.post(reverse("plan_away"), {"day": first, "to": last}, follow=True)
    with speaking(CHINESE):
        span = f"{day(first, 'EEEE d MMMM')}至{day(last, 'EEEE d MMMM')}外出"
    assert f"{span}。那几天不安排步行，也不算缺少。" in told.content.decode()
    away = planned.start - timedelta(days=2)
    refused = client.post(reverse("plan_away"), {"day": away, "to": last}, follow=True)
    assert "没有任何改动" in refused.content.decode()


def test_what_is_posted_and_kept_is_the_same_in_every_language(client, cleared_walker, planned):
    MedicineTaken.objects.create(
        user=cleared_walker,
        day=cleared_walker.today(),
        medicine="Metamizol",
        amount=12.5,
        unit="drops",
    )
    seen = page(client, cleared_walker, SPANISH, "today")
    assert 'name="amount" value="12.5"' in seen
    assert 'name="unit" value="drops">Metamizol 12,5 gotas<' in seen
    assert '<option value="drops">gotas</option>' in seen


def test_the_routine_leads_in_spanish(client, cleared_walker, planned):
    seen = page(client, cleared_walker, SPANISH, "routine")
    assert "La rutina de hoy" in seen
    assert "aguantando" in seen
    assert "Suelta" in seen  # what the timer says
    assert 'lang="en">clinical-facts 7' in seen  # a source stays as it is published
