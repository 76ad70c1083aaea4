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
from backstride.walking.gait import COLUMNS, gait_of
from backstride.walking.growing import Growing
from backstride.walking.minutes import Minutes, minute_table, not_worn
from backstride.walking.pages import Page, Pages
from backstride.walking.params import ALGORITHM, ALGORITHM_VERSION, DEFAULT, Params
from backstride.walking.placement import Placing
from backstride.walking.signal import EvenMagnitude, Signal
from backstride.walking.stepping import WAYS, Way, steps_in, ways_of

WORN = frozenset({Placement.WRIST, Placement.WAIST, Placement.LOWER_BACK})
STEPS_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class Measurement:
    """What was walked in one recording, and what it rests on.

    `bouts`, `steps` and `minutes` have the schemas of `backstride.records`. `placement` is
    where the sensor is said to be or else was found to be; `placement_sure` (0 to 1) is None if
    it was said. `fs_hz` is the recording's rate, `start_utc` and `end_utc` its first and last
    instant (None if it is empty), `recorded_s` the seconds of signal in between. `worn_s` is
    None for a device that is carried. `params`, `algorithm` and `version` made it.
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
    placement_sure: float | None = None
    algorithm: str = f"{ALGORITHM} {ALGORITHM_VERSION}"
    version: str = __version__


class _Steps:
    """Seconds since 1970 of steps and `gait.COLUMNS` of each, in half precision."""

    def __init__(self) -> None:
        self._at_s = Growing(1, np.float64)
        self._qualities = Growing(len(COLUMNS), np.float16)

    @property
    def rows(self) -> tuple[Signal, NDArray[np.float16]]:
        """The steps [n] and their columns [n, 3]."""
        return self._at_s.rows[:, 0], self._qualities.rows

    def add(self, at_s: Signal, qualities: NDArray[np.floating]) -> None:
        """Put these steps after the others."""
        self._at_s.add(at_s[:, None])
        self._qualities.add(qualities.astype(np.float16))

    def copy(self) -> _Steps:
        """Steps of their own, to add to."""
        other = _Steps()
        other.add(*self.rows)
        return other


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
        """`worn` tells what `Recording.worn` does: that the device is made to be worn.

        `fs_hz` is the recording's nominal rate, and that of the grid that `push_samples` puts
        samples on: at least the sensor's own rate.
        """
        self.source, self.placement, self.device, self.fs_hz = source, placement, device, fs_hz
        self.notices = Notices() if notices is None else notices
        self._params = params
        self._worn = is_worn(placement, worn)
        self._batches = Batches(fs_hz, self.notices)
        self._even = EvenMagnitude(params.fs_hz)
        self._pages = Pages(
            round(params.page_s * params.fs_hz), round(params.margin_s * params.fs_hz)
        )
        self._minutes = Minutes()
        unsaid = placement is Placement.UNKNOWN
        self._placing = Placing(worn) if unsaid else None
        self._found = {way: _Steps() for way in ways_of(placement, worn)}
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
        if self._placing:
            self._placing.add(block)
        for page in self._pages.push(self._even.push(block)):
            self._look(page, self._found)
        if self._placing and self._placing.settled and len(self._found) > 1:
            way = WAYS[self._placing.found()[0]]
            self._found = {way: self._found[way]}

    def push_samples(self, t_s: NDArray[np.float64], acc: NDArray[np.float32]) -> None:
        """Take the next samples with times of their own: see `sensors.stream.Batches.push`."""
        for block in self._batches.push(t_s, acc):
            self.push(block)

    def so_far(self) -> Measurement:
        """The measurement as if the recording ended here; more may be pushed after it.

        Looks again at the open page alone, whose last seconds may yet turn out otherwise.
        """
        found = {way: steps.copy() for way, steps in self._found.items()}
        for page in self._pages.unfinished():
            self._look(page, found)
        return self._result(found)

    def finish(self) -> Measurement:
        """The measurement of all that was pushed; nothing is pushed after it."""
        for page in self._pages.unfinished():
            self._look(page, self._found)
        self._pages.clear()
        return self._result(self._found)

    def _look(self, page: Page, found: dict[Way, _Steps]) -> None:
        """Add the page's steps."""
        start_s = page.stretch_utc.timestamp()
        for way, rows in steps_in(page, tuple(found), self._params).items():
            found[way].add(start_s + rows[:, 0], rows[:, 1:])

    def _result(self, found: dict[Way, _Steps]) -> Measurement:
        placement, sure = self._placing.found() if self._placing else (self.placement, None)
        way = WAYS[placement]
        at_s, of_steps = found[way].rows
        edges = bout_edges(at_s, self._params)
        gait = gait_of(at_s, of_steps, edges, way is not Way.RHYTHM, self._params)
        minute, recorded_s, spread_g = self._minutes.arrays()
        off = not_worn(minute, spread_g, self._params) if self._worn else None
        return Measurement(
            bouts=bout_table(at_s, edges, gait, self.source),
            steps=_step_table(at_s, edges),
            minutes=minute_table(minute, recorded_s, off, at_s, edges, self.source),
            source=self.source,
            device=self.device,
            placement=placement,
            fs_hz=self.fs_hz,
            start_utc=self._start_utc,
            end_utc=self._end_utc,
            recorded_s=self._recorded_s,
            worn_s=None if off is None else float(recorded_s[~off].sum()),
            notices=tuple(self.notices),
            params=self._params,
            placement_sure=sure,
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
        worn=recording.worn,
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


def is_worn(placement: Placement, made_to_be: bool) -> bool:
    """Whether the device is worn on the body, so that lying still means not worn.

    A sensor that is made to be worn is, wherever it is; a phone of unknown placement may be
    carried.
    """
    return placement in WORN or (placement is Placement.UNKNOWN and made_to_be)
