"""The fast pass over an Apple Health XML: the compiled scan, its buffers, and its rows as tables.

It takes the strict subset of XML that Apple writes (see `kernels`) and raises `GaveUp`
at anything else, be it damaged or only unusual: then the file is read again with expat.
Buffers and tables have fixed sizes, so memory doesn't grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from xml.parsers import expat

import numpy as np
import polars as pl

from backstride.errors import BackstrideError
from backstride.imports.apple_health import kernels, tables
from backstride.imports.apple_health.ahead import ahead
from backstride.imports.apple_health.stream import Gathered, GaveUp, Row, row_of, without_prologue
from backstride.imports.apple_health.tables import table, with_odd
from backstride.imports.apple_health.tag_kernels import ABSENT, FOUND_SIZE, new_layouts
from backstride.imports.apple_health.xml_kernels import PAD
from backstride.imports.sift import OTHER_KINDS

PIECE = 1 << 18
MAX_TOKEN = 1 << 16  # bytes of an incomplete tag that are kept; a real record takes under 1,000
MAX_ODD = 1_000  # rows that only expat reads, each at a ten-thousandth of a second


class Scan:
    """One pass; what it learns of types and the person stands in `seen`, as with expat."""

    def __init__(self, seen: Gathered) -> None:
        self.seen = seen
        self.wanted = sorted(seen.wanted)
        self.buffer = np.zeros(MAX_TOKEN + PIECE + PAD, dtype=np.uint8)
        self.state = tables.state()
        self.stack = np.zeros((kernels.MAX_DEPTH, kernels.MAX_NAME + 1), dtype=np.uint8)
        self.found = np.zeros(FOUND_SIZE, dtype=np.int64)
        self.layouts = new_layouts()
        self.strings = tables.strings(tables.STRINGS, tables.ARENA)
        self.rows = tables.rows()
        self.kinds = tables.kinds(len(self.wanted))
        self.texts: list[str] = []  # of the first ids in `strings`
        self.odd: dict[int, Row] = {}  # by their place in `rows`
        self.odd_count = 0
        self.has_rows = False
        self._learn_kinds()

    def _learn_kinds(self) -> None:
        """Let the kernel meet the types wanted before all others, so that they come first."""
        first = "".join(f'<Record type="{kind}"/>' for kind in self.wanted)
        filled = self._put(f"<HealthData>{first}".encode(), 0)
        status = self._scan(filled)
        if status != kernels.MORE or self.kinds.names.used[0] != len(self.wanted):
            raise ValueError(f"types that the scan doesn't know apart: {self.wanted}")
        self.kinds.wanted[0] = len(self.wanted)
        self.kinds.seen[:] = 0
        self.state[:] = tables.state()

    def frames(
        self, path: Path, pieces: Iterator[bytes], progress: Callable[[int], None]
    ) -> Generator[pl.DataFrame]:
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
        self.buffer[filled : filled + PAD] = 0
        self.state[kernels.BASE] += pos
        self.state[kernels.POS] = 0
        return filled

    def _scanned(self, filled: int) -> Iterator[pl.DataFrame]:
        while True:
            status = self._scan(filled)
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

    def _scan(self, filled: int) -> int:
        return int(
            kernels.scan(
                self.buffer,
                filled,
                self.state,
                self.stack,
                self.found,
                self.layouts,
                self.kinds,
                self.strings,
                self.rows,
            )
        )

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
        self._learn_texts()
        frame = table(self.rows, count, self.wanted, self.texts)
        if self.odd:
            frame = with_odd(frame, self.odd, self.rows)
        self.has_rows = self.has_rows or count > 0
        self.state[kernels.ROWS] = 0
        self.state[kernels.ROW] = ABSENT
        self.odd = {}
        self._forget_strings()
        return frame

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
        if used > tables.STRINGS // 2 or (used and self.strings.ends[used - 1] > tables.ARENA // 2):
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
