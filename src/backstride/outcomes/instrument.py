"""The instruments: questionnaires and scales, one data file each in `instruments/*.toml`.

An instrument whose licence allows it ships with its item text (`shipping = "items"`); of the
others only the scoring ships (`"score_entry"`), and `permission` says who grants the text.
Every number carries its source and a mark (V, V2, U or ENG: docs/rules.md); what is marked
U is never told to a patient as fact.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from backstride.errors import BackstrideError

MARKS = ("V", "V2", "U", "ENG")
FACTS = ("V", "V2")  # marks whose numbers may be told as fact

Text = Mapping[str, str]  # language code -> words


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
    text: Text
    loinc: str = ""


@dataclass(frozen=True)
class Item:
    """One question. `text` is empty where the licence doesn't let it ship."""

    id: str
    text: Text
    loinc: str = ""


@dataclass(frozen=True)
class Answers:
    """What each item may be answered with: whole numbers from `low` to `high`."""

    low: int
    high: int
    low_text: Text = field(default_factory=dict)
    high_text: Text = field(default_factory=dict)


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
    label: Text
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
    text: Text
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
    as many as they like within its bounds."""

    key: str
    version: str
    name: str
    title: Text
    languages: tuple[str, ...]
    shipping: Shipping
    licence: Source
    attribution: str
    permission: str
    taken_from: str
    recall: Text
    prompt: Text
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
    notes: tuple[Text, ...]

    @cached_property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items)

    def allows(self, value: int) -> bool:
        """Whether an item may be answered with this number."""
        if self.options:
            return value in {option.value for option in self.options}
        return self.answers.low <= value <= self.answers.high


def keys() -> tuple[str, ...]:
    """The instruments' keys, by alphabet."""
    folder = files("backstride.outcomes") / "instruments"
    return tuple(
        sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name[-5:] == ".toml")
    )


@cache
def instrument(key: str) -> Instrument:
    """The instrument of this key. Raises BadEntry for an unknown one."""
    if key not in keys():
        raise BadEntry(f"There is no instrument {key[:40]!r}.", f"There are: {', '.join(keys())}.")
    path = files("backstride.outcomes") / "instruments" / f"{key}.toml"
    return parse_instrument(tomllib.loads(path.read_text("utf-8")))


def instruments() -> tuple[Instrument, ...]:
    return tuple(instrument(key) for key in keys())


def in_language(text: Text, language: str) -> str:
    """The words in this language. Raises BadEntry where they weren't translated: an
    unofficial translation of a questionnaire is another questionnaire."""
    if not text:
        return ""
    if language not in text:
        raise BadEntry(f"This text isn't there in {language!r}.", f"There is: {', '.join(text)}.")
    return text[language]


def parse_instrument(raw: dict[str, Any]) -> Instrument:
    """An instrument from its TOML tables.

    Raises KeyError or TypeError for a missing entry, ValueError for one that makes no sense.
    """
    items = tuple(_item(entry) for entry in raw["item"])
    found = Instrument(
        key=raw["key"],
        version=raw["version"],
        name=raw["name"],
        title=raw["title"],
        languages=tuple(raw["languages"]),
        shipping=Shipping(raw["shipping"]),
        licence=_source(raw["licence"], "terms"),
        attribution=raw["attribution"],
        permission=raw.get("permission", ""),
        taken_from=raw.get("taken_from", ""),
        recall=raw.get("recall", {}),
        prompt=raw.get("prompt", {}),
        high_is_worse=raw["high_is_worse"],
        low=raw["range"][0],
        high=raw["range"][1],
        unit=raw["unit"],
        every_days=raw.get("every_days"),
        at_weeks=tuple(raw.get("at_weeks", ())),
        for_change=raw.get("for_change", True),
        on_call=raw.get("on_call", False),
        own_items=raw.get("own_items", False),
        loinc={k: v for k, v in raw.get("loinc", {}).items() if k not in ("source", "mark")},
        loinc_source=_source(raw["loinc"]) if "loinc" in raw else None,
        answers=_answers(raw),
        options=tuple(Option(**entry) for entry in raw.get("option", ())),
        items=items,
        scoring=_scoring(raw["scoring"], len(items)),
        subscales=tuple(
            Subscale(s["key"], tuple(s["items"]), s["high"]) for s in raw.get("subscale", ())
        ),
        bands=tuple(
            Band(b["from"], b["label"], _source(b), b.get("needs", {})) for b in raw.get("band", ())
        ),
        importance=_importance(raw.get("importance")),
        error=_error(raw.get("error")),
        actions=tuple(_action(entry) for entry in raw.get("action", ())),
        notes=tuple(raw.get("notes", ())),
    )
    _check(found)
    return found


def _source(entry: Mapping[str, Any], words: str = "source") -> Source:
    if entry["mark"] not in MARKS:
        raise ValueError(f"mark {entry['mark']!r}; expected one of {', '.join(MARKS)}")
    return Source(entry[words], entry["mark"])


def _item(entry: Mapping[str, Any]) -> Item:
    return Item(entry["id"], entry.get("text", {}), entry.get("loinc", ""))


def _answers(raw: Mapping[str, Any]) -> Answers:
    if "answers" in raw:
        return Answers(**raw["answers"])
    values = [option["value"] for option in raw["option"]]
    return Answers(min(values), max(values))


def _scoring(entry: Mapping[str, Any], items: int) -> Scoring:
    return Scoring(
        kind=Kind(entry["kind"]),
        missing=Missing(entry["missing"]),
        min_answered=entry.get("min_answered", items),
        multiplier=entry.get("multiplier", 1),
        decimals=entry.get("decimals", 0),
        source=_source(entry),
    )


def _importance(entry: Mapping[str, Any] | None) -> Importance | None:
    if entry is None:
        return None
    span = entry.get("reliable")
    reliable = (span[0], span[1]) if span else None
    return Importance(entry.get("absolute"), entry.get("relative"), reliable, _source(entry))


def _error(entry: Mapping[str, Any] | None) -> MeasurementError | None:
    if entry is None:
        return None
    return MeasurementError(entry["mdc"], entry["level"], entry.get("sem"), _source(entry))


def _action(entry: Mapping[str, Any]) -> Action:
    return Action(
        id=entry["id"],
        urgency=Urgency(entry["urgency"]),
        text=entry["text"],
        source=_source(entry),
        item=entry.get("item", ""),
        at_least=entry.get("at_least"),
        open=entry.get("open", False),
        total_at_least=entry.get("total_at_least"),
        total_at_most=entry.get("total_at_most"),
        next=entry.get("next", ""),
    )


def _check(found: Instrument) -> None:
    ids = set(found.item_ids)
    named = [i for s in found.subscales for i in s.items] + [a.item for a in found.actions]
    problems = [
        (len(ids) != len(found.items), "two items have one id"),
        (any(name and name not in ids for name in named), "an unknown item is named"),
        (found.low >= found.high, "the range is empty"),
        ([b.start for b in found.bands] != sorted(b.start for b in found.bands), "bands' order"),
        (found.shipping is Shipping.SCORE_ENTRY and not found.permission, "no permission note"),
        (
            found.shipping is Shipping.SCORE_ENTRY and any(i.text for i in found.items),
            "the text of an item that may not ship",
        ),
        (
            any(set(text) < set(found.languages) for text in _texts(found) if text),
            "a text is not in every language",
        ),
    ]
    for is_wrong, what in problems:
        if is_wrong:
            raise ValueError(f"{found.key}.toml: {what}")


def _texts(found: Instrument) -> tuple[Text, ...]:
    return (
        found.title,
        found.recall,
        found.prompt,
        *found.notes,
        found.answers.low_text,
        found.answers.high_text,
        *(item.text for item in found.items),
        *(option.text for option in found.options),
        *(band.label for band in found.bands),
        *(action.text for action in found.actions),
    )
