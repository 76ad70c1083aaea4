"""The loops that placement is found with: the even axes, and what repeats in each window.

Each kernel has the same in NumPy beside it, which the tests hold it against.
"""

from __future__ import annotations

import numpy as np
from numba import types

from backstride.kernels import kernel, read_only
from backstride.walking.signal_kernels import ACC, NUMBERS, SLACK, Acceleration, Signal

FS_HZ = 20.0  # of the even axes
WINDOW = 100  # 5 s: three strides of the slowest walk
HOP = 50
SHORTEST, LONGEST = 17, 34  # rows of a stride: 0.85 to 1.7 s, 141 to 71 steps/min
HARMONICS = 4  # of the stride
MIN_STD_G = 0.05  # of all axes together; nobody walks in a stiller window
MIN_MEAN_G = 0.5  # in less there is no telling where down is
FIGURES = 11
TINY = 1e-12
TAPER = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(WINDOW) + 0.5) / WINDOW)

ROWS = read_only(types.float64, 2)
TABLE = types.float64[:, ::1]


@kernel(ACC, types.float64, types.float64, types.float64, NUMBERS, TABLE)
def even_axes(
    acc: Acceleration, start_s: float, step_s: float, fs_hz: float, state: Signal, out: Signal
) -> int:
    """The mean of each axis over each whole 1/`fs_hz`; how many rows were written to `out`.

    Sample i is at `start_s + i * step_s`, counted from the stretch's start; between two
    samples the area under them is spread evenly. `state` is carried from block to block: the
    last sample's time, its three axes, their areas in the open row, how many rows there were.
    """
    before_s, done = state[0], state[7]
    x, y, z = state[1], state[2], state[3]
    area_x, area_y, area_z = state[4], state[5], state[6]
    edge_s = (done + 1.0) / fs_hz
    slack_s = SLACK / fs_hz
    written = 0
    for i in range(len(acc)):
        now_s = start_s + i * step_s
        now_x, now_y, now_z = np.float64(acc[i, 0]), np.float64(acc[i, 1]), np.float64(acc[i, 2])
        x, y, z = 0.5 * (x + now_x), 0.5 * (y + now_y), 0.5 * (z + now_z)
        while now_s >= edge_s - slack_s:
            part_s = edge_s - before_s
            out[written, 0] = (area_x + x * part_s) * fs_hz
            out[written, 1] = (area_y + y * part_s) * fs_hz
            out[written, 2] = (area_z + z * part_s) * fs_hz
            area_x = area_y = area_z = 0.0
            written += 1
            done += 1.0
            before_s = edge_s
            edge_s = (done + 1.0) / fs_hz
        part_s = now_s - before_s
        area_x += x * part_s
        area_y += y * part_s
        area_z += z * part_s
        before_s, x, y, z = now_s, now_x, now_y, now_z
    state[0], state[7] = before_s, done
    state[1], state[2], state[3] = x, y, z
    state[4], state[5], state[6] = area_x, area_y, area_z
    return written


def numpy_even_axes(
    acc: Acceleration, start_s: float, step_s: float, fs_hz: float, state: Signal, out: Signal
) -> int:
    """`even_axes` in NumPy: differences of the running integral, between samples a line."""
    values = acc.astype(np.float64)
    times = np.concatenate([state[:1], start_s + np.arange(len(acc)) * step_s])
    height = 0.5 * (np.concatenate([state[None, 1:4], values[:-1]]) + values)
    area = np.cumsum(np.vstack([state[4:7], height * np.diff(times)[:, None]]), axis=0)
    done = int(state[7])
    number = np.arange(done + 1, int(times[-1] * fs_hz) + 2)
    number = number[number / fs_hz - SLACK / fs_hz <= times[-1]]
    after = np.searchsorted(times, number / fs_hz - SLACK / fs_hz)
    edges = area[after - 1] + height[after - 1] * (number / fs_hz - times[after - 1])[:, None]
    out[: len(number)] = np.diff(edges, axis=0, prepend=np.zeros((1, 3))) * fs_hz
    rest = area[-1] - (edges[-1] if len(edges) else 0.0)
    state[:] = times[-1], *values[-1], *rest, done + len(number)
    return len(number)


@kernel(TABLE, NUMBERS, types.int64)
def repeats(moved: Signal, energy: Signal, lag: int) -> float:
    """The autocorrelation at a lag of rows [axes, n] of mean 0, all axes together.

    `energy` [n + 1] is the running sum of their squares, from 0.
    """
    n = moved.shape[1]
    both = 0.0
    for k in range(len(moved)):
        for i in range(n - lag):
            both += moved[k, i] * moved[k, i + lag]
    size = np.sqrt(energy[n - lag] * (energy[n] - energy[lag]))
    again: float = both / max(size, TINY)
    return again


@kernel(TABLE, NUMBERS, NUMBERS)
def stride_of(moved: Signal, energy: Signal, out: Signal) -> None:
    """The lag in rows (with a fraction) at which the axes repeat best, and how well, to `out`.

    A lag of 0 where the best is at the end of the range, and so no stride of its own.
    """
    around = np.empty(LONGEST + 2)
    best = SHORTEST - 1
    for lag in range(SHORTEST - 1, LONGEST + 2):
        around[lag] = repeats(moved, energy, lag)
        if around[lag] > around[best]:
            best = lag
    out[1] = around[best]
    if best < SHORTEST or best > LONGEST:
        out[0] = 0.0
        return
    low, high = around[best - 1], around[best + 1]
    bend = low - 2.0 * around[best] + high
    out[0] = best + 0.5 * (low - high) / min(bend, -TINY)


@kernel(TABLE, NUMBERS, types.float64, TABLE)
def harmonics(moved: Signal, down: Signal, stride: float, out: Signal) -> None:
    """Power of all axes and of the vertical at each harmonic of the stride, [2, HARMONICS]."""
    for h in range(HARMONICS):
        wave = 2.0 * np.pi * (h + 1) / stride
        turn_real, turn_imaginary = np.cos(wave), np.sin(wave)
        real, imaginary = 1.0, 0.0
        rx = ry = rz = ix = iy = iz = 0.0
        for i in range(WINDOW):
            x, y, z = TAPER[i] * moved[0, i], TAPER[i] * moved[1, i], TAPER[i] * moved[2, i]
            rx, ry, rz = rx + real * x, ry + real * y, rz + real * z
            ix, iy, iz = ix + imaginary * x, iy + imaginary * y, iz + imaginary * z
            turned = real * turn_real - imaginary * turn_imaginary
            imaginary = real * turn_imaginary + imaginary * turn_real
            real = turned
        out[0, h] = rx * rx + ry * ry + rz * rz + ix * ix + iy * iy + iz * iz
        along_real = rx * down[0] + ry * down[1] + rz * down[2]
        along_imaginary = ix * down[0] + iy * down[1] + iz * down[2]
        out[1, h] = along_real * along_real + along_imaginary * along_imaginary


@kernel(ROWS, TABLE)
def look(rows: Signal, out: Signal) -> int:
    """What repeats in each window of even axes [n, 3] in g; how many were written to `out`.

    Windows of WINDOW rows, every HOP rows; one that is too still, or without gravity or a
    stride, is left out. The columns of `out` [windows, FIGURES], of which only the last three
    depend on how the sensor is turned:

    0 the stride, in rows; 1 how well the axes repeat after it: their autocorrelation, up to
    1; 2 how well the vertical does; 3 the share of the odd harmonics of the stride in the
    power of the first four; 4 the vertical's power at the stride, 5 at its third and 6 at
    its fourth harmonic, over that at the second, which is the step; 7 the amplitude in g of the
    horizontal swing at the stride; 8, 9, 10 the direction of the mean.
    """
    moved, vertical = np.empty((3, WINDOW)), np.empty((1, WINDOW))
    energy, energy_down = np.zeros(WINDOW + 1), np.zeros(WINDOW + 1)
    down, power, written = np.empty(3), np.empty((2, HARMONICS)), 0
    for first in range(0, len(rows) - WINDOW + 1, HOP):
        down[:] = 0.0
        for i in range(WINDOW):
            for k in range(3):
                down[k] += rows[first + i, k]
        down /= WINDOW
        for i in range(WINDOW):
            square = 0.0
            for k in range(3):
                moved[k, i] = rows[first + i, k] - down[k]
                square += moved[k, i] * moved[k, i]
            energy[i + 1] = energy[i] + square
        mean_g = np.sqrt(down[0] ** 2 + down[1] ** 2 + down[2] ** 2)
        if mean_g < MIN_MEAN_G or energy[WINDOW] < WINDOW * MIN_STD_G**2:
            continue
        figures = out[written]
        stride_of(moved, energy, figures)
        if figures[0] == 0.0:
            continue
        for k in range(3):
            down[k] /= mean_g
            figures[8 + k] = down[k]
        for i in range(WINDOW):
            along = moved[0, i] * down[0] + moved[1, i] * down[1] + moved[2, i] * down[2]
            vertical[0, i] = along
            energy_down[i + 1] = energy_down[i] + along * along
        figures[2] = repeats(vertical, energy_down, int(np.rint(figures[0])))
        harmonics(moved, down, figures[0], power)
        figures[3] = (power[0, 0] + power[0, 2]) / max(power[0].sum(), TINY)
        step = max(power[1, 1], TINY)
        figures[4] = power[1, 0] / step
        figures[5] = power[1, 2] / step
        figures[6] = power[1, 3] / step
        side = max(power[0, 0] - power[1, 0], 0.0)
        figures[7] = np.sqrt(side) * 4.0 / WINDOW
        written += 1
    return written


def numpy_look(rows: Signal, out: Signal) -> int:
    """`look` in NumPy, from the definitions."""
    written = 0
    for first in range(0, len(rows) - WINDOW + 1, HOP):
        window = rows[first : first + WINDOW]
        mean = window.mean(axis=0)
        moved = window - mean
        mean_g = np.linalg.norm(mean)
        if mean_g < MIN_MEAN_G or np.square(moved).sum() < WINDOW * MIN_STD_G**2:
            continue
        lags = np.arange(SHORTEST - 1, LONGEST + 2)
        around = np.array([_numpy_repeats(moved, int(lag)) for lag in lags])
        best = int(around.argmax())
        if best in (0, len(lags) - 1):
            continue
        low, top, high = around[best - 1 : best + 2]
        stride = lags[best] + 0.5 * (low - high) / (low - 2 * top + high)
        down = mean / mean_g
        again = _numpy_repeats((moved @ down)[:, None], round(stride))
        phase = np.outer(np.arange(WINDOW), np.arange(1, HARMONICS + 1)) * 2 * np.pi / stride
        waves = (moved * TAPER[:, None]).T @ np.exp(1j * phase)
        power, vertical = (np.abs(waves) ** 2).sum(axis=0), np.abs(down @ waves) ** 2
        odd = (power[0] + power[2]) / power.sum()
        against_step = vertical[[0, 2, 3]] / max(vertical[1], TINY)
        swing_g = np.sqrt(max(power[0] - vertical[0], 0.0)) * 4 / WINDOW
        out[written] = stride, top, again, odd, *against_step, swing_g, *down
        written += 1
    return written


def _numpy_repeats(moved: Signal, lag: int) -> float:
    first, second = moved[: len(moved) - lag], moved[lag:]
    size = np.sqrt(np.square(first).sum() * np.square(second).sum())
    return float((first * second).sum() / max(size, TINY))
