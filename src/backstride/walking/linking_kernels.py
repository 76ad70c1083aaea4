"""The loops behind `linking`: the peaks, and their best chains.

The tests hold `peaks` against SciPy's, which take long to load, and `best_chains` against the
same in plain Python.
"""

from __future__ import annotations

import math

import numpy as np
from numba import types
from numpy.typing import NDArray

from backstride.kernels import kernel, read_only

Signal = NDArray[np.float64]
Counts = NDArray[np.int64]
NUMBERS = read_only(types.float64, 1)
BACK = 6  # peaks that a step may look back over
FIRST = -1
NEVER = -1e18


@kernel(NUMBERS, types.float64, types.int64, types.int64[::1], types.float64[::1])
def peaks(x: Signal, least: float, reach: int, at: Counts, prominence: Signal) -> int:
    """Find the peaks of at least this prominence; how many, and each one's place and prominence.

    A peak's prominence is its height over the higher of the two lowest places to either side:
    as far as nothing is higher than the peak, and at most `reach` samples.
    """
    count = 0
    for i in range(1, len(x) - 1):
        if not x[i - 1] < x[i] >= x[i + 1]:
            continue
        end = i + 1
        while end < len(x) - 1 and x[end] == x[i]:
            end += 1
        if x[end] >= x[i]:
            continue
        peak = (i + end - 1) // 2  # the middle, where it is flat
        base = -np.inf
        for way in (-1, 1):
            lowest, k = x[peak], peak
            while 0 <= k < len(x) and abs(k - peak) <= reach and x[k] <= x[peak]:
                lowest = min(lowest, x[k])
                k += way
            base = max(base, lowest)
        if x[peak] - base >= least:
            at[count], prominence[count] = peak, x[peak] - base
            count += 1
    return count


@kernel(types.int64[:, ::1], types.int64[:, ::1], types.boolean[::1])
def _choose(came: Counts, last: Counts, chosen: NDArray[np.bool_]) -> None:
    """Go back along the best chains, from the last to the first."""
    end = len(chosen)
    while end > 0 and last[end, 0] >= 0:
        j, back = last[end, 0], last[end, 1]
        while back != FIRST:
            chosen[j] = True
            j, back = j - 1 - back, came[j, back]
        chosen[j] = True
        end = j


@kernel(NUMBERS, NUMBERS, NUMBERS, NUMBERS, types.boolean[::1])
def best_chains(
    at_s: Signal, height: Signal, worth: Signal, costs: Signal, chosen: NDArray[np.bool_]
) -> None:
    """Choose the peaks whose chains are worth most; `height` is the logarithm of a peak's.

    Each peak of a chain is worth `worth`, less what its height and its distance differ from
    those before. `costs` are: to begin a chain; of a changed distance (per squared logarithm
    of the ratio), of a changed height (likewise), the most that either may cost; of each second
    over `slow_s`; `slow_s`; the shortest and the longest distance.
    """
    begin, uneven, unlike, most = costs[0], costs[1], costs[2], costs[3]
    late, slow_s, shortest_s, longest_s = costs[4], costs[5], costs[6], costs[7]
    count = len(at_s)
    value = np.full((count, BACK), NEVER)  # of a chain that ends in this peak after that one
    came = np.full((count, BACK), FIRST)
    total = np.zeros(count + 1)  # the best of all chains that end before
    last = np.full((count + 1, 2), -1)
    for j in range(count):
        total[j + 1] = total[j]
        last[j + 1, 0], last[j + 1, 1] = last[j, 0], last[j, 1]
        for back in range(min(BACK, j)):
            i = j - 1 - back
            distance = at_s[j] - at_s[i]
            if distance > longest_s:
                break
            if distance < shortest_s:
                continue
            best, best_back = total[i] + worth[i] - begin, FIRST
            for older in range(min(BACK, i)):
                if value[i, older] > 0.5 * NEVER:
                    ratio = math.log(distance / (at_s[i] - at_s[i - 1 - older]))
                    here = value[i, older] - min(uneven * ratio * ratio, most)
                    if here > best:
                        best, best_back = here, older
            differs = height[j] - height[i]
            cost = min(unlike * differs * differs, most) + late * max(distance - slow_s, 0.0)
            value[j, back], came[j, back] = best + worth[j] - cost, best_back
            if value[j, back] > total[j + 1]:
                total[j + 1], last[j + 1, 0], last[j + 1, 1] = value[j, back], j, back
    _choose(came, last, chosen)


def python_best_chains(
    at_s: Signal, height: Signal, worth: Signal, costs: Signal, chosen: NDArray[np.bool_]
) -> None:
    """`best_chains` by keeping every chain's peaks with its value."""
    begin, uneven, unlike, most, late, slow_s, shortest_s, longest_s = costs
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    open_chains: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {}
    for j in range(len(at_s)):
        best.append(best[j])
        for i in range(j - 1, max(j - 1 - BACK, -1), -1):
            distance = at_s[j] - at_s[i]
            if not shortest_s <= distance <= longest_s:
                continue
            ways = [(best[i][0] + worth[i] - begin, (*best[i][1], i))]
            for h in range(i - 1, max(i - 1 - BACK, -1), -1):
                if (h, i) in open_chains:
                    value, peaks = open_chains[h, i]
                    ratio = math.log(distance / (at_s[i] - at_s[h]))
                    ways.append((value - min(uneven * ratio**2, most), peaks))
            value, peaks = max(ways, key=lambda way: way[0])
            cost = min(unlike * (height[j] - height[i]) ** 2, most)
            value += worth[j] - cost - late * max(distance - slow_s, 0.0)
            open_chains[i, j] = (value, (*peaks, j))
            if value > best[j + 1][0]:
                best[j + 1] = open_chains[i, j]
    chosen[list(best[-1][1])] = True
