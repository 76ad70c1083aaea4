"""Acceleration to g: from the header's word, or from what gravity measures in the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backstride.errors import UnreadableFile
from backstride.records import Notices
from backstride.words import say

STANDARD_GRAVITY = 9.80665
PER_G = {"g": 1.0, "m/s2": STANDARD_GRAVITY, "mg": 1000.0}
NAMES = {"g": "g", "m/s2": "m/s²", "mg": "milli-g"}
TOLERANCE = 0.25  # a walking person's median magnitude is within a few per cent of 1 g
LEAST_G = 0.5  # nobody falls freely for half of the time
WINDOW_S = 2.0
# 48 phone walks, in hand, pocket and purse: 0.81 and more with gravity, 0.10 and less without.
LEAST_STEADY = 0.4
WITH_GRAVITY = say(
    "Steps are counted in acceleration that includes gravity. Sensor Logger: switch on Total "
    "Acceleration and bring TotalAcceleration.csv; phyphox: use 'Acceleration with g'; other "
    "apps: choose Accelerometer or raw acceleration, not linear or user acceleration."
)


def without_gravity(path: Path) -> UnreadableFile:
    """The error for a file of linear acceleration, with what to export instead."""
    return UnreadableFile(path, say("its acceleration is without gravity"), WITH_GRAVITY)


def units_per_g(
    path: Path, acc: NDArray[np.floating], fs_hz: float, said: str | None, notices: Notices
) -> float:
    """How many of the file's units make 1 g; the choice is said in `notices`.

    `acc` is the file's first stretch, shape [n, 3], in its own unit, at about `fs_hz`. Raises
    UnreadableFile if gravity isn't in it, or if the header doesn't say the unit and the
    median magnitude is near 1 g in none.
    """
    magnitude = float(np.median(np.linalg.norm(acc, axis=1)))
    if said is not None:
        if magnitude < LEAST_G * PER_G[said]:
            raise without_gravity(path)
        notices.add(
            "unit.header", say("Acceleration is in {unit}, as the header says.", unit=NAMES[said])
        )
        return PER_G[said]
    for unit, per_g in PER_G.items():
        if abs(magnitude / per_g - 1) <= TOLERANCE:
            if _steadiness(acc, fs_hz) < LEAST_STEADY:  # walking at 1 m/s², not 1 g
                raise without_gravity(path)
            text = say(
                "Acceleration was taken to be in {unit}: its median magnitude is {size} {unit}.",
                unit=NAMES[unit],
                size=_figure(magnitude),
            )
            notices.add("unit.detected", text)
            return per_g
    raise UnreadableFile(
        path,
        say(
            "can't tell the unit of acceleration: its median magnitude is {size}, "
            "and gravity alone would make about 1 (g), 9.81 (m/s²) or 1000 (milli-g)",
            size=_figure(magnitude),
        ),
        say(
            "Name the unit in the header, such as 'x [g]' or 'x [m/s2]'. {with_gravity}",
            with_gravity=WITH_GRAVITY,
        ),
    )


def _figure(magnitude: float) -> str:
    """Three or four digits as a person writes them, never with an exponent."""
    return f"{magnitude:,.0f}" if magnitude >= 100 else f"{magnitude:.3g}"


def _steadiness(acc: NDArray[np.floating], fs_hz: float) -> float:
    """How much of the magnitude is a vector that stays for two seconds, as gravity does."""
    size = max(1, min(len(acc), round(WINDOW_S * fs_hz)))
    windows = acc[: len(acc) // size * size].reshape(-1, size, 3)
    steady = np.linalg.norm(windows.mean(axis=1), axis=1)
    whole = np.linalg.norm(windows, axis=2).mean(axis=1)
    return float(np.median(steady / np.maximum(whole, 1e-9)))
