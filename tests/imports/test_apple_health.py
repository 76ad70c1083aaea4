"""Apple Health exports: what becomes a sample, and what is refused or flagged."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from backstride import imports, sample_data
from backstride.records import SAMPLES
from imports.apple_xml import DISTANCE, WATCH, document, record, zipped

T0, T1 = "2024-05-01 10:00:00 +0100", "2024-05-01 10:05:00 +0100"


def read(tmp_path: Path, *parts: str, **settings: str) -> imports.Imported:
    path = tmp_path / "anything.bin"
    path.write_text(document(*parts, **settings), encoding="utf-8")
    return imports.read(path)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def test_real_export_agrees_with_another_reader() -> None:
    got = imports.read(sample_data.path("apple-tdda/export.xml"), zone="Europe/London")
    with sample_data.path("apple-tdda/expected-StepCount.csv").open(newline="") as file:
        expected = [
            (
                datetime.fromisoformat(row["startDate"]).astimezone(UTC),
                datetime.fromisoformat(row["endDate"]).astimezone(UTC),
                float(row["value"]),
            )
            for row in csv.DictReader(file)
        ]
    steps = got.samples.filter(pl.col("steps").is_not_null())
    assert steps.select("start", "end", "steps").rows() == expected
    assert dict(got.samples.schema) == SAMPLES
    assert got.samples["distance_m"].sum() == pytest.approx(19.43)
    assert set(got.samples["device"]) == {"phone"}
    assert got.exported_at == datetime(2016, 4, 15, 6, 27, 26, tzinfo=UTC)
    assert got.birth_year == 1965
    assert got.read_count == 15
    assert got.skipped_counts == {"HKWorkoutActivityTypeOther": 1}
    assert len(got.notices) == 0


def test_real_zip_without_walking_says_what_it_skipped() -> None:
    path = sample_data.path("apple-dogsheep/export.zip")
    assert imports.detect(path) == "apple_health"
    got = imports.read(path)
    assert got.samples.is_empty()
    assert got.skipped_counts == {
        "HKQuantityTypeIdentifierBodyMassIndex": 1,
        "HKQuantityTypeIdentifierHeartRate": 1,
        "HKWorkoutActivityTypeRunning": 1,
        "WorkoutRoute of another workout": 1,
    }


@pytest.mark.parametrize(
    "member", ["apple_health_export/export.xml", "健康/导出.xml", "x/Exportieren.XML"]
)
def test_zip_reads_as_its_xml_whatever_the_names(tmp_path: Path, member: str) -> None:
    path = zipped(tmp_path / "e.zip", document(record(T0, T1, "100")), member)
    assert imports.detect(path) == "apple_health"
    assert imports.read(path).samples.equals(read(tmp_path, record(T0, T1, "100")).samples)


def test_progress_ends_at_the_size(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", document(*[record(T0, T1, "100")] * 30_000))
    told: list[tuple[int, int]] = []
    imports.read(path, lambda *at: told.append(at))
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1][0] == told[-1][1]


@pytest.mark.parametrize(
    ("unit", "value", "metres"),
    [("km", "1.5", 1500), ("mi", "1", 1609.344), ("m", "250", 250), ("ft", "1000", 304.8)],
)
def test_units_of_distance(tmp_path: Path, unit: str, value: str, metres: float) -> None:
    got = read(tmp_path, record(T0, "2024-05-01 11:00:00 +0100", value, DISTANCE, unit))
    assert got.samples["distance_m"].to_list() == pytest.approx([metres])


@pytest.mark.parametrize(
    ("source", "device", "expected"),
    [
        ("Anna's iPhone", "", "phone"),
        ("Bert", "<<HKDevice: 0x2>, name:iPhone, model:iPhone, hardware:iPhone14,5>", "phone"),
        ("Bert", WATCH, "watch"),
        ("Anna’s Apple Watch", "", "watch"),
        ("Health", "", "phone"),
        ("Pacer", "", "app"),
        # The name is the owner's own word; the model knows better.
        ("My old watch, now a phone", "<<HKDevice: 0x2>, model:iPhone>", "phone"),
    ],
)
def test_device_class(tmp_path: Path, source: str, device: str, expected: str) -> None:
    got = read(tmp_path, record(T0, T1, "100", source=source, device=device))
    assert got.samples.select("source", "device").rows() == [(source, expected)]


def test_manual_entry_is_kept_but_flagged(tmp_path: Path) -> None:
    got = read(tmp_path, record(T0, T1, "100", is_manual=True), record(T1, T1, "7"))
    assert got.samples.select("steps", "device", "flag").rows() == [
        (100.0, "manual", "entered by hand"),
        (7.0, "phone", None),
    ]
    assert codes(got) == {"imports.flagged.manual": 1}
    assert imports.merge(got.samples)["steps"].to_list() == [7.0]


@pytest.mark.parametrize(
    ("start", "end", "value", "unit", "code"),
    [
        (T0, T1, "NaN", "count", "value"),
        (T0, T1, "inf", "count", "value"),
        (T0, T1, "many", "count", "value"),
        (T0, T1, "-5", "count", "negative"),
        (T0, T1, "5", "furlong", "unit"),
        (T1, T0, "5", "count", "span"),
        ("1601-01-01 00:00:00 +0000", T1, "5", "count", "era"),
        (T0, "2300-01-01 00:00:00 +0000", "5", "count", "era"),
        ("2024-02-30 00:00:00 +0000", T1, "5", "count", "date"),
        ("2024-05-01 10:00:00", T1, "5", "count", "date"),
        ("", T1, "5", "count", "date"),
    ],
)
def test_impossible_record_is_refused_and_counted(
    tmp_path: Path, start: str, end: str, value: str, unit: str, code: str
) -> None:
    got = read(tmp_path, record(T0, T1, "100"), record(start, end, value, unit=unit))
    assert got.samples["steps"].to_list() == [100.0]
    assert codes(got) == {f"imports.refused.{code}": 1}
    assert got.refused_count == 1
    (notice,) = got.notices
    assert notice.where.startswith("byte ")


@pytest.mark.parametrize("made", ["1970-01-01 00:00:00 +0000", "9999-12-31 23:59:59 -0100", "?"])
def test_impossible_export_date_is_not_believed(tmp_path: Path, made: str) -> None:
    got = read(tmp_path, record(T0, T1, "100"), made=made)
    assert got.samples["steps"].to_list() == [100.0]


def test_batches_of_old_phones_count_but_absurd_values_do_not(tmp_path: Path) -> None:
    got = read(
        tmp_path,
        record("2014-09-13 10:27:54 +0100", "2014-09-13 10:27:59 +0100", "329"),
        record(T0, "2024-05-01 10:01:00 +0100", "40000"),
        record("2024-05-02 00:00:00 +0000", "2024-05-04 00:00:00 +0000", "9000"),
    )
    flags = got.samples.sort("start")["flag"].to_list()
    assert flags == [None, "more than anyone can walk in that time", "spans more than a day"]


def test_day_of_more_than_100000_steps_is_flagged_whole(tmp_path: Path) -> None:
    hours = [
        record(f"2024-05-01 {h:02}:00:00 +0000", f"2024-05-01 {h:02}:59:00 +0000", "9000")
        for h in range(8, 21)
    ]
    got = read(
        tmp_path, *hours, record("2024-05-03 08:00:00 +0000", "2024-05-03 09:00:00 +0000", "70")
    )
    assert codes(got) == {"imports.flagged.too_many_a_day": 13}
    assert imports.merge(got.samples)["steps"].to_list() == [70.0]


def test_walking_workout_gives_its_duration(tmp_path: Path) -> None:
    def workout(kind: str, duration: str, unit: str = "min") -> str:
        return (
            f'<Workout workoutActivityType="HKWorkoutActivityType{kind}" duration="{duration}" '
            f'durationUnit="{unit}" totalDistance="2" sourceName="W" device="model:Watch" '
            'startDate="2024-05-01 10:00:00 +0100" endDate="2024-05-01 10:30:00 +0100"/>'
        )

    got = read(
        tmp_path, workout("Walking", "25.5"), workout("Hiking", "99", "hr"), workout("Cycling", "9")
    )
    rows = got.samples.select("walking_s", "steps", "device", "flag").rows()
    never = "a workout of more than 12 hours, perhaps never stopped"
    # No longer than from start to end, and 99 hours in half an hour is a broken clock.
    assert sorted(rows) == [(1530.0, None, "watch", None), (1800.0, None, "watch", never)]
    assert got.skipped_counts == {"HKWorkoutActivityTypeCycling": 1}


def test_rows_cross_batches_with_their_metadata(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backstride.imports.apple_health.stream.BATCH", 3)
    monkeypatch.setattr("backstride.imports.containers.CHUNK", 100)
    start = datetime(2024, 5, 1, tzinfo=UTC)
    parts = []
    for minute in range(40):
        at = start + timedelta(minutes=minute)
        stamps = [f"{t:%Y-%m-%d %H:%M:%S} +0000" for t in (at, at + timedelta(minutes=1))]
        parts.append(record(*stamps, str(minute + 1), is_manual=minute % 2 == 1))
    got = read(tmp_path, *parts)
    assert got.samples["steps"].to_list() == [float(n + 1) for n in range(40)]
    assert got.samples["flag"].is_not_null().to_list() == [n % 2 == 1 for n in range(40)]
    assert got.read_count == 40


def test_hour_that_comes_twice_when_clocks_go_back(tmp_path: Path) -> None:
    # 01:50 summer time to 01:10 winter time is twenty minutes, not minus forty.
    got = read(
        tmp_path,
        record("2023-10-29 01:50:00 +0100", "2023-10-29 01:10:00 +0000", "900"),
        record("2023-10-29 01:10:00 +0000", "2023-10-29 01:20:00 +0000", "500"),
    )
    lengths = (got.samples["end"] - got.samples["start"]).dt.total_minutes()
    assert lengths.to_list() == [20, 10]
    assert imports.merge(got.samples)["steps"].sum() == 1400


def test_what_others_say_of_themselves_does_not_touch_a_record(tmp_path: Path) -> None:
    entry = '<MetadataEntry key="HKWasUserEntered" value="1"/>'
    got = read(tmp_path, record(T0, T1, "100"), f'<Correlation type="x">{entry}</Correlation>')
    assert got.samples["flag"].to_list() == [None]


def test_workout_entered_by_hand_is_flagged(tmp_path: Path) -> None:
    entry = '<MetadataEntry key="HKWasUserEntered" value="1"/></Workout>'
    got = read(
        tmp_path,
        '<Workout workoutActivityType="HKWorkoutActivityTypeWalking" duration="20" '
        'durationUnit="min" sourceName="Health" startDate="2024-05-01 10:00:00 +0000" '
        f'endDate="2024-05-01 10:20:00 +0000">{entry}',
        record(T0, T1, "100"),
    )
    assert sorted(got.samples["flag"].to_list(), key=str) == [None, "entered by hand"]


def test_malformed_document_type_of_ios_16_is_skipped(tmp_path: Path) -> None:
    text = document(record(T0, T1, "100")).replace("]>", "<!ATTLIST Vision\n <!ELEMENT Eye\n]>")
    path = tmp_path / "export.xml"
    path.write_text(text, encoding="utf-8")
    assert imports.read(path).samples["steps"].to_list() == [100.0]


def test_unknown_zone_is_the_callers_error(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(document(), encoding="utf-8")
    with pytest.raises(KeyError):
        imports.read(path, zone="Mars/Olympus")
