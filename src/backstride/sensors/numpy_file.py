"""NumPy files: `.npy` of rows with named fields, or `.npz` with `acc` and `fs` or `t`.

An `.npz` holds `acc` [n, 3], or `x`, `y` and `z` [n], and with it either a time for each sample
or the rate: `fs` in Hz and, if it is known, `start` (seconds since 1970 or ISO 8601). `unit`
(g, m/s2, mg) and `range_g` are optional. An `.npy` is a structured array with time, x, y and z,
[n, 4] in this order, or [n, 3] whose rate is given to `open_numpy`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.errors import UnreadableFile
from backstride.records import Block, Notices, Placement, Recording
from backstride.sensors.columns import ELAPSED, TIME, UNITS, Columns, find_columns, plain
from backstride.sensors.npy_format import MAGIC, Array, open_npy, open_npz
from backstride.sensors.regular import MAX_RATE_HZ, MIN_RATE_HZ
from backstride.sensors.table import TableReader
from backstride.words import say

ROWS_AT_ONCE = 100_000
ACC = re.compile(r"acc|accel|accelerometer|acceleration|acc_g|xyz|data")
RATE = re.compile(r"fs|fs_hz|hz|rate|rate_hz|sfreq|sampl(e|ing)_(rate|frequency|freq)(_hz)?")
NEEDED = (
    "Save numpy.savez('walk.npz', acc=acc, fs=100.0), with acc [n, 3] in g, or with t=..., the "
    "seconds since 1970 of each sample, in place of fs; or tell the rate with --rate."
)

Rows = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Layout:
    """Where time and acceleration are: `pick` takes them from the rows of `arrays`.

    `time` is absent where the samples follow each other at `fs_hz` from `start_s`.
    """

    arrays: dict[str, Array]
    pick: Callable[[Rows], dict[str, NDArray[Any]]]
    columns: Columns
    rows: int
    fs_hz: float | None = None
    start_s: float | None = None
    range_g: float | None = None


def open_numpy(
    path: Path, placement: Placement, zone: str, fs_hz: float | None = None
) -> Recording:
    """A Recording of an `.npy` or `.npz` file; `fs_hz` counts only where it holds no time or rate.

    Raises UnreadableFile if it is damaged, lies about its size or lacks what is needed.
    """
    layout = _layout(path, fs_hz)
    notices = Notices()
    first = next(_tables(layout), None)
    if first is None:
        raise UnreadableFile(path, say("no rows of data"))

    def reader() -> TableReader:
        return TableReader(path, layout.columns, zone, notices, layout.range_g, layout.fs_hz)

    rate_hz = reader().rate_of(first)

    def read(progress: Callable[[int], None]) -> Iterator[Block]:
        notices.clear()
        table_reader = reader()
        row = 0
        for table in _tables(layout):
            yield from table_reader.push(table, row, "row")
            row += len(table)
            progress(row)
        table_reader.finish()

    return Recording(path.name, "NumPy array", placement, rate_hz, read, layout.rows, notices)


def _layout(path: Path, fs_hz: float | None) -> Layout:
    with path.open("rb") as file:
        is_single = file.read(len(MAGIC)) == MAGIC
    layout = _of_one(open_npy(path), fs_hz) if is_single else _of_many(open_npz(path), fs_hz)
    if layout is None:
        raise UnreadableFile(path, say("no acceleration [n, 3] with its times or its rate"), NEEDED)
    if layout.fs_hz is not None and not MIN_RATE_HZ <= layout.fs_hz <= MAX_RATE_HZ:
        raise UnreadableFile(
            path,
            say(
                "its sampling rate is {rate:.3g} Hz; {low:g} to {high:g} Hz can be read",
                rate=layout.fs_hz,
                low=MIN_RATE_HZ,
                high=MAX_RATE_HZ,
            ),
        )
    return layout


def _of_one(array: Array, fs_hz: float | None) -> Layout | None:
    """The layout of a structured array, or of three or four columns of numbers."""
    names = list(array.dtype.names or ())
    if names and len(array.shape) == 1:
        columns, fields = find_columns(names), {plain(name): name for name in names}
        if columns is not None:
            wanted = dict(zip(("time", "x", "y", "z"), columns.names, strict=True))
        elif fs_hz is not None and {"x", "y", "z"} <= set(fields):
            wanted = {axis: fields[axis] for axis in "xyz"}
            columns = _columns(elapsed=True)
        else:
            return None
        return Layout(
            {"": array},
            lambda rows: {key: rows[""][name] for key, name in wanted.items()},
            columns,
            array.shape[0],
            fs_hz if "time" not in wanted else None,
        )
    if names or len(array.shape) != 2 or array.dtype.kind not in "iuf":
        return None
    if array.shape[1] == 4:
        order = ("time", "x", "y", "z")
        return Layout({"": array}, _by_column(order), _columns(), array.shape[0])
    if array.shape[1] == 3 and fs_hz is not None:
        return Layout(
            {"": array}, _by_column(("x", "y", "z")), _columns(elapsed=True), array.shape[0], fs_hz
        )
    return None


def _by_column(order: tuple[str, ...]) -> Callable[[Rows], dict[str, NDArray[Any]]]:
    return lambda rows: {key: rows[""][:, at] for at, key in enumerate(order)}


def _columns(
    *, elapsed: bool | None = None, time_unit_s: float | None = None, unit: str | None = None
) -> Columns:
    return Columns(0, (1, 2, 3), ("time", "x", "y", "z"), elapsed, time_unit_s, unit)


def _of_many(arrays: dict[str, Array], fs_hz: float | None) -> Layout | None:
    """The layout of named arrays: acceleration as one or three, and times or a rate."""
    if len(arrays) == 1 and (layout := _of_one(next(iter(arrays.values())), fs_hz)):
        return layout
    by_name = {plain(name): array for name, array in arrays.items()}
    numbers = {name: array for name, array in by_name.items() if array.dtype.kind in "iufM"}
    axes = _axes(numbers)
    if axes is None:
        return None
    count = next(iter(axes.values())).shape[0]
    series = [name for name, array in numbers.items() if array.shape == (count,)]
    time = next((n for form in (TIME, ELAPSED) for n in series if form.fullmatch(n)), None)
    rate = next((a.scalar() for n, a in numbers.items() if RATE.fullmatch(n)), fs_hz)
    if time is None and rate is None:
        return None
    unit = UNITS.get(plain(_text(by_name, "unit")))
    start_s = _start_s(by_name) if time is None else None
    used = dict(axes) if time is None else {"time": numbers[time], **axes}

    def pick(rows: Rows) -> dict[str, NDArray[Any]]:
        picked = {key: rows[key] for key in used if key != "acc"}
        return picked | {axis: rows["acc"][:, at] for at, axis in enumerate("xyz") if "acc" in used}

    elapsed = start_s is None if time is None else bool(ELAPSED.fullmatch(time)) or None
    unit_s = 1.0 if time is None else None
    columns = _columns(elapsed=elapsed, time_unit_s=unit_s, unit=unit)
    range_g = _number(by_name, "range_g")
    fs_hz = None if time is not None or rate is None else float(rate)
    return Layout(used, pick, columns, count, fs_hz, start_s, range_g)


def _axes(numbers: dict[str, Array]) -> dict[str, Array] | None:
    """{"acc": [n, 3]} or {"x", "y", "z"}: [n] each; None where they are not there."""
    for name, array in numbers.items():
        if ACC.fullmatch(name) and len(array.shape) == 2 and array.shape[1] == 3:
            return {"acc": array}
    columns = find_columns(["time", *numbers])
    if columns is None:
        return None
    axes = {axis: numbers[name] for axis, name in zip("xyz", columns.names[1:], strict=True)}
    shapes = {array.shape for array in axes.values()}
    return axes if len(shapes) == 1 and len(next(iter(shapes))) == 1 else None


def _text(arrays: dict[str, Array], name: str) -> str:
    value = arrays[name].scalar() if name in arrays else ""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _number(arrays: dict[str, Array], name: str) -> float | None:
    is_number = name in arrays and arrays[name].dtype.kind in "iuf"
    value = arrays[name].scalar() if is_number else None
    return None if value is None or not 0 < value < 1000 else float(value)


def _start_s(arrays: dict[str, Array]) -> float | None:
    """Seconds since 1970 of the first sample; a time without an offset is UTC."""
    name = next((n for n in ("start", "start_utc", "start_s", "start_time") if n in arrays), "")
    array = arrays.get(name)
    if array is None:
        return None
    if array.dtype.kind in "iuf":
        value = array.scalar()
        return float(value) if value is not None and 0 <= value < 4_102_444_800 else None
    try:
        at = datetime.fromisoformat(_text(arrays, name))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _tables(layout: Layout) -> Iterator[pl.DataFrame]:
    """Columns time, x, y, z of some rows at a time."""
    widest = max(array.row_bytes for array in layout.arrays.values())
    at_once = max(1, min(ROWS_AT_ONCE, (8 << 20) // max(1, widest)))
    streams = [array.rows(at_once) for array in layout.arrays.values()]
    row = 0
    for parts in zip(*streams, strict=True):
        picked = layout.pick(dict(zip(layout.arrays, parts, strict=True)))
        count = len(picked["x"])
        if layout.fs_hz is not None:
            at_s = np.arange(row, row + count) / layout.fs_hz
            picked["time"] = at_s + (layout.start_s or 0.0)
        row += count
        yield pl.DataFrame({key: _native(picked[key]) for key in ("time", "x", "y", "z")})


def _native(values: NDArray[Any]) -> NDArray[Any]:
    """Times as nanoseconds since 1970, all else as float64."""
    if values.dtype.kind == "M":
        return values.astype("datetime64[ns]").astype(np.int64)
    return values.astype(np.float64)
