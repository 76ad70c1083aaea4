"""The tags in some bytes, told apart by their layout: all of a tag but its values.

An export has millions of tags and some dozens of layouts. Each layout is read once, with
regular expressions; the tags are only compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from backstride.imports.apple_health.interned import (
    Bytes,
    Interned,
    Ints,
    Words,
    hashed,
    keys,
    places,
)
from backstride.imports.apple_health.stream import GaveUp

MAX_LAYOUTS = 4096
MAX_ATTRIBUTES = 48
MAX_BETWEEN = 256  # bytes between two values: a name and space
ABSENT = -1

OPENS, EMPTY, CLOSES = 1, 0, -1
OF_WORKOUT = {"workoutActivityType": "type", "duration": "value", "durationUnit": "unit"}

_NAME = rb"[A-Za-z_][A-Za-z0-9_]*"
_SPACE = rb"[ \t\r\n]"
_START = re.compile(rb'<(%b)((?:%b+%b="")*)%b*(/?)>%b*' % (_NAME, _SPACE, _NAME, _SPACE, _SPACE))
_END = re.compile(rb"</(%b)%b*>%b*" % (_NAME, _SPACE, _SPACE))
_ATTRIBUTE = re.compile(_NAME + rb'(?==")')

_PLACES = keys(MAX_ATTRIBUTES)


@dataclass(frozen=True)
class Layout:
    """`step` is OPENS, EMPTY or CLOSES; `places` which of its values each attribute has.

    A workout's are by the names of what a record says instead.
    """

    name: str
    step: int
    places: Mapping[str, int]


class Tags(NamedTuple):
    """Tags in order, and the spans of their values, which lie between quotes."""

    start: Ints
    end: Ints  # where the next begins
    layout: Ints
    first: Ints  # of each tag's values
    opened: Ints  # of each value, the first byte
    closed: Ints  # and its end

    def up_to(self, count: int) -> Tags:
        """The first of them."""
        values = self.first[count] if count < len(self.first) else len(self.opened)
        return Tags(
            self.start[:count],
            self.end[:count],
            self.layout[:count],
            self.first[:count],
            self.opened[:values],
            self.closed[:values],
        )


class Layouts:
    """The layouts met so far, and what each says of its tags, by its number."""

    def __init__(self) -> None:
        self._met = Interned[Layout]()
        self._known: dict[str, Ints] = {}
        self._names: dict[str, int] = {}

    def tags(self, content: bytes, bytes_: Bytes, words: Words) -> Tags:
        """All tags in `bytes_`, which begins with one and which `content` begins with.

        Raises GaveUp where one isn't sound.
        """
        start = places(bytes_ == ord("<"))
        quotes = places(bytes_ == ord('"'))
        before = np.searchsorted(quotes, start)
        if len(quotes) & 1 or (before & 1).any():
            raise GaveUp
        end = np.append(start[1:], len(bytes_))
        opened, closed = quotes[::2] + 1, quotes[1::2]
        first = before >> 1
        count = np.diff(first, append=len(opened))
        tags = Tags(start, end, first, first, opened, closed)
        return tags._replace(layout=self._numbers(content, words, tags, count))

    def steps(self) -> Ints:
        """Each layout's step, by its number."""
        return self._said("step", lambda one: one.step)

    def are(self, *names: str) -> Ints:
        """Which are start tags of elements of these names: 1 or 0, by number."""
        return self._said(" ".join(names), lambda one: one.step != CLOSES and one.name in names)

    def names(self) -> Ints:
        """A number of its own for each element's name, by the layout's number."""
        return self._said("name", lambda one: self._names.setdefault(one.name, len(self._names)))

    def places(self, attribute: str) -> Ints:
        """Which value an attribute is, or ABSENT, by number."""
        return self._said("@" + attribute, lambda one: one.places.get(attribute, ABSENT))

    def _said(self, key: str, of_layout: Callable[[Layout], int]) -> Ints:
        said = self._known.get(key)
        if said is None or len(said) < len(self._met.known):
            said = np.array([of_layout(one) for one in self._met.known], dtype=np.int64)
            self._known[key] = said
        return said

    def _numbers(self, content: bytes, words: Words, tags: Tags, count: Ints) -> Ints:
        if count.max(initial=0) > MAX_ATTRIBUTES:
            raise GaveUp
        some = count.nonzero()[0]
        first = tags.first[some]
        head_end = tags.end.copy()
        head_end[some] = tags.opened[first] - 1
        # What follows each value: up to the next one's quote, or the next tag.
        after = tags.closed + 1
        after_end = np.append(tags.opened[1:] - 1, 0)[: len(after)]
        after_end[first + count[some] - 1] = tags.end[some]
        place = np.arange(len(after)) - np.repeat(first, count[some])
        made = self._hashed(words, tags.start, head_end)
        if len(after):
            rest = self._hashed(words, after, after_end) * _PLACES[place]
            made[some] += np.add.reduceat(rest, first)

        def read(tag: int) -> Layout:
            if len(self._met.known) >= MAX_LAYOUTS:
                raise GaveUp
            ends = range(tags.first[tag], tags.first[tag] + count[tag])
            between = [content[tags.start[tag] : head_end[tag]]]
            between += [content[after[at] : after_end[at]] for at in ends]
            return layout_of(b'""'.join(between))

        return self._met.numbers(made, read)

    def _hashed(self, words: Words, start: Ints, end: Ints) -> Words:
        length = end - start
        if length.max(initial=0) > MAX_BETWEEN:
            raise GaveUp
        return hashed(words, start, length)


def layout_of(text: bytes) -> Layout:
    """The layout of a tag whose values were left out. Raises GaveUp where it isn't sound."""
    if ended := _END.fullmatch(text):
        return Layout(ended[1].decode(), CLOSES, {})
    started = _START.fullmatch(text)
    if not started:
        raise GaveUp
    names = [name.decode() for name in _ATTRIBUTE.findall(started[2])]
    places = {name: place for place, name in enumerate(names)}
    if len(places) < len(names):
        raise GaveUp
    name = started[1].decode()
    if name == "Workout":
        kept = {one: at for one, at in places.items() if one not in OF_WORKOUT.values()}
        places = {OF_WORKOUT.get(one, one): at for one, at in kept.items()}
    return Layout(name, EMPTY if started[3] else OPENS, places)
