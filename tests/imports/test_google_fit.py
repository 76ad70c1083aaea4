"""Google Fit out of Google Takeout: which stream counts, rides, tables, and damaged parts."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from backstride import imports
from backstride.errors import UnreadableFile
from backstride.imports import json_stream

REAL = Path(__file__).parent.parent / "data" / "google_fit"
T0 = datetime(2024, 5, 1, 8, 0, tzinfo=UTC)
PHONE = "raw:com.google.step_count.cumulative:samsung:SM-A526B:22417dc5925d5487:step_counter"
WATCH = "raw:com.google.step_count.cumulative:Mobvoi:TicWatch Pro 3:aa:step_counter"
TYPED = "raw:com.google.step_count.delta:com.google.android.apps.fitness:user_input"
MERGED = "derived:com.google.step_count.delta:com.google.android.gms:merge_step_deltas"
ESTIMATED = "derived:com.google.step_count.delta:com.google.android.gms:estimated_steps"
METRES = "derived:com.google.distance.delta:com.google.android.gms:merge_distance_delta"
SEGMENTS = "derived:com.google.activity.segment:com.google.android.gms:merge_activity_segments"
HEART = "derived:com.google.heart_rate.bpm:com.google.android.gms:merge_heart_rate_bpm"
RESTING = (
    "derived:com.google.heart_rate.bpm:com.google.android.gms:"
    "resting_heart_rate<-merge_heart_rate_bpm"
)


def nanos(minute: float) -> int:
    return int((T0 + timedelta(minutes=minute)).timestamp()) * 1_000_000_000


def point(start: float, end: float, value: float, origin: str = PHONE) -> dict[str, Any]:
    """A point from minute to minute after T0."""
    number = {"intVal": value} if isinstance(value, int) else {"fpVal": value}
    return {
        "fitValue": [{"value": number}],
        "originDataSourceId": origin,
        "endTimeNanos": nanos(end),
        "dataTypeName": "com.google",
        "startTimeNanos": nanos(start),
        "modifiedTimeMillis": 1700571475244,
        "rawTimestampNanos": 0,
    }


def stream(identity: str, *points: dict[str, Any]) -> str:
    return json.dumps({"Data Source": identity, "Data Points": points}, indent=1)


def zipped(tmp_path: Path, members: dict[str, str | bytes]) -> Path:
    path = tmp_path / "takeout-20260510T101112Z-001"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def takeout(tmp_path: Path, *streams: str, **others: str) -> Path:
    """A Takeout in Russian, whose names are cut as Google cuts them."""
    names = (f"derived_com.google.step_count.delta_com.google({n}).json" for n in range(99))
    members: dict[str, str | bytes] = {
        f"Takeout/Fit/Все данные/{name}": content
        for name, content in zip(names, streams, strict=False)
    }
    return zipped(tmp_path, members | {f"Takeout/Fit/{k}": v for k, v in others.items()})


def read(path: Path, zone: str = "UTC") -> imports.Imported:
    assert imports.detect(path) == "google_fit"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def real(*names: str) -> dict[str, str | bytes]:
    return {f"Takeout/Fit/{name}": (REAL / name).read_bytes() for name in names}


STREAM = "All Data/derived_com.google.step_count.delta_com.google.json"
QUARTERS = "Daily activity metrics/2023-11-20.csv"
SESSION = "All Sessions/2024-05-22T07_57_45.601+03_00_WALKING.json"


def test_real_stream_of_a_phone(tmp_path: Path) -> None:
    got = read(zipped(tmp_path, real(STREAM)), "Europe/Helsinki")
    rows = got.samples
    assert rows["steps"].sum() == 5753
    assert rows.height == got.read_count == 97
    assert set(rows["source"]) == {"samsung SM-A526B"}
    assert set(rows["device"]) == {"phone"}
    assert rows["start"][0] == datetime(2023, 11, 21, 12, 21, 9, 380938, tzinfo=UTC)
    assert rows["start"].is_sorted()
    assert codes(got) == {}


def test_real_quarters_come_to_the_vendors_own_total(tmp_path: Path) -> None:
    got = read(zipped(tmp_path, real(QUARTERS)), "Europe/Helsinki")
    rows = got.samples
    assert rows["steps"].sum() == 5627  # as its table of all days has it
    assert rows["walking_s"].sum() == pytest.approx(2329.447)
    # Its 7,159 m are 3,200 of a ride in two quarters without steps, and 3,959 afoot.
    assert rows["distance_m"].sum() == pytest.approx(3959.12, abs=0.1)
    first = rows.row(0, named=True)
    assert first["start"] == datetime(2023, 11, 20, 12, 15, tzinfo=UTC)
    assert first["end"] - first["start"] == timedelta(minutes=15)


def test_real_stream_and_tables_of_other_days(tmp_path: Path) -> None:
    got = read(zipped(tmp_path, real(STREAM, QUARTERS, SESSION)), "Europe/Helsinki")
    day = pl.col("start").dt.convert_time_zone("Europe/Helsinki").dt.date()
    days = got.samples.group_by(day).agg(pl.col("steps").sum()).sort("start")
    assert days["steps"].to_list() == [5627, 5753, 1328]
    walk = got.samples.row(-1, named=True)
    assert walk["walking_s"] == pytest.approx(1633.255)
    assert walk["distance_m"] == pytest.approx(2188.157)


def test_real_streams_of_an_app_a_sync_each(tmp_path: Path) -> None:
    names = [
        f"All Data/raw_com.google.step_count.delta_fi.polar.polar{n}.json" for n in ("", "(1)")
    ]
    got = read(zipped(tmp_path, real(*names)))
    assert got.samples["steps"].to_list() == [8, 8]
    assert imports.merge(got.samples)["steps"].sum() == pytest.approx(8, abs=0.1)


def test_the_merge_counts_and_the_estimate_is_counted_only(tmp_path: Path) -> None:
    single = MERGED.replace("android.gms:merge_step_deltas", "android.fit:samsung:SM:1:top_level")
    path = takeout(
        tmp_path,
        stream(single, point(0, 10, 1000)),
        stream(ESTIMATED, point(0, 10, 900), point(20, 30, 50)),
        stream(MERGED, point(0, 5, 500, WATCH), point(5, 10, 480), point(60, 61, 40, TYPED)),
        stream(TYPED, point(60, 61, 40)),
    )
    got = read(path)
    rows = got.samples
    assert rows["steps"].to_list() == [500, 480, 40]
    assert rows["device"].to_list() == ["watch", "phone", "manual"]
    assert rows["source"].to_list() == ["Mobvoi TicWatch Pro 3", "samsung SM-A526B", "Google Fit"]
    assert imports.merge(rows)["steps"].sum() == 980
    assert got.skipped_counts == {"stream step_count.delta": 3}


def test_a_damaged_merge_falls_back_to_the_estimate(tmp_path: Path) -> None:
    path = takeout(
        tmp_path,
        stream(MERGED, point(0, 10, 1000), point(10, 20, 1000))[:-100],
        stream(ESTIMATED, point(0, 10, 900)),
    )
    got = read(path)
    assert got.samples["steps"].to_list() == [900]
    assert got.refused_counts == {"part": 1}
    assert got.read_counts == {"steps": 1}


def test_an_empty_merge_is_no_merge(tmp_path: Path) -> None:
    got = read(takeout(tmp_path, stream(MERGED), stream(ESTIMATED, point(0, 10, 900))))
    assert got.samples["steps"].to_list() == [900]


def test_steps_of_a_drive_and_metres_of_a_ride_are_left_out(tmp_path: Path) -> None:
    path = takeout(
        tmp_path,
        stream(MERGED, point(0, 1, 110), point(30, 31, 60), point(50, 51, 8), point(70, 71, 20)),
        stream(METRES, point(0, 1, 80.5), point(30, 31, 300.0), point(70, 71, 700.0)),
        stream(SEGMENTS, point(0, 20, 7), point(25, 40, 1), point(60, 90, 0), point(90, 99, 8)),
    )
    got = read(path)
    assert got.samples["steps"].drop_nulls().to_list() == [110, 8]
    assert got.samples["distance_m"].drop_nulls().to_list() == [80.5]
    assert got.samples["walking_s"].drop_nulls().to_list() == [1200]
    assert got.skipped_counts == {
        "activity: cycling": 1,
        "activity: in a vehicle": 1,
        "activity: running": 1,
        "steps while riding": 2,
        "distance of other activities": 2,
    }


def test_metres_without_activities_are_not_taken(tmp_path: Path) -> None:
    got = read(
        takeout(tmp_path, stream(MERGED, point(0, 1, 99)), stream(METRES, point(0, 1, 80.5)))
    )
    assert got.samples["distance_m"].null_count() == got.samples.height == 1
    assert got.skipped_counts == {"stream distance.delta": 1}


@pytest.mark.parametrize(("code", "walks"), [(7, 1), (35, 1), (93, 1), (116, 1), (8, 0), (2, 0)])
def test_kinds_of_walking(tmp_path: Path, code: int, walks: int) -> None:
    got = read(takeout(tmp_path, stream(SEGMENTS, point(0, 10, code))))
    assert got.samples["walking_s"].to_list() == [600.0] * walks


def test_a_walk_that_was_never_stopped_is_flagged(tmp_path: Path) -> None:
    got = read(takeout(tmp_path, stream(SEGMENTS, point(0, 13 * 60, 7))))
    assert set(codes(got)) == {"imports.flagged.never_stopped"}


def test_heart_rate_while_walking_by_the_minute(tmp_path: Path) -> None:
    beats = [point(n / 2, n / 2, 90.0 + n % 2 * 10, WATCH) for n in range(60)]
    path = takeout(
        tmp_path,
        stream(HEART, *beats, point(5.2, 5.2, 0.0, WATCH)),
        stream(SEGMENTS, point(5, 7, 7), point(6, 8, 7)),
        stream(RESTING, point(0, 0, 58.0)),
    )
    got = read(path)
    heart = got.measures.filter(measure="heart_rate_bpm")
    assert heart["value"].to_list() == [95, 95, 95]
    assert heart["start"][0] == T0 + timedelta(minutes=5)
    assert set(heart["device"]) == {"watch"}
    assert got.measures.filter(measure="resting_heart_rate_bpm")["value"].to_list() == [58]
    assert got.skipped_counts["heart rate at other times"] == 55


def test_times_are_instants_whatever_the_zone(tmp_path: Path) -> None:
    path = takeout(tmp_path, stream(MERGED, point(0, 1, 100)))
    assert read(path, "Pacific/Auckland").samples["start"][0] == T0


HEADINGS = "Start time,End time,Calories (kcal),Distance (m),Step count,Walking duration (ms)\n"


def quarters(day: str, *rows: str) -> dict[str, str | bytes]:
    return {f"Takeout/Fit/Daily activity metrics/{day}.csv": HEADINGS + "\n".join(rows) + "\n"}


def days(*rows: str) -> dict[str, str | bytes]:
    heading = "Date,Calories (kcal),Distance (m),Step count,Walking duration (ms)\n"
    return {
        "Takeout/Fit/Daily activity metrics/Daily activity metrics.csv": heading + "\n".join(rows)
    }


def test_each_day_from_the_finest_that_knows_it(tmp_path: Path) -> None:
    members = {
        "Takeout/Fit/All Data/derived_com.google.step_count.delta_com.google.json": stream(
            MERGED, point(0, 1, 100)
        ),
        **quarters("2024-05-01", "10:00:00.000+02:00,10:15:00.000+02:00,18.2,75,101,60000"),
        **quarters(
            "2024-05-02",
            "10:00:00.000+02:00,10:15:00.000+02:00,18.2,300,400,240000",
            "23:45:00.000+02:00,00:00:00.000+02:00,18.2,,20,",
        ),
        **days(
            "2024-05-01,1700,75,98,60000", "2024-05-02,1700,300,420,240000", "2024-05-03,1,70,90,"
        ),
    }
    got = read(zipped(tmp_path, members), "Europe/Berlin")
    steps = got.samples.filter(pl.col("steps").is_not_null())
    assert steps["steps"].to_list() == [100, 400, 20, 90]
    assert steps["start"].to_list()[2] == datetime(2024, 5, 2, 21, 45, tzinfo=UTC)
    assert steps["end"].to_list()[2:] == [
        datetime(2024, 5, 2, 22, tzinfo=UTC),
        datetime(2024, 5, 3, 22, tzinfo=UTC),
    ]
    # Of the first day the stream knows the steps alone: metres and minutes are the table's.
    assert got.samples["distance_m"].drop_nulls().to_list() == [75, 300, 70]
    assert got.samples["walking_s"].drop_nulls().to_list() == [60, 240]
    assert got.vendor_days.rows() == [
        (date(2024, 5, 1), 98, "Google Fit"),
        (date(2024, 5, 2), 420, "Google Fit"),
        (date(2024, 5, 3), 90, "Google Fit"),
    ]


def test_quarters_on_the_day_the_clock_goes_back(tmp_path: Path) -> None:
    members = quarters(
        "2024-10-27",
        "02:45:00.000+02:00,02:00:00.000+01:00,18.2,75,100,60000",
        "02:00:00.000+01:00,02:15:00.000+01:00,18.2,75,110,60000",
    )
    rows = read(zipped(tmp_path, members), "Europe/Berlin").samples
    assert rows["start"].to_list() == [
        datetime(2024, 10, 27, 0, 45, tzinfo=UTC),
        datetime(2024, 10, 27, 1, 0, tzinfo=UTC),
    ]
    assert rows["end"][0] == rows["start"][1]


def test_a_total_of_a_day_with_a_ride_has_no_metres(tmp_path: Path) -> None:
    got = read(zipped(tmp_path, days("2024-05-01,1700,25000,6000,")))
    assert got.samples["distance_m"].to_list() == [None]
    assert got.samples["steps"].to_list() == [6000]


def test_tables_in_korean(tmp_path: Path) -> None:
    heading = "날짜,이동 시간(분),칼로리 (kcal),거리 (m),걸음 수\n"
    name = "Takeout/피트니스/일일 활동 측정항목/일일 활동 측정항목.csv"
    got = read(zipped(tmp_path, {name: heading + "2024-03-07,20,1800,3000,4500\n"}), "Asia/Seoul")
    assert got.samples["steps"].to_list() == [4500]
    assert got.samples["start"].to_list() == [datetime(2024, 3, 6, 15, tzinfo=UTC)]
    assert got.vendor_days["steps"].to_list() == [4500]


def test_bad_rows_and_points_are_refused(tmp_path: Path) -> None:
    bad = [
        point(0, 1, -5),
        {**point(2, 3, 7), "startTimeNanos": "soon"},
        {**point(2, 3, 7), "endTimeNanos": 10**40},
        {**point(2, 3, 7), "fitValue": [{"value": {"intVal": "many"}}]},
        {**point(2, 3, 7), "fitValue": [{"value": {"intVal": 10**30}}]},
        {**point(2, 3, 7), "fitValue": []},
        point(9, 8, 7),
        {**point(0, 1, 7), "startTimeNanos": 45 * 10**17, "endTimeNanos": 45 * 10**17},
    ]
    text = stream(MERGED, *bad, point(20, 21, 100)).replace(
        '"Data Points": [', '"Data Points": [ 1, '
    )
    got = read(
        zipped(tmp_path, {"Fit/a.json": text, **days("2024-05-01,1,70,nan,", "nonsense,1,2,3,")})
    )
    assert got.samples["steps"].to_list() == [100]
    assert got.refused_counts == {"steps": 9, "day": 1}
    assert set(codes(got)) == {
        f"imports.refused.{code}" for code in ("negative", "date", "value", "span", "era")
    }


def test_numbers_as_text_are_numbers(tmp_path: Path) -> None:
    text = {**point(0, 1, 100), "startTimeNanos": str(nanos(0)), "endTimeNanos": str(nanos(1))}
    assert read(takeout(tmp_path, stream(MERGED, text))).samples["start"].to_list() == [T0]


@pytest.mark.parametrize("name", [STREAM, QUARTERS, SESSION])
def test_a_part_brought_alone(tmp_path: Path, name: str) -> None:
    path = tmp_path / Path(name).name
    path.write_bytes((REAL / name).read_bytes())
    assert read(path).samples.height > 0


def test_a_quarters_table_without_its_date(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes((REAL / QUARTERS).read_bytes())
    with pytest.raises(UnreadableFile, match="date"):
        read(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (stream(MERGED, point(0, 1, 5))[:-60], "breaks off"),
        (stream(MERGED).replace("[]", "[" + "[" * 200_000), "nested"),
        (stream(MERGED).replace("[]", "[" + "9" * 5000 + "]"), "numbers beyond"),
        (stream(MERGED).replace("[]", '["' + "x" * (3 << 20) + '"]'), "breaks off"),
        (stream(MERGED).replace("[]", "[{},,{}]"), "damaged"),
        (stream(MERGED).encode() + b"\xff\xfe", "no UTF-8"),
        (stream(MERGED).replace("[]", "[{}]").encode()[:-3] + b"\xff]}", "no UTF-8"),
    ],
)
def test_hostile_streams(tmp_path: Path, content: str | bytes, said: str) -> None:
    path = tmp_path / "stream.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UnreadableFile, match=said):
        read(path)


def test_pieces_of_every_size_give_the_same() -> None:
    text = stream(MERGED, *[point(n, n + 1, n, "ü" * n) for n in range(30)])
    content = text.replace('{"fit', '{ "fit').replace(', "', ',\n"').encode()
    whole = json.loads(content)["Data Points"]
    for size in (1, 2, 3, 7, 64, 1000, len(content)):
        pieces = [content[n : n + size] for n in range(0, len(content), size)]
        assert list(json_stream.items_of(Path("x"), "", pieces, "Data Points")) == whole
    assert list(json_stream.items_of(Path("x"), "", [b'{"a": 12, "b": [1]}'], "a")) == []
    assert list(json_stream.items_of(Path("x"), "", [b" {} "], "a")) == []
    numbers = [b'{"a": [12', b"34, 5", b"6], ", b'"b": 7', b"8}"]
    assert list(json_stream.items_of(Path("x"), "", numbers, "a")) == [1234, 56]


def test_other_takeouts_are_not_fits(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "Takeout/Fitbit/steps-2024-05-01.json": '[{"dateTime":"05/01/24","value":"0"}]',
        "Takeout/Fitbit/x.csv": "timestamp,steps\n2024-05-01T00:00:00Z,5\n",
    }
    assert imports.detect(zipped(tmp_path, members)) == "fitbit"


def test_what_else_is_in_the_takeout_is_counted(tmp_path: Path) -> None:
    path = takeout(
        tmp_path,
        stream(MERGED, point(0, 1, 100)),
        **{"Тренировки/2015-06-23_Бег.tcx": "<a/>", "x.json": "{}", "archive_browser.html": "x"},
    )
    got = read(path)
    assert got.skipped_counts == {".tcx file": 1, ".html file": 1, "file of another kind": 1}


def test_if_every_part_is_damaged_the_file_is_refused(tmp_path: Path) -> None:
    path = takeout(
        tmp_path, stream(MERGED, point(0, 1, 1))[:-9], stream(ESTIMATED, point(0, 1, 1))[:-9]
    )
    with pytest.raises(UnreadableFile, match="breaks off"):
        read(path)
