"""What both readers of zips, of recordings and of exports, ask before they trust one."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO

# What the standard library raises over damaged, locked and forged zips.
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

# Real exports deflate about 10 to 40 times, recordings 2 to 20; deflate can reach 1,032.
MAX_RATIO = 200
RATIO_CHECKED_FROM = 32 << 20

_END = struct.Struct("<4s4H2LH")
_END_MARK, _ZIP64_MARK = b"PK\x05\x06", b"PK\x06\x06"
_ZIP64_BYTES = 56 + 20  # the record and its locator, which stand before the end's own
_COMMENT = 0xFFFF


def is_zip(head: bytes) -> bool:
    """Whether the first bytes are those of a zip, be it an empty one."""
    return head.startswith((b"PK\x03\x04", _END_MARK))


def first_name(head: bytes) -> bytes:
    """The name of a zip's first member, as its local header at the file's start has it."""
    return head[30 : 30 + int.from_bytes(head[26:28], "little")]


def directory_bytes(file: IO[bytes]) -> int | None:
    """How large a zip says its list of members is, None where its end is missing.

    To be asked before the directory is read: its names alone could fill the memory. A zip64
    record overrules the plain one, as it does for the standard library.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _COMMENT - _END.size - _ZIP64_BYTES))
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        return None
    said: int = _END.unpack_from(tail, at)[5]
    big = tail.rfind(_ZIP64_MARK, 0, at)
    if 0 <= big <= len(tail) - 48:
        said = max(said if said != 0xFFFFFFFF else 0, *struct.unpack_from("<Q", tail, big + 40))
    return said


def is_bomb(unpacked: int, packed: int) -> bool:
    """Whether `packed` bytes came to more than a real file's ever do."""
    return unpacked > RATIO_CHECKED_FROM and unpacked > MAX_RATIO * max(1, packed)
