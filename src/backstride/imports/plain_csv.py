"""Plain CSV: the table that anyone can make from anything else, as docs/formats.md says.

A header names the columns, in any order and case:

- when: `start` and `end`, or `start` and `minutes`, or `date` for a whole day of the walker;
- how much: any of `steps`, `distance_m`, `walking_min`;
- optional: `source`, `device` (sensor, watch, phone, app, manual).

Times are ISO 8601, those without an offset are the walker's. A header that lacks something
is an error that says what is expected; a row that can't be read is refused and counted, with
its line and column. Other columns are left out, and named.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection

import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports import iso, sift, text, times
from backstride.imports.containers import PLAIN, Files
from backstride.imports.imported import Imported
from backstride.imports.merge import DEVICES
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.records import Notices
from backstride.words import say

SOURCE = Source(
    key="csv",
    name=say("Plain CSV"),
    files=say("a .csv with start and end, or date, and steps, metres or walking minutes"),
    gives=say("steps, metres, walking minutes, as far as the columns are there"),
    checked=Checked.REAL_FILES,
    how=(
        How(
            Where.BROWSER,
            (
                say("Make a table in any spreadsheet, with a header of: date, steps."),
                say("Write each day as year-month-day: 2025-06-30."),
                say("Save it as CSV, then bring it."),
            ),
        ),
    ),
    note="for anything else that counts steps; the format's page tells all columns",
)

KIND = "row"
EMPTY = "row without a number"
WHEN = ("start", "end", "minutes", "date")
AMOUNTS = {"steps": "steps", "distance_m": "distance_m", "walking_min": "walking_s"}
WHO = ("source", "device")
KNOWN = (*WHEN, *AMOUNTS, *WHO)

EXPECTED = (
    "A header of “start,end,steps”, “start,minutes,steps” or “date,steps” is read; distance_m "
    "and walking_min may stand beside steps or in its place. docs/formats.md has an example."
)
UNNAMED = "CSV file"
LONGEST_NAME = 100
MAX_CSV = 128 << 20
MAX_ROWS = 2_000_000  # four years of a row a minute
NAMED = 5  # of the columns left out, how many are named


def matches(files: Files) -> bool:
    if files.is_zip or b"\x00" in files.head:
        return False
    names = _header(files.head)
    amounts = AMOUNTS.keys() & names
    return bool(amounts and {"start", "date"} & set(names))


def _header(head: bytes) -> list[str]:
    """The plain names of the columns of a text, none for what is no table."""
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    if _is_sep(head):
        line = head.split(b"\n", 2)[1] if head.count(b"\n") else b""
    if len(line) >= 1 << 12:
        return []
    told = line.decode("utf-8", errors="replace").strip()
    separator = max(",;\t", key=told.count)
    try:
        row = next(csv.reader([told], delimiter=separator), [])
    except csv.Error:
        return []
    return [_plain(name) for name in row]


def _is_sep(head: bytes) -> bool:
    """Whether the first line is the one by which spreadsheets name the separator."""
    return head.removeprefix(b"\xef\xbb\xbf")[:4].lower() == b"sep="


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().strip('"').lower())


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read the table.

    Raises UnreadableFile for a header that lacks what says when, or names a column twice.
    """
    account = sift.Account()
    skip_lines = int(_is_sep(files.head))
    raw = text.table_of(files, PLAIN, skip_lines=skip_lines, most=MAX_CSV)
    if raw.height > MAX_ROWS:
        what = say("it has more than {max_rows:,} rows", max_rows=MAX_ROWS)
        raise UnreadableFile(files.path, what, say("Bring it in parts, such as one for each year."))
    table = _known(files, raw, account.notices)
    first_line = 2 + skip_lines
    table = table.with_row_index("line", first_line)
    is_empty = pl.all_horizontal(*map(_is_blank, AMOUNTS))
    if empty := table.select(is_empty.sum()).item():
        account.skip(EMPTY, empty)
    table = table.filter(~is_empty).rechunk()
    iso.say_zone(table, ["start", "end"], account.notices, zone)
    rows = sift.sifted(_rows(table, zone, account.notices), account)
    tell(1, 1)
    return sift.finished(SOURCE.key, [rows], account, zone)


def _known(files: Files, table: pl.DataFrame, notices: Notices) -> pl.DataFrame:
    """The columns that are known, the missing ones null. Raises UnreadableFile."""
    columns: dict[str, str] = {}
    left: list[str] = []
    for name in table.columns:
        plain = _plain(re.sub(r"_duplicated_\d+$", "", name))
        if plain in columns:
            what = say("the header (line 1) names “{plain}” twice", plain=plain)
            raise UnreadableFile(files.path, what, EXPECTED)
        if plain in KNOWN:
            columns[plain] = name
        elif plain:
            left.append(name)
    _check(files, columns)
    if left:
        named = ", ".join(name[:LONGEST_NAME] for name in left[:NAMED])
        more = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
        notices.add(
            "csv.columns",
            say("Columns that aren't known were left out: {named}{more}.", named=named, more=more),
        )
    return table.select(
        (pl.col(columns[name]) if name in columns else pl.lit(None, pl.String)).alias(name)
        for name in KNOWN
    )


def _check(files: Files, columns: Collection[str]) -> None:
    if "date" not in columns and not {"end", "minutes"} & set(columns):
        what = say("the header (line 1) has “start” but neither “end” nor “minutes”")
        raise UnreadableFile(files.path, what, EXPECTED)


def _rows(table: pl.DataFrame, zone: str, notices: Notices) -> pl.DataFrame:
    """Rows for `sift`, a bad cell as null (times) or NaN (numbers)."""
    midnight, next_midnight = times.day_of(iso.date_of(pl.col("date")), zone)
    minutes = iso.number_of(pl.col("minutes"))
    # Of a number without sense no time is made; a year is more than any row may last.
    length = pl.when(minutes.abs() <= 525_600).then(minutes * 6e7).cast(pl.Int64)
    start, end = iso.instant_of(pl.col("start"), zone), iso.instant_of(pl.col("end"), zone)
    is_day = _is_blank("start") & ~_is_blank("date")
    device = pl.col("device").str.strip_chars().str.to_lowercase()
    name = pl.col("source").str.strip_chars().str.head(LONGEST_NAME)
    judged = table.with_columns(
        pl.when(is_day).then(midnight).otherwise(start).alias("from"),
        pl.when(is_day)
        .then(next_midnight)
        .when(_is_blank("end"))
        .then(start + pl.duration(microseconds=length))
        .otherwise(end)
        .alias("to"),
        *(iso.number_of(pl.col(name)).alias(f"n_{name}") for name in AMOUNTS),
        pl.when(device.is_in(DEVICES)).then(device).otherwise(pl.lit("app")).alias("device"),
        pl.when(name.str.len_bytes() > 0).then(name).otherwise(pl.lit(UNNAMED)).alias("source"),
        (device.is_in(DEVICES) | (device.str.len_bytes() == 0)).not_().alias("is_strange"),
    )
    strange = judged.filter("is_strange")
    if not strange.is_empty():
        told = say("Devices other than {known} were read as “app”.", known=", ".join(DEVICES))
        notices.add("csv.device", told, say("line {n}", n=strange["line"][0]), strange.height)
    return judged.select(
        pl.col("from").alias("start"),
        pl.col("to").alias("end"),
        pl.col("n_steps").alias("steps"),
        pl.col("n_distance_m").alias("distance_m"),
        (pl.col("n_walking_min") * 60).alias("walking_s"),
        "source",
        "device",
        pl.lit(KIND).alias("kind"),
        pl.format("line {}{}", "line", _fault()).alias("where"),
    )


def _is_blank(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().str.len_bytes().fill_null(0) == 0


def _fault() -> pl.Expr:
    """Which column of a row can't be read, and what stands there, in words."""
    is_day, has_end = _is_blank("start") & ~_is_blank("date"), ~_is_blank("end")
    no_date = is_day & iso.date_of(pl.col("date")).is_null()
    no_start = ~is_day & _no_time("start")
    no_end = ~is_day & has_end & _no_time("end")
    no_length = ~is_day & ~has_end & _no_number("minutes")
    return pl.coalesce(
        _told(no_date, "date", "2025-06-30"),
        _told(no_start, "start", "2025-06-30T08:15+02:00"),
        _told(no_end, "end", "2025-06-30T08:25+02:00"),
        _told(no_length, "minutes", "10"),
        *(_told(~_is_blank(name) & _no_number(name), name, "1200") for name in AMOUNTS),
        pl.lit(""),
    )


def _no_time(name: str) -> pl.Expr:
    return iso.local_of(pl.col(name)).is_null()


def _no_number(name: str) -> pl.Expr:
    return ~iso.number_of(pl.col(name)).is_finite().fill_null(value=False)


def _told(is_so: pl.Expr, column: str, expected: str) -> pl.Expr:
    found = pl.col(column).fill_null("").str.strip_chars().str.head(30)
    told = f", column {column}: “{{}}” where such as {expected} is expected"
    return pl.when(is_so).then(pl.format(told, found))
