"""The instants of steps as the best chains of peaks: for what is worn on the trunk or wrist.

A foot's contact jolts the trunk, however uneven the gait is: each is a peak of the magnitude.
Peaks that follow each other at distances and heights like those before are a walk. A painful,
limping or halting walk has a rhythm that a window of some seconds can't find, but each of its
steps is still like the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from backstride.walking.params import Linking, Params
from backstride.walking.periodicity import Windows, band_passed
from backstride.walking.signal import Signal

JOLT_S, JOLT_SHARE = 0.25, 0.3  # of a step, or of the time between two, is its own
USUAL = 9  # steps whose median prominence is the usual one


@dataclass(frozen=True)
class Peaks:
    """Where (in samples, with fractions), how prominent, and the `score` of the seconds about.

    `energy` is the running sum of squares of the whole signal in walking's band [samples + 1].
    """

    at: Signal
    prominence_g: Signal
    regular: Signal
    energy: Signal


def steps_by_links(magnitude_g: Signal, found: Windows, link: Linking, params: Params) -> Signal:
    """Samples (with fractions) at which there is a step."""
    return linked(peaks_of(magnitude_g, found, link, params), link, params)


def peaks_of(magnitude_g: Signal, found: Windows, link: Linking, params: Params) -> Peaks:
    """The peaks of the magnitude in the band where each step has one."""
    from backstride.walking import linking_kernels

    calm = band_passed(magnitude_g, 2, link.band_hz, params)
    reach = round(link.longest_s * params.fs_hz) // 2
    at, prominence_g = np.empty(len(calm) // 2, np.int64), np.empty(len(calm) // 2)
    count = linking_kernels.peaks(calm, link.least_peak_g, reach, at, prominence_g)
    at, prominence_g = at[:count], prominence_g[:count]
    regular = np.interp(at, np.arange(len(found.best)) * found.hop, found.best)
    return Peaks(_refined(calm, at), prominence_g, regular, found.energy)


def linked(peaks: Peaks, link: Linking, params: Params) -> Signal:
    """The places of the peaks that are steps."""
    from backstride.walking import linking_kernels

    worth = np.minimum(link.step_worth + link.regular_worth * peaks.regular, 1.0)
    chosen = np.zeros(len(peaks.at), dtype=np.bool_)
    at_s = peaks.at / params.fs_hz
    costs = np.array([link.begin_cost, link.uneven_cost, link.most_cost])
    linking_kernels.best_chains(at_s, worth, _link_costs(peaks, link, params), costs, chosen)
    kept = np.flatnonzero(chosen)
    kept = kept[_before_closing(at_s[kept], peaks.prominence_g[kept], link, params)]
    return peaks.at[kept]


def _link_costs(peaks: Peaks, link: Linking, params: Params) -> Signal:
    """What it costs to go on from each of the `BACK` peaks before, [peaks, BACK]."""
    from backstride.walking import linking_kernels

    height, at_s = np.log(peaks.prominence_g), peaks.at / params.fs_hz
    cost = np.full((len(at_s), linking_kernels.BACK), np.inf)
    for back in range(min(linking_kernels.BACK, len(at_s) - 1)):
        before, after = slice(None, -1 - back), slice(1 + back, None)
        distance = at_s[after] - at_s[before]
        unlike = link.unlike_cost * (height[after] - height[before]) ** 2
        late = link.late_cost * np.maximum(distance - params.slow_s, 0.0)
        stir = link.stir_cost * _stir(peaks, before, after, params)
        can = (distance >= link.shortest_s) & (distance <= link.longest_s)
        cost[after, back] = np.where(can, np.minimum(unlike, link.most_cost) + late + stir, np.inf)
    return cost


def _stir(peaks: Peaks, before: slice, after: slice, params: Params) -> Signal:
    """How much moves between two peaks, beside the lower of them: nothing to 1."""
    apart = peaks.at[after] - peaks.at[before]
    jolt = np.minimum(JOLT_S * params.fs_hz, JOLT_SHARE * apart)
    first = (peaks.at[before] + jolt).astype(np.int64)
    end = np.maximum((peaks.at[after] - jolt).astype(np.int64), first + 1)
    square = (peaks.energy[end] - peaks.energy[first]) / (end - first)
    lower = np.minimum(peaks.prominence_g[before], peaks.prominence_g[after])
    stir: Signal = np.minimum(np.sqrt(np.maximum(square, 0.0)) / lower, 1.0)
    return stir


def _before_closing(
    at_s: Signal, prominence_g: Signal, link: Linking, params: Params
) -> NDArray[np.bool_]:
    """All steps but the weak ones at a walk's end, that put one foot beside the other.

    Of several weak ones the first is still a step: it was taken slowing down.
    """
    keep: NDArray[np.bool_] = np.ones(len(at_s), dtype=np.bool_)
    cut = np.flatnonzero(np.diff(at_s) > params.max_break_s) + 1
    for first, end in pairwise([0, *cut.tolist(), len(at_s)]):
        last = end
        while last - first > 1 and prominence_g[last - 1] < link.closing_share * np.median(
            prominence_g[max(first, last - USUAL) : last]
        ):
            last -= 1
        keep[last + (end - last > 1) : end] = False
    return keep


def _refined(signal: Signal, peaks: NDArray[np.int64]) -> Signal:
    """Where a parabola through each peak and its neighbours is highest."""
    before, here, after = signal[peaks - 1], signal[peaks], signal[peaks + 1]
    bend = np.maximum(2 * here - before - after, 1e-12)
    refined: Signal = peaks.astype(np.float64) + np.clip(0.5 * (after - before) / bend, -0.5, 0.5)
    return refined
