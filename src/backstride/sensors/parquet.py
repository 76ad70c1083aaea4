"""Parquet files with time, x, y, z: for research data and benchmarks.

The time column is a timestamp or a number as in text tables; a file without one may give
its rate as `fs_hz` to `open_parquet`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from backstride.errors import UnreadableFile
from backstride.records import Block, Notices, Placement, Recording
from backstride.sensors.columns import Columns, find_columns
from backstride.sensors.table import COLUMNS, TableReader
from backstride.words import say

ROWS_AT_ONCE = 500_000


def open_parquet(
    path: Path, placement: Placement, zone: str, fs_hz: float | None = None
) -> Recording:
    """A Recording of a Parquet file; `fs_hz` counts only where there is no time column."""
    schema = read_schema(path)
    columns = find_columns(list(schema))
    if columns is None and fs_hz is not None and {"x", "y", "z"} <= set(schema):
        columns = Columns(0, (0, 0, 0), ("", "x", "y", "z"), elapsed=True)
    if columns is None:
        raise UnreadableFile(path, say("no columns for time, x, y and z were found"))
    found = columns
    rows = _row_count(path)
    notices = Notices()
    first = next(_tables(path, found, rows, fs_hz), None)
    if first is None:
        raise UnreadableFile(path, say("no rows of data"))
    rate_hz = TableReader(path, found, zone, Notices()).rate_of(first)

    def read(progress: Callable[[int], None]) -> Iterator[Block]:
        notices.clear()
        reader = TableReader(path, found, zone, notices)
        row = 0
        for table in _tables(path, found, rows, fs_hz):
            yield from reader.push(table, row, "row")
            row += len(table)
            progress(row)
        reader.finish()

    return Recording(path.name, "table", placement, rate_hz, read, rows, notices)


def read_schema(path: Path) -> dict[str, pl.DataType]:
    """The file's columns. Raises UnreadableFile if its footer is damaged."""
    with _reading(path):
        return dict(pl.read_parquet_schema(path))


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn what Polars raises, and where it panics, on a damaged file into UnreadableFile."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        shown = str(error).splitlines()[0][:200] if str(error) else "unknown damage"
        raise UnreadableFile(path, say("damaged Parquet file ({shown})", shown=shown)) from error


def _row_count(path: Path) -> int:
    with _reading(path):
        return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def _tables(path: Path, columns: Columns, rows: int, fs_hz: float | None) -> Iterator[pl.DataFrame]:
    names = list(read_schema(path)) if columns.gravity else []
    time = columns.names[0]
    picked = [*columns.names[1:], *(names[at] for at in columns.gravity or ())]
    for start in range(0, rows, ROWS_AT_ONCE):
        axes = [pl.col(name).alias(as_) for name, as_ in zip(picked, COLUMNS[1:], strict=False)]
        with _reading(path):
            lazy = pl.scan_parquet(path).slice(start, ROWS_AT_ONCE)
            if time:
                table = lazy.select(pl.col(time).alias("time"), *axes).collect()
            else:
                table = lazy.select(axes).collect()
                at = (pl.int_range(start, start + len(table), eager=True) / fs_hz).alias("time")
                table = table.insert_column(0, at)
        yield table
