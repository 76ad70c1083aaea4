"""The layout of ActiGraph `.gt3x` files and its vectorised decoding.

Source: ActiGraph, `GT3X-File-Format` and `NHANES-GT3X-File-Format` on github.com/actigraph.
A file is a zip with `info.txt` (`name: value` lines) and `log.bin`: records of a separator,
type, second, payload size, payload and checksum, little-endian; of old devices, `activity.bin`
is one stream of 12-bit samples. Seconds are on the wall clock the device was set to.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SEPARATOR = 0x1E
HEADER_BYTES = 8
ACTIVITY, BATTERY, PARAMETERS, ACTIVITY2 = 0x00, 0x02, 0x15, 0x1A
USB_EVENT_BYTES = 1  # an activity record of one byte is the docking, not a sample
RATES_HZ = range(10, 257)  # 30, 40, ... 100 are documented
TICKS_AT_1970 = 621_355_968_000_000_000  # .NET ticks of 100 ns since the year 1

OLD_SCALE, SCALE = 341.0, 256.0  # values per g: GT3X+ and wGT3X+; later devices
OLD_RANGE_G, RANGE_G = 6.0, 8.0
OLD_SERIALS = ("NEO", "CLE", "MRA")
_HEADER = struct.Struct("<BBIH")
_PARAMETER = np.dtype([("space", "<u2"), ("name", "<u2"), ("value", "<u4")])
_ACCEL_SCALE, _FEATURES = (0, 55), (1, 2)
_SLEEP_MODE = 1 << 2
_ZEROS = re.compile(rb"\x00+")


class Found(NamedTuple):
    """Where a record is in a buffer: its type, second, payload size and first byte."""

    kind: int
    second: int
    size: int
    at: int


@dataclass(frozen=True)
class Info:
    """What `info.txt` says: `scale` is values per g, `start_s` on the wall clock.

    The device measures from -`range_g` to `range_g`.
    """

    serial: str
    model: str
    rate_hz: int | None
    scale: float
    range_g: float
    start_s: float | None
    time_zone: str


def read_info(text: str) -> Info:
    """The lines that matter; a rate, scale or start that makes no sense is None or usual."""
    lines = (line.partition(":") for line in text.splitlines())
    said = {name.strip(): value.strip() for name, _, value in lines}
    serial = re.sub(r"[^\w-]", "", said.get("Serial Number", ""))[:40]
    rate = said.get("Sample Rate", "").partition(".")[0]
    ticks = said.get("Start Date", "")
    scale = said.get("Acceleration Scale", "").replace(",", ".")
    return Info(
        serial=serial,
        model=re.sub(r"[^\w +-]", "", said.get("Device Type", ""))[:40].strip(),
        rate_hz=int(rate) if re.fullmatch(r"\d{1,3}", rate) and int(rate) in RATES_HZ else None,
        scale=_usable_scale(float(scale) if re.fullmatch(r"\d{1,6}(\.\d{1,9})?", scale) else 0.0)
        or (OLD_SCALE if serial.startswith(OLD_SERIALS) else SCALE),
        range_g=_range_g(said.get("Acceleration Max", ""), serial),
        start_s=(int(ticks) - TICKS_AT_1970) / 1e7 if re.fullmatch(r"\d{18}", ticks) else None,
        time_zone=said.get("TimeZone", ""),
    )


def _range_g(said: str, serial: str) -> float:
    match = re.fullmatch(r"(\d{1,2})([.,]\d{1,9})?", said)
    range_g = float(said.replace(",", ".")) if match else 0.0
    return range_g if 1 <= range_g <= 32 else usual_range_g(serial)


def usual_range_g(serial: str) -> float:
    """6 g for GT3X+ and wGT3X+, 8 g for later devices, as their serial numbers tell."""
    return OLD_RANGE_G if serial.startswith(OLD_SERIALS) else RANGE_G


def payload_bytes(kind: int, samples: int) -> int:
    """How many bytes an activity record of so many samples has."""
    return samples * 6 if kind == ACTIVITY2 else (samples * 9 + 1) // 2


def find_records(
    data: bytes, resume: re.Pattern[bytes], *, is_last: bool
) -> tuple[list[Found], int, list[int]]:
    """(records, how many bytes of `data` they take, where bytes that are no record begin).

    Zeros between records are allowed. After anything else, reading goes on where `resume`
    matches. A record's checksum is looked at only where no other follows it at once.
    """
    found: list[Found] = []
    lost: list[int] = []
    at, end = 0, len(data)
    while at < end:
        if data[at] == 0:
            zeros = _ZEROS.match(data, at)
            at = zeros.end() if zeros else at + 1
            continue
        is_cut = end - at <= HEADER_BYTES
        if not is_cut and data[at] == SEPARATOR:
            _, kind, second, size = _HEADER.unpack_from(data, at)
            after = at + HEADER_BYTES + size + 1
            is_cut = after > end
            if not is_cut and (_may_follow(data, after) or _is_sound(data[at:after])):
                found.append(Found(kind, second, size, at))
                at = after
                continue
        if is_cut and not is_last:
            break  # the rest of it may come with the next bytes
        lost.append(at)
        following = resume.search(data, at + 1)
        if following is None and not is_last:
            at = max(at + 1, end - HEADER_BYTES + 1)
            break
        at = following.start() if following else end
    return found, at, lost


def _may_follow(data: bytes, at: int) -> bool:
    return at == len(data) or data[at] == SEPARATOR


def _is_sound(record: bytes) -> bool:
    return bool(np.bitwise_xor.reduce(np.frombuffer(record, np.uint8)) == 0xFF)


def resume_pattern(rate_hz: int) -> re.Pattern[bytes]:
    """The head of an activity record of one whole second."""
    heads = [
        re.escape(bytes([SEPARATOR, kind]))
        + b".{4}"
        + re.escape(struct.pack("<H", payload_bytes(kind, rate_hz)))
        for kind in (ACTIVITY, ACTIVITY2)
    ]
    return re.compile(b"|".join(heads), re.DOTALL)


def payloads(data: bytes, run: list[Found]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """(payloads [records, bytes], whether each checksum holds) of records of one size."""
    size = run[0].size
    buffer = np.frombuffer(data, np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(buffer, HEADER_BYTES + size + 1)
    rows = windows[[record.at for record in run]]
    # The checksum is the complement of all bytes before it: together they make 0xFF.
    sound = np.bitwise_xor.reduce(rows, axis=1) == 0xFF
    return rows[:, HEADER_BYTES:-1], sound


def decode(kind: int, rows: NDArray[np.uint8], scale: float) -> NDArray[np.float32]:
    """Acceleration in g, shape [rows, samples, 3], of activity payloads [rows, bytes]."""
    if kind == ACTIVITY2:
        samples = rows.shape[1] // 6
        values = np.ascontiguousarray(rows[:, : samples * 6]).view("<i2")
        return (values.reshape(len(rows), samples, 3) / scale).astype(np.float32)
    samples = rows.shape[1] * 8 // 36
    whole = -(-samples * 3 // 2) * 3  # two values take three bytes
    padded = np.zeros((len(rows), whole), np.int16)
    width = min(whole, rows.shape[1])
    padded[:, :width] = rows[:, :width]
    first, middle, last = padded[:, 0::3], padded[:, 1::3], padded[:, 2::3]
    values = np.empty((len(rows), 2 * first.shape[1]), np.int16)
    values[:, 0::2] = ((first << 8) | (middle & 0xF0)) >> 4
    values[:, 1::2] = ((middle << 12) | (last << 4)) >> 4
    yxz = values[:, : samples * 3].reshape(len(rows), samples, 3)
    return (yxz[:, :, [1, 0, 2]] / scale).astype(np.float32)


def read_parameters(payload: bytes) -> tuple[float | None, bool]:
    """(values per g, whether idle sleep mode is on) of a parameters record."""
    pairs = np.frombuffer(payload, dtype=_PARAMETER, count=len(payload) // _PARAMETER.itemsize)
    said = {(int(p["space"]), int(p["name"])): int(p["value"]) for p in pairs}
    scale = said.get(_ACCEL_SCALE)
    sleeps = bool(said.get(_FEATURES, 0) & _SLEEP_MODE)
    return None if scale is None else _usable_scale(_float(scale)), sleeps


def _float(code: int) -> float:
    """ActiGraph's floating point: a signed 24-bit fraction and a signed 8-bit exponent."""
    fraction = (code & 0xFFFFFF) - ((code & 0x800000) << 1)
    exponent = (code >> 24) - ((code >> 24 & 0x80) << 1)
    return float(fraction / 2**23 * 2.0**exponent)


def _usable_scale(scale: float) -> float | None:
    return scale if 10 <= scale <= 20_000 else None
