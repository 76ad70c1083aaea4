"""Blocks of any rate to one even stream of acceleration magnitude, stretch by stretch.

Each output sample is the mean magnitude over its own 1/fs_hz, taken from the running
integral of the input. Its notches lie on the multiples of the output rate, so that what
would fold into the walking band is gone; and the result does not depend on how the
recording is cut into blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from backstride.records import Block

Signal = NDArray[np.float64]


@dataclass(frozen=True)
class Chunk:
    """Part of a stretch without a gap: `index` counts samples from the stretch's start.

    `last` tells that the stretch ends here.
    """

    stretch_utc: datetime
    index: int
    magnitude_g: Signal
    last: bool


@dataclass
class _Stretch:
    """An open stretch: the samples that the next output sample still needs."""

    start_utc: datetime
    times: Signal  # from the start, s
    area: Signal  # running integral of the magnitude at these times
    level: float  # the magnitude at the last one
    step_s: float
    done: int = 0  # output samples given out


def magnitude(acc: NDArray[np.float32]) -> Signal:
    """The length of each row's vector, in g."""
    length: Signal = np.sqrt(np.einsum("ij,ij->i", acc, acc, dtype=np.float64))
    return length


def even_magnitude(blocks: Iterable[Block], fs_hz: float) -> Iterator[Chunk]:
    """The magnitude of all blocks at `fs_hz`; a gap starts a new stretch."""
    stretch: _Stretch | None = None
    for block in blocks:
        if not len(block.acc):
            continue
        values = magnitude(block.acc)
        if stretch is not None and not _follows(stretch, block):
            yield _end(stretch)
            stretch = None
        if stretch is None:
            start = block.start_utc
            first = np.zeros(1)
            stretch = _Stretch(start, first, first, float(values[0]), 1.0 / block.fs_hz)
        yield _advance(stretch, block, values, fs_hz)
    if stretch is not None:
        yield _end(stretch)


def _end(stretch: _Stretch) -> Chunk:
    return Chunk(stretch.start_utc, stretch.done, np.empty(0), last=True)


def _follows(stretch: _Stretch, block: Block) -> bool:
    """Whether a block goes on where the stretch ended, to within half a sample."""
    step_s = 1.0 / block.fs_hz
    start_s = (block.start_utc - stretch.start_utc).total_seconds()
    off_s = start_s - float(stretch.times[-1]) - stretch.step_s
    return abs(off_s) <= 0.5 * max(step_s, stretch.step_s)


def _advance(stretch: _Stretch, block: Block, values: Signal, fs_hz: float) -> Chunk:
    start_s = (block.start_utc - stretch.start_utc).total_seconds()
    times = start_s + np.arange(len(values)) / block.fs_hz
    before = np.concatenate([[stretch.level], values[:-1]])
    step = np.diff(times, prepend=stretch.times[-1])
    area = stretch.area[-1] + np.cumsum(0.5 * (before + values) * step)
    times = np.concatenate([stretch.times, times])
    area = np.concatenate([stretch.area, area])
    ready = max(int(np.floor(times[-1] * fs_hz + 1e-9)), stretch.done)
    edges = np.arange(stretch.done, ready + 1) / fs_hz
    chunk = Chunk(
        stretch.start_utc, stretch.done, np.diff(np.interp(edges, times, area)) * fs_hz, False
    )
    kept = max(int(np.searchsorted(times, edges[-1], side="right")) - 1, 0)
    stretch.times, stretch.area = times[kept:], area[kept:] - area[kept]
    stretch.level, stretch.step_s, stretch.done = float(values[-1]), 1.0 / block.fs_hz, ready
    return chunk
