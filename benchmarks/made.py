"""Recordings made where public ones are few: uneven walks, and restlessness that is no walk.

Slow, uneven, limping walks are made of a real person's steps. Each is six walks of 8 to 40
steps with rests between them. Its steps are those of the recording, between two reference
contacts: each is drawn at random, stretched to its time (the jolt of the contact less than the
swing after it), weaker where slower, and weaker and longer on one side for a limp. At the end
the feet come together, which is no step of the reference: it isn't the half of a stride. Real
slow walking differs from that in more: what this can show is whether steps are still found
where nothing repeats evenly.

Restless recordings are noise in three bands, that swells and fades as handwork does; and real
work of the hands, its pieces in another order, forwards or backwards, at up to a quarter more or
less speed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import signal as sps

from backstride.records import Block, Placement, Recording
from benchmarks.recordings import Case, cases

FS_HZ = 100.0
BEFORE_S = 0.1  # a step's piece starts so long before the contact
JOLT_SHARE = 0.6  # of the piece, from its start, is not stretched
USUAL_S = (0.45, 0.8)  # steps of the recording that are taken
STEPS = (8, 12, 25, 10, 40, 9)
STRENGTH = (0.7, 1.15)  # of a step, of those about it
CLOSING = (0.2, 0.9)  # as it was at the ends of the eight bouts of HA001
NOISE_G = 0.004
CADENCES_SPM = (110, 90, 70, 55, 42)
VARIATIONS = (0.04, 0.12, 0.2)  # of step times, SD over mean
NOISE_S = 600.0
PIECES, MIXED = 60, 8  # of so many pieces, recordings of each kind of handwork's pieces
NOISE_BANDS_HZ = ((0.3, 8.0), (0.3, 2.5), (1.0, 4.0))
LIMPS = (0.0, 0.15)  # of the step time, longer on one side and shorter on the other

Signal = NDArray[np.float64]


@dataclass(frozen=True)
class Pieces:
    """A real person's steps, and two seconds in which nobody walks: magnitude in g, less 1."""

    steps: list[Signal]
    quiet: Signal


def pieces_of(case: Case) -> Pieces:
    """Cut a recording with reference contacts and bouts."""
    assert case.bouts_s is not None
    assert case.contacts_s is not None
    blocks = list(case.open().blocks())
    assert all(round(block.fs_hz, 3) == FS_HZ for block in blocks)
    acc = np.concatenate([block.acc for block in blocks]).astype(np.float64)
    magnitude = np.linalg.norm(acc, axis=1) - 1.0

    def between(start_s: float, end_s: float) -> Signal:
        return magnitude[round(start_s * FS_HZ) : round(end_s * FS_HZ)]

    pairs = zip(case.contacts_s, case.contacts_s[1:], strict=False)
    near = [(a - BEFORE_S, b - BEFORE_S) for a, b in pairs if USUAL_S[0] < b - a < USUAL_S[1]]
    resting = [
        between(a, a + 2)
        for a in range(int(case.duration_s) - 2)
        if all(a + 2 < start or a > end for start, end in case.bouts_s)
    ]
    return Pieces([between(a, b) for a, b in near], min(resting, key=np.std))


def uneven_walks(name: str, person: str, pieces: Pieces, seed: int = 0) -> Iterator[Case]:
    """Walks of all `CADENCES_SPM`, `VARIATIONS` and `LIMPS`."""
    rng = np.random.default_rng(seed)
    for cadence in CADENCES_SPM:
        for varies in VARIATIONS:
            for limp in LIMPS:
                yield _made(name, person, pieces, cadence, varies, limp, rng)


def all_uneven_walks(folder: Path) -> Iterator[Case]:
    """Those of each person's longest recording of the lower back."""
    people: dict[str, list[Case]] = {}
    for case in cases(folder):
        if case.contacts_s is not None:
            people.setdefault(case.person, []).append(case)
    for person, own in people.items():
        longest = max(own, key=lambda case: case.duration_s)
        yield from uneven_walks(person, person, pieces_of(longest))


def _made(
    name: str, person: str, pieces: Pieces, cadence_spm: float, varies: float, limp: float,
    rng: np.random.Generator,
) -> Case:  # fmt: skip
    parts: list[Signal] = []
    bouts: list[tuple[float, float]] = []
    contacts: list[float] = []
    for steps in STEPS:
        parts.append(_rest(pieces, rng.uniform(6, 15)))
        at_s = sum(map(len, parts)) / FS_HZ + BEFORE_S
        strength = rng.uniform(0.5, 1.1) * (cadence_spm / 100) ** 0.7
        first = at_s
        for k in range(steps):
            side = (-1) ** k
            factor = (1 + varies * rng.standard_normal()) * (1 + limp * side)
            lasts = round(FS_HZ * min(max(60 / cadence_spm * factor, 0.3), 2.2))
            piece = _lasting(pieces.steps[rng.integers(len(pieces.steps))], lasts)
            weak = 0.7 if limp and side < 0 else 1.0
            parts.append(strength * weak * rng.uniform(*STRENGTH) * piece)
            contacts.append(at_s)
            at_s += lasts / FS_HZ
        bouts.append((first, contacts[-1]))
        closing = pieces.steps[rng.integers(len(pieces.steps))]
        parts.append(strength * rng.uniform(*CLOSING) * closing)
    parts.append(_rest(pieces, 8.0))
    signal = np.concatenate(parts)
    acc = np.zeros((len(signal), 3), dtype=np.float32)
    acc[:, 0] = 1.0 + signal + rng.normal(0, NOISE_G, len(signal))
    title = f"{name} {cadence_spm:.0f}/min, SD {varies:.0%}, {'limping' if limp else 'even sides'}"
    return Case(
        name=title,
        data_set="uneven",
        group=f"{cadence_spm:.0f}/min",
        person=person,
        open=lambda: _recording(title, acc, FS_HZ),
        steps=len(contacts),
        duration_s=len(acc) / FS_HZ,
        bouts_s=bouts,
        contacts_s=contacts,
        truth_note="made",
    )


def restless(hands: dict[str, list[Case]], seed: int = 5) -> Iterator[Case]:
    """Three of each band of noise, and `MIXED` of the pieces of each kind of handwork."""
    rng = np.random.default_rng(seed)
    for low, high in NOISE_BANDS_HZ:
        for number in range(3):
            name = f"noise {low}-{high} Hz, {number}"
            yield _not_walked("noise", name, _noise(low, high, rng), FS_HZ)
    for kind, work in hands.items():
        signals = [np.concatenate([b.acc[:, 0] for b in case.open().blocks()]) for case in work]
        for number in range(MIXED):
            name = f"{kind}, pieces {number}"
            yield _not_walked(f"pieces of {kind}", name, _shuffled(signals, rng), 25.0)


def _noise(low_hz: float, high_hz: float, rng: np.random.Generator) -> Signal:
    count = int(NOISE_S * FS_HZ)
    band = sps.butter(2, (low_hz, high_hz), "bandpass", fs=FS_HZ, output="sos")
    slow = sps.butter(1, 0.2, fs=FS_HZ, output="sos")
    noise = sps.sosfiltfilt(band, rng.standard_normal(count))
    swell = np.abs(sps.sosfiltfilt(slow, rng.standard_normal(count)))
    signal: Signal = 0.15 * noise / noise.std() * swell / swell.mean()
    return signal


def _shuffled(work: list[NDArray[np.float32]], rng: np.random.Generator) -> Signal:
    parts = []
    for _ in range(PIECES):
        whole = work[rng.integers(len(work))]
        first = rng.integers(0, len(whole) - 250)
        piece = whole[first : first + rng.integers(40, 250)]
        at = np.arange(0, len(piece) - 1, rng.uniform(0.8, 1.25))
        parts.append(np.interp(at, np.arange(len(piece)), piece)[:: rng.choice([-1, 1])])
    return np.concatenate(parts) - 1.0


def _not_walked(data_set: str, name: str, signal: Signal, fs_hz: float) -> Case:
    acc = np.zeros((len(signal), 3), dtype=np.float32)
    acc[:, 0] = 1.0 + signal
    return Case(
        name=name,
        data_set=data_set,
        group=data_set,
        person="made",
        open=lambda: _recording(name, acc, fs_hz),
        steps=0,
        duration_s=len(acc) / fs_hz,
        is_walking=False,
    )


def _rest(pieces: Pieces, lasts_s: float) -> Signal:
    there_and_back = np.concatenate([pieces.quiet, pieces.quiet[::-1]])
    return np.resize(there_and_back, int(lasts_s * FS_HZ))


def _lasting(piece: Signal, samples: int) -> Signal:
    """A step's piece stretched or shortened to so many samples."""
    at = np.arange(len(piece))
    kept = int(JOLT_SHARE * len(piece))
    if samples <= len(piece):
        return np.interp(np.linspace(0, len(piece) - 1, samples), at, piece)
    swing = np.interp(np.linspace(kept, len(piece) - 1, samples - kept), at, piece)
    return np.concatenate([piece[:kept], swing])


def _recording(name: str, acc: NDArray[np.float32], fs_hz: float) -> Recording:
    start = datetime(2000, 1, 1, tzinfo=UTC)

    def read(_progress: Callable[[int], None]) -> Iterator[Block]:
        yield Block(start, fs_hz, acc)

    return Recording(name, "made", Placement.LOWER_BACK, fs_hz, read, len(acc))
