"""Clock minutes of a recording: how much was recorded, how still it was, what was walked."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.records import MINUTES, Block, checked
from backstride.walking.bouts import instants
from backstride.walking.params import Params
from backstride.walking.signal import Signal


@dataclass
class Minutes:
    """Per clock minute (UTC): seconds recorded, and sums for each axis's spread."""

    _rows: dict[int, NDArray[np.float64]] = field(default_factory=dict)

    def add(self, block: Block) -> None:
        """Count a block's samples into the minutes they fall in."""
        if not len(block.acc):
            return
        start_s = block.start_utc.timestamp()
        first = int(start_s // 60)
        last = int((start_s + (len(block.acc) - 1) / block.fs_hz) // 60)
        borders = (np.arange(first + 1, last + 1) * 60.0 - start_s) * block.fs_hz
        cuts = np.unique(np.clip(np.ceil(borders - 1e-6).astype(np.int64), 0, len(block.acc)))
        cuts = np.r_[0, cuts[(cuts > 0) & (cuts < len(block.acc))]]
        acc = block.acc.astype(np.float64)
        sums = np.add.reduceat(acc, cuts)
        squares = np.add.reduceat(acc * acc, cuts)
        counts = np.diff(np.r_[cuts, len(block.acc)])
        minute = ((start_s + (cuts + 0.5) / block.fs_hz) // 60).astype(int)
        for key, n, total, square in zip(minute, counts, sums, squares, strict=True):
            row = np.r_[n / block.fs_hz, n, total, square]
            self._rows[int(key)] = self._rows.get(int(key), 0.0) + row

    def arrays(self) -> tuple[NDArray[np.int64], Signal, Signal]:
        """Minutes since 1970 in order, seconds recorded in each, spread [n, 3] of the axes."""
        keys = np.array(sorted(self._rows), dtype=np.int64)
        rows = np.array([self._rows[int(key)] for key in keys]).reshape(len(keys), 8)
        n = np.maximum(rows[:, 1:2], 1.0)
        mean = rows[:, 2:5] / n
        spread = np.sqrt(np.maximum(rows[:, 5:8] / n - mean**2, 0.0))
        return keys, np.minimum(rows[:, 0], 60.0), spread


def not_worn(minute: NDArray[np.int64], spread_g: Signal, params: Params) -> NDArray[np.bool_]:
    """Minutes in a stretch of at least `nonwear_min` in which two axes lie still.

    The stillness of an axis is GGIR's (`sdcriter`; van Hees 2013), the length of the stretch
    Choi's (2011, doi 10.1249/MSS.0b013e3181ed61a3), without its allowance for short spikes,
    since a sleeper who turns every half hour is wearing the sensor. A gap in the
    recording ends a stretch.
    """
    still = (spread_g < params.still_std_g).sum(axis=1) >= 2
    breaks = np.r_[True, (np.diff(minute) != 1) | (np.diff(still.astype(int)) != 0)]
    run = np.cumsum(breaks) - 1
    length = np.bincount(run, minlength=1)[run] if len(run) else run
    off: NDArray[np.bool_] = still & (length >= params.nonwear_min)
    return off


def minute_table(
    minute: NDArray[np.int64],
    recorded_s: Signal,
    off: NDArray[np.bool_] | None,
    at_s: Signal,
    edges: NDArray[np.int64],
    source: str,
) -> pl.DataFrame:
    """MINUTES; `off` tells which were not worn, None for a device that is carried.

    A minute that was not worn has null steps: nobody knows what was walked in it.
    """
    in_bout = np.concatenate([at_s[a:b] for a, b in edges]) if len(edges) else np.empty(0)
    steps = np.zeros(len(minute))
    place = np.searchsorted(minute, (in_bout // 60).astype(np.int64))
    np.add.at(steps, np.minimum(place, max(len(minute) - 1, 0)), 1.0)
    walking_s = _walking_s(minute, at_s, edges)
    table = pl.DataFrame(
        {
            "start": instants(minute.astype(np.float64) * 60.0),
            "steps": steps,
            "walking_s": walking_s,
            "worn_s": recorded_s if off is not None else np.full(len(minute), np.nan),
            "source": pl.Series([source] * len(minute), dtype=pl.String),
        }
    ).with_columns(pl.col("worn_s").fill_nan(None))
    if off is not None:
        unworn = pl.Series(off)
        table = table.with_columns(
            pl.when(unworn).then(None).otherwise(pl.col(name)).alias(name)
            for name in ("steps", "walking_s")
        ).with_columns(pl.when(unworn).then(0.0).otherwise(pl.col("worn_s")).alias("worn_s"))
    return checked(table, MINUTES)


def _walking_s(minute: NDArray[np.int64], at_s: Signal, edges: NDArray[np.int64]) -> Signal:
    """Seconds of each minute that lie within a bout."""
    walked = np.zeros(len(minute))
    for start, end in zip(at_s[edges[:, 0]], at_s[edges[:, 1] - 1], strict=True):
        first, last = np.searchsorted(minute, [start // 60, end // 60])
        for row in range(first, min(last + 1, len(minute))):
            low, high = minute[row] * 60.0, minute[row] * 60.0 + 60.0
            walked[row] += max(min(end, high) - max(start, low), 0.0)
    return walked
