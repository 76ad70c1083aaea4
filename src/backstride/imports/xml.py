"""Small XML files of single walks: refused, before a tree is built, unless sound and plain."""

from __future__ import annotations

import re
from pathlib import Path
from xml.parsers import expat

from backstride.errors import UnreadableFile
from backstride.words import say

MAX_FILE = 32 << 20  # a day at one point a second takes about 10 MB
MAX_ELEMENTS = 1_000_000
MAX_DEPTH = 64

_BEFORE_ROOT = re.compile(
    rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>)*+", re.DOTALL
)
HINT = say("Export the activity again from the app that recorded it.")


def check(path: Path, content: bytes) -> None:
    """Raise UnreadableFile for XML that is damaged, too large, too deep or declares entities.

    What Garmin, Strava and the phones' apps write has no document type.
    """
    elements = depth = 0
    refused = ""

    def start(_name: str, _attrs: object) -> None:
        nonlocal elements, depth, refused
        elements += 1
        depth += 1
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            refused = say("its tags are too many or nested too deep for a walk")
            raise ValueError(refused)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def declaration(*_args: object) -> None:
        nonlocal refused
        refused = say("it declares a document type or entities, which is refused")
        raise ValueError(refused)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = declaration
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        what = "the XML breaks off or is damaged: " + expat.ErrorString(error.code)
        raise UnreadableFile(path, what, HINT, parser.ErrorByteIndex) from error
    except ValueError as error:
        raise UnreadableFile(path, refused, HINT, parser.CurrentByteIndex) from error


def has_root(head: bytes, name: bytes) -> bool:
    """Whether the first bytes are those of an XML with this root, whatever its namespace.

    Comments, processing instructions and a document type may stand before it.
    """
    rest = head.removeprefix(b"\xef\xbb\xbf")
    before = _BEFORE_ROOT.match(rest)
    rest = rest[before.end() :] if before else rest
    return bool(re.match(rb"<(?:[\w.-]+:)?" + re.escape(name) + rb"[\s>/]", rest))
