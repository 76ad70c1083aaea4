"""A recording to what was walked in it, in one pass and bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride import __version__
from backstride.records import (
    STEPS,
    Block,
    Notice,
    Notices,
    Placement,
    Recording,
    checked,
    empty,
)
from backstride.sensors.stream import Batches
from backstride.walking.bouts import bout_edges, bout_table, instants
from backstride.walking.growing import Growing
from backstride.walking.minutes import Minutes, minute_table, not_worn
from backstride.walking.pages import Page, Pages
from backstride.walking.params import ALGORITHM, ALGORITHM_VERSION, DEFAULT, Params
from backstride.walking.signal import EvenMagnitude, Signal
from backstride.walking.stepping import steps_in

WORN = frozenset({Placement.WRIST, Placement.WAIST, Placement.LOWER_BACK})
STEPS_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class Measurement:
    """What was walked in one recording, and what it rests on.

    `bouts`, `steps` and `minutes` have the schemas of `backstride.records`. `fs_hz` is the
    recording's rate, `start_utc` and `end_utc` its first and last instant (None if it is
    empty), `recorded_s` the seconds of signal in between. `worn_s` is None for a device that
    is carried. `params`, `algorithm` and `version` made it.
    """

    bouts: pl.DataFrame
    steps: pl.DataFrame
    minutes: pl.DataFrame
    source: str
    device: str
    placement: Placement
    fs_hz: float
    start_utc: datetime | None
    end_utc: datetime | None
    recorded_s: float
    worn_s: float | None
    notices: tuple[Notice, ...]
    params: Params
    algorithm: str = f"{ALGORITHM} {ALGORITHM_VERSION}"
    version: str = __version__


class Live:
    """Measures while the recording still comes: blocks or samples are pushed, results asked for.

    However it is cut, the result is the same. What is kept grows with the steps and minutes
    found, not with the signal.
    """

    def __init__(
        self,
        source: str,
        placement: Placement = Placement.UNKNOWN,
        *,
        device: str = "",
        fs_hz: float = 100.0,
        worn: bool = False,
        notices: Notices | None = None,
        params: Params = DEFAULT,
    ) -> None:
        """`worn` tells that the device is worn on the body, so that stillness is not worn.

        `fs_hz` is the recording's nominal rate, and that of the grid that `push_samples` puts
        samples on: at least the sensor's own rate.
        """
        self.source, self.placement, self.device, self.fs_hz = source, placement, device, fs_hz
        self.notices = Notices() if notices is None else notices
        self._worn, self._params = worn, params
        self._batches = Batches(fs_hz, self.notices)
        self._even = EvenMagnitude(params.fs_hz)
        self._pages = Pages(
            round(params.page_s * params.fs_hz), round(params.margin_s * params.fs_hz)
        )
        self._minutes = Minutes()
        self._steps_s = Growing(1)
        self._start_utc: datetime | None = None
        self._end_utc: datetime | None = None
        self._recorded_s = 0.0

    def push(self, block: Block) -> None:
        """Take the next block in time order."""
        if not len(block.acc):
            return
        self._minutes.add(block)
        self._start_utc = self._start_utc or block.start_utc
        self._end_utc = block.end_utc
        self._recorded_s += len(block.acc) / block.fs_hz
        for page in self._pages.push(self._even.push(block)):
            self._steps_s.add(self._look(page))

    def push_samples(self, t_s: NDArray[np.float64], acc: NDArray[np.float32]) -> None:
        """Take the next samples with times of their own: see `sensors.stream.Batches.push`."""
        for block in self._batches.push(t_s, acc):
            self.push(block)

    def so_far(self) -> Measurement:
        """The measurement as if the recording ended here; more may be pushed after it.

        Looks again at the open page alone, whose last seconds may yet turn out otherwise.
        """
        pages = [self._look(page) for page in self._pages.unfinished()]
        return self._result(np.concatenate([self._steps_s.rows, *pages])[:, 0])

    def finish(self) -> Measurement:
        """The measurement of all that was pushed; nothing is pushed after it."""
        for page in self._pages.unfinished():
            self._steps_s.add(self._look(page))
        self._pages.clear()
        return self._result(self._steps_s.rows[:, 0])

    def _look(self, page: Page) -> Signal:
        """Seconds since 1970 of the page's steps, [n, 1]."""
        at_s = page.stretch_utc.timestamp() + steps_in(page, self._params)
        return at_s[:, None]

    def _result(self, at_s: Signal) -> Measurement:
        edges = bout_edges(at_s, self._params)
        minute, recorded_s, spread_g = self._minutes.arrays()
        off = not_worn(minute, spread_g, self._params) if self._worn else None
        return Measurement(
            bouts=bout_table(at_s, edges, self.source),
            steps=_step_table(at_s, edges),
            minutes=minute_table(minute, recorded_s, off, at_s, edges, self.source),
            source=self.source,
            device=self.device,
            placement=self.placement,
            fs_hz=self.fs_hz,
            start_utc=self._start_utc,
            end_utc=self._end_utc,
            recorded_s=self._recorded_s,
            worn_s=None if off is None else float(recorded_s[~off].sum()),
            notices=tuple(self.notices),
            params=self._params,
        )


def measure(
    recording: Recording,
    progress: Callable[[int], None] | None = None,
    params: Params = DEFAULT,
) -> Measurement:
    """Find bouts, steps and minutes of walking in a recording of any rate from 20 Hz up.

    `progress(done)` is called as `done` of `recording.size` units are read. The result
    doesn't depend on how the recording is cut into blocks. Raises what reading raises.
    """
    live = Live(
        recording.source,
        recording.placement,
        device=recording.device,
        fs_hz=recording.fs_hz,
        worn=is_worn(recording),
        notices=recording.notices,
        params=params,
    )
    for block in recording.blocks(progress):
        live.push(block)
    return live.finish()


def _step_table(at_s: Signal, edges: NDArray[np.int64]) -> pl.DataFrame:
    """STEPS of those within a bout, in pieces: months of them are never there twice."""
    border = np.zeros(len(at_s) + 1, dtype=np.int8)
    border[edges[:, 0]] += 1
    border[edges[:, 1]] -= 1
    in_bout = np.cumsum(border[:-1], dtype=np.int8).view(np.bool_)
    pieces = [slice(first, first + STEPS_AT_ONCE) for first in range(0, len(at_s), STEPS_AT_ONCE)]
    tables = [pl.DataFrame({"at": instants(at_s[piece][in_bout[piece]])}) for piece in pieces]
    return checked(pl.concat([empty(STEPS), *tables], rechunk=False), STEPS)


def is_worn(recording: Recording) -> bool:
    """Whether the device is worn on the body, so that lying still means not worn.

    A sensor that is made to be worn is, wherever it is; a phone of unknown placement may be
    carried.
    """
    unknown = recording.placement is Placement.UNKNOWN
    return recording.placement in WORN or (unknown and recording.worn)
