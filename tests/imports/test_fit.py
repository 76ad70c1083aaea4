"""FIT files: real ones of watches, made ones with known steps, damaged and hostile ones."""

from __future__ import annotations

import struct
import time
import warnings
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import fitdecode
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backstride import imports
from backstride.errors import BackstrideError, UnreadableFile
from backstride.imports.fit import format as fit_format
from benchmarks import fit_writer as fw

REAL = Path(__file__).parent.parent / "data" / "garmin-fit"
RIDE = REAL / "invalid" / "elemnt-bolt-no-application-id-inside-developer-data-id.fit"
SOUND = [*sorted(REAL.glob("*.fit")), RIDE]
START = datetime(2024, 5, 1, 9, 0, tzinfo=UTC)
T0 = fw.seconds(START)
DAY0 = fw.seconds(datetime(2024, 5, 1, tzinfo=UTC))


def read(tmp_path: Path, content: bytes, zone: str = "UTC") -> imports.Imported:
    path = tmp_path / "brought"
    path.write_bytes(content)
    assert imports.detect(path) == "fit"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def activity(
    sport: int = fw.WALKING,
    seconds: int = 600,
    cycles: int | None = 550,
    cadence: int | None = 55,
    every: int = 1,
    start: int = T0,
    product: int = fw.FENIX_5,
) -> bytes:
    """An activity at 1.2 m/s and a heart rate of 100."""
    fit = fw.started(4, start, product)
    for at in range(0, seconds + 1, every):
        fit.write(
            fw.RECORD, start + at, None, None, at * 120, None, None, None, None, None, None,
            100, cadence, None, None, 0,
        )  # fmt: skip
    total = seconds * 1000
    fit.write(
        fw.SESSION, start + seconds, start, total, total, seconds * 120, cycles, 0, None, sport, 0
    )
    return fit.finish()


def monitoring(
    *counts: tuple[int, int, int], first: int = DAY0, offset: int = 0, info: bool = True
) -> bytes:
    """A monitoring file of (FIT seconds, activity, running total of steps)."""
    fit = fw.started(32, first)
    if info:
        fit.write(fw.MONITORING_INFO, first, first + offset, 7560, 9720, 2042, 6, 1)
    for at, kind, steps in counts:
        fit.write(fw.COUNTS, at, None, steps, None, None, kind)
    return fit.finish()


# Real files


def test_real_walk() -> None:
    got = imports.read(REAL / "walk-fenix5.fit")
    assert got.kind == "fit"
    assert got.samples["steps"].sum() == pytest.approx(82)  # 41 strides in its session
    assert got.samples["distance_m"].sum() == pytest.approx(67.85)  # its total_distance
    assert got.samples["walking_s"].sum() == pytest.approx(46)
    assert set(got.samples["source"]) == {"Garmin fenix 5"}
    assert set(got.samples["device"]) == {"watch"}
    assert got.read_counts == {"track point": 17}
    assert got.samples["start"][0] == datetime(2017, 6, 11, 14, 32, 51, tzinfo=UTC)
    heart = got.measures
    assert set(heart["measure"]) == {"heart_rate_bpm"}
    # 14:32, four records, and 14:33, thirteen.
    assert heart["value"].to_list() == pytest.approx([69.25, 1004 / 13])


def test_real_run_has_steps_and_no_walking() -> None:
    got = imports.read(REAL / "run-fenix5.fit")
    assert got.samples["steps"].sum() == pytest.approx(156)  # 78 strides
    assert got.samples["distance_m"].sum() == pytest.approx(157.56)
    assert got.samples["walking_s"].null_count() == got.samples.height
    assert got.measures.is_empty()


def test_real_day_of_a_vivofit_comes_to_its_own_total() -> None:
    got = imports.read(REAL / "monitoring-vivofit.fit", zone="America/Chicago")
    assert got.vendor_days.rows() == [(date(2014, 12, 27), 3142 + 31, "Garmin vivofit")]
    assert imports.merge(got.samples)["steps"].sum() == pytest.approx(3173)
    local = got.samples["start"].dt.convert_time_zone("America/Chicago").dt.date()
    assert set(local) == {date(2014, 12, 27)}
    # 1.512 m of walking and 1.944 m of running for two steps, as its monitoring_info says.
    assert got.samples["distance_m"].sum() == pytest.approx(3142 / 2 * 1.512 + 31 / 2 * 1.944)
    minutes = (pl.col("end") - pl.col("start")).dt.total_seconds() / 60
    assert got.samples.select((pl.col("steps") / minutes).max()).item() < 70
    assert got.read_counts == {"all-day count": 79}
    assert got.skipped_counts == {
        "all-day message without steps": 256, "all-day count without new steps": 2,
    }  # fmt: skip


def test_real_ride_is_skipped_though_an_apps_own_fields_are_broken() -> None:
    got = imports.read(RIDE)
    assert got.samples.is_empty()
    assert got.skipped_counts == {"cycling activity": 1}


def test_real_records_without_times_are_refused() -> None:
    got = imports.read(REAL / "developer-data.fit")
    assert got.samples.is_empty()
    assert got.refused_counts["track point"] == 3


@pytest.mark.parametrize(
    ("name", "said", "offset"),
    [
        ("activity-filecrc", "checksum is wrong", 769),
        ("activity-activity-filecrc", "checksum is wrong", 1540),  # that of the second in it
        ("activity-settings-corruptheader", "what follows its end is no FIT", 771),
        ("activity-settings-nodata", "breaks off, 67 bytes before", 786),
        ("activity-unexpected-eof", "breaks off, 3 bytes before", 768),
    ],
)
def test_real_damaged_files(name: str, said: str, offset: int) -> None:
    path = REAL / "invalid" / f"{name}.fit"
    assert imports.detect(path) == "fit"
    with pytest.raises(UnreadableFile, match=said) as caught:
        imports.read(path)
    assert caught.value.offset == offset
    assert caught.value.hint


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_every_message_as_another_reader_has_it(path: Path) -> None:
    ours = fit_format.messages_of(path.read_bytes(), path)
    assert len(ours) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fitdecode.FitReader(path, processor=None) as frames:
            theirs = [f for f in frames if isinstance(f, fitdecode.FitDataMessage)]
    counts = Counter(message.global_mesg_num for message in theirs)
    assert {kind: ours[0].count(kind) for kind in counts} == counts
    compared = 0
    for kind in counts:
        of_kind = [message for message in theirs if message.global_mesg_num == kind]
        own = {f.field_def.def_num: f for m in of_kind for f in m.fields if _is_plain(f)}
        for number in own:
            _, _, (column,) = ours[0].columns(kind, number)
            expected = [_raw(message, number) for message in of_kind]
            np.testing.assert_allclose(column, expected, rtol=1e-6)
            compared += len(expected)
    assert compared > 10


def _is_plain(field: fitdecode.types.FieldData) -> bool:
    made = field.field_def
    return (
        isinstance(made, fitdecode.types.FieldDefinition)
        and made.base_type.name not in ("string",)
        and field.parent_field is None
    )


def _raw(message: fitdecode.FitDataMessage, number: int) -> float:
    for field in message.fields:
        made = field.field_def
        if isinstance(made, fitdecode.types.FieldDefinition) and made.def_num == number:
            value = field.raw_value
            value = value[0] if isinstance(value, tuple) else value
            return np.nan if value is None else float(value)
    return np.nan


# Walks


def test_steady_walk(tmp_path: Path) -> None:
    got = read(tmp_path, activity())
    assert got.samples["steps"].to_list() == pytest.approx([110] * 10)
    assert got.samples["distance_m"].to_list() == pytest.approx([72] * 10)
    assert got.samples["walking_s"].to_list() == pytest.approx([60] * 10)
    assert got.measures["value"].to_list() == [100] * 11
    assert codes(got) == {}


def test_strides_of_the_session_weigh_more_than_the_cadence(tmp_path: Path) -> None:
    got = read(tmp_path, activity(cycles=500))
    assert got.samples["steps"].sum() == pytest.approx(1000)


def test_an_app_that_writes_steps_for_strides_is_not_doubled(tmp_path: Path) -> None:
    got = read(tmp_path, activity(cycles=1100))
    assert got.samples["steps"].sum() == pytest.approx(1100)


def test_a_total_that_can_not_be_is_told_and_not_taken(tmp_path: Path) -> None:
    got = read(tmp_path, activity(cycles=20_000))
    assert got.samples["steps"].sum() == pytest.approx(1100)
    assert codes(got) == {"fit.strides": 1}


def test_without_cadence_the_strides_are_spread_over_the_way(tmp_path: Path) -> None:
    got = read(tmp_path, activity(cadence=None))
    assert got.samples["steps"].to_list() == pytest.approx([110] * 10)


def test_without_either_steps_are_unknown_and_not_zero(tmp_path: Path) -> None:
    got = read(tmp_path, activity(cadence=None, cycles=None))
    assert got.samples["steps"].null_count() == got.samples.height > 0
    assert got.samples["walking_s"].sum() == pytest.approx(600)


def test_a_record_every_seven_seconds_counts_alike(tmp_path: Path) -> None:
    got = read(tmp_path, activity(every=7, seconds=700, cycles=642))
    assert got.samples["steps"].sum() == pytest.approx(1284)


def test_hike_is_walking_and_swim_is_not(tmp_path: Path) -> None:
    assert read(tmp_path, activity(17)).samples["walking_s"].sum() == pytest.approx(600)
    swim = read(tmp_path, activity(5))
    assert swim.samples.is_empty()
    assert swim.skipped_counts == {"swimming activity": 1}


def test_an_activity_without_records_is_one_sample(tmp_path: Path) -> None:
    fit = fw.started(4, T0)
    fit.write(fw.SESSION, T0, T0, 1_800_000, 1_700_000, 200_000, 1500, 0, 0, fw.WALKING, 0)
    got = read(tmp_path, fit.finish())
    assert got.samples.select("start", "end", "steps", "distance_m").rows() == [
        (START, START + timedelta(minutes=30), 3000, 2000)
    ]


def test_of_two_sports_in_one_file_only_the_walk_counts(tmp_path: Path) -> None:
    fit = fw.started(4, T0)
    for at in range(1201):
        fit.write(
            fw.RECORD, T0 + at, None, None, at * 120, None, None, None, None, None, None,
            None, 55, None, None, None,
        )  # fmt: skip
    for start, sport in ((T0, fw.CYCLING), (T0 + 600, fw.WALKING)):
        fit.write(fw.SESSION, T0 + 1200, start, 600_000, 600_000, 72_000, 550, 0, 0, sport, 0)
    got = read(tmp_path, fit.finish())
    assert got.samples["start"][0] == START + timedelta(minutes=10)
    assert got.samples["steps"].sum() == pytest.approx(1100)
    assert got.skipped_counts == {"cycling activity": 1}


def test_files_chained_into_one(tmp_path: Path) -> None:
    later = activity(start=T0 + 3600)
    got = read(tmp_path, activity() + later)
    assert got.samples["steps"].sum() == pytest.approx(2200)


def test_big_endian_short_header_and_an_apps_own_fields(tmp_path: Path) -> None:
    record = fw.Message(20, ((253, "uint32"), (5, "uint32"), (4, "uint8")), True, developer=3)
    fit = fw.started(4, T0)
    fit.write(fw.SPORT, fw.WALKING, 0, b"Walk")
    for at in range(0, 601, 5):
        fit.write(record, T0 + at, at * 120, 55)
    got = read(tmp_path, fw.whole(bytes(fit.body), header=12))
    assert got.samples["steps"].to_list() == pytest.approx([110] * 10)
    assert got.samples["distance_m"].sum() == pytest.approx(720)


def test_times_of_five_bits(tmp_path: Path) -> None:
    # An old Edge's way: the low bits stand in the header, and go round every 32 seconds.
    fit = fw.FitWriter()
    record = fw.Message(20, ((5, "uint32"), (4, "uint8")))
    full = fw.Message(20, ((253, "uint32"), (5, "uint32"), (4, "uint8")))
    fit.write(full, T0, 0, 55)
    for at in range(20, 601, 20):
        fit.compressed(record, T0 + at, at * 120, 55)
    fit.write(fw.SPORT, fw.WALKING, 0, b"")
    got = read(tmp_path, fit.finish())
    assert got.samples["end"][-1] == START + timedelta(minutes=10)
    assert got.samples["steps"].sum() == pytest.approx(1100)


@pytest.mark.parametrize("at", [5, 0x0FFFFD00, fw.seconds(datetime(2110, 1, 1, tzinfo=UTC))])
def test_times_that_are_none(tmp_path: Path, at: int) -> None:
    got = read(tmp_path, activity(start=at))
    assert got.samples.is_empty()
    assert got.refused_counts["track point"] == 601


@pytest.mark.parametrize(
    ("maker", "product", "named", "name", "device"),
    [
        (1, 2431, b"", "Garmin Forerunner 235", "watch"),
        (1, 2713, b"", "Garmin edge 1030", "app"),
        (1, 65534, b"", "Garmin connect", "app"),
        (1, 64001, b"", "Garmin", "watch"),  # a product that is newer than the list
        (265, 102, b"Strava iPhone", "Strava iPhone", "phone"),
        (23, 42, b"Suunto 9", "Suunto 9", "watch"),
        (32, 31, b"ELEMNT BOLT", "Wahoo Fitness ELEMNT BOLT", "app"),
        (255, 1, b"Apple Watch", "Apple Watch", "watch"),
        (None, None, b"", "FIT", "app"),
    ],
)
def test_who_wrote_it(
    tmp_path: Path, maker: int | None, product: int | None, named: bytes, name: str, device: str
) -> None:
    fit = fw.FitWriter()
    fields = ((1, "uint16"), (2, "uint16"), (0, "enum"), (8, "string*20"))
    fit.write(fw.Message(0, fields), maker, product, 4, named)
    fit.write(fw.SESSION, T0, T0, 1_800_000, 1_700_000, 200_000, 1500, 0, 0, fw.WALKING, 0)
    got = read(tmp_path, fit.finish())
    assert got.samples.select("source", "device").rows() == [(name, device)]


# Whole days


def test_running_totals_become_intervals(tmp_path: Path) -> None:
    at = DAY0 + 8 * 3600
    got = read(
        tmp_path,
        monitoring(
            (at, fw.MONITORED_SITTING, 0),
            (at + 300, 6, 400),
            (at + 600, 6, 700),
            (at + 900, fw.MONITORED_SITTING, 0),
            (at + 960, 1, 150),
            (DAY0 + 86_400, 6, 700),
            (DAY0 + 86_400, 1, 150),
        ),
    )
    start = START - timedelta(hours=1)
    assert got.samples.select("start", "end", "steps").rows() == [
        (start, start + timedelta(minutes=5), 400),
        (start + timedelta(minutes=5), start + timedelta(minutes=10), 300),
        (start + timedelta(minutes=15), start + timedelta(minutes=16), 150),
    ]
    assert got.vendor_days.rows() == [(date(2024, 5, 1), 850, "Garmin fenix 5")]


def test_a_new_day_counts_from_its_own_midnight(tmp_path: Path) -> None:
    # Kathmandu, 5:45 ahead: the watch's day ends at 18:15 UTC.
    offset, end = 20_700, DAY0 + 86_400 - 20_700
    got = read(
        tmp_path,
        monitoring(
            (end - 3600, 6, 5000),
            (end, 6, 5100),
            (end + 6 * 3600, 6, 6000),
            first=end - 86_400,
            offset=offset,
        ),
        zone="Asia/Kathmandu",
    )
    assert got.vendor_days.rows() == [
        (date(2024, 5, 1), 5100, "Garmin fenix 5"),
        (date(2024, 5, 2), 6000, "Garmin fenix 5"),
    ]
    assert got.samples["steps"].to_list() == [5000, 100, 6000]
    assert got.samples["end"][1] == got.samples["start"][2]  # its first stretch is from midnight


def test_low_bits_of_the_time_go_round(tmp_path: Path) -> None:
    fit = fw.started(32, DAY0)
    fit.write(fw.MONITORING_INFO, DAY0, DAY0, 7560, 9720, 2042, 6, 1)
    for hour in range(1, 24):  # 65,536 s are 18 hours
        fit.write(fw.COUNTS_16, None, hour * 100, None, (DAY0 + hour * 3600) & 0xFFFF, None, 6)
        fit.write(fw.HEART_16, (DAY0 + hour * 3600 - 30) & 0xFFFF, 60)  # a little out of order
    got = read(tmp_path, fit.finish())
    hours = got.samples["end"].dt.hour().to_list()
    assert hours == list(range(1, 24))
    assert got.samples["steps"].to_list() == [100] * 23
    assert got.samples["end"].dt.date().n_unique() == 1


def test_a_watch_that_was_reset_counts_on(tmp_path: Path) -> None:
    at = DAY0 + 3600 * 10
    got = read(tmp_path, monitoring((at, 6, 4000), (at + 3600, 6, 300), (at + 7200, 6, 500)))
    assert got.samples["steps"].to_list() == [4000, 300, 200]


def test_a_total_a_little_lower_is_no_reset(tmp_path: Path) -> None:
    at = DAY0 + 3600 * 10
    got = read(tmp_path, monitoring((at, 6, 4000), (at + 60, 6, 3990), (at + 120, 6, 4010)))
    assert got.samples["steps"].sum() == 4010


def test_a_day_in_several_files_some_of_them_twice(tmp_path: Path) -> None:
    morning = monitoring((DAY0 + 8 * 3600, 6, 900), (DAY0 + 9 * 3600, 6, 2000))
    evening = monitoring((DAY0 + 9 * 3600, 6, 2000), (DAY0 + 20 * 3600, 6, 7000), first=DAY0 + 1)
    path = tmp_path / "days.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, content in (("b", evening), ("a", morning), ("c", evening)):
            file.writestr(f"GARMIN/MONITOR/{name}.FIT", content)
    got = imports.read(path)
    assert got.samples["steps"].to_list() == [900, 1100, 5000]
    assert got.vendor_days["steps"].to_list() == [7000]


def test_the_clock_goes_back_and_the_day_is_not_counted_twice(tmp_path: Path) -> None:
    """A file begun in summer time: its day ends an hour after what it says is midnight."""
    midnight = fw.seconds(datetime(2024, 10, 26, 22, tzinfo=UTC))  # Berlin
    stale = midnight + 86_400
    got = read(
        tmp_path,
        monitoring(
            (midnight + 12 * 3600, 6, 8000),
            (stale + 300, 6, 8200),
            (stale + 3600, 6, 8400),
            (stale + 3900, 6, 50),
            first=midnight,
            offset=7200,
        ),
        zone="Europe/Berlin",
    )
    local = pl.col("end").dt.convert_time_zone("Europe/Berlin") - timedelta(seconds=1)
    days = got.samples.group_by(local.dt.date().alias("day")).agg(pl.col("steps").sum())
    assert sorted(days.rows()) == [(date(2024, 10, 27), 8400), (date(2024, 10, 28), 50)]


def test_a_file_that_does_not_say_its_zone_is_read_in_the_walkers(tmp_path: Path) -> None:
    midnight = fw.seconds(datetime(2024, 4, 30, 22, tzinfo=UTC))
    content = monitoring((midnight + 600, 6, 100), first=midnight, info=False)
    got = read(tmp_path, content, zone="Europe/Berlin")
    assert got.vendor_days["date"].to_list() == [date(2024, 5, 1)]
    assert codes(got) == {"imports.no_zone": 1}


def test_resting_heart_rate(tmp_path: Path) -> None:
    fit = fw.started(32, DAY0)
    fit.write(fw.RESTING_HEART, DAY0 + 60, 55, 54)
    fit.write(fw.RESTING_HEART, DAY0 + 3600, 55, 53)
    got = read(tmp_path, fit.finish())
    assert got.measures.select("measure", "value").rows() == [("resting_heart_rate_bpm", 53)]


def test_a_walk_inside_a_days_counts_is_not_counted_on_top(tmp_path: Path) -> None:
    """Ten minutes at 110 a minute within a stretch of 15 minutes with 1,300 steps."""
    day = monitoring(
        (T0 - 180, fw.MONITORED_SITTING, 0), (T0 + 720, 6, 1300), (DAY0 + 86_400, 6, 1300)
    )
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("day.fit", day)
        file.writestr("walk.fit", activity())
    got = imports.read(path)
    merged = imports.merge(got.samples)
    assert merged["steps"].sum() == pytest.approx(1300)
    walk = merged.filter(pl.col("start").is_between(START, START + timedelta(minutes=9)))
    assert walk["steps"].to_list() == pytest.approx([110] * 10)
    assert imports.merge(got.samples, "walking_s")["walking_s"].sum() == pytest.approx(600)


@pytest.mark.parametrize("steps", [50, 800, 1100, 1101, 5000])
def test_a_day_comes_to_the_watchs_own_total_whatever_the_walk_has(
    tmp_path: Path, steps: int
) -> None:
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as file:
        counts = ((T0 - 180, 8, 0), (T0 + 240, 6, steps // 2), (T0 + 601, 6, steps))
        file.writestr("day.fit", monitoring(*counts))
        file.writestr("walk.fit", activity())
    got = imports.read(path)
    assert imports.merge(got.samples)["steps"].sum() == pytest.approx(steps)


def test_a_new_model_is_one_watch_though_few_of_its_files_name_it(tmp_path: Path) -> None:
    fields = ((3, "uint32z"), (1, "uint16"), (2, "uint16"), (0, "enum"), (8, "string*20"))
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as file:
        for number, named in enumerate((b"", b"Forerunner 975")):
            fit = fw.FitWriter()
            fit.write(fw.Message(0, fields), 4711, 1, 64001, 32, named)
            fit.write(fw.MONITORING_INFO, DAY0, DAY0, 7560, 9720, 2042, 6, 1)
            at = DAY0 + 3600 * (8 + number)
            fit.write(fw.COUNTS, at, None, 1000 + 500 * number, None, None, 6)
            file.writestr(f"{number}.fit", fit.finish())
    got = imports.read(path)
    assert got.samples["steps"].to_list() == [1000, 500]
    assert set(got.samples["source"]) == {"Garmin Forerunner 975"}


def test_the_same_walk_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("walk.fit", activity())
        file.writestr("walk (1).fit", activity())
    got = imports.read(path)
    assert got.samples["steps"].sum() == pytest.approx(1100)
    assert got.skipped_counts == {"activity that came twice": 1}


# Other kinds, damage, malice


def test_a_course_alone_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="course"):
        read(tmp_path, fw.started(6, T0).finish())


def test_other_kinds_in_a_zip_are_skipped_and_a_damaged_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.fit", fw.started(2, T0).finish())
        file.writestr("b.fit", activity()[:-400])
        file.writestr("c.fit", activity())
        file.writestr("notes.txt", "none")
    got = imports.read(path)
    assert got.samples["steps"].sum() == pytest.approx(1100)
    assert got.skipped_counts == {"FIT file: settings": 1, "file of another kind": 1}
    assert got.refused_counts == {"FIT file": 1}
    assert codes(got) == {"imports.refused.part": 1}


def test_a_zip_of_nothing_but_damaged_ones(tmp_path: Path) -> None:
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.fit", activity()[:-400])
        file.writestr("b.fit", activity()[:-1])
    with pytest.raises(UnreadableFile, match="breaks off"):
        imports.read(path)


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.9999])
def test_truncated(tmp_path: Path, share: float) -> None:
    content = activity()
    with pytest.raises(UnreadableFile, match=r"breaks off|nothing|no FIT"):
        read(tmp_path, content[: max(20, int(len(content) * share))])


def test_any_changed_byte_is_found(tmp_path: Path) -> None:
    content = bytearray(activity())
    content[2000] ^= 1
    with pytest.raises(UnreadableFile, match="checksum"):
        read(tmp_path, bytes(content))


@pytest.mark.parametrize("filling", [bytes(100), b"\xff" * 7])
def test_filling_after_the_end_is_passed_over(tmp_path: Path, filling: bytes) -> None:
    got = read(tmp_path, activity() + filling)
    assert got.samples["steps"].sum() == pytest.approx(1100)


def test_a_file_never_closed(tmp_path: Path) -> None:
    content = bytearray(activity())
    content[4:8] = bytes(4)
    with pytest.raises(UnreadableFile, match="never closed"):
        read(tmp_path, bytes(content))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\x05\x00", "doesn't define"),
        (b"\x40\x00\x00", "definition in it breaks off"),
        (b"\x40\x00\x00\x14\x00\xff" + bytes(30), "definition in it breaks off"),
        (b"\x60\x00\x00\x14\x00\x00", "definition in it breaks off"),
        (b"\x40\x00\x00\x14\x00\x01\xfd\x04\x86" + b"\x00\x01", "last message breaks off"),
        (b"\x40\x00\x00\x14\x00\x00" * 30_000, "defines more than"),
        (b"\x40\x00\x00\x14\x00\x00" + bytes(100_000), "more messages than"),
    ],
)
def test_hostile(tmp_path: Path, body: bytes, said: str) -> None:
    before = time.process_time()
    with pytest.raises(UnreadableFile, match=said):
        read(tmp_path, fw.whole(body))
    assert time.process_time() - before < 5


def test_more_sports_than_an_activity_has(tmp_path: Path) -> None:
    fit = fw.started(4, T0)
    for _ in range(20_000):
        fit.write(fw.SESSION, T0, T0, 1000, 1000, 100, 1, 0, 0, fw.WALKING, 0)
    with pytest.raises(UnreadableFile, match="sports"):
        read(tmp_path, fit.finish())


def test_more_files_in_one_than_anyone_chains(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="chained"):
        read(tmp_path, fw.started(2, T0).finish() * 600)


def test_many_messages_about_the_device_cost_no_time(tmp_path: Path) -> None:
    fit = fw.started(4, T0)
    body = bytearray(fit.body)
    body += bytes(fit.body[-fw.DEVICE_INFO.packing.size - 1 :]) * 500_000
    before = time.process_time()
    with_many = fit_format.messages_of(_whole(bytes(body)), tmp_path)
    assert with_many[0].count(23) == 500_001
    assert len(with_many[0].texts(23, 27)) == fit_format.MOST_TEXTS
    assert time.process_time() - before < 3


def _whole(body: bytes) -> bytes:
    """As `fit_writer.whole`, with the kernel's CRC: it is held against that in other tests."""
    from backstride.imports.fit import kernels as fit_kernels

    content = fw.whole(b"")[:4] + struct.pack("<I", len(body)) + b".FIT\0\0" + body
    crc = fit_kernels.checksum(np.frombuffer(content, np.uint8), 0, len(content))
    return content + struct.pack("<H", crc)


def test_a_size_that_is_a_lie(tmp_path: Path) -> None:
    content = bytearray(activity())
    content[4:8] = struct.pack("<I", 0xFFFFFFF0)
    with pytest.raises(UnreadableFile, match="breaks off"):
        read(tmp_path, bytes(content))


def test_far_places_and_huge_counts(tmp_path: Path) -> None:
    fit = fw.started(32, DAY0)
    fit.write(fw.MONITORING_INFO, DAY0, 5, 7560, 9720, 2042, 6, 1)  # a zone of decades
    fit.write(fw.COUNTS, DAY0 + 3600, 0xFFFFFFFE, 0xFFFFFFFE, None, None, 6)
    got = read(tmp_path, fit.finish())
    assert set(got.samples["flag"]) == {"more than anyone can walk in that time"}
    assert imports.merge(got.samples).is_empty()


def test_a_refused_part_is_named_once(tmp_path: Path) -> None:
    content = (REAL / "walk-fenix5.fit").read_bytes()
    path = tmp_path / "walks"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.fit", content)
        archive.writestr("b.fit", content[:-20])
    got = imports.read(path)
    (where,) = [each.where for each in got.notices if each.code == "imports.refused.part"]
    assert where.startswith("b.fit: the FIT file is damaged: it breaks off")
    assert path.name not in where


@given(
    name=st.sampled_from(["walk-fenix5", "monitoring-vivofit", "developer-data"]),
    changes=st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), max_size=12),
    cut=st.integers(0, 40),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(
    tmp_path: Path, name: str, changes: list[tuple[int, int]], cut: int
) -> None:
    content = (REAL / f"{name}.fit").read_bytes()
    body = bytearray(content[content[0] : -2])
    for at, value in changes:
        body[at % len(body)] = value
    path = tmp_path / "changed.fit"
    path.write_bytes(fw.whole(bytes(body[: len(body) - cut])))
    try:
        got = imports.read(path)
    except BackstrideError:
        return
    assert imports.merge(got.samples)["steps"].is_finite().all()
