"""Minutes and bouts of walking from the interval counts of phones, watches and tracks.

What such counts can't say, and how that is dealt with:
- An interval's steps are spread evenly over its time. A walk of 5 minutes inside a record
  of 10 therefore shows at half its cadence: walking and brisk minutes err low, never high.
- In a record longer than 15 minutes nobody knows when the steps were. Where even its mean is
  60 steps/min or more its minutes are walking; otherwise (3,000 steps in an hour) it makes
  no walking minute: its steps are `untimed_steps`, put down once a quarter of an hour, which
  no midnight cuts, and `walking_s` is null (unknown), not 0.
- Old phones wrote what they had gathered over minutes as an interval of seconds (329 steps
  in 5 s). Such steps are real and count for the day, as `untimed_steps`, but make neither
  walking minutes nor cadence.
- Bouts are runs of clock minutes, so their length is good to about a minute.

The rules are those of clinical-facts section 2 (minute-level bouts).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.imports import merge
from backstride.records import BOUTS, MINUTES, checked, empty

WALKING_SPM = 60  # a minute with at least so many steps is a walking minute
WALKING_S = 30  # and so is one that the source itself saw walking for half of it
BOUT_GAP_MIN = 1  # a bout goes on over one minute of rest
LONG_S = 15 * 60  # phones and watches write records of up to about 10 minutes
# No walk and hardly a sprint has more than 4 steps a second; 4 more for rounding.
BATCH_STEPS_PER_S = 4.0
BATCH_ALLOWANCE = 4

MINUTE_US = 60_000_000
QUARTER_US = 15 * MINUTE_US

Ints = NDArray[np.int64]


class Pieces(NamedTuple):
    """Intervals cut at the minutes: the row each is of, its minute and its share of the row."""

    row: Ints
    minute: Ints
    share: NDArray[np.float64]
    seconds: NDArray[np.float64]


def minutes_of(
    samples: pl.DataFrame, order: Sequence[str] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Samples of any sources (SAMPLES, overlapping) as MINUTES and BOUTS, counted once.

    `order` names the preferred sources first, as in `backstride.imports.merge`.
    """
    return minutes_from_samples(
        merge(samples, "steps", order),
        merge(samples, "walking_s", order),
        merge(samples, "distance_m", order),
    )


def minutes_from_samples(
    steps: pl.DataFrame, walking: pl.DataFrame, distance: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Merged intervals of steps, of walking_s and of distance_m as MINUTES and BOUTS.

    Each table is one that `backstride.imports.merge` gives: not overlapping, sorted. A
    minute's `walking_s` is 60 where it has 60 timed steps, or what the source says, if that
    is more; null where neither is known. `worn_s` is known of sensors alone.
    """
    parts = [
        _steps_by_minute(steps),
        _sum_by_minute(walking, "walking_s"),
        _sum_by_minute(distance, "distance_m"),
    ]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.join(part, on="minute", how="full", coalesce=True)
    if joined.is_empty():
        return empty(MINUTES), empty(BOUTS)
    minutes = joined.sort("minute").select(
        (pl.col("minute") * MINUTE_US).cast(MINUTES["start"]).alias("start"),
        "steps",
        _walking_s(),
        "distance_m",
        "worn_s",
        pl.coalesce("source", "walking_s_source", "distance_m_source").alias("source"),
        "untimed_steps",
    )
    minutes = checked(minutes, MINUTES)
    return minutes, bouts_of(minutes)


def bouts_of(minutes: pl.DataFrame) -> pl.DataFrame:
    """Runs of walking minutes with rests of at most one minute between them (BOUTS).

    Every run counts, from one minute up; what is called a purposeful bout is one of 5
    minutes or more. `cadence_spm` is the mean over the run's walking minutes, null where
    its steps aren't known.
    """
    timed = pl.col("steps") - pl.col("untimed_steps").fill_null(0)
    walking = (timed >= WALKING_SPM) | (pl.col("walking_s") >= WALKING_S)
    rows = minutes.sort("start").filter(walking.fill_null(value=False))
    apart = pl.col("start").diff() > pl.duration(minutes=1 + BOUT_GAP_MIN)
    runs = rows.with_columns(
        apart.fill_null(value=False).cum_sum().alias("run"), timed.alias("timed")
    )
    bouts = runs.group_by("run", maintain_order=True).agg(
        pl.col("start").min(),
        (pl.col("start").max() + pl.duration(minutes=1)).alias("end"),
        pl.when(pl.col("timed").count() > 0).then(pl.col("timed").sum()).alias("steps"),
        pl.col("timed").mean().alias("cadence_spm"),
        pl.col("source").mode().min().alias("source"),
    )
    return checked(bouts.drop("run"), BOUTS)


def _walking_s() -> pl.Expr:
    by_steps = (
        pl.when(pl.col("timed_steps") >= WALKING_SPM)
        .then(60.0)
        .when(pl.col("is_resolved"))
        .then(0.0)
        .otherwise(None)
    )
    return pl.max_horizontal(by_steps, "walking_s").clip(0, 60).alias("walking_s")


def _steps_by_minute(steps: pl.DataFrame) -> pl.DataFrame:
    """Columns minute, steps, untimed_steps, timed_steps, is_resolved, worn_s, source."""
    seconds = _seconds(steps)
    count = steps["steps"].to_numpy()
    is_batch = count > seconds * BATCH_STEPS_PER_S + BATCH_ALLOWANCE
    is_sensor = (steps["device"] == "sensor").to_numpy()
    is_vague = (seconds > LONG_S) & (count * 60 < WALKING_SPM * seconds) & ~is_sensor
    pieces = _cut(steps, is_vague)
    row = pieces.row
    is_untimed = (is_batch | is_vague)[row]
    share = count[row] * pieces.share
    table = pl.DataFrame(
        {
            "minute": pieces.minute,
            "steps": share,
            "untimed_steps": np.where(is_untimed, share, 0.0),
            "is_resolved": ~is_untimed,
            "worn_s": np.where(is_sensor[row], pieces.seconds, 0.0),
            "is_sensor": is_sensor[row],
        }
    ).with_columns(steps["source"].gather(row))
    return (
        table.group_by("minute")
        .agg(
            pl.col("steps", "untimed_steps").sum(),
            pl.col("is_resolved", "is_sensor").any(),
            pl.col("worn_s").sum(),
            pl.col("source").get(pl.col("steps").arg_max()),
        )
        .with_columns(
            (pl.col("steps") - pl.col("untimed_steps")).alias("timed_steps"),
            pl.when(pl.col("untimed_steps") > 0).then("untimed_steps"),
            pl.when(pl.col("is_sensor")).then("worn_s").alias("worn_s"),
        )
    )


def _sum_by_minute(merged: pl.DataFrame, quantity: str) -> pl.DataFrame:
    """Columns minute, the quantity's sum, and `<quantity>_source` that gave most of it."""
    # Seconds of walking are about their minutes, however long the walk; metres needn't be.
    is_vague = (_seconds(merged) > LONG_S) & (quantity != "walking_s")
    pieces = _cut(merged, is_vague)
    table = pl.DataFrame(
        {
            "minute": pieces.minute,
            quantity: merged[quantity].to_numpy()[pieces.row] * pieces.share,
        }
    ).with_columns(merged["source"].gather(pieces.row).alias(f"{quantity}_source"))
    return table.group_by("minute").agg(
        pl.col(quantity).sum(),
        pl.col(f"{quantity}_source").get(pl.col(quantity).arg_max()),
    )


def _cut(merged: pl.DataFrame, is_vague: NDArray[np.bool_]) -> Pieces:
    """Cut intervals at the clock's minutes, vague ones at its quarters of an hour.

    With NumPy: no loop over rows or minutes.
    """
    start = merged["start"].to_physical().to_numpy()
    end = merged["end"].to_physical().to_numpy()
    unit = np.where(is_vague, QUARTER_US, MINUTE_US)
    first, last = start // unit, (end - 1) // unit
    counts = last - first + 1
    row = np.repeat(np.arange(len(start), dtype=np.int64), counts)
    begins = np.cumsum(counts) - counts
    cell = first[row] + np.arange(len(row), dtype=np.int64) - begins[row]
    low = np.maximum(start[row], cell * unit[row])
    high = np.minimum(end[row], (cell + 1) * unit[row])
    inside = (high - low).astype(np.float64)
    return Pieces(row, low // MINUTE_US, inside / (end - start)[row], inside / 1e6)


def _seconds(merged: pl.DataFrame) -> NDArray[np.float64]:
    span = merged["end"].to_physical() - merged["start"].to_physical()
    return span.to_numpy() / 1e6
