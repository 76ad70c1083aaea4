"""Damaged and hostile files: a clear error, in bounded time and memory, and nothing half read."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backstride import imports, sample_data
from backstride.errors import BackstrideError, UnreadableFile, UnsupportedFormat
from backstride.imports import containers
from imports.apple_xml import document, record, zipped

T0, T1 = "2024-05-01 10:00:00 +0100", "2024-05-01 10:05:00 +0100"
SOUND = document(*[record(T0, T1, str(n)) for n in range(2000)])


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_empty_file(tmp_path: Path) -> None:
    path = write(tmp_path / "export.zip", b"")
    assert imports.detect(path) is None
    with pytest.raises(UnreadableFile, match="empty"):
        imports.read(path)


@pytest.mark.parametrize(
    "content", [b"date,pain\n2024-01-01,100\n", b"\x00\xff" * 100, b"%PDF-1.7", b"<html></html>"]
)
def test_other_kinds_of_file(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path / "export.xml", content)
    assert imports.detect(path) is None
    with pytest.raises(UnsupportedFormat, match="Apple Health"):
        imports.read(path)


def test_zip_of_something_else(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", "<ClinicalDocument/>", "apple_health_export/export_cda.xml")
    assert imports.detect(path) is None
    with pytest.raises(UnsupportedFormat):
        imports.read(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="can't be opened"):
        imports.read(tmp_path / "none.zip")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_truncated_xml(tmp_path: Path, share: float) -> None:
    path = write(tmp_path / "export.xml", SOUND.encode()[: int(len(SOUND) * share)])
    assert imports.detect(path) == "apple_health"
    with pytest.raises(UnreadableFile, match="breaks off") as caught:
        imports.read(path)
    assert caught.value.offset is not None
    assert caught.value.hint


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_truncated_zip_is_known_and_refused(tmp_path: Path, share: float) -> None:
    whole = zipped(tmp_path / "whole.zip", SOUND).read_bytes()
    path = write(tmp_path / "export.zip", whole[: int(len(whole) * share)])
    assert imports.detect(path) == "apple_health"
    with pytest.raises(UnreadableFile, match="directory, which stands at the end") as caught:
        imports.read(path)
    assert caught.value.offset == path.stat().st_size


def test_zip_with_damaged_content(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "whole.zip", SOUND).read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40] = b"\x00" * 40
    with pytest.raises(UnreadableFile):
        imports.read(write(tmp_path / "export.zip", bytes(content)))


def test_zip_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("apple_health_export/export.xml", "w") as member,
    ):
        member.write(b'<HealthData locale="x">')
        for _ in range(400):
            member.write(b" " * (1 << 20))
        member.write(b"</HealthData>")
    assert path.stat().st_size < 1 << 20
    tracemalloc.start()
    told: list[int] = []
    with pytest.raises(UnreadableFile, match="far more than an export"):
        imports.read(path, lambda done, _total: told.append(done))
    assert tracemalloc.get_traced_memory()[1] < 10 << 20
    tracemalloc.stop()
    assert told[-1] < 110 << 20


@pytest.mark.parametrize("factor", [0.5, 3.0])
def test_zip_that_lies_about_its_size(tmp_path: Path, factor: float) -> None:
    path = zipped(tmp_path / "export.zip", SOUND)
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, int(len(SOUND) * factor))
    with pytest.raises(UnreadableFile, match="damaged"):
        imports.read(write(path, bytes(content)))


def test_zip_that_lies_about_its_packed_size(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", SOUND)
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, content.rfind(b"PK\x01\x02") + 20, 0x7FFFFFFF)
    with pytest.raises(UnreadableFile, match="damaged"):
        imports.read(write(path, bytes(content)))


def test_huge_directory_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", SOUND)
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, content.rfind(b"PK\x05\x06") + 12, 1 << 30)
    with pytest.raises(UnreadableFile, match="list of files"):
        imports.read(write(path, bytes(content)))


def test_names_that_climb_and_zips_within_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    inner = zipped(tmp_path / "inner.zip", SOUND).read_bytes()
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.xml", SOUND)
        archive.writestr("inner.zip", inner)
    before = sorted(tmp_path.rglob("*"))
    assert imports.read(path).read_count == 2000
    assert sorted(tmp_path.rglob("*")) == before


def test_member_without_a_name_is_left_alone(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", SOUND)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x", b"nobody's")
    content = path.read_bytes()
    at = content.rindex(b"PK\x01\x02")
    content = bytearray(content)
    content[at + 28 : at + 30] = b"\0\0"  # the name's length; its byte becomes a comment
    content[at + 32 : at + 34] = b"\1\0"
    path.write_bytes(content)
    assert "" in zipfile.ZipFile(path).namelist()
    assert imports.read(path).read_count == 2000


def test_locked_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", SOUND)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rfind(mark) + offset] |= 1
    with pytest.raises(UnsupportedFormat, match="password"):
        imports.read(write(path, bytes(content)))


LAUGHS = (
    '<!DOCTYPE HealthData [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<HealthData><Record type="&b;"/></HealthData>'
)


@pytest.mark.parametrize(
    "content",
    [
        LAUGHS,
        LAUGHS.replace("<!ENTITY", "<!entity"),
        '<!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/passwd">]><HealthData>&x;</HealthData>',
        '<!DOCTYPE HealthData SYSTEM "http://example.org/x.dtd"><HealthData></HealthData>',
        "<!DOCTYPE HealthData [<!ENTITY % p SYSTEM 'http://example.org/x'>%p;]><HealthData/>",
    ],
)
def test_entities_and_outside_documents_are_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableFile, match="entities or an outside document"):
        imports.read(write(tmp_path / "export.xml", content))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<HealthData>&undeclared;</HealthData>", "undefined entity"),
        ("<HealthData>" + "<a>" * 1000, "nested too deep"),
        ('<HealthData a="' + "x" * (12 << 20) + '"/>', "millions of bytes"),
        ("<HealthData>" + "<Record/>" * 3, "no element found"),
        ('<HealthData><Record a="1" a="2"/></HealthData>', "duplicate attribute"),
    ],
)
def test_unsound_xml(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        imports.read(write(tmp_path / "export.xml", content))


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    content = document(record(T0, T1, "5", source="Käthe")).encode("latin-1")
    with pytest.raises(UnreadableFile, match="invalid token"):
        imports.read(write(tmp_path / "export.xml", content))


def test_endless_prologue_is_not_gathered(tmp_path: Path) -> None:
    content = b"<HealthData>"[:11] + b"-" * (4 << 20) + b"<HealthData></HealthData>"
    path = write(tmp_path / "export.xml", b"<!-- <HealthData -->" + content)
    with pytest.raises(BackstrideError):
        imports.read(path)


def test_countless_types_are_counted_together(tmp_path: Path) -> None:
    parts = [record(T0, T1, "1", kind=f"kind{n}") for n in range(5000)]
    got = imports.read(write(tmp_path / "export.xml", document(*parts)))
    assert got.skipped_count == 5000
    assert len(got.skipped_counts) <= 1001


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_mutated_files_give_an_import_or_our_own_error(tmp_path: Path, data: st.DataObject) -> None:
    names = ["apple-dogsheep/export.zip", "apple-tdda/export.xml", "apple-dogsheep/route.gpx"]
    content = bytearray(sample_data.path(data.draw(st.sampled_from(names))).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    path = write(tmp_path / "mutated", bytes(content))
    try:
        imports.detect(path)
        got = imports.read(path)
    except BackstrideError:
        return  # any other error fails the test
    assert got.samples["start"].null_count() == 0


def test_a_zip64_record_that_says_more_than_the_plain_one(tmp_path: Path) -> None:
    """The standard library believes the zip64 record: so does the guard before it."""
    content = zipped(tmp_path / "export.zip", SOUND).read_bytes()
    at = content.rfind(b"PK\x05\x06")
    lie = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 1 << 40, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    path = write(tmp_path / "export.zip", content[:at] + lie + locator + content[at:])
    with pytest.raises(UnreadableFile, match="list of files"):
        imports.read(path)


def test_many_small_bombs_are_one_large_one(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", SOUND)
        for n in range(3000):
            archive.writestr(f"{n}.gpx", b"<gpx>" + b" " * (1 << 16))
    with containers.opened(path) as files, pytest.raises(UnreadableFile, match="far more"):
        sum(len(files.whole(name)) for name in files.names)
