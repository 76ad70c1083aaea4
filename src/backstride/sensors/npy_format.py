"""The layout of NumPy's `.npy` arrays, alone or in an `.npz`, read as a stream of rows.

Source: NEP 1, "A simple file format for NumPy arrays". Objects (pickles) are refused, and a
header is believed only as far as the bytes that follow it: nothing is allocated on its word.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipInfo

import numpy as np
from numpy.typing import NDArray

from backstride import zips
from backstride.errors import UnreadableFile
from backstride.sensors import archive
from backstride.words import say

MAGIC = b"\x93NUMPY"
LONGEST_HEADER = 10_000  # bytes, as NumPy itself allows
LARGEST_ITEM = 1 << 12  # bytes: a row of a structured array
CHUNK_BYTES = 4 << 20
DAMAGED = say("Save it again with numpy.save or numpy.savez.")


@dataclass(frozen=True)
class Array:
    """One array on disk: `open` gives its bytes from the start, `data_at` is where values begin."""

    path: Path
    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    is_fortran: bool
    data_at: int
    open: Callable[[], Iterator[bytes]]

    @property
    def row_bytes(self) -> int:
        return self.dtype.itemsize * math.prod(self.shape[1:])

    def rows(self, at_once: int) -> Iterator[NDArray[Any]]:
        """The array in parts of `at_once` rows, the last one of what is left.

        Raises UnreadableFile where the bytes end too early or the zip is damaged.
        """
        count = self.shape[0]
        if not (self.is_fortran and len(self.shape) == 2):
            for part in self._parts(0, count, at_once * self.row_bytes, self.row_bytes):
                yield np.frombuffer(part, self.dtype).reshape(-1, *self.shape[1:])
            return
        item = self.dtype.itemsize
        columns = [
            self._parts(column * count, count, at_once * item, item)
            for column in range(self.shape[1])
        ]
        for parts in zip(*columns, strict=True):
            yield np.column_stack([np.frombuffer(part, self.dtype) for part in parts])

    def _parts(self, first: int, count: int, size: int, row_bytes: int) -> Iterator[bytes]:
        """`count` rows from row `first` on, `size` bytes at a time."""
        skip, left = self.data_at + first * row_bytes, count * row_bytes
        held = bytearray()
        try:
            for piece in self.open():
                passed = min(skip, len(piece))
                skip -= passed
                held += piece[passed : passed + left - len(held)]
                while len(held) >= min(size, left) > 0:
                    yield bytes(held[: min(size, left)])
                    left -= min(size, left)
                    del held[:size]
                if not left:
                    return
        except archive.BROKEN as error:
            raise UnreadableFile(
                self.path, say("{name} is damaged ({error})", name=self.name, error=error), DAMAGED
            ) from error
        if left:
            raise UnreadableFile(self.path, say("{name} breaks off", name=self.name), DAMAGED)

    def scalar(self) -> Any:
        """The only value of an array of one, None for any other."""
        if math.prod(self.shape) != 1 or self.dtype.itemsize > LARGEST_ITEM:
            return None
        whole = b"".join(self._parts(0, 1, self.dtype.itemsize, self.dtype.itemsize))
        return np.frombuffer(whole, self.dtype)[0]


def open_npy(path: Path) -> Array:
    """The array of an `.npy` file. Raises UnreadableFile if its header lies or is damaged."""

    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                yield piece

    return _read_header(path, path.name, path.stat().st_size, pieces)


def open_npz(path: Path) -> dict[str, Array]:
    """The arrays of an `.npz` file by name. Raises UnreadableFile as `open_npy`."""
    members = archive.members(path)
    if members is None:
        raise UnreadableFile(path, say("the zip is damaged or breaks off"), DAMAGED)
    found = {}
    for name, member in members.items():
        archive.check_size(path, member)
        found[name.removesuffix(".npy")] = _member(path, member)
    return found


def _member(path: Path, member: ZipInfo) -> Array:
    return _read_header(
        path, member.filename, member.file_size, lambda: archive.chunks(path, member)
    )


def is_npz(path: Path, head: bytes) -> bool:
    """Whether a zip holds arrays and nothing else, or breaks off and began with one."""
    names = archive.members(path)
    if names is None:
        return zips.first_name(head).endswith(b".npy")
    return bool(names) and all(name.endswith(".npy") for name in names)


def _read_header(path: Path, name: str, size: int, pieces: Callable[[], Iterator[bytes]]) -> Array:
    head = _first_bytes(path, name, pieces, 12 + LONGEST_HEADER)
    width = 2 if head[6:7] == b"\x01" else 4
    length = int.from_bytes(head[8 : 8 + width], "little")
    data_at = 8 + width + length
    if not head.startswith(MAGIC) or head[6] not in (1, 2, 3) or data_at > len(head):
        raise UnreadableFile(path, say("{name} has no sound NumPy header", name=name), DAMAGED)
    dtype, shape, is_fortran = _described(path, name, head[8 + width : data_at])
    if dtype.hasobject:
        raise UnreadableFile(
            path, say("{name} holds Python objects, which are never loaded", name=name), DAMAGED
        )
    needed = data_at + dtype.itemsize * math.prod(shape)
    if needed > size:
        shown = " x ".join(f"{n:,}" for n in shape)
        message = say(
            "{name} promises {shown} values, {needed:,} bytes; there are {size:,}",
            name=name,
            shown=shown,
            needed=needed,
            size=size,
        )
        raise UnreadableFile(path, message, DAMAGED)
    return Array(path, name, dtype, shape, is_fortran, data_at, pieces)


def _first_bytes(path: Path, name: str, pieces: Callable[[], Iterator[bytes]], most: int) -> bytes:
    head = b""
    try:
        for piece in pieces():
            head += piece[: most - len(head)]
            if len(head) >= most:
                break
    except archive.BROKEN as error:
        raise UnreadableFile(
            path, say("{name} is damaged ({error})", name=name, error=error), DAMAGED
        ) from error
    return head.ljust(12, b"\x00")


def _described(path: Path, name: str, text: bytes) -> tuple[np.dtype[Any], tuple[int, ...], bool]:
    """(type, shape, whether columns come first) of a header's dictionary of literals."""
    try:
        said = ast.literal_eval(text.decode("utf-8").strip())
        dtype: np.dtype[Any] = np.lib.format.descr_to_dtype(said["descr"])
        shape, is_fortran = tuple(said["shape"]), bool(said["fortran_order"])
        sound = all(type(n) is int and n >= 0 for n in shape)
    except (ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise UnreadableFile(
            path, say("{name} has a damaged NumPy header", name=name), DAMAGED
        ) from error
    except (MemoryError, RecursionError) as error:  # nested without end
        raise UnreadableFile(
            path, say("{name} has a damaged NumPy header", name=name), DAMAGED
        ) from error
    if dtype.subdtype is not None or not sound or not 0 < dtype.itemsize <= LARGEST_ITEM:
        raise UnreadableFile(path, say("{name} has a damaged NumPy header", name=name), DAMAGED)
    return dtype, shape, is_fortran
