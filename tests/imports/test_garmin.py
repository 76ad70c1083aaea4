"""Garmin's export of an account: FIT files in zips in a zip, and summaries beside them."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from backstride import imports
from backstride.errors import UnreadableFile
from benchmarks import fit_writer as fw
from benchmarks import garmin_history
from imports.test_fit import activity, monitoring

ZONE = "Europe/Berlin"
MIDNIGHT = datetime(2024, 4, 30, 22, tzinfo=UTC)  # of 2024-05-01 in Berlin
DAY0 = fw.seconds(MIDNIGHT)
WALK = fw.seconds(datetime(2024, 5, 1, 9, tzinfo=UTC))
TOP = "4f1c-88/DI_CONNECT/DI-Connect-"


def summary(day: str, steps: object, **more: object) -> dict[str, object]:
    return {"userProfilePK": 1, "calendarDate": day, "totalSteps": steps, **more}


def told(start: int, kind: str = "walking", minutes: float = 10, **more: object) -> dict[str, Any]:
    begins = (start + fw.EPOCH_S) * 1000
    span = minutes * 60_000.0
    sizes = {"distance": 72_000.0, "steps": 1100, "duration": span, "movingDuration": span}
    return {"activityId": 1, "activityType": kind, "beginTimestamp": begins, **sizes, **more}


def zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in files.items():
            file.writestr(name, part)
    return content.getvalue()


def export(
    path: Path,
    *fits: bytes,
    days: object = (),
    activities: object = (),
    nights: object = (),
    more: dict[str, bytes] | None = None,
    top: str = TOP,
) -> Path:
    uploads = {f"anna@example.org_{n}.fit": content for n, content in enumerate(fits)}
    files = {
        f"{top}Uploaded-Files/UploadedFiles_0-_Part1.zip": zipped(uploads),
        f"{top}Aggregator/UDSFile_2024-05-01_2024-08-09.json": json.dumps(days).encode(),
        f"{top}Fitness/anna_0_summarizedActivities.json": json.dumps(
            [{"summarizedActivitiesExport": activities}]
        ).encode(),
        f"{top}Wellness/2024-05-01_2024-08-09_1_sleepData.json": json.dumps(nights).encode(),
        "IT_ORDERS/orders.json": b"[]",
        **(more or {}),
    }
    path.write_bytes(zipped(files))
    return path


def read(path: Path, zone: str = ZONE) -> imports.Imported:
    assert imports.detect(path) == "garmin"
    return imports.read(path, zone=zone)


def steps_by_day(got: imports.Imported, zone: str = ZONE) -> dict[date, float]:
    day = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day")
    merged = imports.merge(got.samples).group_by(day).agg(pl.col("steps").sum().round(6))
    return dict(merged.sort("day").iter_rows())


def day_with_walk(total: int = 6000) -> tuple[bytes, bytes]:
    """A watch's day in which a walk of ten minutes lies inside stretches of half an hour."""
    day = monitoring(
        (WALK - 900, 6, 2000),
        (WALK + 900, 6, 3300),
        (WALK + 9 * 3600, 6, total),
        (DAY0 + 86_400, 6, total),
        first=DAY0,
        offset=7200,
    )
    return day, activity(start=WALK)


def test_a_day_with_a_walk_comes_to_garmins_total(tmp_path: Path) -> None:
    got = read(
        export(
            tmp_path / "a.zip",
            *day_with_walk(),
            days=[summary("2024-05-01", 6000, restingHeartRate=57)],
            activities=[told(WALK)],
        )
    )
    assert steps_by_day(got) == {date(2024, 5, 1): 6000}
    assert got.vendor_days.rows() == [(date(2024, 5, 1), 6000, "Garmin Connect")]
    assert set(got.samples["source"]) == {"Garmin fenix 5"}
    assert imports.merge(got.samples, "walking_s")["walking_s"].sum() == pytest.approx(600)
    assert got.skipped_counts == {
        "activity summary whose FIT file was read": 1, "all-day count without new steps": 1,
    }  # fmt: skip
    assert got.read_counts == {
        "all-day count": 3, "track point": 601, "daily summary": 1, "resting heart rate": 1,
    }  # fmt: skip
    resting = got.measures.filter(pl.col("measure") == "resting_heart_rate_bpm")
    assert resting.select("start", "value").rows() == [(MIDNIGHT, 57)]


def test_a_day_of_which_only_the_total_is_known(tmp_path: Path) -> None:
    got = read(export(tmp_path / "a.zip", days=[summary("2024-05-01", 6000)]))
    assert got.samples.select("start", "end", "steps", "source", "device").rows() == [
        (MIDNIGHT, MIDNIGHT + timedelta(days=1), 6000, "Garmin Connect", "watch")
    ]
    assert got.vendor_days.is_empty()


def test_a_walk_in_a_day_of_which_only_the_total_is_known(tmp_path: Path) -> None:
    got = read(export(tmp_path / "a.zip", activity(start=WALK), days=[summary("2024-05-01", 6000)]))
    assert steps_by_day(got) == {date(2024, 5, 1): 6000}
    walk = got.samples.filter(pl.col("source") == "Garmin fenix 5")
    assert walk["steps"].sum() == pytest.approx(1100)


def test_a_walk_that_only_the_summaries_know(tmp_path: Path) -> None:
    got = read(
        export(
            tmp_path / "a.zip",
            day_with_walk()[0],
            days=[summary("2024-05-01", 6000)],
            activities=[told(WALK)],
        )
    )
    assert steps_by_day(got) == {date(2024, 5, 1): 6000}
    walk = got.samples.filter(pl.col("source") == "Garmin Connect")
    start = datetime(2024, 5, 1, 9, tzinfo=UTC)
    assert walk.select("start", "end", "distance_m", "walking_s").rows() == [
        (start, start + timedelta(minutes=10), 720, 600)
    ]
    assert walk["steps"].sum() == pytest.approx(1100)


def test_runs_have_no_walking_rides_are_skipped_and_typed_ones_manual(tmp_path: Path) -> None:
    got = read(
        export(
            tmp_path / "a.zip",
            activities=[
                told(WALK, "trail_running"),
                told(WALK + 7200, "road_biking"),
                told(WALK + 9000, "hiking", manualActivity=True),
            ],
        )
    )
    rows = got.samples.select("walking_s", "device").rows()
    assert rows == [(None, "watch"), (600, "manual")]
    assert got.skipped_counts == {"road biking activity": 1}
    assert imports.merge(got.samples)["steps"].to_list() == [1100]


def test_two_watches_in_one_day(tmp_path: Path) -> None:
    """Each with its own count: the one that goes on counting has what the other missed."""
    old = monitoring((WALK, 6, 3000), first=DAY0, offset=7200)
    fit = fw.started(32, DAY0, fw.VIVOFIT, 5)
    fit.write(fw.MONITORING_INFO, DAY0, DAY0 + 7200, 7560, 9720, 2042, 6, 1)
    fit.write(fw.COUNTS, WALK, None, 0, None, None, 6)
    fit.write(fw.COUNTS, WALK + 3600, None, 800, None, None, 6)
    got = read(export(tmp_path / "a.zip", old, fit.finish(), days=[summary("2024-05-01", 3800)]))
    assert steps_by_day(got) == {date(2024, 5, 1): 3800}
    assert set(got.samples["source"]) == {"Garmin fenix 5", "Garmin vivofit"}


def test_days_of_23_and_25_hours(tmp_path: Path) -> None:
    got = read(
        export(tmp_path / "a.zip", days=[summary("2024-03-31", 2300), summary("2024-10-27", 2500)])
    )
    hours = (got.samples["end"] - got.samples["start"]).dt.total_hours().to_list()
    assert hours == [23, 25]
    assert steps_by_day(got) == {date(2024, 3, 31): 2300, date(2024, 10, 27): 2500}


def test_older_exports_write_their_dates_out(tmp_path: Path) -> None:
    old = summary("", 4000) | {"calendarDate": {"date": "Feb 29, 2020 12:00:00 AM"}}
    got = read(export(tmp_path / "a.zip", days=[old]))
    assert steps_by_day(got) == {date(2020, 2, 29): 4000}


def test_nights(tmp_path: Path) -> None:
    night = {
        "calendarDate": "2024-05-02",
        "sleepStartTimestampGMT": "2024-05-01T21:04:00.0",
        "sleepEndTimestampGMT": "2024-05-02T04:44:00.0",
        "deepSleepSeconds": 5000,
        "lightSleepSeconds": 15000,
        "remSleepSeconds": 4000,
        "awakeSleepSeconds": 600,
    }
    got = read(export(tmp_path / "a.zip", nights=[night, {"retro": False}]))
    assert got.measures.select("start", "measure", "value").rows() == [
        (datetime(2024, 5, 1, 21, 4, tzinfo=UTC), "sleep_s", 24_000)
    ]


@pytest.mark.parametrize(
    ("days", "refused"),
    [
        ([summary("2024-13-01", 5)], {"daily summary": 1}),
        ([summary("1601-01-01", 5)], {"daily summary": 1}),
        ([summary("2300-01-01", 5)], {"daily summary": 1}),
        ([summary("2024-05-01", -5)], {"daily summary": 1}),
        ([summary("2024-05-01", float("nan"))], {"daily summary": 1}),
        ([summary("2024-05-01", float("inf"))], {"daily summary": 1}),
        ([summary("2024-05-01", 10**400)], {"daily summary": 1}),
        ([summary("2024-05-01", "many"), summary("2024-05-02", None)], {}),
        ([summary("2024-05-01", 900, includesWellnessData=False)], {}),
        (["no object", 5, None, []], {}),
        ({"not": "a list"}, {}),
        (7, {}),
    ],
)
def test_bad_days(tmp_path: Path, days: object, refused: dict[str, int]) -> None:
    got = read(export(tmp_path / "a.zip", days=days))
    assert got.samples.is_empty()
    assert got.refused_counts == refused


@pytest.mark.parametrize(
    "change",
    [
        {"beginTimestamp": None},
        {"beginTimestamp": 1e300},
        {"duration": -60_000.0},
        {"duration": None},
        {"steps": float("nan")},
        {"distance": -1},
    ],
)
def test_bad_activities(tmp_path: Path, change: dict[str, object]) -> None:
    got = read(export(tmp_path / "a.zip", activities=[told(WALK) | change]))
    assert got.samples.is_empty()
    assert got.refused_counts == {"activity summary": 1}


def test_damaged_parts_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    deep = b"[" * 100_000
    path = export(
        tmp_path / "a.zip",
        *day_with_walk(),
        activity(start=WALK + 7200)[:-3],
        more={
            f"{TOP}Uploaded-Files/UploadedFiles_0-_Part2.zip": b"PK\x03\x04 no zip",
            f"{TOP}Aggregator/UDSFile_deep.json": deep,
            f"{TOP}Aggregator/UDSFile_cut.json": b'[{"calendarDate": "2024-0',
            f"{TOP}Wellness/x_sleepData.json": b"\xff\xfe\x00",
        },
    )
    got = read(path)
    assert steps_by_day(got) == {date(2024, 5, 1): 6000}
    assert got.refused_counts == {"FIT file": 1, "part of the export": 4}
    assert got.vendor_days["source"].to_list() == ["Garmin fenix 5"]  # no summary is left


def test_nothing_but_damaged_parts(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{TOP}Aggregator/UDSFile_1.json": b"[{"}))
    with pytest.raises(UnreadableFile, match="UDSFile_1"):
        read(path)


def test_a_damaged_zip_is_refused_whole(tmp_path: Path) -> None:
    path = export(tmp_path / "a.zip", *day_with_walk())
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UnreadableFile, match="zip"):
        imports.read(path)


def test_a_zip_within_that_unpacks_to_far_too_much(tmp_path: Path) -> None:
    bomb = zipped({"big.fit": activity()[:14] + bytes(60 << 20)})
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{TOP}Uploaded-Files/UploadedFiles_0-_Part1.zip": bomb}))
    with pytest.raises(UnreadableFile):
        imports.read(path)


def test_unpacked_and_zipped_again(tmp_path: Path) -> None:
    day, walk = day_with_walk()
    path = tmp_path / "a.zip"
    folder = "Meine Daten/DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1"
    path.write_bytes(zipped({f"{folder}/1.fit": day, f"{folder}/2.fit": walk}))
    assert steps_by_day(read(path)) == {date(2024, 5, 1): 6000}


@pytest.mark.parametrize(
    "content",
    [
        [{"summarizedActivitiesExport": [told(WALK)]}],
        [summary("2024-05-01", 1100)],
    ],
)
def test_a_json_out_of_it_alone(tmp_path: Path, content: object) -> None:
    path = tmp_path / "any.name"
    path.write_text(json.dumps(content))
    assert imports.merge(read(path).samples)["steps"].sum() == pytest.approx(1100)


def test_a_zip_of_fit_files_alone_is_no_export(tmp_path: Path) -> None:
    path = tmp_path / "garmin.zip"
    path.write_bytes(zipped({"123_WELLNESS.fit": day_with_walk()[0]}))
    assert imports.detect(path) == "fit"


def test_what_garmindb_keeps(tmp_path: Path) -> None:
    day, walk = day_with_walk()
    files = {
        "HealthData/FitFiles/Monitoring/2024/1_WELLNESS.fit": day,
        "HealthData/FitFiles/Activities/2_ACTIVITY.fit": walk,
        "HealthData/FitFiles/Monitoring/2024/daily_summary_2024-05-01.json": json.dumps(
            summary("2024-05-01", 6000)
        ).encode(),
    }
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(files))
    got = read(path)
    assert steps_by_day(got) == {date(2024, 5, 1): 6000}
    assert got.vendor_days.rows() == [(date(2024, 5, 1), 6000, "Garmin Connect")]


def test_a_wheelchair_is_not_walked(tmp_path: Path) -> None:
    got = read(export(tmp_path / "a.zip", activities=[told(WALK, "wheelchair_push_walk")]))
    assert got.samples.is_empty()
    assert got.skipped_counts == {"wheelchair push walk activity": 1}


def test_a_gpx_among_what_was_uploaded_does_not_make_it_a_gpx(tmp_path: Path) -> None:
    gpx = b'<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"/>'
    got = read(export(tmp_path / "a.zip", *day_with_walk(), more={"walk.gpx": gpx}))
    assert steps_by_day(got) == {date(2024, 5, 1): 6000}


def test_progress_grows_to_the_end(tmp_path: Path) -> None:
    path, seen = export(tmp_path / "a.zip", *day_with_walk()), []
    imports.read(path, lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] > 0


def test_a_quarter_as_the_benchmark_makes_it(tmp_path: Path) -> None:
    """91 days over a change to summer time, each as Garmin counted it."""
    path = tmp_path / "a.zip"
    garmin_history.make(path, 0.25)
    got = read(path)
    beside = dict(got.vendor_days.select("date", "steps").iter_rows())
    assert len(beside) == 91
    assert steps_by_day(got) == pytest.approx(beside)
