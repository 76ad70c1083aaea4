"""The pass over an Apple Health XML: a stream with expat that gathers the records wanted.

What stands before the root is not shown to expat: the document type of iOS 16 is not
well-formed, and one that declares entities or points outside is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from xml.parsers import expat

from backstride.errors import UnreadableFile
from backstride.imports.sift import MAX_KINDS, OTHER_KINDS
from backstride.words import say

BATCH = 20_000
MAX_PROLOGUE = 1 << 20
MAX_TOKEN = 8 << 20  # bytes without a complete tag; a real record takes under 1,000
MAX_DEPTH = 64

_ROOT = re.compile(rb"<HealthData[\s>/]")
_DTD_HARM = re.compile(rb"<!ENTITY|<!DOCTYPE\s+\S+\s+(SYSTEM|PUBLIC)\b", re.IGNORECASE)

# What a kept record is: text as it stands, the byte where it begins, whether typed in.
COLUMNS = ("kind", "value", "unit", "source", "device_text", "start", "end", "offset", "manual")

Row = list[object]


def matches(head: bytes) -> bool:
    """Whether the first bytes of an XML are those of an Apple Health export."""
    return _ROOT.search(head) is not None


class _Hostile(Exception):
    """Raised inside expat's callbacks; becomes an UnreadableFile with its offset."""


class GaveUp(Exception):
    """The fast scan met what it doesn't take; nothing is said about what that is."""


class Gathered:
    """What one pass over the file gathers; `start` and `end` are the import's hot path."""

    def __init__(self, wanted: Collection[str]) -> None:
        self.wanted = frozenset(wanted)  # types of records and of workouts
        self.rows: list[Row] = []
        self.skipped: dict[str, int] = {}
        self.exported_at: datetime | None = None
        self.birth_year: int | None = None
        self.row: Row | None = None
        self.depth = 0
        # What Apple writes is UTF-8, whatever a forged declaration says.
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.EntityDeclHandler = _refuse
        parser.StartDoctypeDeclHandler = _refuse

    def start(self, name: str, attrs: dict[str, str]) -> None:
        self.depth = depth = self.depth + 1
        if depth > MAX_DEPTH:
            raise _Hostile("its tags are nested too deep")
        if name == "Record":
            self.count(name, attrs.get("type", ""), attrs)
        elif name == "MetadataEntry":
            if self.row is not None and attrs.get("key") == "HKWasUserEntered":
                self.row[-1] = attrs.get("value") == "1"
        elif name == "Workout":
            self.count(name, attrs.get("workoutActivityType", ""), attrs)
        elif depth == 2:
            self.about_person(name, attrs)

    def end(self, _name: str) -> None:
        self.depth -= 1
        if self.depth == 1:
            self.row = None

    def count(self, name: str, kind: str, attrs: dict[str, str]) -> None:
        if kind not in self.wanted:
            self.skip(kind)
            return
        self.row = row_of(name, attrs, self.parser.CurrentByteIndex)
        self.rows.append(self.row)

    def skip(self, kind: str, count: int = 1) -> None:
        self.row = None
        if kind not in self.skipped and len(self.skipped) >= MAX_KINDS:
            kind = OTHER_KINDS
        self.skipped[kind] = self.skipped.get(kind, 0) + count

    def about_person(self, name: str, attrs: dict[str, str]) -> None:
        if name == "ExportDate":
            with suppress(ValueError, OverflowError):
                made = datetime.strptime(attrs.get("value", ""), "%Y-%m-%d %H:%M:%S %z")
                self.exported_at = made.astimezone(UTC)
        elif name == "Me":
            born = attrs.get("HKCharacteristicTypeIdentifierDateOfBirth", "")[:4]
            if born.isascii() and born.isdigit() and 1900 <= int(born) <= 2100:
                self.birth_year = int(born)


def row_of(name: str, attrs: dict[str, str], offset: int) -> Row:
    """The `COLUMNS` of a Record or a Workout that begins at byte `offset`."""
    get = attrs.get
    if name == "Record":
        head = [get("type", ""), get("value"), get("unit")]
    else:
        head = [get("workoutActivityType", ""), get("duration"), get("durationUnit", "min")]
    said = (get("sourceName"), get("device"), get("startDate"), get("endDate"))
    return [*head, *said, offset, False]


def _refuse(*_declaration: object) -> None:
    raise _Hostile("it declares an entity or a document type, which is refused")


def gather(
    path: Path, pieces: Iterator[bytes], seen: Gathered, progress: Callable[[int], None]
) -> Iterator[list[Row]]:
    """The records `seen` wants as rows of `COLUMNS`, in batches of about `BATCH`.

    `pieces` is the XML, `path` its file for errors; `progress` is told the bytes read so far.
    Raises UnreadableFile where the XML breaks off, isn't well-formed or is hostile; what was
    yielded until then must be thrown away.
    """
    parser = seen.parser
    fed = 0
    try:
        for piece in without_prologue(path, pieces):
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > MAX_TOKEN:
                raise _Hostile("a single tag is millions of bytes long")
            progress(fed)
            if len(seen.rows) > BATCH:
                # The last row may still wait for what its children say of it.
                yield seen.rows[:-1]
                del seen.rows[:-1]
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        what = "the XML breaks off or is damaged: " + expat.ErrorString(error.code)
        hint = say("Export it again on the phone, and bring the zip as it is.")
        raise UnreadableFile(path, what, hint, parser.ErrorByteIndex) from error
    except _Hostile as error:
        hint = say("No Apple Health export holds this. Bring the zip as the phone made it.")
        raise UnreadableFile(path, str(error), hint, parser.CurrentByteIndex) from error
    yield seen.rows


def without_prologue(path: Path, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes with all that stands before the root replaced by as many spaces.

    Raises UnreadableFile where there is no root, or a document type does harm.
    """
    prologue = b""
    for piece in pieces:
        prologue += piece
        root = _ROOT.search(prologue)
        if root is not None or len(prologue) > MAX_PROLOGUE:
            break
    else:
        root = None
    if root is None:
        raise UnreadableFile(
            path, say("no <HealthData> where an Apple Health export has it"), offset=0
        )
    harm = _DTD_HARM.search(prologue, 0, root.start())
    if harm is not None:
        raise UnreadableFile(
            path,
            say("its document type declares entities or an outside document, which is refused"),
            say("No Apple Health export holds this. Bring the zip as the phone made it."),
            harm.start(),
        )
    yield b" " * root.start() + prologue[root.start() :]
    yield from pieces
