"""Compiled interning: each text once, in a table of fixed size."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backstride.imports.apple_health.xml_kernels import KEEP, PAD, Bytes, Int, word
from backstride.kernels import part

NO_ROOM, CROWDED = -2, -3  # instead of an id

Ints = NDArray[np.int64]

MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_SHIFT = np.uint64(32)
_MOST_PROBES = 64  # texts made to collide would make each look-up long


class Strings(NamedTuple):
    """Texts met, each once: text i is arena[ends[i - 1]:ends[i]]; slots are a hash table."""

    slots: NDArray[np.int32]  # id + 1, or 0 for free; their number is a power of two
    ends: Ints
    arena: Bytes  # with PAD bytes to spare
    used: Ints  # [how many]


@part
def add(buffer: Bytes, start: Int, end: Int, slot: Int, strings: Strings) -> Int:
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


@part
def same(buffer: Bytes, start: Int, end: Int, strings: Strings, known: Int) -> bool:
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
    return bool(differs & KEEP[length & 7] == np.uint64(0))


@part
def intern(buffer: Bytes, start: Int, end: Int, strings: Strings) -> Int:
    """The id of these bytes: the one they had, or the next. NO_ROOM, or CROWDED if hashes are."""
    length = end - start
    mix = np.uint64(length)
    for at in range(start, end - 7, 8):
        mix = (mix ^ word(buffer, at)) * MIX[0]
        mix ^= mix >> _SHIFT
    rest = word(buffer, start + (length & ~7)) & KEEP[length & 7]
    mix = (mix ^ rest) * MIX[1]
    # A product's low bits know nothing of a word's last bytes: bring the high ones down, twice.
    mix = (mix ^ mix >> _SHIFT) * MIX[2]
    mix ^= mix >> _SHIFT
    mask = len(strings.slots) - 1
    slot = np.int64(mix & np.uint64(0x7FFFFFFF)) & mask
    for _ in range(_MOST_PROBES):
        known = np.int64(strings.slots[slot]) - 1
        if known < 0:
            return add(buffer, start, end, slot, strings)
        if same(buffer, start, end, strings, known):
            return known
        slot = (slot + 1) & mask
    return CROWDED
