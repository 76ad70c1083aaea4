"""JSON and CSV parts of an export as Python values and tables, sound or refused."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports.containers import Files
from backstride.words import say

MAX_JSON = 64 << 20  # in memory a JSON takes about ten times its size
MAX_CSV = 256 << 20
MAX_CELLS = 20_000_000  # in memory each takes 16 bytes twice, even where nothing stands in it
LONGEST_LINE = 1 << 20
# Polars unpacks what starts so, however large it becomes: gzip, Zstandard and three of zlib.
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"x\x01", b"x\x9c", b"x\xda")

_HINT = say("Export it again, and bring the new file as it is.")


def json_of(files: Files, name: str, most: int = MAX_JSON) -> Any:
    """A part that is JSON. Raises UnreadableFile where it breaks off or is too large or deep.

    NaN and Infinity, which are no JSON but which programs write, come as floats.
    """
    content = files.whole(name, most)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            files.path, _told(name, say("no UTF-8 text")), _HINT, error.start
        ) from error
    except json.JSONDecodeError as error:
        what = say(
            "JSON that breaks off or is damaged at line {line} ({error})",
            line=error.lineno,
            error=error.msg,
        )
        raise UnreadableFile(files.path, _told(name, what), _HINT) from error
    except (RecursionError, ValueError) as error:  # ValueError: a number of thousands of digits
        what = say("JSON nested or with numbers beyond what an export holds")
        raise UnreadableFile(files.path, _told(name, what), _HINT) from error


def table_of(files: Files, name: str, *, skip_lines: int = 0, most: int = MAX_CSV) -> pl.DataFrame:
    """A part that is CSV with a header, all columns as text; null where a cell is empty.

    The separator (comma, semicolon or tab) is the one the header has most of. Short lines
    are filled with nulls, cells beyond the header are left out. Raises UnreadableFile for
    what is no such table.
    """
    content = files.whole(name, most).removeprefix(b"\xef\xbb\xbf")
    if content.startswith(_PACKED):
        raise UnreadableFile(files.path, _told(name, say("no text, but something packed")), _HINT)
    lines = content.split(b"\n", skip_lines + 1)
    header = lines[skip_lines] if len(lines) > skip_lines else b""
    if not header.strip() or len(header) > LONGEST_LINE:
        raise UnreadableFile(files.path, _told(name, say("a table without a header")), _HINT)
    separator = max(b",;\t", key=lambda mark: header.count(bytes([mark])))
    if (header.count(separator) + 1) * content.count(b"\n") > MAX_CELLS:
        raise UnreadableFile(files.path, _told(name, say("a table of too many cells")), _HINT)
    try:
        return pl.read_csv(
            io.BytesIO(content),
            separator=chr(separator),
            skip_lines=skip_lines,
            infer_schema=False,
            truncate_ragged_lines=True,
            encoding="utf8-lossy",
        ).rechunk()  # in pieces, some of them empty once filtered, Polars 2.1 panics on texts
    except pl.exceptions.PolarsError as error:
        why = str(error).splitlines()[0][:200]
        what = say("a table that can't be read ({error})", error=why)
        raise UnreadableFile(files.path, _told(name, what), _HINT) from error


def cells_of(line: str) -> list[str]:
    """The cells of one line of a CSV; none for what is no such line."""
    try:
        return next(csv.reader([line.rstrip("\r\n")]), [])
    except csv.Error:
        return []


def looks_like_json(head: bytes) -> bool:
    """Whether the first bytes are those of a JSON object or list."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _told(name: str, what: str) -> str:
    return say("{file}: {what}", file=name, what=what) if name else what
