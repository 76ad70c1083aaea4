"""Chance, drawn once: the same days befall a walker under every regimen.

Comparing regimens on common random numbers takes most of the noise out of the differences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

DAILY_UNIFORM = ("flare", "tell", "walk", "usual", "note", "hide", "log")
DAILY_NORMAL = ("length", "rise", "level", "minutes", "before", "during", "morning", "now")
WEEKLY_UNIFORM = ("drop", "pause", "pause_length")


@dataclass(frozen=True)
class Luck:
    """Draws by name: `day` arrays have shape (people, days), `week` arrays (people, weeks)."""

    day: dict[str, Floats]
    week: dict[str, Floats]


def draw(people: int, weeks: int, seed: int) -> Luck:
    """The luck of so many people over so many weeks. A longer run begins with the same days."""
    day: dict[str, Floats] = {}
    week: dict[str, Floats] = {}
    for name in DAILY_UNIFORM:
        day[name] = _stream(seed, name).random((weeks * 7, people)).T
    for name in DAILY_NORMAL:
        day[name] = _stream(seed, name).standard_normal((weeks * 7, people)).T
    for name in WEEKLY_UNIFORM:
        week[name] = _stream(seed, name).random((weeks, people)).T
    return Luck(day, week)


def _stream(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for each name, so that a new one changes no other."""
    return np.random.default_rng([seed, *name.encode()])
