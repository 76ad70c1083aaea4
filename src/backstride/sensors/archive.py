"""One member of a small zip as a stream, with a guard against damaged and hostile ones.

Nothing is unpacked to disk and no name inside is used as a path.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from backstride.errors import UnreadableFile

CHUNK_BYTES = 1 << 20
PART_BYTES = 1 << 14
MAX_DIRECTORY = 1 << 16  # bytes: a recording has about ten members
MAX_RATIO = 200  # real recordings deflate 2 to 20 times; deflate itself can reach 1,032
RATIO_CHECKED_FROM = 32 << 20
MAX_BYTES = 4 << 30  # the memory of the largest device
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
    struct.error,
    OSError,
)
_END = struct.Struct("<4s4H2LH")
_END_MARK, _ZIP64_MARK = b"PK\x05\x06", b"PK\x06\x07"


def members(path: Path) -> dict[str, zipfile.ZipInfo] | None:
    """The members by name, or None for what is no sound zip with a small directory."""
    if not _has_small_directory(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
    except BROKEN:
        return None
    by_name = {info.filename: info for info in listed}
    return by_name if len(by_name) == len(listed) else None


def _has_small_directory(path: Path) -> bool:
    """Looked at before the directory is read: its names alone could fill the memory."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _END.size - 0xFFFF - 20))
        tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size or _ZIP64_MARK in tail[max(0, at - 20) : at]:
        return False
    return bool(_END.unpack_from(tail, at)[5] <= MAX_DIRECTORY)


def check_size(path: Path, info: zipfile.ZipInfo) -> None:
    """Raises UnreadableFile for a member that says it is larger than any recording."""
    packed = max(1, min(info.compress_size, path.stat().st_size))
    is_bomb = info.file_size > RATIO_CHECKED_FROM and info.file_size > MAX_RATIO * packed
    if is_bomb or info.file_size > MAX_BYTES:
        raise UnreadableFile(
            path,
            f"{info.filename} would unpack to {info.file_size:,} bytes, which no recording has",
            "Download it from the device again.",
        )


def chunks(path: Path, info: zipfile.ZipInfo, most: int = MAX_BYTES) -> Iterator[bytes]:
    """The member's bytes in pieces of about 1 MB, `most` in all, and no more than the zip says.

    Raises one of `BROKEN` where the zip is damaged, locked or packed in a way that recordings
    aren't, after it has given what comes before the damage.
    """
    held: list[bytes] = []
    broken: Exception | None = None
    parts = _unpacked(path, info, min(most, info.file_size))
    while True:
        try:
            part = next(parts, None)
        except BROKEN as error:
            part, broken = None, error
        if part is not None:
            held.append(part)
        if held and (part is None or sum(map(len, held)) >= CHUNK_BYTES):
            yield b"".join(held)
            held = []
        if part is None:
            break
    if broken is not None:
        raise broken


def _unpacked(path: Path, info: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """Small pieces, so that little is lost where the packing is damaged."""
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("locked, or packed in an unusual way")
    with path.open("rb") as file:
        file.seek(info.header_offset)
        local = file.read(30)
        if len(local) < 30 or not local.startswith(b"PK\x03\x04"):
            raise zipfile.BadZipFile("no member where the directory says")
        name_bytes, extra_bytes = struct.unpack_from("<HH", local, 26)
        file.seek(info.header_offset + 30 + name_bytes + extra_bytes)
        is_packed = info.compress_type == zipfile.ZIP_DEFLATED
        parts = _inflated(file, most) if is_packed else _copied(file, most)
        crc, done = 0, 0
        for part in parts:
            crc, done = zlib.crc32(part, crc), done + len(part)
            yield part
    if done < most or (done == info.file_size and crc != info.CRC):
        raise zipfile.BadZipFile("it isn't what the directory says")


def _copied(file: BinaryIO, most: int) -> Iterator[bytes]:
    while most > 0 and (part := file.read(min(most, PART_BYTES))):
        yield part
        most -= len(part)


def _inflated(file: BinaryIO, most: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while most > 0 and not inflate.eof:
        packed = inflate.unconsumed_tail or file.read(PART_BYTES)
        part = inflate.decompress(packed, min(most, CHUNK_BYTES))
        if not part and not packed:
            return
        yield part
        most -= len(part)


def first_name(head: bytes) -> str:
    """The name of a zip's first member, as its local header at the file's start has it."""
    length = int.from_bytes(head[26:28], "little")
    return head[30 : 30 + length].decode("latin-1")
