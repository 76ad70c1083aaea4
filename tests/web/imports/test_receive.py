"""Bytes come in once, whole, and no larger than allowed."""

from __future__ import annotations

import errno
import hashlib
import os
from io import BytesIO

import pytest

from backstride.errors import UnreadableFile
from backstride.web.imports import services, store
from backstride.web.imports.models import Upload
from web import helpers
from web.imports import exports


def stored(home) -> list:
    return sorted(path for path in (home / "files").rglob("*") if path.is_file())


def left_behind(home) -> list:
    return list((home / "uploads").iterdir())


def test_bytes_are_kept_under_their_own_hash(walker, own_store):
    content = exports.walks(1)
    upload, created = services.receive(walker, BytesIO(content), "export.xml")
    assert created
    assert upload.sha256 == hashlib.sha256(content).hexdigest()
    assert (upload.size, upload.state, upload.name) == (len(content), "queued", "export.xml")
    (file,) = stored(own_store)
    assert file == own_store / "files" / upload.sha256[:2] / upload.sha256
    assert file.read_bytes() == content
    assert file.stat().st_mode & 0o077 == 0
    assert left_behind(own_store) == []


def test_the_same_content_twice_is_one_upload(walker, own_store, tmp_path):
    first, _ = services.receive(walker, BytesIO(b"steps"), "a.csv")
    path = tmp_path / "renamed.csv"
    path.write_bytes(b"steps")
    second, created = services.receive(walker, path, path.name)
    assert not created
    assert second.pk == first.pk
    assert second.name == "a.csv"
    assert path.exists()  # what a person points to stays theirs
    assert len(stored(own_store)) == 1


def test_two_people_share_bytes_but_not_rows(walker, own_store):
    other = helpers.make_user("other@example.org")
    mine, _ = services.receive(walker, BytesIO(b"steps"), "mine.csv")
    theirs, created = services.receive(other, BytesIO(b"steps"), "theirs.csv")
    assert created
    assert mine.pk != theirs.pk
    assert len(stored(own_store)) == 1
    services.delete(mine)
    assert len(stored(own_store)) == 1
    services.delete(theirs)
    assert stored(own_store) == []


def test_a_file_beyond_the_limit_leaves_nothing(walker, own_store, settings):
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(store.TooLarge, match=r"big\.zip: larger than"):
        services.receive(walker, BytesIO(b"x" * 11), "big.zip")
    assert stored(own_store) == left_behind(own_store) == []
    assert not Upload.objects.exists()


def test_a_full_disk_is_said_and_leaves_nothing(walker, own_store, monkeypatch):
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(store.DiskFull, match="no room left"):
        services.receive(walker, BytesIO(b"steps"), "a.csv")
    assert stored(own_store) == left_behind(own_store) == []
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Wanda\\export.zip", "export.zip"),
        ("a\x00b\x1b[31m.gpx", "ab[31m.gpx"),
        ("", "file without a name"),
        ("x" * 4000, "x" * 200),
    ],
)
def test_names_are_only_ever_shown(walker, given, kept):
    upload, _ = services.receive(walker, BytesIO(given.encode() + b"."), given)
    assert upload.name == kept


def test_a_path_that_is_no_file(walker, tmp_path):
    with pytest.raises(UnreadableFile, match="not a file"):
        services.receive(walker, tmp_path, "folder")
    with pytest.raises(UnreadableFile, match="can't be opened"):
        services.receive(walker, tmp_path / "nothing.zip", "nothing.zip")


def test_what_was_refused_is_read_again_when_brought_again(walker):
    upload, _ = services.receive(walker, BytesIO(b"no known kind"), "a.txt")
    services.process(upload)
    assert upload.state == "refused"
    again, created = services.receive(walker, BytesIO(b"no known kind"), "a.txt")
    assert not created
    assert (again.pk, again.state, again.error) == (upload.pk, "queued", "")


def test_only_old_strays_are_swept(walker, own_store):
    kept, _ = services.receive(walker, BytesIO(b"steps"), "a.csv")
    strays = [
        own_store / "uploads" / "half.coming",
        own_store / "files" / "ab" / ("ab" * 32),
        store.samples_of(999),
    ]
    for stray in strays:
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(b"half")
    services.requeue_interrupted(lambda _id: None)
    assert all(stray.exists() for stray in strays)  # may be in the making
    old = 25 * 3600
    for file in [*strays, store.file_of(kept.sha256)]:
        os.utime(file, (file.stat().st_mtime - old,) * 2)
    services.requeue_interrupted(lambda _id: None)
    assert not any(stray.exists() for stray in strays)
    assert store.file_of(kept.sha256).exists()
