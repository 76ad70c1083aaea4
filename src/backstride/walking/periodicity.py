"""How well each window of the magnitude repeats, and the likeliest cadence of each.

Orientation does not matter, since only the magnitude is looked at. Walking is told by its
regularity: the signal comes back to itself one step, or one stride, later. No window decides
alone: the likeliest course of cadences through all of them does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from backstride.walking.params import Course, Params
from backstride.walking.signal import Signal

PAD_S = 5.0
EVEN = 256  # samples that a transform's length is a multiple of, to be fast
SPECTRUM_HZ = 0.1  # finer than what so short a correlation can tell apart
Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Windows:
    """What was found in windows of `window_s` about every `hop_s` of a signal.

    `energy` is the signal's running sum of squares [samples + 1], `wanted` tells where something
    moves; the rest is 0 elsewhere. `correlation` [n, lags] is
    the signal's with itself so many samples later, `score` [n, cadences] (0 to 1) how well
    each of `strides` (samples a stride) explains the window.
    """

    hop: int
    energy: Signal
    wanted: NDArray[np.bool_]
    correlation: Rows
    score: Rows
    strides: NDArray[np.int64]

    @cached_property
    def best(self) -> Rows:
        """The score of each window's best cadence."""
        best: Rows = self.score.max(axis=1)
        return best


@lru_cache
def _gain(order: int, band_hz: tuple[float, float], fs_hz: float, samples: int) -> Signal:
    """A Butterworth band-pass's squared gain, as the bilinear transform warps it.

    So much is left of a signal that is filtered forwards and backwards. Source: Butterworth
    1930, Wireless Engineer 7:536; in `scipy.signal` it is `sosfiltfilt` of `butter`.
    """
    low, high = np.tan(np.pi * np.array(band_hz) / fs_hz)
    at = np.tan(np.pi * np.fft.rfftfreq(samples))
    at[0] = 1e-9
    detuned = (at * at - low * high) / (at * (high - low))
    gain: Signal = 1.0 / (1.0 + detuned ** (2 * order))
    return gain


def band_passed(
    magnitude_g: Signal, order: int, band_hz: tuple[float, float], params: Params
) -> Signal:
    """The magnitude in a band, without a shift in time.

    Before and after it goes on turned about its ends, which leaves no jump there.
    """
    pad = min(len(magnitude_g) - 1, int(PAD_S * params.fs_hz))
    first, last = magnitude_g[0], magnitude_g[-1]
    before, after = magnitude_g[pad:0:-1], magnitude_g[-2 : -pad - 2 : -1]
    samples = -(-(len(magnitude_g) + 2 * pad) // EVEN) * EVEN
    padded = np.zeros(samples)
    padded[: len(magnitude_g) + 2 * pad] = np.concatenate(
        [2 * first - before, magnitude_g, 2 * last - after]
    )
    padded[: len(magnitude_g) + 2 * pad] -= 1.0
    gain = _gain(order, band_hz, params.fs_hz, samples)
    passed = np.fft.irfft(np.fft.rfft(padded) * gain, samples)
    return np.ascontiguousarray(passed[pad : pad + len(magnitude_g)])


def strides_tried(params: Params) -> NDArray[np.int64]:
    """The cadences that are tried, as samples a stride (two steps), fast ones first."""
    shortest = np.floor(2 * params.fs_hz / params.max_cadence_hz)
    longest = np.ceil(2 * params.fs_hz / params.min_cadence_hz)
    return np.arange(int(shortest), int(longest) + 1)


def windows(band: Signal, params: Params) -> Windows:
    """Look at a band-passed signal."""
    from backstride.walking import periodicity_kernels as kernels

    hop, half = round(params.hop_s * params.fs_hz), params.window_hops // 2
    strides = strides_tried(params)
    longest = int(strides[-1])
    x = band.astype(np.float32)
    on = np.concatenate([[0.0], np.cumsum(band * band), np.zeros(hop + longest)])
    on[len(band) + 1 :] = on[len(band)]
    energy = on[: len(band) + 1]
    moving, lively = _moving(energy, hop, half + 1, longest, params)
    sums = np.empty((len(lively), longest + 1), dtype=np.float32)
    kernels.products(x, lively, hop, sums)
    r = np.empty((len(moving), longest + 1), dtype=np.float32)
    kernels.correlations(sums, on, moving, hop, half, r)
    score = np.empty((len(moving), len(strides)), dtype=np.float32)
    power = _power(r, moving, params)
    kernels.scores(r, power, moving, strides, params.fs_hz, SPECTRUM_HZ, score)
    return Windows(hop, energy, moving, r, score, strides)


def likeliest(found: Windows, courses: tuple[Course, ...], params: Params) -> NDArray[np.int32]:
    """The number of the likeliest cadence in each window, -1 where nobody walks.

    Where the first course rests, the next one is asked.
    """
    from backstride.walking import periodicity_kernels as kernels

    path = np.full(len(found.score), kernels.RESTING, dtype=np.int32)
    one = np.empty_like(path)
    drift, reach = np.float32(params.drift_cost), params.drift_reach
    for course in courses:
        least, change = np.float32(course.min_score), np.float32(course.change_cost)
        kernels.likeliest(found.score, found.wanted, least, change, drift, reach, one)
        path = np.where(path == kernels.RESTING, one, path)
    return path


def _moving(
    energy: Signal, hop: int, half: int, longest: int, params: Params
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The windows in which something moves, and the blocks that they look at.

    The movement goes on through at least `min_filled` of the window: one jolt is no walk.
    """
    blocks = -(-(len(energy) - 1) // hop)
    border = np.minimum(np.arange(blocks + 1) * hop, len(energy) - 1)
    of_block = np.diff(energy[border])
    number = np.arange(blocks + 1)
    low, high = np.clip(number - half, 0, blocks), np.clip(number + half, 0, blocks)
    square = (energy[border[high]] - energy[border[low]]) / (2 * half * hop)
    padded = np.pad(of_block / hop, half, constant_values=-1.0)
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * half)
    filled = np.count_nonzero(near >= params.filled_share**2 * square[:, None], axis=1)
    moving = (square >= params.min_std_g**2) & (filled >= params.min_filled * 2 * half)
    reach = half + -(-longest // (2 * hop)) + 1
    edges = np.zeros(blocks + 1, dtype=np.int64)
    at = np.flatnonzero(moving)
    np.add.at(edges, np.maximum(at - reach, 0), 1)
    np.add.at(edges, np.minimum(at + reach, blocks), -1)
    return moving, np.cumsum(edges)[:blocks] > 0


def _power(r: Rows, moving: NDArray[np.bool_], params: Params) -> Rows:
    """Each moving window's power at multiples of `SPECTRUM_HZ`: its tapered correlation's."""
    longest = r.shape[1] - 1
    bins = round(2 * params.max_cadence_hz / SPECTRUM_HZ) + 2
    power = np.zeros((len(r), bins), dtype=np.float32)
    power[moving] = np.maximum(1.0 + r[moving, 1:] @ _cosines(longest, bins, params.fs_hz), 0.0)
    return power


@lru_cache
def _cosines(longest: int, bins: int, fs_hz: float) -> Rows:
    lag = np.arange(1, longest + 1)[:, None]
    taper = 1.0 + np.cos(np.pi * lag / (longest + 1))
    turns = lag * np.arange(bins)[None, :] * SPECTRUM_HZ / fs_hz
    cosines: Rows = (taper * np.cos(2 * np.pi * turns)).astype(np.float32)
    return cosines
