"""ISO 8601 times and numbers that came as text, to instants and floats: read or null, never
guessed."""

from __future__ import annotations

from typing import Any

import polars as pl

from backstride.imports import times
from backstride.records import Notices

_TIME = (
    r"^\s*([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?([.,][0-9]{1,9})?"
    r"\s?(?:(Z|z)|([+-])([0-9]{2}):?([0-5][0-9])?)?\s*$"
)
_NAIVE = "%Y-%m-%dT%H:%M:%S%.f"
MAX_OFFSET_H = 15


def local_of(text: pl.Expr) -> pl.Expr:
    """What the clock showed, the offset left aside (microseconds, no zone); else null."""
    part = text.str.extract_groups(_TIME).struct
    seconds = part.field("3").fill_null(":00")
    fraction = part.field("4").fill_null(".0").str.replace(",", ".", literal=True).str.head(7)
    clock = pl.concat_str(part.field("1"), pl.lit("T"), part.field("2"), seconds, fraction)
    return clock.str.to_datetime(_NAIVE, strict=False, time_unit="us")


def offset_of(text: pl.Expr) -> pl.Expr:
    """The offset from UTC that a time names, in minutes; null where it names none."""
    part = text.str.extract_groups(_TIME).struct
    hours = part.field("7").cast(pl.Int32)
    minutes = hours * 60 + part.field("8").fill_null("00").cast(pl.Int32)
    signed = pl.when(part.field("6") == "-").then(-minutes).otherwise(minutes)
    return pl.when(part.field("5").is_not_null()).then(0).otherwise(signed)


def instant_of(text: pl.Expr, zone: str) -> pl.Expr:
    """Times as instants: by their own offset, or else lived in `zone`; else null."""
    local, offset = local_of(text), offset_of(text)
    own = (local - pl.duration(minutes=offset)).dt.replace_time_zone("UTC")
    is_sound = offset.abs() <= MAX_OFFSET_H * 60
    return (
        pl.when(offset.is_null())
        .then(times.utc_of(local, zone))
        .when(is_sound)
        .then(own)
        .cast(pl.Datetime("us", "UTC"))
    )


def date_of(text: pl.Expr) -> pl.Expr:
    """A date, or the date of a time, as its own clock has it; else null."""
    day = text.str.extract(r"^\s*([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?$")
    return day.str.to_date("%Y-%m-%d", strict=False)


def say_zone(table: pl.DataFrame, columns: list[str], notices: Notices, zone: str) -> None:
    """Say how many times that can be read, but name no offset, were read as times in `zone`."""
    naive = (
        local_of(pl.col(name)).is_not_null() & offset_of(pl.col(name)).is_null() for name in columns
    )
    count = int(table.select(pl.any_horizontal(*naive).sum()).item() or 0)
    if count:
        times.say_assumed(notices, zone, count)


def number_of(text: pl.Expr) -> pl.Expr:
    """Text as numbers: null where it is blank, NaN where it is none."""
    plain = text.str.strip_chars()
    value = plain.cast(pl.Float64, strict=False).fill_null(float("nan"))
    return pl.when(plain.str.len_bytes() > 0).then(value)


def number(value: Any) -> float | None:
    """A JSON's value as a number: null is None, what is no number is NaN."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return float("nan")
    try:
        return float(value)
    except (OverflowError, ValueError):
        return float("nan")


def text(value: Any) -> str | None:
    """A JSON's value where it is text."""
    return value if isinstance(value, str) else None
