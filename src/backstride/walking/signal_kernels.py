"""The loops over every sample: the even magnitude, and the sums of each minute.

Each kernel has the same in NumPy beside it, which the tests hold it against.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numba import types
from numpy.typing import NDArray

from backstride.kernels import kernel, read_only

AT_ONCE = 2048  # magnitudes that stay in the nearest cache
SLACK = 1e-4  # of an output sample, 2.5 µs at 40 Hz: blocks start at whole microseconds

Acceleration = NDArray[np.float32]
Signal = NDArray[np.float64]

ACC = read_only(types.float32, 2)
NUMBERS = types.float64[::1]


@kernel(ACC, types.float64, types.float64, types.float64, NUMBERS, NUMBERS)
def average(
    acc: Acceleration, start_s: float, step_s: float, fs_hz: float, state: Signal, out: Signal
) -> int:
    """The mean magnitude of each whole 1/`fs_hz`; how many were written to `out`.

    Sample i is at `start_s + i * step_s`, counted from the stretch's start, and between two
    samples the area under them is spread evenly. `state` is carried from block to block:
    the last sample's time, its magnitude, the area of the open output sample, how many
    output samples there were.
    """
    before_s, level, area, done = state[0], state[1], state[2], state[3]
    edge_s = (done + 1.0) / fs_hz
    slack_s = SLACK / fs_hz
    values = np.empty(AT_ONCE, np.float32)
    written = 0
    for first in range(0, len(acc), AT_ONCE):
        count = min(AT_ONCE, len(acc) - first)
        for i in range(count):
            x, y, z = acc[first + i, 0], acc[first + i, 1], acc[first + i, 2]
            values[i] = np.sqrt(x * x + y * y + z * z)
        for i in range(count):
            now_s = start_s + (first + i) * step_s
            now_g = np.float64(values[i])
            height = 0.5 * (level + now_g)
            while now_s >= edge_s - slack_s:
                out[written] = (area + height * (edge_s - before_s)) * fs_hz
                written += 1
                done += 1.0
                area = 0.0
                before_s = edge_s
                edge_s = (done + 1.0) / fs_hz
            area += height * (now_s - before_s)
            before_s = now_s
            level = now_g
    state[0], state[1], state[2], state[3] = before_s, level, area, done
    return written


def numpy_average(
    acc: Acceleration, start_s: float, step_s: float, fs_hz: float, state: Signal, out: Signal
) -> int:
    """`average` in NumPy: differences of the running integral, between samples a line."""
    values = np.sqrt((acc * acc).sum(axis=1)).astype(np.float64)
    times = np.concatenate([state[:1], start_s + np.arange(len(acc)) * step_s])
    height = 0.5 * (np.concatenate([state[1:2], values[:-1]]) + values)
    area = np.concatenate([state[2:3], state[2] + np.cumsum(height * np.diff(times))])
    done = int(state[3])
    number = np.arange(done + 1, int(times[-1] * fs_hz) + 2)
    number = number[number / fs_hz - SLACK / fs_hz <= times[-1]]
    ready = done + len(number)
    after = np.searchsorted(times, number / fs_hz - SLACK / fs_hz)
    edges = area[after - 1] + height[after - 1] * (number / fs_hz - times[after - 1])
    out[: ready - done] = np.diff(edges, prepend=0.0) * fs_hz
    rest = area[-1] - (edges[-1] if len(edges) else 0.0)
    state[:] = times[-1], values[-1], rest, ready
    return ready - done


@kernel(ACC, read_only(types.int64, 1), types.float64[:, ::1])
def sums(acc: Acceleration, edges: NDArray[np.int64], out: Signal) -> None:
    """Sum and sum of squares of each axis between each two of `edges`, into `out` [n, 6]."""
    for part in range(len(edges) - 1):
        x1 = y1 = z1 = x2 = y2 = z2 = 0.0
        for i in range(edges[part], edges[part + 1]):
            x, y, z = np.float64(acc[i, 0]), np.float64(acc[i, 1]), np.float64(acc[i, 2])
            x1 += x
            y1 += y
            z1 += z
            x2 += x * x
            y2 += y * y
            z2 += z * z
        out[part, 0], out[part, 1], out[part, 2] = x1, y1, z1
        out[part, 3], out[part, 4], out[part, 5] = x2, y2, z2


def numpy_sums(acc: Acceleration, edges: NDArray[np.int64], out: Signal) -> None:
    """`sums` in NumPy."""
    for part, (first, last) in enumerate(pairwise(edges)):
        values = acc[first:last].astype(np.float64)
        out[part, :3], out[part, 3:] = values.sum(axis=0), (values * values).sum(axis=0)
