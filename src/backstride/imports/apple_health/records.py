"""Records and workouts out of pieces of an export, as columns of numbers.

Which kinds are wanted, what was typed in by hand, and which rows only expat can read.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from backstride.imports.apple_health import numbers
from backstride.imports.apple_health.interned import (
    KEEP,
    MOST,
    Interned,
    Ints,
    has_byte,
    hashed,
    places,
    windows,
)
from backstride.imports.apple_health.layouts import ABSENT
from backstride.imports.apple_health.piece import Piece, Spans
from backstride.imports.apple_health.rows import typed
from backstride.imports.apple_health.stream import Gathered, GaveUp, Row, row_of
from backstride.imports.apple_health.tables import MINUTES, Rows, table, with_odd

MAX_NAME = 256  # bytes of a kind or a key
MAX_TEXTS = 4096  # then what is known of them is forgotten
MAX_ODD = 1_000  # rows that only expat reads, each at a ten-thousandth of a second
ROWS = 1 << 15  # in one table

_BY_HAND = "HKWasUserEntered"
_BEGINS_BY_HAND = np.uint64(int.from_bytes(_BY_HAND[:8].encode(), "little"))
# A device's text begins so, with a pointer that may differ each time, and `&gt;` after it.
_POINTER = b"&lt;&lt;HKDevice: 0x"
_ROOM = 24  # bytes in which the pointer has ended


class Records:
    """Rows as they come; kinds that aren't wanted are counted in `seen`, as with expat."""

    def __init__(self, seen: Gathered) -> None:
        self.seen = seen
        self.wanted = sorted(seen.wanted)
        self.kinds = Interned[int]()  # their place in `wanted`, or ABSENT
        self.kind_names = list[str]()
        self.texts = Interned[str]()
        self.parts: list[Rows] = []
        self.odd: dict[int, Row] = {}  # by their place in all parts
        self.odd_count = self.count = 0
        self.any = False

    @property
    def is_full(self) -> bool:
        return self.count >= ROWS or len(self.texts.known) > MAX_TEXTS

    def add(self, piece: Piece) -> None:
        """Take what a piece has. Raises GaveUp where that is more than expat should read."""
        elements = piece.starts("Record", "Workout")
        kind = self._kinds(piece, elements)
        wanted = places(kind != ABSENT)
        self._about_person(piece, elements[wanted])
        if not len(wanted):
            return
        rows = self._rows(piece, elements[wanted], kind[wanted])
        place = np.full(len(elements), ABSENT)
        place[wanted] = np.arange(len(wanted))
        self._mark_manual(piece, elements, place, rows)
        self.parts.append(rows)
        self.count += len(wanted)
        self.any = True

    def taken(self) -> pl.DataFrame:
        """The rows so far as a table of `TYPED`."""
        if not self.parts:
            return typed([])
        rows = Rows.of(self.parts)
        frame = table(rows, self.wanted, self.texts.known)
        if self.odd:
            frame = with_odd(frame, self.odd, rows)
        self.parts, self.odd, self.count = [], {}, 0
        if len(self.texts.known) > MAX_TEXTS // 2:
            self.texts.forget()
        return frame

    def _kinds(self, piece: Piece, elements: Ints) -> Ints:
        """Each one's place in `wanted`, or ABSENT: then it is counted as skipped."""
        spans = piece.spans(elements, "type")

        def meaning(at: int) -> int:
            name = piece.text(spans, at)
            self.kind_names.append(name)
            return self.wanted.index(name) if name in self.seen.wanted else ABSENT

        if spans.length.max(initial=0) > MAX_NAME:
            raise GaveUp
        number = self.kinds.numbers(hashed(piece.words, *_start_length(spans)), meaning)
        kind = np.array(self.kinds.known, dtype=np.int64)
        times = np.bincount(number, minlength=len(kind))
        for other in places((kind == ABSENT) & (times > 0)).tolist():
            self.seen.skip(self.kind_names[other], int(times[other]))
        found = kind[number]
        if len(kind) > MAX_TEXTS:
            self.kinds.forget()
            self.kind_names.clear()
        return found

    def _about_person(self, piece: Piece, rows: Ints) -> None:
        about = piece.starts("Me", "ExportDate")
        for tag in about[(piece.after - piece.step)[about] == 1].tolist():
            if self.any or (len(rows) and rows[0] < tag):
                raise GaveUp  # rows are judged by what is known of the export when they are met
            self.seen.about_person(*piece.tag(tag))

    def _rows(self, piece: Piece, tags: Ints, kind: Ints) -> Rows:
        spans = {
            name: piece.spans(tags, name)
            for name in ("value", "unit", "sourceName", "device", "startDate", "endDate")
        }
        start, end = (
            numbers.instants(piece.words, *spans[name]) for name in ("startDate", "endDate")
        )
        value, odd = numbers.decimals(piece.content, piece.words, *spans["value"])
        at = spans["value"].start
        is_name = (piece.words[at] & np.uint64(0xFFFF)) == np.uint64(0x4B48)  # "HK"
        odd &= (at != 0) & ~is_name
        for name, instant in (("startDate", start), ("endDate", end)):
            odd |= (instant == numbers.NO_TIME) & (spans[name].start != 0)
        ids = []
        for name in ("unit", "sourceName", "device"):
            odd |= spans[name].length > MOST
            ids.append(self._texts(piece, spans[name], is_device=name == "device"))
        unit, source, device = ids
        is_workout = piece.layouts.are("Workout")[piece.tags.layout[tags]] != 0
        unit[is_workout & (unit == ABSENT)] = MINUTES
        offset = piece.base + piece.tags.start[tags]
        self._read_odd(piece, tags, offset, places(odd))
        manual = np.zeros(len(tags), dtype=np.bool_)
        return Rows(kind, start, end, value, unit, source, device, offset, manual)

    def _texts(self, piece: Piece, spans: Spans, is_device: bool) -> Ints:
        """The number of each text in `texts`; ABSENT for none, and for those that are too long."""
        there = places((spans.start != 0) & (spans.length <= MOST))
        found = spans.of(there)
        if is_device:
            found = _after_pointer(piece, found)
        number = np.full(len(spans.start), ABSENT)
        number[there] = self.texts.numbers(
            hashed(piece.words, *_start_length(found)), lambda at: piece.text(found, at)
        )
        return number

    def _read_odd(self, piece: Piece, tags: Ints, offset: Ints, odd: Ints) -> None:
        self.odd_count += len(odd)
        if self.odd_count > MAX_ODD:
            raise GaveUp
        for at in odd.tolist():
            self.odd[self.count + at] = row_of(*piece.tag(tags[at]), int(offset[at]))

    def _mark_manual(self, piece: Piece, elements: Ints, place: Ints, rows: Rows) -> None:
        """Mark rows whose child says that they were typed in; `place` is each element's row."""
        entries = piece.starts("MetadataEntry")
        key = piece.spans(entries, "key")
        word = piece.words[key.start]
        some = places(((word == _BEGINS_BY_HAND) | has_byte(word, "&")) & (key.length <= MAX_NAME))
        by_hand = [at for at in some.tolist() if piece.text(key, at) == _BY_HAND]
        entries = entries[by_hand]
        said = piece.spans(entries, "value")
        element = np.searchsorted(elements, entries) - 1
        ended = places(piece.after == 1)
        before = np.searchsorted(ended, entries) - 1
        for i, (of, end) in enumerate(zip(element.tolist(), before.tolist(), strict=True)):
            inside = of >= 0 and (end < 0 or ended[end] < elements[of])
            if inside and place[of] != ABSENT:
                rows.manual[place[of]] = piece.text(said, i) == "1"


def _start_length(spans: Spans) -> tuple[Ints, Ints]:
    return spans.start, spans.length


def _after_pointer(piece: Piece, spans: Spans) -> Spans:
    """Where devices' texts go on after `<<HKDevice: 0x2815...>`, which may differ each time."""
    begins = np.ones(len(spans.start), dtype=np.bool_)
    for k in range(0, len(_POINTER), 8):
        part = _POINTER[k : k + 8]
        word = piece.words[spans.start + k] & KEEP[len(part)]
        begins &= word == np.uint64(int.from_bytes(part, "little"))
    pointer = spans.start + np.where(begins, len(_POINTER), 0)
    amp = (windows(piece.words, pointer, _ROOM) == ord("&")).argmax(axis=0)
    after = pointer + amp + len("&gt;")
    begins &= (amp > 0) & (after <= spans.end)
    return Spans(np.where(begins, after, spans.start), spans.end)
