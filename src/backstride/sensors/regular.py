"""Unevenly timed samples onto an even grid, as a stream, with gaps kept as gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from backstride.records import Block, Notices
from backstride.words import say

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GAP_SAMPLES = 5
MIN_GAP_S = 0.5
MAX_RATE_HZ = 1000.0
MIN_RATE_HZ = 5.0


def estimate_rate_hz(t_s: NDArray[np.float64]) -> float:
    """The usual sampling rate: samples per second where nothing is missing.

    Clocks that count milliseconds make steps like 10, 10, 11: their mean, without the
    steps over one and a half times the median, is the rate.
    """
    step = np.diff(t_s)
    step = step[step > 0]
    if not len(step):
        return 0.0
    usual = step[step <= 1.5 * max(float(np.median(step)), 1 / MAX_RATE_HZ)]
    return float(1 / usual.mean()) if len(usual) else 0.0


@dataclass
class Regular:
    """Puts chunks of (seconds since 1970, acceleration) on a grid of `fs_hz`.

    Linear interpolation; a hole of more than `GAP_SAMPLES` samples and `MIN_GAP_S` seconds
    starts a new block. Samples that don't come after the one before are counted and left out.
    """

    fs_hz: float
    notices: Notices
    _t: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    _acc: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 3), np.float32))
    _start_s: float = 0.0  # of the open stretch's grid
    _done: int = 0  # grid points given out in this stretch

    @property
    def gap_s(self) -> float:
        return max(GAP_SAMPLES / self.fs_hz, MIN_GAP_S)

    def push(
        self, t_s: NDArray[np.float64], acc: NDArray[np.float32], where: str
    ) -> Iterator[Block]:
        """Blocks that this chunk completes; `where` names the chunk for the notices."""
        if not len(t_s):
            return
        t_s, acc = self._increasing(t_s, acc, where)
        t_s, acc = np.concatenate([self._t, t_s]), np.concatenate([self._acc, acc])
        if not len(t_s):
            return
        if not len(self._t):
            self._start_s = t_s[0]
        holes = np.flatnonzero(np.diff(t_s) > self.gap_s) + 1
        for first, last in zip([0, *holes], [*holes, len(t_s)], strict=True):
            if first > 0:
                self._start_s, self._done = float(t_s[first]), 0
            block = self._grid(t_s[first:last], acc[first:last])
            if block is not None:
                yield block
        self._t, self._acc = t_s[-1:], acc[-1:]

    def _increasing(
        self, t_s: NDArray[np.float64], acc: NDArray[np.float32], where: str
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        before = self._t[-1] if len(self._t) else -np.inf
        latest = np.maximum.accumulate(np.concatenate([[before], t_s[:-1]]))
        good = t_s > latest
        if not good.all():
            text = say("rows whose time does not come after the row before were left out.")
            self.notices.add("time.not_increasing", text, where, int((~good).sum()))
        return t_s[good], acc[good]

    def _grid(self, t_s: NDArray[np.float64], acc: NDArray[np.float32]) -> Block | None:
        last = int(np.floor((t_s[-1] - self._start_s) * self.fs_hz + 1e-6))
        if last < self._done:
            return None
        grid = np.arange(self._done, last + 1) / self.fs_hz + (self._start_s - t_s[0])
        out = np.empty((len(grid), 3), dtype=np.float32)
        for axis in range(3):
            out[:, axis] = np.interp(grid, t_s - t_s[0], acc[:, axis])
        start = EPOCH + timedelta(seconds=self._start_s + self._done / self.fs_hz)
        self._done = last + 1
        return Block(start, self.fs_hz, out)
