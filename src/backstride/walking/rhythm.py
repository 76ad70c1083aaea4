"""The instants of steps from their rhythm: for what is carried or swings.

The signal is mixed down with the likeliest cadence, and what is left after a low-pass is how
far the steps run ahead of it or behind: each time the phase completes a turn, there is a
step. So a weak or missing peak loses no step, and a double one adds none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backstride.walking.params import Course, Params
from backstride.walking.periodicity import Windows, likeliest
from backstride.walking.signal import Signal

CELL = 2  # samples, a tenth of a second: nothing is left there above 0.4 Hz


def steps_by_rhythm(
    band: Signal, found: Windows, courses: tuple[Course, ...], params: Params
) -> Signal:
    """Samples (with fractions) at which there is a step."""
    path = likeliest(found, courses, params)
    walks = path >= 0
    if not walks.any():
        return np.empty(0)
    cells = len(band) // CELL
    rate_hz = params.fs_hz / CELL
    centre = np.arange(len(path)) * (found.hop / CELL)
    cell = np.arange(cells) + 0.5
    cadence_hz = np.interp(cell, centre[walks], 2 * params.fs_hz / found.strides[path[walks]])
    sure = np.interp(cell, centre, walks.astype(float)) >= 0.5
    turn = np.concatenate([[0.0], np.cumsum(cadence_hz) / rate_hz])
    low = _low(band, turn, rate_hz, params)
    sure &= _strong(2 * np.abs(low), sure, rate_hz, params)
    turned = turn[:-1] + np.diff(turn) * 0.5 * (CELL - 1) / CELL  # at each cell's centre
    ahead = np.diff(np.angle(low) / (2 * np.pi), prepend=0.0)
    phase = np.maximum.accumulate(turned + np.cumsum(ahead - np.rint(ahead)))
    whole = np.floor(phase)
    before = np.flatnonzero(np.diff(whole) >= 1)
    before = before[sure[before]]
    rise = phase[before + 1] - phase[before]
    at = before + (whole[before + 1] - phase[before]) / np.maximum(rise, 1e-9)
    turns: Signal = at * CELL + 0.5 * (CELL - 1)
    return turns


def _low(band: Signal, turn: Signal, rate_hz: float, params: Params) -> NDArray[np.complex128]:
    """The signal at the steps' own frequency, to within `lock_hz`."""
    from backstride.walking import rhythm_kernels

    mixed = np.empty((2, len(turn) - 1))
    rhythm_kernels.mixed_down(band, turn, CELL, mixed)
    sigma = rate_hz / (2 * np.pi * params.lock_hz)
    low: NDArray[np.complex128] = _smooth(mixed[0], sigma) + 1j * _smooth(mixed[1], sigma)
    return low


def _smooth(signal: Signal, sigma: float) -> Signal:
    """Close to a Gaussian of this width: three moving means, whatever the width as fast."""
    from backstride.walking import rhythm_kernels

    for _ in range(3):
        smoothed = np.empty(len(signal))
        rhythm_kernels.moving_mean(signal, round(sigma), smoothed)
        signal = smoothed
    return signal


def _strong(
    amplitude_g: Signal, sure: NDArray[np.bool_], rate_hz: float, params: Params
) -> NDArray[np.bool_]:
    """Where the step's wave is as strong as it usually is in this walk.

    A window reaches beyond the walk's ends: there the wave fades, and no step is counted.
    """
    reach = params.usual_s * rate_hz
    weight = _smooth(sure.astype(float), reach)
    square = _smooth(np.where(sure, amplitude_g**2, 0.0), reach)
    usual = np.sqrt(np.maximum(square, 0.0) / np.maximum(weight, 1e-9))
    strong: NDArray[np.bool_] = amplitude_g >= np.maximum(
        params.min_step_g, params.min_step_share * usual
    )
    return strong
