"""The instruments: questionnaires and scales, one data file each in `instruments/*.toml`.

An instrument whose licence allows it ships with its item text (`shipping = "items"`); of the
others only the scoring ships (`"score_entry"`), and `permission` says who grants the text.
Every number carries its source and a mark (V, V2, U or ENG: docs/rules.md); what is marked
U is never told to a patient as fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from backstride.errors import BackstrideError
from backstride.words import language

MARKS = ("V", "V2", "U", "ENG")
FACTS = ("V", "V2")  # marks whose numbers may be told as fact


class BadEntry(BackstrideError):
    """An answer, a total or an instrument's name that can't be."""


class Shipping(StrEnum):
    ITEMS = "items"
    SCORE_ENTRY = "score_entry"


class Kind(StrEnum):
    SUM = "sum"
    MEAN = "mean"
    PERCENT = "percent"  # of the points that the answered items could have given


class Missing(StrEnum):
    """What an unanswered item does: stop the score, count as 0, or be filled with the mean."""

    REFUSE = "refuse"
    ZERO = "zero"
    PRORATE = "prorate"


class Urgency(StrEnum):
    """How soon an action is meant, worst first."""

    CRISIS = "crisis"
    TODAY = "today"
    TELL = "tell"  # a therapist or doctor, at the next chance
    OFFER = "offer"  # another questionnaire


@dataclass(frozen=True)
class Source:
    """Where a number is from, and how well that was verified."""

    source: str
    mark: str

    @property
    def is_fact(self) -> bool:
        return self.mark in FACTS


@dataclass(frozen=True)
class Option:
    value: int
    text: str
    loinc: str = ""


@dataclass(frozen=True)
class Item:
    """One question. `text` is empty where the licence doesn't let it ship."""

    id: str
    text: str
    loinc: str = ""


@dataclass(frozen=True)
class Answers:
    """What each item may be answered with: whole numbers from `low` to `high`."""

    low: int
    high: int
    low_text: str = ""
    high_text: str = ""


@dataclass(frozen=True)
class Scoring:
    """How answers become a value: `kind` over the items, times `multiplier`.

    At least `min_answered` items must be answered, else there is no value. `decimals` are
    kept, halves rounded up.
    """

    kind: Kind
    missing: Missing
    min_answered: int
    multiplier: int
    decimals: int
    source: Source


@dataclass(frozen=True)
class Subscale:
    key: str
    items: tuple[str, ...]
    high: int


@dataclass(frozen=True)
class Band:
    """The values from `start` up to the next band; `needs` are least subscale values."""

    start: float
    label: str
    source: Source
    needs: Mapping[str, float]


@dataclass(frozen=True)
class Importance:
    """The least change that matters to people: in points, as a share of the first value, or
    both. `reliable` is the span of first values for which the change is trusted."""

    absolute: float | None
    relative: float | None
    reliable: tuple[float, float] | None
    source: Source


@dataclass(frozen=True)
class MeasurementError:
    """The least change that isn't noise (`mdc`, at `level` percent confidence)."""

    mdc: float
    level: int
    sem: float | None
    source: Source


@dataclass(frozen=True)
class Action:
    """What follows when any of its conditions holds. There is no "not": a worse answer can
    only add actions. `open` means that `item` wasn't answered."""

    id: str
    urgency: Urgency
    text: str
    source: Source
    item: str
    at_least: int | None
    open: bool
    total_at_least: float | None
    total_at_most: float | None
    next: str


@dataclass(frozen=True)
class Instrument:
    """One data file. `low` to `high` is the range of its value; `loinc` holds the codes of
    the panel and the total where one was found. `on_call` says that it may only be asked
    where a person answers for what it brings up, `own_items` that the person names the items,
    as many as they like within its bounds.

    `languages` are those of its prompt, questions and answers: an unofficial translation of a
    questionnaire is another questionnaire, so elsewhere these are shown in English."""

    key: str
    version: str
    name: str
    title: str
    languages: tuple[str, ...]
    shipping: Shipping
    licence: Source
    attribution: str
    permission: str
    taken_from: str
    recall: str
    prompt: str
    high_is_worse: bool
    low: float
    high: float
    unit: str
    every_days: int | None
    at_weeks: tuple[int, ...]
    for_change: bool
    on_call: bool
    own_items: bool
    loinc: Mapping[str, str]
    loinc_source: Source | None
    answers: Answers
    options: tuple[Option, ...]
    items: tuple[Item, ...]
    scoring: Scoring
    subscales: tuple[Subscale, ...]
    bands: tuple[Band, ...]
    importance: Importance | None
    error: MeasurementError | None
    actions: tuple[Action, ...]
    notes: tuple[str, ...]

    @cached_property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items)

    def allows(self, value: int) -> bool:
        """Whether an item may be answered with this number."""
        if self.options:
            return value in {option.value for option in self.options}
        return self.answers.low <= value <= self.answers.high

    @property
    def is_translated(self) -> bool:
        """Whether its questions are in the reader's language, and not in English instead."""
        return language().partition("-")[0] in self.languages
