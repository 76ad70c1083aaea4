"""The items of one long list in a JSON object, one by one: for parts too large to hold in memory.

Python's own scanner reads each item; this only finds where it begins and ends.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from backstride.errors import UnreadableFile
from backstride.words import say

MAX_ITEM = 1 << 20  # characters of one item, or of one value beside the list
_HINT = say("Export it again, and bring the new file as it is.")
_BLANK = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")


def items_of(path: Path, name: str, pieces: Iterable[bytes], key: str) -> Iterator[object]:
    """The items of the list under `key` of the object that `pieces` are the JSON of.

    Other keys are read over; there is nothing to give if `key` is missing or no list. `path`
    and `name` (of the part) are for errors. Raises UnreadableFile where the JSON breaks off
    or is none, or an item is too long or nested too deep; what was given until then must be
    thrown away.
    """
    text = _Text(path, name, pieces)
    text.expect("{")
    if text.passes("}"):
        return
    while True:
        found = text.value()
        text.expect(":")
        if found == key and text.passes("["):
            if not text.passes("]"):
                yield from text.items()
        else:
            text.value()
        if not text.passes(","):
            break
    text.expect("}")


class _Text:
    """A window on the text, from what is to be read next on."""

    def __init__(self, path: Path, name: str, pieces: Iterable[bytes]) -> None:
        self.path = path
        self.name = name
        self.pieces = iter(pieces)
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.scan = json.JSONDecoder().raw_decode
        self.window = ""
        self.at = 0
        self.done = False

    def more(self) -> bool:
        """Read on; False at the end."""
        if self.done:
            return False
        piece = next(self.pieces, b"")
        try:
            text = self.decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise self.refusal(say("no UTF-8 text")) from error
        self.done = not piece
        self.window = self.window[self.at :] + text
        self.at = 0
        return True

    def comes(self) -> str:
        """The next character that is no blank; none at the end."""
        while True:
            blank = _BLANK.match(self.window, self.at)
            self.at = blank.end() if blank else self.at
            if self.at < len(self.window):
                return self.window[self.at]
            if not self.more():
                return ""

    def passes(self, mark: str) -> bool:
        """Go past `mark` if it comes next."""
        if self.comes() != mark:
            return False
        self.at += 1
        return True

    def expect(self, mark: str) -> None:
        if not self.passes(mark):
            raise self.refusal(say("JSON that breaks off or is damaged"))

    def value(self) -> object:
        self.comes()
        while True:
            try:
                value, end = self.scan(self.window, self.at)
                # A number at the end of the window may go on in the next piece.
                if end < len(self.window) or not self.more():
                    self.at = end
                    return value
            except json.JSONDecodeError as error:
                if len(self.window) - self.at > MAX_ITEM or not self.more():
                    raise self.refusal(say("JSON that breaks off or is damaged")) from error
            except (RecursionError, ValueError) as error:  # ValueError: thousands of digits
                what = say("JSON nested or with numbers beyond what an export holds")
                raise self.refusal(what) from error

    def items(self) -> Iterator[object]:
        """Items up to the end of the list, after its `[`."""
        while True:
            yield self.value()
            # Nearly always both stand in the window: the long way round is for the rest.
            comma = _BETWEEN.match(self.window, self.at)
            if comma and comma.end() < len(self.window):
                self.at = comma.end()
            elif not self.passes(","):
                self.expect("]")
                return

    def refusal(self, what: str) -> UnreadableFile:
        if self.name:
            what = say("{file}: {what}", file=self.name, what=what)
        return UnreadableFile(self.path, what, _HINT)
