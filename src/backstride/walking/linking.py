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

USUAL = 9  # steps whose median prominence is the usual one


@dataclass(frozen=True)
class Peaks:
    """Where (in samples, with fractions), how prominent, and the `score` of the seconds about."""

    at: Signal
    prominence_g: Signal
    regular: Signal


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
    score = found.score.max(axis=1)
    regular = np.interp(at, np.arange(len(score)) * found.hop, score)
    return Peaks(_refined(calm, at), prominence_g, regular)


def linked(peaks: Peaks, link: Linking, params: Params) -> Signal:
    """The places of the peaks that are steps."""
    from backstride.walking import linking_kernels

    costs = np.array(
        [
            link.begin_cost,
            link.uneven_cost,
            link.unlike_cost,
            link.most_cost,
            link.late_cost,
            params.slow_s,
            link.shortest_s,
            link.longest_s,
        ]
    )
    worth = np.minimum(link.step_worth + link.regular_worth * peaks.regular, 1.0)
    chosen = np.zeros(len(peaks.at), dtype=np.bool_)
    at_s, height = peaks.at / params.fs_hz, np.log(peaks.prominence_g)
    linking_kernels.best_chains(at_s, height, worth, costs, chosen)
    kept = np.flatnonzero(chosen)
    kept = kept[_before_closing(at_s[kept], peaks.prominence_g[kept], link, params)]
    return peaks.at[kept]


def _before_closing(
    at_s: Signal, prominence_g: Signal, link: Linking, params: Params
) -> NDArray[np.bool_]:
    """All steps but the weak ones at a walk's end, that put one foot beside the other."""
    keep: NDArray[np.bool_] = np.ones(len(at_s), dtype=np.bool_)
    cut = np.flatnonzero(np.diff(at_s) > params.max_break_s) + 1
    for first, end in pairwise([0, *cut.tolist(), len(at_s)]):
        last = end
        while last - first > 1 and prominence_g[last - 1] < link.closing_share * np.median(
            prominence_g[max(first, last - USUAL) : last]
        ):
            last -= 1
        keep[last:end] = False
    return keep


def _refined(signal: Signal, peaks: NDArray[np.int64]) -> Signal:
    """Where a parabola through each peak and its neighbours is highest."""
    before, here, after = signal[peaks - 1], signal[peaks], signal[peaks + 1]
    bend = np.maximum(2 * here - before - after, 1e-12)
    refined: Signal = peaks.astype(np.float64) + np.clip(0.5 * (after - before) / bend, -0.5, 0.5)
    return refined
