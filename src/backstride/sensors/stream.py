"""Samples that come in batches while they are recorded, as from a phone in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from backstride.records import Block, Notices, Placement, Recording
from backstride.sensors.regular import Regular
from backstride.sensors.table import EARLIEST_S, LARGEST_G, LATEST_S
from backstride.words import say

FS_HZ = 100.0  # what phones give at most, and far more than walking needs


class Batches:
    """Puts samples with times of their own on an even grid of `fs_hz`, batch by batch."""

    def __init__(self, fs_hz: float, notices: Notices) -> None:
        self._notices = notices
        self._regular = Regular(fs_hz, notices)
        self._seen = 0

    def push(self, t_s: ArrayLike, acc: ArrayLike) -> Iterator[Block]:
        """Blocks of the next samples: `t_s` [n] seconds since 1970, `acc` [n, 3] in g.

        A sample that is no number, or not after the one before, is left out and counted in
        the notices; a hole of over half a second is a gap. Raises ValueError for arrays of
        another shape.
        """
        times, values = np.asarray(t_s, np.float64), np.asarray(acc, np.float64)
        if times.ndim != 1 or values.shape != (len(times), 3):
            raise ValueError(
                f"t_s of shape {times.shape} and acc of {values.shape}; expected [n] and [n, 3]"
            )
        good = (times >= EARLIEST_S) & (times < LATEST_S)
        good &= (np.abs(values) <= LARGEST_G).all(axis=1)  # false for what is no number
        where = say("sample {n}", n=self._seen)
        self._seen += len(times)
        if not good.all():
            text = say("samples without a usable time and three numbers were left out.")
            self._notices.add("row.bad", text, where, int((~good).sum()))
        return self._regular.push(times[good], values[good].astype(np.float32), where)


def open_stream(
    batches: Iterable[tuple[ArrayLike, ArrayLike]],
    source: str,
    device: str,
    placement: Placement = Placement.UNKNOWN,
    fs_hz: float = FS_HZ,
) -> Recording:
    """A Recording of batches (times, acceleration) as they arrive: see `Batches.push`.

    Its blocks come as the batches do; they can be read again only if `batches` can. The
    progress counts batches.
    """
    notices = Notices()

    def read(progress: Callable[[int], None]) -> Iterator[Block]:
        notices.clear()
        onto_grid = Batches(fs_hz, notices)
        for number, (t_s, acc) in enumerate(batches, 1):
            yield from onto_grid.push(t_s, acc)
            progress(number)

    return Recording(source, device, placement, fs_hz, read, 0, notices)
