"""The border between two groups of people, as the placement's rule is fitted."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.placement import FEWEST, border

MANY = 4 * FEWEST


def test_between_what_does_not_overlap() -> None:
    low, high = list(np.linspace(0, 1, MANY)), list(np.linspace(3, 4, MANY))
    assert 1 < border({(False, "a"): low, (True, "a"): high}) < 3


def test_each_person_counts_alike() -> None:
    """One with a lot of data doesn't pull the border."""
    low, high = list(np.linspace(0, 2, MANY)), list(np.linspace(1.5, 4, MANY))
    once = {(False, "a"): low, (False, "b"): [1.2] * MANY, (True, "a"): high}
    often = once | {(False, "b"): [1.2] * 50 * MANY}
    assert border(once) == pytest.approx(border(often))


def test_with_nobody_above_a_twentieth_is() -> None:
    low = list(np.linspace(0, 1, 1000))
    assert border({(False, "a"): low}) == pytest.approx(0.95, abs=0.01)


def test_who_hardly_walked_is_left_out() -> None:
    low, few = list(np.linspace(0, 1, MANY)), [9.0] * (FEWEST - 1)
    assert border({(False, "a"): low, (False, "b"): few}) < 1
