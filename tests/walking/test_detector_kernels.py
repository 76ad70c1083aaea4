"""The compiled loops of periodicity, rhythm, links and gait do what their plain twins do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, find_peaks, sosfiltfilt

from backstride.walking import gait_kernels, linking_kernels, rhythm_kernels
from backstride.walking import periodicity_kernels as kernels
from backstride.walking.params import DEFAULT
from backstride.walking.periodicity import band_passed

SEEDS = st.integers(0, 2**32 - 1)
HOP = 10


def flags(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.random(count) < rng.choice([0.0, 0.3, 0.9, 1.0])


def both(name: str, *arguments, like: np.ndarray, of=kernels) -> tuple[np.ndarray, np.ndarray]:
    """What the kernel and its twin write into an array of this shape and type."""
    found = []
    for prefix in ("", "numpy_"):
        out = np.full_like(like, 7)
        getattr(of, prefix + name)(*arguments, out)
        found.append(out)
    return found[0], found[1]


@settings(deadline=None)
@given(SEEDS, st.integers(1, 800), st.integers(1, 60))
def test_products(seed: int, samples: int, longest: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, samples).astype(np.float32)
    blocks = -(-samples // HOP)
    like = np.empty((blocks, longest + 1), np.float32)
    found, expected = both("products", x, flags(rng, blocks), HOP, like=like)
    np.testing.assert_allclose(found, expected, atol=1e-3)


def running_energy(x: np.ndarray, longest: int) -> np.ndarray:
    energy = np.concatenate([[0.0], np.cumsum(x.astype(np.float64) ** 2)])
    return np.pad(energy, (0, HOP + longest), mode="edge")


@settings(deadline=None)
@given(SEEDS, st.integers(1, 800), st.integers(1, 60), st.integers(1, 6))
def test_correlations(seed: int, samples: int, longest: int, half: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, samples).astype(np.float32)
    blocks = -(-samples // HOP)
    sums = np.empty((blocks, longest + 1), np.float32)
    kernels.products(x, np.ones(blocks, bool), HOP, sums)
    energy = running_energy(x, longest)
    like = np.empty((blocks + 1, longest + 1), np.float32)
    wanted = flags(rng, blocks + 1)
    found, expected = both("correlations", sums, energy, wanted, HOP, half, like=like)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.abs(found).max() <= 1 + 1e-4


def test_a_correlation_is_that_of_the_pairs_about_the_windows_centre() -> None:
    """Said once more without blocks: pairs so far apart, whose middles lie in the window."""
    rng = np.random.default_rng(1)
    x = rng.normal(0, 1, 400).astype(np.float32)
    sums = np.empty((40, 41), np.float32)
    kernels.products(x, np.ones(40, bool), HOP, sums)
    energy = running_energy(x, 40)
    r = np.empty((41, 41), np.float32)
    kernels.correlations(sums, energy, np.ones(41, bool), HOP, 5, r)
    for lag in (0, 7, 20, 40):
        first = 200 - 50 - HOP * round((lag + 1e-9) / (2 * HOP))  # to whole blocks
        one, other = x[first : first + 100], x[first + lag : first + lag + 100]
        expected = (one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum())
        assert r[20, lag] == pytest.approx(expected, abs=1e-4)


@settings(deadline=None)
@given(SEEDS, st.integers(1, 30))
def test_scores(seed: int, windows: int) -> None:
    rng = np.random.default_rng(seed)
    strides = np.arange(12, 68)
    r = rng.uniform(-1, 1, (windows, 69)).astype(np.float32)
    power = rng.uniform(0, 1, (windows, 70)).astype(np.float32)
    like = np.empty((windows, len(strides)), np.float32)
    arguments = (r, power, flags(rng, windows), strides, 20.0, 0.1)
    found, expected = both("scores", *arguments, like=like)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@settings(deadline=None)
@given(SEEDS, st.integers(1, 60), st.integers(1, 12), st.integers(0, 3))
def test_likeliest(seed: int, windows: int, cadences: int, reach: int) -> None:
    """Of equally good courses either may be taken: they must be worth the same."""
    rng = np.random.default_rng(seed)
    score = rng.uniform(0, 0.6, (windows, cadences)).astype(np.float32)
    wanted = flags(rng, windows)
    score[~wanted] = 0
    costs = [np.float32(c) for c in (0.25, 0.7, 0.06)]
    arguments = (score, wanted, *costs, reach)
    found, expected = both("likeliest", *arguments, like=np.empty(windows, np.int32))
    assert worth(found, score, costs) == pytest.approx(worth(expected, score, costs), abs=1e-4)
    walks = found >= 0
    assert np.abs(np.diff(found))[walks[1:] & walks[:-1]].max(initial=0) <= reach


def worth(path: np.ndarray, score: np.ndarray, costs: list[np.float32]) -> float:
    least, change, drift = map(float, costs)
    on = path >= 0
    total = float((score[on, path[on]] - least).sum())
    changes = np.diff(np.concatenate([[False], on, [False]]).astype(int))
    total -= change * np.abs(changes).sum()
    together = on[1:] & on[:-1]
    return total - drift * float(np.abs(np.diff(path))[together].sum())


@settings(deadline=None)
@given(SEEDS, st.integers(1, 300))
def test_mixed_down(seed: int, cells: int) -> None:
    rng = np.random.default_rng(seed)
    band = rng.normal(0, 1, 2 * cells + 1)
    turn = np.concatenate([[0.0], np.cumsum(rng.uniform(0.05, 0.35, cells))])
    like = np.empty((2, cells))
    found, expected = both("mixed_down", band, turn, 2, like=like, of=rhythm_kernels)
    np.testing.assert_allclose(found, expected, atol=1e-9)


@settings(deadline=None)
@given(SEEDS, st.integers(1, 200), st.integers(0, 30))
def test_moving_mean(seed: int, samples: int, reach: int) -> None:
    x = np.random.default_rng(seed).normal(0, 1, samples)
    found, expected = both("moving_mean", x, reach, like=np.empty(samples), of=rhythm_kernels)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    scipys = uniform_filter1d(x, 2 * reach + 1, mode="constant")
    np.testing.assert_allclose(found, scipys, atol=1e-9)


@settings(deadline=None)
@given(SEEDS, st.integers(3, 300), st.integers(1, 40), st.booleans())
@pytest.mark.filterwarnings("ignore:some peaks have a prominence of 0")
def test_peaks_are_scipys(seed: int, samples: int, reach: int, flat: bool) -> None:
    x = np.random.default_rng(seed).normal(0, 1, samples)
    x = np.round(x, 0 if flat else 9)
    at, prominence = np.empty(samples, np.int64), np.empty(samples)
    count = linking_kernels.peaks(x, 0.5, reach, at, prominence)
    expected, about = find_peaks(x, prominence=0.5, wlen=2 * reach + 1)
    np.testing.assert_array_equal(at[:count], expected)
    np.testing.assert_allclose(prominence[:count], about["prominences"])


@settings(deadline=None)
@given(SEEDS, st.integers(120, 3000), st.sampled_from([(3, (0.5, 5.0)), (2, (0.6, 2.5))]))
def test_the_band_is_what_scipys_filter_leaves(seed: int, samples: int, kind) -> None:
    """Away from the ends, where both make up what comes before and after."""
    order, band_hz = kind
    x = 1 + np.random.default_rng(seed).normal(0, 0.1, samples)
    sos = butter(order, band_hz, "bandpass", fs=20.0, output="sos")
    expected = sosfiltfilt(sos, x - 1, padlen=min(samples - 1, 100))
    found = band_passed(x, order, band_hz, DEFAULT)
    assert len(found) == samples
    inside = slice(min(60, samples // 2), -min(60, samples // 2) or None)
    np.testing.assert_allclose(found[inside], expected[inside], atol=3e-3)


@settings(deadline=None)
@given(SEEDS, st.integers(0, 14))
def test_best_chains(seed: int, peaks: int) -> None:
    rng = np.random.default_rng(seed)
    at_s = np.cumsum(rng.uniform(0.1, 1.2, peaks))
    worth_of = rng.uniform(-0.5, 1, peaks)
    cost = rng.uniform(0, 0.6, (peaks, linking_kernels.BACK))
    cost[rng.random(cost.shape) < 0.3] = np.inf
    costs = np.array([rng.uniform(0, 2), 1.0, 1.5])
    found, expected = np.zeros((2, peaks), bool)
    linking_kernels.best_chains(at_s, worth_of, cost, costs, found)
    linking_kernels.python_best_chains(at_s, worth_of, cost, costs, expected)
    np.testing.assert_array_equal(found, expected)


@settings(deadline=None)
@given(SEEDS, st.integers(0, 60))
def test_regularity(seed: int, steps: int) -> None:
    rng = np.random.default_rng(seed)
    step = rng.uniform(6, 40, steps)
    at = np.cumsum(step)
    windows = int(at[-1] / HOP) + 2 if steps else 1
    r = rng.uniform(-1, 1, (windows, 68)).astype(np.float32)
    like = np.empty((steps, 3))
    found, expected = both(
        "regularity", at, step, HOP, r, flags(rng, windows), like=like, of=gait_kernels
    )
    np.testing.assert_allclose(found[:, :2], expected[:, :2])
