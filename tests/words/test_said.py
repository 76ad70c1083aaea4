"""Texts keep what they were made from, and are told in the reader's language."""

from __future__ import annotations

import copy
import gettext
import html
import json
import pickle
import string
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride import words
from backstride.words import DAYS, LANGUAGES, day, kept, listed, say, say_many, sentences, speaking

FRIDAY = date(2026, 11, 6)
plain = st.text(string.ascii_letters + " ", max_size=8)
days = st.builds(day, st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(sorted(DAYS)))


def of_two(english: str, spanish: str) -> words.Kept:
    return kept({"en": english, "es": spanish})


def measured(text: str, n: int, x: float) -> words.Said:
    return say("{text}: {n} of {x:.1f}", text=text, n=n, x=x)


def counted(text: str, n: int) -> words.Said:
    return say_many("{n} day {text}", "{n} days {text}", n, text=text)


def within(inner):
    """Texts that have such texts as their values."""
    return st.one_of(
        st.builds(measured, inner, st.integers(), st.floats(-9, 9)),
        st.builds(counted, inner, st.integers(0, 9)),
        st.builds(listed, st.lists(inner, min_size=1, max_size=3)),
        st.builds(listed, st.lists(inner, min_size=1, max_size=3), st.just("or")),
        st.builds(sentences, st.lists(inner, max_size=3)),
    )


single = st.one_of(plain, days, st.builds(say, plain), st.builds(of_two, plain, plain))
texts = st.recursive(single, within, max_leaves=6)


@given(texts)
def test_what_is_stored_reads_the_same_in_every_language(text):
    stored = words.from_json(json.loads(json.dumps(words.to_json(text))))
    assert stored == text  # the English
    for language in LANGUAGES:
        with speaking(language):
            assert str(stored) == str(text)


@given(texts)
def test_copies_keep_what_a_text_was_made_from(text):
    for copied in (copy.copy(text), copy.deepcopy(text), pickle.loads(pickle.dumps(text))):  # noqa: S301
        with speaking("es"):
            assert str(copied) == str(text)


@pytest.fixture
def spanish(monkeypatch):
    """A catalogue of four texts."""
    told = {
        "{n} walk": "",
        "You walked {done} of {planned} walks until {day}.": (
            "Hasta el {day} caminaste {done} de {planned} caminatas."
        ),
        "Rest.": "Descansa.",
        "About {hours:.1f} h": "Unas {hours:.1f} h",
    }

    class Catalogue(gettext.NullTranslations):
        def gettext(self, message):
            return told.get(message, message)

        def ngettext(self, msgid1, msgid2, n):
            return {"{n} walk": "{n} caminata", "{n} walks": "{n} caminatas"}[
                msgid1 if n == 1 else msgid2
            ]

    monkeypatch.setattr(words, "catalogue", lambda _name: Catalogue())
    with speaking("es"):
        yield


def test_a_text_is_told_in_the_readers_language(spanish):
    walked = say(
        "You walked {done} of {planned} walks until {day}.", done=4, planned=5, day=day(FRIDAY)
    )
    assert walked == "You walked 4 of 5 walks until 6 November."
    assert str(walked) == "Hasta el 6 de noviembre caminaste 4 de 5 caminatas."
    assert f"{walked}" == str(walked)
    assert walked.__html__() == html.escape(str(walked))
    assert str(sentences([walked, say("Rest.")])).endswith("caminatas. Descansa.")


def test_numbers_and_counts_follow_the_language(spanish):
    assert str(say("About {hours:.1f} h", hours=1234.5)) == "Unas 1234,5 h"
    assert words.number(1234.5, ",.1f") == "1.234,5"
    assert [str(say_many("{n} walk", "{n} walks", n)) for n in (1, 2)] == [
        "1 caminata",
        "2 caminatas",
    ]


def test_lists_are_written_as_the_language_does():
    parts = [say("a"), "b", "c"]
    told = {}
    for language in LANGUAGES:
        with speaking(language):
            told[language] = (str(listed(parts)), str(listed(parts, "or")), str(sentences(parts)))
    assert told["en"] == ("a, b and c", "a, b or c", "a b c")
    assert told["es"] == ("a, b y c", "a, b o c", "a b c")
    assert told["zh-hans"] == ("a、b和c", "a、b或c", "abc")


def test_days_are_written_as_the_language_does():
    at = datetime(2026, 11, 6, 8, 5, tzinfo=UTC)
    told = {}
    for language in LANGUAGES:
        with speaking(language):
            told[language] = str(day(at, "EEEE d MMMM y, HH:mm"))
    assert told["en"] == "Friday 6 November 2026, 08:05"
    assert told["es"] == "viernes 6 de noviembre de 2026, 08:05"
    assert told["zh-hans"] == "2026年11月6日 星期五, 08:05"


def test_text_kept_in_its_languages_falls_back_to_english():
    text = kept({"en": "low back", "es": "zona lumbar"})
    assert text == "low back"
    with speaking("es"):
        assert str(text) == "zona lumbar"
    with speaking("zh-hans"):
        assert str(text) == "low back"


def test_a_language_that_is_not_spoken_is_english():
    with speaking("fr"):
        assert words.language() == "en"
