"""The learning cards, a file each in `cards/`, and the sources they name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from backstride.words import say

HERE = Path(__file__).parent
MOST_WORDS = 200


@dataclass(frozen=True)
class Source:
    """`mark`: V read in the primary record, V2 in a secondary page, ENG a proposal of ours."""

    key: str
    text: str
    url: str
    mark: str

    @property
    def is_elsewhere(self) -> bool:
        return not self.url.startswith("/")


@dataclass(frozen=True)
class Part:
    """A paragraph with what it rests on: sources, or (`unsure`) no more than common advice."""

    text: str
    sources: tuple[Source, ...]
    unsure: bool


@dataclass(frozen=True)
class Drawing:
    """A picture in `templates/help/drawings`; `points` are what its numbers stand for."""

    key: str
    words: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """One card. `when` names the kinds of week (`records.DecisionKind`) it suits."""

    key: str
    title: str
    gist: str
    order: int
    when: tuple[str, ...]
    reviewed: date
    parts: tuple[Part, ...]
    drawing: Drawing | None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Each source once, in the order they are named."""
        return tuple(dict.fromkeys(s for part in self.parts for s in part.sources))


@cache
def load() -> dict[str, Card]:
    """All cards by key, in the order they are shown."""
    cards = [_card(file) for file in (HERE / "cards").glob("*.toml")]
    return {card.key: card for card in sorted(cards, key=lambda card: card.order)}


@cache
def sources() -> dict[str, Source]:
    """What `sources.toml` lists, by key."""
    raw = tomllib.loads((HERE / "sources.toml").read_text("utf-8"))
    return {key: Source(key, **entry) for key, entry in raw.items()}


def named(keys: Iterable[str]) -> tuple[Source, ...]:
    """The sources of these keys. Raises KeyError for one that isn't listed."""
    return tuple(sources()[key] for key in keys)


def _card(file: Path) -> Card:
    raw = tomllib.loads(file.read_text("utf-8"))
    return Card(
        key=file.stem,
        title=say(raw["title"]),
        gist=say(raw["gist"]),
        order=raw["order"],
        when=tuple(raw["when"]),
        reviewed=raw["reviewed"],
        parts=tuple(_part(entry) for entry in raw["part"]),
        drawing=_drawing(raw.get("drawing")),
    )


def _part(entry: dict[str, Any]) -> Part:
    return Part(say(entry["text"]), named(entry.get("sources", ())), entry.get("unsure", False))


def _drawing(entry: dict[str, Any] | None) -> Drawing | None:
    if not entry:
        return None
    points = tuple(say(point) for point in entry["points"])
    return Drawing(entry["key"], say(entry["words"]), points)
