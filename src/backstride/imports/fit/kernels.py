"""The loops over a FIT file's bytes; `fit_format` has the layout.

A file holds up to some thousand messages a day of wear, each of a few bytes: too many to take
one by one in Python. The tests hold what comes out against another reader's messages.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from backstride.kernels import kernel, read_only

NO_TIME = 0xFFFFFFFF
KINDS = 16  # local message types: what a header byte can name

# How a walk over the messages ends, beside at the end of the data.
DEFINITION = 1  # at a definition, which Python reads
BREAKS_OFF = 2  # in the middle of a message
UNDEFINED = 3  # at a message whose local type was never defined
FULL = 4  # at more messages than there is room for

Bytes = NDArray[np.uint8]
BYTES = read_only(types.uint8, 1)


def _made_table() -> NDArray[np.uint16]:
    """CRC-16 with the reflected polynomial 0xA001, as the FIT protocol has it."""
    table = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ 0xA001, table >> 1).astype(np.uint16)
    return table


TABLE = _made_table()


@kernel(BYTES, types.int64, types.int64)
def checksum(data: Bytes, start: int, end: int) -> int:
    """The CRC of the bytes from `start` up to `end`."""
    crc = np.uint16(0)
    for at in range(start, end):
        crc = np.uint16((crc >> 8) ^ TABLE[(crc ^ data[at]) & 0xFF])
    return int(crc)


@kernel(BYTES, types.int64, types.boolean)
def stamp(data: Bytes, at: int, big: bool) -> int:
    """The timestamp in four bytes, -1 where it is marked as none."""
    value = 0
    for byte in range(4):
        value |= int(data[at + byte]) << (8 * (3 - byte) if big else 8 * byte)
    return -1 if value == NO_TIME else value


@kernel(
    BYTES,
    types.int64,
    types.int64,
    types.int64[:, ::1],
    types.int64[::1],
    types.int32[::1],
    types.int32[::1],
    types.int64[::1],
)
def walk(
    data: Bytes,
    at: int,
    end: int,
    local: NDArray[np.int64],
    state: NDArray[np.int64],
    place: NDArray[np.int32],
    definition: NDArray[np.int32],
    time: NDArray[np.int64],
) -> int:
    """Note data messages from `at` on, until a definition comes or something is wrong.

    `local[kind]` is (definition's number or -1, bytes after the header, place of the timestamp
    or -1, 1 for big-endian). `state` is (messages so far, last timestamp, how the walk ended)
    and is carried on. Of each message its first byte after the header goes to `place`, its
    definition's number to `definition` and its own timestamp (seconds of the FIT clock, -1 for
    none) to `time`. Returns the byte at which the walk ended.
    """
    count, last = state[0], state[1]
    state[2] = 0
    while at < end:
        header = data[at]
        if header & 0xC0 == 0x40:
            state[2] = DEFINITION
            break
        kind = (header >> 5) & 0x3 if header & 0x80 else header & 0xF
        if local[kind, 0] < 0:
            state[2] = UNDEFINED
            break
        size = local[kind, 1]
        if at + 1 + size > end:
            state[2] = BREAKS_OFF
            break
        if count >= len(place):
            state[2] = FULL
            break
        own = -1
        if header & 0x80:  # the low five bits of the time stand in the header
            if last >= 0:
                last += ((header & 0x1F) - last) & 0x1F
                own = last
        elif local[kind, 2] >= 0:
            own = stamp(data, at + 1 + local[kind, 2], local[kind, 3] > 0)
            last = own if own >= 0 else last
        place[count] = at + 1
        definition[count] = local[kind, 0]
        time[count] = own
        count += 1
        at += 1 + size
    state[0], state[1] = count, last
    return at
