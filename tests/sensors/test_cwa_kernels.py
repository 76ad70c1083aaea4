"""The compiled loops over Axivity sectors do what NumPy does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backstride.sensors import cwa_kernels as kernels

SECTORS = arrays(np.uint16, st.tuples(st.integers(0, 4), st.just(256)))


@settings(deadline=None)
@given(SECTORS, st.data())
def test_checksums(words: np.ndarray, data) -> None:
    right = data.draw(arrays(np.bool_, len(words)))
    words[:, 255] -= np.where(right, words.sum(axis=1, dtype=np.uint16), 0).astype(np.uint16)
    found, expected = np.empty((2, len(words)), dtype=bool)
    kernels.checksums(words, found)
    kernels.numpy_checksums(words, expected)
    np.testing.assert_array_equal(found, expected)
    assert found[right].all()


@settings(deadline=None)
@given(SECTORS, st.data())
def test_packed(words: np.ndarray, data) -> None:
    counts = data.draw(arrays(np.int64, len(words), elements=st.integers(1, 120)))
    found, expected = np.full((2, counts.sum(), 3), np.nan, dtype=np.float32)
    kernels.packed(words, counts, found)
    kernels.numpy_packed(words, counts, expected)
    np.testing.assert_array_equal(found, expected)


@settings(deadline=None)
@given(SECTORS, st.data())
@pytest.mark.parametrize(("axes", "first"), [(3, 0), (6, 3), (9, 3)])
def test_unpacked(axes: int, first: int, words: np.ndarray, data) -> None:
    counts = data.draw(arrays(np.int64, len(words), elements=st.integers(1, 240 // axes)))
    unit_g = 2.0 ** -data.draw(arrays(np.float32, len(words), elements=st.integers(8, 15)))
    found, expected = np.full((2, counts.sum(), 3), np.nan, dtype=np.float32)
    kernels.unpacked(words, counts, axes, first, unit_g, found)
    kernels.numpy_unpacked(words, counts, axes, first, unit_g, expected)
    np.testing.assert_array_equal(found, expected)
