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
from numba import types
from numpy.typing import NDArray

from backstride.imports.apple_health import number_kernels, string_kernels, tag_kernels, xml_kernels
from backstride.imports.apple_health.number_kernels import NO_TIME, TEXT, instant, number
from backstride.imports.apple_health.string_kernels import CROWDED, NO_ROOM, Ints, Strings, intern
from backstride.imports.apple_health.tag_kernels import (
    ABSENT,
    ACTIVITY,
    DEVICE,
    DURATION,
    DURATION_UNIT,
    EMPTY,
    END,
    KEY,
    SLOTS,
    SOURCE,
    SPECIAL,
    START,
    TYPE,
    UNIT,
    VALUE,
    Layouts,
    attributes,
)
from backstride.imports.apple_health.xml_kernels import (
    GT,
    KEEP,
    PAD,
    Bytes,
    Int,
    byte,
    digit,
    name_end,
    packed,
    spaces_end,
    word,
)
from backstride.kernels import kernel, part

# What `scan` returns.
MORE = 0  # all complete tags are done: bring the next bytes
FULL = 1  # take the rows (and the strings) away, then go on
TOLD = 2  # the tag from state[TAG] to state[POS] says something of the person or the export
ODD = 3  # the last row is in a form that only expat reads: its tag is there as well
GIVE_UP = 4
GO_ON = 5  # within `scan` only

# Where `scan` stands: in `state`.
POS, TAG, BASE, DEPTH, ENDED, ROW, ROWS, OTHERS = range(8)
STATE_SIZE = 8

# Instead of a text's id. MINUTES: a workout's duration without a unit.
LONG, MINUTES = -4, -5

MAX_NAME = 64
MAX_TYPE = 256
MAX_STRING = 1024
MAX_DEPTH = 64


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


def _bytes(dimensions: Int = 1) -> Any:
    return types.Array(types.uint8, dimensions, "C")


_named: Any = types.NamedTuple
BYTES, INTS, INT = _bytes(), types.int64[::1], types.int64
STRINGS = _named((types.int32[::1], INTS, BYTES, INTS), Strings)
ROWS_TYPE = _named(
    (INTS, INTS, INTS, types.float64[::1], _bytes(2), INTS, INTS, INTS, INTS, types.boolean[::1]),
    Rows,
)
LAYOUTS = _named(
    (types.uint64[:, :, ::1], types.int64[:, ::1], types.int64[:, ::1], types.uint64[:, ::1], INTS),
    Layouts,
)
KINDS = _named((STRINGS, INTS, INTS), Kinds)

_RECORD, _WORKOUT, _ME = packed("Record"), packed("Workout"), packed("Me")
_METADATA, _METADATA_END = packed("Metadata"), packed("ataEntry")
_EXPORT, _EXPORT_END = packed("ExportDa"), packed("portDate")
_BY_HAND = (packed("HKWasUse"), packed("rEntered"))
_POINTER = (packed("&lt;&lt;"), packed("HKDevice"), packed(": 0x"))


@part
def after_pointer(buffer: Bytes, at: Int, end: Int) -> Int:
    """Where a device's text goes on after `<<HKDevice: 0x2815...>`, which may differ each time."""
    if end - at < 24 or word(buffer, at) != _POINTER[0]:
        return at
    if word(buffer, at + 8) != _POINTER[1] or word(buffer, at + 16) & KEEP[4] != _POINTER[2]:
        return at
    i = at + 20
    while digit(buffer, i) < 16:
        i += 1
    if i + 4 > end or word(buffer, i) & KEEP[4] != GT:
        return at
    return i + 4


@part
def text_id(buffer: Bytes, found: Ints, role: Int, strings: Strings) -> Int:
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
def time_of(buffer: Bytes, found: Ints, role: Int) -> tuple[Int, bool]:
    """An attribute's instant, NO_TIME where it is absent; whether it is in another form."""
    start, end = found[2 * role], found[2 * role + 1]
    if start == 0:
        return NO_TIME, False
    at = instant(buffer, start, end)
    return at, at == NO_TIME


@part
def put_value(buffer: Bytes, found: Ints, role: Int, row: Int, rows: Rows) -> bool:
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
    return bool(form != 2)


@part
def keep(buffer: Bytes, state: Ints, found: Ints, kind: Int, strings: Strings, rows: Rows) -> Int:
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
    role: Int,
    kinds: Kinds,
    strings: Strings,
    rows: Rows,
) -> Int:
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
def metadata(buffer: Bytes, state: Ints, found: Ints, rows: Rows) -> Int:
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
    at: Int,
    end: Int,
    state: Ints,
    found: Ints,
    kinds: Kinds,
    strings: Strings,
    rows: Rows,
) -> Int:
    """What the tag with the name at..end is to us: GO_ON, TOLD, ODD, FULL or GIVE_UP."""
    length = end - at
    w = word(buffer, at) & KEEP[min(length, 8)]
    last = word(buffer, at + max(0, length - 8)) & KEEP[min(length, 8)]
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
def left(state: Ints, depth: Int) -> None:
    """An element has ended, and `depth` of them are still open."""
    state[DEPTH] = depth
    if depth == 1:
        state[ROW] = ABSENT
    if depth == 0:
        state[ENDED] = 1


@part
def closed(buffer: Bytes, at: Int, state: Ints, stack: NDArray[np.uint8]) -> Int:
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
    buffer: Bytes, at: Int, end: Int, state: Ints, found: Ints, stack: NDArray[np.uint8]
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


@part
def opened(
    buffer: Bytes,
    end: Int,
    state: Ints,
    stack: NDArray[np.uint8],
    found: Ints,
    kinds: Kinds,
    strings: Strings,
    rows: Rows,
) -> Int:
    """Take a sound tag whose name ends at `end`: GO_ON, TOLD, ODD, FULL or GIVE_UP."""
    at = state[TAG] + 1
    if end - at > MAX_NAME or state[DEPTH] == MAX_DEPTH:
        return GIVE_UP
    status = understood(buffer, at, end, state, found, kinds, strings, rows)
    if status != FULL and status != GIVE_UP:
        entered(buffer, at, end, state, found, stack)
    return status


@kernel(
    BYTES,
    INT,
    INTS,
    _bytes(2),
    INTS,
    LAYOUTS,
    KINDS,
    STRINGS,
    ROWS_TYPE,
    parts=(xml_kernels, number_kernels, string_kernels, tag_kernels),
)
def scan(
    buffer: Bytes,
    filled: Int,
    state: Ints,
    stack: NDArray[np.uint8],
    found: Ints,
    layouts: Layouts,
    kinds: Kinds,
    strings: Strings,
    rows: Rows,
) -> Int:
    """Read on from state[POS] in the `filled` bytes of the buffer; says why it stopped.

    With MORE and FULL, state[POS] is the first byte that it needs again.
    """
    while True:
        at = spaces_end(buffer, state[POS])
        state[POS] = at
        if at >= filled:
            return MORE
        if byte(buffer, at) != 60 or state[ENDED]:
            return GIVE_UP
        status = GO_ON
        if byte(buffer, at + 1) == 47:
            after = closed(buffer, at, state, stack)
        else:
            name = name_end(buffer, at + 1)
            slot = (name - at) & (SLOTS - 1)
            after = attributes(buffer, name, slot, found, layouts) if name > at + 1 else -1 - name
            if after >= 0:
                state[TAG] = at
                status = opened(buffer, name, state, stack, found, kinds, strings, rows)
        if after < 0:
            # A tag may break off because the buffer does.
            return MORE if -1 - after + PAD > filled else GIVE_UP
        if status == FULL or status == GIVE_UP:  # noqa: SIM109
            return status
        state[POS] = after
        if status != GO_ON:
            return status
