"""The signal behind a gallery: how lively each stretch is, and the few that are drawn.

Each is one pass over the recording's blocks; only what is asked for is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.records import Block

VIEW_S = 20.0  # how long a stretch is looked at
LEAST_SAMPLES = 5  # of a second, to say how far it spreads
SLACK = 1e-3  # of a sample, by which instants are rounded
OPEN_SECONDS = 36_000  # how many are gathered before they are summed up

Signal = NDArray[np.float64]


@dataclass(frozen=True)
class Trace:
    """The magnitude `g` at `at_s` (s since 1970), at the recording's rate.

    `run` counts the pieces: where it goes up, signal is missing.
    """

    at_s: Signal
    g: Signal
    run: NDArray[np.int64]


def activity(blocks: Iterable[Block]) -> pl.DataFrame:
    """`start_s` (s since 1970) and `spread_g` of each 20 s of which half was recorded.

    The spread is the median of the standard deviations of its seconds' magnitude: one knock
    doesn't make a stretch lively, moving throughout does.
    """
    schema = {"at_s": pl.Float64(), "spread_g": pl.Float64()}
    done, gathered = [], pl.DataFrame(schema=schema)
    for block in blocks:
        gathered = pl.concat([gathered, pl.DataFrame(_by_second(block), schema=schema)])
        if len(gathered) > OPEN_SECONDS:
            open_ = pl.col("at_s") >= gathered["at_s"][-1] // VIEW_S * VIEW_S
            done.append(_summed(gathered.filter(~open_)))
            gathered = gathered.filter(open_)
    return pl.concat([*done, _summed(gathered)])


def _by_second(block: Block) -> dict[str, Signal]:
    """Each clock second of a block, and the standard deviation of the magnitude in it."""
    off_g = _magnitude(block) - 1.0
    second = np.floor(block.start_utc.timestamp() + np.arange(len(off_g)) / block.fs_hz)
    first = np.flatnonzero(np.r_[True, np.diff(second) > 0][: len(second)])
    if not len(first):
        return {"at_s": np.empty(0), "spread_g": np.empty(0)}
    n = np.diff(np.r_[first, len(off_g)])
    mean = np.add.reduceat(off_g, first) / n
    spread = np.sqrt(np.maximum(np.add.reduceat(off_g * off_g, first) / n - mean**2, 0.0))
    enough = n >= LEAST_SAMPLES
    return {"at_s": second[first][enough], "spread_g": spread[enough]}


def _summed(seconds: pl.DataFrame) -> pl.DataFrame:
    start = (pl.col("at_s") // VIEW_S * VIEW_S).alias("start_s")
    return (
        seconds.group_by(start)
        .agg(pl.col("spread_g").median(), pl.col("at_s").n_unique().alias("seconds"))
        .filter(pl.col("seconds") >= VIEW_S / 2)
        .sort("start_s")
        .select("start_s", "spread_g")
    )


def cut(blocks: Iterable[Block], spans: Sequence[tuple[float, float]]) -> list[Trace]:
    """The signal within each of these spans (s since 1970), and no more of the recording."""
    found: list[list[tuple[Signal, Signal]]] = [[] for _ in spans]
    step_s = 0.0
    for block in blocks:
        start_s = block.start_utc.timestamp()
        if all(end_s <= start_s for _, end_s in spans):
            break
        for pieces, (low_s, high_s) in zip(found, spans, strict=True):
            low, high = (
                np.ceil((at_s - start_s) * block.fs_hz - SLACK) for at_s in (low_s, high_s)
            )
            first, last = max(int(low), 0), min(int(high), len(block.acc))
            if first < last:
                step_s = max(step_s, 1.0 / block.fs_hz)
                part = Block(block.start_utc, block.fs_hz, block.acc[first:last])
                pieces.append((start_s + np.arange(first, last) / block.fs_hz, _magnitude(part)))
    return [_trace(pieces, 1.5 * step_s) for pieces in found]


def _trace(pieces: Sequence[tuple[Signal, Signal]], longest_s: float) -> Trace:
    at_s = np.concatenate([np.empty(0), *(at for at, _ in pieces)])
    g = np.concatenate([np.empty(0), *(g for _, g in pieces)])
    breaks = np.diff(at_s, prepend=at_s[:1]) > longest_s
    return Trace(at_s, g, np.cumsum(breaks, dtype=np.int64))


def _magnitude(block: Block) -> Signal:
    length: Signal = np.linalg.norm(block.acc, axis=1).astype(np.float64)
    return length


def extremes(trace: Trace, start_s: float, end_s: float, columns: int) -> Trace:
    """The lowest and the highest sample of each of so many columns, where they are crowded.

    What is drawn then has the same outline as all samples have; one column is one pixel.
    """
    if len(trace.at_s) <= 2 * columns:
        return trace
    column = np.floor((trace.at_s - start_s) / (end_s - start_s) * columns).astype(np.int64)
    group = column * (int(trace.run[-1]) + 1) + trace.run
    order = np.lexsort((trace.g, group))
    edge = np.flatnonzero(np.diff(group[order])) + 1
    lowest, highest = np.r_[0, edge], np.r_[edge, len(order)] - 1
    kept = np.unique(np.r_[order[lowest], order[highest]])
    return Trace(trace.at_s[kept], trace.g[kept], trace.run[kept])
