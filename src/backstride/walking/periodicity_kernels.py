"""The loops behind `periodicity`: how well each window repeats, and the likeliest cadences.

Each kernel has the same in NumPy beside it, which the tests hold it against. Windows lie at
the borders of blocks of `hop` samples: window w is centred on the border before block w.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from backstride.kernels import kernel, read_only

Rows = NDArray[np.float32]
Signal = NDArray[np.float64]
Flags = NDArray[np.bool_]

SAMPLES = read_only(types.float32, 1)
ROWS = read_only(types.float32, 2)
FLAGS = read_only(types.boolean, 1)
OUT = types.float32[:, ::1]
NEVER = np.float32(-1e9)
LEAST_ENERGY = 1e-18
RESTING = -1


@kernel(SAMPLES, FLAGS, types.int64, OUT, fast=True)
def products(x: Rows, wanted: Flags, hop: int, out: Rows) -> None:
    """Of each wanted block the sums of x[i] * x[i + lag], into `out` [blocks, lags]."""
    longest = out.shape[1] - 1
    for block in range(len(wanted)):
        row = out[block]
        row[:] = 0.0
        if not wanted[block]:
            continue
        for i in range(block * hop, min((block + 1) * hop, len(x))):
            after = x[i : i + longest + 1]
            for lag in range(len(after)):
                row[lag] += after[0] * after[lag]


def numpy_products(x: Rows, wanted: Flags, hop: int, out: Rows) -> None:
    """`products` in NumPy."""
    longest = out.shape[1] - 1
    after = np.lib.stride_tricks.sliding_window_view(np.pad(x, (0, longest + hop)), longest + 1)
    for block in np.flatnonzero(wanted):
        part = x[block * hop : (block + 1) * hop].astype(np.float64)
        out[block] = part @ after[block * hop : block * hop + len(part)]
    out[~wanted] = 0.0


@kernel(ROWS, read_only(types.float64, 1), FLAGS, types.int64, types.int64, OUT, fast=True)
def correlations(sums: Rows, energy: Signal, wanted: Flags, hop: int, half: int, out: Rows) -> None:
    """Of each wanted window the correlation (-1 to 1) of the signal with itself a lag later.

    `sums` are `products`, `energy` the running sum of squares, that goes on as it ends for
    another `hop` and the longest lag. The pairs of samples of a lag lie `half` blocks to either
    side of the window's centre.
    """
    blocks, longest = sums.shape[0], sums.shape[1] - 1
    total = np.zeros(longest + 1, np.float32)
    for window in range(len(wanted)):
        row = out[window]
        row[:] = 0.0
        if not wanted[window]:
            continue
        lag = 0
        while lag <= longest:
            # A pair's centre is half a lag after its first sample.
            shift = (lag + hop) // (2 * hop)
            until = min(longest + 1, (2 * shift + 1) * hop)
            first = min(max(window - half - shift, 0), blocks)
            end = max(min(window + half - shift, blocks), first)
            here = total[lag:until]
            here[:] = 0.0
            for block in range(first, end):
                add = sums[block, lag:until]
                for k in range(len(here)):
                    here[k] += add[k]
            own = energy[end * hop] - energy[first * hop]
            from_low = energy[first * hop + lag : first * hop + until]
            from_high = energy[end * hop + lag : end * hop + until]
            result = row[lag:until]
            for k in range(len(here)):
                product = max(own * (from_high[k] - from_low[k]), LEAST_ENERGY)
                result[k] = here[k] / np.float32(np.sqrt(product))
            lag = until


def numpy_correlations(
    sums: Rows, energy: Signal, wanted: Flags, hop: int, half: int, out: Rows
) -> None:
    """`correlations` in NumPy."""
    blocks, lags = sums.shape[0], np.arange(sums.shape[1])
    shift = (lags + hop) // (2 * hop)
    running = np.concatenate([np.zeros((1, len(lags))), np.cumsum(sums, axis=0, dtype=np.float64)])
    for window in range(len(wanted)):
        first = np.clip(window - half - shift, 0, blocks)
        end = np.maximum(np.minimum(window + half - shift, blocks), first)
        own = energy[end * hop] - energy[first * hop]
        other = energy[end * hop + lags] - energy[first * hop + lags]
        total = running[end, lags] - running[first, lags]
        out[window] = (
            total / np.sqrt(np.maximum(own * other, LEAST_ENERGY)) if wanted[window] else 0.0
        )


@kernel(read_only(types.float32, 1), types.int64)
def after_step(r: Rows, stride: int) -> Any:
    """The correlation half a stride later; between two samples a cubic through four."""
    low = stride // 2
    if stride % 2 == 0:
        return np.float32(r[low])
    near, far = r[low] + r[low + 1], r[low - 1] + r[low + 2]
    return np.float32(np.float32(0.5625) * near - np.float32(0.0625) * far)


@kernel(ROWS, ROWS, FLAGS, read_only(types.int64, 1), types.float64, types.float64, OUT)
def scores(
    r: Rows, power: Rows, wanted: Flags, strides: NDArray[np.int64], fs_hz: float, bin_hz: float,
    out: Rows,
) -> None:  # fmt: skip
    """How well each cadence explains each wanted window, 0 to 1, into `out` [windows, cadences].

    `strides` are the cadences as samples a stride, `power` is at multiples of `bin_hz`.
    """
    count = len(strides)
    own_at = 2.0 * fs_hz / bin_hz / strides
    low, weight = np.empty((4, count), np.int64), np.empty((4, count), np.float32)
    for k in range(4):  # of half the cadence, itself, once and a half, and twice
        for c in range(count):
            low[k, c] = min(int(0.5 * (k + 1) * own_at[c]), power.shape[1] - 2)
            weight[k, c] = np.float32(0.5 * (k + 1) * own_at[c] - low[k, c])
    for window in range(len(wanted)):
        row, p = out[window], power[window]
        row[:] = 0.0
        if not wanted[window]:
            continue
        for c in range(count):
            stride = strides[c]
            repeats = np.float32(0.5) * (r[window, stride] + after_step(r[window], stride))
            if repeats <= 0.0:
                continue
            total = np.float32(1e-6)
            own = np.float32(0)
            for k in range(4):
                i, w = low[k, c], weight[k, c]
                here = p[i] + w * (p[i + 1] - p[i])
                total += here
                if k == 1:
                    own = here
            row[c] = repeats * own / total


def numpy_scores(
    r: Rows, power: Rows, wanted: Flags, strides: NDArray[np.int64], fs_hz: float, bin_hz: float,
    out: Rows,
) -> None:  # fmt: skip
    """`scores` in NumPy."""
    low = strides // 2
    step = 0.5625 * (r[:, low] + r[:, low + 1]) - 0.0625 * (r[:, low - 1] + r[:, low + 2])
    step = np.where(strides % 2 == 0, r[:, low], step)

    def at(place: Signal) -> Rows:
        first = np.minimum(place.astype(int), power.shape[1] - 2)
        low, high = power[:, first], power[:, first + 1]
        value: Rows = low * (1 - (place - first)) + high * (place - first)
        return value

    own_at = 2.0 * fs_hz / strides / bin_hz
    own = at(own_at)
    others = at(0.5 * own_at) + at(1.5 * own_at) + at(2.0 * own_at)
    repeats = np.maximum(0.5 * (r[:, strides] + step), 0.0)
    out[:] = np.where(wanted[:, None], repeats * own / (own + others + 1e-6), 0.0)


@kernel(read_only(types.float32, 1))
def highest(worth: Rows) -> int:
    """Where the (first) highest is."""
    best = 0
    for c in range(len(worth)):
        if worth[c] > worth[best]:
            best = c
    return best


@kernel(
    read_only(types.float32, 1), types.float32, types.int64, types.float32[::1], types.int32[::1]
)  # fmt: skip
def moved(worth: Rows, drift: np.float32, reach: int, after: Rows, came: NDArray[np.int32]) -> None:
    """Raise `after` to what moving from another cadence is worth, `came` telling from which."""
    cadences = len(worth)
    for move in range(-reach, reach + 1):
        cost, low = drift * np.float32(abs(move)), max(0, -move)
        end = min(cadences, cadences - move)
        one, other, number = worth[low + move : end + move], after[low:end], came[low:end]
        for c in range(len(one)):  # slices: no index may be negative, so that several go at once
            better = one[c] - cost > other[c]
            other[c] = one[c] - cost if better else other[c]
            number[c] = np.int32(c + low + move) if better else number[c]


@kernel(
    ROWS, FLAGS, types.float32, types.float32, types.float32, types.int64, types.int32[::1]
)  # fmt: skip
def likeliest(
    score: Rows, wanted: Flags, least: np.float32, change: np.float32, drift: np.float32,
    reach: int, path: NDArray[np.int32],
) -> None:  # fmt: skip
    """The likeliest cadence (its number) of each window, -1 for none, into `path`.

    A window walked at a cadence is worth its score less `least`; to begin and to end a walk
    costs `change` each, to move by n cadences between windows (at most `reach`) n * `drift`.
    This is Viterbi's algorithm (1967, doi 10.1109/TIT.1967.1054010).
    """
    windows, cadences = score.shape
    came = np.empty((windows, cadences), np.int32)
    rest_came = np.empty(windows, np.int32)
    worth = np.full(cadences, NEVER)
    after = np.empty(cadences, np.float32)
    rest = np.float32(0)
    for w in range(windows):
        best = highest(worth)
        before, rest_came[w] = rest, RESTING
        if worth[best] - change > rest:
            rest, rest_came[w] = worth[best] - change, best
        if not wanted[w]:
            for c in range(cadences):
                worth[c] -= least
                came[w, c] = c
            continue
        row = came[w]
        for c in range(cadences):
            after[c], row[c] = before - change, RESTING
        moved(worth, drift, reach, after, row)
        for c in range(cadences):
            worth[c] = after[c] + score[w, c] - least
    state = np.int32(RESTING)
    best = highest(worth)
    if worth[best] - change > rest:
        state = np.int32(best)
    for w in range(windows - 1, -1, -1):
        path[w] = state
        state = rest_came[w] if state == RESTING else came[w, state]


def numpy_likeliest(
    score: Rows, wanted: Flags, least: np.float32, change: np.float32, drift: np.float32,
    reach: int, path: NDArray[np.int32],
) -> None:  # fmt: skip
    """`likeliest` in NumPy, from the full table of costs between states; state 0 rests."""
    count = score.shape[1]
    number = np.arange(count)
    moved = np.abs(number[:, None] - number[None, :])
    moves = np.full((count + 1, count + 1), -np.inf)
    moves[0, 0] = 0.0
    moves[0, 1:] = moves[1:, 0] = -change
    moves[1:, 1:] = np.where(moved <= reach, -drift * moved, -np.inf)
    stays = np.full_like(moves, -np.inf)
    stays[0, 0], stays[1:, 0] = 0.0, -change
    stays[number + 1, number + 1] = 0.0
    worth = np.r_[0.0, np.full(count, -np.inf)]
    came = np.empty((len(score), count + 1), dtype=np.int64)
    for w, row in enumerate(score):
        total = worth[:, None] + (moves if wanted[w] else stays)
        came[w] = total.argmax(axis=0)
        worth = total.max(axis=0) + np.r_[0.0, row - least]
    state = int((worth + np.r_[0.0, np.full(count, -change)]).argmax())
    for w in range(len(score) - 1, -1, -1):
        path[w] = state - 1
        state = came[w, state]
