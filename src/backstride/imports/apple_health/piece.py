"""Some bytes of an export in which every element has ended, and where their values stand."""

from __future__ import annotations

from typing import NamedTuple
from xml.parsers import expat

import numpy as np

from backstride.imports.apple_health.interned import Ints, Words, places
from backstride.imports.apple_health.layouts import ABSENT, Layouts, Tags


class Spans(NamedTuple):
    """Where one value of each element stands; one that is absent begins and ends at 0."""

    start: Ints
    end: Ints

    @property
    def length(self) -> Ints:
        return self.end - self.start

    def of(self, which: Ints) -> Spans:
        return Spans(self.start[which], self.end[which])


class Piece(NamedTuple):
    """`after` is how many elements are open after each tag, `base` the first byte's place."""

    content: bytes  # and more behind it
    words: Words
    tags: Tags
    layouts: Layouts
    step: Ints
    after: Ints
    base: int

    @property
    def end(self) -> int:
        """Where it ends in the file."""
        return self.base + int(self.tags.end[-1])

    def starts(self, *names: str) -> Ints:
        """The start tags of the elements of these names."""
        return places(self.layouts.are(*names)[self.tags.layout] != 0)

    def spans(self, of: Ints, attribute: str) -> Spans:
        """The values of an attribute of these tags."""
        at = self.layouts.places(attribute)[self.tags.layout[of]]
        if at.min(initial=0) >= 0:
            at += self.tags.first[of]
            return Spans(self.tags.opened[at], self.tags.closed[at])
        there = places(at != ABSENT)
        value = self.tags.first[of[there]] + at[there]
        start, end = np.zeros_like(of), np.zeros_like(of)
        start[there], end[there] = self.tags.opened[value], self.tags.closed[value]
        return Spans(start, end)

    def text(self, spans: Spans, at: int) -> str:
        """A value as expat reads it: entities read, line ends made spaces."""
        raw = self.content[spans.start[at] : spans.end[at]]
        if any(mark in raw for mark in (b"&", b"\n", b"\t", b"\r")):
            return read_tag(b'<a b="' + raw + b'"/>')[1]["b"]
        return raw.decode()

    def tag(self, at: int) -> tuple[str, dict[str, str]]:
        """A start tag's name and attributes, as expat reads them."""
        return read_tag(self.content[self.tags.start[at] : self.tags.end[at]])


def read_tag(tag: bytes) -> tuple[str, dict[str, str]]:
    """The name and the attributes of a sound start tag or empty-element tag."""
    read: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda name, attrs: read.append((name, attrs))
    parser.Parse(tag, False)
    return read[0]
