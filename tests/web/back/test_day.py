"""Mood, energy and sleep: one tap a day, on Today and in the room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from backstride.records import SCORES
from backstride.web.back import frames, services
from backstride.web.back.models import Sheet

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("page", ["today", "back"])
def test_the_questions_stand_on_the_page(at_home, page):
    shown = at_home.get(reverse(page)).content.decode()
    assert 'aria-label="Mood: very good"' in shown
    assert 'aria-label="Energy: none"' in shown
    assert 'aria-label="Sleep 0 out of 10, very badly"' in shown
    assert 'aria-pressed="true"' not in shown


def test_one_tap_is_kept_and_the_last_one_counts(at_home, cleared_walker):
    for value in ("2", "4"):
        response = at_home.post(reverse("back_today"), {"question": "mood", "value": value})
        assert response.url == reverse("today") + "#day"
    sheet = Sheet.objects.get()
    assert (sheet.value, sheet.day, sheet.answers) == (4, cleared_walker.today(), {"mood": 4})
    page = at_home.get("/").content.decode()
    assert page.count('aria-pressed="true"') == 1
    assert 'aria-label="Mood: good" title="good" aria-pressed="true"' in page


def test_the_page_gets_the_card_alone_where_it_asks_for_it(at_home):
    told = {"question": "sleep", "value": "7"}
    card = at_home.post(reverse("back_today"), told, headers=HTMX).content.decode()
    assert card.lstrip().startswith('<section class="card" id="day"')
    assert ": 7 of 10" in card


def test_another_day_is_another_answer(at_home, cleared_walker):
    services.answer_of_today(cleared_walker, "energy", 3)
    Sheet.objects.update(day=cleared_walker.today() - timedelta(days=1))
    services.answer_of_today(cleared_walker, "energy", 5)
    assert Sheet.objects.count() == 2
    table = frames.scores_frame(cleared_walker)
    assert dict(table.schema) == SCORES
    assert sorted(table["value"].to_list()) == [3, 5]


@pytest.mark.parametrize(
    "told",
    [
        {"question": "mood", "value": "6"},
        {"question": "mood", "value": "0"},
        {"question": "mood", "value": "good"},
        {"question": "sleep", "value": "11"},
        {"question": "rmdq", "value": "1"},
        {"value": "1"},
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_not_offered_is_refused_in_words(at_home, told, headers):
    page = at_home.post(reverse("back_today"), told, headers=headers, follow=True)
    assert "Nothing was noted." in page.content.decode()
    assert not Sheet.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_lowest_mood_shows_the_way_to_help(at_home, headers):
    told = {"question": "mood", "value": "1"}
    page = at_home.post(reverse("back_today"), told, headers=headers, follow=True)
    assert "please talk to someone now" in page.content.decode()
    told = {"question": "mood", "value": "2"}
    page = at_home.post(reverse("back_today"), told, headers=headers, follow=True)
    assert "please talk to someone now" not in page.content.decode()


def test_another_ones_day_is_not_shown(at_home, other):
    services.answer_of_today(other, "mood", 5)
    assert 'aria-pressed="true"' not in at_home.get("/").content.decode()
