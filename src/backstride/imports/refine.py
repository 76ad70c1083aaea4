"""A watch's walks inside its all-day counts: the same steps, told twice and counted once.

A watch counts all day, in stretches of minutes or hours, and of a recorded walk each minute
besides. Its day's total has both in it once. So where walks lie inside a stretch, the steps of
the walks are taken out of it, and what is left is spread over the time that no walk covers;
where the walks have more than the stretch, or cover all of it, the walks' steps are brought
to its count. A day then comes to what the watch itself says it did.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.imports.merge import merge
from backstride.records import SAMPLES, checked

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def refined(stretches: pl.DataFrame, walks: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`stretches` without the time and the steps of `walks`, and `walks` with their steps.

    Both are SAMPLES of one watch, the stretches with steps. Where these overlap, which those of
    two watches of one name do, they are merged, and their metres not known.
    """
    covering = merge(walks, "steps")
    if covering.is_empty() or stretches.is_empty():
        return stretches, walks
    rows = stretches.sort("start")
    if (rows["start"] < rows["end"].shift()).any():
        rows = checked(merge(stretches, "steps"), SAMPLES)
    start, end = (rows[name].to_physical().to_numpy() for name in ("start", "end"))
    steps = rows["steps"].to_numpy()
    walked = _until(covering, "steps")
    covered = _until(covering.with_columns(seconds=_microseconds()), "seconds")
    inside, busy = _between(walked, start, end), _between(covered, start, end)
    free = (end - start) - busy
    some = inside > 0
    if not some.any():
        return stretches, walks
    left = np.where(some & (free > 0), np.maximum(steps - inside, 0), np.where(some, 0, steps))
    factor = np.ones(len(rows))
    scaled = some & ((inside > steps) | (free <= 0))
    factor[scaled] = steps[scaled] / inside[scaled]
    metres = rows["distance_m"].to_numpy()
    walks_metres = _between(_until(merge(walks, "distance_m"), "distance_m"), start, end)
    metres = np.where(some, np.maximum(metres - walks_metres, 0), metres)
    pieces = rows.with_columns(
        pl.Series("steps", left), pl.Series("distance_m", metres).fill_nan(None)
    )
    return (
        checked(_cut(pieces, covering, some), SAMPLES),
        _scaled(walks, start, end, factor),
    )


def _microseconds() -> pl.Expr:
    return (pl.col("end") - pl.col("start")).dt.total_microseconds().cast(pl.Float64)


def _until(rows: pl.DataFrame, name: str) -> tuple[Ints, Floats]:
    """What intervals that don't overlap come to, up to each of their borders."""
    at = np.column_stack([rows["start"].to_physical(), rows["end"].to_physical()]).ravel()
    parts = np.column_stack([np.zeros(len(rows)), rows[name].to_numpy()]).ravel()
    return at, np.cumsum(parts)


def _between(until: tuple[Ints, Floats], start: Ints, end: Ints) -> Floats:
    at, total = until
    if not len(at):
        return np.zeros(len(start))
    grown: Floats = np.interp(end, at, total) - np.interp(start, at, total)
    return np.where(np.abs(grown) < 1e-6, 0.0, grown)


def _cut(rows: pl.DataFrame, covering: pl.DataFrame, some: NDArray[np.bool_]) -> pl.DataFrame:
    """The rows that have walks inside, as what is left of them between the walks."""
    touched = rows.filter(pl.Series(some))
    start, end = (touched[name].to_physical().to_numpy() for name in ("start", "end"))
    first, last = (covering[name].to_physical().to_numpy() for name in ("start", "end"))
    borders = np.unique(np.concatenate([start, end, first, last]))
    left, right = borders[:-1], borders[1:]
    row = np.searchsorted(start, left, side="right") - 1
    walk = np.searchsorted(first, left, side="right") - 1
    free = (row >= 0) & (left < end[row]) & ~((walk >= 0) & (left < last[walk]))
    left, right, row = left[free], right[free], row[free]
    share = (right - left) / np.bincount(row, right - left, len(touched))[row]
    whole = touched[row].with_columns(
        pl.Series("start", left).cast(SAMPLES["start"]),
        pl.Series("end", right).cast(SAMPLES["end"]),
        pl.col("steps", "distance_m") * pl.Series(share),
    )
    return pl.concat([rows.filter(pl.Series(~some)), whole]).filter(pl.col("steps") > 0)


def _scaled(walks: pl.DataFrame, start: Ints, end: Ints, factor: Floats) -> pl.DataFrame:
    """Each walk's steps by the mean, over its time, of the stretches' factors; 1 outside."""
    first, last = (walks[name].to_physical().to_numpy() for name in ("start", "end"))
    more = np.column_stack([np.zeros(len(start)), (factor - 1) * (end - start)]).ravel()
    until = np.column_stack([start, end]).ravel(), np.cumsum(more)
    mean = 1 + _between(until, first, last) / np.maximum(last - first, 1)
    return walks.with_columns(pl.col("steps") * pl.Series(mean))
