"""The same walk sampled at 20 to 200 Hz has the same steps."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import signal as sps

from backstride.records import Block, Placement
from backstride.sensors import open_recording
from backstride.sensors.parquet import open_parquet
from backstride.walking import measure
from real_recordings import AX3_610, LOWER_BACK, phone_walk, recording_of

RATES = [20.0, 25.0, 31.25, 40.0, 50.0, 64.0, 85.7, 128.0, 200.0]
WALKS = {
    "pocket": ("Pixel_Jamie_Hard_FrontPocket_1", Placement.POCKET),
    "swinging arm": ("Pixel_Jamie_Hard_SwingingArm_1", Placement.HAND),
    "slow, in hand": ("Pixel_Jamie_Carpet_InHand_1", Placement.HAND),
    "five walks": (AX3_610, Placement.POCKET),
    "five walks, by links": (AX3_610, Placement.LOWER_BACK),
    "five walks, as a wrist's": (AX3_610, Placement.WRIST),
    "short walks": (LOWER_BACK, Placement.LOWER_BACK),
}


@cache
def blocks_of(name: str) -> list[Block]:
    source, placement = WALKS[name]
    if source == LOWER_BACK:
        return list(open_parquet(LOWER_BACK, placement, "UTC", fs_hz=100.0).blocks())
    path = phone_walk(source)[0] if isinstance(source, str) else source
    return list(open_recording(path, placement).blocks())


def at_rate(block: Block, fs_hz: float) -> Block:
    """As a device of another rate had sampled it, with a filter before as devices have."""
    acc = block.acc.astype(np.float64)
    if fs_hz < block.fs_hz:
        low = sps.butter(6, 0.45 * fs_hz, fs=block.fs_hz, output="sos")
        acc = sps.sosfiltfilt(low, acc, axis=0)
    there = np.arange(len(acc)) / block.fs_hz
    here = np.arange(0, there[-1], 1 / fs_hz)
    axes = [np.interp(here, there, axis) for axis in acc.T]
    return Block(block.start_utc, fs_hz, np.column_stack(axes).astype(np.float32))


@pytest.mark.parametrize("name", WALKS)
def test_the_rate_changes_the_steps_by_less_than_two_percent(name: str) -> None:
    placement = WALKS[name][1]
    own = steps(blocks_of(name), placement)
    for fs_hz in RATES:
        found = steps([at_rate(block, fs_hz) for block in blocks_of(name)], placement)
        assert found == pytest.approx(own, rel=0.02), fs_hz


def steps(blocks: list[Block], placement: Placement) -> int:
    return int(measure(recording_of(blocks, placement)).bouts["steps"].sum())
