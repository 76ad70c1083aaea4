"""Plain CSV: what the documentation promises, and errors that say where and what is expected."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride import imports, sample_data, sensors
from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.imports import plain_csv

BERLIN = "Europe/Berlin"


def read(tmp_path: Path, content: str | bytes, zone: str = BERLIN) -> imports.Imported:
    path = tmp_path / "table.dat"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert sensors.detect(path) is None  # the site asks there first
    assert imports.detect(path) == "csv"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def test_intervals_with_all_columns(tmp_path: Path) -> None:
    got = read(
        tmp_path,
        "start,end,steps,distance_m,walking_min,source,device\n"
        "2025-06-30T08:15+02:00,2025-06-30T08:25+02:00,1150,810,9.5,Anna's band,watch\n",
    )
    start = datetime(2025, 6, 30, 6, 15, tzinfo=UTC)
    end = start + timedelta(minutes=10)
    assert got.samples.rows() == [(start, end, 1150, 810, 570, "Anna's band", "watch", None)]
    assert codes(got) == {}
    assert got.read_counts == {"row": 1}


def test_any_order_case_separator_and_mark(tmp_path: Path) -> None:
    text = "\ufeffsep=;\r\nSteps;Minutes;Start;Note\r\n600;10;2025-06-30 08:15:00;to work\r\n"
    got = read(tmp_path, text)
    assert got.samples.select("start", "end", "steps", "source", "device").rows() == [
        (
            datetime(2025, 6, 30, 6, 15, tzinfo=UTC),
            datetime(2025, 6, 30, 6, 25, tzinfo=UTC),
            600,
            "CSV file",
            "app",
        )
    ]
    assert codes(got) == {"csv.columns": 1, "imports.no_zone": 1}


@pytest.mark.parametrize(
    ("day", "hours"), [("2025-03-30", 23), ("2025-10-26", 25), ("2025-07-01", 24)]
)
def test_days_are_the_walkers(tmp_path: Path, day: str, hours: int) -> None:
    row = read(tmp_path, f"date,steps\n{day},5000\n").samples.row(0, named=True)
    assert row["end"] - row["start"] == timedelta(hours=hours)
    assert row["flag"] is None


def test_real_table_of_days() -> None:
    got = imports.read(sample_data.path("daily-steps/participant8.csv"), zone=BERLIN)
    assert got.kind == "csv"
    table = pl.read_csv(sample_data.path("daily-steps/participant8.csv"))
    assert got.samples["steps"].to_list() == table["steps"].drop_nulls().to_list()
    assert got.skipped_counts == {"row without a number": table["steps"].null_count()}


BAD = (
    "start,end,minutes,date,steps\n"
    "2025-06-30T08:15Z,2025-06-30T08:25Z,,,100\n"
    "2025-06-30T08:15Z,08:25,,,100\n"  # 3
    "2025-06-30T08:15Z,,ten,,100\n"  # 4
    ",,,30.06.2025,100\n"  # 5
    '2025-06-30T08:15Z,2025-06-30T08:25Z,,,"1,150"\n'  # 6
    "2025-06-30T08:15Z,2025-06-30T08:05Z,,,100\n"  # 7
    "2025-06-30T08:15Z,2025-06-30T08:25Z,,,-3\n"  # 8
    "2025-06-30T08:15Z,2025-06-30T08:25Z,,,inf\n"  # 9
    "1601-06-30T08:15Z,1601-06-30T08:25Z,,,3\n"  # 10
    "2300-06-30T08:15Z,2300-06-30T08:25Z,,,3\n"  # 11
    ",,,,100\n"  # 12
)


def test_bad_rows_are_refused_and_told(tmp_path: Path) -> None:
    got = read(tmp_path, BAD)
    assert got.read_counts == {"row": 1}
    assert got.refused_counts == {"row": 10}
    told = {notice.code.rsplit(".", 1)[-1]: (notice.count, notice.where) for notice in got.notices}
    assert told == {
        "date": (4, "line 3, column end: “08:25” where such as 2025-06-30T08:25+02:00 is expected"),
        "value": (2, "line 6, column steps: “1,150” where such as 1200 is expected"),
        "span": (1, "line 7"),
        "negative": (1, "line 8"),
        "era": (2, "line 10"),
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("start,minutes,steps\n2025-06-30T08:15Z,ten,1\n", "column minutes: “ten”"),
        ("date,steps\n30.06.2025,1\n", "column date: “30.06.2025” where such as 2025-06-30"),
        ("start,end,steps\nnow,2025-06-30T08:15Z,1\n", "column start: “now”"),
        ("date,walking_min\n2025-06-30,an hour\n", "line 2, column walking_min: “an hour”"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, row: str, said: str) -> None:
    (notice,) = read(tmp_path, row).notices
    assert said in notice.where


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("start,steps", "neither “end” nor “minutes”"),
        ("date,steps,Steps", "names “steps” twice"),
        ("date,steps,steps", "names “steps” twice"),
    ],
)
def test_header_that_lacks_something(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as caught:
        read(tmp_path, f"{header}\n2025-06-30T08:15Z,1,1\n")
    assert "start,minutes,steps" in caught.value.hint


@pytest.mark.parametrize("text", ["date,pain\n2025-06-30,3\n", "steps\n5\n", "a,b\n", "date;x\n"])
def test_other_tables_are_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    assert imports.detect(path) is None
    with pytest.raises(UnsupportedFormat):
        imports.read(path)


def test_acceleration_is_left_to_the_sensors(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("time,x,y,z\n" + "2025-06-30T08:15:00Z,0,0,1\n" * 9)
    assert sensors.detect(path) == "csv"
    assert imports.detect(path) is None


def test_more_walking_than_time_is_not_counted(tmp_path: Path) -> None:
    got = read(tmp_path, "start,minutes,walking_min\n2025-06-30T08:00Z,10,1e9\n")
    assert codes(got) == {"imports.flagged.too_many": 1}
    assert imports.merge(got.samples, "walking_s").is_empty()


def test_typed_in_rows_and_strange_devices(tmp_path: Path) -> None:
    got = read(
        tmp_path,
        "date,steps,device\n2025-06-30,100,Manual\n2025-07-01,100,toaster\n2025-07-02,9,\n",
    )
    assert got.samples.select("device", "flag").rows() == [
        ("manual", "entered by hand"),
        ("app", None),
        ("app", None),
    ]
    assert codes(got) == {"csv.device": 1, "imports.flagged.manual": 1}


def test_many_rows_without_a_number_between_bad_ones(tmp_path: Path) -> None:
    """Polars reads so many in pieces, and panicked on the pieces of which no row was left."""
    row = "2025-06-30T08:15Z,2025-06-30T08:25Z"
    got = read(tmp_path, f"start,end,steps\n{row},1150\n" + "0\n" * 60_000 + f"0-{row},5\n")
    assert got.samples["steps"].to_list() == [1150]
    assert got.skipped_counts == {"row without a number": 60_000}
    assert got.refused_counts == {"row": 1}


def test_more_rows_than_a_person_can_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_csv, "MAX_ROWS", 2)
    with pytest.raises(UnreadableFile, match="more than 2 rows"):
        read(tmp_path, "date,steps\n" + "2025-06-30,1\n" * 3)


def test_header_of_endless_columns_is_refused(tmp_path: Path) -> None:
    """Each line is filled up to the header: 4,000 columns of 20,000 lines take 1.3 GB."""
    text = "date,steps" + ",x" * 4_000 + "\n" + "2025-06-30,1\n" * 20_000
    path = tmp_path / "wide"
    path.write_text(text)
    tracemalloc.start()
    with pytest.raises(UnsupportedFormat):  # a longer header than a person's
        imports.read(path)
    path.write_text(text.replace(",x" * 4_000, "," * 3_500))
    with pytest.raises(UnreadableFile, match="too many cells"):
        imports.read(path)
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    got = read(tmp_path, "date,steps,source\n2025-06-30,100,Käthe\n".encode("latin-1"))
    assert got.samples["steps"].to_list() == [100]


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(1991, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001
            st.integers(0, 600),
            st.integers(0, 2000),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[datetime, int, int]]
) -> None:
    lines = [f"{at.isoformat()}Z,{minutes},{steps}" for at, minutes, steps in rows]
    text = "\n".join(["start,minutes,steps", *lines])
    got = read(tmp_path_factory.mktemp("c"), text).samples
    wanted = sorted(
        (at.replace(tzinfo=UTC), at.replace(tzinfo=UTC) + timedelta(minutes=m), float(n))
        for at, m, n in rows
    )
    assert sorted(got.select("start", "end", "steps").rows()) == wanted
