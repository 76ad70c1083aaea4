"""What a device measured besides acceleration: temperature, light and battery.

Sources: Open Movement's `cwa.h` (its voltage; that of `ax3-auxiliary.md`, which doubles the byte,
gives a full cell 5.4 V), the GENEActiv instruction manual, and for ActiGraph's battery records,
whose unit is not documented, millivolts as the last one of a file agrees with its `info.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.records import Schema, checked
from backstride.sensors import archive, detect
from backstride.sensors import cwa_format as cwa
from backstride.sensors import geneactiv_format as geneactiv
from backstride.sensors import gt3x_format as gt3x
from backstride.sensors.clock import utc_offset_s, written_offset_s
from backstride.sensors.geneactiv import page_bytes, read_header
from backstride.sensors.gt3x import INFO, LOG, read_info
from backstride.sensors.times import known_zone
from backstride.words import say

AUXILIARY: Schema = {
    "at": pl.Datetime("us", "UTC"),
    "temperature_c": pl.Float64(),
    "light": pl.Float64(),
    "battery_v": pl.Float64(),
}
SECTORS_AT_ONCE = 4096
TEMPERATURE = re.compile(rb"Temperature:\s*(-?\d{1,3}(?:\.\d{1,6})?)\s*\n")
VOLTAGE = re.compile(rb"Battery voltage:\s*(\d{1,2}(?:\.\d{1,6})?)\s*\n")

# Wall-clock seconds, temperature, light and battery voltage of some rows; NaN where unknown.
Rows = NDArray[np.float64]


def auxiliary(path: str | Path, zone: str = "UTC") -> pl.DataFrame:
    """One row for each sector, page or record of a device's file, in the file's order.

    `at`; `temperature_c`, inside the device; `light`, in lux as a GENEActiv is calibrated, or
    Axivity's own level of 0 to 1023, whose logarithm-like scale is only good for comparing;
    `battery_v`. Null where the device doesn't measure it. Damaged parts are left out. About 1 %
    of the file's size in memory. `zone` is as in `open_recording`. Raises UnsupportedFormat for
    files that hold none of this, UnreadableFile for damaged ones.
    """
    path = Path(path)
    known_zone(zone)
    reader = READERS.get(detect(path) or "")
    if reader is None:
        raise UnsupportedFormat(
            path, say("its format has no temperature, light or battery voltage")
        )
    offset_s, parts = reader(path)
    rows = np.concatenate([np.empty((0, 4)), *parts])
    if offset_s is None:
        offset_s = utc_offset_s(float(rows[0, 0]), ZoneInfo(zone)) if len(rows) else 0.0
    at = pl.Series("at", np.round((rows[:, 0] - offset_s) * 1e6).astype(np.int64))
    values = {name: rows[:, n] for n, name in enumerate(list(AUXILIARY)[1:], start=1)}
    table = pl.DataFrame({"at": at.cast(AUXILIARY["at"])} | values)
    return checked(table.with_columns(pl.col(pl.Float64).fill_nan(None)), AUXILIARY)


def _of_cwa(path: Path) -> tuple[float | None, Iterator[Rows]]:
    def rows() -> Iterator[Rows]:
        with path.open("rb") as file:
            file.seek(cwa.HEADER_BYTES)
            while raw := file.read(SECTORS_AT_ONCE * cwa.SECTOR_BYTES):
                yield _of_sectors(np.frombuffer(raw, cwa.SECTOR, len(raw) // cwa.SECTOR_BYTES))

    return None, rows()


def _of_sectors(sectors: cwa.Sectors) -> Rows:
    is_data = (sectors["magic"] == cwa.SECTOR_MAGIC) & ((sectors["rate"] & 0x0F) >= 6)
    sectors = sectors[
        is_data & cwa.checksum_ok(sectors) & np.isfinite(cwa.clock_s(sectors["clock"]))
    ]
    temperature = (sectors["temperature"] & 0x3FF).astype(np.float64)
    battery = sectors["battery"].astype(np.float64)
    return np.column_stack(
        [
            cwa.first_sample_s(sectors),
            np.where(temperature > 0, temperature * 75 / 256 - 50, np.nan),
            (sectors["light"] & 0x3FF).astype(np.float64),
            np.where(battery > 0, (battery + 512) * 6 / 1024, np.nan),
        ]
    )


def _of_geneactiv(path: Path) -> tuple[float | None, Iterator[Rows]]:
    header = read_header(path)

    def rows() -> Iterator[Rows]:
        for pages, _, _ in page_bytes(path, header.pages_at):
            found = [row for page in pages if (row := _of_page(page, header.lux_per_step))]
            yield np.array(found, np.float64).reshape(-1, 4)

    return header.utc_offset_s, rows()


def _of_page(page: bytes, lux_per_step: float) -> tuple[float, float, float, float] | None:
    match = geneactiv.PAGE.search(page) if len(page) <= geneactiv.LARGEST_PAGE else None
    at_s = geneactiv.wall_s(match[2], match[3]) if match else None
    data = geneactiv.packed(page[match.end() :]) if match else None
    if at_s is None or data is None:
        return None
    temperature, battery = TEMPERATURE.search(page), VOLTAGE.search(page)
    return (
        at_s,
        float(temperature[1]) if temperature else np.nan,
        float(geneactiv.light(data).mean()) * lux_per_step,
        float(battery[1]) if battery else np.nan,
    )


def _of_gt3x(path: Path) -> tuple[float | None, Iterator[Rows]]:
    names = archive.members(path) or {}
    if INFO not in names:
        raise UnreadableFile(path, say("the zip is damaged or breaks off"))
    info, rate_hz = read_info(path, names[INFO])
    log = names.get(LOG)  # old devices keep no such records
    if log is not None:
        archive.check_size(path, log)

    def rows() -> Iterator[Rows]:
        rest, resume = b"", gt3x.resume_pattern(rate_hz)
        try:
            for piece in archive.chunks(path, log) if log is not None else ():
                data = rest + piece
                records, taken, _ = gt3x.find_records(data, resume, is_last=False)
                run = [r for r in records if (r.kind, r.size) == (gt3x.BATTERY, 2)]
                if run:
                    yield _of_batteries(data, run)
                rest = data[taken:]
        except archive.BROKEN:
            return  # what comes before the damage is kept

    return written_offset_s(info.time_zone), rows()


def _of_batteries(data: bytes, run: list[gt3x.Found]) -> Rows:
    payload, sound = gt3x.payloads(data, run)
    rows = np.full((len(run), 4), np.nan)
    rows[:, 0] = [record.second for record in run]
    rows[:, 3] = np.ascontiguousarray(payload).view("<u2")[:, 0] / 1000
    return rows[sound]


READERS: dict[str, Callable[[Path], tuple[float | None, Iterator[Rows]]]] = {
    "cwa": _of_cwa,
    "geneactiv": _of_geneactiv,
    "gt3x": _of_gt3x,
}
