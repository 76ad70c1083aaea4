"""Samples that come in batches are a Recording like any other."""

from __future__ import annotations

import numpy as np
import pytest

from backstride.sensors.stream import open_stream
from backstride.walking import Live, measure
from real_recordings import START, step_train


def batches(arrived: list[int]):
    """A minute of walking at 50 Hz, a second at a time; `arrived` says which seconds came."""
    acc = step_train(60, 50, 100, [(5, 55)])
    t_s = START.timestamp() + np.arange(len(acc)) / 50
    for second in range(60):
        arrived.append(second)
        part = slice(50 * second, 50 * second + 50)
        yield t_s[part], acc[part]


def test_blocks_come_as_the_batches_arrive() -> None:
    arrived: list[int] = []
    blocks = open_stream(batches(arrived), "phone.live", "phone", fs_hz=50.0).blocks()
    assert arrived == []
    assert next(blocks).start_utc == START
    assert arrived == [0]
    next(blocks)
    assert arrived == [0, 1]


def test_it_is_measured_as_what_is_pushed() -> None:
    counted: list[int] = []
    recording = open_stream(batches([]), "phone.live", "phone")
    measured = measure(recording, counted.append)
    live = Live("phone.live")
    for t_s, acc in batches([]):
        live.push_samples(t_s, acc)
    assert measured.steps.equals(live.finish().steps)
    assert measured.bouts["steps"].sum() == pytest.approx(83, abs=3)
    assert counted[-1] == 60


def test_arrays_of_another_shape_are_refused() -> None:
    recording = open_stream([(np.zeros(3), np.zeros((2, 3)))], "x", "phone")
    with pytest.raises(ValueError, match=r"expected \[n\] and \[n, 3\]"):
        list(recording.blocks())
