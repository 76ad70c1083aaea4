"""GENEActiv files, against another reader's samples, and made ones with every feature."""

from __future__ import annotations

import re
import tracemalloc
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from backstride.errors import BackstrideError, UnreadableFile
from backstride.sensors import detect, open_recording
from device_files import GENEACTIV, GENEACTIV_CUT, counts, geneactiv
from real_recordings import START

GAIN, OFFSET = np.array([25500, 25400, 24800]), np.array([200, -1100, 100])


def read(path: Path, zone: str = "UTC"):
    recording = open_recording(path, zone=zone)
    blocks = list(recording.blocks())
    return recording, blocks, {n.code: n for n in recording.notices}


def made(path: Path, pages: int, rate: float = 100.0, **more) -> tuple[Path, np.ndarray]:
    values = counts(pages * 3, 100)
    return geneactiv(path, values, rate, **more), (values * 100 - OFFSET) / GAIN


def by_hand(path: Path) -> np.ndarray:
    """The samples of whole pages, one by one: slow, and written without the reader's code."""
    text = path.read_bytes().decode("latin-1")
    said = dict(re.findall(r"([xyz] \w+):(-?\d+)", text[:4000]))
    rows = []
    for digits in re.findall(r"\n([0-9A-F]{3600})\r?\n", text):
        for at in range(0, 3600, 12):
            row = []
            for n, axis in enumerate("xyz"):
                value = int(digits[at + 3 * n : at + 3 * n + 3], 16)
                value -= 4096 * (value >= 2048)
                row.append((value * 100 - int(said[f"{axis} offset"])) / int(said[f"{axis} gain"]))
            rows.append(row)
    return np.array(rows)


def test_every_sample_is_as_another_reader_read_it() -> None:
    recording, blocks, notices = read(GENEACTIV)
    expected = np.load(GENEACTIV.with_suffix(".expected.npz"))
    acc = np.concatenate([b.acc for b in blocks])
    np.testing.assert_allclose(acc, expected["accel"], atol=6e-5)  # it rounds to 4 places
    times = [b.start_utc.timestamp() + np.arange(len(b.acc)) / b.fs_hz for b in blocks]
    # The other reader takes the wall clock (GMT -04:00) as UTC, and each page's mark, which
    # is rounded to half a second, as exact.
    assert np.abs(np.concatenate(times) - 4 * 3600 - expected["time"]).max() <= 0.5
    assert recording.device == "GENEActiv 051386"
    assert recording.worn
    assert not notices


def test_a_cut_file_of_another_firmware_is_read_up_to_its_last_whole_page() -> None:
    _, blocks, notices = read(GENEACTIV_CUT)
    acc = np.concatenate([b.acc for b in blocks])
    np.testing.assert_allclose(acc, by_hand(GENEACTIV_CUT), atol=1e-6)
    assert acc[299, 2] == pytest.approx(-0.80836403369903564453)  # published with GGIRread
    assert abs(blocks[0].start_utc.timestamp() - 1369905174.5) < 0.3  # 10:12:54.5 at GMT +01:00
    assert notices["geneactiv.truncated"].where == "page 16"
    assert "222,048 pages, the file has 17" in notices["geneactiv.page_count"].text


@pytest.mark.parametrize(
    ("pages", "rate", "true_hz"), [(400, 85.7, 85.3), (30, 10.0, 10.04), (110, 100.0, 99.7)]
)
def test_the_rate_is_measured_on_marks_of_half_seconds(
    tmp_path: Path, pages: int, rate: float, true_hz: float
) -> None:
    path, _ = made(tmp_path / "x.bin", pages, rate, true_hz=true_hz)
    _, blocks, _ = read(path)
    assert blocks[0].fs_hz == pytest.approx(true_hz, rel=1e-3)
    length_s = (blocks[-1].end_utc - blocks[0].start_utc).total_seconds()
    assert length_s == pytest.approx(pages * 300 / true_hz, abs=0.5)


@pytest.mark.parametrize("rate", [10.0, 30.0, 66.7, 100.0])
def test_missing_pages_are_gaps(tmp_path: Path, rate: float) -> None:
    path, g = made(tmp_path / "x.bin", 12, rate, without=[4, 5])
    _, blocks, _ = read(path)
    np.testing.assert_allclose(
        np.concatenate([b.acc for b in blocks]), np.delete(g, slice(1200, 1800), axis=0), atol=1e-6
    )
    assert abs(blocks[0].start_utc - (START - timedelta(hours=1))) <= timedelta(seconds=0.5)
    gaps_s = [(b.start_utc - a.end_utc).total_seconds() for a, b in pairwise(blocks)]
    assert [gap for gap in gaps_s if gap > 1] == [pytest.approx(600 / rate, abs=0.51)]


@pytest.mark.parametrize(
    ("written", "hours"), [("GMT +01:00", 1), ("GMT -04:00", -4), ("GMT +05:30", 5.5)]
)
def test_the_headers_time_zone_counts_and_not_the_given_one(
    tmp_path: Path, written: str, hours: float
) -> None:
    path, _ = made(tmp_path / "x.bin", 3, zone=written)
    _, blocks, notices = read(path, "Asia/Tokyo")
    assert blocks[0].start_utc == START - timedelta(hours=hours)
    assert not notices


@pytest.mark.parametrize("written", ["", "GMT", "GMT +99:00", "Berlin"])
def test_without_one_the_given_zone_counts_and_that_is_said(tmp_path: Path, written: str) -> None:
    path, _ = made(tmp_path / "x.bin", 3, zone=written)
    _, blocks, notices = read(path, "Asia/Tokyo")
    assert blocks[0].start_utc == START - timedelta(hours=9)
    assert "Asia/Tokyo" in notices["geneactiv.clock_without_zone"].text


def edited(path: Path, old: str, new: str, page: int) -> Path:
    """The file with one page's first `old` replaced."""
    parts = path.read_text().split("Recorded Data")
    assert old in parts[page + 1]
    parts[page + 1] = parts[page + 1].replace(old, new, 1)
    path.write_text("Recorded Data".join(parts))
    return path


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("0002\n", "2\n", "geneactiv.bad_page"),  # a digit is missing
        ("Sequence", "Seq#ence", "geneactiv.bad_page"),
        ("2026-03-02", "2026-13-02", "geneactiv.bad_clock"),
        ("2026-03-02", "2016-03-02", "geneactiv.clock_backwards"),
        ("2026-03-02", "2096-03-02", "geneactiv.bad_clock"),
        ("Frequency:100.0", "Frequency:0.0", "geneactiv.bad_rate"),
        ("Frequency:100.0", "Frequency:9999", "geneactiv.bad_rate"),
    ],
)
def test_a_damaged_page_is_counted_and_is_a_gap(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    path, g = made(tmp_path / "x.bin", 8)
    if old == "0002\n":
        old = path.read_text().split("Recorded Data")[4].splitlines()[9] + "\n"
        new = old[1:]
    _, blocks, notices = read(edited(path, old, new, 3))
    assert notices[code].count == 1
    assert "3" in notices[code].where
    kept = np.delete(g, slice(900, 1200), axis=0)
    np.testing.assert_allclose(np.concatenate([b.acc for b in blocks]), kept, atol=1e-6)
    gaps_s = [(b.start_utc - a.end_utc).total_seconds() for a, b in pairwise(blocks)]
    assert max(gaps_s) == pytest.approx(3.0, abs=0.01)


def later(path: Path, page: int, seconds: float) -> Path:
    """The file with the marks from `page` on moved."""

    def move(match: re.Match[str]) -> str:
        at = datetime.fromisoformat(match[1]) + timedelta(milliseconds=int(match[2]))
        at += timedelta(seconds=seconds)
        return f"Page Time:{at:%Y-%m-%d %H:%M:%S}:{at.microsecond // 1000:03d}"

    parts = path.read_text().split("Recorded Data")
    moved = [re.sub(r"Page Time:(.*):(\d+)", move, part) for part in parts[page + 1 :]]
    path.write_text("Recorded Data".join(parts[: page + 1] + moved))
    return path


@pytest.mark.parametrize(("seconds", "gaps"), [(-0.5, []), (0.5, []), (5.0, [5.0])])
def test_a_jump_of_the_clock_is_a_gap_and_its_rounding_is_none(
    tmp_path: Path, monkeypatch, seconds: float, gaps: list[float]
) -> None:
    path, g = made(tmp_path / "x.bin", 20)
    later(path, 9, seconds)
    for chunk in (1 << 22, 9000):  # the jump inside a chunk, and between chunks
        monkeypatch.setattr("backstride.sensors.geneactiv.CHUNK_BYTES", chunk)
        _, blocks, _ = read(path)
        gaps_s = [(b.start_utc - a.end_utc).total_seconds() for a, b in pairwise(blocks)]
        assert [gap for gap in gaps_s if abs(gap) > 1e-3] == [
            pytest.approx(x, abs=0.3) for x in gaps
        ]
        assert sum(len(b.acc) for b in blocks) == len(g)


def test_digits_that_are_none_damage_the_page(tmp_path: Path) -> None:
    path, _ = made(tmp_path / "x.bin", 4)
    digits = path.read_text().split("Recorded Data")[2].splitlines()[9]
    _, blocks, notices = read(edited(path, digits, "G" + digits[1:], 1))
    assert notices["geneactiv.bad_page"].where == "page 1"
    assert sum(len(b.acc) for b in blocks) == 900


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x gain:25500", "x gain:0"),
        ("x gain:25500", "x gain:nan"),
        ("y offset:-1100", "y off:-1100"),
        ("Frequency:100.0 Hz", "Frequency:1e9 Hz"),
        ("Frequency:100.0 Hz", "Frequency: Hz"),
        ("Recorded Data", "Recorded Nothing"),
    ],
)
def test_a_header_without_use_is_an_error_that_names_it(tmp_path: Path, old: str, new: str) -> None:
    path, _ = made(tmp_path / "x.bin", 3)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(UnreadableFile, match=r"x\.bin"):
        read(path)


def test_only_damaged_pages_is_refused(tmp_path: Path) -> None:
    path, _ = made(tmp_path / "x.bin", 3)
    path.write_text(path.read_text().replace("Page Time", "Page Tome"))
    with pytest.raises(UnreadableFile, match="none of its 3 pages"):
        read(path)


def test_blocks_of_a_long_file_meet_and_memory_stays(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("backstride.sensors.geneactiv.CHUNK_BYTES", 100_000)
    peaks = []
    for pages in (150, 600):
        path, g = made(tmp_path / f"{pages}.bin", pages)
        tracemalloc.start()
        recording = open_recording(path)
        last, samples = None, 0
        for block in recording.blocks():
            if last is not None:
                assert abs((block.start_utc - last.end_utc).total_seconds()) < 1e-5
            last = block
            samples += len(block.acc)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert samples == len(g)
    assert peaks[1] < 1.3 * peaks[0]


def test_a_file_without_marks_fills_no_memory(tmp_path: Path) -> None:
    path, _ = made(tmp_path / "x.bin", 3)
    with path.open("ab") as file:
        for _ in range(60):
            file.write(b"0123456789ABCDEF" * (1 << 16))
    tracemalloc.start()
    _, blocks, notices = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6
    assert sum(len(b.acc) for b in blocks) == 600
    assert notices["geneactiv.truncated"].count == 1


def test_it_is_known_by_its_content(tmp_path: Path) -> None:
    path, _ = made(tmp_path / "x.cwa", 1)
    assert detect(path) == "geneactiv"
    path.write_bytes(b"Device Identity")
    with pytest.raises(BackstrideError):
        read(path)
