"""Steps to walking bouts, as Mobilise-D defines them.

A bout goes on while no break between steps is longer than `max_break_s`, and counts from
`min_steps` on. Source: Kluge et al. 2021, doi 10.1371/journal.pone.0256541. What is slower than
`min_cadence_hz` on the whole is shifting and shuffling, and no walk: that is ours.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.records import BOUTS, checked
from backstride.walking.params import Params
from backstride.walking.signal import Signal


def bout_edges(at_s: Signal, params: Params) -> NDArray[np.int64]:
    """[first, one past last] step of each bout, of step times in ascending order."""
    if not len(at_s):
        return np.empty((0, 2), dtype=np.int64)
    cut = np.flatnonzero(np.diff(at_s) > params.max_break_s) + 1
    edges: NDArray[np.int64] = np.column_stack([np.r_[0, cut], np.r_[cut, len(at_s)]])
    steps = edges[:, 1] - edges[:, 0]
    lasts_s = at_s[edges[:, 1] - 1] - at_s[edges[:, 0]]
    quick_enough = steps - 1 >= params.min_cadence_hz * lasts_s
    return edges[(steps >= params.min_steps) & quick_enough]


def bout_table(
    at_s: Signal, edges: NDArray[np.int64], gait: pl.DataFrame, source: str
) -> pl.DataFrame:
    """BOUTS of step times (seconds since 1970): from first to last step, with their gait."""
    start, end = at_s[edges[:, 0]], at_s[edges[:, 1] - 1]
    steps = (edges[:, 1] - edges[:, 0]).astype(np.float64)
    return checked(
        gait.with_columns(
            start=instants(start),
            end=instants(end),
            steps=steps,
            cadence_spm=60.0 * (steps - 1) / np.maximum(end - start, 1e-9),
            source=pl.Series([source] * len(edges), dtype=pl.String),
        ),
        BOUTS,
    )


def instants(at_s: Signal) -> pl.Series:
    """Seconds since 1970 as UTC instants."""
    micros = pl.Series(np.round(at_s * 1e6).astype(np.int64))
    return micros.cast(pl.Datetime("us", "UTC"))
