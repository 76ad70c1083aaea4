"""Axivity files made after `cwa.h`, with every feature it documents."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from backstride.sensors.cwa_format import SECTOR
from real_recordings import START

RATES_HZ = {6: 6.25, 7: 12.5, 8: 25, 9: 50, 10: 100, 11: 200, 12: 400, 13: 800, 14: 1600, 15: 3200}
RANGES = {16: 0, 8: 1, 4: 2, 2: 3}
PACKED, UNPACKED, WITH_GYRO, WITH_MAGNETOMETER = 0x30, 0x32, 0x62, 0x92
HELD = {PACKED: 120, UNPACKED: 80, WITH_GYRO: 40, WITH_MAGNETOMETER: 26}  # samples in a sector
AX3, AX6 = 0x17, 0x64


def packed_words(values: np.ndarray) -> np.ndarray:
    """Samples [n, 3] in 1/256 g as 10 bits an axis and the shift that makes them fit."""
    shift = np.zeros(len(values), np.int64)
    for more in (1, 2, 3):
        fits = ((values >> shift[:, None] >= -512) & (values >> shift[:, None] < 512)).all(axis=1)
        shift[~fits] = more
    x, y, z = (values >> shift[:, None]).T & 0x3FF
    return (shift << 30 | z << 20 | y << 10 | x).astype("<u4")


def held_g(values: np.ndarray) -> np.ndarray:
    """What packing leaves of samples in 1/256 g: coarser where they are large."""
    words = packed_words(values).astype(np.int64)
    shift = (words >> 30)[:, None]
    return (values >> shift << shift) / 256


def clock(at: datetime) -> int:
    date = (at.year - 2000) << 26 | at.month << 22 | at.day << 17
    return date | at.hour << 12 | at.minute << 6 | at.second


def cwa(
    path: Path,
    values: np.ndarray,
    packing: int = PACKED,
    rate_code: int = 10,
    range_g: int = 8,
    scale_code: int = 0,
    true_hz: float | None = None,
    with_fraction: bool = True,
    without: Collection[int] = (),
    damaged: Collection[int] = (),
    pause_s: tuple[int, float] = (0, 0.0),
    aux: tuple[int, int, int] = (300, 260, 180),
) -> Path:
    """A file of these samples [n, axes of the packing], in sectors without some.

    `pause_s` stops the clock's samples for so long before a sector; `aux` is light,
    temperature and battery as the device stores them.
    """
    size, rate_hz = HELD[packing], RATES_HZ[rate_code]
    sectors = np.zeros(-(-len(values) // size), SECTOR)
    sectors["magic"], sectors["length"] = 0x5841, 508
    sectors["sequence"] = np.arange(len(sectors))
    sectors["rate"] = RANGES[range_g] << 6 | rate_code
    sectors["packing"] = packing
    light, temperature, battery = aux
    sectors["light"] = scale_code << 13 | light
    sectors["temperature"], sectors["battery"] = temperature, battery
    for number, sector in enumerate(sectors):
        part = values[number * size : (number + 1) * size]
        sector["count"] = len(part)
        raw = packed_words(part) if packing == PACKED else part.astype("<i2")
        sector["payload"][: raw.nbytes] = np.ascontiguousarray(raw).view("u1").ravel()
        start_s = number * size / (true_hz or rate_hz)
        start_s += pause_s[1] if number >= pause_s[0] else 0.0
        _set_clock(sector, start_s, true_hz or rate_hz, rate_hz, with_fraction)
    sectors["checksum"] = -sectors.view("<u2").reshape(-1, 256).sum(axis=1, dtype=np.uint16)
    for number in damaged:
        sectors["payload"][number][7] ^= 0x40
    kept = [number for number in range(len(sectors)) if number not in without]
    header = bytearray(b"\xff" * 1024)
    header[:4] = b"MD\xfc\x03"
    header[4] = AX3 if packing in (PACKED, UNPACKED) and scale_code == 0 else AX6
    header[5:13] = (12345).to_bytes(2, "little") + bytes(6)
    header[35] = {WITH_GYRO: 0x02, WITH_MAGNETOMETER: 0x12}.get(packing, 0)
    header[36] = RANGES[range_g] << 6 | rate_code
    path.write_bytes(bytes(header) + sectors[kept].tobytes())
    return path


def _set_clock(
    sector: np.void, start_s: float, true_hz: float, rate_hz: float, with_fraction: bool
) -> None:
    """The mark of a sector that starts `start_s` after the start."""
    if with_fraction:  # read at the last sample
        at_sample = int(sector["count"]) - 1
        at_s = start_s + at_sample / true_hz
        ticks = math.floor((at_s - math.floor(at_s)) * 32768)
        sector["fraction"] = 0x8000 | ticks
        sector["offset"] = at_sample - (((ticks << 1) * int(rate_hz)) >> 16)
        sector["clock"] = clock(START + timedelta(seconds=math.floor(at_s)))
    else:
        whole = round(start_s + sector["count"] / 2 / true_hz)
        sector["clock"] = clock(START + timedelta(seconds=whole))
        sector["offset"] = round((whole - start_s) * true_hz)
