"""The learning cards as data: sourced, short, easy to read, and promising nothing."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse

from backstride.records import DecisionKind
from backstride.regimen import protocol
from backstride.web.help import danger
from backstride.web.help.cards import HERE, MOST_WORDS, load, sources
from backstride.web.help.flare import COUNTS, SHARES, steps
from reading_age import too_hard

CARDS = list(load().values())
PROMISE = re.compile(
    r"\b(cure[sd]?|heal(s|ed|ing)?|guarantee[sd]?|pain.free|fix(es|ed)?|miracle"
    r"|(always|surely|certainly) (helps?|works?)|will (go away|get better|be fine|help you)"
    r"|proven to|completely safe|nothing is wrong)\b"
)
TELLS = re.compile(r"\b(stop|reduce|lower|taper|halve|skip|double) (taking|your (dose|medi))")


def texts_of(card) -> dict[str, str]:
    points = card.drawing.points if card.drawing else ()
    words = [card.drawing.words] if card.drawing else []
    told = [card.title, card.gist, *points, *words, *(part.text for part in card.parts)]
    return {f"{card.key} {n}": text for n, text in enumerate(told)}


def test_the_subjects_that_were_asked_for():
    assert 12 <= len(CARDS) <= 16
    assert [card.order for card in CARDS] == list(range(1, len(CARDS) + 1))
    assert len({card.title for card in CARDS}) == len(CARDS)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_every_part_has_a_source_or_says_that_it_is_unsure(card):
    assert [part.text for part in card.parts if bool(part.sources) == part.unsure] == []
    assert any(source.mark != "ENG" for source in card.sources)
    assert date(2026, 11, 1) <= card.reviewed


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_short_and_read_at_12(card):
    words = sum(len(part.text.split()) for part in card.parts)
    assert 40 <= words <= MOST_WORDS
    assert len(card.gist.split()) <= 18
    assert card.gist.count(".") <= 2
    assert too_hard(texts_of(card)) == {}


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_nothing_is_promised_and_no_dose_is_changed(card):
    for text in texts_of(card).values():
        assert not PROMISE.search(text.lower()), text
        assert not TELLS.search(text.lower()), text


def test_every_source_can_be_looked_up_and_is_used():
    used = {source for card in CARDS for source in card.sources}
    used |= {source for step in steps() for source in step.sources}
    assert used == set(sources().values())
    for source in used:
        if source.is_elsewhere:
            address = urlsplit(source.url)
            assert address.scheme == "https", source.key
            assert address.netloc.count("."), source.key
        else:
            resolve(source.url)
        assert source.mark in {"V", "V2", "ENG"}, source.key


def test_every_kind_of_week_has_its_cards():
    kinds = {kind.value for kind in DecisionKind} - {"stop"}
    assert {kind for card in CARDS for kind in card.when} == kinds


def test_every_drawing_is_there_and_used():
    files = {file.stem for file in (HERE / "templates/help/drawings").iterdir()}
    assert files == {card.drawing.key for card in CARDS if card.drawing}


def test_every_number_of_a_drawing_is_explained():
    for card in CARDS:
        if card.drawing:
            file = HERE / f"templates/help/drawings/{card.drawing.key}.html"
            numbers = re.findall(r">(\d)</text>", file.read_text("utf-8"))
            assert [int(n) for n in numbers] == list(range(1, len(card.drawing.points) + 1))


def test_a_flare_is_told_as_the_plan_does_it():
    told = " ".join(step.text for step in steps())
    back, escalate = protocol().back, protocol().escalate
    assert SHARES[back.flare] in told
    assert f"{COUNTS[back.flare_hold_days]} days or more" in told
    assert f"After {COUNTS[back.flare_green_days]} calm days" in told
    assert f"more than {COUNTS[escalate.flare_longer_days // 7]} weeks" in told
    assert f"{COUNTS[escalate.flares]} flare-ups" in told
    assert f"in {COUNTS[escalate.flares_window_days // 7]} weeks" in told
    assert escalate.flare_longer_days % 7 == escalate.flares_window_days % 7 == 0


def test_the_steps_of_a_flare_read_at_12_and_promise_nothing():
    texts = {step.title: f"{step.title}. {step.text}" for step in steps()}
    assert too_hard(texts) == {}
    assert not [text for text in texts.values() if PROMISE.search(text.lower())]
    assert not [text for text in texts.values() if TELLS.search(text.lower())]


@pytest.mark.parametrize("name", ["help", "help_therapist", "help_app", "help_flare"])
def test_the_pages_themselves_read_at_12(client, db, name):
    main = client.get(reverse(name)).content.decode().split("<main", 1)[1].split("</main", 1)[0]
    blocks = re.sub(r"</?(p|li|h1|h2|section|br|span|legend|button)\b[^>]*>", "\n", main)
    lines = unescape(re.sub(r"<[^>]+>", "", blocks)).splitlines()
    cited = [source.text for source in sources().values()]
    told = (line for line in lines if not any(text in line for text in cited))
    own = {text: text for line in told if (text := line.strip())}
    assert len(own) > 5
    assert too_hard(own) == {}
    assert not [text for text in own if PROMISE.search(text.lower())]


def test_no_card_copies_a_danger_sign():
    """The signs have one place, the screen's data."""
    signs = re.compile(r"numb|bladder|bowel|fever|chest|weak leg|stool|urine")
    allowed = {"hills"}  # numb legs on walking: what a therapist is told, no danger sign
    for card in CARDS:
        found = [text for text in texts_of(card).values() if signs.search(text.lower())]
        assert card.key in allowed or found == [], card.key
    assert len(danger.low_mood()) > 40
