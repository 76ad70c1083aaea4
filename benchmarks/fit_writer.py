"""A small writer of FIT files, for benchmarks and tests: definitions, data messages, CRC."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import datetime

EPOCH_S = 631_065_600  # 1989-12-31 00:00 UTC

# Base types: code, struct's letter, the value that stands for none.
BASES = {
    "enum": (0x00, "B", 0xFF),
    "sint8": (0x01, "b", 0x7F),
    "uint8": (0x02, "B", 0xFF),
    "sint16": (0x83, "h", 0x7FFF),
    "uint16": (0x84, "H", 0xFFFF),
    "sint32": (0x85, "i", 0x7FFFFFFF),
    "uint32": (0x86, "I", 0xFFFFFFFF),
    "uint32z": (0x8C, "I", 0),
    "byte": (0x0D, "B", 0xFF),
    "float32": (0x88, "f", float("nan")),
}
KINDS = 16


def seconds(at: datetime) -> int:
    """An instant on the FIT clock."""
    return int(at.timestamp()) - EPOCH_S


@dataclass(frozen=True)
class Message:
    """A kind of message: its global number and fields as (number, base type).

    A base type is a name of `BASES`, with a count for several values ("uint16*2"), or
    "string*20" for a text of up to 19 bytes. `developer` is the size of a developer field.
    """

    kind: int
    fields: tuple[tuple[int, str], ...]
    big: bool = False
    developer: int = 0

    @property
    def packing(self) -> struct.Struct:
        letters = ""
        for _, base in self.fields:
            name, _, count = base.partition("*")
            letters += f"{count}s" if name == "string" else BASES[name][1] * int(count or 1)
        return struct.Struct((">" if self.big else "<") + letters + f"{self.developer}x")

    @property
    def empty(self) -> list[float]:
        none = []
        for _, base in self.fields:
            name, _, count = base.partition("*")
            none += [BASES[name][2]] * int(count or 1) if name != "string" else [b""]
        return none

    def definition(self, local: int) -> bytes:
        told = b""
        for number, base in self.fields:
            name, _, count = base.partition("*")
            letter, code = ("B", 0x07) if name == "string" else (BASES[name][1], BASES[name][0])
            told += bytes([number, struct.calcsize("<" + letter) * int(count or 1), code])
        order = ">" if self.big else "<"
        head = struct.pack(f"{order}BBBHB", 0x40, 0, int(self.big), self.kind, len(self.fields))
        own = bytes([1, 0, self.developer, 0]) if self.developer else b""
        flags = 0x40 | local | (0x20 if self.developer else 0)
        return bytes([flags]) + head[1:] + told + own


@dataclass
class FitWriter:
    """One FIT file. `write` adds a message, `finish` gives its bytes."""

    body: bytearray = field(default_factory=bytearray)
    _local: dict[Message, tuple[int, struct.Struct, list[float]]] = field(default_factory=dict)

    def write(self, message: Message, *values: float | bytes | None) -> None:
        """Add a message; None is written as the base type's mark of no value."""
        known = self._local.get(message)
        if known is None:
            known = self._define(message)
        local, packing, empty = known
        told = [none if value is None else value for value, none in zip(values, empty, strict=True)]
        self.body.append(local)
        self.body += packing.pack(*told)

    def compressed(self, message: Message, offset: int, *values: float) -> None:
        """Add a message whose time is the low five bits in its header."""
        local, packing, _ = self._local.get(message) or self._define(message)
        self.body.append(0x80 | (local << 5) | (offset & 0x1F))
        self.body += packing.pack(*values)

    def _define(self, message: Message) -> tuple[int, struct.Struct, list[float]]:
        local = len(self._local) % KINDS
        for old in [old for old, (place, _, _) in self._local.items() if place == local]:
            del self._local[old]
        self.body += message.definition(local)
        self._local[message] = made = (local, message.packing, message.empty)
        return made

    def finish(self) -> bytes:
        return whole(bytes(self.body))


def whole(body: bytes, *, header: int = 14) -> bytes:
    """Messages with the header before and the CRC after them."""
    head = struct.pack("<BBHI4s", header, 0x20, 2140, len(body), b".FIT")
    if header == 14:
        head += struct.pack("<H", crc(head))
    return head + body + struct.pack("<H", crc(head + body))


TABLE = [0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401]
TABLE += [0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400]
BYTE_TABLE = []
for _byte in range(256):
    _crc = 0
    for _nibble in (_byte & 0xF, _byte >> 4):
        _crc = (_crc >> 4) ^ TABLE[_crc & 0xF] ^ TABLE[_nibble]
    BYTE_TABLE.append(_crc)


def crc(content: bytes) -> int:
    """The protocol's CRC-16, from its table of nibbles."""
    value = 0
    for byte in content:
        value = (value >> 8) ^ BYTE_TABLE[(value ^ byte) & 0xFF]
    return value


FILE_ID = Message(
    0, ((3, "uint32z"), (4, "uint32"), (1, "uint16"), (2, "uint16"), (5, "uint16"), (0, "enum"))
)
DEVICE_INFO = Message(
    23, ((253, "uint32"), (3, "uint32z"), (2, "uint16"), (4, "uint16"), (5, "uint16"), (0, "uint8"))
)
SPORT = Message(12, ((0, "enum"), (1, "enum"), (3, "string*16")))
RECORD = Message(
    20,
    (
        (253, "uint32"), (0, "sint32"), (1, "sint32"), (5, "uint32"), (73, "uint32"),
        (78, "uint32"), (87, "uint16"), (39, "uint16"), (83, "uint16"), (85, "uint16"),
        (3, "uint8"), (4, "uint8"), (13, "sint8"), (42, "enum"), (53, "uint8"),
    ),
)  # fmt: skip
SESSION = Message(
    18,
    (
        (253, "uint32"), (2, "uint32"), (7, "uint32"), (8, "uint32"), (9, "uint32"),
        (10, "uint32"), (254, "uint16"), (11, "uint16"), (5, "enum"), (6, "enum"),
    ),
)  # fmt: skip
MONITORING_INFO = Message(
    103, ((253, "uint32"), (0, "uint32"), (3, "uint16*2"), (5, "uint16"), (1, "enum*2"))
)
COUNTS = Message(
    55, ((253, "uint32"), (2, "uint32"), (3, "uint32"), (4, "uint32"), (19, "uint16"), (5, "enum"))
)
COUNTS_16 = Message(
    55, ((2, "uint32"), (3, "uint32"), (4, "uint32"), (26, "uint16"), (19, "uint16"), (5, "enum"))
)
HEART_16 = Message(55, ((26, "uint16"), (27, "uint8")))
ACTIVITY_16 = Message(55, ((26, "uint16"), (24, "byte")))
RESTING_HEART = Message(211, ((253, "uint32"), (0, "uint8"), (1, "uint8")))
STRESS = Message(227, ((1, "uint32"), (0, "sint16")))

GARMIN, FENIX_5, FR_235, VIVOFIT = 1, 2697, 2431, 1837
WALKING, RUNNING, CYCLING = 11, 1, 2  # sports
MONITORED_WALKING, MONITORED_RUNNING, MONITORED_SITTING = 6, 1, 8


def started(kind: int, at: int, product: int = FENIX_5, serial: int = 77) -> FitWriter:
    """A file that names its kind (4 activity, 32 monitoring) and the watch."""
    fit = FitWriter()
    fit.write(FILE_ID, serial, at, GARMIN, product, None, kind)
    fit.write(DEVICE_INFO, at, serial, GARMIN, product, 1100, 0)
    return fit
