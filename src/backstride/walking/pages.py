"""Fixed pages of a stretch, so that what is found doesn't depend on how it was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from backstride.walking.signal import Chunk, Signal


@dataclass(frozen=True)
class Page:
    """A page of a stretch with its margins.

    `magnitude_g` starts at sample `index` of the stretch; what is found in samples
    [`core_start`, `core_end`) of the stretch belongs to this page, the rest to its neighbours.
    """

    stretch_utc: datetime
    index: int
    magnitude_g: Signal
    core_start: int
    core_end: int


class Pages:
    """Cuts chunks into pages of `core` samples, with up to `margin` of their neighbours."""

    def __init__(self, core: int, margin: int) -> None:
        self._core, self._margin = core, margin
        self._stretch_utc: datetime | None = None
        self._held: list[Signal] = []
        self._length = 0  # of what is held
        self._index = 0  # of its first sample, in the stretch
        self._number = 0  # of the next page

    def push(self, chunk: Chunk) -> Iterator[Page]:
        """The pages that are whole with this chunk; and the last ones of the stretch before."""
        if chunk.first:
            yield from self.unfinished()
            self.clear()
            self._stretch_utc = chunk.stretch_utc
        self._held.append(chunk.magnitude_g)
        self._length += len(chunk.magnitude_g)
        if self._index + self._length < self._whole():
            return
        signal, utc = self._signal(), chunk.stretch_utc
        while self._index + len(signal) >= self._whole():
            yield self._page(utc, signal, self._index, self._number)
            self._number += 1
            drop = max(self._number * self._core - self._margin - self._index, 0)
            signal, self._index = signal[drop:], self._index + drop
        self._held, self._length = [signal.copy()], len(signal)

    def unfinished(self) -> Iterator[Page]:
        """What would be pages if the stretch ended here; more chunks may still come."""
        if self._stretch_utc is None:
            return
        signal, number = self._signal(), self._number
        while number * self._core < self._index + len(signal):
            start = max(number * self._core - self._margin - self._index, 0)
            yield self._page(self._stretch_utc, signal[start:], self._index + start, number)
            number += 1

    def clear(self) -> None:
        """Forget the open stretch."""
        self._stretch_utc, self._held = None, []
        self._index = self._length = self._number = 0

    def _whole(self) -> int:
        """How many samples of the stretch make the next page whole, with its margin."""
        return (self._number + 1) * self._core + self._margin

    def _signal(self) -> Signal:
        self._held = [np.concatenate(self._held)] if self._held else [np.empty(0)]
        return self._held[0]

    def _page(self, utc: datetime, signal: Signal, index: int, number: int) -> Page:
        end = min((number + 1) * self._core, index + len(signal))
        upto = min(end + self._margin, index + len(signal)) - index
        return Page(utc, index, signal[:upto], number * self._core, end)
