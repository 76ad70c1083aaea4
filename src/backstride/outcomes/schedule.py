"""When an instrument is asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from backstride.outcomes.catalogue import instrument
from backstride.outcomes.instrument import Instrument

EARLY_DAYS = 7  # an answer this long before its week counts for it [ENG]
MOOD_DAYS = 14  # PHQ-2 looks back over two weeks
LOW_MOOD = 2  # "low" or "very low"
LOW_DAYS = 8  # more than half of them [ENG]


def next_due(asked: Instrument, answered: Sequence[date], started: date) -> date | None:
    """The day on which it is asked next; None where it isn't asked by a clock, or no more.

    `started` is the person's first day. Source: clinical-details 2.y; mood daily and PHQ-2
    every four weeks [ENG].
    """
    last = max(answered, default=None)
    if asked.every_days is not None:
        return started if last is None else last + timedelta(days=asked.every_days)
    for week in asked.at_weeks:
        day = started + timedelta(weeks=week)
        if last is None or day - timedelta(days=EARLY_DAYS) > last:
            return day
    return None


def due(answered: Mapping[str, Sequence[date]], started: date, today: date) -> tuple[str, ...]:
    """The keys of what is due today, of the instruments that `answered` names."""
    found = []
    for key, days in answered.items():
        day = next_due(instrument(key), days, started)
        if day is not None and day <= today:
            found.append(key)
    return tuple(found)


def mood_asks_phq2(moods: Mapping[date, int], today: date) -> bool:
    """Whether the daily mood was low on more than half of the last two weeks' days: then the
    PHQ-2 needn't wait for its month. Days without a note don't count."""
    first = today - timedelta(days=MOOD_DAYS - 1)
    low = [d for d, mood in moods.items() if first <= d <= today and mood <= LOW_MOOD]
    return len(low) >= LOW_DAYS
