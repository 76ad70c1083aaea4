"""Where the committed real recordings are (see tests/data/README.md), and made-up walks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np

from backstride.records import Block, Placement, Recording

DATA = Path(__file__).parent / "data" / "recordings"
AX3_610 = Path(str(resources.files("backstride.sample_data") / "axivity" / "ax3-610-steps.cwa"))
AX3_CORRUPT = DATA / "ax3-corrupt-blocks-0-13-14-142-143-144.cwa"
AX3_200 = DATA / "ax3-200hz.cwa"
AX6 = DATA / "ax6-sample.cwa"
LOWER_BACK = DATA / "HA001_Test11_Trial1.parquet"
START = datetime(2026, 3, 2, 9, 0, 0, tzinfo=UTC)


def phone_walk(name: str) -> tuple[Path, int]:
    """A phone's first 70 s and the steps the foot switches counted in them."""
    truth = json.loads((DATA / f"{name}.first-70-s.truth.json").read_text())
    return DATA / f"{name}.first-70-s.parquet", int(truth["steps"])


def contacts(name: str) -> list[float]:
    """When a foot came down, in seconds from the recording's start, as the reference says."""
    truth = json.loads((DATA / f"{name}.truth.json").read_text())
    times: list[float] = truth.get("initial_contacts_s") or truth["step_times_s"]
    return times


def recording_of(blocks: list[Block], placement: Placement = Placement.POCKET) -> Recording:
    """A recording of blocks that are at hand."""

    def read(_progress: Callable[[int], None]) -> Iterator[Block]:
        yield from blocks

    return Recording("made up", "made up", placement, blocks[0].fs_hz, read, len(blocks))


def step_train(
    duration_s: float, fs_hz: float, cadence_spm: float, walks: list[tuple[float, float]]
) -> np.ndarray:
    """Acceleration [n, 3] in g that swings once a step during `walks`, and rests elsewhere."""
    t = np.arange(round(duration_s * fs_hz)) / fs_hz
    noise = np.random.default_rng(1).normal(0, 0.004, (len(t), 3))
    acc = np.tile(np.array([0.1, 0.2, 0.97]), (len(t), 1)) + noise
    for start, end in walks:
        on = (t >= start) & (t < end)
        acc[on, 2] += 0.25 * np.sin(2 * np.pi * cadence_spm / 60 * (t[on] - start))
    return acc.astype(np.float32)


def jolts(
    duration_s: float, at_s: np.ndarray, strength_g: np.ndarray | float, seed: int = 3
) -> np.ndarray:
    """Acceleration [n, 3] in g at 100 Hz: each step is a jolt that swings out; else rest."""
    t = np.arange(0, duration_s, 0.01)
    acc = np.random.default_rng(seed).normal(0, 0.006, (len(t), 3))
    acc[:, 2] += 1
    for at, strength in np.broadcast(at_s, strength_g):
        since = np.maximum(t - at, 0)
        acc[:, 2] += strength * np.exp(-since / 0.25) * np.sin(2 * np.pi * 1.8 * since)
    return acc.astype(np.float32)


def cut(acc: np.ndarray, fs_hz: float, at: list[int], start: datetime = START) -> list[Block]:
    """One signal as blocks that are cut at these samples."""
    edges = sorted({0, len(acc), *(i for i in at if 0 < i < len(acc))})
    return [
        Block(start + timedelta(seconds=a / fs_hz), fs_hz, acc[a:b]) for a, b in pairwise(edges)
    ]
