"""What every reader promises, on one file of each format, cut and damaged in every way."""

from __future__ import annotations

import contextlib
import time
import zipfile
from datetime import UTC, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backstride.errors import BackstrideError
from backstride.sensors import FORMATS, detect, open_recording
from backstride.sensors import gt3x_format as fmt
from backstride.sensors.auxiliary import AUXILIARY, auxiliary
from device_files import (
    GENEACTIV,
    START_S,
    actilife_csv,
    activity,
    counts,
    geneactiv,
    gt3x,
    info,
    log,
    parameters,
    record,
)
from real_recordings import AX3_CORRUPT, AX6

MICROSECONDS = timedelta(microseconds=10)  # what rounding to microseconds may cost
MOST_PER_BYTE = 1  # samples: the tightest packing is 4 bytes; no header may promise more
HANGS_S = 60.0  # not a measure of speed: 100 kB of anything takes a fraction of a second


class Case(NamedTuple):
    """A file, the format it has, its samples and the gap in it (s), None where there is none."""

    path: Path
    key: str
    samples: int
    gap_s: float | None


def _gt3x(path: Path, kind: int, rate: int, packing: int = zipfile.ZIP_STORED) -> Path:
    head = record(fmt.PARAMETERS, START_S, parameters(256, features=4))
    seconds = [*range(20), *range(50, 60)]
    return gt3x(path, log(counts(30, rate), rate, seconds, kind, head), info(rate), packing=packing)


def _deflated(path: Path) -> Path:
    return _gt3x(path, 0x1A, 100, zipfile.ZIP_DEFLATED)


def _table(path: Path) -> Path:
    g = counts(40, 50) / 256
    t = START_S + np.arange(len(g)) / 50
    t[1000:] += 30
    table = pl.DataFrame({"time": t, "x": g[:, 0], "y": g[:, 1], "z": g[:, 2]})
    if path.suffix == ".parquet":
        table.write_parquet(path)
    elif path.suffix == ".npy":
        np.save(path, table.to_numpy(structured=True))
    elif path.suffix == ".npz":
        np.savez_compressed(path, acc=g, t=t)
    else:
        table.write_csv(path)
    return path


def _filled(path: Path) -> Path:
    g = counts(90, 30) / 256
    g[600:1500] = g[599]
    return actilife_csv(path, g, 30)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    folder = tmp_path_factory.mktemp("contract")
    old = info(30, "NEO1C16110020", "GT3XPlus")
    stream = gt3x(folder / "o.gt3x", activity(counts(20, 30, 341)), old, "activity.bin")
    pages = geneactiv(folder / "g.bin", counts(45, 100), without=range(5, 10))
    return {
        "axivity AX3": Case(AX3_CORRUPT, "cwa", 139 * 120, 2.4),
        "axivity AX6": Case(AX6, "cwa", 10_360, None),
        "geneactiv": Case(GENEACTIV, "geneactiv", 900, None),
        "geneactiv with a gap": Case(pages, "geneactiv", 3000, 15.0),
        "actigraph 12 bit": Case(_gt3x(folder / "a.gt3x", 0x00, 40), "gt3x", 1200, 30.0),
        "actigraph 16 bit": Case(_gt3x(folder / "b.gt3x", 0x1A, 100), "gt3x", 3000, 30.0),
        "actigraph deflated": Case(_deflated(folder / "d.gt3x"), "gt3x", 3000, 30.0),
        "actigraph stream": Case(stream, "gt3x", 600, None),
        "actilife csv": Case(_filled(folder / "a.csv"), "actigraph_csv", 1800, 30.0),
        "csv": Case(_table(folder / "t.csv"), "csv", 2000, 30.0),
        "parquet": Case(_table(folder / "t.parquet"), "parquet", 2000, 30.0),
        "numpy rows": Case(_table(folder / "t.npy"), "numpy", 2000, 30.0),
        "numpy arrays": Case(_table(folder / "t.npz"), "numpy", 2000, 30.0),
    }


NAMES = [
    "axivity AX3",
    "axivity AX6",
    "geneactiv",
    "geneactiv with a gap",
    "actigraph 12 bit",
    "actigraph 16 bit",
    "actigraph deflated",
    "actigraph stream",
    "actilife csv",
    "csv",
    "parquet",
    "numpy rows",
    "numpy arrays",
]


def check_blocks(blocks) -> None:
    """In order, without overlap, of finite float32, at a rate that can be."""
    for block in blocks:
        assert block.start_utc.tzinfo is UTC
        assert block.acc.dtype == np.float32
        assert block.acc.ndim == 2
        assert block.acc.shape[1] == 3
        assert len(block.acc) > 0
        assert np.isfinite(block.acc).all()
        assert 1 < block.fs_hz < 5000
    for before, after in pairwise(blocks):
        assert after.start_utc >= before.end_utc - MICROSECONDS


def read_or_refuse(path: Path) -> None:
    """Sound blocks or an error for people, in bounded time; anything else fails the test."""
    began = time.perf_counter()
    try:
        recording = open_recording(path)
        done: list[int] = []
        blocks = list(recording.blocks(done.append))
        check_blocks(blocks)
        assert sum(len(block.acc) for block in blocks) <= MOST_PER_BYTE * path.stat().st_size
        assert done == sorted(done)
        assert all(0 <= d <= recording.size for d in done)
    except BackstrideError as error:
        if path.name not in str(error):
            raise AssertionError("the error doesn't name the file") from error
    with contextlib.suppress(BackstrideError):
        assert auxiliary(path).schema == AUXILIARY
    assert time.perf_counter() - began < HANGS_S


def test_there_is_a_case_of_every_format(cases: dict[str, Case]) -> None:
    assert list(cases) == NAMES
    assert {case.key for case in cases.values()} == set(FORMATS)


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_file(name: str, cases: dict[str, Case]) -> None:
    case = cases[name]
    assert detect(case.path) == case.key
    recording = open_recording(case.path)
    done: list[int] = []
    blocks = list(recording.blocks(done.append))
    check_blocks(blocks)
    acc = np.concatenate([b.acc for b in blocks])
    assert len(acc) == pytest.approx(case.samples, abs=2)
    assert float(np.median(np.linalg.norm(acc, axis=1))) == pytest.approx(1.0, abs=0.15)
    assert recording.fs_hz == pytest.approx(blocks[0].fs_hz, rel=0.06)
    assert recording.source == case.path.name
    assert done == sorted(done)
    assert done[0] > 0
    assert done[-1] == recording.size


@pytest.mark.parametrize("name", NAMES)
def test_gaps_are_left_open(name: str, cases: dict[str, Case]) -> None:
    blocks = list(open_recording(cases[name].path).blocks())
    gaps_s = [(b.start_utc - a.end_utc).total_seconds() for a, b in pairwise(blocks)]
    gaps_s = [gap for gap in gaps_s if gap > 0.1]
    if cases[name].gap_s is None:
        assert not gaps_s
    else:
        assert gaps_s == [pytest.approx(cases[name].gap_s, abs=0.3)]


@pytest.mark.parametrize("name", NAMES)
def test_reading_again_gives_the_same(name: str, cases: dict[str, Case]) -> None:
    recording = open_recording(cases[name].path)
    first, told = list(recording.blocks()), list(recording.notices)
    again = list(recording.blocks())
    assert list(recording.notices) == told
    assert [b.start_utc for b in again] == [b.start_utc for b in first]
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.acc, other.acc)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", [0.0, 0.001, 0.03, 0.2, 0.5, 0.9, 0.99, 0.9999])
def test_a_cut_file(name: str, part: float, cases: dict[str, Case], tmp_path: Path) -> None:
    raw = cases[name].path.read_bytes()
    path = tmp_path / "cut"
    path.write_bytes(raw[: int(len(raw) * part)])
    read_or_refuse(path)


@pytest.mark.parametrize("name", NAMES)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_damage_is_an_error_for_people_or_sound_blocks(
    name: str, cases: dict[str, Case], tmp_path: Path, data: st.DataObject
) -> None:
    raw = bytearray(cases[name].path.read_bytes())
    # Half of the places near the start, where the headers are.
    places = st.integers(0, len(raw) - 1) | st.integers(0, min(3000, len(raw) - 1))
    changes = data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=30))
    for at, value in changes:
        raw[at] = value
    if data.draw(st.booleans()):
        at = data.draw(places)
        inserted = data.draw(st.binary(max_size=40))
        raw[at : at + data.draw(st.integers(0, 5000))] = inserted
    path = tmp_path / "damaged"
    path.write_bytes(raw)
    read_or_refuse(path)
