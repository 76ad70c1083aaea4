"""The room Help, as a visitor, a walker and a clinic's staff reach it."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from backstride import screening
from backstride.records import Disposition
from backstride.web.clinic.models import Clinic, Staff
from backstride.web.help import services
from backstride.web.help.cards import load
from backstride.web.help.models import CardRead
from web import helpers

PAGES = ["help", "help_worry", "help_flare", "help_therapist", "help_app", "help_cards"]
CARD = "how-to-walk"


def text_of(response) -> str:
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.mark.parametrize("name", PAGES)
def test_everyone_may_read_it(client, db, name):
    text_of(client.get(reverse(name)))


@pytest.mark.parametrize("key", list(load()))
def test_every_card_opens_with_its_sources(client, db, key):
    card = load()[key]
    page = text_of(client.get(reverse("help_card", args=[key])))
    for part in card.parts:
        assert part.text in page
    for source in card.sources:
        assert f'href="{source.url}"' in page
    assert page.count('rel="noreferrer"') == sum(s.is_elsewhere for s in card.sources)
    assert "I have read this" not in page  # a visitor has nothing to keep
    assert ("<figure" in page) == (card.drawing is not None)


@pytest.mark.parametrize("key", ["no-such-card", "sources"])
def test_no_other_card(client, walker, key):
    assert client.get(reverse("help_card", args=[key])).status_code == 404
    client.force_login(walker)
    assert client.post(reverse("help_mark", args=[key])).status_code == 404
    assert not CardRead.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_a_visitors_page_is_the_same_for_all_and_sets_nothing(client, walker, name):
    """So that it can be kept for a walk without a network."""
    first = client.get(reverse(name))
    other = type(client)().get(reverse(name))
    assert first.content == other.content
    assert not first.cookies
    assert walker.email not in first.content.decode()


def test_the_danger_signs_are_the_screens(client, db):
    page = text_of(client.get(reverse("help_worry")))
    screen = screening.load()
    for question in screen.sections[0].questions:
        assert question.text in page
        assert question.meaning in page
    for rule in screen.rules:
        if rule.disposition >= Disposition.SAME_DAY:
            assert rule.do in page, rule.id
            assert rule.source in page, rule.id
    for name in ("EMERGENCY_NOW", "SAME_DAY"):
        told = screen.instructions[name]
        assert told.title in page
        assert told.reading
        assert set(told.reading) <= set(told.steps)
        for step in told.steps:
            assert (step in page) == (step in told.reading)
    assert page.index(screen.instructions["EMERGENCY_NOW"].title) < page.index(
        screen.instructions["SAME_DAY"].title
    )
    assert "answer no here" not in page


@pytest.mark.parametrize("standing", ["unanswered", "stopped", "cleared"])
def test_the_screen_shuts_nobody_out(client, walker, standing):
    if standing == "stopped":
        answers = {**helpers.harmless_answers(walker.today()), "saddle_numb": "yes"}
        helpers.record_answers(walker, answers)
    elif standing == "cleared":
        helpers.clear(walker)
    client.force_login(walker)
    for name in PAGES:
        text_of(client.get(reverse(name)))
    page = text_of(client.get(reverse("help_flare")))
    assert ("One tap notes it" in page) == (standing == "cleared")
    assert ("please answer the safety questions first" in page) == (standing == "unanswered")
    assert ("Your plan is stopped" in page) == (standing == "stopped")


def test_every_page_leads_to_it(client, cleared_walker):
    link = f'<a class="to-help" href="{reverse("help")}"'
    assert link in text_of(client.get(reverse("today")))
    client.force_login(cleared_walker)
    for name in ("today", "plan", "back", "data", "appointments", "you", "about"):
        page = text_of(client.get(reverse(name)))
        assert link in page
        assert reverse("help_worry") in page
    assert 'aria-current="true"' in text_of(client.get(reverse("help_cards")))


def test_one_tap_notes_a_flare(client, cleared_walker):
    client.force_login(cleared_walker)
    response = client.post(reverse("help_flare_note"), {"nprs": 7}, follow=True)
    entry = cleared_walker.painentry_set.get()
    assert (entry.nprs, entry.is_flare, entry.new_leg_symptom) == (7, True, False)
    # as after any flare, the safety questions come first
    assert response.redirect_chain[-1][0] == reverse("safety")
    assert "Noted: a flare-up, pain 7 of 10" in text_of(response)
    client.post(reverse("help_flare_note"), {"nprs": 7})
    assert cleared_walker.painentry_set.count() == 1


@pytest.mark.parametrize("nprs", ["11", "-1", "bad", ""])
def test_a_wrong_number_notes_nothing_and_says_so(client, cleared_walker, nprs):
    client.force_login(cleared_walker)
    response = client.post(reverse("help_flare_note"), {"nprs": nprs}, follow=True)
    assert "Nothing was noted" in text_of(response)
    assert not cleared_walker.painentry_set.exists()


def test_a_visitor_or_a_stopped_walker_notes_nothing(client, walker):
    assert client.post(reverse("help_flare_note"), {"nprs": 7}).status_code == 302
    client.force_login(walker)
    assert client.post(reverse("help_flare_note"), {"nprs": 7}).url == reverse("safety")
    assert not walker.painentry_set.exists()


def test_cards_are_marked_as_read_by_each_for_themselves(client, walker):
    other = helpers.make_user("other@example.org")
    address = reverse("help_mark", args=[CARD])
    assert reverse("account_login") in client.post(address).url
    client.force_login(walker)
    assert client.get(address).status_code == 405
    assert "I have read this" in text_of(client.get(reverse("help_card", args=[CARD])))
    for _ in range(2):
        page = text_of(client.post(address, follow=True))
    assert "Marked as read: How to walk." in page
    assert f"You have read 1 of {len(load())}" in page
    assert page.count('<span class="tag">read</span>') == 1
    assert services.keys_read(walker) == {CARD}
    assert services.keys_read(other) == set()
    card = text_of(client.get(reverse("help_card", args=[CARD])))
    assert "I have read this" not in card
    assert "Mark as not read" in card
    client.post(address, {"read": "no"})
    assert services.keys_read(walker) == set()
    client.post(address)
    walker.delete()
    assert not CardRead.objects.exists()


def test_staff_read_and_keep_nothing(client, walker):
    Staff.objects.create(user=walker, clinic=Clinic.objects.create(name="Backs"))
    client.force_login(walker)
    for name in PAGES:
        text_of(client.get(reverse(name)))
    assert "I have read this" not in text_of(client.get(reverse("help_card", args=[CARD])))
    assert client.post(reverse("help_mark", args=[CARD])).url == reverse("inbox")
    assert not CardRead.objects.exists()


def test_a_clinic_that_is_here_can_be_asked(client, cleared_walker):
    ask = reverse("appointment_ask")
    client.force_login(cleared_walker)
    assert ask not in text_of(client.get(reverse("help_therapist")))
    clinic = Clinic.objects.create(name="Backs", address="1 High Street", phone="555 01")
    staff = helpers.make_user("staff@example.org")
    assert ask not in text_of(client.get(reverse("help_therapist")))  # nobody answers there
    Staff.objects.create(user=staff, clinic=clinic)
    page = text_of(client.get(reverse("help_therapist")))
    assert ask in page
    assert "1 High Street" in page
    client.logout()
    assert "1 High Street" not in text_of(client.get(reverse("help_therapist")))


def test_the_card_of_the_week_suits_the_week_and_nags_nobody(walker):
    assert services.card_of_the_week(walker, "flare").key == "in-a-flare-up"
    first = services.card_of_the_week(walker, "start")
    assert "start" in first.when
    services.mark(walker, first, is_read=True)
    assert services.card_of_the_week(walker, "start") is None  # one a week
    assert "flare" in services.card_of_the_week(walker, "flare").when
    walker.cards_read.update(at=timezone.now() - timedelta(days=8))
    following = services.card_of_the_week(walker, "start")
    assert following != first
    assert "start" in following.when
    for card in load().values():
        services.mark(walker, card, is_read=True)
    walker.cards_read.update(at=timezone.now() - timedelta(days=8))
    for kind in ("start", "flare", "progress"):
        assert services.card_of_the_week(walker, kind) is None


def test_today_shows_the_card_small(client, cleared_walker):
    from backstride.web.imports.services import say_usual

    say_usual(cleared_walker, 15, 3)
    client.force_login(cleared_walker)
    page = text_of(client.get(reverse("today")))
    card = services.card_of_the_week(cleared_walker, "start")
    assert f"A card to read this week: {card.title}" in page
    services.mark(cleared_walker, card, is_read=True)
    assert "A card to read this week" not in text_of(client.get(reverse("today")))
