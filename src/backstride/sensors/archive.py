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

from backstride import zips
from backstride.errors import UnreadableFile
from backstride.words import say

CHUNK_BYTES = 1 << 20
PART_BYTES = 1 << 14
MAX_DIRECTORY = 1 << 16  # bytes: a recording has about ten members
MAX_BYTES = 4 << 30  # the memory of the largest device
BROKEN = zips.BROKEN


def members(path: Path) -> dict[str, zipfile.ZipInfo] | None:
    """The members by name, or None for what is no sound zip with a small directory."""
    with path.open("rb") as file:
        directory = zips.directory_bytes(file)
    if directory is None or directory > MAX_DIRECTORY:
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
    except BROKEN:
        return None
    by_name = {info.filename: info for info in listed}
    return by_name if len(by_name) == len(listed) else None


def check_size(path: Path, info: zipfile.ZipInfo) -> None:
    """Raises UnreadableFile for a member that says it is larger than any recording."""
    packed = min(info.compress_size, path.stat().st_size)
    if zips.is_bomb(info.file_size, packed) or info.file_size > MAX_BYTES:
        raise UnreadableFile(
            path,
            say(
                "{part} would unpack to {size:,} bytes, which no recording has",
                part=info.filename,
                size=info.file_size,
            ),
            say("Download it from the device again."),
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
