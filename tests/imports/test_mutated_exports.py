"""Mutated exports give an import or our own error, never another and nothing without a time."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backstride import imports
from backstride.errors import BackstrideError
from imports import test_google_fit as fit
from imports import test_strava as strava
from imports.tcx_xml import walk

ONE_BY_ONE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _zipped(members: dict[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


@lru_cache
def sound(kind: str) -> bytes:
    if kind == "tcx":
        return walk(seconds=60).encode()
    if kind == "stream":
        points = [fit.point(n, n + 1, n) for n in range(20)]
        return fit.stream(fit.MERGED, *points).encode()
    if kind == "quarters":
        heading = fit.HEADINGS + "10:00:00.000+02:00,10:15:00.000+02:00,18.2,75,101,60000\n"
        return _zipped({"a/2024-05-01.csv": heading})
    if kind == "table":
        rows = [strava.row(), strava.row("Run", "activities/1.gpx"), strava.row("Ride")]
        return strava.table(*rows).encode()
    files = {
        "activities.csv": strava.table(strava.row(file="activities/1.tcx.gz")),
        "activities/1.tcx.gz": gzip.compress(walk(seconds=60).encode(), mtime=0),
    }
    return _zipped(files)


def check(path: Path) -> None:
    try:
        imports.detect(path)
        got = imports.read(path, zone="Europe/Berlin")
    except BackstrideError:
        return  # any other error fails the test
    assert got.samples["start"].null_count() == got.samples["end"].null_count() == 0
    assert got.measures["value"].is_finite().all()


@pytest.mark.parametrize("kind", ["tcx", "stream", "quarters", "table", "strava"])
@ONE_BY_ONE
@given(data=st.data())
def test_bytes(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    content = bytearray(sound(kind))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    path = tmp_path / "mutated"
    path.write_bytes(bytes(content))
    check(path)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KEYS = ("fitValue", "value", "originDataSourceId", "startTimeNanos", "endTimeNanos", "dataTypeName")


@ONE_BY_ONE
@given(
    identity=st.sampled_from([fit.MERGED, fit.SEGMENTS, fit.METRES, fit.HEART, "com.google.:x::"]),
    points=st.lists(ANY | st.dictionaries(st.sampled_from(KEYS), ANY), max_size=5),
)
def test_points_of_anything(tmp_path: Path, identity: str, points: list[object]) -> None:
    text = json.dumps({"Data Source": identity, "Data Points": points})
    path = tmp_path / "takeout"
    path.write_bytes(
        _zipped({"a.json": text, "b.json": fit.stream(fit.SEGMENTS, fit.point(0, 5, 7))})
    )
    check(path)


@ONE_BY_ONE
@given(
    session=st.dictionaries(st.sampled_from(["startTime", "endTime", "duration"]), ANY), told=ANY
)
def test_sessions_of_anything(tmp_path: Path, session: dict[str, object], told: object) -> None:
    whole = {"fitnessActivity": "walking", "startTime": "", **session, "aggregate": told}
    path = tmp_path / "session.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    check(path)


@ONE_BY_ONE
@given(cells=st.lists(st.text(max_size=12), min_size=1, max_size=24))
def test_rows_of_anything(tmp_path: Path, cells: list[str]) -> None:
    path = tmp_path / "activities.csv"
    path.write_text(strava.table(strava.row(), cells), encoding="utf-8")
    check(path)
