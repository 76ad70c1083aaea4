"""The body map: the places that can be said to hurt, with their names and shapes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from importlib.resources import files
from typing import Any

from backstride.words import say

VIEWS = ("back", "front")
SIDES = ("left", "right")  # of the person


@dataclass(frozen=True)
class Place:
    """One place: `name` is said and read out, `path` is its SVG path, drawn mirrored about
    the body's middle where `is_mirrored`."""

    key: str
    name: str
    view: str
    path: str
    is_mirrored: bool


@dataclass(frozen=True)
class Body:
    """The drawing: its box (left, top, width, height), what x and its mirror image add up
    to, each view's parts that are only drawn, and the places by their keys."""

    box: tuple[int, int, int, int]
    mirror: int
    rest: Mapping[str, tuple[str, ...]]
    places: Mapping[str, Place]

    def seen_from(self, view: str) -> tuple[Place, ...]:
        """The places of the view from the `back` or the `front`, in the order to read them."""
        return tuple(place for place in self.places.values() if place.view == view)


@cache
def body() -> Body:
    """The body map of `body.toml`. Raises KeyError or ValueError for one that makes no sense."""
    raw = tomllib.loads(files("backstride.outcomes").joinpath("body.toml").read_text("utf-8"))
    left, top, width, height = raw["box"]
    places = {place.key: place for entry in raw["place"] for place in _places(entry)}
    if unknown := {place.view for place in places.values()} - set(VIEWS):
        raise ValueError(f"body.toml: no view is called {', '.join(sorted(unknown))}")
    rest = {view: tuple(raw["rest"][view]) for view in VIEWS}
    return Body((left, top, width, height), raw["mirror"], rest, places)


def places_in_words(keys: Iterable[str]) -> str:
    """The places' names as a list in the map's order; keys that it doesn't have are left out."""
    chosen = set(keys)
    names = [place.name for key, place in body().places.items() if key in chosen]
    return reduce(
        lambda told, name: say("{places}; {place}", places=told, place=name), names or [""]
    )


def _places(entry: Mapping[str, Any]) -> Iterable[Place]:
    key, name, view, path = entry["key"], say(entry["name"]), entry["view"], entry["path"]
    if not entry.get("sides"):
        return [Place(key, name, view, path, is_mirrored=False)]
    at_left = "left" if view == "back" else "right"
    names = {"left": say("{place}, left", place=name), "right": say("{place}, right", place=name)}
    return [
        Place(f"{key}_{side}", names[side], view, path, is_mirrored=side != at_left)
        for side in SIDES
    ]
