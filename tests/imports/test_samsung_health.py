"""Samsung Health: minutes, bins and days of several devices, each counted once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from backstride import imports
from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.imports import merge
from imports.samsung_files import (
    ALL,
    DEVICES,
    PHONE,
    WATCH,
    bins,
    exercises,
    packed,
    steps,
    table,
    trend,
    walk,
)

STEPS = "com.samsung.shealth.tracker.pedometer_step_count"
TREND = "com.samsung.shealth.step_daily_trend"
SUMMARY = "com.samsung.shealth.tracker.pedometer_day_summary"
EXERCISE = "com.samsung.shealth.exercise"
HEART = "com.samsung.shealth.tracker.heart_rate"
PROFILE = "com.samsung.health.device_profile"
MINUTES = [
    ("2026-05-03 07:32:00.000", "2026-05-03 07:33:00.000", 90, 70.5, WATCH),
    ("2026-05-03 07:32:00.000", "2026-05-03 07:33:00.000", 80, 60, PHONE),
    ("2026-05-03 07:33:00.000", "2026-05-03 07:34:00.000", 50, 40, PHONE),
]


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


def read(
    tmp_path: Path, parts: dict[str, str | bytes], zone: str = "UTC", root: str = "a"
) -> imports.Imported:
    path = packed(tmp_path / "e.dat", parts, root)
    assert imports.detect(path) == "samsung_health"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def test_minutes_of_the_watch_and_the_phone(tmp_path: Path) -> None:
    got = read(tmp_path, {STEPS: steps(MINUTES), PROFILE: DEVICES})
    assert got.samples.select("start", "end", "steps", "distance_m", "source", "device").rows() == [
        (at(7, 32), at(7, 33), 80.0, 60.0, "Anna's S22", "phone"),
        (at(7, 32), at(7, 33), 90.0, 70.5, "Galaxy Watch4 (ABCD)", "watch"),
        (at(7, 33), at(7, 34), 50.0, 40.0, "Anna's S22", "phone"),
    ]
    assert merge(got.samples)["steps"].sum() == 140
    assert got.read_counts == {STEPS: 3}


def test_times_in_milliseconds(tmp_path: Path) -> None:
    got = read(tmp_path, {STEPS: steps([("1777793520000", "1777793580000", 9, 1, WATCH)])})
    assert got.samples.select("start", "steps", "source", "device").rows() == [
        (at(7, 32), 9.0, "Samsung Health", "app")
    ]


def test_days_before_the_minutes_come_from_bins_and_then_from_totals(tmp_path: Path) -> None:
    midnight = 1_777_593_600_000  # 2026-05-01 as UTC
    days = [
        (midnight, -2, 500, ALL, "all.json"),
        (midnight, 15, 500, WATCH, "w1.binning_data.json"),
        (midnight + 86_400_000, -2, 4321, ALL, ""),
        (midnight + 86_400_000, 0, 4000, PHONE, "empty.binning_data.json"),
        ("2026-05-03 00:00:00.000", -2, 230, ALL, ""),
        ("2026-05-03 00:00:00.000", 15, 90, WATCH, "w3.binning_data.json"),
    ]
    folder = f"jsons/{TREND}/w"
    got = read(
        tmp_path,
        {
            STEPS: steps(MINUTES),
            PROFILE: DEVICES,
            TREND: trend(days),
            f"{folder}/w1.binning_data.json": bins({54: (300, 200.5), 55: (200, 150)}),
            f"{folder}/empty.binning_data.json": bins({}),
            f"{folder}/w3.binning_data.json": bins({57: (90, 70)}),
        },
        zone="Europe/Berlin",
    )
    old = got.samples.filter(pl.col("start") < at(7))
    assert old.select("start", "end", "steps", "distance_m", "source", "device").rows() == [
        (at(7, 0, 1), at(7, 10, 1), 300.0, 200.5, "Galaxy Watch4 (ABCD)", "watch"),
        (at(7, 10, 1), at(7, 20, 1), 200.0, 150.0, "Galaxy Watch4 (ABCD)", "watch"),
        (at(22, 0, 1), at(22, 0, 2), 4321.0, 1.5, "Samsung Health", "app"),
    ]
    assert got.vendor_days.rows() == [
        (date(2026, 5, 1), 500, "Samsung Health"),
        (date(2026, 5, 2), 4321, "Samsung Health"),
        (date(2026, 5, 3), 230, "Samsung Health"),
    ]
    # The bin of the day that has minutes (09:30 in Berlin, before 07:40 UTC ends) is left.
    assert got.samples["steps"].sum() == 500 + 4321 + 220
    assert got.skipped_counts[f"{TREND} bins (in {STEPS} too)"] == 1
    assert codes(got) == {"imports.no_zone": 2}


def test_summary_where_there_is_no_trend(tmp_path: Path) -> None:
    rows = [(1000, 700, WATCH, 1_777_593_600_000), (1500, 900, ALL, 1_777_593_600_000),
            (1800, 950, PHONE, 1_777_593_600_000)]  # fmt: skip
    told = table(SUMMARY, ("step_count", "distance", "deviceuuid", "day_time"), rows)
    got = read(tmp_path, {SUMMARY: told, PROFILE: DEVICES})
    assert got.samples.select("start", "end", "steps").rows() == [
        (at(0, 0, 1), at(0, 0, 2), 1500.0)
    ]
    assert got.vendor_days["steps"].to_list() == [1500]
    assert got.skipped_counts == {f"{TREND}: day of a device, or with finer steps": 2}


def test_day_of_25_hours_in_autumn(tmp_path: Path) -> None:
    day = int(datetime(2025, 10, 26, tzinfo=UTC).timestamp() * 1000)
    got = read(tmp_path, {TREND: trend([(day, -2, 9000, ALL, "")])}, zone="Europe/Berlin")
    assert got.samples.select("start", "end", "flag").rows() == [
        (datetime(2025, 10, 25, 22, tzinfo=UTC), datetime(2025, 10, 26, 23, tzinfo=UTC), None)
    ]


def test_walks_and_the_heart_rate_in_them(tmp_path: Path) -> None:
    long = "com.samsung.health.heart_rate."
    hearts = table(
        HEART,
        [f"{long}{name}" for name in ("start_time", "end_time", "heart_rate", "deviceuuid")],
        [("2026-05-03 07:34:10.000", "2026-05-03 07:34:10.000", 99, WATCH),
         ("2026-05-03 10:00:00.000", "2026-05-03 10:00:00.000", 60, WATCH)],
    )  # fmt: skip
    got = read(
        tmp_path,
        {
            STEPS: steps(MINUTES),
            PROFILE: DEVICES,
            HEART: hearts,
            EXERCISE: exercises([
                walk("2026-05-03 07:30:00.000", "2026-05-03 07:45:00.000"),
                walk("2026-05-04 07:30:00.000", "2026-05-04 07:40:00.000", exercise_type=13001),
                walk("2026-05-05 07:30:00.000", "2026-05-05 07:40:00.000", exercise_type=1002),
                walk("2026-05-06 07:30:00.000", "2026-05-06 07:40:00.000", exercise_type=11007),
            ]),
        },
    )  # fmt: skip
    walks = got.samples.filter(pl.col("walking_s").is_not_null())
    assert walks.select("start", "end", "walking_s", "steps", "distance_m", "device").rows() == [
        (at(7, 30), at(7, 45), 600.0, None, None, "watch"),
        (at(7, 30, 4), at(7, 40, 4), 600.0, 900.0, 700.5, "watch"),
    ]
    assert got.measures.select("start", "end", "measure", "value").rows() == [
        (at(7, 34), at(7, 35), "heart_rate_bpm", 99.0),
        (at(7, 30, 4), at(7, 40, 4), "heart_rate_bpm", 104.0),
    ]
    assert got.skipped_counts == {
        "exercise of type 1002 (a run: in the steps)": 1,
        "exercise of type 11007": 1,
        f"{HEART} outside walks": 1,
    }


def test_nights_and_the_year_of_birth(tmp_path: Path) -> None:
    long = "com.samsung.health.sleep."
    nights = table(
        "com.samsung.shealth.sleep",
        ["sleep_duration", f"{long}start_time", f"{long}end_time", f"{long}deviceuuid"],
        [(400, "2026-05-03 03:00:00.000", "2026-05-03 10:00:00.000", WATCH),
         ("", "2026-05-04 03:00:00.000", "2026-05-04 10:00:00.000", WATCH)],
    )  # fmt: skip
    person = table(
        "com.samsung.health.user_profile", ("text_value", "key"), [(19610304, "birth_date")]
    )
    got = read(
        tmp_path,
        {STEPS: steps(MINUTES), "com.samsung.shealth.sleep": nights,
         "com.samsung.health.user_profile": person, "com.samsung.health.weight": "x\ny\n"},
    )  # fmt: skip
    assert got.measures.select("start", "measure", "value").rows() == [
        (at(3), "sleep_s", 24_000.0),
        (at(3, 0, 4), "sleep_s", 25_200.0),
    ]
    assert got.birth_year == 1961
    assert got.skipped_counts == {"file: com.samsung.health.weight": 1}


@pytest.mark.parametrize("root", ["Téléchargements/Samsung Health/x", "다운로드", ""])
def test_folders_of_any_name(tmp_path: Path, root: str) -> None:
    assert read(tmp_path, {STEPS: steps(MINUTES)}, root=root).samples.height == 3


@pytest.mark.parametrize("text", [steps(MINUTES), steps(MINUTES).removeprefix("\ufeff")])
def test_one_table_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.dat"
    path.write_text(text, encoding="utf-8", newline="")
    assert imports.detect(path) == "samsung_health"
    assert imports.read(path).samples["steps"].sum() == 220


def test_lone_exercises_and_lone_days(tmp_path: Path) -> None:
    path = tmp_path / "any.dat"
    path.write_text(exercises([walk("2026-05-03 07:30:00.000", "2026-05-03 07:40:00.000")]))
    assert imports.read(path).samples.select("steps", "walking_s").rows() == [(900.0, 600.0)]
    path.write_text(trend([(1_777_593_600_000, -2, 4321, ALL, "")]))
    assert imports.read(path).samples["steps"].to_list() == [4321.0]
    path.write_text(table("com.samsung.health.weight", ("weight",), [(70,)]))
    assert imports.detect(path) is None
    with pytest.raises(UnsupportedFormat):
        imports.read(path)


def test_bad_rows_are_told(tmp_path: Path) -> None:
    t0, t1 = "2026-05-03 07:32:00.000", "2026-05-03 07:33:00.000"
    rows = [
        (t0, t1, 5, 1, WATCH), ("yesterday", t1, 5, 1, WATCH), (t0, "", 5, 1, WATCH),
        (t1, t0, 5, 1, WATCH), (t0, t1, -5, 1, WATCH), (t0, t1, "NaN", 1, WATCH),
        (t0, t1, "inf", 1, WATCH), (t0, t1, "many", "far", WATCH),
        ("1601-01-01 00:00:00.000", "1601-01-01 00:01:00.000", 5, 1, WATCH),
        ("2300-01-01 00:00:00.000", "2300-01-01 00:01:00.000", 5, 1, WATCH),
        ("9999999999999", t1, 5, 1, WATCH), ("99999999999999999999", t1, 5, 1, WATCH),
    ]  # fmt: skip
    days = [("never", -2, 5, ALL, ""), (1_777_593_600_000, -2, "NaN", ALL, "")]
    got = read(tmp_path, {STEPS: steps(rows), TREND: trend(days)})
    assert got.samples["steps"].to_list() == [5.0]
    assert got.refused_counts == {STEPS: 11, TREND: 2}
    assert codes(got) == {
        "imports.refused.date": 4,
        "imports.refused.span": 2,
        "imports.refused.era": 2,
        "imports.refused.negative": 1,
        "imports.refused.value": 4,
    }
    assert got.vendor_days.is_empty()


def test_damaged_parts_are_refused_and_the_rest_read(tmp_path: Path) -> None:
    got = read(
        tmp_path,
        {
            STEPS: steps(MINUTES),
            EXERCISE: b"com.samsung.shealth.exercise,1,1\n",
            TREND: trend([(1_777_593_600_000, 15, 9, WATCH, "w.binning_data.json")]),
            f"jsons/{TREND}/w/w.binning_data.json": "[" * 10_000,
        },
    )
    assert got.samples["steps"].sum() == 229  # the day's own total stands in for its bins
    assert got.refused_counts == {EXERCISE: 1, f"{TREND} bins": 1}


def test_every_part_damaged(tmp_path: Path) -> None:
    path = packed(tmp_path / "e", {STEPS: f"{STEPS},1,1\n"})
    assert imports.detect(path) == "samsung_health"
    with pytest.raises(UnreadableFile, match="header"):
        imports.read(path)


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_zip_that_breaks_off(tmp_path: Path, share: float) -> None:
    path = packed(tmp_path / "e", {STEPS: steps(MINUTES)})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(UnreadableFile):
        imports.read(path)
