"""Text and Parquet tables: units, times, irregular rates, gaps, bad rows, hostile files."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.errors import BackstrideError, UnreadableFile, UnsupportedFormat
from backstride.records import Notices
from backstride.sensors import detect, open_recording
from backstride.sensors.columns import find_columns
from backstride.sensors.regular import Regular, estimate_rate_hz
from real_recordings import phone_walk

EPOCH_S = 1_772_442_000.0  # 2026-03-02T09:00:00Z
LATER = timedelta(seconds=0.02)


def rows(times, scale: float = 1.0, n: int = 500) -> str:
    return "".join(
        f"{t},{0.1 * scale:.4f},{0.2 * scale:.4f},{(0.97 + 0.001 * (i % 3)) * scale:.4f}\n"
        for i, t in zip(range(n), times, strict=False)
    )


def clock(form, n: int = 500):
    start = datetime.fromtimestamp(EPOCH_S, UTC)
    return [form(start + i * LATER) for i in range(n)]


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path: Path, zone: str = "UTC"):
    recording = open_recording(path, zone=zone)
    blocks = list(recording.blocks())
    return blocks, {n.code: n for n in recording.notices}


def seconds(n: int = 500):
    return [round(i * 0.02, 3) for i in range(n)]


@pytest.mark.parametrize(("scale", "name"), [(1.0, "g"), (9.80665, "m/s²"), (1000.0, "milli-g")])
def test_the_unit_is_found_from_gravity_and_said(tmp_path: Path, scale: float, name: str) -> None:
    path = write(tmp_path / "x.csv", "time,x,y,z\n" + rows(seconds(), scale))
    blocks, notices = read(path)
    assert np.linalg.norm(blocks[0].acc, axis=1).mean() == pytest.approx(0.997, abs=0.01)
    assert f"in {name}:" in notices["unit.detected"].text


def test_the_headers_unit_wins(tmp_path: Path) -> None:
    header = '"Time (s)","Acceleration x (m/s^2)","Acceleration y (m/s^2)","Acceleration z (m/s^2)"'
    blocks, notices = read(write(tmp_path / "x.csv", header + "\n" + rows(seconds(), 9.80665)))
    assert blocks[0].acc[:, 2].mean() == pytest.approx(0.971, abs=0.002)
    assert "as the header says" in notices["unit.header"].text


def test_acceleration_without_gravity_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "time,x,y,z\n" + rows(seconds(), 0.05))
    with pytest.raises(UnreadableFile, match=r"includes gravity"):
        read(path)


@pytest.mark.parametrize(
    "form",
    [
        lambda t: f"{t.timestamp():.3f}",
        lambda t: f"{t.timestamp() * 1e3:.0f}",
        lambda t: f"{t.timestamp() * 1e6:.0f}",
        lambda t: f"{int(t.timestamp() * 1e3)}000000",
        lambda t: t.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        lambda t: t.strftime("%Y-%m-%d %H:%M:%S.%f+00:00"),
        lambda t: (t + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S.%f +0100"),
    ],
)
def test_points_in_time_need_no_zone(tmp_path: Path, form) -> None:
    path = write(tmp_path / "x.csv", "timestamp,x,y,z\n" + rows(clock(form)))
    blocks, notices = read(path, "America/New_York")
    assert len(blocks) == 1
    assert abs(blocks[0].start_utc.timestamp() - EPOCH_S) < 0.001
    assert blocks[0].fs_hz == pytest.approx(50.0, rel=1e-3)
    assert not {"time.without_zone", "time.no_start"} & set(notices)


def test_local_times_are_read_in_the_zone_and_that_is_said(tmp_path: Path) -> None:
    text = "time,x,y,z\n" + rows(clock(lambda t: t.strftime("%Y-%m-%d %H:%M:%S.%f")))
    blocks, notices = read(write(tmp_path / "x.csv", text), "Europe/Berlin")
    assert blocks[0].start_utc.timestamp() == pytest.approx(EPOCH_S - 3600)
    assert "Europe/Berlin" in notices["time.without_zone"].text


def test_seconds_from_the_start_begin_at_a_date_nobody_takes_for_real(tmp_path: Path) -> None:
    blocks, notices = read(write(tmp_path / "x.csv", "t_s,x,y,z\n" + rows(seconds())))
    assert blocks[0].start_utc == datetime(2000, 1, 1, tzinfo=UTC)
    assert "time.no_start" in notices


def test_gaps_stay_gaps_and_bad_rows_are_counted(tmp_path: Path) -> None:
    times = [t + (5 if t >= 4 else 0) for t in seconds()]
    lines = rows(times).splitlines()
    lines[9] = "0.18,nan,0,1"
    lines[20] = "0.4,1,2"
    lines[30] = "rubbish,0,0,1"
    lines[40] = "0.8,0,0,1e99"
    lines[50] = ""
    blocks, notices = read(write(tmp_path / "x.csv", "time,x,y,z\r\n" + "\r\n".join(lines)))
    assert notices["row.bad"].count == 5
    assert notices["row.bad"].where == "line 11"
    pairs = pairwise(blocks)
    gaps_s = [(b.start_utc - a.end_utc).total_seconds() for a, b in pairs]
    assert [g for g in gaps_s if g > 1e-3] == [pytest.approx(5.0, abs=0.05)]


def test_semicolons_decimal_commas_and_no_header(tmp_path: Path) -> None:
    text = rows(clock(lambda t: f"{t.timestamp():.2f}")).replace(",", ";").replace(".", ",")
    blocks, notices = read(write(tmp_path / "x.csv", text))
    assert "csv.no_header" in notices
    assert sum(len(b.acc) for b in blocks) == pytest.approx(500, abs=1)


def test_small_chunks_give_the_same(tmp_path: Path, monkeypatch) -> None:
    path = write(tmp_path / "x.csv", "time,x,y,z\n" + rows(seconds(2000), n=2000))
    whole, _ = read(path)
    monkeypatch.setattr("backstride.sensors.delimited.CHUNK_BYTES", 3000)
    parts, _ = read(path)
    assert len(parts) > 5
    np.testing.assert_allclose(
        np.concatenate([b.acc for b in parts]),
        np.concatenate([b.acc for b in whole]),
        atol=1e-6,
    )


def test_parquet_and_csv_of_one_walk_agree(tmp_path: Path) -> None:
    path, _ = phone_walk("Pixel_Jamie_Hard_FrontPocket_1")
    as_text = tmp_path / "walk.csv"
    pl.read_parquet(path).write_csv(as_text)
    (one,), _ = read(path)
    (other,), _ = read(as_text)
    assert one.fs_hz == pytest.approx(other.fs_hz)
    np.testing.assert_allclose(one.acc, other.acc, atol=1e-5)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02\x03" * 1000,
        b"PK\x03\x04" + b"x" * 100,
        b"hello, world\n",
        b"date,steps\n2026-01-01,5000\n",
        b"{}",
        b"PAR1" + b"\x00" * 100,
        b"PAR1",
        b"MD",
        b"MD\xfc\x03",
        b"time,x,y,z\n",
        b"time,x,y,z\na,b,c,d\n",
        b"time,x,y,z\n1,2,3\n",
        b"time,x,y,z\n" + b"9" * 100_000,
        b"time,x,y,z\n0,0,0,1\n60,0,0,1\n120,0,0,1\n",
        b"time,x,y,z\n" + b"\n" * 1000,
        b"\xff\xfe" + "time,x,y,z\n1,2,3,4\n".encode("utf-16-le"),
    ],
)
def test_wrong_files_are_errors_for_people(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path / "x.csv", content)
    with pytest.raises(BackstrideError) as caught:
        read(path)
    assert "x.csv" in str(caught.value)


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as file:
        file.write(("time,x,y,z\n" + rows(seconds())).encode())
        for _ in range(40):
            file.write(b"9" * (1 << 20))
    with pytest.raises(UnreadableFile, match="without end"):
        read(path)


def test_unsupported_says_what_is_read(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormat, match="Axivity"):
        open_recording(write(tmp_path / "x.cwa", b"hello"))


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    assert detect(write(tmp_path / "x.cwa", "time,x,y,z\n1,2,3,4\n")) == "csv"
    assert detect(write(tmp_path / "y.csv", b"PK\x03\x04")) is None


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("time,x,y,z", None),
        ("Timestamp,accel_x,accel_y,accel_z", None),
        ("time,seconds_elapsed,z,y,x", None),
        ("t_s,ax_g,ay_g,az_g", "g"),
        ("Time,X [mg],Y [mg],Z [mg]", "mg"),
        ("datetime,acc_x (m/s²),acc_y (m/s²),acc_z (m/s²)", "m/s2"),
        ("date_time,Accelerometer X,Accelerometer Y,Accelerometer Z", None),
    ],
)
def test_common_headers_are_known(header: str, unit: str | None) -> None:
    names = header.split(",")
    columns = find_columns(names)
    assert columns is not None
    assert columns.time == 0
    axes = [columns.names[1 + i].lower() for i in range(3)]
    assert ["xyz"[i] in name.removeprefix("accelerometer") for i, name in enumerate(axes)]
    assert columns.unit == unit
    assert len(set(columns.axes)) == 3


def test_the_usual_rate_ignores_what_is_missing() -> None:
    t = np.delete(np.arange(1000) / 100, slice(300, 600))
    assert estimate_rate_hz(t) == pytest.approx(100)


@given(st.lists(st.floats(0.004, 0.03), min_size=50, max_size=300), st.integers(1, 49))
def test_irregular_samples_keep_their_time_and_shape(steps: list[float], at: int) -> None:
    t = 1e9 + np.cumsum(steps)
    acc = np.column_stack([t - 1e9, 2 * (t - 1e9), 0 * t]).astype(np.float32)  # linear in time
    regular = Regular(100.0, Notices())
    blocks = [
        *regular.push(t[:at], acc[:at], "a"),
        *regular.push(t[at:], acc[at:], "b"),
    ]
    for block in blocks:
        own = block.start_utc.timestamp() - 1e9 + np.arange(len(block.acc)) / 100.0
        np.testing.assert_allclose(block.acc[:, 0], own, atol=1e-5)
    total = sum(len(b.acc) for b in blocks)
    assert total == int(np.floor((t[-1] - t[0]) * 100 + 1e-6)) + 1
