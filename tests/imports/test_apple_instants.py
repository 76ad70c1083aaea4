"""Apple Health's times, many at once, beside the standard library's one at a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from backstride.imports.apple_health.interned import PAD, words_of
from backstride.imports.apple_health.numbers import NO_TIME, TIME, instants

FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}")
SOUND = st.datetimes(datetime(1601, 1, 1), datetime(2300, 1, 1)).map(  # noqa: DTZ001
    lambda at: f"{at:%Y-%m-%d %H:%M:%S} +0130"
)


@st.composite
def nearly(draw: st.DrawFn) -> bytes:
    """A time in Apple's form, with some bytes of it changed."""
    text = bytearray(draw(SOUND).encode())
    for place in draw(st.lists(st.integers(0, TIME - 1), max_size=2)):
        text[place] = draw(st.sampled_from([*b"0123456789:- +/;", 0x80, 0xBA, 0xFF]))
    return bytes(text)


def expected(text: bytes) -> int:
    said = text.decode("latin-1")
    is_left_to_expat = said[:4] < "1600"
    if is_left_to_expat or not FORM.fullmatch(said) or int(said[-2:]) > 59:
        return int(NO_TIME)
    try:
        at = datetime.strptime(said, "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return int(NO_TIME)
    return round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000


@given(st.lists(nearly(), min_size=1, max_size=8))
@example([b"2024-05-01 23:59:59 +0130", b"2024-05-01 24:00:00 +0130"])
@example([b"2024-05-01 00:00:00 +0130", b"2024-05-01 00:00:00 -0130"])
@example([b"2024-05-01 1::00:00 +0130", b"2024-05-01 10:00:60 +0130"])
def test_times_are_those_of_the_standard_library(texts: list[bytes]) -> None:
    start = np.arange(len(texts), dtype=np.int64) * TIME
    words = words_of(b"".join(texts) + bytes(PAD))
    assert instants(words, start, start + TIME).tolist() == [expected(text) for text in texts]
