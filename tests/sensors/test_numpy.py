"""NumPy files: as NumPy itself reads them, in bounded memory, and never unpickled."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backstride.cli.measure import command
from backstride.errors import UnreadableFile
from backstride.sensors import detect, open_recording
from backstride.sensors.npy_format import open_npy, open_npz
from real_recordings import AX3_200, AX6, START, step_train

FS_HZ = 50.0
ACC = step_train(60, FS_HZ, 100, [(10, 50)])
T = START.timestamp() + np.arange(len(ACC)) / FS_HZ
FIELDS = np.dtype([("label", "U5"), ("time", ">f8"), ("x", "<f4"), ("y", "<f4"), ("z", ">f4")])


def structured() -> np.ndarray:
    rows = np.zeros(len(ACC), FIELDS)
    rows["time"] = T
    for at, axis in enumerate("xyz"):
        rows[axis] = ACC[:, at]
    return rows


def npy(path: Path, array: np.ndarray) -> Path:
    np.save(path, array, allow_pickle=True)
    return path


def npz(path: Path, packed: bool = True, **named) -> Path:
    (np.savez_compressed if packed else np.savez)(path, **named)
    return path


def read(path: Path, fs_hz: float | None = None):
    recording = open_recording(path, fs_hz=fs_hz)
    blocks = list(recording.blocks())
    return recording, np.concatenate([b.acc for b in blocks]), blocks[0].start_utc


DATED = {
    "acc and t": {"acc": ACC, "t": T},
    "columns first": {"acc": np.asfortranarray(ACC), "t": T},
    "rate and start": {"acc": ACC, "fs": 50, "start": T[0]},
    "rate and text": {"acc": ACC, "fs_hz": [50.0], "start_utc": START.isoformat()},
    "datetimes": {"accel": ACC, "time": (T * 1e6).astype("datetime64[us]")},
    "milliseconds": {"acc": ACC.astype(">f8"), "timestamp": (T * 1000).astype(np.int64)},
    "m/s²": {"acc": ACC * 9.80665, "t": T, "unit": "m/s2"},
    "milli-g as integers": {"acc": np.round(ACC * 1000).astype(np.int16), "t": T},
    "three arrays": {"acc_x": ACC[:, 0], "acc_y": ACC[:, 1], "acc_z": ACC[:, 2], "time": T},
    "structured": {"walk": structured()},
    "with others": {"acc": ACC, "t": T, "gyro": ACC * 100, "subject": "anna", "one": [1]},
}


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("name", DATED)
def test_an_npz_of_each_layout(name: str, packed: bool, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("backstride.sensors.numpy_file.ROWS_AT_ONCE", 777)
    path = npz(tmp_path / "x.npz", packed, **DATED[name])
    assert detect(path) == "numpy"
    recording, acc, start = read(path)
    assert recording.fs_hz == pytest.approx(FS_HZ, rel=1e-4)
    np.testing.assert_allclose(acc[:2999], ACC[:2999], atol=2e-3)
    assert abs(start - START) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("array", "fs_hz"),
    [
        (structured(), None),
        (np.column_stack([T, ACC]), None),
        (np.asfortranarray(np.column_stack([T, ACC])), None),
        (ACC, FS_HZ),
        (structured()[["x", "y", "z"]], FS_HZ),
    ],
)
def test_an_npy_of_each_layout(array: np.ndarray, fs_hz: float | None, tmp_path: Path) -> None:
    path = npy(tmp_path / "x.npy", array)
    assert detect(path) == "numpy"
    recording, acc, start = read(path, fs_hz)
    np.testing.assert_allclose(acc[:2999], ACC[:2999], atol=1e-5)
    codes = {notice.code for notice in recording.notices}
    assert (start == START) == (fs_hz is None)
    assert ("time.no_start" in codes) == (fs_hz is not None)


@pytest.mark.parametrize("path", [AX3_200, AX6])
def test_a_real_recording_of_another_program(path: Path) -> None:
    saved = path.with_suffix(".expected.npz")
    theirs = np.load(saved)
    _, acc, start = read(saved)
    assert start.timestamp() == pytest.approx(theirs["time"][0], abs=1e-5)
    assert len(acc) == pytest.approx(len(theirs["accel"]), rel=1e-3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arrays(st.sampled_from(["<f4", ">f8", "<i2"]), (50, 3), elements=st.integers(-99, 99)),
    st.booleans(),
    st.integers(1, 60),
)
def test_every_value_is_as_numpy_reads_it(tmp_path: Path, array, is_fortran, at_once) -> None:
    array = np.asfortranarray(array) if is_fortran else array
    np.save(tmp_path / "x.npy", array)
    np.savez(tmp_path / "x.npz", array=array)
    for ours in (open_npy(tmp_path / "x.npy"), open_npz(tmp_path / "x.npz")["array"]):
        np.testing.assert_array_equal(np.concatenate(list(ours.rows(at_once))), array)


def test_the_rate_can_be_told_on_the_command_line(tmp_path: Path) -> None:
    path = npy(tmp_path / "x.npy", ACC)
    refused = CliRunner().invoke(command, [str(path)])
    assert "--rate" in refused.exception.hint
    result = CliRunner().invoke(command, [str(path), "--rate", "50", "--json"])
    assert json.loads(result.stdout)["measurement"]["fs_hz"] == 50


class Trap:
    """Unpickled, it would fail the test."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


def lying(shape: str, descr: str = "'<f8'", version: int = 1, data: bytes = b"") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + data


HOSTILE = {
    "more rows than bytes": lying("(10**9, 3)".replace("10**9", "1000000000")),
    "more than fits": lying(f"({10**30}, 3)"),
    "negative": lying("(-1, 3)"),
    "no shape": lying("None"),
    "an expression": lying("__import__('os').getcwd()"),
    "nested without end": lying("(" * 4000),
    "a header of 4 GB": b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + b" " * 200,
    "a header that breaks off": b"\x93NUMPY\x01\x00\xff\x00{'descr'",
    "another version": lying("(3, 3)", version=9),
    "huge items": lying("(1, 3)", "'<U1000000000'"),
    "no such type": lying("(1, 3)", "'<q99'"),
    "only its mark": b"\x93NUMPY",
    "no rate": lying("(2, 3)", data=bytes(48)),
    "text": lying("(2, 3)", "'<U1'", data=bytes(24)),
    "no rows": lying("(0, 4)"),
    "one number": lying("()", data=bytes(8)),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("inside", [False, True])
def test_what_lies_is_refused_in_little_memory(what: str, inside: bool, tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(HOSTILE[what])
    if inside:
        path = tmp_path / "x.npz"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("acc.npy", HOSTILE[what])
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match=r"x\.np"):
        open_recording(path)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    traps = np.array([Trap(), Trap()], dtype=object)
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        buffer, {"descr": "|O", "fortran_order": False, "shape": (2,)}
    )
    path = tmp_path / "x.npy"
    path.write_bytes(buffer.getvalue() + b"cos\nsystem\n(S'false'\ntR." * 9)
    with pytest.raises(UnreadableFile, match="never loaded"):
        open_recording(path)
    assert traps.dtype.hasobject


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    acc = np.zeros((3_000_000, 3))
    path = npz(tmp_path / "x.npz", acc=acc, fs=50.0)
    with pytest.raises(UnreadableFile, match="no recording has"):
        open_recording(path)


@pytest.mark.parametrize("fs", [0, -1, np.nan, np.inf, 2, 1e6])
def test_a_rate_that_cannot_be_is_refused(fs: float, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="sampling rate"):
        open_recording(npz(tmp_path / "x.npz", acc=ACC, fs=fs))


def test_times_of_another_length_are_none(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="its times or its rate"):
        open_recording(npz(tmp_path / "x.npz", acc=ACC, t=T[:-1]))


def peak_mb(folder: Path, times: int) -> float:
    acc = np.tile(ACC, (times, 1))
    path = npz(folder / "x.npz", packed=False, acc=np.asfortranarray(acc), fs=FS_HZ)
    tracemalloc.start()
    samples = sum(len(block.acc) for block in open_recording(path).blocks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert samples == len(acc)
    return peak / 1e6


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    assert peak_mb(tmp_path, 1000) < 1.2 * peak_mb(tmp_path, 150)


def test_the_range_is_taken_from_the_file(tmp_path: Path) -> None:
    acc = ACC.copy()
    acc[700:705, 2] = 2.0
    recording = open_recording(npz(tmp_path / "x.npz", acc=acc, t=T, range_g=2))
    assert sum(block.clipped for block in recording.blocks()) == 5
