"""The instants of steps, from the cadence of the windows and the phase of the signal.

The signal is mixed down with the cadence that the windows found, and what is left after a
low-pass is how far the steps run ahead of it or behind: each time the phase completes a
turn, there is a step. So a weak or missing peak loses no step, and a double one adds none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label, uniform_filter1d

from backstride.walking.pages import Page
from backstride.walking.params import Params
from backstride.walking.periodicity import Windows, walking_band, windows
from backstride.walking.signal import Signal


def steps_in(page: Page, params: Params) -> Signal:
    """Seconds from the stretch's start of each step in the page's core."""
    if len(page.magnitude_g) < params.window_s * params.fs_hz / 2:
        return np.empty(0)
    band = walking_band(page.magnitude_g, params)
    found = windows(band, params)
    walks = walking_windows(found, params)
    if not walks.any():
        return np.empty(0)
    at = _turns(band, found, walks, params)
    index = at + page.index
    core = index[(index >= page.core_start) & (index < page.core_end)]
    return core / params.fs_hz


def walking_windows(found: Windows, params: Params) -> NDArray[np.bool_]:
    """Windows regular enough to be walking, in a row that somewhere is clearly walking.

    Steps get uneven in a turn or a painful stride: a walk that was clear goes on through
    windows that alone would not start one.
    """
    possible = (found.regularity >= params.stay_regularity) & np.isfinite(found.cadence_hz)
    possible &= found.score >= params.stay_score
    row, count = label(possible)
    clear = np.zeros(count + 1, dtype=bool)
    sure = (found.regularity >= params.min_regularity) & (found.score >= params.min_score)
    clear[row[sure]] = True
    clear[0] = False
    walking: NDArray[np.bool_] = clear[row]
    return walking


def _turns(band: Signal, found: Windows, walks: NDArray[np.bool_], params: Params) -> Signal:
    """Samples (with fractions) where the step's phase completes a turn while walking."""
    samples = np.arange(len(band))
    cadence = np.interp(samples, found.centre[walks], found.cadence_hz[walks])
    sure = np.interp(samples, found.centre, walks.astype(float)) >= 0.5
    turn = np.cumsum(cadence) / params.fs_hz
    mixed = band * np.exp(-2j * np.pi * turn)
    sigma = params.fs_hz / (2 * np.pi * params.lock_hz)
    low = _smooth(mixed.real, sigma) + 1j * _smooth(mixed.imag, sigma)
    sure &= _strong(2 * np.abs(low), sure, params)
    phase = turn + np.unwrap(np.angle(low)) / (2 * np.pi)
    phase = np.maximum.accumulate(phase)
    whole = np.floor(phase)
    before = np.flatnonzero(np.diff(whole) >= 1)
    before = before[sure[before]]
    rise = phase[before + 1] - phase[before]
    turns: Signal = before + (whole[before + 1] - phase[before]) / np.maximum(rise, 1e-9)
    return turns


def _smooth(signal: Signal, sigma: float) -> Signal:
    """Close to a Gaussian of this width: three moving means, whatever the width as fast."""
    size = 2 * round(sigma) + 1  # odd: no shift
    for _ in range(3):
        signal = uniform_filter1d(signal, size, mode="constant")
    return signal


def _strong(amplitude_g: Signal, sure: NDArray[np.bool_], params: Params) -> NDArray[np.bool_]:
    """Where the step's wave is as strong as it usually is in this walk.

    A window reaches beyond the walk's ends: there the wave fades, and no step is counted.
    """
    reach = params.window_s * params.fs_hz / 2
    weight = _smooth(sure.astype(float), reach)
    square = _smooth(np.where(sure, amplitude_g**2, 0.0), reach)
    usual = np.sqrt(np.maximum(square, 0.0) / np.maximum(weight, 1e-9))
    strong: NDArray[np.bool_] = amplitude_g >= np.maximum(
        params.min_step_g, params.min_step_share * usual
    )
    return strong
