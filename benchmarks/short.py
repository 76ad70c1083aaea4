"""`python -m benchmarks.short`: how many short walks are found at a wrist.

Each of the wrist's fast and normal walks is cut into walks of some seconds, with rest before and
after. Its true steps are taken as even: a count of all pieces together, not of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from backstride.records import Block, Recording
from backstride.walking import measure
from benchmarks.recordings import Case, cases, shared_folder

LENGTHS_S = (10, 15, 20, 30)
ENDS_S = 5.0  # left out of each recording: there the watch is handled
REST_S, NOISE_G = 10.0, 0.01


def pieces(case: Case, lasts_s: float, seed: int = 1) -> Iterator[Recording]:
    """Walks of so many seconds between rests."""
    rng = np.random.default_rng(seed)
    recording = case.open()
    (block,) = recording.blocks()
    length, ends, rest = (round(s * block.fs_hz) for s in (lasts_s, ENDS_S, REST_S))
    for first in range(ends, len(block.acc) - length - ends, length):
        acc = np.zeros((length + 2 * rest, 3), dtype=np.float32)
        acc[:, 0] = 1 + rng.normal(0, NOISE_G, len(acc))
        acc[rest:-rest] = block.acc[first : first + length]
        cut = Block(block.start_utc, block.fs_hz, acc)
        yield replace(recording, read=lambda _progress, cut=cut: iter([cut]), size=len(acc))


def main() -> None:
    """Print what was found of each length, of either part."""
    walks = [
        c
        for c in cases(shared_folder())
        if c.data_set == "sensorwatch-wrist" and c.is_walking and "slow" not in c.name
    ]
    for part in ("tuning", "test"):
        for lasts_s in LENGTHS_S:
            found, true = [], 0.0
            for case in walks:
                if case.part != part:
                    continue
                for piece in pieces(case, lasts_s):
                    found.append(float(measure(piece).bouts["steps"].sum()))
                    true += (case.steps or 0) * lasts_s / case.duration_s
            print(
                f"{part:7s} walks of {lasts_s} s: {np.count_nonzero(found)} of {len(found)} found, "
                f"{sum(found):.0f} of {true:.0f} steps"
            )


if __name__ == "__main__":
    main()
