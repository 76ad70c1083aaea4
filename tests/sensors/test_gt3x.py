"""ActiGraph files, against another reader's samples, and made ones with every feature."""

from __future__ import annotations

import gzip
import io
import struct
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.errors import BackstrideError, UnreadableFile, UnsupportedFormat
from backstride.sensors import detect, open_recording
from backstride.sensors import gt3x_format as fmt
from device_files import (
    START_S,
    activity,
    activity2,
    counts,
    gt3x,
    info,
    log,
    parameters,
    record,
)
from real_recordings import START


def read(path: Path, zone: str = "UTC"):
    recording = open_recording(path, zone=zone)
    blocks = list(recording.blocks())
    return recording, blocks, {n.code: n for n in recording.notices}


def joined(blocks) -> np.ndarray:
    return np.concatenate([b.acc for b in blocks])


def offsets_s(blocks) -> list[tuple[float, float]]:
    """Where the blocks begin and end, in seconds from the start."""
    return [
        tuple(round((t - START).total_seconds(), 4) for t in (b.start_utc, b.end_utc))
        for b in blocks
    ]


@pytest.mark.shared_data
def test_every_sample_is_as_actilife_exports_it(shared_data: Path) -> None:
    folder = shared_data / "device-files"
    recording, blocks, notices = read(folder / "actigraph-100hz.gt3x")
    rows = gzip.decompress((folder / "actigraph-100hz.expected.csv.gz").read_bytes())
    expected = np.loadtxt(io.BytesIO(rows), delimiter=",", skiprows=11)
    start = datetime(2019, 9, 17, 22, 40, tzinfo=UTC)  # 18:40 at -04:00
    seen = np.zeros(len(expected), dtype=bool)
    for block in blocks:
        at = round((block.start_utc - start).total_seconds() * 100)
        seen[at : at + len(block.acc)] = True
        # It rounds to three places.
        np.testing.assert_allclose(block.acc, expected[at : at + len(block.acc)], atol=5.1e-4)
    assert seen.sum() == 33_000
    # What we leave as gaps, it fills with the last value or with zeros.
    filled = np.flatnonzero(~seen)
    same = (expected[filled] == expected[filled - 1]).all(axis=1)
    assert (same | (expected[filled] == 0).all(axis=1)).all()
    assert recording.device == "ActiGraph Link TAS1H30182785"
    assert recording.worn
    assert notices["gt3x.idle_sleep"].count == 6


def test_the_packed_example_of_the_documentation() -> None:
    row = np.frombuffer(bytes.fromhex("006008EBD007009EBF007008EBF0"), np.uint8)[None]
    acc = fmt.decode(fmt.ACTIVITY, row, 341.0)[0]
    yxz = [[0.018, 0.023, -0.947], [0.021, 0.026, -0.941], [0.021, 0.023, -0.941]]
    np.testing.assert_allclose(acc[:, [1, 0, 2]], yxz, atol=6e-4)


def test_the_parameters_example_of_the_documentation() -> None:
    payload = bytes.fromhex("0000370000004009010002001401000000003100 0000400C")
    assert fmt.read_parameters(payload) == (256.0, True)


@given(st.lists(st.tuples(*[st.integers(-2048, 2047)] * 3), min_size=1, max_size=101))
def test_packed_samples_come_back(values: list[tuple[int, int, int]]) -> None:
    row = np.frombuffer(activity(np.array(values)), np.uint8)[None]
    assert row.shape[1] == fmt.payload_bytes(fmt.ACTIVITY, len(values))
    acc = fmt.decode(fmt.ACTIVITY, row, 341.0)[0]
    np.testing.assert_allclose(acc * 341, values, atol=1e-3)


@given(st.binary(min_size=1, max_size=300), st.integers(0, 8))
def test_checksums_tell_damage(payload: bytes, at: int) -> None:
    whole = record(0x1A, START_S, payload)
    found = fmt.Found(0x1A, START_S, len(payload), 0)
    assert fmt.payloads(whole, [found])[1].all()
    damaged = bytearray(whole)
    damaged[at % len(whole)] ^= 0x40
    assert not fmt.payloads(bytes(damaged), [found])[1].any()


@pytest.mark.parametrize("rate", [30, 40, 50, 60, 70, 80, 90, 100])
@pytest.mark.parametrize("kind", [fmt.ACTIVITY, fmt.ACTIVITY2])
def test_both_generations_at_all_rates(tmp_path: Path, rate: int, kind: int) -> None:
    values = counts(12, rate)
    path = gt3x(tmp_path / "x.gt3x", log(values, rate, kind=kind), info(rate))
    recording, blocks, notices = read(path)
    assert detect(path) == "gt3x"
    assert recording.fs_hz == rate
    assert offsets_s(blocks) == [(0.0, 12.0)]
    np.testing.assert_allclose(joined(blocks), values / 256, atol=1e-6)
    assert set(notices) == {"gt3x.clock_without_zone"}


@pytest.mark.parametrize(
    ("serial", "more", "head", "per_g"),
    [
        ("NEO1C16110020", "", b"", 341),
        ("CLE2B20130000", "", b"", 341),
        ("MOS2A00000000", "", b"", 256),
        ("NEO1C16110020", "Acceleration Scale: 300.0\n", b"", 300),
        ("TAS1H30182785", "Acceleration Scale: 256.0\n", parameters(331.5), 331.5),
        ("TAS1H30182785", "Acceleration Scale: 0.0\n", b"", 256),
        ("TAS1H30182785", "Acceleration Scale: 1e99\n", parameters(2e-9), 256),
    ],
)
def test_the_scale_is_the_parameters_then_the_infos_then_the_devices(
    tmp_path: Path, serial: str, more: str, head: bytes, per_g: float
) -> None:
    values = counts(3, 100)
    head = record(fmt.PARAMETERS, START_S, head) if head else b""
    path = gt3x(tmp_path / "x.gt3x", log(values, 100, head=head), info(100, serial, more=more))
    _, blocks, _ = read(path)
    np.testing.assert_allclose(joined(blocks), values / per_g, rtol=1e-5)


def test_the_infos_time_zone_counts_and_else_the_given_one(tmp_path: Path) -> None:
    values = counts(3, 100)
    known = gt3x(tmp_path / "a.gt3x", log(values, 100), info(more="TimeZone: -04:00:00\n"))
    _, blocks, notices = read(known, "Asia/Tokyo")
    assert blocks[0].start_utc == START + timedelta(hours=4)
    assert not notices
    _, blocks, notices = read(gt3x(tmp_path / "b.gt3x", log(values, 100)), "Asia/Tokyo")
    assert blocks[0].start_utc == START - timedelta(hours=9)
    assert "Asia/Tokyo" in notices["gt3x.clock_without_zone"].text


def test_idle_sleep_stays_a_gap_and_is_said(tmp_path: Path) -> None:
    head = record(fmt.PARAMETERS, START_S, parameters(256, features=4))
    data = log(counts(6, 100), 100, [0, 1, 2, 60, 61, 900], head=head)
    _, blocks, notices = read(gt3x(tmp_path / "x.gt3x", data))
    assert offsets_s(blocks) == [(0, 3), (60, 62), (900, 901)]
    assert notices["gt3x.idle_sleep"].count == 2
    assert notices["gt3x.idle_sleep"].where.startswith("2026-03-02 09:00:03")


def test_other_records_usb_events_and_zeros_between_are_passed_over(tmp_path: Path) -> None:
    values = counts(4, 100)
    parts = values.reshape(4, 100, 3)
    data = b"".join(
        record(0x06, START_S, b'{"Parsed":false}')
        + record(0x1A, START_S + s, activity2(part))
        + record(0x02, START_S + s, b"\x10\x10")
        + bytes(s)
        + record(0x1A, START_S + s, b"\x01")
        + record(0x05, START_S + s, b"\x1e\x1e")
        for s, part in enumerate(parts)
    )
    _, blocks, notices = read(gt3x(tmp_path / "x.gt3x", data))
    np.testing.assert_allclose(joined(blocks), values / 256, atol=1e-6)
    assert set(notices) == {"gt3x.clock_without_zone"}


def test_damage_is_counted_with_its_place_and_is_a_gap(tmp_path: Path) -> None:
    values = counts(10, 100)
    parts = [record(0x1A, START_S + s, activity2(p)) for s, p in enumerate(values.reshape(10, -1))]
    size = len(parts[0])
    flipped = bytearray(parts[2])
    flipped[300] ^= 0x10
    parts[2] = bytes(flipped)  # a wrong checksum
    parts[5] = parts[5][:200]  # the rest of it is lost
    parts[7] = parts[7][:6] + b"\xff\xff" + parts[7][8:]  # a lying size
    _, blocks, notices = read(gt3x(tmp_path / "x.gt3x", b"".join(parts)))
    assert offsets_s(blocks) == [(0, 2), (3, 5), (6, 7), (8, 10)]
    assert notices["gt3x.bad_checksum"].count == 1
    assert notices["gt3x.bad_checksum"].where == f"byte {2 * size:,}"
    assert notices["gt3x.damaged"].count == 2
    assert notices["gt3x.damaged"].where == f"byte {5 * size:,}"


def test_a_sound_record_before_rubbish_is_kept(tmp_path: Path) -> None:
    values = counts(2, 100)
    first, second = (
        record(0x1A, START_S + s, activity2(p)) for s, p in enumerate(np.split(values, 2))
    )
    _, blocks, notices = read(gt3x(tmp_path / "x.gt3x", first + b"\x77" * 50 + second))
    np.testing.assert_allclose(joined(blocks), values / 256, atol=1e-6)
    assert notices["gt3x.damaged"].where == f"byte {len(first)}"


def test_odd_sizes_and_a_clock_set_back_are_left_out(tmp_path: Path) -> None:
    part = counts(1, 100)
    data = b"".join(
        [
            record(0x1A, START_S, activity2(part)),
            record(0x1A, START_S + 1, activity2(part)[:-2]),  # not whole samples
            record(0x1A, START_S + 2, activity2(np.tile(part, (2, 1)))),  # two seconds in one
            record(0x1A, START_S + 3, activity2(part[:40])),  # less than a second
            record(0x1A, START_S + 4, activity2(part)),
            record(0x1A, START_S + 2, activity2(part)),
            record(0x1A, START_S + 4, activity2(part)),
            record(0x1A, 5, activity2(part)),
            record(0x1A, START_S + 5, activity2(part)),
        ]
    )
    _, blocks, notices = read(gt3x(tmp_path / "x.gt3x", data))
    assert offsets_s(blocks) == [(0, 1), (3, 3.4), (4, 6)]
    assert notices["gt3x.odd_size"].count == 2
    assert notices["gt3x.clock_backwards"].count == 3


def test_seconds_that_are_not_full_do_not_run_together(tmp_path: Path) -> None:
    parts = counts(3, 100).reshape(3, 100, 3)[:, :40]
    data = b"".join(record(0x1A, START_S + s, activity2(part)) for s, part in enumerate(parts))
    _, blocks, _ = read(gt3x(tmp_path / "x.gt3x", data))
    assert offsets_s(blocks) == [(0, 0.4), (1, 1.4), (2, 2.4)]


def test_small_pieces_give_the_same(tmp_path: Path, monkeypatch) -> None:
    values = counts(60, 30)
    path = gt3x(tmp_path / "x.gt3x", log(values, 30, kind=fmt.ACTIVITY), info(30))
    whole = read(path)[1]
    monkeypatch.setattr("backstride.sensors.archive.CHUNK_BYTES", 1000)
    monkeypatch.setattr("backstride.sensors.archive.PART_BYTES", 300)
    parts = read(path)[1]
    assert len(parts) > 5
    np.testing.assert_array_equal(joined(parts), joined(whole))
    for before, after in pairwise(parts):
        assert before.end_utc == after.start_utc


def test_the_stream_of_old_devices(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("backstride.sensors.archive.CHUNK_BYTES", 1000)
    monkeypatch.setattr("backstride.sensors.archive.PART_BYTES", 300)
    values = counts(21, 30, 341)[:-1]  # an odd number of samples
    about = info(30, "NEO1C16110020", "GT3XPlus")
    path = gt3x(tmp_path / "x.gt3x", activity(values), about, "activity.bin")
    _, blocks, _ = read(path)
    np.testing.assert_allclose(joined(blocks), values / 341, atol=1e-6)
    assert blocks[0].start_utc == START
    assert offsets_s(blocks)[-1][1] == round(len(values) / 30, 4)


def test_damage_of_a_stream_without_checksums_is_told_by_the_zips(tmp_path: Path) -> None:
    data = activity(counts(20, 30, 341))
    path = gt3x(tmp_path / "x.gt3x", data, info(30, "NEO1C16110020"), "activity.bin")
    assert "gt3x.damaged_zip" not in read(path)[2]
    raw = bytearray(path.read_bytes())
    raw[raw.find(data) + 1000] ^= 0x08
    path.write_bytes(raw)
    _, blocks, notices = read(path)
    assert sum(len(b.acc) for b in blocks) == 600
    assert "gt3x.damaged_zip" in notices


def test_a_long_log_takes_no_more_memory(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("backstride.sensors.archive.CHUNK_BYTES", 1 << 16)
    peaks = []
    for minutes in (60, 240):
        values = np.tile(counts(60, 30), (minutes, 1))
        data = log(values, 30)
        path = gt3x(tmp_path / "x.gt3x", data, info(30), packing=zipfile.ZIP_DEFLATED)
        tracemalloc.start()
        samples = sum(len(block.acc) for block in open_recording(path).blocks())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert samples == len(values)
    assert peaks[1] < 1.3 * peaks[0]


def test_a_zip_bomb_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.gt3x"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("info.txt", info())
        with archive.open("log.bin", "w", force_zip64=False) as member:
            for _ in range(64):
                member.write(bytes(1 << 20))
    with pytest.raises(UnreadableFile, match="would unpack to 67,108,864 bytes"):
        read(path)


def test_a_lying_size_gives_no_more_than_it_says(tmp_path: Path) -> None:
    values = counts(30, 100)
    path = gt3x(tmp_path / "x.gt3x", log(values, 100), packing=zipfile.ZIP_DEFLATED)
    raw = bytearray(path.read_bytes())
    at = raw.rfind(b"log.bin") - 46
    struct.pack_into("<I", raw, at + 24, 10 * 609 + 5)
    path.write_bytes(raw)
    _, blocks, notices = read(path)
    assert sum(len(b.acc) for b in blocks) == 1000
    assert {"gt3x.damaged", "gt3x.damaged_zip"} & set(notices)


@pytest.mark.parametrize(
    "names",
    [
        ["info.txt"],
        ["log.bin"],
        ["sub/info.txt", "sub/log.bin"],
        ["../info.txt", "../log.bin"],
        ["info.txt", "log.bin", "log.bin"],
        ["x.gt3x"],
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_zips_of_other_members_are_refused(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "x.gt3x"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme", "hello")
        for name in names:
            archive.writestr(name, info() if name.endswith("txt") else log(counts(2, 100), 100))
    with pytest.raises(UnsupportedFormat, match="ActiGraph"):
        read(path)


def test_a_directory_that_would_fill_the_memory_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.gt3x"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("info.txt", info())
        archive.writestr("log.bin", log(counts(2, 100), 100))
        for n in range(2000):
            archive.writestr(f"{n}-{'x' * 40}", b"")
    with pytest.raises(BackstrideError):
        read(path)


@pytest.mark.parametrize(
    ("about", "data", "what"),
    [
        (info("30 to 100"), None, "sample rate"),
        (info(0), None, "sample rate"),
        (info(99999), None, "sample rate"),
        ("", None, "sample rate"),
        (None, b"", "no sound activity"),
        (None, b"\x00" * 5000, "no sound activity"),
        (None, b"\x1e" * 5000, "no sound activity"),
        (None, b"rubbish" * 500, "no sound activity"),
    ],
)
def test_what_holds_nothing_is_refused(tmp_path: Path, about, data, what: str) -> None:
    data = log(counts(2, 100), 100) if data is None else data
    with pytest.raises(UnreadableFile, match=what):
        read(gt3x(tmp_path / "x.gt3x", data, about))


def test_rubbish_without_end_is_given_up(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("backstride.sensors.gt3x.MOST_LOST", 100)
    rubbish = b"\x01" + record(0x1A, START_S, activity2(counts(1, 100)), damage=1)[:400]
    with pytest.raises(UnreadableFile, match="more than 100 places"):
        read(gt3x(tmp_path / "x.gt3x", rubbish * 200))


def test_a_cut_download_says_so(tmp_path: Path) -> None:
    path = gt3x(tmp_path / "x.gt3x", log(counts(20, 100), 100))
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(UnreadableFile, match="breaks off"):
        read(path)


def test_a_locked_zip_is_an_error_for_people(tmp_path: Path) -> None:
    path = gt3x(tmp_path / "x.gt3x", log(counts(2, 100), 100))
    raw = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := raw.find(mark, at + 1)) >= 0:
            raw[at + flags] |= 1
    path.write_bytes(raw)
    with pytest.raises(BackstrideError):
        read(path)
