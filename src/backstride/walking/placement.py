"""Where a sensor is, found from how it moves while its wearer walks.

Walking repeats with the step and with the stride, which is two steps. What a sensor is fixed
to shows in which of the two it follows:

- on a **leg** (a trouser pocket) one heel strike of the two is its own: the up-and-down goes
  unevenly through the stride, and has much of the stride's third harmonic;
- on a swinging **arm** the whole sensor swings once a stride, but its up-and-down is that of
  the trunk, once a step;
- on the **body** both steps are alike, and nearly everything is at the step.

Windows of 5 s that are walking vote for one of the three, and what most of them say counts.
No figure depends on how the sensor is turned: "up-and-down" is along the mean acceleration
of the window. Sampling rates are brought to one, and nothing above 5 Hz is looked at.

The data can't tell apart a wrist and a phone in a swinging hand; nor a lower back, a waist,
a pouch on the chest, a purse, an upper arm, and a hand that holds a phone to read from. What
the device is made for decides there:

|      | a phone, carried | made to be worn |
| ---- | ---------------- | --------------- |
| leg  | pocket           | unknown: there is no such class |
| arm  | hand             | wrist           |
| body | unknown          | lower back      |

So a phone is never said to be worn. `benchmarks/placement.py` fits the two borders and tells
how well they do on people they weren't fitted on. No public recording has three axes from a
wrist and says so: the wrist rests on one person's swinging phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from backstride.records import Block, Placement
from backstride.walking.signal import Signal, follows

LEG, ARM, BODY, NO_VOTE = range(4)
MEANING = {  # by whether the device is made to be worn
    True: {LEG: Placement.UNKNOWN, ARM: Placement.WRIST, BODY: Placement.LOWER_BACK},
    False: {LEG: Placement.POCKET, ARM: Placement.HAND, BODY: Placement.UNKNOWN},
}


@dataclass(frozen=True)
class Rule:
    """The borders between the three, as `walking` and `votes` use them.

    `leg_db` is of the vertical's power at the stride's third harmonic over that at the step,
    `arm_share` of the odd harmonics in the power of all axes: both are fitted, and checked on
    people left out, by `benchmarks/placement.py`. The others were set by hand, with all of
    its recordings in view.
    """

    leg_db: float = -9.0
    arm_share: float = 0.31
    min_swing_g: float = 0.15  # of the horizontal, once a stride: gravity tilts by 9 degrees
    min_repeat: float = 0.4  # autocorrelation after a stride, of all axes and of the vertical
    max_at_stride_db: float = -1.0  # of the vertical; more, and a slow step was taken for a stride
    max_at_half_step_db: float = 3.0  # likewise; more, and these are the steps of a run
    min_walking_s: float = 10.0
    min_sure: float = 0.7


RULE = Rule()
SLOT_S = 600
ENOUGH_S = 1_800  # of walking
WHOLE_S = 86_400  # recorded; from then on only
ONE_IN = 10  # slots are looked at


class Windows:
    """Takes blocks in turn, gives what repeats in their windows; keeps 5 s of 20 Hz."""

    def __init__(self) -> None:
        self._start_utc: datetime | None = None  # of the open stretch
        self._step_s = 0.0  # of its last block
        self._state: Signal = np.zeros(8)  # see placement_kernels.even_axes
        self._rows: Signal = np.empty((0, 3))

    def push(self, block: Block) -> Signal:
        """Figures [windows, FIGURES] (see `placement_kernels.look`) that this block completes."""
        from backstride.walking import placement_kernels as kernels

        acc = np.ascontiguousarray(block.acc, dtype=np.float32)
        step_s = 1.0 / block.fs_hz
        start_utc = self._start_utc
        if start_utc is None or not follows(block, start_utc, float(self._state[0]), self._step_s):
            self._start_utc = start_utc = block.start_utc
            self._state = np.concatenate([[0.0], acc[0], np.zeros(4)]).astype(np.float64)
            self._rows = np.empty((0, 3))
        start_s = (block.start_utc - start_utc).total_seconds()
        held, lasts_s = len(self._rows), start_s + len(acc) * step_s - float(self._state[0])
        rows = np.empty((held + int(lasts_s * kernels.FS_HZ) + 2, 3))
        rows[:held] = self._rows
        new = kernels.even_axes(acc, start_s, step_s, kernels.FS_HZ, self._state, rows[held:])
        self._step_s = step_s
        rows = rows[: held + new]
        whole = max((len(rows) - kernels.WINDOW) // kernels.HOP + 1, 0)
        figures = np.empty((whole, kernels.FIGURES))
        count = kernels.look(rows, figures)
        self._rows = rows[whole * kernels.HOP :].copy()
        return figures[:count]


def walking(figures: Signal, rule: Rule = RULE) -> Signal:
    """The windows (figures as `Windows.push` gives) in which somebody walks.

    The vertical must follow the step more than the stride, or else the step is so slow that
    it was taken for a stride; and it must not follow half a step much more, or else the step
    is so quick, as in a run, that two strides were taken for one.
    """
    good = (figures[:, 1] >= rule.min_repeat) & (figures[:, 2] >= rule.min_repeat)
    good &= decibels(figures[:, 4]) <= rule.max_at_stride_db
    good &= decibels(figures[:, 6]) <= rule.max_at_half_step_db
    walked: Signal = figures[good]
    return walked


def votes(walked: Signal, rule: Rule = RULE) -> NDArray[np.int64]:
    """LEG, ARM, BODY or NO_VOTE of each window in which somebody walks.

    Who walks unevenly, or sways while slow, moves as an arm does but less: that is no vote.
    """
    leg = decibels(walked[:, 5]) >= rule.leg_db
    once_a_stride = walked[:, 3] >= rule.arm_share
    swings = walked[:, 7] >= rule.min_swing_g
    other = np.where(once_a_stride, np.where(swings, ARM, NO_VOTE), BODY)
    return np.where(leg, LEG, other)


def decibels(ratio: Signal) -> Signal:
    """Of a ratio of powers."""
    level: Signal = 10.0 * np.log10(np.maximum(ratio, 1e-9))
    return level


class Placing:
    """Finds the placement while the recording still comes; `worn` as in `Recording.worn`.

    A device that lies on a table has no vote, so what is found is where it was while its
    wearer walked. After half an hour of walking it is `settled`, and nothing more is looked
    at. After a day without so much, one in ten slots of ten minutes is, a tenth of the work.
    A device that changes its place is at none of them: UNKNOWN, unless it nearly always was
    at one.
    """

    def __init__(self, worn: bool = False, rule: Rule = RULE) -> None:
        self._worn, self._rule = worn, rule
        self._windows = Windows()
        self._votes = np.zeros(NO_VOTE, dtype=np.int64)
        self._down: Signal = np.zeros(3)  # the sum of gravity's directions that voted BODY
        self._recorded_s = 0.0
        self._slot, self._skips = -1, False
        self.settled = False  # what is found won't change any more

    def add(self, block: Block) -> None:
        """Take the next block in time order."""
        for part in self._looked_at(block):
            walked = walking(self._windows.push(part), self._rule)
            found = votes(walked, self._rule)
            self._votes += np.bincount(found, minlength=NO_VOTE + 1)[:NO_VOTE]
            self._down += walked[found == BODY, 8:].sum(axis=0)

    def walking_s(self) -> float:
        """Seconds of walking that voted."""
        from backstride.walking import placement_kernels as kernels

        return float(self._votes.sum()) * kernels.HOP / kernels.FS_HZ

    def found(self) -> tuple[Placement, float]:
        """The placement, and how sure it is (0 to 1); UNKNOWN and 0 if it isn't sure.

        How sure: the share of windows that say so, (n + 1) / (all + 3) after Laplace's rule
        of succession, which is no probability, since windows of one walk are alike. On the
        lower back a sensor is upright in all walks, so there that is multiplied with how
        steady gravity's direction was: the length of its mean.
        """
        best = int(self._votes.argmax())
        sure = float(self._votes[best] + 1) / float(self._votes.sum() + 3)
        if best == BODY:
            sure *= float(np.linalg.norm(self._down)) / max(int(self._votes[BODY]), 1)
        place = MEANING[self._worn][best]
        enough = self.walking_s() >= self._rule.min_walking_s and sure >= self._rule.min_sure
        if not enough or place is Placement.UNKNOWN:
            return Placement.UNKNOWN, 0.0
        return place, sure

    def _looked_at(self, block: Block) -> Iterator[Block]:
        """The block's parts in the slots of clock time that are looked at."""
        start_s, first = block.start_utc.timestamp(), 0
        while first < len(block.acc) and not self.settled:
            slot = int((start_s + (first + 1e-3) / block.fs_hz) // SLOT_S)
            if slot != self._slot:
                if self.walking_s() >= ENOUGH_S:
                    self.settled = True
                    return
                self._slot = slot
                self._skips = self._recorded_s >= WHOLE_S and slot % ONE_IN != 0
            end = int(np.ceil(((slot + 1) * SLOT_S - start_s) * block.fs_hz - 1e-3))
            last = min(max(end, first + 1), len(block.acc))
            self._recorded_s += (last - first) / block.fs_hz
            if not self._skips:
                yield _part(block, first, last)
            first = last


def _part(block: Block, first: int, last: int) -> Block:
    """Samples `first` to before `last` of a block."""
    if last - first == len(block.acc):
        return block
    start_utc = block.start_utc + timedelta(seconds=first / block.fs_hz)
    return Block(start_utc, block.fs_hz, block.acc[first:last])
