"""Which stretches a gallery shows: within the recording, apart, of every kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.charts.gallery.signal import VIEW_S
from backstride.charts.gallery.views import View, choose
from backstride.records import BOUTS, MINUTES, STEPS, Placement, checked, empty
from backstride.walking import Measurement, Params

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ZERO_S = START.timestamp()


def measurement(length_s: float, bouts: list[tuple[float, float, float]]) -> Measurement:
    """Bouts as (start, length, cadence), in seconds from the start."""
    rows = [
        {
            "start": START + timedelta(seconds=start),
            "end": START + timedelta(seconds=start + length),
            "steps": round(length * cadence / 60) + 1.0,
            "cadence_spm": cadence,
            "source": "made up",
        }
        for start, length, cadence in bouts
    ]
    return Measurement(
        bouts=checked(pl.DataFrame(rows, schema=BOUTS), BOUTS),
        steps=empty(STEPS),
        minutes=empty(MINUTES),
        source="made up",
        device="made up",
        placement=Placement.UNKNOWN,
        fs_hz=50.0,
        start_utc=START,
        end_utc=START + timedelta(seconds=length_s),
        recorded_s=length_s,
        worn_s=None,
        notices=(),
        params=Params(),
    )


def activity(length_s: float, lively: dict[int, float]) -> pl.DataFrame:
    """A spread of 0.01 g throughout, but for the stretches named by their number."""
    count = int(length_s // VIEW_S)
    starts = [ZERO_S + i * VIEW_S for i in range(count)]
    spread = [lively.get(i, 0.01) for i in range(count)]
    return pl.DataFrame({"start_s": starts, "spread_g": spread})


def reasons(views: list[View]) -> list[str]:
    return [view.why for view in views]


HOURS_S = 6 * 3600.0
BOUTS_OF_A_DAY = [(1000.0 + 1500 * i, 10.0 + 30 * i, 100.0 + i) for i in range(10)]


def test_every_kind_is_there() -> None:
    lively = {20: 0.3, 480: 0.2, 900: 0.4}
    views = choose(measurement(HOURS_S, BOUTS_OF_A_DAY), activity(HOURS_S, lively), 12)
    assert len(views) == 12
    said = reasons(views)
    for kind in ("begins", "ends", "middle", "shortest", "cadence unlike", "usual"):
        assert any(kind in why for why in said), kind
    assert sum(why.startswith("Lively") for why in said) == 3
    assert not any(why.startswith("Still") for why in said)


def test_the_least_certain_come_first_where_quality_is_known() -> None:
    found = measurement(HOURS_S, BOUTS_OF_A_DAY)
    quality = ["good"] * 10
    quality[4] = "poor"
    rated = found.bouts.with_columns(pl.Series("quality", quality))
    object.__setattr__(found, "bouts", rated)
    views = choose(found, activity(HOURS_S, {}), 12)
    (doubtful,) = [v for v in views if "poor quality" in v.why]
    assert doubtful.bout.quality == "poor"
    assert doubtful.bout.start_s == ZERO_S + BOUTS_OF_A_DAY[4][0]


def test_possible_misses_come_from_all_over_the_recording() -> None:
    first_hour = dict.fromkeys(range(100), 0.5)  # the liveliest are all in the first hour
    rest = dict.fromkeys(range(200, 1000, 50), 0.1)
    views = choose(measurement(HOURS_S, []), activity(HOURS_S, first_hour | rest), 10)
    hours = {int((view.start_s - ZERO_S) // 3600) for view in views}
    assert hours == {0, 1, 2, 3, 4, 5}


def test_a_stretch_that_a_bout_touches_is_no_miss() -> None:
    bout = (500.0, 30.0, 100.0)  # in the stretches 25 and 26
    loud = {24: 0.5, 25: 0.9, 26: 0.9, 27: 0.4}
    views = choose(measurement(HOURS_S, [bout]), activity(HOURS_S, loud), 6)
    lively = [view.start_s - ZERO_S for view in views if view.why.startswith("Lively")]
    assert set(lively) <= {24 * VIEW_S, 27 * VIEW_S}


def test_a_short_recording_is_shown_whole() -> None:
    views = choose(measurement(130.0, []), activity(130.0, {}), 12)
    assert len(views) == 7
    assert views[0].start_s == ZERO_S
    assert views[-1].end_s == pytest.approx(ZERO_S + 130)
    for one, following in pairwise(views):
        assert one.end_s == following.start_s
        assert one.end_s - one.start_s <= VIEW_S


walks = st.lists(st.tuples(st.floats(4, 400), st.floats(3.5, 900), st.floats(30, 180)), max_size=40)


@settings(deadline=None, max_examples=60)
@given(walks, st.integers(1, 30), st.floats(5, 90_000))
def test_views_are_apart_in_order_and_within(gaps, count, length_s) -> None:
    bouts, at = [], 0.0
    for pause, length, cadence in gaps:
        if at + pause + length < length_s:
            bouts.append((at + pause, length, cadence))
            at += pause + length
    views = choose(measurement(length_s, bouts), activity(length_s, {3: 0.2}), count)
    assert 1 <= len(views) <= count
    for view in views:
        assert view.start_s >= ZERO_S - 1e-3
        assert view.end_s <= ZERO_S + length_s + 1e-3
    for one, following in pairwise(views):
        assert one.end_s <= following.start_s + 1e-6
