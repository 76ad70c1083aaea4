"""The layout of Axivity `.cwa` files (AX3, AX6) and its decoding.

Source: Open Movement, `Docs/ax3/cwa.h` (github.com/openmovementproject/openmovement).
A file is a 1024-byte header ("MD") and 512-byte sectors ("AX"), all little-endian. The
device's clock is the wall clock it was set to; the format stores no zone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HEADER_BYTES = 1024
SECTOR_BYTES = 512
PACKED_SAMPLES = 120  # 4 bytes each
PAYLOAD_BYTES = 480

SECTOR = np.dtype(
    [
        ("magic", "<u2"),
        ("length", "<u2"),
        ("fraction", "<u2"),
        ("session", "<u4"),
        ("sequence", "<u4"),
        ("clock", "<u4"),
        ("light", "<u2"),
        ("temperature", "<u2"),
        ("events", "u1"),
        ("battery", "u1"),
        ("rate", "u1"),
        ("packing", "u1"),
        ("offset", "<i2"),
        ("count", "<u2"),
        ("payload", "u1", (PAYLOAD_BYTES,)),
        ("checksum", "<u2"),
    ]
)
SECTOR_MAGIC = 0x5841  # "AX"
SECTOR_LENGTH = SECTOR_BYTES - 4
FRACTION_VALID = 0x8000

Sectors = NDArray[np.void]


def sampling_rate_hz(code: int) -> float:
    """The nominal rate of a sampling-rate code (its lower nibble)."""
    return 3200.0 / (1 << (15 - (code & 0x0F)))


def words_of(sectors: Sectors) -> NDArray[np.uint16]:
    """The 16-bit words of each sector, [n, 256]."""
    return np.ascontiguousarray(sectors).view("<u2").reshape(-1, SECTOR_BYTES // 2)


def checksum_ok(sectors: Sectors) -> NDArray[np.bool_]:
    """Whether the 16-bit words of each sector sum to zero."""
    from backstride.sensors import cwa_kernels

    sound = np.empty(len(sectors), dtype=np.bool_)
    cwa_kernels.checksums(words_of(sectors), sound)
    return sound


def capacity(packing: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many samples a full sector holds, 0 for a packing that isn't documented."""
    axes, depth = packing >> 4, packing & 0x0F
    unpacked = (depth == 2) & np.isin(axes, (3, 6, 9))
    room = PAYLOAD_BYTES // (2 * np.maximum(axes.astype(np.int64), 1))
    return np.where((depth == 0) & (axes == 3), PACKED_SAMPLES, np.where(unpacked, room, 0))


def clock_s(clock: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Whole seconds since 1970 on the device's wall clock; NaN where it is no date."""
    value = clock.astype(np.int64)
    month, day = (value >> 22) & 15, (value >> 17) & 31
    hour, minute, second = (value >> 12) & 31, (value >> 6) & 63, value & 63
    months = ((value >> 26) + 2000 - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    valid = (month >= 1) & (month <= 12) & (day >= 1) & (day <= following - first)
    valid &= (hour < 24) & (minute < 60) & (second < 60)
    total = (first + day - 1) * 86400 + hour * 3600 + minute * 60 + second
    return np.where(valid, total.astype(np.float64), np.nan)


def clock_marks(sectors: Sectors) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Which sample of each sector the device's clock was read at, and what it said (s).

    Where the fraction of a second is given, the device has already moved `offset` by it at
    the ideal rate: that move is undone.
    """
    rate = 3200 >> (15 - (sectors["rate"] & 0x0F).astype(np.int64))
    has_fraction = (sectors["fraction"] & FRACTION_VALID) != 0
    ticks = np.where(has_fraction, (sectors["fraction"].astype(np.int64) & 0x7FFF) << 1, 0)
    at_sample = sectors["offset"] + ((ticks * rate) >> 16)
    return at_sample, clock_s(sectors["clock"]) + ticks / 65536.0


def first_sample_s(sectors: Sectors) -> NDArray[np.float64]:
    """The device's wall-clock second of each sector's first sample, at the nominal rate."""
    rate = 3200.0 / (1 << (15 - (sectors["rate"] & 0x0F).astype(np.int64)))
    at_sample, at_s = clock_marks(sectors)
    return at_s - at_sample / rate


def range_g(sectors: Sectors) -> float:
    """What the first sector's configuration lets the sensor measure, from minus to plus this."""
    configured = 16.0 / (1 << (int(sectors["rate"][0]) >> 6))
    if int(sectors["packing"][0]) & 0x0F == 0:
        return configured
    return min(configured, 128.0 / (1 << (int(sectors["light"][0]) >> 13)))


def decode(sectors: Sectors) -> NDArray[np.float32]:
    """Acceleration in g, shape [samples, 3], of sectors that share one packing.

    No count may be over `capacity`. With a gyroscope its three axes come before the
    accelerometer's, whose unit is in the upper bits of `light`.
    """
    from backstride.sensors import cwa_kernels

    packing = int(sectors["packing"][0])
    counts = sectors["count"].astype(np.int64)
    acc = np.empty((int(counts.sum()), 3), dtype=np.float32)
    if packing & 0x0F == 0:
        cwa_kernels.packed(words_of(sectors), counts, acc)
        return acc
    axes = packing >> 4
    unit_g = np.ldexp(np.float32(1 / 256), -(sectors["light"] >> 13).astype(np.int32))
    cwa_kernels.unpacked(words_of(sectors), counts, axes, 3 if axes > 3 else 0, unit_g, acc)
    return acc
