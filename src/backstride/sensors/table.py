"""Tables of time, x, y, z in the file's own units to blocks in g: shared by text and Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.errors import UnreadableFile
from backstride.records import Block, Notices
from backstride.sensors.clipping import flagged
from backstride.sensors.columns import Columns
from backstride.sensors.regular import MAX_RATE_HZ, MIN_RATE_HZ, Regular, estimate_rate_hz
from backstride.sensors.times import TimeReader, time_reader
from backstride.sensors.units import PER_G, units_per_g
from backstride.words import say

COLUMNS = ("time", "x", "y", "z", "gravity_x", "gravity_y", "gravity_z")
LARGEST_G = 200.0  # no body-worn sensor measures more; such a row is damaged
EARLIEST_S, LATEST_S = 0.0, 4_102_444_800.0  # 1970 to 2100


@dataclass
class TableReader:
    """Turns chunks of rows into blocks; what it assumes, it learns from the first chunk.

    `fs_hz` is the rate where the file tells it, `range_g` what its sensor can measure.
    """

    path: Path
    columns: Columns
    zone: str
    notices: Notices
    range_g: float | None = None
    fs_hz: float | None = None
    _times: TimeReader | None = None
    _per_g: float = 1.0
    _regular: Regular | None = None
    _blocks: int = field(default=0)

    def rate_of(self, table: pl.DataFrame) -> float:
        """The sampling rate in Hz that these rows show. Raises UnreadableFile if none."""
        self._learn(table)
        return self._regular.fs_hz if self._regular else 0.0

    def push(self, table: pl.DataFrame, first_row: int, row_name: str) -> Iterator[Block]:
        """Blocks of these rows; `first_row` is the number of the first one in the file."""
        if self._regular is None:
            self._learn(table)
        if self._regular is None:
            return
        t_s, acc, good = self._numbers(table)
        bad = np.flatnonzero(~good)
        if len(bad):
            text = say("rows without a usable time and three numbers were left out.")
            self.notices.add("row.bad", text, f"{row_name} {first_row + int(bad[0])}", len(bad))
        scaled = (acc[good] / self._per_g).astype(np.float32)
        for block in self._regular.push(t_s[good], scaled, f"after {row_name} {first_row}"):
            self._blocks += 1
            yield flagged(block.start_utc, block.fs_hz, block.acc, self.range_g, self.notices)

    def finish(self) -> None:
        """Raises UnreadableFile if no row could be used."""
        if not self._blocks:
            raise UnreadableFile(self.path, say("none of its rows could be used"))

    def _learn(self, table: pl.DataFrame) -> None:
        said = self.columns
        self._times = time_reader(
            self.path, table["time"], self.zone, self.notices, said.elapsed, said.time_unit_s
        )
        self._per_g = max(PER_G.values())  # the unit isn't known yet: allow the smallest
        t_s, acc, good = self._numbers(table)
        if good.sum() < 2:
            raise UnreadableFile(self.path, say("its first rows hold no usable time and numbers"))
        fs_hz = self.fs_hz or estimate_rate_hz(t_s[good])
        if not MIN_RATE_HZ <= fs_hz <= MAX_RATE_HZ:
            raise UnreadableFile(
                self.path,
                say(
                    "its sampling rate is {rate:.3g} Hz; {low:g} to {high:g} Hz can be read",
                    rate=fs_hz,
                    low=MIN_RATE_HZ,
                    high=MAX_RATE_HZ,
                ),
                say("Check the time column's unit, or record at 20 Hz or more."),
            )
        self._per_g = units_per_g(self.path, acc[good], fs_hz, said.unit, self.notices)
        self._regular = Regular(fs_hz, self.notices)

    def _numbers(
        self, table: pl.DataFrame
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        """Seconds since 1970, acceleration as it came, and which rows are usable."""
        if self._times is None:
            raise RuntimeError("rows are read after learning how time is written")
        seconds = self._times.seconds(table["time"])
        t_s = seconds.fill_null(float("nan")).to_numpy().astype(np.float64)
        acc = _floats(table, "x", "y", "z")
        if "gravity_x" in table.columns:
            acc += _floats(table, "gravity_x", "gravity_y", "gravity_z")
        good = np.isfinite(t_s) & (t_s >= EARLIEST_S) & (t_s < LATEST_S)
        good &= np.isfinite(acc).all(axis=1)
        good &= (np.abs(np.nan_to_num(acc)) <= LARGEST_G * max(self._per_g, 1.0)).all(axis=1)
        return t_s, acc, good


def _floats(table: pl.DataFrame, *names: str) -> NDArray[np.float64]:
    numbers = table.select(pl.col(name).cast(pl.Float64, strict=False) for name in names)
    floats: NDArray[np.float64] = numbers.fill_null(float("nan")).to_numpy(writable=True)
    return floats
