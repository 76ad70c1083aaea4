"""Fitbit's minutes: a value at each time, from its JSON and from Google's CSV.

A heart rate history is gigabytes of JSON in lines of one shape. They are read by a regular
expression where that finds as many rows as the text holds times, and as JSON where it
doesn't; both give the same rows.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.errors import UnreadableFile
from backstride.imports import text
from backstride.imports.containers import Files
from backstride.imports.sessions import touching
from backstride.words import say

MAX_PART = 32 << 20  # a day at a beat a second takes 8 MB, a month of minutes 3 MB

NO_ROWS = pl.DataFrame(schema={"at": pl.Datetime("us", "UTC"), "value": pl.Float64()})

_AT = rb'"dateTime"\s*:\s*"(\d\d/\d\d/\d\d \d\d:\d\d:\d\d)"\s*,\s*"value"\s*:\s*'
_NUMBER = rb"(-?\d{1,15}(?:\.\d{1,20})?)"
_COUNT = re.compile(_AT + rb'"' + _NUMBER + rb'"\s*\}')
_BEAT = re.compile(_AT + rb'\{\s*"bpm"\s*:\s*' + _NUMBER + rb"\s*[,}]")


def json_rows(files: Files, name: str) -> pl.DataFrame:
    """A part of `[{"dateTime": "06/24/95 16:00:00", "value": "12"}, ...]`: at (UTC), value.

    Null where a row has no such time or number. Raises UnreadableFile.
    """
    found = _regular(files, name, _COUNT)
    if found is None:
        return by_json(files, name)
    at = _instants([row[0] for row in found])
    return pl.DataFrame(
        {"at": at, "value": _floats([row[1] for row in found])}, schema=NO_ROWS.schema
    )


def json_beats(files: Files, name: str, spans: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The same of heart rates, whose value is `{"bpm": 62, "confidence": 3}`.

    Only what is in one of `spans`, or at no time at all, with how many rows are in none:
    of a day's ten thousand a walk has some hundreds.
    """
    found = _regular(files, name, _BEAT)
    if found is None:
        return within(by_json(files, name), spans)
    at = pl.Series("at", _instants([row[0] for row in found]), dtype=NO_ROWS["at"].dtype)
    kept = (_in(at, spans) | at.is_null()).arg_true()
    values = _floats([found[row][1] for row in kept])
    return pl.DataFrame({"at": at[kept], "value": values}, schema=NO_ROWS.schema), len(found) - len(
        kept
    )


def within(rows: pl.DataFrame, spans: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The rows in one of `spans`, or at no time at all, and how many are in none."""
    kept = rows.filter(_in(rows["at"], spans) | rows["at"].is_null())
    return kept, rows.height - kept.height


def _in(at: pl.Series, spans: pl.DataFrame) -> pl.Series:
    return touching(pl.DataFrame({"start": at, "end": at}), spans)


def _regular(files: Files, name: str, pattern: re.Pattern[bytes]) -> list[Any] | None:
    """What the pattern finds, or None where it may have missed or misread something."""
    content = files.whole(name, MAX_PART)
    found = pattern.findall(content)
    whole = content[:64].lstrip()[:1] + content[-64:].rstrip()[-1:]
    return found if whole == b"[]" and len(found) == content.count(b'"dateTime"') else None


def _floats(texts: list[bytes]) -> NDArray[np.float64]:
    return np.fromiter(map(float, texts), np.float64, len(texts))


def by_json(files: Files, name: str) -> pl.DataFrame:
    """The rows of such a part, read as JSON: slower, for any shape."""
    rows = text.json_of(files, name, MAX_PART)
    rows = rows if isinstance(rows, list) else [rows]
    pairs = [_pair(row) for row in rows]
    return pl.DataFrame(
        {
            "at": _times([at for at, _ in pairs]),
            "value": pl.Series([value for _, value in pairs], dtype=pl.Float64),
        }
    )


def _times(texts: list[str | None]) -> pl.Series:
    told = pl.Series(texts, dtype=pl.String)
    return told.str.to_datetime(
        "%m/%d/%y %H:%M:%S", time_unit="us", strict=False
    ).dt.replace_time_zone("UTC")


def _pair(row: Any) -> tuple[str | None, float | None]:
    if not isinstance(row, dict):
        return None, None
    at, value = row.get("dateTime"), row.get("value")
    if isinstance(value, dict):
        value = value.get("bpm")
    return (at if isinstance(at, str) else None), number_of(value)


def number_of(value: Any) -> float | None:
    """A JSON number, or a text that is one, as a float; None for all else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _instants(texts: list[bytes]) -> NDArray[np.datetime64]:
    """`MM/DD/YY hh:mm:ss` as instants; NaT for a month 13 or an hour 25."""
    digits = np.frombuffer(b"".join(texts), np.uint8).reshape(-1, 17).astype(np.int64) - ord("0")
    month, day, year, hour, minute, second = (
        digits[:, at] * 10 + digits[:, at + 1] for at in range(0, 17, 3)
    )
    year += np.where(year < 70, 2000, 1900)  # as polars reads two digits
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    seconds = hour * 3600 + minute * 60 + second
    at: NDArray[np.datetime64] = days.astype("datetime64[us]") + (seconds * 1_000_000).astype(
        "timedelta64[us]"
    )
    sound = (month >= 1) & (month <= 12) & (hour < 24) & (minute < 60) & (second < 60)
    sound &= (day >= 1) & (days.astype("datetime64[M]") == months)
    at[~sound] = np.datetime64("NaT")
    return at


def csv_rows(files: Files, name: str, column: str) -> pl.DataFrame | None:
    """A part of `timestamp,steps,data source`: at (UTC), value, source; None if it has no rows.

    Google writes the words "no data" where there are none.
    """
    table = text.table_of(files, name, most=MAX_PART)
    table = table.rename(lambda told: told.strip().lower())
    if table.columns == ["no data"]:
        return None
    if not {"timestamp", column} <= set(table.columns):
        raise UnreadableFile(
            files.path,
            say("{name} has no columns timestamp and {column}", name=name, column=column),
        )
    source = pl.col("data source") if "data source" in table.columns else pl.lit(None, pl.String)
    return table.select(
        stamp(pl.col("timestamp")).alias("at"),
        pl.col(column).str.strip_chars().cast(pl.Float64, strict=False).alias("value"),
        source.str.strip_chars().alias("source"),
    )


def stamp(told: pl.Expr) -> pl.Expr:
    """Google's texts of instants ("2026-06-10T16:39:00Z", "2026-05-30 06:00:00+0000")."""
    plain = told.str.strip_chars().str.replace(" ", "T").str.replace("Z$", "+0000")
    return plain.str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", time_zone="UTC", strict=False
    )
