"""The loop behind `gait`: how alike steps and strides are about each step.

The kernel has the same in NumPy beside it, which the tests hold it against.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from backstride.kernels import kernel, read_only

TOLERANCE = 0.12  # of the lag: no step takes just as long as the one before

Signal = NDArray[np.float64]
NUMBERS = read_only(types.float64, 1)


@kernel(
    NUMBERS, NUMBERS, types.int64, read_only(types.float32, 2), read_only(types.boolean, 1),
    types.float64[:, ::1],
)  # fmt: skip
def regularity(
    at: Signal, step: Signal, hop: int, r: NDArray[np.float32], wanted: NDArray[np.bool_],
    out: Signal,
) -> None:  # fmt: skip
    """The highest correlation about one step later and about two, into columns 0 and 1.

    `at` and `step` are each step's place and length in samples, `r` and `wanted` as in
    `periodicity.Windows`. NaN where the lag is too long or nothing moves.
    """
    longest = r.shape[1] - 1
    for i in range(len(at)):
        window = min(int(at[i] / hop + 0.5), len(r) - 1)
        for steps in range(1, 3):
            out[i, steps - 1] = np.nan
            lag = steps * step[i]
            if not wanted[window] or lag > longest:
                continue
            first = int(np.ceil(lag * (1.0 - TOLERANCE)))
            last = min(int(lag * (1.0 + TOLERANCE)), longest)
            highest = -1.0
            for k in range(first, last + 1):
                highest = max(highest, np.float64(r[window, k]))
            out[i, steps - 1] = highest


def numpy_regularity(
    at: Signal, step: Signal, hop: int, r: NDArray[np.float32], wanted: NDArray[np.bool_],
    out: Signal,
) -> None:  # fmt: skip
    """`regularity` in NumPy."""
    longest = r.shape[1] - 1
    rows = r[np.minimum((at / hop + 0.5).astype(int), len(r) - 1)]
    moves = wanted[np.minimum((at / hop + 0.5).astype(int), len(r) - 1)]
    number = np.arange(longest + 1)
    for steps in (1, 2):
        lag = steps * step[:, None]
        first, last = np.ceil(lag * (1.0 - TOLERANCE)), np.floor(lag * (1.0 + TOLERANCE))
        near = np.where((number >= first) & (number <= last), rows, -1.0).max(axis=1)
        out[:, steps - 1] = np.where(moves & (lag[:, 0] <= longest), near, np.nan)
