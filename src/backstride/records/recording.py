"""A raw accelerometer recording: blocks of tri-axial acceleration in g."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from backstride.records.notices import Notices


class Placement(StrEnum):
    """Where the sensor was worn or carried."""

    WRIST = "wrist"
    POCKET = "pocket"
    WAIST = "waist"
    LOWER_BACK = "lower_back"
    HAND = "hand"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Block:
    """A stretch of evenly sampled signal without a gap inside.

    `start_utc` is the instant of the first sample (timezone-aware UTC), `fs_hz` the true
    sampling rate over the block, `acc` float32 of shape [n, 3] in g. `clipped` counts the
    samples with an axis at the end of the sensor's range: their true acceleration is larger.
    """

    start_utc: datetime
    fs_hz: float
    acc: NDArray[np.float32]
    clipped: int = 0

    @property
    def end_utc(self) -> datetime:
        """The instant one sample after the last one: the next block's start if no gap."""
        return self.start_utc + timedelta(seconds=len(self.acc) / self.fs_hz)


@dataclass(frozen=True)
class Recording:
    """One file or stream of raw acceleration, never held whole in memory.

    Blocks come in time order and don't overlap; a gap is the time between one block's
    end and the next one's start, and is never filled. `blocks()` may be called again and
    reads again. What was wrong in the file gathers in `notices` while blocks are read.
    `size` is the number of units of progress (bytes or samples) that `progress` counts to.
    `worn` says that the device is made to be worn, so that lying still means not worn unless
    the placement says that it was carried.
    """

    source: str
    device: str
    placement: Placement
    fs_hz: float
    read: Callable[[Callable[[int], None]], Iterator[Block]] = field(repr=False)
    size: int = 0
    notices: Notices = field(default_factory=Notices)
    worn: bool = False

    def blocks(self, progress: Callable[[int], None] | None = None) -> Iterator[Block]:
        """Read the blocks; `progress(done)` is called as `done` of `size` units are read."""
        return self.read(progress or _ignore)


def _ignore(_done: int) -> None:
    return None
