"""The compiled loops over samples do what NumPy does, however the samples are cut."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.walking import signal_kernels as kernels

RATES = st.one_of(st.sampled_from([20.0, 40.0, 50.0, 100.0]), st.floats(6.0, 400.0))


def noise(samples: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (samples, 3)).astype(np.float32)


def averaged(average, acc: np.ndarray, cuts: list[int], fs_in: float, fs_out: float):
    """What comes out, and the state left, where the samples come cut at these places."""
    state = np.array([0.0, np.linalg.norm(acc[0].astype(np.float64)), 0.0, 0.0])
    edges = sorted({0, len(acc), *(c for c in cuts if c < len(acc))})
    found = []
    for a, b in pairwise(edges):
        out = np.full(int((b - a) * fs_out / fs_in) + 2, np.nan)
        count = average(acc[a:b], a / fs_in, 1 / fs_in, fs_out, state, out)
        assert np.isnan(out[count:]).all()
        found.append(out[:count])
    return np.concatenate(found), state


@settings(deadline=None)
@given(st.integers(1, 5000), RATES, RATES, st.lists(st.integers(1, 5000), max_size=6))
def test_average(samples: int, fs_in: float, fs_out: float, cuts: list[int]) -> None:
    acc = noise(samples, 1)
    found, state = averaged(kernels.average, acc, cuts, fs_in, fs_out)
    expected, state_expected = averaged(kernels.numpy_average, acc, cuts, fs_in, fs_out)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    np.testing.assert_allclose(state, state_expected, atol=1e-9)
    whole, _ = averaged(kernels.average, acc, [], fs_in, fs_out)
    shared = min(len(whole), len(found))  # a last one may hang on the clock's rounding
    assert max(len(whole), len(found)) - shared <= 1
    np.testing.assert_allclose(found[:shared], whole[:shared], atol=1e-9)


@given(RATES)
def test_the_average_of_a_constant_is_the_constant(fs_hz: float) -> None:
    acc = np.full((1000, 3), 1 / np.sqrt(3), dtype=np.float32)
    found, _ = averaged(kernels.average, acc, [300], fs_hz, 40.0)
    assert len(found) == int(999 / fs_hz * 40.0 + 1e-9)
    np.testing.assert_allclose(found, 1.0, atol=1e-6)


@settings(deadline=None)
@given(st.integers(1, 5000), st.lists(st.integers(0, 5000), max_size=6))
def test_sums(samples: int, cuts: list[int]) -> None:
    acc = noise(samples, 2)
    edges = np.array(sorted({0, samples, *(c for c in cuts if c < samples)}))
    found, expected = np.full((2, len(edges) - 1, 6), np.nan)
    kernels.sums(acc, edges, found)
    kernels.numpy_sums(acc, edges, expected)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-9)
