"""The layout of GENEActiv `.bin` files and its vectorised decoding.

Source: the GENEActiv instruction manual (Activinsights), and the files themselves. A file is
text: a header of `name:value` lines, then pages that begin with "Recorded Data". A page has
nine such lines and one of 3,600 hexadecimal digits: 300 samples of 48 bits, which are x, y
and z (12 bits each, signed), light (10), button (1) and a spare bit. A page's time is that of
its first sample on the wall clock of the header's time zone, to the nearest half second.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

MAGIC = b"Device Identity"
PAGE_MARK = b"Recorded Data"
PAGE_SAMPLES = 300
PAGE_BYTES = 6 * PAGE_SAMPLES
LARGEST_PAGE = 8192  # bytes; real ones have about 3,900
MIN_RATE_HZ, MAX_RATE_HZ = 5.0, 200.0  # 10 to 100 are documented

PAGE = re.compile(
    rb"Sequence Number:\s*(\d{1,9})\s*\n"
    rb"Page Time:\s*(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d):(\d{3})\s*\n"
    rb"(?:[^\n]*\n){0,6}?"
    rb"Measurement Frequency:\s*(\d{1,4}(?:\.\d{1,6})?)[^\n]*\n"
)


def wall_s(date_time: bytes, milliseconds: bytes) -> float | None:
    """Seconds since 1970 on the device's wall clock; None where it is no date."""
    try:
        at = datetime.fromisoformat(date_time.decode()).replace(tzinfo=UTC)
    except ValueError:
        return None
    return at.timestamp() + int(milliseconds) / 1000


def packed(digits: bytes) -> bytes | None:
    """A page's samples, 6 bytes each, of its hexadecimal digits; None where they are damaged."""
    try:
        data = unhexlify(digits.strip())
    except ValueError:
        return None
    return data if len(data) == PAGE_BYTES else None


def light(data: bytes) -> NDArray[np.int64]:
    """The light level of each packed sample: 10 bits, before the last two."""
    last = np.frombuffer(data, np.uint8).reshape(-1, 6)[:, 4:].astype(np.int64)
    return (last[:, 0] & 0x0F) << 6 | last[:, 1] >> 2


def limits_g(
    gain: NDArray[np.float64], offset: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(lowest, highest) acceleration in g of x, y and z that 12 bits hold, less half a step."""
    low, high = (-2047.5 * 100 - offset) / gain, (2046.5 * 100 - offset) / gain
    return low, high


def decode(
    data: bytes, gain: NDArray[np.float64], offset: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Acceleration in g, shape [samples, 3], of packed samples.

    `gain` and `offset` are the header's, for x, y and z: g = (100 value - offset) / gain.
    """
    x0, x1, y1, z0, z1, _ = np.frombuffer(data, np.uint8).reshape(-1, 6).T.astype(np.int16)
    acc = np.empty((len(x0), 3), dtype=np.float32)
    words = ((x0 << 8) | (x1 & 0xF0), (x1 << 12) | (y1 << 4), (z0 << 8) | (z1 & 0xF0))
    for axis, word in enumerate(words):  # 12 bits at the top of 16: shifted, they keep the sign
        acc[:, axis] = ((word >> 4) * 100.0 - offset[axis]) / gain[axis]
    return acc
