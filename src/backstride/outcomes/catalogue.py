"""The instruments that ship, read once each from `instruments/*.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from backstride.outcomes.instrument import (
    MARKS,
    Action,
    Answers,
    BadEntry,
    Band,
    Importance,
    Instrument,
    Item,
    Kind,
    MeasurementError,
    Missing,
    Option,
    Scoring,
    Shipping,
    Source,
    Subscale,
    Urgency,
)
from backstride.words import LANGUAGES, Kept, kept, say

EVERY = {name.partition("-")[0] for name in LANGUAGES}


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


def parse_instrument(raw: dict[str, Any]) -> Instrument:
    """An instrument from its TOML tables.

    Raises KeyError or TypeError for a missing entry, ValueError for one that makes no sense.
    """
    items = tuple(_item(entry) for entry in raw["item"])
    found = Instrument(
        key=raw["key"],
        version=raw["version"],
        name=say(raw["name"]),
        title=kept(raw["title"]),
        languages=tuple(raw["languages"]),
        shipping=Shipping(raw["shipping"]),
        licence=_source(raw["licence"], "terms"),
        attribution=say(raw["attribution"]),
        permission=say(raw["permission"]) if "permission" in raw else "",
        taken_from=raw.get("taken_from", ""),
        recall=_text(raw.get("recall")),
        prompt=_text(raw.get("prompt")),
        high_is_worse=raw["high_is_worse"],
        low=raw["range"][0],
        high=raw["range"][1],
        unit=say(raw["unit"]),
        every_days=raw.get("every_days"),
        at_weeks=tuple(raw.get("at_weeks", ())),
        for_change=raw.get("for_change", True),
        on_call=raw.get("on_call", False),
        own_items=raw.get("own_items", False),
        loinc={k: v for k, v in raw.get("loinc", {}).items() if k not in ("source", "mark")},
        loinc_source=_source(raw["loinc"]) if "loinc" in raw else None,
        answers=_answers(raw),
        options=tuple(_option(entry) for entry in raw.get("option", ())),
        items=items,
        scoring=_scoring(raw["scoring"], len(items)),
        subscales=tuple(
            Subscale(s["key"], tuple(s["items"]), s["high"]) for s in raw.get("subscale", ())
        ),
        bands=tuple(
            Band(b["from"], kept(b["label"]), _source(b), b.get("needs", {}))
            for b in raw.get("band", ())
        ),
        importance=_importance(raw.get("importance")),
        error=_error(raw.get("error")),
        actions=tuple(_action(entry) for entry in raw.get("action", ())),
        notes=tuple(kept(note) for note in raw.get("notes", ())),
    )
    _check(found)
    return found


def _source(entry: Mapping[str, Any], words: str = "source") -> Source:
    if entry["mark"] not in MARKS:
        raise ValueError(f"mark {entry['mark']!r}; expected one of {', '.join(MARKS)}")
    return Source(entry[words], entry["mark"])


def _text(texts: Mapping[str, str] | None) -> str:
    return kept(texts) if texts else ""


def _item(entry: Mapping[str, Any]) -> Item:
    return Item(entry["id"], _text(entry.get("text")), entry.get("loinc", ""))


def _option(entry: Mapping[str, Any]) -> Option:
    return Option(entry["value"], kept(entry["text"]), entry.get("loinc", ""))


def _answers(raw: Mapping[str, Any]) -> Answers:
    if "answers" in raw:
        entry = raw["answers"]
        ends = _text(entry.get("low_text")), _text(entry.get("high_text"))
        return Answers(entry["low"], entry["high"], *ends)
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
        text=kept(entry["text"]),
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
        ("en" not in found.languages or not EVERY.issuperset(found.languages), "its languages"),
        (
            any(_in(text) != set(found.languages) for text in _questions(found)),
            "a question or an answer is not in the languages of the file",
        ),
        (any(_in(text) != EVERY for text in _own(found)), "a text is not in every language"),
    ]
    for is_wrong, what in problems:
        if is_wrong:
            raise ValueError(f"{found.key}.toml: {what}")


def _in(text: str) -> set[str]:
    return set(text.texts) if isinstance(text, Kept) else set()


def _questions(found: Instrument) -> list[str]:
    """The texts that are the questionnaire itself."""
    texts = [found.prompt, found.answers.low_text, found.answers.high_text]
    texts += [item.text for item in found.items] + [option.text for option in found.options]
    return [text for text in texts if text]


def _own(found: Instrument) -> list[str]:
    """What Backstride says about it."""
    texts = [found.title, found.recall, *found.notes]
    texts += [band.label for band in found.bands]
    texts += [action.text for action in found.actions]
    return [text for text in texts if text]
