"""Withings: intervals in lists, the vendor's days, walks, and what is damaged or forged."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride import imports
from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.imports.withings import tables as withings_tables
from imports import withings_zip as export

PARIS = "Europe/Paris"


def read(tmp_path: Path, members: dict[str, str], zone: str = PARIS) -> imports.Imported:
    path = export.write(tmp_path / "data.bin", members)
    assert imports.detect(path) == "withings"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def test_usual_export(tmp_path: Path) -> None:
    got = read(tmp_path, export.usual())
    steps = got.samples.filter(pl.col("steps").is_not_null())
    first = datetime(2022, 1, 6, 11, 50, 26, tzinfo=UTC)
    assert steps.select("start", "end", "steps", "source", "device").rows() == [
        (first, first + timedelta(minutes=1), 44, "Withings", "watch"),
        *(
            (
                datetime(2022, 1, 6, 12, minute, 49, tzinfo=UTC),
                datetime(2022, 1, 6, 12, end, 49, tzinfo=UTC),
                count,
                "Withings",
                "watch",
            )
            for minute, end, count in [(28, 29, 100), (29, 30, 90), (30, 32, 180)]
        ),
        # Of the 7th only the day's total is there.
        (
            datetime(2022, 1, 6, 23, tzinfo=UTC),
            datetime(2022, 1, 7, 23, tzinfo=UTC),
            4000,
            "Withings",
            "watch",
        ),
    ]
    assert got.samples["distance_m"].drop_nulls().to_list() == [70.5, 63, 126, 2800]
    assert got.samples["walking_s"].drop_nulls().to_list() == [540]
    assert got.vendor_days.rows() == [
        (date(2022, 1, 6), 414, "Withings"),
        (date(2022, 1, 7), 4000, "Withings"),
    ]
    assert got.measures.select("measure", "value").rows() == [
        ("heart_rate_bpm", 96),
        ("sleep_s", 22_000),
    ]
    assert got.skipped_counts == {
        "Swimming": 1,
        "heart rate outside of walks": 1,
        "weight.csv": 1,
        "README.txt": 1,
    }
    assert got.refused_count == 0
    assert codes(got) == {}


def test_counted_days_agree_with_the_vendors(tmp_path: Path) -> None:
    got = read(tmp_path, export.usual())
    merged = imports.merge(got.samples)
    day = pl.col("start").dt.convert_time_zone(PARIS).dt.date().alias("date")
    ours = merged.group_by(day).agg(pl.col("steps").sum().round(6)).sort("date")
    assert ours.rows() == got.vendor_days.select("date", "steps").rows()


def test_folder_on_top_and_some_members_only(tmp_path: Path) -> None:
    whole = export.usual()
    members = {name: whole[name] for name in (export.STEPS_DAYS, "weight.csv")}
    path = export.write(tmp_path / "d.zip", members, folder="Données/Anna/")
    assert imports.detect(path) == "withings"
    got = imports.read(path, zone=PARIS)
    assert got.samples["steps"].to_list() == [414, 4000]


def test_activities_alone_in_french(tmp_path: Path) -> None:
    header = ["Début", "Fin", "Début (manuel)", "Fin (manuel)", "Fuseau", "Type d'activité"]
    header += ["Données", "GPS", "Modifié"]
    start, end = "2022-01-06T13:28:00+01:00", "2022-01-06T13:38:00+01:00"
    text = export.activities(
        export.activity(start, end, "Marche à pied"),
        export.activity(start, end, "Course à pied"),
        header=header,
    )
    path = tmp_path / "x"
    path.write_text(text, encoding="utf-8")
    assert imports.detect(path) == "withings"
    got = imports.read(path)
    assert got.samples["walking_s"].to_list() == [600]
    assert got.skipped_counts == {"Course à pied": 1}


def test_older_activities_of_six_columns(tmp_path: Path) -> None:
    row = ["2022-01-06T13:28:00+01:00", "2022-01-06T13:38:00+01:00", "Europe/Paris", "Walking"]
    header = ["from", "to", "Timezone", "Activity type", "Data", "GPS"]
    text = export.activities([*row, '{"calories":70}', ""], header=header)
    got = read(tmp_path, {export.ACTIVITIES: text})
    assert got.samples.select("walking_s", "device", "flag").rows() == [(600, "watch", None)]


def test_vendors_days_that_cannot_be_believed(tmp_path: Path) -> None:
    days = "date,value\n2022-01-06,nan\n2022-01-07,-5\n1601-01-01,5\n06/01/2022,5\n"
    days += "2022-01-08,5000000\n2022-01-09,44\n"
    got = read(tmp_path, {export.STEPS_DAYS: days, **_steps()})
    assert got.refused_counts == {"day of steps": 4}
    assert got.vendor_days.rows() == [(date(2022, 1, 9), 44, "Withings")]
    assert codes(got)["imports.flagged.too_many"] == 1


def test_typed_in_walk_is_manual(tmp_path: Path) -> None:
    row = export.activity("", "")
    row[2:4] = ["2022-01-06T13:28:00+01:00", "2022-01-06T13:38:00+01:00"]
    got = read(tmp_path, {export.ACTIVITIES: export.activities(row), **_steps()})
    walk = got.samples.filter(pl.col("walking_s").is_not_null())
    assert walk.select("walking_s", "device", "flag").row(0) == (600, "manual", "entered by hand")


def test_walk_that_was_never_stopped(tmp_path: Path) -> None:
    long = export.activity("2022-01-06T08:00:00+01:00", "2022-01-06T21:00:00+01:00")
    got = read(tmp_path, {export.ACTIVITIES: export.activities(long), **_steps()})
    assert codes(got) == {"imports.flagged.never_stopped": 1}


def _steps() -> dict[str, str]:
    return {export.STEPS: export.raw(("2022-01-06T12:50:26+01:00", [60], [44]))}


def test_single_table_of_numbers_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "raw_tracker_steps.csv"
    path.write_text(_steps()[export.STEPS])
    assert imports.detect(path) is None
    with pytest.raises(UnsupportedFormat):
        imports.read(path)


def test_days_on_which_clocks_change(tmp_path: Path) -> None:
    members = {export.STEPS_DAYS: export.days(d2022_03_27=2000, d2022_10_30=3000)}
    spans = read(tmp_path, members).samples.select(pl.col("end") - pl.col("start"))
    assert [span.total_seconds() / 3600 for span in spans.to_series()] == [23, 25]


def test_times_without_an_offset(tmp_path: Path) -> None:
    got = read(tmp_path, {export.STEPS: export.raw(("2022-07-06T12:00:00", [60], [44]))})
    assert got.samples["start"].to_list() == [datetime(2022, 7, 6, 10, tzinfo=UTC)]
    assert codes(got) == {"imports.no_zone": 1}


def test_bad_records_are_refused_and_told(tmp_path: Path) -> None:
    text = (
        "start,duration,value\n"
        '2022-01-06T10:00:00+01:00,"[60,60]","[1,2]"\n'
        '2022-01-06T11:00:00+01:00,"[60,60]","[1]"\n'  # lists that don't fit
        "2022-01-06T12:00:00+01:00,[60],[nan]\n"
        "2022-01-06T13:00:00+01:00,[60],[-5]\n"
        "2022-01-06T14:00:00+01:00,[1e300],[5]\n"
        "1601-01-01T00:00:00+01:00,[60],[5]\n"
        "2300-01-01T00:00:00+01:00,[60],[5]\n"
        "today,[60],[5]\n"
        '2022-01-06T15:00:00+01:00,"[60,x,60]","[5,6,7]"\n'  # what follows x has no time
        "2022-01-06T16:00:00+01:00,,\n"
    )
    got = read(tmp_path, {export.STEPS: text})
    assert got.samples["steps"].to_list() == [1, 2, 5]
    assert got.refused_counts == {"tracker steps": 10}
    assert codes(got) == {
        "imports.refused.date": 6,
        "imports.refused.value": 1,
        "imports.refused.negative": 1,
        "imports.refused.era": 2,
    }


def test_damaged_parts_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    got = read(tmp_path, export.usual() | {export.STEPS: "start,duration\n2022-01-06,[60]\n"})
    # Without intervals both days are whole days, as the vendor counted them.
    assert got.samples["steps"].drop_nulls().to_list() == [414, 4000]
    assert got.refused_counts == {export.STEPS: 1}
    assert codes(got) == {"imports.refused.part": 1}


def test_all_parts_damaged(tmp_path: Path) -> None:
    path = export.write(tmp_path / "w.zip", _steps())
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at - 12 : at - 6] = b"\xff" * 6
    path.write_bytes(bytes(content))
    with pytest.raises(UnreadableFile, match="damaged"):
        imports.read(path)


def test_lists_beyond_measure_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withings_tables, "MAX_ITEMS", 10)
    with pytest.raises(UnreadableFile, match="more than 10 intervals"):
        read(tmp_path, {export.STEPS: export.raw(("2022-01-06T10:00:00Z", [1] * 20, [1] * 20))})


@given(st.lists(st.tuples(st.integers(1, 3600), st.integers(0, 200)), min_size=1, max_size=30))
def test_no_step_is_lost_between_lists_and_samples(
    tmp_path_factory: pytest.TempPathFactory, items: list[tuple[int, int]]
) -> None:
    durations, values = ([float(item[i]) for item in items] for i in (0, 1))
    text = export.raw(("2022-01-06T00:00:00Z", durations, values))
    got = read(tmp_path_factory.mktemp("w"), {export.STEPS: text})
    assert got.samples["steps"].sum() == sum(values)
    assert got.samples["end"][-1] - got.samples["start"][0] == timedelta(seconds=sum(durations))
    assert got.read_count == len(items)
