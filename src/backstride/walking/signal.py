"""Blocks of any rate to one even stream of acceleration magnitude, stretch by stretch.

Each output sample is the mean magnitude over its own 1/fs_hz, taken from the integral of
the input. Its notches lie on the multiples of the output rate, so that what would fold into
the walking band is gone; and the result does not depend on how the recording is cut into
blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from backstride.records import Block

Signal = NDArray[np.float64]


@dataclass(frozen=True)
class Chunk:
    """The next part of a stretch without a gap; `first` tells that the stretch starts here."""

    stretch_utc: datetime
    magnitude_g: Signal
    first: bool


@dataclass
class EvenMagnitude:
    """Takes blocks in turn, gives their magnitude at `fs_hz`; a gap starts a new stretch."""

    fs_hz: float
    _start_utc: datetime | None = None  # of the open stretch
    _step_s: float = 0.0  # of its last block
    _state: Signal = field(default_factory=lambda: np.zeros(4))  # see signal_kernels.average

    def push(self, block: Block) -> Chunk:
        """What this block (at least one sample) completes."""
        from backstride.walking import signal_kernels

        acc = np.ascontiguousarray(block.acc, dtype=np.float32)
        step_s = 1.0 / block.fs_hz
        start_utc = self._start_utc
        first = start_utc is None or not follows(
            block, start_utc, float(self._state[0]), self._step_s
        )
        if start_utc is None or first:
            self._start_utc = start_utc = block.start_utc
            self._state = np.array([0.0, np.linalg.norm(acc[0].astype(np.float64)), 0.0, 0.0])
        start_s = (block.start_utc - start_utc).total_seconds()
        lasts_s = start_s + len(acc) * step_s - self._state[0]
        out = np.empty(int(lasts_s * self.fs_hz) + 2)
        count = signal_kernels.average(acc, start_s, step_s, self.fs_hz, self._state, out)
        self._step_s = step_s
        return Chunk(start_utc, out[:count], first)


def follows(block: Block, stretch_utc: datetime, last_s: float, step_s: float) -> bool:
    """Whether a block goes on where a stretch ended, to within half a sample.

    The stretch's last sample was `last_s` after its start, `step_s` after the one before.
    """
    start_s = (block.start_utc - stretch_utc).total_seconds()
    return abs(start_s - last_s - step_s) <= 0.5 * max(1.0 / block.fs_hz, step_s)
