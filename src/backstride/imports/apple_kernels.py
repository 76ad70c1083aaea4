"""The compiled scan over an Apple Health XML: the strict subset that Apple writes, nothing else.

Taken are tags of ASCII names with double-quoted values, whitespace between them, the five
predefined entities and character references, in sound UTF-8, properly nested, no attribute
twice. Whatever else comes (a comment, text, a single quote, any damage) makes `scan` give up,
and the file is read with expat, whose word on what is well-formed is final: all that `scan`
takes, expat takes. Tests hold the two against each other.

Positions are bytes in a buffer that is followed by at least `PAD` zero bytes: zero is no
character of XML, so that loops end there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from backstride.kernels import kernel, part

PAD = 32

# What `scan` returns.
MORE = 0  # all complete tags are done: bring the next bytes
FULL = 1  # take the rows (and the strings) away, then go on
TOLD = 2  # the tag from state[TAG] to state[POS] says something of the person or of a workout
ODD = 3  # the last row is in a form that only expat reads: its tag is there as well
GIVE_UP = 4
GO_ON = 5  # within `scan` only

# Where `scan` stands: in `state`.
POS, TAG, BASE, DEPTH, ENDED, ROW, ROWS, OTHERS = range(8)
STATE_SIZE = 8

# Attributes that matter: `found` has the value's first byte and its end for each.
TYPE, ACTIVITY, VALUE, DURATION, UNIT, DURATION_UNIT, SOURCE, DEVICE, START, END, KEY = range(11)
ROLES = 11
SPECIAL = 2 * ROLES  # bits of the roles whose values hold an entity, a tab or a line end
EMPTY = SPECIAL + 1  # whether the tag ended with />
FOUND_SIZE = EMPTY + 1
# Instead of a text's id. MINUTES: a workout's duration without a unit.
ABSENT, NO_ROOM, CROWDED, LONG, MINUTES = -1, -2, -3, -4, -5

MAX_ATTRIBUTES = 48
MAX_NAME = 64
MAX_TYPE = 256
MAX_STRING = 1024
MAX_DEPTH = 64
TEXT = 32  # bytes of a number that is left to be parsed later
NO_TIME = np.int64(-(2**63))

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


class Strings(NamedTuple):
    """Texts met, each once: text i is arena[ends[i - 1]:ends[i]]; slots are a hash table."""

    slots: NDArray[np.int32]  # id + 1, or 0 for free; their number is a power of two
    ends: Ints
    arena: Bytes  # with PAD bytes to spare
    used: Ints  # [how many]


class Rows(NamedTuple):
    """Records kept: what they say as numbers, and strings as ids in `Strings` (or ABSENT)."""

    kind: Ints
    start: Ints  # microseconds since 1970, UTC
    end: Ints
    value: NDArray[np.float64]
    text: Bytes  # [n, TEXT]: a number of many digits, or empty
    unit: Ints
    source: Ints
    device: Ints
    offset: Ints  # of the tag in the file
    manual: NDArray[np.bool_]


class Kinds(NamedTuple):
    """Types of records: which are wanted (all of the first `wanted[0]`), how many were seen."""

    names: Strings
    wanted: Ints
    seen: Ints


def _bytes(dimensions: int = 1) -> Any:
    return types.Array(types.uint8, dimensions, "C")


BYTES, INTS, INT = _bytes(), types.int64[::1], types.int64
STRINGS = types.NamedTuple((types.int32[::1], INTS, BYTES, INTS), Strings)
ROWS_TYPE = types.NamedTuple(
    (INTS, INTS, INTS, types.float64[::1], _bytes(2), INTS, INTS, INTS, INTS, types.boolean[::1]),
    Rows,
)
KINDS = types.NamedTuple((STRINGS, INTS, INTS), Kinds)


def _load(bits: int) -> Any:
    """A function of an array of bytes and a position: `bits` bits from there, not bounds-checked."""

    @intrinsic  # type: ignore[untyped-decorator]
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


def _eight(character: str) -> np.uint64:
    return np.uint64(int.from_bytes(character.encode() * 8, "little"))


def _packed(text: str) -> np.uint64:
    """The first eight characters as `word` gives them, zeros where there are fewer."""
    return np.uint64(int.from_bytes(text.encode()[:8].ljust(8, b"\0"), "little"))


_ONES, _HIGH = _eight("\x01"), np.uint64(0x8080808080808080)
_SPACES, _QUOTES, _AMPS, _LESSES = _eight(" "), _eight('"'), _eight("&"), _eight("<")
_KEEP = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)  # the first n bytes

_NAME = np.zeros(256, dtype=np.uint8)  # 1: within a name, 2: also as its first
for _c in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_":
    _NAME[_c] = 2
_NAME[48:58] = 1

_RECORD, _WORKOUT, _ME = _packed("Record"), _packed("Workout"), _packed("Me")
_METADATA, _METADATA_END = _packed("Metadata"), _packed("ataEntry")
_EXPORT, _EXPORT_END = _packed("ExportDa"), _packed("portDate")
_FILE, _FILE_END = _packed("FileRefe"), _packed("eference")
_TYPE, _UNIT_NAME, _VALUE, _KEY = (_packed(n) for n in ("type", "unit", "value", "key"))
_DEVICE, _END_DATE, _DURATION = (_packed(n) for n in ("device", "endDate", "duration"))
_SOURCE, _SOURCE_END = _packed("sourceNa"), _packed("urceName")
_START, _START_END = _packed("startDat"), _packed("tartDate")
_UNIT_END = _packed("tionUnit")
_ACTIVITY, _ACTIVITY_MIDDLE, _ACTIVITY_END = (
    _packed(n) for n in ("workoutA", "ctivityT", "vityType")
)
_BY_HAND = (_packed("HKWasUse"), _packed("rEntered"))
_LT, _GT, _AMP = (_packed(n) for n in ("&lt;", "&gt;", "&amp;"))
_QUOT, _APOS = _packed("&quot;"), _packed("&apos;")
_POINTER = (_packed("&lt;&lt;"), _packed("HKDevice"), _packed(": 0x"))

_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_SHIFT = np.uint64(29)
_TENS = 10.0 ** np.arange(23)


@part
def special_from(buffer: Bytes, at: int) -> int:
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
def character(buffer: Bytes, at: int) -> int:
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
def digit(buffer: Bytes, at: int) -> int:
    """The value of a hexadecimal digit, or 16."""
    c = np.int64(byte(buffer, at))
    if 48 <= c <= 57:
        return c - 48
    lower = c | 32
    return lower - 87 if 97 <= lower <= 102 else 16


@part
def reference(buffer: Bytes, at: int) -> int:
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
def entity(buffer: Bytes, at: int) -> int:
    """The bytes of the reference that begins at `at` with `&`; 0 for one that isn't sound."""
    w = word(buffer, at)
    four = w & _KEEP[4]
    if four == _LT or four == _GT:
        return 4
    if w & _KEEP[5] == _AMP:
        return 5
    six = w & _KEEP[6]
    if six == _QUOT or six == _APOS:
        return 6
    if byte(buffer, at + 1) == 35:  # '#'
        return reference(buffer, at)
    return 0


@part
def value_end(buffer: Bytes, at: int) -> tuple[int, bool]:
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
def name_end(buffer: Bytes, at: int) -> int:
    """Where the name that begins at `at` ends; `at` itself where none begins."""
    if _NAME[byte(buffer, at)] != 2:
        return at
    at += 1
    while _NAME[byte(buffer, at)] != 0:
        at += 1
    return at


@part
def short_role(w: np.uint64, length: int) -> int:
    """`role_of` for names of up to 8 bytes, which are all in `w`."""
    if w == _TYPE:
        return TYPE
    if w == _VALUE:
        return VALUE
    if w == _UNIT_NAME:
        return UNIT
    if w == _DEVICE:
        return DEVICE
    if w == _END_DATE:
        return END
    if w == _KEY:
        return KEY
    return DURATION if w == _DURATION else ABSENT


@part
def role_of(buffer: Bytes, at: int, length: int) -> int:
    """Which attribute this name of `length` bytes is, or ABSENT for one of no interest."""
    w = word(buffer, at) & _KEEP[min(length, 8)]
    last = word(buffer, at + max(0, length - 8))
    if length <= 8:
        return short_role(w, length)
    if length == 9:
        return START if w == _START and last == _START_END else ABSENT
    if length == 10:
        return SOURCE if w == _SOURCE and last == _SOURCE_END else ABSENT
    if length == 12:
        return DURATION_UNIT if w == _DURATION and last == _UNIT_END else ABSENT
    if length == 19 and w == _ACTIVITY and word(buffer, at + 8) == _ACTIVITY_MIDDLE:
        return ACTIVITY if last == _ACTIVITY_END else ABSENT
    return ABSENT


@part
def mixed(buffer: Bytes, at: int, length: int) -> np.uint64:
    """A number for a name: two names with the same may differ, two that differ in it do."""
    w = word(buffer, at) & _KEEP[min(length, 8)]
    last = word(buffer, at + max(0, length - 8)) & _KEEP[min(length, 8)]
    return (w * _MIX[0] ^ (last + np.uint64(length)) * _MIX[1]) * _MIX[2]


@part
def is_new(mix: np.uint64, mixes: NDArray[np.uint64], count: int) -> bool:
    """Whether none of the first `count` names can be the same; it becomes the next."""
    for k in range(count):
        if mixes[k] == mix:
            return False
    mixes[count] = mix
    return True


@part
def note(role: int, start: int, end: int, special: bool, found: Ints) -> None:
    """Write down where the value of an attribute stands, if anyone asks for it."""
    if role != ABSENT:
        found[2 * role] = start
        found[2 * role + 1] = end
        if special:
            found[SPECIAL] |= 1 << role


@part
def attributes(buffer: Bytes, at: int, found: Ints, mixes: NDArray[np.uint64]) -> int:
    """Read a tag from the end of its name: where it ends, or -1 - where it isn't sound.

    What it says stands in `found` (see `ROLES`).
    """
    found[:] = 0
    count = 0
    while True:
        c = byte(buffer, at)
        if c == 62:  # '>'
            return at + 1
        if c == 47:  # '/'
            found[EMPTY] = 1
            return at + 2 if byte(buffer, at + 1) == 62 else -1 - at
        if c != 32 and c != 10 and c != 13 and c != 9:
            return -1 - at
        while c == 32 or c == 10 or c == 13 or c == 9:
            at += 1
            c = byte(buffer, at)
        if c == 62 or c == 47:
            continue
        end = name_end(buffer, at)
        if end == at or count == MAX_ATTRIBUTES:
            return -1 - at
        if byte(buffer, end) != 61 or byte(buffer, end + 1) != 34:  # '="'
            return -1 - end
        if not is_new(mixed(buffer, at, end - at), mixes, count):
            return -1 - at
        count += 1
        close, special = value_end(buffer, end + 2)
        if close < 0:
            return close
        note(role_of(buffer, at, end - at), end + 2, close, special, found)
        at = close + 1


@part
def same(buffer: Bytes, start: int, end: int, strings: Strings, known: int) -> bool:
    """Whether text `known` is these bytes."""
    there = strings.ends[known - 1] if known > 0 else 0
    length = end - start
    if strings.ends[known] - there != length:
        return False
    for at in range(0, length - 7, 8):
        if word(buffer, start + at) != word(strings.arena, there + at):
            return False
    at = length & ~7
    differs = word(buffer, start + at) ^ word(strings.arena, there + at)
    return differs & _KEEP[length & 7] == np.uint64(0)


@part
def add(buffer: Bytes, start: int, end: int, slot: int, strings: Strings) -> int:
    """Keep a new text in a free slot."""
    count = strings.used[0]
    there = strings.ends[count - 1] if count > 0 else 0
    if count == len(strings.ends) or there + (end - start) + PAD > len(strings.arena):
        return NO_ROOM
    for at in range(end - start):
        strings.arena[there + at] = buffer[start + at]
    strings.ends[count] = there + (end - start)
    strings.slots[slot] = count + 1
    strings.used[0] = count + 1
    return count


@kernel(BYTES, INT, INT, STRINGS)
def intern(buffer: Bytes, start: int, end: int, strings: Strings) -> int:
    """The id of these bytes: the one they had, or the next. NO_ROOM, or CROWDED if hashes are."""
    length = end - start
    mix = np.uint64(length)
    for at in range(start, end - 7, 8):
        mix = (mix ^ word(buffer, at)) * _MIX[0]
        mix ^= mix >> _SHIFT
    rest = word(buffer, start + (length & ~7)) & _KEEP[length & 7]
    mix = (mix ^ rest) * _MIX[1]
    mix ^= mix >> _SHIFT
    mask = len(strings.slots) - 1
    slot = np.int64(mix & np.uint64(0x7FFFFFFF)) & mask
    for _ in range(64):
        known = np.int64(strings.slots[slot]) - 1
        if known < 0:
            return add(buffer, start, end, slot, strings)
        if same(buffer, start, end, strings, known):
            return known
        slot = (slot + 1) & mask
    return CROWDED


@part
def two(buffer: Bytes, at: int) -> int:
    """The number that two digits say, or a large one."""
    tens = np.int64(byte(buffer, at)) - 48
    ones = np.int64(byte(buffer, at + 1)) - 48
    if tens < 0 or tens > 9 or ones < 0 or ones > 9:
        return 1000
    return tens * 10 + ones


@part
def days_since_1970(year: int, month: int, day: int) -> int:
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
def instant(buffer: Bytes, at: int, end: int) -> int:
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
def is_exponent(buffer: Bytes, at: int, end: int) -> bool:
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
def number(buffer: Bytes, at: int, end: int) -> tuple[int, float]:
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


@part
def after_pointer(buffer: Bytes, at: int, end: int) -> int:
    """Where a device's text goes on after `<<HKDevice: 0x2815...>`, which may differ each time."""
    if end - at < 24 or word(buffer, at) != _POINTER[0]:
        return at
    if word(buffer, at + 8) != _POINTER[1] or word(buffer, at + 16) & _KEEP[4] != _POINTER[2]:
        return at
    i = at + 20
    while digit(buffer, i) < 16:
        i += 1
    if i + 4 > end or word(buffer, i) & _KEEP[4] != _GT:
        return at
    return i + 4


@part
def text_id(buffer: Bytes, found: Ints, role: int, strings: Strings) -> int:
    """The id of an attribute's text as it stands; ABSENT, LONG, NO_ROOM or CROWDED."""
    start, end = found[2 * role], found[2 * role + 1]
    if start == 0:
        return ABSENT
    if role == DEVICE:
        start = after_pointer(buffer, start, end)
    if end - start > MAX_STRING:
        return LONG
    return intern(buffer, start, end, strings)


@part
def time_of(buffer: Bytes, found: Ints, role: int) -> tuple[int, bool]:
    """An attribute's instant, NO_TIME where it is absent; whether it is in another form."""
    start, end = found[2 * role], found[2 * role + 1]
    if start == 0:
        return NO_TIME, False
    at = instant(buffer, start, end)
    return at, at == NO_TIME


@part
def put_value(buffer: Bytes, found: Ints, role: int, row: int, rows: Rows) -> bool:
    """Write a row's value; False where it is in a form that is no plain decimal number."""
    start, end = found[2 * role], found[2 * role + 1]
    rows.text[row, 0] = 0
    rows.value[row] = np.nan
    if start == 0 or (byte(buffer, start) == 72 and byte(buffer, start + 1) == 75):
        return True  # none, or a name such as HKCategoryValueNotApplicable
    form, value = number(buffer, start, end)
    if form == 0:
        rows.value[row] = value
    elif form == 1:
        for k in range(TEXT):
            rows.text[row, k] = buffer[start + k] if start + k < end else 0
    return form != 2


@part
def keep(buffer: Bytes, state: Ints, found: Ints, kind: int, strings: Strings, rows: Rows) -> int:
    """Add a row for the tag at state[TAG]: GO_ON, ODD, FULL (nothing was added) or GIVE_UP."""
    row = state[ROWS]
    is_workout = found[2 * ACTIVITY] != 0
    unit = text_id(buffer, found, DURATION_UNIT if is_workout else UNIT, strings)
    if is_workout and unit == ABSENT:
        unit = MINUTES
    source = text_id(buffer, found, SOURCE, strings)
    device = text_id(buffer, found, DEVICE, strings)
    if row == len(rows.kind) or NO_ROOM in (unit, source, device):
        return FULL
    if CROWDED in (unit, source, device):
        return GIVE_UP
    rows.start[row], odd_start = time_of(buffer, found, START)
    rows.end[row], odd_end = time_of(buffer, found, END)
    plain = put_value(buffer, found, DURATION if is_workout else VALUE, row, rows)
    rows.kind[row] = kind
    rows.unit[row], rows.source[row], rows.device[row] = unit, source, device
    rows.offset[row] = state[BASE] + state[TAG]
    rows.manual[row] = False
    state[ROW] = row
    state[ROWS] = row + 1
    odd = odd_start or odd_end or not plain or LONG in (unit, source, device)
    return ODD if odd else GO_ON


@part
def counted(
    buffer: Bytes,
    state: Ints,
    found: Ints,
    role: int,
    kinds: Kinds,
    strings: Strings,
    rows: Rows,
) -> int:
    """Keep a record or a workout whose type is wanted, count any other."""
    start, end = found[2 * role], found[2 * role + 1]
    if found[SPECIAL] >> role & 1 or end - start > MAX_TYPE:
        return GIVE_UP
    kind = intern(buffer, start, end, kinds.names)
    if kind == CROWDED:
        return GIVE_UP
    if 0 <= kind < kinds.wanted[0]:
        return keep(buffer, state, found, kind, strings, rows)
    state[ROW] = ABSENT
    if kind == NO_ROOM:
        state[OTHERS] += 1
    else:
        kinds.seen[kind] += 1
    return GO_ON


@part
def metadata(buffer: Bytes, state: Ints, found: Ints, rows: Rows) -> int:
    """Mark the row whose child says that it was typed in."""
    row, start, value = state[ROW], found[2 * KEY], found[2 * VALUE]
    if row == ABSENT or start == 0:
        return GO_ON
    if found[SPECIAL] >> KEY & 1:
        return GIVE_UP
    by_hand = word(buffer, start) == _BY_HAND[0] and word(buffer, start + 8) == _BY_HAND[1]
    if by_hand and found[2 * KEY + 1] - start == 16:
        if found[SPECIAL] >> VALUE & 1:
            return GIVE_UP
        one = byte(buffer, value) == 49 and found[2 * VALUE + 1] - value == 1
        rows.manual[row] = value != 0 and one
    return GO_ON


@part
def understood(
    buffer: Bytes,
    at: int,
    end: int,
    state: Ints,
    found: Ints,
    kinds: Kinds,
    strings: Strings,
    rows: Rows,
) -> int:
    """What the tag with the name at..end is to us: GO_ON, TOLD, ODD, FULL or GIVE_UP."""
    length = end - at
    w = word(buffer, at) & _KEEP[min(length, 8)]
    last = word(buffer, at + max(0, length - 8)) & _KEEP[min(length, 8)]
    if length == 6 and w == _RECORD:
        found[2 * ACTIVITY] = 0
        return counted(buffer, state, found, TYPE, kinds, strings, rows)
    if length == 13 and w == _METADATA and last == _METADATA_END:
        return metadata(buffer, state, found, rows)
    if length == 7 and w == _WORKOUT:
        return counted(buffer, state, found, ACTIVITY, kinds, strings, rows)
    if state[DEPTH] == 1 and (
        (length == 2 and w == _ME) or (length == 10 and w == _EXPORT and last == _EXPORT_END)
    ):
        return TOLD
    return GO_ON


@part
def left(state: Ints, depth: int) -> None:
    """An element has ended, and `depth` of them are still open."""
    state[DEPTH] = depth
    if depth == 1:
        state[ROW] = ABSENT
    if depth == 0:
        state[ENDED] = 1


@part
def closed(buffer: Bytes, at: int, state: Ints, stack: NDArray[np.uint8]) -> int:
    """Read the end tag at `at`: where it ends, or -1 - where it isn't sound."""
    depth = state[DEPTH] - 1
    if depth < 0:
        return -1 - at
    length = np.int64(stack[depth, MAX_NAME])
    for k in range(length):
        if byte(buffer, at + 2 + k) != stack[depth, k]:
            return -1 - (at + 2 + k)
    if byte(buffer, at + 2 + length) != 62:
        return -1 - (at + 2 + length)
    left(state, depth)
    return at + 3 + length


@part
def entered(
    buffer: Bytes, at: int, end: int, state: Ints, found: Ints, stack: NDArray[np.uint8]
) -> None:
    """An element whose name stands at..end has begun, and ended as well if it is empty."""
    depth = state[DEPTH]
    if found[EMPTY]:
        left(state, depth)
        return
    for k in range(end - at):
        stack[depth, k] = byte(buffer, at + k)
    stack[depth, MAX_NAME] = end - at
    state[DEPTH] = depth + 1


@kernel(BYTES, INT, INTS, _bytes(2), INTS, types.uint64[::1], KINDS, STRINGS, ROWS_TYPE)
def scan(
    buffer: Bytes,
    filled: int,
    state: Ints,
    stack: NDArray[np.uint8],
    found: Ints,
    mixes: NDArray[np.uint64],
    kinds: Kinds,
    strings: Strings,
    rows: Rows,
) -> int:
    """Read on from state[POS] in the `filled` bytes of the buffer; says why it stopped.

    With MORE and FULL, state[POS] is the first byte that it needs again.
    """
    while True:
        at = state[POS]
        c = byte(buffer, at)
        while c == 32 or c == 10 or c == 13 or c == 9:
            at += 1
            c = byte(buffer, at)
        state[POS] = at
        if at >= filled:
            return MORE
        if c != 60 or state[ENDED]:
            return GIVE_UP
        if byte(buffer, at + 1) == 47:
            after = closed(buffer, at, state, stack)
            status = GO_ON
        else:
            name = name_end(buffer, at + 1)
            after = attributes(buffer, name, found, mixes)
            status = GO_ON
            if name == at + 1:
                after = -1 - name
            if after >= 0:
                if name - at > MAX_NAME or state[DEPTH] == MAX_DEPTH:
                    return GIVE_UP
                state[TAG] = at
                status = understood(buffer, at + 1, name, state, found, kinds, strings, rows)
                if status == FULL or status == GIVE_UP:
                    return status
                entered(buffer, at + 1, name, state, found, stack)
        if after < 0:
            # A tag may break off because the buffer does.
            return MORE if -1 - after + PAD > filled else GIVE_UP
        state[POS] = after
        if status != GO_ON:
            return status
