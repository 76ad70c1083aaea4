"""How a walk was walked: regularity, symmetry and variability of its steps, and running.

Step and stride regularity are the correlation of the signal with itself one step and one
stride (two steps) later, symmetry is their ratio: Moe-Nilssen and Helbostad 2004, doi
10.1016/S0021-9290(03)00233-1. Theirs is of the trunk's vertical acceleration; ours is of the
magnitude in walking's band, which needs no orientation. Where the sensor sits at one side
(a pocket, a wrist), steps of that side and the other differ even in even gait.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.walking.params import Params
from backstride.walking.periodicity import Windows
from backstride.walking.signal import Signal

COLUMNS = ("step_regularity", "stride_regularity", "swing_g")
NEAR = 4  # steps to either side that tell the cadence about a step

STEPS_AT_ONCE = 1 << 18
GOOD, FAIR, POOR = "good", "fair", "poor"
LEAST = {GOOD: 0.6, FAIR: 0.35}  # regularity of a bout whose steps are sure, and that may be


def qualities(at: Signal, found: Windows, params: Params) -> Signal:
    """COLUMNS at each step: `at` in samples, in order. `swing_g` is the band's own spread."""
    from backstride.walking import gait_kernels

    if len(at) < 2:
        return np.full((len(at), len(COLUMNS)), np.nan)
    between = np.diff(at)
    padded = np.pad(np.r_[between[:1], between], NEAR, mode="edge")
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEAR + 1)
    step = np.median(near, axis=1)
    out = np.empty((len(at), len(COLUMNS)))
    gait_kernels.regularity(at, step, found.hop, found.correlation, found.wanted, out)
    reach = round(params.window_hops * params.hop_s * params.fs_hz / 2)
    last = len(found.energy) - 1
    low = np.clip(at.astype(np.int64) - reach, 0, last)
    high = np.clip(at.astype(np.int64) + reach, 0, last)
    out[:, 2] = np.sqrt((found.energy[high] - found.energy[low]) / np.maximum(high - low, 1))
    return out


def gait_of(
    at_s: Signal, of_steps: NDArray[np.float16], edges: NDArray[np.int64], timed: bool,
    params: Params,
) -> pl.DataFrame:  # fmt: skip
    """Columns of BOUTS: the gait of the steps [first, one past last) in each of `edges`.

    `of_steps` are COLUMNS [n, 3]. `timed` tells that each step was timed by itself: only then
    is the variability of strides known. Looks at some bouts at a time: months of steps are
    never there twice.
    """
    none = _gait(_steps_of(at_s, of_steps, edges[:0]), timed, params)
    upto = np.cumsum(edges[:, 1] - edges[:, 0]) // STEPS_AT_ONCE
    parts = np.split(edges, np.flatnonzero(np.diff(upto)) + 1) if len(edges) else []
    tables = [_gait(_steps_of(at_s, of_steps, part), timed, params) for part in parts]
    return pl.concat([none, *tables])


def _steps_of(
    at_s: Signal, of_steps: NDArray[np.float16], edges: NDArray[np.int64]
) -> pl.DataFrame:
    """The steps of some bouts with the bout's number."""
    size = edges[:, 1] - edges[:, 0]
    bout = np.repeat(np.arange(len(edges)), size)
    first = np.repeat(edges[:, 0] - np.cumsum(size) + size, size)
    row = first + np.arange(len(bout))
    columns = {name: of_steps[row, i].astype(np.float64) for i, name in enumerate(COLUMNS)}
    table = pl.DataFrame({"bout": bout, "at_s": at_s[row], **columns})
    return table.with_columns(pl.col(COLUMNS).fill_nan(None))


def _gait(steps: pl.DataFrame, timed: bool, params: Params) -> pl.DataFrame:
    """One row a bout."""
    stride = (pl.col("at_s").shift(-2) - pl.col("at_s")).over("bout").alias("stride_s")
    usual = pl.col("stride_s").median().over("bout")
    # A turn or a moment's rest is no stride.
    off = (pl.col("stride_s") - usual).abs() > params.stride_off_share * usual
    kept = pl.when(~off).then(pl.col("stride_s"))
    by_bout = (
        steps.with_columns(stride)
        .with_columns(kept.alias("kept_s"))
        .group_by("bout", maintain_order=True)
        .agg(
            pl.col("step_regularity", "stride_regularity", "swing_g").median(),
            pl.col("stride_s").median().alias("usual_s"),
            pl.col("kept_s").mean().alias("stride_time_s"),
            pl.col("kept_s").std().alias("varies_s"),
            pl.col("kept_s").count().alias("strides"),
        )
    )
    regular = pl.max_horizontal("step_regularity", "stride_regularity").fill_null(-1.0)
    quality = pl.lit(POOR)
    for name in (FAIR, GOOD):
        quality = pl.when(regular >= LEAST[name]).then(pl.lit(name)).otherwise(quality)
    varies = 100 * pl.col("varies_s") / pl.col("stride_time_s")
    known = pl.lit(timed) & (pl.col("strides") >= params.least_strides)
    runs = pl.col("usual_s") <= 120.0 / params.running_spm
    symmetry = (pl.col("step_regularity") / pl.col("stride_regularity")).clip(0.0, 1.0)
    return by_bout.select(
        "step_regularity",
        "stride_regularity",
        pl.when(pl.col("stride_regularity") > 0).then(symmetry).alias("symmetry"),
        "stride_time_s",
        pl.when(known).then(varies).alias("stride_time_cv_percent"),
        (runs & (pl.col("swing_g") >= params.running_g)).fill_null(False).alias("running"),
        quality.alias("quality"),
    )
