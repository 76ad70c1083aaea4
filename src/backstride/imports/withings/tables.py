"""The tables in Withings' export: lists of intervals, and activities in any language."""

from __future__ import annotations

import re

import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports import iso
from backstride.imports.containers import Files
from backstride.words import say

MAX_CSV = 64 << 20  # several years take 8 MB
MAX_ITEMS = 6_000_000  # ten years of one a minute
JSON_SHARE = 0.5  # of the cells, those that are JSON in the activities' column of data
_HINT = say("Download your data again from Withings.")


def columns(files: Files, name: str, table: pl.DataFrame, count: int) -> list[pl.Expr]:
    if table.width < count:
        what = say(
            "{name} has {width} columns where {count} are expected",
            name=name,
            width=table.width,
            count=count,
        )
        raise UnreadableFile(files.path, what, _HINT)
    return [pl.col(column) for column in table.columns[:count]]


def unfolded(files: Files, name: str, table: pl.DataFrame, zone: str) -> pl.DataFrame:
    """start, end, value, where, and the date on the clock: a row for each of the lists' items.

    A row whose lists differ in length comes as one row without an end.
    """
    start, duration, value = columns(files, name, table, 3)
    if table.select(duration.str.count_matches(",", literal=True).sum()).item() > MAX_ITEMS:
        what = say(
            "{name} holds more than {max_items:,} intervals, which no export does",
            name=name,
            max_items=MAX_ITEMS,
        )
        raise UnreadableFile(files.path, what, _HINT)
    lists = table.with_row_index("line", 2).select(
        "line",
        iso.instant_of(start, zone).alias("first"),
        iso.local_of(start).alias("clock"),
        *(
            listed.fill_null("").str.strip_chars("[] \t\r").str.split(",").alias(column)
            for column, listed in (("duration", duration), ("value", value))
        ),
    )
    fits = pl.col("duration").list.len() == pl.col("value").list.len()
    items = lists.filter(fits).explode("duration", "value")
    number = (iso.number_of(pl.col(column)).alias(column) for column in ("duration", "value"))
    items = items.with_columns(*number)
    # A duration that is none, or longer than a day, leaves what follows without a time.
    usable = pl.when(pl.col("duration").is_between(0, 86_400)).then("duration")
    items = items.with_columns((usable * 1e6).cast(pl.Int64).alias("us")).with_columns(
        pl.col("us").is_null().cum_sum().over("line").alias("broken"),
        pl.col("us").cum_sum().over("line").alias("until"),
    )
    since = pl.duration(microseconds=pl.col("until") - pl.col("us"))
    known = pl.when(pl.col("broken") == 0)
    where = pl.format("{}, line {}", pl.lit(name), "line").alias("where")
    timed = items.select(
        known.then(pl.col("first") + since).alias("start"),
        known.then(pl.col("first") + pl.duration(microseconds=pl.col("until"))).alias("end"),
        "value",
        where,
        known.then(pl.col("clock") + since).dt.date().alias("date"),
    )
    nowhere = lists.filter(~fits).select(
        pl.col("first").alias("start"),
        pl.lit(None, timed.schema["end"]).alias("end"),
        pl.lit(None, pl.Float64).alias("value"),
        where,
        pl.lit(None, pl.Date).alias("date"),
    )
    return pl.concat([timed, nowhere])


def kind_and_data(table: pl.DataFrame) -> tuple[str | None, str | None]:
    """The columns of the activity's type, and of its data in JSON, which stands after it."""
    for before, column in zip(table.columns, table.columns[1:], strict=False):
        cells = table[column].drop_nulls()
        if len(cells) and cells.str.starts_with("{").mean() > JSON_SHARE:  # type: ignore[operator]
            return before, column
    named = [c for c in table.columns if re.search(r"activit|typ|sport", c, re.IGNORECASE)]
    return (named[0] if named else None), None
