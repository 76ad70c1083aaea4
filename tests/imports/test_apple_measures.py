"""Apple Health: what is measured beside steps, and the heart rate of walks alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride import imports
from backstride.imports.apple_health.heart import HeartRates
from backstride.imports.sift import Account
from backstride.records import MEASURE_NAMES, MEASURES
from imports.apple_xml import WATCH, document, record

QUANTITY = "HKQuantityTypeIdentifier"
HEART = QUANTITY + "HeartRate"
T0 = datetime(2024, 5, 1, 9, 0, tzinfo=UTC)


def stamp(second: float) -> str:
    return f"{T0 + timedelta(seconds=second):%Y-%m-%d %H:%M:%S} +0000"


def read(tmp_path: Path, *parts: str) -> imports.Imported:
    path = tmp_path / "export.xml"
    path.write_text(document(*parts), encoding="utf-8")
    return imports.read(path)


def beat(second: float, bpm: str, **said: str) -> str:
    return record(stamp(second), stamp(second), bpm, HEART, "count/min", **said)


def walk(start_s: float, end_s: float, kind: str = "Walking") -> str:
    minutes = (end_s - start_s) / 60
    return (
        f'<Workout workoutActivityType="HKWorkoutActivityType{kind}" duration="{minutes}" '
        f'durationUnit="min" sourceName="W" startDate="{stamp(start_s)}" '
        f'endDate="{stamp(end_s)}"/>'
    )


@pytest.mark.parametrize(
    ("kind", "unit", "value", "measure", "expected"),
    [
        ("WalkingSpeed", "km/hr", "3.6", "walking_speed_mps", 1.0),
        ("WalkingSpeed", "mi/hr", "2.52774", "walking_speed_mps", 1.13),
        ("WalkingSpeed", "m/s", "1.25", "walking_speed_mps", 1.25),
        ("WalkingStepLength", "cm", "71", "step_length_m", 0.71),
        ("WalkingStepLength", "in", "30", "step_length_m", 0.762),
        ("WalkingDoubleSupportPercentage", "%", "0.283", "double_support_percent", 28.3),
        ("WalkingAsymmetryPercentage", "%", "0", "asymmetry_percent", 0.0),
        ("AppleWalkingSteadiness", "%", "0.92", "steadiness_percent", 92.0),
        ("RestingHeartRate", "count/min", "58", "resting_heart_rate_bpm", 58.0),
    ],
)
def test_measures_in_their_units(
    tmp_path: Path, kind: str, unit: str, value: str, measure: str, expected: float
) -> None:
    got = read(tmp_path, record(stamp(0), stamp(10), value, QUANTITY + kind, unit, device=WATCH))
    assert dict(got.measures.schema) == MEASURES
    (row,) = got.measures.rows()
    assert measure in MEASURE_NAMES
    assert row[:3] == (T0, T0 + timedelta(seconds=10), measure)
    assert row[3] == pytest.approx(expected, rel=1e-4)
    assert row[4:] == ("Anna's iPhone", "watch")
    assert got.read_counts == {QUANTITY + kind: 1}
    assert got.samples.is_empty()


@pytest.mark.parametrize("value", ['value="HKCategoryValueNotApplicable" ', ""])
def test_mindful_session_is_as_long_as_it_lasts(tmp_path: Path, value: str) -> None:
    got = read(
        tmp_path,
        f'<Record type="HKCategoryTypeIdentifierMindfulSession" sourceName="Calm" {value}'
        f'startDate="{stamp(0)}" endDate="{stamp(330)}"/>',
    )
    assert got.measures.select("measure", "value").rows() == [("mindful_s", 330.0)]


@pytest.mark.parametrize(
    ("unit", "value", "code"),
    [("furlong", "1", "unit"), ("%", "-1", "negative"), ("%", "", "value")],
)
def test_impossible_measure_is_refused_and_counted(
    tmp_path: Path, unit: str, value: str, code: str
) -> None:
    kind = QUANTITY + "WalkingAsymmetryPercentage"
    got = read(tmp_path, record(stamp(0), stamp(1), value, kind, unit))
    assert got.measures.is_empty()
    assert got.refused_counts == {kind: 1}
    assert [notice.code for notice in got.notices] == [f"imports.refused.{code}"]


def test_heart_rate_is_kept_for_whole_minutes_of_walks(tmp_path: Path) -> None:
    beats = [beat(at, str(80 + at // 60)) for at in range(0, 600, 15)]
    got = read(tmp_path, *beats, beat(130, "nan"), walk(110, 300), walk(480, 590, "Cycling"))
    rows = got.measures.select("start", "measure", "value").rows()
    minute = timedelta(minutes=1)
    assert rows == [(T0 + n * minute, "heart_rate_bpm", 80.0 + n) for n in (2, 3, 4)]
    assert got.measures["end"].to_list() == [row[0] + minute for row in rows]
    assert got.read_counts[HEART] == 12
    assert got.skipped_counts[HEART] == 28
    assert got.refused_counts == {HEART: 1}


def test_heart_rate_of_two_devices_stays_apart(tmp_path: Path) -> None:
    got = read(
        tmp_path,
        *(beat(at, "90", source="W", device=WATCH) for at in (0, 20, 40)),
        *(beat(at, "110", source="Strap") for at in (5, 25)),
        beat(45, "93", source="W", device=WATCH),
        walk(0, 60),
    )
    rows = got.measures.select("source", "device", "value").rows()
    assert sorted(rows) == [("Strap", "app", 110.0), ("W", "watch", 90.75)]


def test_walk_that_was_never_stopped_keeps_no_heart_rate(tmp_path: Path) -> None:
    got = read(tmp_path, beat(60, "70"), walk(0, 13 * 3600))
    assert got.measures.is_empty()
    assert got.skipped_counts == {HEART: 1}


READINGS = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 30_000), st.sampled_from("ab")), max_size=60
)
WALKS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 400)), max_size=4)


@settings(deadline=None)
@given(READINGS, WALKS, st.integers(1, 9))
def test_heart_rates_are_what_a_plain_loop_gives(
    readings: list[tuple[int, int, str]], walks: list[tuple[int, int]], batch: int
) -> None:
    expected: dict[tuple[int, str], list[int]] = {}
    for second, hundredths, source in readings:
        minute = second // 60
        if any(a <= minute * 60 and minute * 60 + 60 <= a + n for a, n in merged(walks)):
            expected.setdefault((minute, source), []).append(hundredths)
    hearts, account = HeartRates(), Account()
    for at in range(0, len(readings), batch):
        hearts.add(frame_of(readings[at : at + batch]))
    spans = {"start": [instant(a) for a, _ in walks], "end": [instant(a + n) for a, n in walks]}
    schema = {name: MEASURES[name] for name in spans}
    got = hearts.during(pl.DataFrame(spans, schema=schema), account)
    found = {(row[0], row[4]): row[3] for row in got.rows()}
    assert found == pytest.approx(
        {(instant(60 * m), who): sum(all_) / len(all_) / 100 for (m, who), all_ in expected.items()}
    )
    assert account.read[HEART] == sum(map(len, expected.values()))
    assert account.read[HEART] + account.skipped[HEART] == len(readings)


def merged(walks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Walks whose whole minutes touch, as one."""
    minutes = {m for a, n in walks for m in range(-(-a // 60), (a + n) // 60)}
    return [(60 * m, 60) for m in sorted(minutes)]


def instant(second: int) -> datetime:
    return T0 + timedelta(seconds=second)


def frame_of(readings: list[tuple[int, int, str]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "start": pl.Series([instant(r[0]) for r in readings], dtype=MEASURES["start"]),
            "value": [r[1] / 100 for r in readings],
            "source": [r[2] for r in readings],
            "device": ["watch"] * len(readings),
        }
    )
