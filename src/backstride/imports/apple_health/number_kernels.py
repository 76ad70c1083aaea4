"""Compiled reading of numbers and instants, as Apple Health writes them."""

from __future__ import annotations

import numpy as np

from backstride.imports.apple_health.xml_kernels import Bytes, Int, byte, digit
from backstride.kernels import part

TEXT = 32  # bytes of the longest number that is taken
NO_TIME = np.int64(-(2**63))

_TENS = 10.0 ** np.arange(23)


@part
def two(buffer: Bytes, at: Int) -> Int:
    """The number that two digits say, or a large one."""
    tens = np.int64(byte(buffer, at)) - 48
    ones = np.int64(byte(buffer, at + 1)) - 48
    if tens < 0 or tens > 9 or ones < 0 or ones > 9:
        return 1000
    return tens * 10 + ones


@part
def days_since_1970(year: Int, month: Int, day: Int) -> Int:
    """Days from 1970-01-01 to a date, or NO_TIME for one that no calendar has."""
    if year < 1600 or month < 1 or month > 12 or day < 1:
        return NO_TIME
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if month == 2:
        last = 29 if leap else 28
    else:
        last = 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31
    if day > last:
        return NO_TIME
    # Of years that begin in March, so that the leap day is the last.
    y = year - 1 if month <= 2 else year
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return y * 365 + y // 4 - y // 100 + y // 400 + of_year - 719_468


@part
def instant(buffer: Bytes, at: Int, end: Int) -> Int:
    """Microseconds since 1970 of `2024-05-01 10:00:00 +0100`; NO_TIME for any other form."""
    if end - at != 25:
        return NO_TIME
    marks = byte(buffer, at + 4) == 45 and byte(buffer, at + 7) == 45
    marks = marks and byte(buffer, at + 10) == 32 and byte(buffer, at + 13) == 58
    marks = marks and byte(buffer, at + 16) == 58 and byte(buffer, at + 19) == 32
    sign = np.int64(byte(buffer, at + 20))
    century, years = two(buffer, at), two(buffer, at + 2)
    month, day = two(buffer, at + 5), two(buffer, at + 8)
    hour, minute, second = two(buffer, at + 11), two(buffer, at + 14), two(buffer, at + 17)
    off_h, off_min = two(buffer, at + 21), two(buffer, at + 23)
    clock = hour < 24 and minute < 60 and second < 60 and off_h < 24 and off_min < 60
    if not marks or not clock or (sign != 43 and sign != 45) or century > 99 or years > 99:
        return NO_TIME
    days = days_since_1970(century * 100 + years, month, day)
    if days == NO_TIME:
        return NO_TIME
    off_s = (off_h * 60 + off_min) * 60 * (44 - sign)  # '+' is 43, '-' is 45
    return (days * 86_400 + (hour * 60 + minute) * 60 + second - off_s) * 1_000_000


@part
def is_exponent(buffer: Bytes, at: Int, end: Int) -> bool:
    """Whether these bytes are `e-05` or the like."""
    if byte(buffer, at) | 32 != 101:
        return False
    at += 1
    if byte(buffer, at) == 43 or byte(buffer, at) == 45:
        at += 1
    if at >= end:
        return False
    while at < end:
        if digit(buffer, at) >= 10:
            return False
        at += 1
    return True


@part
def number(buffer: Bytes, at: Int, end: Int) -> tuple[Int, float]:
    """A decimal number: 0 and its value, 1 where it has more digits than fit, 2 if none.

    Up to 15 digits and 22 decimals the quotient of two exact floats is the nearest to it.
    """
    start = at
    minus = byte(buffer, at) == 45
    if minus:
        at += 1
    mantissa, digits, decimals = 0, 0, 0
    first = at
    while at < end and digit(buffer, at) < 10 and at - start < TEXT:
        mantissa = (mantissa * 10 + digit(buffer, at)) & 0x7FFFFFFFFFFFFFF
        at += 1
    digits = at - first
    if digits and at + 1 < end and byte(buffer, at) == 46:
        at += 1
        first = at
        while at < end and digit(buffer, at) < 10 and at - start < TEXT:
            mantissa = (mantissa * 10 + digit(buffer, at)) & 0x7FFFFFFFFFFFFFF
            at += 1
        decimals = at - first
        if decimals == 0:
            return 2, 0.0
        digits += decimals
    if digits == 0 or end - start > TEXT:
        return 2, 0.0
    if at < end:
        return (1 if is_exponent(buffer, at, end) else 2), 0.0
    if digits > 15:
        return 1, 0.0
    value = np.float64(mantissa) / _TENS[decimals]
    return 0, (-value if minus else value)
