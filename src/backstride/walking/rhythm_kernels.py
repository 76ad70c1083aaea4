"""The loops behind `rhythm`: the signal mixed down with the steps' own frequency, and means.

Each kernel has the same in NumPy beside it, which the tests hold it against.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from backstride.kernels import kernel, read_only

Signal = NDArray[np.float64]
NUMBERS = read_only(types.float64, 1)


@kernel(NUMBERS, NUMBERS, types.int64, types.float64[:, ::1])
def mixed_down(band: Signal, turn: Signal, size: int, out: Signal) -> None:
    """Real and imaginary mean of the signal turned back, into `out` [2, cells].

    `turn` is how many turns the steps have made at the borders of cells of `size` samples,
    [cells + 1]; between them they turn evenly.
    """
    c, s = np.cos(2.0 * np.pi * turn[0]), np.sin(2.0 * np.pi * turn[0])
    for cell in range(out.shape[1]):
        each = 2.0 * np.pi * (turn[cell + 1] - turn[cell]) / size
        cos_each, sin_each = np.cos(each), np.sin(each)
        real = imaginary = 0.0
        for i in range(cell * size, (cell + 1) * size):
            real += band[i] * c
            imaginary -= band[i] * s
            c, s = c * cos_each - s * sin_each, s * cos_each + c * sin_each
        out[0, cell], out[1, cell] = real / size, imaginary / size


def numpy_mixed_down(band: Signal, turn: Signal, size: int, out: Signal) -> None:
    """`mixed_down` in NumPy."""
    share = np.arange(size) / size
    turns = turn[:-1, None] + np.diff(turn)[:, None] * share
    mixed = band[: turns.size].reshape(turns.shape) * np.exp(-2j * np.pi * turns)
    out[0], out[1] = mixed.mean(axis=1).real, mixed.mean(axis=1).imag


@kernel(NUMBERS, types.int64, types.float64[::1])
def moving_mean(x: Signal, reach: int, out: Signal) -> None:
    """The mean of each sample with `reach` to either side; beyond the ends is 0."""
    total = 0.0
    for i in range(min(reach, len(x))):
        total += x[i]
    for i in range(len(x)):
        if i + reach < len(x):
            total += x[i + reach]
        if i > reach:
            total -= x[i - reach - 1]
        out[i] = total / (2 * reach + 1)


def numpy_moving_mean(x: Signal, reach: int, out: Signal) -> None:
    """`moving_mean` in NumPy."""
    padded = np.pad(x, reach)
    out[:] = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).mean(axis=1)
