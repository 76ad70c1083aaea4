"""Whether a window of the magnitude is walking, and at which cadence.

Orientation does not matter, since only the magnitude is looked at. Walking is told by its
regularity: the autocorrelation comes back to a high value one step, or one stride, later.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy import signal as sps
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from backstride.walking.params import Params
from backstride.walking.signal import Signal


@dataclass(frozen=True)
class Windows:
    """What was found in windows of the signal; all arrays have one entry a window.

    `centre` is in samples, `std_g` the signal's spread in the walking band, `regularity` the
    autocorrelation (0 to 1) at the step or stride of the steady cadence, `score` (0 to 1)
    how well that cadence explains the seconds around, `cadence_hz` steps a second, NaN where
    none is found.
    """

    centre: NDArray[np.int64]
    std_g: Signal
    regularity: Signal
    score: Signal
    cadence_hz: Signal


@lru_cache
def _band_filter(band_hz: tuple[float, float], fs_hz: float) -> Signal:
    sos: Signal = sps.butter(3, band_hz, "bandpass", fs=fs_hz, output="sos")
    return sos


def walking_band(magnitude_g: Signal, params: Params) -> Signal:
    """The magnitude in the band that walking moves in, without a shift in time."""
    sos = _band_filter(params.band_hz, params.fs_hz)
    pad = min(len(magnitude_g) - 1, int(5 * params.fs_hz))
    filtered: Signal = sps.sosfiltfilt(sos, magnitude_g - 1.0, padlen=pad)
    return filtered


def windows(band: Signal, params: Params) -> Windows:
    """Look at the band-passed signal in windows of `window_s`, every `hop_s`."""
    size, hop = round(params.window_s * params.fs_hz), round(params.hop_s * params.fs_hz)
    padded = np.pad(band, size // 2)
    count = len(band) // hop + 1
    view = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop][:count]
    std = view.std(axis=1)
    grid = cadence_grid(params)
    score, repeats = np.zeros((len(view), len(grid))), np.zeros((len(view), len(grid)))
    lively = np.flatnonzero((std >= params.min_std_g) & _filled(view, std, params))
    for part in np.array_split(lively, len(lively) // 2000 + 1):
        if len(part):
            score[part], repeats[part] = _scores(view[part], grid, params)
    smooth = gaussian_filter1d(score, params.steady_s / params.hop_s, axis=0, mode="constant")
    best = smooth.argmax(axis=1)
    near = round(params.near_hz / params.grid_hz)
    close = maximum_filter1d(repeats, 2 * near + 1, axis=1, mode="nearest")
    regularity = close[np.arange(len(view)), best]
    cadence = np.where(smooth.max(axis=1) > 0, grid[best], np.nan)
    return Windows(np.arange(len(view)) * hop, std, regularity, smooth.max(axis=1), cadence)


def _filled(view: Signal, std: Signal, params: Params) -> NDArray[np.bool_]:
    """Whether the movement goes on through the window: one jolt is no walk."""
    hop = round(params.hop_s * params.fs_hz)
    pieces = view[:, : view.shape[1] // hop * hop].reshape(len(view), -1, hop)
    moving = np.sqrt((pieces**2).mean(axis=2)) >= params.filled_share * std[:, None]
    filled: NDArray[np.bool_] = moving.mean(axis=1) >= params.min_filled
    return filled


def cadence_grid(params: Params) -> Signal:
    """The cadences that are tried, in steps a second."""
    span = params.max_cadence_hz - params.min_cadence_hz
    grid: Signal = np.arange(round(span / params.grid_hz) + 1, dtype=np.float64)
    return grid * params.grid_hz + params.min_cadence_hz


def _scores(frames: Signal, grid: Signal, params: Params) -> tuple[Signal, Signal]:
    """How well each cadence explains each frame, and how well the frame repeats at it.

    An arm that swings repeats with the stride, a trunk with the step. So a cadence must
    repeat after two steps, and it must hold more of the power than its half (the stride),
    its double and the harmonics of the stride between them.
    """
    frames = frames - frames.mean(axis=1, keepdims=True)
    acf = autocorrelation(frames, int(np.ceil(2 * params.fs_hz / params.min_cadence_hz)) + 1)
    after_step = _at(acf, params.fs_hz / grid)
    after_stride = _at(acf, 2 * params.fs_hz / grid)
    fft_size = 1024
    power = _power(frames * np.hanning(frames.shape[1]), fft_size)
    at = grid * fft_size / params.fs_hz
    own, stride = _at(power, at), _at(power, at / 2)
    between, double = _at(power, 1.5 * at), _at(power, 2 * at)
    share = own / np.maximum(own + stride + between + double, 1e-12)
    repeats = np.maximum(after_step, after_stride)
    score = np.maximum(0.5 * (after_step + after_stride), 0.0) * share
    return score, np.maximum(repeats, 0.0)


def _at(rows: Signal, place: Signal) -> Signal:
    """Values of each row at fractional places, by linear interpolation."""
    low = np.minimum(place.astype(int), rows.shape[1] - 2)
    weight = place - low
    value: Signal = rows[:, low] * (1 - weight) + rows[:, low + 1] * weight
    return value


def _power(frames: Signal, fft_size: int) -> Signal:
    """Power spectrum of each row; single precision is enough and twice as fast."""
    spectrum = fft.rfft(frames.astype(np.float32), fft_size, axis=1)
    power: Signal = spectrum.real**2 + spectrum.imag**2
    return power


def autocorrelation(frames: Signal, longest: int) -> Signal:
    """Unbiased autocorrelation of rows of mean 0 for lags 0 to `longest`, 1 at lag 0."""
    size = frames.shape[1]
    fft_size = 1 << (size + longest - 1).bit_length()
    acf = fft.irfft(_power(frames, fft_size), fft_size, axis=1)[:, : longest + 1]
    acf = acf / (size - np.arange(longest + 1))
    normal: Signal = acf / np.maximum(acf[:, :1], 1e-12)
    return normal
