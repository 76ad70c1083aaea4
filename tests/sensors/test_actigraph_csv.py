"""ActiLife's raw CSV: against the .gt3x it was made of, and made ones in its many layouts."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from backstride.errors import UnreadableFile
from backstride.sensors import detect, open_recording
from device_files import actilife_csv, counts
from real_recordings import START


def read(path: Path, zone: str = "UTC"):
    recording = open_recording(path, zone=zone)
    blocks = list(recording.blocks())
    return recording, blocks, {n.code: n for n in recording.notices}


def rows(seconds: int = 10, rate_hz: int = 100) -> np.ndarray:
    return counts(seconds, rate_hz) / 256


@pytest.mark.shared_data
def test_it_gives_what_the_gt3x_gives(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "device-files"
    path = tmp_path / "x.csv"
    path.write_bytes(gzip.decompress((folder / "actigraph-100hz.expected.csv.gz").read_bytes()))
    recording, blocks, notices = read(path, "America/New_York")
    _, expected, _ = read(folder / "actigraph-100hz.gt3x")
    assert recording.worn
    assert recording.device == "ActiGraph GT3X+ TAS1H30182785"
    assert notices["actigraph.filled"].count >= 207_500
    assert len(blocks) == len(expected) == 7
    for ours, theirs in zip(blocks, expected, strict=True):
        assert ours.start_utc == theirs.start_utc
        # A last value that happens to be equal to the one before can't be told from a fill.
        assert len(theirs.acc) - 3 <= len(ours.acc) <= len(theirs.acc)
        np.testing.assert_allclose(ours.acc, theirs.acc[: len(ours.acc)], atol=5.1e-4)


@pytest.mark.parametrize(
    ("header", "stamped"),
    [
        ("Accelerometer X,Accelerometer Y,Accelerometer Z\n", False),
        ("", False),
        ("Timestamp,Accelerometer X,Accelerometer Y,Accelerometer Z\n", True),
        ("", True),
    ],
)
def test_with_and_without_header_and_timestamps(tmp_path: Path, header: str, stamped: bool) -> None:
    g = rows()
    path = actilife_csv(tmp_path / "x.csv", g, header=header, stamped=stamped)
    recording, (block,), notices = read(path, "Europe/Berlin")
    assert detect(path) == "actigraph_csv"
    assert recording.fs_hz == block.fs_hz == 100.0
    assert block.start_utc == START - timedelta(hours=1)
    np.testing.assert_allclose(block.acc, g, atol=5.1e-4)
    assert "Europe/Berlin" in notices["time.without_zone"].text


@pytest.mark.parametrize(
    ("form", "date"),
    [
        ("M/d/yyyy", "3/2/2026"),
        ("MM/dd/yyyy", "03/02/2026"),
        ("dd/MM/yyyy", "02/03/2026"),
        ("dd-MM-yyyy", "02-03-2026"),
        ("d.M.yyyy", "2.3.2026"),
        ("yyyy-MM-dd", "2026-03-02"),
        ("dd/MM/yy", "02/03/26"),
    ],
)
def test_the_date_is_read_as_the_first_line_says(tmp_path: Path, form: str, date: str) -> None:
    path = actilife_csv(tmp_path / "x.csv", rows(2), form=form, date=date)
    assert read(path)[1][0].start_utc == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_filled_pauses_become_gaps_across_chunks(tmp_path: Path, monkeypatch) -> None:
    g = rows(20, 30)
    g[60:240] = g[59]  # asleep
    g[300:360] = 0  # read out
    path = actilife_csv(tmp_path / "x.csv", g, 30)
    whole = read(path)
    monkeypatch.setattr("backstride.sensors.actigraph_csv.whole_lines", _pieces)
    _, parts, notices = read(path)
    assert notices["actigraph.filled"].count == 240
    assert whole[2]["actigraph.filled"] == notices["actigraph.filled"]
    assert notices["actigraph.filled"].where == "line 72"
    for blocks in (whole[1], parts):
        gaps_s = [(b.start_utc - a.end_utc).total_seconds() for a, b in pairwise(blocks)]
        assert [round(gap, 3) for gap in gaps_s if gap > 1e-3] == [6.0, 2.0]
    np.testing.assert_array_equal(
        np.concatenate([b.acc for b in parts]), np.concatenate([b.acc for b in whole[1]])
    )


def _pieces(_path, file):
    """Whole lines in pieces that cut a filled pause, as chunks of a long file do."""
    lines = file.read().splitlines(keepends=True)
    for first, last in pairwise([0, 100, 101, 150, 241, 335, len(lines)]):
        yield b"".join(lines[first:last])


def test_bad_rows_are_counted_with_their_line(tmp_path: Path) -> None:
    path = actilife_csv(tmp_path / "x.csv", rows(3))
    lines = path.read_text().splitlines()
    lines[20], lines[50], lines[60] = "1,2", "a,b,c", "0,0,9e9"
    path.write_text("\n".join(lines))
    _, blocks, notices = read(path)
    assert notices["row.bad"].count == 3
    assert notices["row.bad"].where == "line 21"
    assert sum(len(b.acc) for b in blocks) == 297


def test_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    g = rows(2)
    path = actilife_csv(tmp_path / "x.csv", g)
    lines = path.read_text().splitlines()
    lines[10:] = [line.replace(",", ";").replace(".", ",") for line in lines[10:]]
    path.write_text("\n".join(lines))
    acc = np.concatenate([block.acc for block in read(path)[1]])
    np.testing.assert_allclose(acc, g, atol=5.1e-4)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (" at 100 Hz", "", "counts of an epoch"),
        (" at 100 Hz", " at 1 Hz", "rate is 1 Hz"),
        ("Start Date 3/2/2026", "", "no start date"),
        ("Start Date 3/2/2026", "Start Date 13/32/2026", "no date"),
        ("M/d/yyyy", "d/d/yyyy", "no start date"),
        ("-" * 50, "", "break off"),
        ("Accelerometer X", "Axis1", "no columns"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, old: str, new: str, what: str) -> None:
    path = actilife_csv(tmp_path / "x.csv", rows(2))
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(UnreadableFile, match=what):
        read(path)


def test_without_rows_it_is_refused(tmp_path: Path) -> None:
    path = actilife_csv(tmp_path / "x.csv", np.empty((0, 3)))
    with pytest.raises(UnreadableFile, match="none of its rows"):
        read(path)
