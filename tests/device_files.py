"""Device files made after their formats' documentation, with every documented feature."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import xor
from pathlib import Path

import numpy as np

from real_recordings import DATA, START

GENEACTIV = DATA / "geneactiv-sample.bin"
GENEACTIV_CUT = DATA / "geneactiv-85hz-cut.bin"

TICKS_AT_1970 = 621_355_968_000_000_000
START_S = int(START.timestamp())
INFO = """Serial Number: {serial}
Device Type: {model}
Firmware: 1.7.2
Battery Voltage: 4.18
Sample Rate: {rate}
Start Date: {ticks}
Stop Date: 0
{more}Board Revision: 8
Subject Name: made up
"""


def counts(seconds: int, rate_hz: int, per_g: float = 256.0) -> np.ndarray:
    """Integers [n, 3] of a device that leans, trembles and swings: no two seconds are equal."""
    t = np.arange(seconds * rate_hz) / rate_hz
    noise = np.random.default_rng(7).normal(0, 0.01, (len(t), 3))
    g = np.array([0.28, -0.35, 0.894]) + noise
    g[:, 2] += 0.2 * np.sin(2 * np.pi * 1.8 * t)
    return np.round(g * per_g).astype(np.int64)


def record(kind: int, second: int, payload: bytes, damage: int = 0) -> bytes:
    """One ActiGraph log record; `damage` is added to its checksum."""
    body = struct.pack("<BBIH", 0x1E, kind, second, len(payload)) + payload
    return body + bytes([(~reduce(xor, body) + damage) & 0xFF])


def activity2(values: np.ndarray) -> bytes:
    return values.astype("<i2").tobytes()


def activity(values: np.ndarray) -> bytes:
    """12-bit values in the order y, x, z, digit by digit."""
    digits = "".join(f"{int(v) & 0xFFF:03x}" for row in values for v in row[[1, 0, 2]])
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def parameters(scale: float | None = None, features: int = 0) -> bytes:
    pairs = [(0, 6, 2), (1, 2, features), (9, 9, 9)]
    if scale is not None:
        exponent = int(np.floor(np.log2(scale))) + 1
        fraction = round(scale / 2.0**exponent * 2**23)
        pairs.append((0, 55, (exponent & 0xFF) << 24 | fraction & 0xFFFFFF))
    return b"".join(struct.pack("<HHI", *pair) for pair in pairs)


def log(
    values: np.ndarray,
    rate_hz: int,
    seconds: Iterable[int] | None = None,
    kind: int = 0x1A,
    head: bytes = b"",
) -> bytes:
    """A log of whole seconds, one record each; `seconds` are their offsets from the start."""
    parts = values.reshape(-1, rate_hz, 3)
    encode = activity2 if kind == 0x1A else activity
    offsets = range(len(parts)) if seconds is None else seconds
    records = (
        record(kind, START_S + s, encode(part)) for s, part in zip(offsets, parts, strict=True)
    )
    return head + b"".join(records)


def info(
    rate_hz: int | str = 100, serial: str = "TAS1H30182785", model: str = "Link", more: str = ""
) -> str:
    ticks = TICKS_AT_1970 + START_S * 10_000_000
    return INFO.format(rate=rate_hz, serial=serial, model=model, ticks=ticks, more=more)


def gt3x(
    path: Path,
    data: bytes,
    about: str | None = None,
    name: str = "log.bin",
    packing: int = zipfile.ZIP_STORED,
) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("info.txt", info() if about is None else about)
        archive.writestr(name, data)
    return path


GENEACTIV_HEADER = """Device Identity
Device Unique Serial Code:012345
Device Type:GENEActiv
Calibration Date:2019-02-04 13:49:24:000

Configuration Info
Measurement Frequency:{rate} Hz
Time Zone:{zone}

Calibration Data
x gain:25500
x offset:200
y gain:25400
y offset:-1100
z gain:24800
z offset:100
Volts:42
Lux:886

Memory Status
Number of Pages:{pages}

"""
PAGE = """Recorded Data
Device Unique Serial Code:012345
Sequence Number:{sequence}
Page Time:{at}
Unassigned:
Temperature:28.2
Battery voltage:4.1642
Device Status:Recording
Measurement Frequency:{rate}
{digits}
"""


def geneactiv_page(sequence: int, at_s: float, rate: float, values: np.ndarray) -> str:
    """One page of 300 samples that starts `at_s` after the start; light and button are set."""
    digits = "".join(
        f"{x & 0xFFF:03X}{y & 0xFFF:03X}{z & 0xFFF:03X}{i % 1024 << 2 | 2:03X}"
        for i, (x, y, z) in enumerate(values.tolist())
    )
    at = START + timedelta(seconds=at_s)
    stamp = f"{at:%Y-%m-%d %H:%M:%S}:{at.microsecond // 1000:03d}"
    return PAGE.format(sequence=sequence, at=stamp, rate=rate, digits=digits)


def geneactiv(
    path: Path,
    values: np.ndarray,
    rate: float = 100.0,
    without: Sequence[int] = (),
    zone: str = "GMT +01:00",
    true_hz: float | None = None,
    says: int | None = None,
) -> Path:
    """A file of pages of 300 samples without some; marks are rounded down to half a second."""
    pages = values.reshape(-1, 300, 3)
    seconds = 300 / (true_hz or rate)
    text = "".join(
        geneactiv_page(n, np.floor(2 * n * seconds) / 2, rate, page)
        for n, page in enumerate(pages)
        if n not in without
    )
    held = len(pages) - len(without) if says is None else says
    header = GENEACTIV_HEADER.format(rate=rate, zone=zone, pages=held)
    path.write_text(header + text, newline="\r\n")
    return path


def actilife_csv(
    path: Path,
    g: np.ndarray,
    rate_hz: int = 100,
    header: str = "Accelerometer X,Accelerometer Y,Accelerometer Z\n",
    form: str = "M/d/yyyy",
    date: str = "3/2/2026",
    stamped: bool = False,
) -> Path:
    """ActiLife's raw export of these rows, in g."""
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    rows = []
    for n, row in enumerate(g):
        at = start + timedelta(seconds=n / rate_hz)
        stamp = f"{at:%m/%d/%Y %H:%M:%S}.{at.microsecond // 1000:03d}," if stamped else ""
        rows.append(stamp + ",".join(f"{value:.3f}" for value in row))
    dashes = "-" * 12
    path.write_text(
        f"{dashes} Data File Created By ActiGraph GT3X+ ActiLife v6.13.3 Firmware v1.7.2 "
        f"date format {form} at {rate_hz} Hz  Filter Normal -----------\n"
        f"Serial Number: TAS1H30182785\nStart Time 09:00:00\nStart Date {date}\n"
        "Epoch Period (hh:mm:ss) 00:00:00\nDownload Time 19:20:05\nDownload Date 9/17/2026\n"
        "Current Memory Address: 0\nCurrent Battery Voltage: 4.18     Mode = 12\n"
        f"{'-' * 50}\n{header}" + "\n".join(rows) + "\n"
    )
    return path
