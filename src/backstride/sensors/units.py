"""Acceleration to g: from the header's word, or from what gravity measures in the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backstride.errors import UnreadableFile
from backstride.records import Notices

STANDARD_GRAVITY = 9.80665
PER_G = {"g": 1.0, "m/s2": STANDARD_GRAVITY, "mg": 1000.0}
NAMES = {"g": "g", "m/s2": "m/s²", "mg": "milli-g"}
TOLERANCE = 0.25  # a walking person's median magnitude is within a few per cent of 1 g


def units_per_g(path: Path, acc: NDArray[np.floating], said: str | None, notices: Notices) -> float:
    """How many of the file's units make 1 g; the choice is said in `notices`.

    `acc` is the file's first stretch, shape [n, 3], in its own unit. Raises UnreadableFile
    if the header doesn't say the unit and the median magnitude is near 1 g in none.
    """
    if said is not None:
        notices.add("unit.header", f"Acceleration is in {NAMES[said]}, as the header says.")
        return PER_G[said]
    magnitude = float(np.median(np.linalg.norm(acc, axis=1)))
    for unit, per_g in PER_G.items():
        if abs(magnitude / per_g - 1) <= TOLERANCE:
            text = f"Acceleration was taken to be in {NAMES[unit]}: its median magnitude is"
            notices.add("unit.detected", f"{text} {_figure(magnitude)} {NAMES[unit]}.")
            return per_g
    raise UnreadableFile(
        path,
        f"can't tell the unit of acceleration: its median magnitude is {_figure(magnitude)}, and "
        "gravity alone would make about 1 (g), 9.81 (m/s²) or 1000 (milli-g)",
        "Export acceleration that includes gravity, or name the unit in the header, such as "
        "'x [g]' or 'x [m/s2]'.",
    )


def _figure(magnitude: float) -> str:
    """Three or four digits as a person writes them, never with an exponent."""
    return f"{magnitude:,.0f}" if magnitude >= 100 else f"{magnitude:.3g}"
