"""Samsung Health's tables: CSV with a line about itself before its header."""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from backstride.imports import text
from backstride.imports.containers import Files

HEALTH = "Samsung Health"
META = re.compile(rb"\s*\"?(com\.samsung\.s?health\.[a-z_.]{3,80}?)\"?,\s*\"?\d")
GROUPS = {"360001": "phone", "360003": "watch"}
UNNAMED = ("", "My Device", "Combined", "all_target")


def kind_of(head: bytes) -> str | None:
    """The table that a part is, as its first line says, or None."""
    told = META.match(head.removeprefix(b"\xef\xbb\xbf"))
    return told.group(1).decode() if told else None


def table(files: Files, name: str) -> pl.DataFrame:
    """A part's rows, all as text, its columns without the long names before them.

    Of two columns that then have one name the one with the long name is taken. Every line
    ends with a comma more than the header has.
    """
    skip = 1 if kind_of(files.head_of(name)) else 0
    told = text.table_of(files, name, skip_lines=skip)
    short: dict[str, str] = {}
    for column in sorted(told.columns, key=lambda column: column.startswith("com.samsung.")):
        short[column.strip().rsplit(".", 1)[-1]] = column
    return told.select(pl.col(column).alias(name) for name, column in short.items())


def filled(rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The rows with these columns, null where the table has none."""
    return rows.select(
        pl.col(name) if name in rows.columns else pl.lit(None, pl.String).alias(name)
        for name in columns
    )


def instant(column: str) -> pl.Expr:
    """A text of UTC, "2026-05-03 07:32:00.000", or milliseconds since 1970."""
    told = pl.col(column).str.strip_chars()
    written = told.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    return pl.coalesce(written, _epoch(told)).dt.replace_time_zone("UTC").alias(column)


def day(column: str) -> pl.Expr:
    """A local day, "2024-11-08 00:00:00.000" or the milliseconds of its midnight in UTC."""
    told = pl.col(column).str.strip_chars()
    written = told.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(written, _epoch(told).dt.date()).alias(column)


def _epoch(told: pl.Expr) -> pl.Expr:
    # 12 or 13 digits: 1973 to 2286, and no number that a date can't hold.
    digits = pl.when(told.str.contains(r"^\d{12,13}$")).then(told).cast(pl.Int64, strict=False)
    return pl.from_epoch(digits, time_unit="ms").dt.cast_time_unit("us")


def number(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().cast(pl.Float64, strict=False).alias(column)


class Devices(NamedTuple):
    """Names and classes of the devices, and the one that stands for all together."""

    names: dict[str, str]
    classes: dict[str, str]
    combined: frozenset[str]

    def of(self, column: str = "deviceuuid") -> tuple[pl.Expr, pl.Expr]:
        """Columns `source` and `device` from that of the device's number."""
        key = pl.col(column).fill_null("")
        name = key.replace_strict(self.names, default=HEALTH, return_dtype=pl.String)
        kind = key.replace_strict(self.classes, default="app", return_dtype=pl.String)
        return name.alias("source"), kind.alias("device")


def devices(files: Files, name: str) -> Devices:
    """The device profiles: a group says what is a phone and what is worn."""
    rows = filled(table(files, name), "deviceuuid", "device_group", "fixed_name", "name", "model")
    names, classes, combined = {}, {}, set()
    for key, group, *called in rows.iter_rows():
        if key is None:
            continue
        told = [str(word).strip() for word in called if word is not None]
        if "Combined" in told:
            combined.add(key)
        names[key] = next((word for word in told if word not in UNNAMED), HEALTH)
        classes[key] = GROUPS.get((group or "").strip(), "app")
    return Devices(names, classes, frozenset(combined))


def birth_year(files: Files, name: str) -> int | None:
    rows = filled(table(files, name), "key", "text_value")
    born = rows.filter(pl.col("key") == "birth_date")["text_value"].drop_nulls()
    told = re.match(r"(19|20)\d\d", born[0]) if len(born) else None
    return int(told.group()) if told else None


def bins(files: Files, name: str) -> pl.DataFrame:
    """A day's steps by tens of minutes from midnight: `slot`, `steps`, `distance_m`.

    Bins without a count are left out: in some exports all are empty.
    """
    listed = text.json_of(files, name, 1 << 20)
    rows = [
        (at, _float(bin_.get("count")), _float(bin_.get("distance")))
        for at, bin_ in enumerate(listed[:144] if isinstance(listed, list) else [])
        if isinstance(bin_, dict) and bin_.get("count")
    ]
    schema = {"slot": pl.Int64, "steps": pl.Float64, "distance_m": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _float(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, int | float) else None
    except OverflowError:
        return None
