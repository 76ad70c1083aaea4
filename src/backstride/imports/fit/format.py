"""FIT files: the messages of one file as columns, by what they are of.

After the protocol's public description and fitdecode's profile. A file is a header, messages
and a CRC, and several such may follow each other in one (chained). A definition says of what
fields the data messages of its local type consist; the fields that apps add of their own
("developer fields") are passed over by their size.

Nothing of a file is given whose messages break off or whose CRC is wrong. Garmin's own SDK and
others read the latter (GPSBabel doesn't unless told to); here the values are what matters, and a
count that was damaged on its way looks like any other. The header's own CRC isn't looked at:
watches leave it 0 or write it wrong, and the other covers the header as well. Zeros or other
filling after the end is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backstride.errors import UnreadableFile
from backstride.words import say

if TYPE_CHECKING:
    from types import ModuleType

EPOCH_S = 631_065_600  # the FIT clock starts on 1989-12-31 00:00 UTC
FIRST_DATE = 0x10000000  # below, a timestamp counts from the device's start, not from then

MAX_FIT = 64 << 20  # the longest activities known take some 10 MB
MAX_MESSAGES = 5_000_000
MAX_DEFINITIONS = 20_000  # real files have some dozens
MAX_CHAINED = 500  # files in one
MOST_TEXTS = 100

TIMESTAMP = 253
HINT = say("Export it again from the watch's app, or copy it again from the watch.")

# Base types by their low five bits: NumPy's name and the value that stands for none.
BASES: Mapping[int, tuple[str, float]] = {
    0: ("u1", 0xFF),
    1: ("i1", 0x7F),
    2: ("u1", 0xFF),
    3: ("i2", 0x7FFF),
    4: ("u2", 0xFFFF),
    5: ("i4", 0x7FFFFFFF),
    6: ("u4", 0xFFFFFFFF),
    8: ("f4", np.nan),
    9: ("f8", np.nan),
    10: ("u1", 0),
    11: ("u2", 0),
    12: ("u4", 0),
    13: ("u1", 0xFF),
    14: ("i8", 0x7FFFFFFFFFFFFFFF),
    15: ("u8", 0xFFFFFFFFFFFFFFFF),
    16: ("u8", 0),
}
TEXT = 7

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Field:
    at: int
    size: int
    base: int


@dataclass(frozen=True)
class _Definition:
    """`kind` is the message's global number, `size` its bytes without the header."""

    kind: int
    big: bool
    size: int
    fields: Mapping[int, _Field]

    @property
    def row(self) -> tuple[int, int, int]:
        """Size, the timestamp's place and its byte order, as `fit_kernels.walk` wants them."""
        stamp = self.fields.get(TIMESTAMP)
        at = stamp.at if stamp and stamp.size == 4 else -1
        return self.size, at, int(self.big)


@dataclass
class Messages:
    """All messages of one FIT file; in a chain each file is one.

    `columns` and `texts` give their fields by number; times are seconds of the FIT clock.
    """

    _data: NDArray[np.uint8]
    _definitions: list[_Definition]
    _place: NDArray[np.int32]
    _definition: NDArray[np.int32]
    _time: NDArray[np.int64]
    _groups: dict[int, list[tuple[int, NDArray[np.int64]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        in_order = np.argsort(self._definition, kind="stable")
        borders = np.flatnonzero(np.diff(self._definition[in_order])) + 1
        for which in np.split(in_order, borders):
            if len(which):
                number = int(self._definition[which[0]])
                kind = self._definitions[number].kind
                self._groups.setdefault(kind, []).append((number, which))

    @property
    def defined(self) -> int:
        return len(self._definitions)

    def count(self, kind: int) -> int:
        return sum(len(which) for _, which in self._groups.get(kind, []))

    def columns(self, kind: int, *fields: int) -> tuple[NDArray[np.int64], Floats, list[Floats]]:
        """The messages of a kind, in the file's order: their places in it, times and fields.

        Raw values, NaN where one is missing or marked as none; of a field with several values
        the first. A time is -1 where a message has none.
        """
        parts = [self._part(number, which, fields) for number, which in self._groups.get(kind, [])]
        if not parts:
            return np.empty(0, np.int64), np.empty(0), [np.empty(0) for _ in fields]
        order = np.concatenate([which for _, which in self._groups[kind]])
        table = np.concatenate(parts, axis=1)
        if len(parts) > 1:
            sorting = np.argsort(order, kind="stable")
            order, table = order[sorting], table[:, sorting]
        return order, self._time[order].astype(np.float64), list(table)

    def _part(self, number: int, which: NDArray[np.int64], fields: tuple[int, ...]) -> Floats:
        made = self._definitions[number]
        places = self._place[which]
        table = np.full((len(fields), len(which)), np.nan)
        for row, wanted in enumerate(fields):
            found = made.fields.get(wanted)
            name, none = BASES.get(found.base, ("", 0.0)) if found else ("", 0.0)
            width = int(name[1:]) if name else 0
            if not found or not name or found.size < width:
                continue
            kind = np.dtype(name).newbyteorder(">" if made.big else "<")
            raw = self._data[places[:, None] + np.arange(found.at, found.at + width)]
            raw = raw.view(kind)[:, 0]
            table[row] = np.where(raw == none, np.nan, raw)
        return table

    def last_list(self, kind: int, wanted: int) -> list[float]:
        """All values of a field of the last message of a kind, raw."""
        for made, place in self._some(kind, slice(-1, None)):
            own = made.fields.get(wanted)
            if own is not None and own.base in BASES:
                number = np.dtype(BASES[own.base][0]).newbyteorder(">" if made.big else "<")
                count = own.size // number.itemsize
                content = self._data[place + own.at : place + own.at + count * number.itemsize]
                values: list[float] = np.frombuffer(content.tobytes(), number).tolist()
                return values
        return []

    def texts(self, kind: int, wanted: int) -> list[str]:
        """A text field of the first messages of a kind, "" where one has none."""
        found = []
        for made, place in self._some(kind, slice(MOST_TEXTS)):
            own = made.fields.get(wanted)
            if own is None or own.base != TEXT:
                found.append("")
                continue
            content = self._data[place + own.at : place + own.at + own.size].tobytes()
            found.append(content.partition(b"\0")[0].decode("utf-8", "replace").strip())
        return found

    def _some(self, kind: int, which: slice) -> Iterator[tuple[_Definition, int]]:
        groups = [numbers for _, numbers in self._groups.get(kind, [])]
        for number in np.sort(np.concatenate(groups))[which] if groups else ():
            yield self._definitions[self._definition[number]], int(self._place[number])


def is_fit(head: bytes) -> bool:
    """Whether the first bytes are those of a FIT file."""
    return len(head) >= 12 and head[8:12] == b".FIT" and 12 <= head[0] < 64


def messages_of(content: bytes, path: Path, name: str = "") -> list[Messages]:
    """The messages of each FIT file in a chain, mostly of one.

    Raises UnreadableFile, with the byte, where any of it is damaged or cut off; `path` and
    `name` (of a part of a zip) are for that.
    """
    # Here: Numba takes a fifth of a second that other commands needn't wait for.
    from backstride.imports.fit import kernels as fit_kernels

    data, at = np.frombuffer(content, np.uint8), 0
    chain: list[Messages] = []
    allowed = MAX_DEFINITIONS
    try:
        while at < len(content) or not chain:
            if len(chain) >= MAX_CHAINED:
                raise _Damage(say("more than {most} files are chained in it", most=MAX_CHAINED), at)
            end = _end_of(content, at)
            chain.append(_messages(content, data, at + content[at], end, allowed, fit_kernels))
            allowed -= chain[-1].defined
            crc = int.from_bytes(content[end : end + 2], "little")
            if fit_kernels.checksum(data, at, end) != crc:
                raise _Damage(say("its checksum is wrong, so something in it was changed"), end)
            at = end + 2
            if len(set(content[at:])) == 1:  # what some watches fill their files up with
                break
    except _Damage as damage:
        part = f"{name}: " if name else ""
        what = say("{part}the FIT file is damaged: {what}", part=part, what=damage.what)
        raise UnreadableFile(path, what, HINT, damage.offset) from damage
    return chain


class _Damage(Exception):
    def __init__(self, what: str, offset: int) -> None:
        super().__init__(what)
        self.what = what
        self.offset = offset


def _end_of(content: bytes, at: int) -> int:
    """Where the messages of the file whose header stands at `at` end, and its CRC begins."""
    if not is_fit(content[at : at + 12]):
        not_fit, more = say("it is no FIT file"), say("what follows its end is no FIT file")
        what = not_fit if at == 0 else more
        raise _Damage(what, at)
    size = int.from_bytes(content[at + 4 : at + 8], "little")
    end = at + content[at] + size
    if size == 0:
        raise _Damage(say("it holds nothing; the watch never closed it"), at + 4)
    if end + 2 > len(content):
        missing = end + 2 - len(content)
        raise _Damage(say("it breaks off, {n:,} bytes before its end", n=missing), len(content))
    return end


def _messages(
    content: bytes,
    data: NDArray[np.uint8],
    at: int,
    end: int,
    allowed: int,
    kernels: ModuleType,
) -> Messages:
    room = min((end - at) // 2 + 1, MAX_MESSAGES)
    place, number = np.empty(room, np.int32), np.empty(room, np.int32)
    time = np.empty(room, np.int64)
    local = np.full((kernels.KINDS, 4), -1, np.int64)
    state = np.array([0, -1, 0], np.int64)
    definitions: list[_Definition] = []
    while at < end:
        at = kernels.walk(data, at, end, local, state, place, number, time)
        if state[2] == kernels.DEFINITION:
            if len(definitions) >= allowed:
                raise _Damage(
                    say("it defines more than {most:,} kinds of messages", most=MAX_DEFINITIONS), at
                )
            length = _definition_length(content, at, end)
            made = _definition(content[at : at + length])
            local[content[at] & 0xF] = (len(definitions), *made.row)
            definitions.append(made)
            at += length
        elif state[2] == kernels.UNDEFINED:
            raise _Damage(say("a message in it is of a kind that it doesn't define"), at)
        elif state[2] == kernels.FULL:
            raise _Damage(say("it holds more messages than any watch writes"), at)
        elif state[2] == kernels.BREAKS_OFF:
            raise _Damage(say("its last message breaks off"), at)
    count = int(state[0])
    place, number, time = place[:count].copy(), number[:count].copy(), time[:count].copy()
    return Messages(data, definitions, place, number, time)


def _definition_length(content: bytes, at: int, end: int) -> int:
    """Bytes of a definition: header, reserved, byte order, kind (2), fields by their three."""
    length = 6 + 3 * content[at + 5] if at + 6 <= end else 6
    if content[at] & 0x20:  # followed by the count of developer fields, and these
        length += 1 + (3 * content[at + length] if at + length < end else 0)
    if at + length > end:
        raise _Damage(say("a definition in it breaks off"), at)
    return length


@lru_cache(maxsize=4096)  # the files of one watch say the same again and again
def _definition(content: bytes) -> _Definition:
    big, count = content[2] == 1, content[5]
    at, fields = 0, {}
    told = (content[6 + place : 6 + 3 * count : 3] for place in range(3))
    for number, size, base in zip(*told, strict=True):
        fields[number] = _Field(at, size, base & 0x1F)
        at += size
    at += sum(content[7 + 3 * count + 1 :: 3])  # developer fields
    kind = int.from_bytes(content[3:5], "big" if big else "little")
    return _Definition(kind, big, at, fields)
