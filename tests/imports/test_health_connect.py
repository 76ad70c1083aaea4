"""Health Connect: an SQLite database of many apps, and ones that were made to harm."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from backstride import imports
from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.imports import merge, sqlite_part
from imports.health_connect_files import TABLES, Row, ms, packed, span, write


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2025, 3, day, hour, minute, tzinfo=UTC)


STEPS: list[Row] = [
    span(at(9), at(9, 10), count=1000),
    span(at(9), at(9, 15), app=2, device=2, count=900),
    span(at(10), at(10, 1), app=3, device=3, count=60, recording_method=3),
    span(at(11), at(11, 1), app=3, device=3, count=0),
]


def read(tmp_path: Path, rows: dict[str, list[Row]], **made: object) -> imports.Imported:
    path = packed(tmp_path / "e.dat", write(tmp_path / "hc", rows, **made))  # type: ignore[arg-type]
    assert imports.detect(path) == "health_connect"
    return imports.read(path)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def test_each_app_with_each_device_is_a_source_and_counts_once(tmp_path: Path) -> None:
    got = read(tmp_path, {"steps_record_table": STEPS})
    assert got.samples.select("start", "steps", "source", "device", "flag").rows() == [
        (at(9), 1000.0, "Fitbit (Pixel Watch 2)", "watch", None),
        (at(9), 900.0, "Fit (Pixel 8)", "phone", None),
        (at(10), 60.0, "org.walk", "manual", "entered by hand"),
        (at(11), 0.0, "org.walk", "app", None),
    ]
    # The watch has the first ten minutes, the phone the five after them.
    assert merge(got.samples)["steps"].sum() == pytest.approx(1000 + 900 / 3)
    assert got.read_counts == {"steps_record_table": 4}


def test_walks_metres_and_what_was_measured_in_them(tmp_path: Path) -> None:
    beats = [(at(9, 0), 100), (at(9, 0) + timedelta(seconds=30), 110), (at(9, 30), 70)]
    got = read(
        tmp_path,
        {
            "distance_record_table": [span(at(9), at(9, 10), distance=750.5)],
            "exercise_session_record_table": [
                span(at(9), at(9, 10), exercise_type=53),
                span(at(12), at(12, 30), exercise_type=21),
                span(at(13), at(13, 10), exercise_type=33),
                span(at(14), at(14, 10), exercise_type=56),
                span(at(15), at(15, 10), exercise_type=53, recording_method=3),
            ],
            "heart_rate_record_table": [span(at(9), at(10), row_id=7)],
            "heart_rate_record_series_table": [
                {"parent_key": 7, "beats_per_minute": bpm, "epoch_millis": ms(when)}
                for when, bpm in beats
            ],
            "SpeedRecordTable": [span(at(9), at(10), row_id=9)],
            "speed_record_table": [{"parent_key": 9, "speed": 1.25, "epoch_millis": ms(at(9, 5))}],
        },
    )
    walks = got.samples.filter(pl.col("walking_s").is_not_null())
    assert walks.select("start", "walking_s", "device").rows() == [
        (at(9), 600.0, "watch"),
        (at(12), 1800.0, "watch"),
        (at(15), 600.0, "manual"),
    ]
    assert got.samples["distance_m"].sum() == 750.5
    assert got.measures.select("start", "end", "measure", "value", "source").rows() == [
        (at(9), at(9, 1), "heart_rate_bpm", 105.0, "Fitbit (Pixel Watch 2)"),
        (at(9, 5), at(9, 6), "walking_speed_mps", 1.25, "Fitbit (Pixel Watch 2)"),
    ]
    assert got.skipped_counts == {
        "exercise of type 33 (a run: its steps and metres stand by themselves)": 1,
        "exercise of type 56": 1,
        "heart_rate_record_series_table outside walks": 1,
    }


def test_nights_by_their_stages_rest_and_quiet(tmp_path: Path) -> None:
    stages = [(at(22), at(23), 4), (at(23), at(23, 30), 1), (at(23, 30), at(23, 50), 6)]
    got = read(
        tmp_path,
        {
            "sleep_session_record_table": [
                span(at(22), at(23, 59), row_id=1),
                span(at(1), at(2), row_id=2),
            ],
            "sleep_stages_table": [
                {"parent_key": 1, "stage_start_time": ms(start), "stage_end_time": ms(end),
                 "stage_type": kind}
                for start, end, kind in stages
            ],
            "resting_heart_rate_record_table": [
                {"time": ms(at(7)), "beats_per_minute": 58, "app_info_id": 1, "device_info_id": 1}
            ],
            "mindfulness_session_record_table": [span(at(20), at(20, 5))],
            "weight_record_table": [{"time": ms(at(7)), "weight": 70_000.0}] ,
        },
    )  # fmt: skip
    assert got.measures.select("start", "measure", "value").rows() == [
        (at(1), "sleep_s", 3600.0),
        (at(7), "resting_heart_rate_bpm", 58.0),
        (at(20), "mindful_s", 300.0),
        (at(22), "sleep_s", 4800.0),
    ]
    assert got.skipped_counts == {"weight_record_table": 1}


def test_database_alone_under_any_name(tmp_path: Path) -> None:
    path = write(tmp_path / "something.bin", {"steps_record_table": STEPS})
    assert imports.detect(path) == "health_connect"
    before = path.read_bytes()
    assert imports.read(path).samples.height == 4
    assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["something.bin"]


def test_older_version_without_the_later_columns(tmp_path: Path) -> None:
    tables = {"steps_record_table": "count INTEGER, end_time INTEGER, start_time INTEGER"}
    rows: list[Row] = [{"start_time": ms(at(9)), "end_time": ms(at(9, 10)), "count": 500}]
    got = read(tmp_path, {"steps_record_table": rows}, tables=tables)
    assert got.samples.select("steps", "source", "device").rows() == [(500.0, "unknown app", "app")]
    told = next(n for n in got.notices if n.code == "health_connect.missing")
    assert told.count == 2
    assert told.where == "distance_record_table"


def test_missing_column_is_named_and_a_missing_export_refused(tmp_path: Path) -> None:
    tables = TABLES | {"steps_record_table": "start_time INTEGER, count INTEGER"}
    got = read(tmp_path, {"distance_record_table": [span(at(9), at(9, 1), distance=50)]},
               tables=tables)  # fmt: skip
    assert got.samples["distance_m"].to_list() == [50.0]
    told = next(n for n in got.notices if n.code == "health_connect.missing")
    assert told.where == "steps_record_table.end_time"
    other = packed(tmp_path / "z", write(tmp_path / "x", {}, {"weight_record_table": "w"}))
    with pytest.raises(UnreadableFile, match="none of the tables"):
        imports.read(other)


def test_bad_rows_are_told(tmp_path: Path) -> None:
    rows: list[Row] = [
        span(at(9), at(9, 1), count=5),
        span(at(9), at(9, 1)) | {"count": "many"},
        span(at(9), at(9, 1)) | {"start_time": "yesterday", "count": 5},
        span(at(9), at(9, 1)) | {"start_time": 1 << 62, "count": 5},
        span(at(9), at(9, 1)) | {"end_time": 1 << 62, "count": 5},
        span(at(9), at(8), count=5),
        span(at(9), at(9, 1), count=-5),
        span(at(9), at(9, 1), count=float("inf")),
        span(at(9), at(9, 1)) | {"count": b"blob"},
        span(datetime(1971, 1, 1, tzinfo=UTC), datetime(1971, 1, 1, 1, tzinfo=UTC), count=5),
        span(datetime(2300, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, 1, tzinfo=UTC), count=5),
        span(at(9), at(9, 1), count=7) | {"app_info_id": "x", "device_info_id": 99},
    ]
    got = read(tmp_path, {"steps_record_table": rows})
    assert got.samples["steps"].to_list() == [5.0, 7.0]
    assert codes(got) == {
        "imports.refused.date": 3,
        "imports.refused.era": 2,
        "imports.refused.negative": 1,
        "imports.refused.span": 1,
        "imports.refused.value": 3,
    }


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_database_that_breaks_off(tmp_path: Path, share: float) -> None:
    many = [span(at(9), at(9, 10), count=n) for n in range(2000)]
    path = write(tmp_path / "a.db", {"steps_record_table": many})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    zipped = packed(tmp_path / "a.zip", path)
    with pytest.raises(UnreadableFile, match="database"):
        imports.read(zipped)


def test_overwritten_pages(tmp_path: Path) -> None:
    many = [span(at(9), at(9, 10), count=n) for n in range(2000)]
    path = write(tmp_path / "a.db", {"steps_record_table": many})
    content = bytearray(path.read_bytes())
    for page in range(len(content) // 8192, len(content) // 4096 - 1):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="database"):
        imports.read(packed(tmp_path / "a.zip", path))


def test_views_virtual_tables_and_computed_columns_are_never_read(tmp_path: Path) -> None:
    tables = {name: columns for name, columns in TABLES.items() if name != "steps_record_table"}
    endless = (
        "CREATE VIEW steps_record_table AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL "
        "SELECT x + 1 FROM n) SELECT x AS start_time, x AS end_time, x AS count FROM n"
    )
    before = time.monotonic()
    got = read(tmp_path, {}, tables=tables, more=[endless])
    assert time.monotonic() - before < 10
    assert got.samples.is_empty()
    assert "steps_record_table" in {n.where for n in got.notices}
    computed = tables | {
        "steps_record_table": "start_time INTEGER, end_time INTEGER, "
        "count INTEGER AS (length(hex(zeroblob(8000000))))"
    }
    row: Row = {"start_time": ms(at(9)), "end_time": ms(at(9, 1))}
    got = read(tmp_path, {"steps_record_table": [row]}, tables=computed)
    assert "steps_record_table.count" in {n.where for n in got.notices}


def test_query_that_does_too_much_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_part, "STEPS_AT_LEAST", 1000)
    monkeypatch.setattr(sqlite_part, "STEPS_A_BYTE", 0)
    monkeypatch.setattr(sqlite_part, "STEPS_A_CALL", 500)
    many = [span(at(9), at(9, 10), count=n) for n in range(2000)]
    path = packed(tmp_path / "a.zip", write(tmp_path / "a.db", {"steps_record_table": many}))
    with pytest.raises(UnreadableFile, match="interrupted"):
        imports.read(path)


def test_other_databases_are_not_health_connects(tmp_path: Path) -> None:
    path = tmp_path / "gadget.db"
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE steps (t INTEGER)")
        base.commit()
    for other in (path, packed(tmp_path / "z", path, "gadget.db")):
        assert imports.detect(other) is None
        with pytest.raises(UnsupportedFormat):
            imports.read(other)
    garbage = tmp_path / "g.db"
    garbage.write_bytes(b"SQLite format 3\x00" + b"\x07" * 9000)
    assert imports.detect(garbage) is None


def test_folder_in_the_zip_of_any_name(tmp_path: Path) -> None:
    base = write(tmp_path / "a.db", {"steps_record_table": STEPS})
    path = packed(tmp_path / "z", base, "Sauvegarde/health_connect_export (1).db")
    assert imports.read(path).samples.height == 4
