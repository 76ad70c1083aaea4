"""Compiled pieces of XML, straight from its bytes: names, quoted values, entities, characters.

Positions are in a buffer that is followed by at least `PAD` zero bytes: zero is no character
of XML, so that loops end there. Nothing checks bounds but that.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from backstride.kernels import part

PAD = 32

Bytes = NDArray[np.uint8]
Int = Any  # of NumPy or of Python: compiled, both are 64 bits


def _load(bits: Int) -> Any:
    """A function of an array of bytes and a position: `bits` bits from there."""

    @intrinsic
    def load(_context: Any, array: Any, at: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, values[0]).data
            there = builder.gep(data, [values[1]])
            there = builder.bitcast(there, ir.IntType(bits).as_pointer())
            return builder.load(there, align=1)

        return getattr(types, f"uint{bits}")(array, at), emit

    return load


word = _load(64)
byte = _load(8)


def eight(character: str) -> np.uint64:
    return np.uint64(int.from_bytes(character.encode() * 8, "little"))


def packed(text: str) -> np.uint64:
    """The first eight characters as `word` gives them, zeros where there are fewer."""
    return np.uint64(int.from_bytes(text.encode()[:8].ljust(8, b"\0"), "little"))


_ONES, _HIGH = eight("\x01"), np.uint64(0x8080808080808080)
_SPACES, _QUOTES, _AMPS, _LESSES = eight(" "), eight('"'), eight("&"), eight("<")
KEEP = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)  # the first n bytes of 8

_NAME = np.zeros(256, dtype=np.uint8)  # 1: within a name, 2: also as its first
for _c in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_":
    _NAME[_c] = 2
_NAME[48:58] = 1

_LT, GT, _AMP = (packed(n) for n in ("&lt;", "&gt;", "&amp;"))
_QUOT, _APOS = packed("&quot;"), packed("&apos;")


@part
def special_from(buffer: Bytes, at: Int) -> Int:
    """The first byte from `at` on that is no plain ASCII: `"`, `&`, `<`, a control, or 128 on."""
    while True:
        w = word(buffer, at)
        quote, amp, less = w ^ _QUOTES, w ^ _AMPS, w ^ _LESSES
        # A byte's high bit is set where subtracting borrows: exact for the lowest such byte.
        hits = (quote - _ONES) & ~quote | (amp - _ONES) & ~amp | (less - _ONES) & ~less
        hits = (hits | (w - _SPACES) & ~w | w) & _HIGH
        if hits != np.uint64(0):
            below = (hits & (~hits + np.uint64(1))) - np.uint64(1)
            return at + np.int64(((below & _ONES) * _ONES) >> np.uint64(56)) - 1
        at += 8


@part
def character(buffer: Bytes, at: Int) -> Int:
    """The bytes of the UTF-8 character at `at`, which is not ASCII; 0 for one that isn't sound."""
    first, second = np.int64(byte(buffer, at)), np.int64(byte(buffer, at + 1))
    low, high, length = 0x80, 0xBF, 0
    if 0xC2 <= first <= 0xDF:
        length = 2
    elif 0xE0 <= first <= 0xEF:
        length = 3
        low = 0xA0 if first == 0xE0 else 0x80
        high = 0x9F if first == 0xED else 0xBF  # no surrogates
    elif 0xF0 <= first <= 0xF4:
        length = 4
        low = 0x90 if first == 0xF0 else 0x80
        high = 0x8F if first == 0xF4 else 0xBF
    if length == 0 or second < low or second > high:
        return 0
    for k in range(2, length):
        if np.int64(byte(buffer, at + k)) & 0xC0 != 0x80:
            return 0
    if first == 0xEF and second == 0xBF and byte(buffer, at + 2) > 0xBD:
        return 0  # U+FFFE and U+FFFF are no characters of XML
    return length


@part
def digit(buffer: Bytes, at: Int) -> Int:
    """The value of a hexadecimal digit, or 16."""
    c = np.int64(byte(buffer, at))
    if 48 <= c <= 57:
        return c - 48
    lower = c | 32
    return lower - 87 if 97 <= lower <= 102 else 16


@part
def reference(buffer: Bytes, at: Int) -> Int:
    """The bytes of `&#10;` or `&#xA;` at `at` where it means a character of XML, else 0."""
    base, i = 10, at + 2
    if byte(buffer, i) == 120:  # 'x'
        base, i = 16, i + 1
    first, code = i, 0
    value = digit(buffer, i)
    while value < base and i - first < 7:
        code = code * base + value
        i += 1
        value = digit(buffer, i)
    if i == first or byte(buffer, i) != 59:  # ';'
        return 0
    control = code < 32 and code != 9 and code != 10 and code != 13
    surrogate = 0xD800 <= code <= 0xDFFF
    if control or surrogate or code == 0xFFFE or code == 0xFFFF or code > 0x10FFFF:
        return 0
    return i + 1 - at


@part
def entity(buffer: Bytes, at: Int) -> Int:
    """The bytes of the reference that begins at `at` with `&`; 0 for one that isn't sound."""
    w = word(buffer, at)
    four = w & KEEP[4]
    if four == _LT or four == GT:  # noqa: SIM109
        return 4
    if w & KEEP[5] == _AMP:
        return 5
    six = w & KEEP[6]
    if six == _QUOT or six == _APOS:  # noqa: SIM109
        return 6
    if byte(buffer, at + 1) == 35:  # '#'
        return reference(buffer, at)
    return 0


@part
def value_end(buffer: Bytes, at: Int) -> tuple[Int, bool]:
    """Where the value that begins at `at` has its closing quote, or -1 - where it isn't sound.

    Also whether it is special: holds an entity or a tab or line end, so that it means other
    than what stands there.
    """
    special = False
    while True:
        at = special_from(buffer, at)
        c = byte(buffer, at)
        if c == 34:
            return at, special
        length = 0
        if c >= 128:
            length = character(buffer, at)
        elif c == 38:
            special = True
            length = entity(buffer, at)
        elif c == 9 or c == 10 or c == 13:
            special = True
            length = 1
        if length == 0:
            return -1 - at, special
        at += length


@part
def name_end(buffer: Bytes, at: Int) -> Int:
    """Where the name that begins at `at` ends; `at` itself where none begins."""
    if _NAME[byte(buffer, at)] != 2:
        return at
    at += 1
    while _NAME[byte(buffer, at)] != 0:
        at += 1
    return at


@part
def spaces_end(buffer: Bytes, at: Int) -> Int:
    """The first byte from `at` on that is no whitespace."""
    c = byte(buffer, at)
    while c == 32 or c == 10 or c == 13 or c == 9:
        at += 1
        c = byte(buffer, at)
    return at
