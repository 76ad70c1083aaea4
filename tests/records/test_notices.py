"""A finding as a person reads it."""

from __future__ import annotations

import pytest

from backstride.records import Notice, Notices
from backstride.words import speaking


@pytest.mark.parametrize(
    ("notice", "sentence"),
    [
        (Notice("a", "Times were read as UTC."), "Times were read as UTC."),
        (Notice("a", "It ends early.", "byte 7"), "It ends early. (byte 7)"),
        (Notice("a", "It jumps.", "", 3), "It jumps. (3 times)"),
        (Notice("a", "It jumps.", "line 2", 3), "It jumps. (3 times, first: line 2)"),
        (Notice("a", "bad rows.", "line 2", 1200), "1,200 bad rows. (first: line 2)"),
        (Notice("a", "bad rows.", "line 2", 1), "1 bad rows. (line 2)"),
    ],
)
def test_sentence(notice, sentence):
    assert notice.sentence == sentence


def test_the_same_finding_is_counted_with_its_first_place():
    notices = Notices()
    notices.add("row.bad", "bad rows.", "line 2")
    notices.add("row.bad", "bad rows.", "line 9", 4)
    assert list(notices) == [Notice("row.bad", "bad rows.", "line 2", 5)]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("es", "1.200 bad rows. (primero: line 2)"),
        ("zh-hans", "1,200bad rows.（首次：line 2）"),
    ],
)
def test_the_count_and_the_place_speak_the_language(language, sentence):
    with speaking(language):
        assert str(Notice("a", "bad rows.", "line 2", 1200).sentence) == sentence
