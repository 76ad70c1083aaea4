"""Clock minutes of a recording: how much was recorded, how still it was, what was walked."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.records import MINUTES, Block, checked
from backstride.walking.bouts import instants
from backstride.walking.growing import Growing
from backstride.walking.params import Params
from backstride.walking.signal import Signal


class Minutes:
    """Per clock minute (UTC): seconds recorded, and sums for each axis's spread."""

    def __init__(self) -> None:
        # minute since 1970, seconds, samples, sum and sum of squares of each axis
        self._rows = Growing(9, np.float64)

    def add(self, block: Block) -> None:
        """Count a block's samples into the minutes they fall in; blocks come in time order."""
        from backstride.walking import signal_kernels

        acc = np.ascontiguousarray(block.acc, dtype=np.float32)
        if not len(acc):
            return
        start_s = block.start_utc.timestamp()
        first = int(start_s // 60)
        last = int((start_s + (len(acc) - 1) / block.fs_hz) // 60)
        borders = (np.arange(first + 1, last + 1) * 60.0 - start_s) * block.fs_hz
        cuts = np.clip(np.ceil(borders - 1e-6).astype(np.int64), 0, len(acc))
        edges = np.r_[0, cuts, len(acc)]
        of_axes = np.empty((len(edges) - 1, 6))
        signal_kernels.sums(acc, edges, of_axes)
        count = np.diff(edges)
        minute = np.arange(first, first + len(count))
        rows = np.column_stack([minute, count / block.fs_hz, count, of_axes])
        self._add(rows[count > 0])

    def _add(self, rows: Signal) -> None:
        before = self._rows.rows
        if len(before):
            begun = rows[:, 0] <= before[-1, 0]
            before[-1, 1:] += rows[begun, 1:].sum(axis=0)
            rows = rows[~begun]
        self._rows.add(rows)

    def arrays(self) -> tuple[NDArray[np.int64], Signal, Signal]:
        """Minutes since 1970 in order, seconds recorded in each, spread [n, 3] of the axes."""
        rows = self._rows.rows
        n = np.maximum(rows[:, 2:3], 1.0)
        mean = rows[:, 3:6] / n
        spread = np.sqrt(np.maximum(rows[:, 6:9] / n - mean**2, 0.0))
        return rows[:, 0].astype(np.int64), np.minimum(rows[:, 1], 60.0), spread


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
    table = pl.DataFrame(
        {
            "start": instants(minute.astype(np.float64) * 60.0),
            "steps": _steps(minute, at_s, edges),
            "walking_s": _walking_s(minute, at_s, edges),
            "worn_s": recorded_s if off is not None else np.full(len(minute), np.nan),
        }
    ).with_columns(pl.col("worn_s").fill_nan(None), pl.lit(source).alias("source"))
    if off is not None:
        unworn = pl.Series(off)
        table = table.with_columns(
            pl.when(unworn).then(None).otherwise(pl.col(name)).alias(name)
            for name in ("steps", "walking_s")
        ).with_columns(pl.when(unworn).then(0.0).otherwise(pl.col("worn_s")).alias("worn_s"))
    return checked(table, MINUTES)


def _steps(minute: NDArray[np.int64], at_s: Signal, edges: NDArray[np.int64]) -> Signal:
    """Steps of each minute that lie within a bout; none is lost between two minutes' rows."""
    upto = np.searchsorted(at_s, (minute + 1) * 60.0)
    upto[-1:] = len(at_s)
    return np.diff(_covered(edges, upto), prepend=0.0)


def _walking_s(minute: NDArray[np.int64], at_s: Signal, edges: NDArray[np.int64]) -> Signal:
    """Seconds of each minute that lie within a bout."""
    spans = np.column_stack([at_s[edges[:, 0]], at_s[edges[:, 1] - 1]])
    walked = _covered(spans, (minute + 1) * 60.0) - _covered(spans, minute * 60.0)
    clipped: Signal = walked.clip(0.0, 60.0)
    return clipped


def _covered(spans: NDArray[Any], place: NDArray[Any]) -> Signal:
    """How much of the spans [n, 2] (in order, apart) lies before each place."""
    if not len(spans):
        return np.zeros(len(place))
    whole = np.cumsum(np.r_[0.0, spans[:, 1] - spans[:, 0]])
    heights = np.column_stack([whole[:-1], whole[1:]]).ravel()
    covered: Signal = np.interp(place, spans.ravel(), heights)
    return covered
