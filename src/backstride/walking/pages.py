"""Fixed pages of a stretch, so that what is found doesn't depend on how it was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def pages(chunks: Iterable[Chunk], core: int, margin: int) -> Iterator[Page]:
    """Pages of `core` samples with up to `margin` samples of their neighbours on each side."""
    held: list[Signal] = []
    first, length, number = 0, 0, 0  # index of the held signal, its length, the page's number
    for chunk in chunks:
        held.append(chunk.magnitude_g)
        length += len(chunk.magnitude_g)
        if not chunk.last and first + length < (number + 1) * core + margin:
            continue
        signal = np.concatenate(held)
        while first + len(signal) >= (number + 1) * core + margin or (
            chunk.last and number * core < first + len(signal)
        ):
            end = min((number + 1) * core, first + len(signal))
            upto = min(end + margin, first + len(signal)) - first
            yield Page(chunk.stretch_utc, first, signal[:upto], number * core, end)
            number += 1
            drop = max(number * core - margin - first, 0)
            signal, first = signal[drop:], first + drop
        held, length = [signal], len(signal)
        if chunk.last:
            held, first, length, number = [], 0, 0, 0
