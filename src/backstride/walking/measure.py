"""A recording to what was walked in it, in one pass and bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from backstride import __version__
from backstride.records import STEPS, Block, Notice, Placement, Recording, checked
from backstride.walking.bouts import bout_edges, bout_table, instants
from backstride.walking.minutes import Minutes, minute_table, not_worn
from backstride.walking.pages import pages
from backstride.walking.params import ALGORITHM, ALGORITHM_VERSION, DEFAULT, Params
from backstride.walking.signal import Signal, even_magnitude
from backstride.walking.stepping import steps_in

WORN = frozenset({Placement.WRIST, Placement.WAIST, Placement.LOWER_BACK})


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


@dataclass
class _Seen:
    """What is gathered from the blocks as they pass."""

    minutes: Minutes
    start_utc: datetime | None = None
    end_utc: datetime | None = None
    recorded_s: float = 0.0


def measure(
    recording: Recording,
    progress: Callable[[int], None] | None = None,
    params: Params = DEFAULT,
) -> Measurement:
    """Find bouts, steps and minutes of walking in a recording of any rate from 20 Hz up.

    `progress(done)` is called as `done` of `recording.size` units are read. The result
    doesn't depend on how the recording is cut into blocks. Raises what reading raises.
    """
    seen = _Seen(Minutes())
    chunks = even_magnitude(_watched(recording.blocks(progress), seen), params.fs_hz)
    core, margin = round(params.page_s * params.fs_hz), round(params.margin_s * params.fs_hz)
    found = [
        page.stretch_utc.timestamp() + steps_in(page, params)
        for page in pages(chunks, core, margin)
    ]
    at_s = np.concatenate(found) if found else np.empty(0)
    return _result(recording, seen, at_s, params)


def _watched(blocks: Iterator[Block], seen: _Seen) -> Iterator[Block]:
    for block in blocks:
        if len(block.acc):
            seen.minutes.add(block)
            seen.start_utc = seen.start_utc or block.start_utc
            seen.end_utc = block.end_utc
            seen.recorded_s += len(block.acc) / block.fs_hz
        yield block


def _result(recording: Recording, seen: _Seen, at_s: Signal, params: Params) -> Measurement:
    edges = bout_edges(at_s, params)
    minute, recorded_s, spread_g = seen.minutes.arrays()
    off = not_worn(minute, spread_g, params) if is_worn(recording) else None
    source = recording.source
    kept = np.concatenate([at_s[a:b] for a, b in edges]) if len(edges) else np.empty(0)
    return Measurement(
        bouts=bout_table(at_s, edges, source),
        steps=checked(pl.DataFrame({"at": instants(kept)}), STEPS),
        minutes=minute_table(minute, recorded_s, off, at_s, edges, source),
        source=source,
        device=recording.device,
        placement=recording.placement,
        fs_hz=recording.fs_hz,
        start_utc=seen.start_utc,
        end_utc=seen.end_utc,
        recorded_s=seen.recorded_s,
        worn_s=None if off is None else float(recorded_s[~off].sum()),
        notices=tuple(recording.notices),
        params=params,
    )


def is_worn(recording: Recording) -> bool:
    """Whether the device is worn on the body, so that lying still means not worn.

    A sensor that is made to be worn is, wherever it is; a phone of unknown placement may be
    carried.
    """
    unknown = recording.placement is Placement.UNKNOWN
    return recording.placement in WORN or (unknown and recording.worn)
