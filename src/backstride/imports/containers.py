"""Bytes out of a plain file or a zip, with a guard against damaged and hostile ones.

Nothing is ever unpacked to disk and no name inside a zip is used as a path, so names such
as `../../etc/passwd` and zips inside zips are just bytes that nobody reads.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from backstride.errors import UnreadableFile, UnsupportedFormat

CHUNK = 1 << 18
HEAD = 1 << 16

MAX_BYTES = 16 << 30  # four times the largest export that people report
# Real Apple exports deflate about 10 to 40 times; deflate itself can reach 1,032.
MAX_RATIO = 200
RATIO_CHECKED_FROM = 32 << 20
MAX_DIRECTORY = 32 << 20  # bytes of a zip's directory: some 300,000 names
MAX_CANDIDATES = 20

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
    struct.error,
)
_AGAIN = "Export it again, or copy it again from the phone, and bring the new file."


def head_of(path: Path) -> bytes:
    """The first 64 KB of a file. Raises UnreadableFile where it can't be opened."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise UnreadableFile(path, f"can't be opened: {error.strerror}") from error


def is_zip(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def find_member(path: Path, matches: Callable[[bytes], bool]) -> str | None:
    """The name of the largest XML in a zip whose first 64 KB satisfy `matches`, or None."""
    with _archive(path) as archive:
        listed = [i for i in archive.infolist() if i.filename.lower().endswith(".xml")]
        # The export is by far the largest; few others are worth opening.
        listed.sort(key=lambda info: info.file_size, reverse=True)
        for info in listed[:MAX_CANDIDATES]:
            _check_member(path, info)
            try:
                with archive.open(info) as member:
                    if matches(member.read(HEAD)):
                        return info.filename
            except (*_BROKEN, OSError) as error:
                raise _damaged(path, str(error)) from error
    return None


def length(path: Path, member: str | None) -> int:
    """How many bytes `chunks` gives, as far as the file says: uncompressed bytes."""
    if member is None:
        return path.stat().st_size
    with _archive(path) as archive:
        return archive.getinfo(member).file_size


def chunks(path: Path, member: str | None) -> Iterator[bytes]:
    """The bytes of a file, or of one member of a zip, in pieces of up to 256 KB.

    Raises UnreadableFile where a zip is damaged, gives other bytes than its directory
    says, or inflates beyond what an export can.
    """
    if member is None:
        with path.open("rb") as file:
            yield from _pieces(path, file, MAX_BYTES)
        return
    with _archive(path) as archive:
        info = archive.getinfo(member)
        _check_member(path, info)
        packed = max(1, min(info.compress_size, path.stat().st_size))
        done = 0
        try:
            with archive.open(info) as stream:
                for piece in _pieces(path, stream, MAX_BYTES):
                    done += len(piece)
                    if done > RATIO_CHECKED_FROM and done > MAX_RATIO * packed:
                        raise _bomb(path, done)
                    yield piece
        except (*_BROKEN, OSError) as error:
            raise _damaged(path, f"{member} breaks off ({error})", done) from error
        if done != info.file_size:
            what = f"{member} holds {done:,} bytes where the zip says {info.file_size:,}"
            raise _damaged(path, what, done)


def _pieces(path: Path, file: IO[bytes], limit: int) -> Iterator[bytes]:
    done = 0
    while piece := file.read(CHUNK):
        done += len(piece)
        if done > limit:
            raise _bomb(path, done)
        yield piece


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    _check_directory(path)
    try:
        archive = zipfile.ZipFile(path)
    except (*_BROKEN, OSError) as error:
        raise _damaged(path, str(error)) from error
    with archive:
        yield archive


def _check_directory(path: Path) -> None:
    """Refuse a zip whose directory is missing or too large to hold in memory."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - (1 << 16) - 98))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        what = "the zip breaks off: its directory, which stands at the end, is missing"
        raise _damaged(path, what, size)
    (directory,) = struct.unpack_from("<I", tail, at + 12)
    big = tail.rfind(b"PK\x06\x06")
    if directory == 0xFFFFFFFF and 0 <= big <= len(tail) - 48:
        (directory,) = struct.unpack_from("<Q", tail, big + 40)
    if directory > MAX_DIRECTORY:
        raise UnreadableFile(
            path,
            f"a zip whose list of files takes {directory:,} bytes is no export",
            "Bring the zip as the phone made it.",
        )


def _check_member(path: Path, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 1:
        raise UnsupportedFormat(
            path, "the zip is locked with a password", "Unlock it, or export again without."
        )
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnsupportedFormat(
            path,
            f"{info.filename} is packed with a method that exports don't use",
            "Bring the zip as the phone made it.",
        )


def _damaged(path: Path, what: str, offset: int | None = None) -> UnreadableFile:
    return UnreadableFile(path, f"the zip is damaged: {what}", _AGAIN, offset)


def _bomb(path: Path, done: int) -> UnreadableFile:
    return UnreadableFile(
        path,
        "it unpacks to far more than an export can hold, so reading stopped",
        "If this is a real export, please report it with its size.",
        done,
    )
