"""Numbers and instants, as Apple Health writes them, out of many spans of bytes at once."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from backstride.imports.apple_health.interned import Bytes, Ints, Words, windows

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NO_TIME = np.int64(-(2**63))
TIME = len("2024-05-01 10:00:00 +0100")
SHORT = 16  # bytes of a number that is read with all others
EXACT = 15  # digits: the quotient of two exact floats is the nearest to it

_TENS = 10.0 ** np.arange(SHORT + 1)
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LONGEST = 32
# Of a date with its zone: marks and digits, and the words that tell one from another.
_MARKS = ((4, b"-"), (7, b"-"), (10, b" "), (19, b" "))
_DIGITS = [0, 1, 2, 3, 5, 6, 8, 9, 21, 22, 23, 24]
_DATE_AND_ZONE = tuple(
    (at, np.uint64(kept)) for at, kept in ((0, 2**64 - 1), (8, 2**24 - 1), (17, 2**64 - 2**16))
)
# Of a time, as words of eight bytes.
_ZEROS = np.uint64(int.from_bytes(b"00:00:00", "little"))
_COLONS = np.uint64(0x0000FF0000FF0000)
_BEYOND_NINE, _HIGHEST = np.uint64(0x7676767676767676), np.uint64(0x8080808080808080)
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87)


def instants(words: Words, start: Ints, end: Ints) -> Ints:
    """Microseconds since 1970 of `2024-05-01 10:00:00 +0100`; NO_TIME for any other form."""
    # Most records are of the same day as the one before: few dates need be worked out.
    first = np.zeros(len(start), dtype=np.bool_)
    first[:1] = True
    for at, kept in _DATE_AND_ZONE:
        part = words[start + at] & kept
        first[1:] |= part[1:] != part[:-1]
    midnight = _midnights(windows(words, start[first], 32))[np.cumsum(first) - 1]
    seconds, sound = _times(words[start + len("2024-05-01 ")])
    sound &= (end - start == TIME) & (midnight != NO_TIME)
    return np.where(sound, (midnight + seconds) * 1_000_000, NO_TIME)


def _times(text: Words) -> tuple[Ints, Bools]:
    """Seconds since midnight of `10:00:00`, and which are such times."""
    digits = text ^ _ZEROS
    # A byte that is no digit has its highest bit set, or will have with this added.
    sound = ((digits | (digits + _BEYOND_NINE)) & _HIGHEST) == 0
    sound &= (digits & _COLONS) == 0
    numbers = digits * np.uint64(10) + (digits >> np.uint64(8))  # of each byte and its next
    hour, minute, second = ((numbers >> np.uint64(at)) & np.uint64(0xFF) for at in (0, 24, 48))
    sound &= (hour < 24) & (minute < 60) & (second < 60)
    return ((hour * np.uint64(60) + minute) * np.uint64(60) + second).astype(np.int64), sound


def _midnights(text: Bytes) -> Ints:
    """Seconds since 1970 when the day of `2024-05-01 10:00:00 +0100` began, or NO_TIME."""
    digits = text - np.uint8(48)
    sound = (digits[_DIGITS] < 10).all(axis=0)
    for at, mark in _MARKS:
        sound &= text[at] == mark[0]
    minus = text[20] == ord("-")
    sound &= minus | (text[20] == ord("+"))
    days, off_hour, off_minute = _days(digits), _two(digits, 21), _two(digits, 23)
    sound &= (days != NO_TIME) & (off_hour < 24) & (off_minute < 60)
    offset = (off_hour * 60 + off_minute) * np.where(minus, -60, 60)
    return np.where(sound, days * 86_400 - offset, NO_TIME)


def _two(digits: Bytes, at: int) -> Ints:
    """The number that two digits say; garbage, but below 100, where they are none."""
    number: Ints = (digits[at] * np.uint8(10) + digits[at + 1]).astype(np.int64)
    return number % 100


def _days(digits: Bytes) -> Ints:
    """Days since 1970 of `2024-05-01`, or NO_TIME for a date that no calendar has."""
    year, month, day = _two(digits, 0) * 100 + _two(digits, 2), _two(digits, 5), _two(digits, 8)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    sound = (day >= 1) & (day <= _DAYS[month] + (leap & (month == 2))) & (year >= 1600)
    # Of years that begin in March, so that the leap day is the last.
    since = year - (month <= 2)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = since * 365 + since // 4 - since // 100 + since // 400 + of_year - 719_468
    return np.where(sound, days, NO_TIME)


def decimals(content: bytes, words: Words, start: Ints, end: Ints) -> tuple[Floats, Bools]:
    """The value of each decimal number, and which of the texts are none: those are NaN."""
    values, sound = _short(windows(words, start, SHORT), end - start)
    others = np.flatnonzero(~sound)
    for at in others.tolist():
        text = content[start[at] : min(end[at], start[at] + _LONGEST + 1)]
        if len(text) <= _LONGEST and _NUMBER.fullmatch(text):
            values[at] = float(text)
            sound[at] = True
    return values, ~sound


def _short(text: Bytes, length: Ints) -> tuple[Floats, Bools]:
    """Numbers of digits and perhaps a point; which they are, and NaN where they aren't."""
    mantissa = np.zeros(len(length), dtype=np.int64)
    digits = np.zeros(len(length), dtype=np.uint8)
    points, after = np.zeros_like(digits), np.zeros_like(digits)
    sound = (length > 0) & (length <= SHORT)
    last_is_digit = np.zeros(len(length), dtype=np.bool_)
    for k in range(min(SHORT, int(length.max(initial=0)))):
        there = length > k
        digit = text[k] - np.uint8(48)
        is_digit, is_point = (digit < 10) & there, (text[k] == ord(".")) & there
        mantissa = np.where(is_digit, mantissa * 10 + digit, mantissa)
        digits += is_digit
        points += is_point
        after += is_digit & (points > 0)
        sound &= is_digit | (is_point if k else False) | ~there
        last_is_digit = np.where(there, is_digit, last_is_digit)
    sound &= last_is_digit & (points <= 1) & (digits <= EXACT)
    return np.where(sound, mantissa / _TENS[after], np.nan), sound
