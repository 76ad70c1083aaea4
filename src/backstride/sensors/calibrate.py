"""Auto-calibration to 1 g: a device that lies still measures gravity and nothing else.

Source: van Hees et al. 2014, doi 10.1152/japplphysiol.00421.2014. The still stretches of a
recording must lie on the unit sphere; a gain and an offset for each axis bring them there, found
by iterative closest points. Unlike the paper no temperature is used: a sensor's drift of about a
milli-g per degree stays. Two passes over the recording; between them one mean for each still
window is held, at most 0.2 MB a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backstride.errors import NotEnoughData
from backstride.records import Block, Notices, Recording
from backstride.sensors.clock import EPOCH
from backstride.words import say

WINDOW_S = 10.0
STILL_SD_G = 0.013  # of each axis; the paper's bound on the noise of sensors then in use
LEAST_G, MOST_G = 0.5, 2.0  # a still window of other length is a fault
LEAST_WINDOWS = 50
SPREAD_G = 0.3  # on each axis some window must be beyond this, on both sides
ENOUGH_G = 0.01  # a fit that leaves more is no calibration
LARGEST_WEIGHT = 100.0  # of windows nearer to the sphere than 10 mg
CONVERGED = 1e-6
MOST_ROUNDS = 1000

Vectors = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """g = `gain` * measured + `offset` for x, y and z.

    `before_g` and `after_g` are how far the `windows` still windows are from 1 g on average.
    """

    gain: Vectors
    offset: Vectors
    windows: int
    before_g: float
    after_g: float

    def apply(self, block: Block) -> Block:
        """The block with its acceleration calibrated; what was clipped stays flagged."""
        acc = block.acc * self.gain.astype(np.float32) + self.offset.astype(np.float32)
        return replace(block, acc=acc)

    @property
    def sentence(self) -> str:
        gain, offset = (" ".join(f"{v:.4f}" for v in three) for three in (self.gain, self.offset))
        return say(
            "Calibrated to 1 g on {windows:,} still windows: the mean error was {before:.1f} mg "
            "and is {after:.1f} mg (gain {gain}; offset {offset} g; no temperature used).",
            windows=self.windows,
            before=1000 * self.before_g,
            after=1000 * self.after_g,
            gain=gain,
            offset=offset,
        )


def calibrated(recording: Recording, progress: Callable[[int], None] | None = None) -> Recording:
    """The recording with each axis calibrated, or as it was where there is not enough stillness.

    Reads it once, with `progress` as in `Recording.blocks`; its blocks then are read anew. A
    notice tells the error before and after, or why nothing was changed. Raises what reading
    raises.
    """
    found: Calibration | None = None
    told: str
    try:
        found = fit(still_windows(recording.blocks(progress)))
    except NotEnoughData as error:
        code, told = "calibrate.not_done", say("Not calibrated: {error}", error=error)
    else:
        code, told = "calibrate.done", found.sentence
    notices = Notices()

    def read(progress: Callable[[int], None]) -> Iterator[Block]:
        notices.clear()
        try:
            for block in recording.blocks(progress):
                yield found.apply(block) if found else block
        finally:
            for notice in recording.notices:
                notices.add(notice.code, notice.text, notice.where, notice.count)
            notices.add(code, told)

    return replace(recording, read=read, notices=notices)


def still_windows(blocks: Iterable[Block]) -> Vectors:
    """Mean acceleration in g, shape [n, 3], of each 10 s without movement."""
    found: list[NDArray[np.float32]] = []
    rest, rest_ends = np.empty((0, 3), np.float32), EPOCH
    for block in blocks:
        follows = len(rest) and abs((block.start_utc - rest_ends).total_seconds()) < 1 / block.fs_hz
        acc = np.concatenate([rest, block.acc]) if follows else block.acc
        size = max(2, round(WINDOW_S * block.fs_hz))
        windows = acc[: len(acc) // size * size].reshape(-1, size, 3)
        found.append(_still(windows))
        rest, rest_ends = acc[windows.size // 3 :], block.end_utc
    return np.concatenate([np.empty((0, 3)), *found])


def _still(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    moved = windows - windows[:, :1]  # small where it is still: float32 keeps its digits
    size = windows.shape[1]
    mean_moved = np.einsum("ijk->ik", moved) / size  # several times faster than mean and std
    variance = np.einsum("ijk,ijk->ik", moved, moved) / size - mean_moved**2
    mean = mean_moved + windows[:, 0]
    length = np.linalg.norm(mean, axis=1)
    keep = (variance < STILL_SD_G**2).all(axis=1) & (length > LEAST_G) & (length < MOST_G)
    still: NDArray[np.float32] = mean[keep]
    return still


def fit(still: Vectors) -> Calibration:
    """Gain and offset that bring these vectors [n, 3], in g, nearest to the unit sphere.

    Raises NotEnoughData if they are too few, look in too few directions, or can't be brought
    within 10 mg on average.
    """
    if len(still) < LEAST_WINDOWS:
        raise NotEnoughData(
            say(
                "{n} windows of {window_s:g} s without movement, {least_windows} needed.",
                n=len(still),
                window_s=WINDOW_S,
                least_windows=LEAST_WINDOWS,
            )
        )
    low, high = still.min(axis=0), still.max(axis=0)
    if (low > -SPREAD_G).any() or (high < SPREAD_G).any():
        seen = ", ".join(
            f"{axis} {a:.2f} to {b:.2f} g" for axis, a, b in zip("xyz", low, high, strict=True)
        )
        raise NotEnoughData(
            say(
                "it lay still in too few directions ({seen}); "
                "each axis must be seen below -{spread_g} g and above {spread_g} g.",
                seen=seen,
                spread_g=SPREAD_G,
            )
        )
    gain, offset = _closest_points(still)
    before_g, after_g = _error_g(still), _error_g(still * gain + offset)
    if after_g >= before_g:
        gain, offset, after_g = np.ones(3), np.zeros(3), before_g
    if not after_g < ENOUGH_G:
        raise NotEnoughData(
            say(
                "the mean error of {before:.1f} mg would become {after:.1f} mg; "
                "less than {enough:g} mg is needed.",
                before=1000 * before_g,
                after=1000 * after_g,
                enough=1000 * ENOUGH_G,
            )
        )
    return Calibration(gain, offset, len(still), before_g, after_g)


def _closest_points(still: Vectors) -> tuple[Vectors, Vectors]:
    """Regress the nearest points of the sphere on the vectors, axis by axis, until it stays."""
    gain, offset = np.ones(3), np.zeros(3)
    weight = np.ones((len(still), 1))
    for _ in range(MOST_ROUNDS):
        now = still * gain + offset
        nearest = now / np.linalg.norm(now, axis=1, keepdims=True)
        share = weight / weight.sum()
        x_mean, y_mean = (share * still).sum(axis=0), (share * nearest).sum(axis=0)
        x, y = still - x_mean, nearest - y_mean
        new_gain = (share * x * y).sum(axis=0) / (share * x * x).sum(axis=0)
        new_offset = y_mean - new_gain * x_mean
        moved = max(np.abs(new_gain - gain).max(), np.abs(new_offset - offset).max())
        gain, offset = new_gain, new_offset
        if moved < CONVERGED:
            break
        far = np.linalg.norm(still * gain + offset - nearest, axis=1, keepdims=True)
        weight = np.minimum(1 / np.maximum(far, 1e-12), LARGEST_WEIGHT)
    return gain, offset


def _error_g(vectors: Vectors) -> float:
    return float(np.abs(np.linalg.norm(vectors, axis=1) - 1).mean())
