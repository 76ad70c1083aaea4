"""What must not matter to any source: the order of a zip's members, its folders, and a copy."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride import imports
from backstride.imports.merge import QUANTITIES
from fuzz import corpus
from fuzz.cases import sources

FOLDERS = st.sampled_from(["", "Anna/", "Données de santé/2025/", "数据/", "Takeout 1/x.y/"])
ORDER = [*QUANTITIES, "start", "end", "source", "device", "flag"]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    return sources(tmp_path_factory.mktemp("fuzz") / "seeds", with_found=False)


def members_of(content: bytes) -> list[tuple[str, bytes]]:
    """The members of a zip; none of what is no zip."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def put(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def rows(got: imports.Imported) -> list[list[tuple[object, ...]]]:
    tables = (got.samples.select(ORDER), got.measures, got.vendor_days)
    return [sorted(table.rows(), key=str) for table in tables]


@pytest.mark.parametrize("key", corpus.BUILT)
@settings(max_examples=12)
@given(data=st.data(), folder=FOLDERS)
def test_order_and_folders_of_a_zip_do_not_matter(
    key: str,
    seeds: dict[str, list[bytes]],
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    folder: str,
) -> None:
    tmp_path = tmp_path_factory.mktemp("zip")
    for content in seeds[key]:
        if members := members_of(content):
            plain = imports.read(put(tmp_path / "plain", members))
            moved = [(folder + name, inner) for name, inner in data.draw(st.permutations(members))]
            path = put(tmp_path / "moved", moved)
            assert imports.detect(path) == key
            got = imports.read(path)
            assert rows(got) == rows(plain)
            assert got.read_counts == plain.read_counts
            assert got.refused_counts == plain.refused_counts


@pytest.mark.parametrize("key", corpus.BUILT)
def test_the_same_file_twice_counts_once(
    key: str, seeds: dict[str, list[bytes]], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    for content in seeds[key]:
        path.write_bytes(content)
        once, again = imports.read(path).samples, imports.read(path).samples
        assert once.equals(again)
        for quantity in QUANTITIES:
            doubled = imports.merge(pl.concat([once, again]), quantity)
            assert doubled.equals(imports.merge(once, quantity))
