"""One file to another that is broken, or forged, in one to four ways; the same for each seed."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence

MOST_BYTES = 2 << 20
NUMBERS = (
    b"0", b"-1", b"1e308", b"1e999", b"-1e300", b"NaN", b"Infinity", b"null", b"true", b'""',
    b"9223372036854775808", b"-9223372036854775809", b"4294967296", b"0.0000000001",
    b"1" * 400, b"253402300800000", b"-62135596800", b"\xd9\xa1\xd9\xa2", b"1,5", b"0x10", b"[1]",
)  # fmt: skip
YEARS = (b"1601", b"2300", b"9999", b"0000", b"0001", b"1969", b"10000", b"-2024", b"2024")
CLOCKS = (b"25:61:61", b"24:00:00", b"02:30:00", b"00:00:00", b"23:59:60", b"")
PIECES = (
    b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3\x28", b'"', b"'", b"\n", b"\r\n", b",", b";",
    b"\t", b"<", b"&x;", b"]]>", b"[" * 3000, b"{" * 3000, b'{"a":' * 3000, b"<a>" * 500,
    b"<!DOCTYPE x [", b"A" * 70_000, b"\x80" * 9, b"+99:99", b"-00:00", b"Z", b"../../x",
    b"," * 60_000, b";x" * 30_000, b"\n0" * 60_000,
)  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_YEAR = re.compile(rb"(?:19|20)\d\d(?=-|/)")
_CLOCK = re.compile(rb"\d\d:\d\d(?::\d\d)?")

Mutation = Callable[[bytes, Sequence[bytes], random.Random], bytes]


def mutated(content: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """`content` broken; `others` are files to splice from."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        if content.startswith(b"PK\x03\x04") and rng.random() < 0.75:
            content = _zip(content, others, rng)
        else:
            content = _bytes(content, others, rng)
    return content[:MOST_BYTES]


def _bytes(content: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    return rng.choice(MUTATIONS)(content, others, rng)


def _span(content: bytes, rng: random.Random, most: int = 1 << 16) -> tuple[int, int]:
    start = rng.randrange(len(content) + 1)
    return start, min(len(content), start + rng.choice((1, 2, 7, 40, 400, most)))


def _flip(content: bytes, _others: Sequence[bytes], rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _noise(content: bytes, _others: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(content, rng, 64)
    return content[:start] + rng.randbytes(end - start) + content[end:]


def _cut(content: bytes, _others: Sequence[bytes], rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[at:] if rng.random() < 0.15 else content[:at]


def _delete(content: bytes, _others: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:start] + content[end:]


def _repeat(content: bytes, _others: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:start] + content[start:end] * rng.choice((2, 2, 3, 50, 400)) + content[end:]


def _insert(content: bytes, _others: Sequence[bytes], rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.choice(PIECES) + content[at:]


def _splice(content: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(others) if others else content
    start, end = _span(other, rng)
    if rng.random() < 0.3:
        return content[: rng.randrange(len(content) + 1)] + other[start:]
    at = rng.randrange(len(content) + 1)
    return content[:at] + other[start:end] + content[at:]


def _tokens(pattern: re.Pattern[bytes], values: Sequence[bytes]) -> Mutation:
    def mutate(content: bytes, _others: Sequence[bytes], rng: random.Random) -> bytes:
        places = [found.span() for found in pattern.finditer(content)]
        for start, end in sorted(
            rng.sample(places, min(len(places), rng.choice((1, 1, 3, 30)))), reverse=True
        ):
            content = content[:start] + rng.choice(values) + content[end:]
        return content

    return mutate


def _lines(content: bytes, _others: Sequence[bytes], rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    first, second = (rng.randrange(len(lines)) for _ in range(2))
    match rng.randrange(4):
        case 0:
            lines[first], lines[second] = lines[second], lines[first]
        case 1:
            del lines[first]
        case 2:
            lines.insert(first, lines[second])
        case _:
            lines[first:] = lines[first:][::-1]
    return b"\n".join(lines)


def _swap(content: bytes, _others: Sequence[bytes], rng: random.Random) -> bytes:
    old, new = rng.sample((b",", b";", b"\t", b":", b'"', b"[", b"}", b"\n", b"."), 2)
    return content.replace(old, new, rng.choice((1, 3, -1)))


MUTATIONS: tuple[Mutation, ...] = (
    _flip,
    _noise,
    _cut,
    _delete,
    _repeat,
    _insert,
    _splice,
    _tokens(_NUMBER, NUMBERS),
    _tokens(_NUMBER, NUMBERS),
    _tokens(_YEAR, YEARS),
    _tokens(_CLOCK, CLOCKS),
    _lines,
    _swap,
)


def _zip(content: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """A zip with other members, made anew; or one that lies in its directory."""
    if rng.random() < 0.25:
        return _lies(content, rng)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # noqa: BLE001 - what was broken before is broken again byte by byte
        return _bytes(content, others, rng)
    if not members:
        return _bytes(content, others, rng)
    at = rng.randrange(len(members))
    name, inner = members[at]
    match rng.randrange(8):
        case 0:
            del members[at]
        case 1:
            members.insert(0, (name, mutated(inner, others, rng)))  # one name twice
        case 2:
            members[at] = (rng.choice((f"x/{name}", "../" + name, name.upper(), "x")), inner)
        case 3:
            members[at] = (name, rng.choice(members)[1])
        case _:
            members[at] = (name, mutated(inner, others, rng))
    return _zipped(members, rng)


def _zipped(members: Sequence[tuple[str, bytes]], rng: random.Random) -> bytes:
    out = io.BytesIO()
    packing = rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    with zipfile.ZipFile(out, "w", packing) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of one name twice
        for name, inner in members:
            # Never the present time: a seed gives the same bytes on any day.
            info = zipfile.ZipInfo(name.replace("\x00", "") or "x", (2024, 1, 1, 0, 0, 0))
            info.compress_type = packing
            archive.writestr(info, inner)
    return out.getvalue()


def _lies(content: bytes, rng: random.Random) -> bytes:
    """A field of the directory (flags, packing, sizes, name, place) or its end, forged."""
    changed = bytearray(content)
    entries = [found.start() for found in re.finditer(rb"PK\x01\x02", content)]
    forged = rng.choice((0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, rng.getrandbits(32)))
    if entries and rng.random() < 0.8:
        offset, shape = rng.choice(
            ((8, "<H"), (10, "<H"), (16, "<I"), (20, "<I"), (24, "<I"), (28, "<H"), (42, "<I"))
        )
        at = rng.choice(entries) + offset
    else:
        offset, shape = rng.choice(((8, "<H"), (10, "<H"), (12, "<I"), (16, "<I"), (20, "<H")))
        at = content.rfind(b"PK\x05\x06") + offset
    size = struct.calcsize(shape)
    if 0 <= at <= len(changed) - size:
        struct.pack_into(shape, changed, at, forged & (0xFFFF if size == 2 else 0xFFFFFFFF))
    return bytes(changed)
