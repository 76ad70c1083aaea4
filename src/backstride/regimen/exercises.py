"""The stretches and strengthening exercises, read once from `exercises.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from backstride.words import say

Point = tuple[float, float]

PARTS = ("back", "hips", "legs", "feet", "core")


class Kind(StrEnum):
    """What an exercise is for: to loosen, to stretch, to strengthen."""

    MOBILITY = "mobility"
    STRETCH = "stretch"
    STRENGTH = "strength"


class Bend(StrEnum):
    """How an exercise moves the lower back."""

    FLEXION = "flexion"
    EXTENSION = "extension"
    ROTATION = "rotation"
    NONE = "none"


class Place(StrEnum):
    """What it takes to get there."""

    FLOOR = "floor"
    CHAIR = "chair"
    STANDING = "standing"


@dataclass(frozen=True)
class Level:
    """How much: `sets` times `reps`, each held `hold_s` seconds (0: not held)."""

    sets: int
    reps: int
    hold_s: int


@dataclass(frozen=True)
class Pose:
    """Joints of a person seen from the side, in a box 160 wide and 112 high.

    `lines` are limbs near to far (`arm` from the neck, `leg` from the hip); `back` is where
    the curve of the back bends towards, None for a straight one; `props` are pairs of points.
    """

    head: Point
    neck: Point
    hip: Point
    back: Point | None
    lines: dict[str, tuple[Point, ...]]
    props: tuple[tuple[Point, Point], ...]


@dataclass(frozen=True)
class Exercise:
    """One exercise; `levels` from the easiest, at least one; `sides`: done on each side."""

    key: str
    name: str
    kind: Kind
    parts: tuple[str, ...]
    bend: Bend
    place: Place
    steps: tuple[str, ...]
    feel: str
    levels: tuple[Level, ...]
    start: Pose
    end: Pose
    sides: bool


@cache
def load() -> dict[str, Exercise]:
    """The exercises that ship with this release, by key, in the file's order."""
    text = files("backstride.regimen").joinpath("exercises.toml").read_text("utf-8")
    return {entry["key"]: _exercise(entry) for entry in tomllib.loads(text)["exercise"]}


def _exercise(raw: dict[str, Any]) -> Exercise:
    unknown = set(raw["parts"]) - set(PARTS)
    if unknown:
        raise ValueError(f"exercises.toml: {raw['key']} is for unknown parts {sorted(unknown)}")
    return Exercise(
        key=raw["key"],
        name=say(raw["name"]),
        kind=Kind(raw["kind"]),
        parts=tuple(raw["parts"]),
        bend=Bend(raw["bend"]),
        place=Place(raw["place"]),
        steps=tuple(say(step) for step in raw["steps"]),
        feel=say(raw["feel"]),
        levels=tuple(Level(**level) for level in raw["levels"]),
        start=_pose(raw["poses"]["start"]),
        end=_pose(raw["poses"]["end"]),
        sides=raw.get("sides", False),
    )


def _pose(text: str) -> Pose:
    """A pose from its words: joint names, each with the x and y of one or more points."""
    points: dict[str, tuple[Point, ...]] = {}
    props = []
    for part in text.split(";"):
        name, *numbers = part.split()
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        joints = tuple((float(x), float(y)) for x, y in pairs)
        if name == "prop":
            props.append((joints[0], joints[1]))
        else:
            points[name] = joints
    limbs: dict[str, tuple[Point, ...]] = {
        name: (points["neck" if "arm" in name else "hip"][0], *points[name])
        for name in ("far_arm", "far_leg", "leg", "arm")  # what is drawn last lies in front
        if name in points
    }
    back = points["back"][0] if "back" in points else None
    return Pose(points["head"][0], points["neck"][0], points["hip"][0], back, limbs, tuple(props))
