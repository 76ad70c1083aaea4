"""Oura: whole days of steps and nights, from each shape that is known of its files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from backstride import imports
from backstride.errors import UnreadableFile
from imports import oura_files as export

HELSINKI = "Europe/Helsinki"


def put(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "file.dat"
    path.write_text(content, encoding="utf-8")
    return path


def read(path: Path, zone: str = HELSINKI) -> imports.Imported:
    assert imports.detect(path) == "oura"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def test_export(tmp_path: Path) -> None:
    got = read(export.write(tmp_path / "oura.zip"))
    midnight = datetime(2025, 6, 29, 21, tzinfo=UTC)
    day = timedelta(days=1)
    assert got.samples.rows() == [
        (midnight, midnight + day, 7000, None, None, "Oura Ring", "watch", None),
        (midnight + day, midnight + 2 * day, 5400, None, None, "Oura Ring", "watch", None),
    ]
    start = datetime(2025, 6, 29, 21, 10, tzinfo=UTC)
    end = start + timedelta(hours=8)
    assert got.measures.rows() == [
        (start, end, "resting_heart_rate_bpm", 48, "Oura Ring", "watch"),
        (start, end, "sleep_s", 25_200, "Oura Ring", "watch"),
    ]
    assert got.vendor_days.is_empty()
    assert got.read_counts == {"day of steps": 2, "sleep": 1, "heart rate": 1}
    assert got.skipped_counts == {"rest that was no sleep": 1, "dailystress.csv": 1}
    assert codes(got) == {"imports.no_zone": 2}


@pytest.mark.parametrize("name", ["App Data/dailyactivity.csv", "App Data/sleepmodel.csv"])
def test_a_table_alone(tmp_path: Path, name: str) -> None:
    got = read(put(tmp_path, export.usual()[name]))
    assert got.read_count == 2


def test_trends(tmp_path: Path) -> None:
    got = read(put(tmp_path, export.TRENDS), "America/Los_Angeles")
    assert got.samples.select("start", "end", "steps").rows() == [
        (datetime(2020, 3, 4, 8, tzinfo=UTC), datetime(2020, 3, 5, 8, tzinfo=UTC), 5703)
    ]
    assert got.measures.select("measure", "value").rows() == [
        ("resting_heart_rate_bpm", 46),
        ("sleep_s", 24_690),
    ]
    assert got.measures["start"][0] == datetime(2020, 3, 4, 6, 14, 42, tzinfo=UTC)


def test_api_v2_by_the_zone_the_ring_was_in(tmp_path: Path) -> None:
    content = export.api_v2(
        export.day("2021-11-26", 4000, "2021-11-26T04:00:00-08:00"),  # on a journey
        export.day("2021-11-28", 6000, "2021-11-28T04:00:00+02:00"),
    )
    got = read(put(tmp_path, content))
    assert got.samples.select("start", "end", "steps").rows() == [
        (datetime(2021, 11, 26, 8, tzinfo=UTC), datetime(2021, 11, 27, 8, tzinfo=UTC), 4000),
        (datetime(2021, 11, 27, 22, tzinfo=UTC), datetime(2021, 11, 28, 22, tzinfo=UTC), 6000),
    ]
    assert codes(got) == {}


def test_api_v1_by_its_minutes(tmp_path: Path) -> None:
    got = read(put(tmp_path, export.api_v1(("2020-03-04", 5703, -480), ("2020-03-06", 100, 120))))
    assert got.samples.select("start", "steps").rows() == [
        (datetime(2020, 3, 4, 8, tzinfo=UTC), 5703),
        (datetime(2020, 3, 5, 22, tzinfo=UTC), 100),
    ]
    assert got.measures["value"].to_list() == [46, 24_690]


def test_days_on_which_clocks_change(tmp_path: Path) -> None:
    """The offset is that of four in the morning, after the change; the day is the walker's."""
    content = export.api_v2(
        export.day("2025-03-30", 1, "2025-03-30T04:00:00+03:00"),
        export.day("2025-10-26", 1, "2025-10-26T04:00:00+02:00"),
    )
    lasts = read(put(tmp_path, content)).samples.select(pl.col("end") - pl.col("start"))
    assert [span.total_seconds() / 3600 for span in lasts.to_series()] == [23, 25]


def test_bad_records(tmp_path: Path) -> None:
    steps: list[object] = [-5, "many", 10**400, float("nan"), True, {"a": 1}, 250_000, None, 5]
    days = [export.day(f"2025-06-{number:02}", n) for number, n in enumerate(steps, 1)]
    days += [export.day("1601-01-01", 5), export.day("2300-01-01", 5), export.day("June", 5)]
    content = json.dumps({"data": [*days, "no day", 7]})
    got = read(put(tmp_path, content))
    assert got.samples.select("steps", "flag").rows() == [
        (250_000, "more than anyone can walk in that time"),
        (5, None),
    ]
    assert got.refused_counts == {"day of steps": 9, "data": 2}
    assert got.skipped_counts == {"day without steps": 1}


def test_damaged_json(tmp_path: Path) -> None:
    whole = export.api_v2(*(export.day("2025-06-30", 5) for _ in range(9)))
    with pytest.raises(UnreadableFile, match="breaks off"):
        read(put(tmp_path, whole[: len(whole) // 2]))
    with pytest.raises(UnreadableFile, match="nested"):
        read(put(tmp_path, whole.replace('"items": [1.0]', '"items": ' + "[" * 200_000)))


def test_a_damaged_part_of_the_zip(tmp_path: Path) -> None:
    members = export.usual() | {
        "oura_activity.json": export.api_v2(export.day("2025-06-30", 5))[:-9]
    }
    got = read(export.write(tmp_path / "o.zip", members))
    assert got.samples["steps"].to_list() == [7000, 5400]
    assert got.refused_counts == {"oura_activity.json": 1}
    assert codes(got)["imports.refused.part"] == 1


def test_other_days_of_steps_are_not_ouras(tmp_path: Path) -> None:
    for content in ('{"data": [{"day": "2025-06-30", "steps": 5}]}', "day;steps\n2025-06-30;5\n"):
        assert imports.detect(put(tmp_path, content)) is None
    assert imports.detect(put(tmp_path, "date,steps\n2025-06-30,5\n")) == "csv"
