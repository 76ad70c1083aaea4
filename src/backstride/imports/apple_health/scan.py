"""The fast pass over an Apple Health XML: the tags of some megabytes read all at once.

It takes a strict subset of XML, the one that Apple writes: tags of ASCII names with
double-quoted values, whitespace between them, the five predefined entities and character
references, in sound UTF-8, properly nested, no attribute twice. At anything else, be it damaged
or only unusual, it raises `GaveUp`: then the file is read again with expat, whose word on what
is well-formed is final. All that the scan takes, expat takes; tests hold the two against each
other. What is held at a time doesn't grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from backstride.errors import BackstrideError
from backstride.imports.apple_health import characters, nesting
from backstride.imports.apple_health.ahead import ahead
from backstride.imports.apple_health.interned import PAD, Ints, places, words_of
from backstride.imports.apple_health.layouts import ABSENT, Layouts
from backstride.imports.apple_health.piece import Piece
from backstride.imports.apple_health.records import Records
from backstride.imports.apple_health.stream import Gathered, GaveUp, without_prologue

AT_ONCE = 1 << 20  # bytes
FETCHED = 8  # pieces that wait, at most
PADDING = bytes(PAD)
MAX_LEFT = 2 << 20  # bytes of an element that hasn't ended; a long workout has some 100,000
SPACES = b" \t\r\n"


class Scan:
    """One pass; what it learns of types and the person stands in `seen`, as with expat."""

    def __init__(self, seen: Gathered) -> None:
        self.records = Records(seen)
        self.layouts = Layouts()
        self.root = ABSENT  # its name's number
        self.is_open = False  # the root
        self.done = 0  # bytes

    def frames(
        self,
        path: Path,
        pieces: Iterator[bytes],
        progress: Callable[[int], None],
        at_once: int = AT_ONCE,
    ) -> Generator[pl.DataFrame]:
        """The records wanted as tables of `TYPED`, in order; inflating goes on meanwhile.

        `pieces` is the XML, `path` its file; `progress` is told the bytes read so far;
        `at_once` of them are scanned together. Raises GaveUp for whatever isn't taken, and for
        what is wrong with the file as well: expat may find something worse before it.
        """
        fetching = _or_give_up(without_prologue(path, pieces))
        with ahead(fetching, FETCHED) as fetched:
            for piece in self._pieces(fetched, at_once):
                self.records.add(piece)
                if self.records.is_full:
                    yield self.records.taken()
                progress(piece.end)
        yield self.records.taken()

    def _pieces(self, fetched: Iterator[bytes], at_once: int) -> Iterator[Piece]:
        held: list[bytes] = []
        size = 0
        for piece in fetched:
            held.append(piece)
            size += len(piece)
            if size >= at_once:
                found, left = self._scanned(b"".join([*held, PADDING]))
                held, size = [left], 0
                if found is not None:
                    yield found
        found, left = self._scanned(b"".join([*held, b"<", PADDING]))
        if left != b"<" or self.is_open or self.root == ABSENT:
            raise GaveUp
        if found is not None:
            yield found

    def _scanned(self, content: bytes) -> tuple[Piece | None, bytes]:
        """What comes before the last `<`, but for the elements that haven't ended, and the rest."""
        length = len(content)
        content = content.lstrip(SPACES)
        self.done += length - len(content)
        length = len(content) - PAD
        cut = content.rfind(b"<")
        if cut > 0:
            if content[0] != ord("<"):
                raise GaveUp
            bytes_, words = np.frombuffer(content, dtype=np.uint8)[:cut], words_of(content)
            tags = self.layouts.tags(content, bytes_, words)
            step = self.layouts.steps()[tags.layout]
            after = nesting.depths(step, int(self.is_open))
            whole = places(after <= 1)
            if len(whole):
                count = int(whole[-1]) + 1
                end = int(tags.end[count - 1])
                if not characters.are_sound(content, bytes_[:end], words):
                    raise GaveUp
                step, after = step[:count], after[:count]
                self._check(step, after, tags.layout[:count])
                at = self.done
                self.done += end
                piece = Piece(content, words, tags.up_to(count), self.layouts, step, after, at)
                return piece, content[end:length]
        if length > MAX_LEFT:
            raise GaveUp
        return None, content[:length]

    def _check(self, step: Ints, after: Ints, layout: Ints) -> None:
        """Raise GaveUp where tags don't nest, or there is more than one root."""
        if places(after == step).tolist() != ([0] if self.root == ABSENT else []):
            raise GaveUp
        name = self.layouts.names()[layout]
        if self.root == ABSENT:
            self.root = int(name[0])
        nesting.match(step, name, after, self.root)
        self.is_open = bool(after[-1])


def _or_give_up(pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except BackstrideError as error:
        raise GaveUp from error
