"""A slow, painful walk: made of a real older adult's steps, uneven, limping, and short."""

from __future__ import annotations

import json

import numpy as np
import pytest
from benchmarks.accuracy import detection_figures, result_of, step_figures
from benchmarks.made import pieces_of, uneven_walks
from benchmarks.recordings import Case

from backstride.records import Placement
from backstride.sensors.parquet import open_parquet
from backstride.walking import measure
from real_recordings import LOWER_BACK, cut, jolts, recording_of

SLOW_SPM = 75  # 0.5 to 0.8 m/s, with a stride of 1 m or less


@pytest.fixture(scope="module")
def walks() -> list[Case]:
    """Thirty recordings of six walks each, 42 to 110 steps a minute."""
    truth = json.loads(LOWER_BACK.with_suffix(".truth.json").read_text())
    real = Case(
        name="HA001",
        data_set="mobilise-d",
        group="lower_back",
        person="HA001",
        open=lambda: open_parquet(LOWER_BACK, Placement.LOWER_BACK, "UTC", fs_hz=100.0),
        steps=truth["steps"],
        duration_s=137.0,
        bouts_s=[(a, b) for a, b in truth["walking_bouts_s"]],
        contacts_s=truth["initial_contacts_s"],
    )
    return list(uneven_walks("HA001", "HA001", pieces_of(real)))


def test_slow_uneven_and_limping_walks_are_found_and_counted(walks: list[Case]) -> None:
    slow = [result_of(w) for w in walks if int(w.group.split("/")[0]) < SLOW_SPM]
    assert len(slow) == 18
    assert step_figures(slow)["mape_percent"] < 10
    found = detection_figures(slow)
    assert found["sensitivity"] > 0.93
    assert found["specificity"] > 0.93


@pytest.mark.parametrize("cadence_spm", [40, 50, 60])
@pytest.mark.parametrize("length_s", [10, 15, 20])
def test_short_walks_of_a_limper(cadence_spm: int, length_s: int) -> None:
    """Five of them, half a minute apart; every second step a third weaker."""
    rng = np.random.default_rng(cadence_spm)
    steps = max(round(length_s * cadence_spm / 60), 6)
    starts = 10 + np.arange(5) * (length_s + 30.0)
    gaps = 60 / cadence_spm * (1 + 0.06 * rng.normal(size=(5, steps)))
    at_s = (starts[:, None] + np.cumsum(gaps, axis=1)).ravel()
    strength = np.where(np.arange(len(at_s)) % 2, 0.2, 0.135)
    acc = jolts(at_s[-1] + 20, at_s, strength)
    found = measure(recording_of(cut(acc, 100, []), Placement.LOWER_BACK)).bouts
    assert len(found) == 5
    assert found["steps"].sum() == pytest.approx(len(at_s), rel=0.1)
