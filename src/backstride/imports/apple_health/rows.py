"""Records of an Apple Health export as a table, from the texts that expat gives.

The scan (`scan`) makes the same table of the same records.
"""

from __future__ import annotations

import polars as pl

from backstride.imports.apple_health.stream import COLUMNS, Row
from backstride.records import tables

# Start, end and value are null where they can't be read; unit is null where it is absent.
TYPED: tuple[tuple[str, pl.DataType], ...] = (
    ("kind", pl.String()),
    ("start", tables.INSTANT),
    ("end", tables.INSTANT),
    ("value", pl.Float64()),  # in `unit`
    ("unit", pl.String()),
    ("source", pl.String()),
    ("device", pl.String()),  # watch, phone, app or manual
    ("offset", pl.Int64()),  # of the tag in the file
)


def typed(rows: list[Row]) -> pl.DataFrame:
    """Rows of `COLUMNS` as a table with the schema `TYPED`."""
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else {}
    schema = dict.fromkeys(COLUMNS, pl.String()) | {"offset": pl.Int64(), "manual": pl.Boolean()}
    text = pl.DataFrame(columns, schema=schema)
    instants = [
        pl.col(name).str.to_datetime(
            "%Y-%m-%d %H:%M:%S %z", time_unit="us", time_zone="UTC", strict=False
        )
        for name in ("start", "end")
    ]
    return text.with_columns(
        *instants,
        pl.col("value").str.strip_chars().cast(pl.Float64, strict=False),
        pl.col("source").fill_null("unknown"),
        device().alias("device"),
    ).select(name for name, _ in TYPED)


def device() -> pl.Expr:
    """watch, phone, app or manual, from `device_text`, `source` and `manual`."""
    text = pl.col("device_text").fill_null("").str.to_lowercase()
    source = pl.col("source").fill_null("").str.to_lowercase()
    # The source's name is the owner's own ("Anna's iPhone"); the device's model is surer.
    return (
        pl.when(pl.col("manual"))
        .then(pl.lit("manual"))
        .when(text.str.contains(r"model:watch|hardware:watch|name:apple watch"))
        .then(pl.lit("watch"))
        .when(text.str.contains(r"model:(?:iphone|ipod|ipad)|hardware:(?:iphone|ipod|ipad)"))
        .then(pl.lit("phone"))
        .when(source.str.contains("watch"))
        .then(pl.lit("watch"))
        .when(source.str.contains("iphone") | (source == "health"))
        .then(pl.lit("phone"))
        .otherwise(pl.lit("app"))
    )
