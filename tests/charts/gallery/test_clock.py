"""The gallery's clock: local days of 23 and 25 hours, and a stop-watch where there is no date."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from backstride.charts.gallery.clock import Clock
from backstride.charts.look import look

BERLIN = Clock("Europe/Berlin")


def at(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("noon", "hours"),
    [((2026, 3, 29, 12), 23), ((2026, 10, 25, 12), 25), ((2026, 6, 1, 12), 24)],
)
def test_a_day_is_as_long_as_it_was_lived(noon: tuple[int, ...], hours: int) -> None:
    first, last = BERLIN.midnights(at(*noon))
    assert (last - first) / 3600 == hours
    assert BERLIN.text(first) == BERLIN.text(last) == "00:00:00"


def test_days_have_names() -> None:
    first, _ = BERLIN.midnights(at(2026, 3, 2, 23, 30))  # already the 3rd in Berlin
    assert BERLIN.names_of_day(first) == ("Tue 3 Mar", "Tue 3")
    assert BERLIN.day(first) == "Tue 3 Mar 2026"


def test_without_a_date_time_counts_from_the_start() -> None:
    zero_s = at(2000, 1, 1)
    watch = Clock("UTC", zero_s)
    assert watch.text(zero_s + 65) == "1:05"
    assert watch.text(zero_s + 3600 + 65) == "1:01:05"
    assert watch.day(zero_s) == ""
    assert watch.names_of_day(watch.midnights(zero_s + 100_000)[0]) == ("Day 2", "Day 2")


@pytest.mark.parametrize("width", [300, 352, 700, 1120])
@pytest.mark.parametrize("length_s", [3, 20, 250, 7200, 86_400])
def test_ticks_are_round_and_have_room(width: int, length_s: float) -> None:
    style = look("light", width)
    ms = BERLIN.ms_from(at(2026, 3, 2, 8, 59, 58))
    span = ms(at(2026, 3, 2, 8, 59, 58)), ms(at(2026, 3, 2, 8, 59, 58) + length_s)
    ticks = BERLIN.ticks(span, style)
    assert ticks
    steps = {round(b - a) for (a, _), (b, _) in itertools.pairwise(ticks)}
    assert len(steps) <= 1
    assert all(span[0] <= tick <= span[1] for tick, _ in ticks)
    for step in steps:
        widest = max(len(text) for _, text in ticks) * style.text * 0.6
        assert step / (span[1] - span[0]) * style.plot > widest
