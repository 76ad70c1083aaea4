"""Plain text tables of time, x, y, z: comma, semicolon or tab, read in bounded memory.

A header names the columns (`time,x,y,z` and the names common apps use); a file without one
must have exactly these four, as OMGUI exports them. Bad rows are counted, never guessed.

Known headers, not checked with real files of these apps but only with small ones made after
their documentation or source: OMGUI and omconvert (Axivity), Sensor Logger, SensorLog, phyphox,
Physics Toolbox, AndroSensor, Beiwe, RADAR-base, and Apple Watch apps on CMSensorRecorder or
SensorKit. Where an app wrote gravity and the rest apart, their sum is what the sensor measured.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from backstride.errors import UnreadableFile
from backstride.records import Block, Notices, Placement, Recording
from backstride.sensors.columns import Columns, find_columns, is_without_gravity
from backstride.sensors.table import COLUMNS, TableReader
from backstride.sensors.units import without_gravity
from backstride.words import say

CHUNK_BYTES = 8 << 20
LONGEST_LINE = 1 << 16
HEAD_BYTES = 1 << 16
DELIMITERS = ";\t,"  # with the first two, a comma may be the decimal mark
RANGE = re.compile(
    rb"^#.*?(?:range|full.?scale)[^\d\n]{0,12}(\d{1,2}(?:\.\d{1,3})?) ?g\b", re.I | re.M
)


@dataclass(frozen=True)
class Layout:
    """How the text is laid out: `data_at` is the byte and `first_line` the line it starts.

    `range_g` is what a comment before it says that the sensor can measure.
    """

    delimiter: str
    names: tuple[str, ...]
    columns: Columns
    data_at: int
    first_line: int
    has_header: bool = True
    range_g: float | None = None


def is_table(head: bytes) -> bool:
    """Whether the start of a file shows a table of acceleration, with gravity or without."""
    return find_layout(head) is not None or _lacks_gravity(head)


def find_layout(head: bytes) -> Layout | None:
    """The layout that the start of a file shows, None if it is no table of time, x, y, z."""
    first = _first_line(head)
    layout = _from_line(*first) if first else None
    said = RANGE.search(head[: layout.data_at]) if layout else None
    return replace(layout, range_g=float(said[1])) if layout and said else layout


def _lacks_gravity(head: bytes) -> bool:
    first = _first_line(head)
    return first is not None and is_without_gravity(_cells(first[0])[1])


def _first_line(head: bytes) -> tuple[str, int, int, int] | None:
    """The first line that isn't blank or a comment, the bytes it is at, and its number."""
    at = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    if b"\x00" in head:
        return None
    for number, line in enumerate(head[at:].splitlines(keepends=True)[:50], start=1):
        text = line.decode("utf-8", errors="replace").strip()
        if text and not text.startswith(("#", "sep=")):
            return text, at, at + len(line), number
        at += len(line)
    return None


def _cells(text: str) -> tuple[str, list[str]]:
    delimiter = next((d for d in DELIMITERS if text.count(d) >= 3), ",")
    return delimiter, [cell.strip().strip('"') for cell in text.split(delimiter)]


def _from_line(text: str, at: int, after: int, number: int) -> Layout | None:
    """Take a line as header, or as the first row of a file that has none."""
    delimiter, cells = _cells(text)
    columns = find_columns(cells)
    if columns is not None:
        return Layout(delimiter, tuple(cells), columns, after, number + 1)
    if len(cells) == 4 and cells[0][:1].isdigit() and all(map(_is_number, cells[1:])):
        names = ("time", "x", "y", "z")
        plain = Columns(0, (1, 2, 3), names)
        return Layout(delimiter, names, plain, at, number, has_header=False)
    return None


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def open_delimited(path: Path, placement: Placement, zone: str) -> Recording:
    """A Recording of a text table. Raises UnreadableFile for a file without usable rows."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    layout = find_layout(head)
    if layout is None and _lacks_gravity(head):
        raise without_gravity(path)
    if layout is None:
        raise UnreadableFile(path, say("no columns for time, x, y and z were found in its header"))
    notices = Notices()
    first = next(_tables(path, layout, lambda _: None), None)
    if first is None:
        raise UnreadableFile(path, say("a header but no rows of data"))
    fs_hz = TableReader(path, layout.columns, zone, Notices()).rate_of(first[0])

    def read(progress: Callable[[int], None]) -> Iterator[Block]:
        notices.clear()
        if not layout.has_header:
            notices.add("csv.no_header", say("There is no header: columns read as time, x, y, z."))
        reader = TableReader(path, layout.columns, zone, notices, layout.range_g)
        for table, line in _tables(path, layout, progress):
            yield from reader.push(table, line, "line")
        reader.finish()

    return Recording(
        source=path.name,
        device="text table",
        placement=placement,
        fs_hz=fs_hz,
        read=read,
        size=path.stat().st_size,
        notices=notices,
    )


def _tables(
    path: Path, layout: Layout, progress: Callable[[int], None]
) -> Iterator[tuple[pl.DataFrame, int]]:
    """(columns as text, named as in `COLUMNS`; number of the first line) for each chunk."""
    line = layout.first_line
    picked = [layout.columns.time, *layout.columns.axes]
    picked += layout.columns.gravity or ()
    places = dict(zip(COLUMNS, picked, strict=False))
    with path.open("rb") as file:
        file.seek(layout.data_at)
        for chunk in whole_lines(path, file):
            yield parse_rows(chunk, layout.delimiter, len(layout.names), places), line
            line += chunk.count(b"\n")
            progress(file.tell())


def whole_lines(path: Path, file: BinaryIO) -> Iterator[bytes]:
    """Chunks that end at a line's end. Refuses a line that is longer than any row."""
    rest = b""
    while raw := file.read(CHUNK_BYTES):
        raw = raw.replace(b"\r\n", b"\n").replace(b"\x00", b"?")
        last = raw.rfind(b"\n")
        if last < 0 and len(rest) + len(raw) > LONGEST_LINE:
            where = file.tell() - len(raw)
            raise UnreadableFile(
                path, say("a line without end; rows of numbers were expected"), offset=where
            )
        if last < 0:
            rest += raw
            continue
        yield rest + raw[: last + 1]
        rest = raw[last + 1 :]
    if rest:
        yield rest + b"\n"


def parse_rows(chunk: bytes, delimiter: str, width: int, places: dict[str, int]) -> pl.DataFrame:
    """Columns of text, named and picked by `places`, of rows of `width` cells.

    A blank line keeps its place as a row of nulls, so that lines count.
    """
    columns = [f"c{i}" for i in range(width)]
    # A first line of full width lets shorter rows come as nulls.
    full = delimiter.encode() * (width - 1) + b"\n"
    table = pl.read_csv(
        io.BytesIO(full + chunk),
        has_header=False,
        separator=delimiter,
        quote_char=None,
        schema={name: pl.String() for name in columns},
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
        raise_if_empty=False,
    )[1:]
    table = table.select(
        pl.col(columns[at]).str.strip_chars(' "').alias(name) for name, at in places.items()
    )
    if delimiter != ",":
        table = table.with_columns(pl.all().str.replace(",", ".", literal=True))
    return table
