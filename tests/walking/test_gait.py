"""How a walk was walked: evenness, variability, running, and how sure its steps are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.records import Placement
from backstride.sensors import open_recording
from backstride.sensors.parquet import open_parquet
from backstride.walking import days, measure
from real_recordings import AX3_610, LOWER_BACK, cut, jolts, recording_of, step_train

STEP_S = 0.55


def bout(acc: np.ndarray, placement: Placement = Placement.LOWER_BACK) -> dict:
    """The one bout of walking in it."""
    (row,) = measure(recording_of(cut(acc, 100, []), placement=placement)).bouts.to_dicts()
    return row


def walk(steps: int = 120, limp_s: float = 0.0, weak: float = 1.0, strength_g: float = 0.25):
    """Steps of STEP_S; those of one side so much longer, those of the other so much weaker."""
    side = np.arange(steps) % 2
    at_s = 10 + np.cumsum(STEP_S + limp_s * (2 * side - 1))
    return jolts(at_s[-1] + 10, at_s, strength_g * np.where(side, 1.0, weak))


def test_an_even_walk_is_regular_symmetric_and_steady() -> None:
    row = bout(walk())
    assert row["step_regularity"] > 0.9
    assert row["stride_regularity"] > 0.9
    assert row["symmetry"] == pytest.approx(1.0, abs=0.05)
    assert row["stride_time_s"] == pytest.approx(2 * STEP_S, rel=0.01)
    assert row["stride_time_cv_percent"] < 1.5
    assert row["quality"] == "good"
    assert row["running"] is False


def test_a_limp_has_unlike_steps_but_like_strides() -> None:
    even, limp = bout(walk()), bout(walk(limp_s=0.08, weak=0.5))
    assert limp["stride_regularity"] == pytest.approx(even["stride_regularity"], abs=0.08)
    assert limp["step_regularity"] < even["step_regularity"] - 0.15
    assert limp["symmetry"] < 0.85
    assert limp["stride_time_s"] == pytest.approx(2 * STEP_S, rel=0.01)


@settings(max_examples=12, deadline=None)
@given(st.floats(0.0, 0.05), st.integers(0, 1000))
def test_the_variation_of_stride_times(uneven: float, seed: int) -> None:
    times = STEP_S * (1 + uneven * np.random.default_rng(seed).normal(size=150))
    at_s = 10 + np.cumsum(times)
    strides = at_s[2:] - at_s[:-2]
    row = bout(jolts(at_s[-1] + 10, at_s, 0.25))
    true = 100 * np.std(strides, ddof=1) / strides.mean()
    assert row["stride_time_cv_percent"] == pytest.approx(true, abs=1.2)


def test_the_variation_is_unknown_of_few_strides_and_where_steps_are_not_timed_singly() -> None:
    assert bout(walk(steps=9))["stride_time_cv_percent"] is None
    row = bout(walk(), Placement.POCKET)
    assert row["stride_time_cv_percent"] is None
    assert row["stride_time_s"] == pytest.approx(2 * STEP_S, rel=0.01)


@pytest.mark.parametrize("placement", list(Placement))
def test_running_is_fast_and_hard(placement: Placement) -> None:
    """Made up: no public run has a truth. Each step flies (0 g), then lands (2.5 g)."""
    t = np.arange(0, 120, 0.01)
    acc = np.zeros((len(t), 3), dtype=np.float32)
    acc[:, 2] = 1
    on = (t > 20) & (t < 100)
    acc[on, 2] += 1.2 * np.sin(2 * np.pi * 165 / 60 * t[on])
    result = measure(recording_of(cut(acc, 100, []), placement=placement))
    assert result.bouts["running"].to_list() == [True]
    assert result.bouts["steps"].sum() == pytest.approx(220, abs=3)
    (day,) = days(result.minutes, result.bouts, "UTC").to_dicts()
    assert day["running_min"] == pytest.approx(80 / 60, abs=0.1)


@pytest.mark.parametrize("cadence_spm", [110, 130, 150])
def test_fast_walking_is_not_running(cadence_spm: float) -> None:
    result = measure(recording_of(cut(step_train(90, 100, cadence_spm, [(10, 80)]), 100, [])))
    assert result.bouts["running"].to_list() == [False]


def test_real_walks_are_walks_and_mostly_of_good_quality() -> None:
    back = measure(open_parquet(LOWER_BACK, Placement.LOWER_BACK, "UTC", fs_hz=100.0)).bouts
    worn = measure(open_recording(AX3_610)).bouts
    assert not back["running"].any()
    assert not worn["running"].any()
    longest = worn.top_k(5, by="steps")
    assert longest["quality"].to_list() == ["good"] * 5
    assert longest["stride_regularity"].min() > 0.85
    assert longest["cadence_spm"].is_between(110, 130).all()


def test_noise_that_is_taken_for_a_walk_is_of_poor_quality() -> None:
    rng = np.random.default_rng(5)
    acc = np.zeros((100 * 900, 3), dtype=np.float32)
    acc[:, 2] = 1 + rng.normal(0, 0.15, len(acc))
    found = measure(recording_of(cut(acc, 100, []), placement=Placement.LOWER_BACK)).bouts
    assert "good" not in found["quality"].to_list()
