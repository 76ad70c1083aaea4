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
TABLE = read_only(types.float64, 2)
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


@kernel(NUMBERS, NUMBERS, TABLE, NUMBERS, types.boolean[::1])
def best_chains(
    at_s: Signal, worth: Signal, cost: Signal, costs: Signal, chosen: NDArray[np.bool_]
) -> None:
    """Choose the peaks whose chains are worth most.

    Each peak of a chain is worth `worth`, less the `cost` [peaks, BACK] of its link to the one
    before (to the last peak, to the last but one, ...; infinite where there can be no link), and
    less what its distance differs from that before. `costs` are: to begin a chain; of a changed
    distance (per squared logarithm of the ratio), and the most that it may cost.
    """
    begin, uneven, most = costs[0], costs[1], costs[2]
    count = len(at_s)
    value = np.full((count, BACK), NEVER)  # of a chain that ends in this peak after that one
    came = np.full((count, BACK), FIRST)
    total = np.zeros(count + 1)  # the best of all chains that end before
    last = np.full((count + 1, 2), -1)
    for j in range(count):
        total[j + 1] = total[j]
        last[j + 1, 0], last[j + 1, 1] = last[j, 0], last[j, 1]
        for back in range(min(BACK, j)):
            if not cost[j, back] < np.inf:
                continue
            i = j - 1 - back
            distance = at_s[j] - at_s[i]
            best, best_back = total[i] + worth[i] - begin, FIRST
            for older in range(min(BACK, i)):
                if value[i, older] > 0.5 * NEVER:
                    ratio = math.log(distance / (at_s[i] - at_s[i - 1 - older]))
                    here = value[i, older] - min(uneven * ratio * ratio, most)
                    if here > best:
                        best, best_back = here, older
            value[j, back], came[j, back] = best + worth[j] - cost[j, back], best_back
            if value[j, back] > total[j + 1]:
                total[j + 1], last[j + 1, 0], last[j + 1, 1] = value[j, back], j, back
    _choose(came, last, chosen)


def python_best_chains(
    at_s: Signal, worth: Signal, cost: Signal, costs: Signal, chosen: NDArray[np.bool_]
) -> None:
    """`best_chains` by keeping every chain's peaks with its value."""
    begin, uneven, most = costs
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    open_chains: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {}
    for j in range(len(at_s)):
        best.append(best[j])
        for i in range(j - 1, max(j - 1 - BACK, -1), -1):
            if math.isinf(cost[j, j - 1 - i]):
                continue
            distance = at_s[j] - at_s[i]
            ways = [(best[i][0] + worth[i] - begin, (*best[i][1], i))]
            for h in range(i - 1, max(i - 1 - BACK, -1), -1):
                if (h, i) in open_chains:
                    value, peaks = open_chains[h, i]
                    ratio = math.log(distance / (at_s[i] - at_s[h]))
                    ways.append((value - min(uneven * ratio**2, most), peaks))
            value, peaks = max(ways, key=lambda way: way[0])
            open_chains[i, j] = (value + worth[j] - cost[j, j - 1 - i], (*peaks, j))
            if open_chains[i, j][0] > best[j + 1][0]:
                best[j + 1] = open_chains[i, j]
    chosen[list(best[-1][1])] = True
