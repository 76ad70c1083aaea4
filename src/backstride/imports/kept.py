"""Samples on the disk while a file is read: what stays in memory is some months of them.

The file that holds them has no name and ends with its use, whatever ends the process.
"""

from __future__ import annotations

import ctypes
import io
import sys
import tempfile
from collections.abc import Iterable, Iterator

import polars as pl

MANY = 30_000  # rows that are parted at once
SMALL = 4 << 20  # bytes that are kept in memory


def give_back() -> None:
    """Return freed memory to the system, of which glibc would keep some 10 MB after a reading."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


class Spool:
    """Pieces of bytes, by the number in which they came."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(SMALL, prefix="backstride-")  # noqa: SIM115
        self._ends = [0]

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, piece: bytes) -> int:
        """Keep one more; its number."""
        self._file.seek(self._ends[-1])
        self._file.write(piece)
        self._ends.append(self._ends[-1] + len(piece))
        return len(self) - 1

    def piece(self, number: int) -> bytes:
        """One as it came."""
        begin, end = self._ends[number : number + 2]
        self._file.seek(begin)
        return self._file.read(end - begin)


class Kept:
    """Tables, to be gone through in the order in which they came, as often as need be."""

    def __init__(self) -> None:
        self._spool = Spool()

    def __len__(self) -> int:
        return len(self._spool)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        return map(self.table, range(len(self)))

    def add(self, table: pl.DataFrame) -> int:
        """Keep one more; its number."""
        packed = io.BytesIO()
        table.write_ipc(packed, compression="lz4")
        return self._spool.add(packed.getvalue())

    def table(self, number: int) -> pl.DataFrame:
        return pl.read_ipc(io.BytesIO(self._spool.piece(number)))


class ByQuarter:
    """Tables of SAMPLES as they come, parted by the local quarter of a year of their start."""

    def __init__(self, zone: str, batches: Iterable[pl.DataFrame] = ()) -> None:
        self.zone = zone
        self.kept = Kept()
        self.quarters: dict[int, list[int]] = {}
        self.few: list[pl.DataFrame] = []
        for batch in batches:
            self.add(batch)

    def add(self, batch: pl.DataFrame) -> None:
        """Take more rows."""
        self.few.append(batch)
        if sum(one.height for one in self.few) >= MANY:
            self._part()

    def tables(self) -> Iterator[pl.DataFrame]:
        """One table a quarter, in order, its rows as they came."""
        self._part()
        for quarter in sorted(self.quarters):
            yield pl.concat(map(self.kept.table, self.quarters[quarter]))

    def _part(self) -> None:
        if not self.few:
            return
        local = pl.col("start").dt.convert_time_zone(self.zone).dt
        quarter = (local.year() * 4 + local.quarter()).alias("quarter")
        parts = pl.concat(self.few).with_columns(quarter).partition_by("quarter", as_dict=True)
        self.few = []
        for (one,), part in parts.items():
            self.quarters.setdefault(one, []).append(self.kept.add(part.drop("quarter")))
