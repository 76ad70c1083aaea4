"""Fitbit: minutes, walks and measures of Takeout's zip, and parts that can't be believed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from backstride import imports
from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.imports import containers, merge
from backstride.imports.fitbit import minutes as fitbit_minutes
from imports.apple_xml import document, record, zipped
from imports.fitbit_files import (
    FITNESS,
    GLOBAL,
    GOOGLE,
    PROFILE,
    beats,
    night,
    packed,
    rows,
    walk,
)

REAL = Path(__file__).parents[1] / "data" / "fitbit" / "steps-1995-06-23.json"
STEPS = rows([("05/01/24 09:00:00", "0"), ("05/01/24 09:01:00", "90")])


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2024, 5, day, hour, minute, tzinfo=UTC)


def read(tmp_path: Path, parts: dict[str, object], zone: str = "UTC") -> imports.Imported:
    path = packed(tmp_path / "export.dat", parts)  # type: ignore[arg-type]
    assert imports.detect(path) == "fitbit"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def test_real_part_alone_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "something.dat"
    path.write_bytes(REAL.read_bytes())
    assert imports.detect(path) == "fitbit"
    got = imports.read(path, zone="America/Los_Angeles")
    told = json.loads(REAL.read_text())
    assert got.read_counts == {"steps": len(told)}
    assert got.samples["steps"].sum() == sum(int(row["value"]) for row in told)
    assert got.samples["start"][0] == datetime(1995, 6, 24, 16, tzinfo=UTC)
    assert set(got.samples["device"]) == {"watch"}
    assert set(got.samples["source"]) == {"Fitbit"}
    assert got.skipped_count == got.refused_count == 0


def test_steps_and_metres_of_a_minute_and_runs_of_zeros(tmp_path: Path) -> None:
    day = [(f"05/01/24 09:{minute:02}:00", str(steps)) for minute, steps in
           enumerate([0, 0, 0, 80, 90, 0, 0])]  # fmt: skip
    metres = [(time, str(int(steps) * 75)) for time, steps in day]
    got = read(
        tmp_path,
        {f"{GLOBAL}/steps-2024-05-01.json": rows(day),
         f"{GLOBAL}/distance-2024-05-01.json": rows(metres)},
    )  # fmt: skip
    assert got.samples.select("start", "end", "steps", "distance_m").rows() == [
        (at(9), at(9, 3), 0.0, 0.0),
        (at(9, 3), at(9, 4), 80.0, 60.0),
        (at(9, 4), at(9, 5), 90.0, 67.5),
        (at(9, 5), at(9, 7), 0.0, 0.0),
    ]
    assert got.read_counts == {"steps": 7, "distance": 7}


def test_walk_gives_its_active_time_and_its_minutes_the_steps(tmp_path: Path) -> None:
    minutes = [(f"05/01/24 09:{minute:02}:00", "100") for minute in range(10)]
    log = walk("05/01/24 09:00:00", 10, activeDuration=8 * 60_000)
    got = read(
        tmp_path,
        {f"{GLOBAL}/steps-2024-05-01.json": rows(minutes), f"{GLOBAL}/exercise-0.json": [log]},
    )
    session = got.samples.filter(pl.col("walking_s").is_not_null())
    assert session.select("start", "end", "walking_s", "steps", "distance_m").rows() == [
        (at(9), at(9, 10), 480.0, None, 750.0)
    ]
    assert merge(got.samples)["steps"].sum() == pytest.approx(1000)


def test_exercises_alone_bring_their_steps_in_either_unit(tmp_path: Path) -> None:
    path = tmp_path / "part"
    logs = [
        walk("05/01/24 09:00:00", 10),
        walk("05/01/24 11:00:00", 10, distance=1, distanceUnit="Mile", activityName="Hike"),
        walk("05/01/24 12:00:00", 10, activityTypeId=90009, activityName="Run"),
        walk("05/01/24 13:00:00", 10, activityTypeId=1071, activityName="Outdoor Bike"),
        walk("05/01/24 14:00:00", 10, logType="manual"),
        walk("05/01/24 15:00:00", 10, source={"type": "app", "name": "Fitbit for Android"}),
    ]
    path.write_text(json.dumps(logs), encoding="utf-8")
    assert imports.detect(path) == "fitbit"
    got = imports.read(path)
    assert got.samples.select("walking_s", "steps", "distance_m", "source", "device").rows() == [
        (600.0, 1000.0, 750.0, "Fitbit", "watch"),
        (600.0, 1000.0, 1609.344, "Fitbit", "watch"),
        (None, 1000.0, 750.0, "Fitbit", "watch"),
        (600.0, 1000.0, 750.0, "Fitbit", "manual"),
        (600.0, 1000.0, 750.0, "Fitbit for Android", "app"),
    ]
    assert got.samples["flag"].to_list() == [None, None, None, "entered by hand", None]
    assert got.skipped_counts == {"exercise: Outdoor Bike": 1}


def test_heart_rate_in_walks_alone_by_the_minute(tmp_path: Path) -> None:
    day = [("05/01/24 08:59:55", 60), ("05/01/24 09:00:05", 100), ("05/01/24 09:00:15", 110),
           ("05/01/24 09:01:00", 120), ("05/01/24 09:30:00", 70)]  # fmt: skip
    got = read(
        tmp_path,
        {
            f"{GLOBAL}/exercise-0.json": [walk("05/01/24 09:00:00", 10)],
            f"{GLOBAL}/heart_rate-2024-05-01.json": beats(day),
            f"{GLOBAL}/heart_rate-2024-06-01.json": b"damaged, but never opened",
        },
    )
    assert got.measures.select("start", "end", "measure", "value").rows() == [
        (at(9), at(9, 1), "heart_rate_bpm", 105.0),
        (at(9, 1), at(9, 2), "heart_rate_bpm", 120.0),
    ]
    assert got.read_counts["heart rate"] == 3
    assert got.skipped_counts["heart rate outside walks"] == 2
    assert got.skipped_counts["heart rate: file of days without a walk"] == 1
    assert got.refused_count == 0


def test_nights_and_resting_hearts_are_local(tmp_path: Path) -> None:
    hearts = [
        {"dateTime": "05/01/24 00:00:00", "value": {"date": "05/01/24", "value": 56.5, "error": 5}},
        {"dateTime": "05/02/24 00:00:00", "value": {"date": None, "value": 0.0, "error": 0.0}},
    ]
    got = read(
        tmp_path,
        {
            PROFILE: "id,timezone,date_of_birth\n1,Europe/Berlin,1961-03-04\n",
            f"{GLOBAL}/sleep-2024-05-01.json": [
                night("2024-04-30T23:30:00.000", "2024-05-01T06:30:00.000", 400)
            ],
            f"{GLOBAL}/resting_heart_rate-2024-05-01.json": hearts,
        },
        zone="America/New_York",
    )
    assert got.measures.select("start", "end", "measure", "value").rows() == [
        (at(21, 30) - timedelta(days=1), at(4, 30), "sleep_s", 24_000.0),
        (at(22) - timedelta(days=1), at(22), "resting_heart_rate_bpm", 56.5),
    ]
    assert got.birth_year == 1961
    assert "Europe/Berlin" in next(n.text for n in got.notices if n.code == "imports.no_zone")


def test_googles_tables_by_source_and_their_twins_once(tmp_path: Path) -> None:
    table = (
        "timestamp,steps,data source\n"
        "2024-05-01T09:00:00Z,90,Anna's Charge 5\n"
        "2024-05-01T09:00:12.552356Z,80,Phone Health Kit\n"
        "2024-05-01T09:00:00Z,70,MobileTrack\n"
        "2024-05-02T09:00:00Z,60,MobileTrack\n"
    )
    twin = [("05/01/24 09:00:00", "91"), ("05/02/24 09:00:00", "50")]
    got = read(
        tmp_path,
        {f"{GOOGLE}/Steps/steps_2024-05-01.csv": table,
         f"{GLOBAL}/steps-2024-05-01.json": rows(twin),
         f"{GOOGLE}/distance_2024-05-01.csv": "no data"},
    )  # fmt: skip
    assert got.samples.select("start", "steps", "source", "device").rows() == [
        (at(9), 90.0, "Anna's Charge 5", "watch"),
        (at(9), 70.0, "Fitbit on the phone", "phone"),
        (datetime(2024, 5, 1, 9, 0, 12, 552356, tzinfo=UTC), 80.0, "Phone Health Kit", "phone"),
        (at(9, 0, 2), 50.0, "Fitbit", "watch"),
        (at(9, 0, 2), 60.0, "Fitbit on the phone", "phone"),
    ]
    assert got.skipped_counts["steps (in the CSV too)"] == 1
    assert got.skipped_counts["distance (CSV): file with no data"] == 1
    days = merge(got.samples).group_by(pl.col("start").dt.date()).agg(pl.col("steps").sum())
    by_day = dict(days.rows())
    assert by_day[date(2024, 5, 2)] == pytest.approx(50)


def test_googles_exercises_fill_what_the_json_lacks(tmp_path: Path) -> None:
    table = (
        "exercise_id,exercise_start,exercise_end,utc_offset,activity_name,log_type,"
        "tracker_total_steps,tracker_total_distance_mm,manually_logged_total_steps,"
        "manually_logged_total_distance_mm,events\n"
        "1,2024-05-01T09:01:00Z,2024-05-01T09:09:00Z,+02:00,Outdoor Walk,TRACKER,"
        '800,600000,0,0,"a, b"\n'
        "2,2024-05-02 09:00:00+0000,2024-05-02 09:10:00+0000,+02:00,Outdoor Walk,MANUAL,"
        "0,0,700,500000,\n"
    )
    got = read(
        tmp_path,
        {f"{GLOBAL}/exercise-0.json": [walk("05/01/24 09:00:00", 10)],
         f"{FITNESS}/UserExercises_2024-05-01.csv": table},
    )  # fmt: skip
    assert got.samples.select("start", "walking_s", "steps", "distance_m", "device").rows() == [
        (at(9), 600.0, 1000.0, 750.0, "watch"),
        (at(9, 0, 2), 600.0, 700.0, 500.0, "manual"),
    ]
    assert got.skipped_counts == {"exercise (in the JSON too)": 1}


def test_only_a_phone_was_paired(tmp_path: Path) -> None:
    paired = "tracker_id,tracker_name,device_type\n1,,MobileTrack\n"
    got = read(
        tmp_path,
        {
            f"{GLOBAL}/steps-2024-05-01.json": STEPS,
            "Takeout/Fitbit/Paired Devices/Trackers.csv": paired,
        },
    )
    assert set(got.samples["device"]) == {"phone"}


@pytest.mark.parametrize(
    "folder", ["Takeout/Fitbit/Globale Exportdaten", "AnnaExample/user-site-export", "x", ""]
)
def test_folders_of_any_name(tmp_path: Path, folder: str) -> None:
    got = read(tmp_path, {f"{folder}/steps-2024-05-01.json".lstrip("/"): STEPS})
    assert got.samples["steps"].sum() == 90


def test_bad_records_are_told(tmp_path: Path) -> None:
    told = [
        ("13/45/24 09:00:00", "10"), ("02/30/24 09:00:00", "10"), ("05/01/24 25:00:00", "10"),
        ("05/01/24 09:01:00", "-5"), ("05/01/24 09:02:00", "NaN"),
        ("05/01/24 09:03:00", "Infinity"), ("05/01/24 09:04:00", "many"),
        ("05/01/24 09:05:00", None), ("05/01/24 09:06:00", "7"),
        ("01/01/71 00:00:00", "7"), ("yesterday", "7"), (5, "7"), ("05/01/24 09:07:00", "1e999"),
    ]  # fmt: skip
    got = read(tmp_path, {f"{GLOBAL}/steps-2024-05-01.json": rows(told)})  # type: ignore[arg-type]
    assert got.samples["steps"].to_list() == [7.0]
    assert got.refused_counts == {"steps": 12}
    assert codes(got) == {
        "imports.refused.date": 5,
        "imports.refused.era": 1,
        "imports.refused.negative": 1,
        "imports.refused.value": 5,
    }


@pytest.mark.parametrize("seed", range(3))
def test_pattern_and_json_read_the_same(tmp_path: Path, seed: int) -> None:
    times = [f"0{1 + n % 9}/{n % 28 + 1:02}/{(68 + n + seed) % 100:02} 0{n % 9}:59:{n % 60:02}"
             for n in range(200)]  # fmt: skip
    text = rows((time, str(n * 7 % 113)) for n, time in enumerate(times))
    path = tmp_path / "steps.json"
    path.write_text(text, encoding="utf-8")
    with containers.opened(path) as files:
        regular = fitbit_minutes.json_rows(files, files.names[0])
        reference = fitbit_minutes.by_json(files, files.names[0])
    assert regular.height == 200
    assert regular.rows() == reference.rows()


def test_minutes_in_a_shape_of_their_own_are_read_as_json(tmp_path: Path) -> None:
    text = '[{"value": 12, "dateTime": "05/01/24 09:00:00", "more": {"a": [1]}}]'
    got = read(tmp_path, {f"{GLOBAL}/steps-2024-05-01.json": text})
    assert got.samples["steps"].to_list() == [12.0]


def test_damaged_part_is_refused_and_the_rest_read(tmp_path: Path) -> None:
    got = read(
        tmp_path,
        {
            f"{GLOBAL}/steps-2024-05-01.json": STEPS,
            f"{GLOBAL}/steps-2024-06-01.json": STEPS[:-30],
            f"{GLOBAL}/exercise-0.json": "[" * 100_000,
            f"{GLOBAL}/sleep-2024-05-01.json": b"\xff\xfe[]",
            f"{GOOGLE}/steps_2024-05-01.csv": b"\x00" * 5000,
            PROFILE: "",
        },
    )
    assert got.samples["steps"].sum() == 90
    assert got.refused_counts == {
        "exercise": 1, "profile": 1, "sleep": 1, "steps": 1, "steps (CSV)": 1
    }  # fmt: skip
    assert codes(got)["imports.refused.part"] == 5


def test_every_part_damaged(tmp_path: Path) -> None:
    path = packed(tmp_path / "e.zip", {f"{GLOBAL}/steps-2024-05-01.json": STEPS[:-30]})
    assert imports.detect(path) == "fitbit"
    with pytest.raises(UnreadableFile, match="steps-2024-05-01"):
        imports.read(path)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_zip_that_breaks_off(tmp_path: Path, share: float) -> None:
    path = packed(tmp_path / "e.zip", {f"{GLOBAL}/steps-2024-05-01.json": STEPS})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(UnreadableFile):
        imports.read(path)


@pytest.mark.parametrize(
    "text",
    [
        rows([("05/01/24 09:00:00", "1.25"), ("05/01/24 09:01:00", "1.31")]),  # calories
        rows([("05/01/24 09:00:00", "10"), ("05/01/24 09:07:00", "20")]),  # altitude
        rows([("05/01/24 00:00:00", "30"), ("05/02/24 00:00:00", "25")]),  # minutes of a day
        '[{"dateTime": "2024-05-01T09:00:00", "steps": 5}]',
        "[]",
    ],
)
def test_lone_part_that_holds_no_walking(tmp_path: Path, text: str) -> None:
    path = tmp_path / "steps-2024-05-01.json"
    path.write_text(text, encoding="utf-8")
    assert imports.detect(path) is None
    with pytest.raises(UnsupportedFormat, match="Fitbit"):
        imports.read(path)


def test_lone_distance_and_lone_table(tmp_path: Path) -> None:
    path = tmp_path / "part"
    path.write_text(rows([("05/01/24 09:00:00", "0"), ("05/01/24 09:01:00", "7250")]))
    assert imports.read(path).samples["distance_m"].to_list() == [0.0, 72.5]
    path.write_text("timestamp,steps,data source\r\n2024-05-01T09:00:00Z,90,Charge 5\r\n")
    assert imports.read(path).samples["steps"].to_list() == [90.0]


def test_apples_export_with_a_part_named_so_stays_apples(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", document(record("2024-05-01 10:00:00 +0100",
                  "2024-05-01 10:05:00 +0100", "9")), "apple_health_export/export.xml")  # fmt: skip
    assert imports.detect(path) == "apple_health"


def test_other_jsons_of_such_names_are_not_fitbits(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "e.zip", {"data/exercise-0.json": [{"id": 1}], "steps-2024-05-01.json": "{}"}
    )  # type: ignore[dict-item]
    assert imports.detect(path) is None
