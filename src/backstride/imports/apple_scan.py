"""The fast pass over an Apple Health XML: the compiled scan, its buffers, and its rows as tables.

It takes the strict subset of XML that Apple writes (see `apple_kernels`) and raises `GaveUp`
at anything else, be it damaged or only unusual: then the file is read again with expat.
Buffers and tables have fixed sizes, so memory doesn't grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.errors import BackstrideError
from backstride.imports import apple_kernels as kernels
from backstride.imports.ahead import ahead
from backstride.imports.apple_rows import TYPED, device, typed
from backstride.imports.apple_stream import GaveUp, Gathered, Row, row_of, without_prologue
from backstride.imports.sift import MAX_KINDS, OTHER_KINDS

PIECE = 1 << 18
MAX_TOKEN = 1 << 16  # bytes of an incomplete tag that are kept; a real record takes under 1,000
ROWS = 1 << 15
STRINGS = 1 << 12
ARENA = 1 << 20
MAX_ODD = 1_000  # rows that only expat reads, each at a ten-thousandth of a second


class Scan:
    """One pass; what it learns of types and the person stands in `seen`, as with expat."""

    def __init__(self, seen: Gathered) -> None:
        self.seen = seen
        self.wanted = sorted(seen.wanted)
        self.buffer = np.zeros(MAX_TOKEN + PIECE + kernels.PAD, dtype=np.uint8)
        self.state = np.zeros(kernels.STATE_SIZE, dtype=np.int64)
        self.state[kernels.ROW] = kernels.ABSENT
        self.stack = np.zeros((kernels.MAX_DEPTH, kernels.MAX_NAME + 1), dtype=np.uint8)
        self.found = np.zeros(kernels.FOUND_SIZE, dtype=np.int64)
        self.mixes = np.zeros(kernels.MAX_ATTRIBUTES, dtype=np.uint64)
        self.strings = _strings(STRINGS, ARENA)
        self.rows = _rows(ROWS)
        self.kinds = _kinds(self.wanted)
        self.texts: list[str] = []  # of the first ids in `strings`
        self.odd: dict[int, Row] = {}  # by their place in `rows`
        self.odd_count = 0
        self.has_rows = False

    def frames(
        self, path: Path, pieces: Iterator[bytes], progress: Callable[[int], None]
    ) -> Iterator[pl.DataFrame]:
        """The records wanted as tables of `TYPED`, in order; inflating goes on meanwhile.

        `pieces` is the XML, `path` its file; `progress` is told the bytes read so far. Raises
        GaveUp for whatever isn't taken, and for what is wrong with the file as well: expat
        may find something worse before it.
        """
        filled = fed = 0
        with ahead(pieces) as fetched:
            for piece in _or_give_up(without_prologue(path, fetched)):
                for first in range(0, len(piece), PIECE):
                    filled = self._put(piece[first : first + PIECE], filled)
                    yield from self._scanned(filled)
                fed += len(piece)
                progress(fed)
        if self.state[kernels.POS] != filled or not self.state[kernels.ENDED]:
            raise GaveUp
        yield self._taken()
        self._tell_skipped()

    def _put(self, piece: bytes, filled: int) -> int:
        """Put bytes after those that are still needed; how many are then in the buffer."""
        pos = int(self.state[kernels.POS])
        left = filled - pos
        if left > MAX_TOKEN:
            raise GaveUp
        self.buffer[:left] = self.buffer[pos:filled]
        filled = left + len(piece)
        self.buffer[left:filled] = np.frombuffer(piece, dtype=np.uint8)
        self.buffer[filled : filled + kernels.PAD] = 0
        self.state[kernels.BASE] += pos
        self.state[kernels.POS] = 0
        return filled

    def _scanned(self, filled: int) -> Iterator[pl.DataFrame]:
        while True:
            status = kernels.scan(
                self.buffer,
                filled,
                self.state,
                self.stack,
                self.found,
                self.mixes,
                self.kinds,
                self.strings,
                self.rows,
            )
            if status == kernels.MORE:
                return
            if status == kernels.FULL:
                yield self._taken()
            elif status == kernels.TOLD:
                self._told()
            elif status == kernels.ODD:
                self._read_odd()
            else:
                raise GaveUp

    def _tag(self) -> tuple[str, dict[str, str]]:
        """The name and the attributes of the tag at state[TAG], as expat reads it."""
        tag = self.buffer[self.state[kernels.TAG] : self.state[kernels.POS]].tobytes()
        return read_tag(tag)

    def _told(self) -> None:
        if self.has_rows or self.state[kernels.ROWS]:
            raise GaveUp  # rows are judged by what is known of the export when they are met
        self.seen.about_person(*self._tag())

    def _read_odd(self) -> None:
        self.odd_count += 1
        if self.odd_count > MAX_ODD:
            raise GaveUp
        row = int(self.state[kernels.ROWS]) - 1
        name, attrs = self._tag()
        self.odd[row] = row_of(name, attrs, int(self.rows.offset[row]))

    def _taken(self) -> pl.DataFrame:
        """The rows so far as a table, and room for the next."""
        count = int(self.state[kernels.ROWS])
        frame = self._table(count)
        self.has_rows = self.has_rows or count > 0
        self.state[kernels.ROWS] = 0
        self.state[kernels.ROW] = kernels.ABSENT
        self.odd = {}
        self._forget_strings()
        return frame

    def _table(self, count: int) -> pl.DataFrame:
        rows = self.rows
        self._learn_texts()
        sources = pl.Series([*self.texts, "unknown"], dtype=pl.String)
        units = pl.Series([*self.texts, "min", None], dtype=pl.String)
        unit = rows.unit[:count]
        unit = np.where(unit == kernels.MINUTES, len(self.texts), unit)
        frame = pl.DataFrame(
            {
                "kind": pl.Series(self.wanted, dtype=pl.String).gather(rows.kind[:count]),
                "start": _instants(rows.start[:count]),
                "end": _instants(rows.end[:count]),
                "value": _values(rows, count),
                "unit": units.gather(np.where(unit < 0, len(self.texts) + 1, unit)),
                "source": sources.gather(_or_last(rows.source[:count], len(self.texts))),
                "device": self._devices(count),
                "offset": rows.offset[:count],
            },
            schema=TYPED,
        )
        return self._with_odd(frame) if self.odd else frame

    def _with_odd(self, frame: pl.DataFrame) -> pl.DataFrame:
        for place, row in self.odd.items():
            row[-1] = bool(self.rows.manual[place])
        plain = np.ones(frame.height, dtype=np.bool_)
        plain[list(self.odd)] = False
        return pl.concat([frame.filter(plain), typed(list(self.odd.values()))]).sort("offset")

    def _devices(self, count: int) -> pl.Series:
        """The class of each row's device: judged once for each text, source and `manual`."""
        rows = self.rows
        many = STRINGS + 1
        texts = pl.Series([*self.texts, None], dtype=pl.String)
        text = _or_last(rows.device[:count], len(self.texts))
        source = _or_last(rows.source[:count], len(self.texts))
        keys = (text * many + source) * 2 + rows.manual[:count]
        pairs, place = np.unique(keys, return_inverse=True)
        classes = pl.DataFrame(
            {
                "device_text": texts.gather(pairs // 2 // many),
                "source": texts.gather(pairs // 2 % many),
                "manual": (pairs % 2).astype(np.bool_),
            }
        ).select(device().alias("device"))
        return classes["device"].gather(place)

    def _learn_texts(self) -> None:
        """What the new texts in `strings` mean: entities read, line ends made spaces."""
        arena, ends = self.strings.arena, self.strings.ends
        for known in range(len(self.texts), int(self.strings.used[0])):
            begin = int(ends[known - 1]) if known else 0
            raw = arena[begin : ends[known]].tobytes()
            self.texts.append(read_tag(b'<a b="' + raw + b'"/>')[1]["b"])

    def _forget_strings(self) -> None:
        """Begin anew when half of the room is taken: the rows that hold ids are gone."""
        used = int(self.strings.used[0])
        if used > STRINGS // 2 or (used and self.strings.ends[used - 1] > ARENA // 2):
            self.strings.used[0] = 0
            self.strings.slots[:] = 0
            self.texts = []

    def _tell_skipped(self) -> None:
        names, skipped = self.kinds.names, self.seen.skipped
        for kind in range(len(self.wanted), int(names.used[0])):
            name = names.arena[names.ends[kind - 1] : names.ends[kind]].tobytes().decode()
            skipped[name] = int(self.kinds.seen[kind])
        others = int(self.state[kernels.OTHERS])
        if others:
            skipped[OTHER_KINDS] = skipped.get(OTHER_KINDS, 0) + others


def _or_give_up(pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except BackstrideError as error:
        raise GaveUp from error


def read_tag(tag: bytes) -> tuple[str, dict[str, str]]:
    """The name and the attributes of a sound start tag or empty-element tag."""
    read: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda name, attrs: read.append((name, attrs))
    parser.Parse(tag, False)
    return read[0]


def _or_last(ids: NDArray[np.int64], last: int) -> NDArray[np.int64]:
    """The ids, with `last` for those that stand for no text."""
    return np.where(ids < 0, last, ids)


def _instants(microseconds: NDArray[np.int64]) -> pl.Series:
    known = microseconds != kernels.NO_TIME
    return (
        pl.Series(np.where(known, microseconds, 0))
        .cast(TYPED["start"])
        .set(pl.Series(~known), None)
    )


def _values(rows: kernels.Rows, count: int) -> NDArray[np.float64]:
    values = rows.value[:count].copy()
    long = np.flatnonzero(rows.text[:count, 0])
    if len(long):
        texts = np.ascontiguousarray(rows.text[long]).view(f"S{kernels.TEXT}")
        values[long] = texts.astype(np.float64).ravel()
    return values


def _strings(count: int, arena: int, slots: int = 0) -> kernels.Strings:
    return kernels.Strings(
        np.zeros(slots or 4 * count, dtype=np.int32),
        np.zeros(count, dtype=np.int64),
        np.zeros(arena, dtype=np.uint8),
        np.zeros(1, dtype=np.int64),
    )


def _kinds(wanted: list[str]) -> kernels.Kinds:
    """The types wanted come first, then up to MAX_KINDS others as they are met."""
    count = len(wanted) + MAX_KINDS
    names = _strings(count, count * kernels.MAX_TYPE + kernels.PAD, slots=1 << 13)
    for name in wanted:
        text = np.frombuffer(name.encode() + bytes(kernels.PAD), dtype=np.uint8).copy()
        kernels.intern(text, 0, len(name.encode()), names)
    return kernels.Kinds(
        names, np.array([len(wanted)], dtype=np.int64), np.zeros(count, dtype=np.int64)
    )


def _rows(count: int) -> kernels.Rows:
    def ints() -> NDArray[np.int64]:
        return np.zeros(count, dtype=np.int64)

    return kernels.Rows(
        kind=ints(),
        start=ints(),
        end=ints(),
        value=np.zeros(count),
        text=np.zeros((count, kernels.TEXT), dtype=np.uint8),
        unit=ints(),
        source=ints(),
        device=ints(),
        offset=ints(),
        manual=np.zeros(count, dtype=np.bool_),
    )
