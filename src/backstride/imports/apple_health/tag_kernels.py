"""Compiled reading of one tag of an Apple Health XML: where the values that matter stand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backstride.imports.apple_health.string_kernels import MIX, Ints
from backstride.imports.apple_health.xml_kernels import (
    KEEP,
    Bytes,
    Int,
    byte,
    name_end,
    packed,
    spaces_end,
    value_end,
    word,
)
from backstride.kernels import part

# Attributes that matter: `found` has the value's first byte and its end for each.
TYPE, ACTIVITY, VALUE, DURATION, UNIT, DURATION_UNIT, SOURCE, DEVICE, START, END, KEY = range(11)
ROLES = 11
SPECIAL = 2 * ROLES  # bits of the roles whose values hold an entity, a tab or a line end
EMPTY = SPECIAL + 1  # whether the tag ended with />
FOUND_SIZE = EMPTY + 1
ABSENT = -1

MAX_ATTRIBUTES = 48
SLOTS = 16


class Layouts(NamedTuple):
    """The attributes of the last tag, for each length of a tag's name: most are followed by alike.

    Those of the tag at hand are always the first of its layout, so that no name stands twice
    in it, and one that is met again in its place needs no other look.
    """

    text: NDArray[np.uint64]  # [slot, place, 3]: ` name="`, up to 24 bytes
    length: NDArray[np.int64]  # of that text, or 0 for one that doesn't fit
    role: NDArray[np.int64]
    mix: NDArray[np.uint64]  # two names with the same may differ, two that differ in it do
    filled: NDArray[np.int64]  # [slot]: how many places


def new_layouts() -> Layouts:
    """Layouts without attributes."""
    shape = (SLOTS, MAX_ATTRIBUTES)
    return Layouts(
        np.zeros((*shape, 3), dtype=np.uint64),
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.uint64),
        np.zeros(SLOTS, dtype=np.int64),
    )


_TYPE, _UNIT_NAME, _VALUE, _KEY = (packed(n) for n in ("type", "unit", "value", "key"))
_DEVICE, _END_DATE, _DURATION = (packed(n) for n in ("device", "endDate", "duration"))
_SOURCE, _SOURCE_END = packed("sourceNa"), packed("urceName")
_START, _START_END = packed("startDat"), packed("tartDate")
_UNIT_END = packed("tionUnit")
_ACTIVITY, _ACTIVITY_MIDDLE, _ACTIVITY_END = (
    packed(n) for n in ("workoutA", "ctivityT", "vityType")
)


@part
def short_role(w: np.uint64, length: Int) -> Int:
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
def role_of(buffer: Bytes, at: Int, length: Int) -> Int:
    """Which attribute this name of `length` bytes is, or ABSENT for one of no interest."""
    w = word(buffer, at) & KEEP[min(length, 8)]
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
def mixed(buffer: Bytes, at: Int, length: Int) -> np.uint64:
    """A number for a name: two names with the same may differ, two that differ in it do."""
    w = word(buffer, at) & KEEP[min(length, 8)]
    last = word(buffer, at + max(0, length - 8)) & KEEP[min(length, 8)]
    return np.uint64((w * MIX[0] ^ (last + np.uint64(length)) * MIX[1]) * MIX[2])


@part
def note(role: Int, start: Int, end: Int, special: bool, found: Ints) -> None:
    """Write down where the value of an attribute stands, if anyone asks for it."""
    if role != ABSENT:
        found[2 * role] = start
        found[2 * role + 1] = end
        if special:
            found[SPECIAL] |= 1 << role


@part
def known(buffer: Bytes, at: Int, layouts: Layouts, slot: Int, place: Int) -> Int:
    """Where the value begins, if the layout's next attribute stands at `at`; else 0."""
    if place >= layouts.filled[slot]:
        return 0
    length = layouts.length[slot, place]
    differs = word(buffer, at) ^ layouts.text[slot, place, 0]
    if length > 8:
        second = word(buffer, at + 8) ^ layouts.text[slot, place, 1]
        if length > 16:
            third = word(buffer, at + 16) ^ layouts.text[slot, place, 2]
            differs |= second | (third & KEEP[length - 16])
        else:
            differs |= second & KEEP[length - 8]
    else:
        differs &= KEEP[length]
    return at + length if length > 0 and differs == np.uint64(0) else 0


@part
def learn(buffer: Bytes, at: Int, name: Int, layouts: Layouts, slot: Int, place: Int) -> Int:
    """Make the attribute at `name`, after space from `at` on, the layout's last.

    Gives where its value begins, or -1 - where it isn't sound: is there twice, perhaps.
    """
    end = name_end(buffer, name)
    if name == at or end == name or place == MAX_ATTRIBUTES:
        return -1 - name
    if byte(buffer, end) != 61 or byte(buffer, end + 1) != 34:  # '="'
        return -1 - end
    mix = mixed(buffer, name, end - name)
    for before in range(place):
        if layouts.mix[slot, before] == mix:
            return -1 - name
    length = end + 2 - at
    layouts.mix[slot, place] = mix
    layouts.role[slot, place] = role_of(buffer, name, end - name)
    layouts.length[slot, place] = length if length <= 24 else 0
    for k in range(3):
        kept = KEEP[min(max(length - 8 * k, 0), 8)]
        layouts.text[slot, place, k] = word(buffer, at + 8 * k) & kept
    layouts.filled[slot] = place + 1
    return end + 2


@part
def attributes(buffer: Bytes, at: Int, slot: Int, found: Ints, layouts: Layouts) -> Int:
    """Read a tag from the end of its name: where it ends, or -1 - where it isn't sound.

    What it says stands in `found` (see `ROLES`).
    """
    found[:] = 0
    place = 0
    while True:
        begin = known(buffer, at, layouts, slot, place)
        if begin == 0:
            name = spaces_end(buffer, at)
            c = byte(buffer, name)
            if c == 62:  # '>'
                return name + 1
            if c == 47:  # '/'
                found[EMPTY] = 1
                return name + 2 if byte(buffer, name + 1) == 62 else -1 - name
            begin = learn(buffer, at, name, layouts, slot, place)
            if begin < 0:
                return begin
        close, special = value_end(buffer, begin)
        if close < 0:
            return close
        note(layouts.role[slot, place], begin, close, special, found)
        place += 1
        at = close + 1
