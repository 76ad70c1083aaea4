"""Axivity files, against another reader's samples and against damage of every kind."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.errors import BackstrideError, UnreadableFile
from backstride.sensors import cwa_format as fmt
from backstride.sensors import open_recording
from real_recordings import AX3_200, AX3_610, AX3_CORRUPT, AX6


def read(path: Path, zone: str = "UTC"):
    recording = open_recording(path, zone=zone)
    blocks = list(recording.blocks())
    return recording, blocks, {n.code: n for n in recording.notices}


def times_s(blocks) -> np.ndarray:
    return np.concatenate(
        [b.start_utc.timestamp() + np.arange(len(b.acc)) / b.fs_hz for b in blocks]
    )


@pytest.mark.parametrize(("path", "samples"), [(AX3_200, 58_800), (AX6, 10_360)])
def test_every_sample_is_as_another_reader_read_it(path: Path, samples: int) -> None:
    _, blocks, _ = read(path)
    expected = np.load(path.with_suffix(".expected.npz"))
    acc = np.concatenate([b.acc for b in blocks])
    assert acc.dtype == np.float32
    assert len(acc) == samples
    np.testing.assert_allclose(acc, expected["accel"], atol=1e-6)
    # The other reader times each sector by its own mark, which is good to some samples.
    assert np.abs(times_s(blocks) - expected["time"]).max() < 0.07


def test_the_rate_is_measured_against_the_devices_clock() -> None:
    recording, blocks, _ = read(AX3_610)
    assert recording.fs_hz == 100.0
    assert blocks[0].fs_hz == pytest.approx(98.52, abs=0.02)
    assert (blocks[-1].end_utc - blocks[0].start_utc).total_seconds() == pytest.approx(724.7, 0.01)


def test_damaged_sectors_are_counted_and_leave_a_gap() -> None:
    _, blocks, notices = read(AX3_CORRUPT)
    assert notices["cwa.bad_checksum"].count == 6
    assert notices["cwa.bad_checksum"].where == "sector 0"
    assert [len(b.acc) for b in blocks] == [12 * 120, 127 * 120]
    gap_s = (blocks[1].start_utc - blocks[0].end_utc).total_seconds()
    assert gap_s == pytest.approx(2 * 120 / 98.86, abs=0.05)


def test_reading_again_counts_again_and_not_twice() -> None:
    recording, _, _ = read(AX3_CORRUPT)
    list(recording.blocks())
    assert {n.code: n.count for n in recording.notices}["cwa.bad_checksum"] == 6


def test_the_devices_clock_is_read_in_the_zone() -> None:
    _, utc, _ = read(AX3_610)
    _, berlin, notices = read(AX3_610, "Europe/Berlin")
    assert utc[0].start_utc - berlin[0].start_utc == timedelta(hours=2)  # March 27: summer time
    assert "Europe/Berlin" in notices["cwa.clock_without_zone"].text


def test_blocks_of_a_long_file_meet_without_gap_or_overlap(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("backstride.sensors.cwa.SECTORS_AT_ONCE", 50)
    _, blocks, _ = read(AX3_610)
    assert len(blocks) == 12
    assert sum(len(b.acc) for b in blocks) == 71_400
    for before, after in pairwise(blocks):
        assert abs((after.start_utc - before.end_utc).total_seconds()) < 1e-5


def test_a_truncated_tail_is_said(tmp_path: Path) -> None:
    short = tmp_path / "short.cwa"
    short.write_bytes(AX3_610.read_bytes()[: 1024 + 512 * 20 + 100])
    _, blocks, notices = read(short)
    assert sum(len(b.acc) for b in blocks) == 20 * 120
    assert notices["cwa.truncated"].where == "byte 11,264"


@pytest.mark.parametrize("size", [0, 4, 1000, 1024, 1500])
def test_too_short_a_file_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "x.cwa"
    path.write_bytes(AX3_610.read_bytes()[:size])
    with pytest.raises(BackstrideError):
        read(path)


def test_only_damaged_sectors_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.cwa"
    path.write_bytes(AX3_610.read_bytes()[:1024] + b"\xff" * 512 * 9)
    with pytest.raises(UnreadableFile, match="none of its 9 sectors"):
        read(path)


def rewritten(edit) -> bytes:
    """The file with its sectors edited and their checksums put right again."""
    raw = AX3_610.read_bytes()
    sectors = np.frombuffer(raw[1024:], dtype=fmt.SECTOR).copy()
    sectors = edit(sectors)
    sectors["checksum"] = 0
    sectors["checksum"] = -sectors.view("<u2").reshape(-1, 256).sum(axis=1, dtype=np.uint16)
    return raw[:1024] + sectors.tobytes()


def test_a_clock_set_back_drops_no_block_into_the_past(tmp_path: Path) -> None:
    path = tmp_path / "x.cwa"
    path.write_bytes(rewritten(lambda s: np.concatenate([s[:100], s[50:150]])))
    _, blocks, notices = read(path)
    assert notices["cwa.clock_backwards"].count == 50
    assert sum(len(b.acc) for b in blocks) == 150 * 120
    for before, after in pairwise(blocks):
        assert after.start_utc >= before.end_utc - timedelta(microseconds=10)


def test_lying_counts_are_left_out(tmp_path: Path) -> None:
    def lie(sectors):
        sectors["count"][3] = 60_000
        sectors["rate"][5] = 0x00
        sectors["clock"][7] = 0xFFFFFFFF
        return sectors

    path = tmp_path / "x.cwa"
    path.write_bytes(rewritten(lie))
    _, blocks, notices = read(path)
    assert notices["cwa.bad_sector"].count == 2
    assert notices["cwa.bad_clock"].count == 1
    assert sum(len(b.acc) for b in blocks) == 592 * 120


def test_sixteen_bit_samples_of_three_axes() -> None:
    sectors = np.zeros(1, dtype=fmt.SECTOR)
    sectors["packing"], sectors["count"], sectors["light"] = 0x32, 80, 0 << 13
    sectors["payload"][0] = np.tile(np.array([256, -128, 64], "<i2"), 80).view("u1")
    np.testing.assert_array_equal(fmt.decode(sectors), np.tile([[1.0, -0.5, 0.25]], (80, 1)))


@given(
    st.lists(st.tuples(*[st.integers(-512, 511)] * 3, st.integers(0, 3)), min_size=1, max_size=120)
)
def test_packed_samples_come_back(values: list[tuple[int, int, int, int]]) -> None:
    words = np.zeros(120, dtype="<u4")
    for i, (x, y, z, e) in enumerate(values):
        words[i] = (e << 30) | ((z & 0x3FF) << 20) | ((y & 0x3FF) << 10) | (x & 0x3FF)
    sectors = np.zeros(1, dtype=fmt.SECTOR)
    sectors["packing"], sectors["count"] = 0x30, len(values)
    sectors["payload"][0] = words.view("u1")
    expected = np.array([[x << e, y << e, z << e] for x, y, z, e in values]) / 256
    np.testing.assert_array_equal(fmt.decode(sectors), expected.astype(np.float32))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_damage_is_an_error_for_people_or_sound_blocks(tmp_path_factory, data) -> None:
    raw = bytearray(AX3_CORRUPT.read_bytes()[: 1024 + 512 * 30])
    for _ in range(data.draw(st.integers(1, 30))):
        raw[data.draw(st.integers(4, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("cwa") / "x.cwa"
    path.write_bytes(raw[: data.draw(st.integers(4, len(raw)))])
    try:
        _, blocks, _ = read(path)
    except BackstrideError:
        return
    assert all(np.isfinite(b.acc).all() and b.fs_hz > 0 for b in blocks)
    for before, after in pairwise(blocks):
        assert after.start_utc >= before.end_utc - timedelta(microseconds=10)
