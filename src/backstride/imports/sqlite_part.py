"""An SQLite database of unknown origin, read as a file format: nothing in it is trusted.

Opened read-only and immutable, so that no journal beside it is looked for; its schema is not
trusted, its cells are checked, and only real tables are read, never views or virtual ones.
How much a query may do grows with the file's size, so that none runs for ever.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports.containers import Files
from backstride.imports.source import Tell
from backstride.words import say

BATCH = 50_000
MAX_DATABASE = 4 << 30
MAX_VALUE = 16 << 20  # bytes of a row: an app's picture is the largest there is
MAX_TABLES = 2_000
# Instructions of SQLite's machine: a row of a table takes some 20 and at least 10 bytes.
STEPS_A_BYTE = 8
STEPS_AT_LEAST = 50_000_000
STEPS_A_CALL = 100_000
# Milliseconds since 1970 of the years 1 to 9999; a date has no others.
EARLIEST_MS = -62_135_596_800_000
LATEST_MS = 253_402_300_799_000

_AGAIN = say("Make the export again, and bring the new file as it is.")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def is_sqlite(head: bytes) -> bool:
    return head.startswith(b"SQLite format 3\x00")


class Database:
    """The real tables of a database, and their rows; comes from `opened`.

    Every method raises UnreadableFile where the database is damaged or too slow.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 "
            "AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
        names = [name for (name,) in self._fetched(query, most=MAX_TABLES)]
        self.tables = [name for name in names if isinstance(name, str) and _NAME.fullmatch(name)]

    def has(self, table: str) -> bool:
        return table in self.tables

    def missing(self, table: str, columns: Sequence[str]) -> str:
        """What of a table isn't there, in words; nothing if all is."""
        if not self.has(table):
            return table
        known = self._columns(table)
        return ", ".join(f"{table}.{name}" for name in columns if name not in known)

    def _columns(self, table: str) -> set[str]:
        # table_info leaves out generated columns: these compute, and no instruction is counted.
        return {str(row[1]) for row in self._fetched(f'PRAGMA table_info("{table}")')}

    def rows(
        self, table: str, needed: Sequence[str], optional: Sequence[str]
    ) -> list[tuple[Any, ...]]:
        """Some columns of a small table; null for the optional ones it hasn't."""
        if self.missing(table, needed):
            return []
        known = self._columns(table)
        columns = [f'"{name}"' if name in known else "NULL" for name in (*needed, *optional)]
        query = f'SELECT {", ".join(columns)} FROM "{table}"'  # noqa: S608 - names of our own
        return [row for row in self._fetched(query, most=BATCH) if isinstance(row[0], int)]

    def numbers(
        self, table: str, columns: tuple[str, str, str | None], optional: Sequence[str]
    ) -> Iterator[pl.DataFrame]:
        """Batches of start and end (ms since 1970), a value, and whole numbers by their name.

        A text where a number belongs is null, and so is a time that no date has.
        """
        start, end, value = columns
        known = self._columns(table)
        selected = [_time(start), _time(end), _number(value) if value else "NULL"]
        selected += [_whole(name) if name in known else "NULL" for name in optional]
        schema = {"start": pl.Int64, "end": pl.Int64, "value": pl.Float64}
        schema |= dict.fromkeys(optional, pl.Int64)
        query = f'SELECT {", ".join(selected)} FROM "{table}"'  # noqa: S608 - names of our own
        for rows in self._batches(query):
            yield pl.DataFrame(rows, schema=schema, orient="row")

    def count(self, table: str) -> int:
        return int(self._fetched(f'SELECT count(*) FROM "{table}"')[0][0])  # noqa: S608

    def _fetched(self, query: str, most: int = MAX_TABLES) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for batch in self._batches(query):
            rows += batch
            if len(rows) > most:
                raise UnreadableFile(
                    self._path, say("the database has more tables than any"), _AGAIN
                )
        return rows

    def _batches(self, query: str) -> Iterator[list[tuple[Any, ...]]]:
        try:
            with closing(self._connection.cursor()) as cursor:
                cursor.execute(query)
                while rows := cursor.fetchmany(BATCH):
                    yield rows
        except (sqlite3.Error, OverflowError, ValueError) as error:
            what = say("the database is damaged or no export ({error})", error=error)
            raise UnreadableFile(self._path, what, _AGAIN) from error


def _number(name: str) -> str:
    return f"CASE WHEN typeof(\"{name}\") IN ('integer', 'real') THEN CAST(\"{name}\" AS REAL) END"


def _whole(name: str) -> str:
    return f'CASE WHEN typeof("{name}") = \'integer\' THEN "{name}" END'


def _time(name: str) -> str:
    sane = f'"{name}" BETWEEN {EARLIEST_MS} AND {LATEST_MS}'
    return f'CASE WHEN typeof("{name}") = \'integer\' AND {sane} THEN "{name}" END'


@contextmanager
def opened(files: Files, name: str, tell: Tell) -> Iterator[Database]:
    """The database that a part is; one in a zip is unpacked to a file that ends with its use.

    `tell` is told how much of what the queries may do was done.
    """
    if not files.is_zip:
        with _connected(files.path, files.path, tell) as database:
            yield database
        return
    with tempfile.TemporaryDirectory(prefix="backstride-") as folder:
        path = Path(folder) / "export.db"
        done = 0
        with path.open("wb") as file:
            for piece in files.chunks(name):
                done += len(piece)
                if done > MAX_DATABASE:
                    raise UnreadableFile(
                        files.path, say("{name} is larger than 4 GB", name=name), _AGAIN
                    )
                file.write(piece)
        with _connected(path, files.path, tell) as database:
            yield database


def has_table(path: Path, names: Sequence[str]) -> bool:
    """Whether a database has one of these tables; a damaged one has none."""
    try:
        with _connected(path, path, lambda _done, _total: None) as database:
            return any(database.has(name) for name in names)
    except UnreadableFile:
        return False


@contextmanager
def _connected(path: Path, told: Path, tell: Tell) -> Iterator[Database]:
    size = path.stat().st_size
    allowed = STEPS_AT_LEAST + STEPS_A_BYTE * size
    done = 0

    def stop() -> bool:
        nonlocal done
        done += STEPS_A_CALL
        tell(min(done, allowed), allowed)
        return done > allowed

    try:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True)
    except sqlite3.Error as error:
        raise UnreadableFile(
            told, say("the database can't be opened ({error})", error=error), _AGAIN
        ) from error
    with closing(connection):
        try:
            _guard(connection)
        except sqlite3.Error as error:
            raise UnreadableFile(
                told, say("the database is damaged ({error})", error=error), _AGAIN
            ) from error
        connection.set_progress_handler(stop, STEPS_A_CALL)
        yield Database(told, connection)
    tell(allowed, allowed)


def _guard(connection: sqlite3.Connection) -> None:
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 1 << 20)
    connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 50)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in (
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "mmap_size=0",
        "temp_store=MEMORY",
        "query_only=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
