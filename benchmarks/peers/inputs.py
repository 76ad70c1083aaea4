"""What the peers are given: every recording as our reader reads it, one `.npz` each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.recordings import Case


def write_inputs(cases: Iterable[Case], folder: Path) -> None:
    """`NAME.npz` for each case: seconds from the start, g, rate, placement and person."""
    for case in cases:
        recording = case.open()
        blocks = list(recording.blocks())
        if len(blocks) != 1:
            raise ValueError(f"{case.name}: {len(blocks)} blocks; the peers are given one")
        (block,) = blocks
        np.savez(
            folder / f"{case.name}.npz",
            t_s=np.arange(len(block.acc)) / block.fs_hz,
            acc=block.acc,
            fs_hz=block.fs_hz,
            placement=recording.placement.value,
            person=case.person,
        )
