"""Samples at the end of the sensor's range: counted in each block, told once a recording."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from backstride.records import Block, Notices
from backstride.words import say

# A 10-bit sample at the end of its range is within 1/512 of it, a finer one is nearer still.
NEAR_END = 511 / 512

Limit = float | NDArray[np.float64]


def flagged(
    start_utc: datetime,
    fs_hz: float,
    acc: NDArray[np.float32],
    range_g: float | None,
    notices: Notices,
) -> Block:
    """A block whose sensor measures from -`range_g` to `range_g`; None where nobody knows."""
    if range_g is None:
        return Block(start_utc, fs_hz, acc)
    return between(start_utc, fs_hz, acc, -range_g * NEAR_END, range_g * NEAR_END, notices)


def between(
    start_utc: datetime,
    fs_hz: float,
    acc: NDArray[np.float32],
    low_g: Limit,
    high_g: Limit,
    notices: Notices,
) -> Block:
    """A block of samples that are clipped at `low_g` or less and `high_g` or more.

    The limits are one number or one for each axis. The notice counts seconds, since a single
    heel strike clips some samples in a row.
    """
    if not len(acc) or (acc.max() < np.min(high_g) and acc.min() > np.max(low_g)):
        return Block(start_utc, fs_hz, acc)
    at = np.flatnonzero(((acc >= high_g) | (acc <= low_g)).any(axis=1))
    if len(at):
        seconds = len(np.unique((at / fs_hz).astype(np.int64)))
        first = start_utc + timedelta(seconds=float(at[0]) / fs_hz)
        text = say(
            "seconds reach the end of the sensor's range ({end} g): peaks are cut.",
            end=_shown(high_g),
        )
        notices.add("clipped", text, f"{first:%Y-%m-%d %H:%M:%S} UTC", seconds)
    return Block(start_utc, fs_hz, acc, len(at))


def _shown(high_g: Limit) -> str:
    return f"{float(np.min(high_g)):.2g}"
