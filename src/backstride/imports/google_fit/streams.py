"""Google Fit's data streams: which of them to read, and their points as columns.

A stream is one JSON file: `"Data Source"`, the stream's name, then `"Data Points"`. The name is
`kind:type:package[:maker:model:uid]:stream`, or without a package for a device's own sensor
(`raw:com.google.step_count.cumulative:samsung:SM-A526B:22417dc5925d5487:step_counter`).
File names say the same but are cut at some 46 characters, so that several streams end up as
`derived_com.google.step_count.delta_com.google(1).json`: only what stands inside is sure.

The same steps stand in several streams: as the phone's sensor counted them, as each app wrote
them, in Google's merge of all devices (`merge_step_deltas`, in which a watch goes before a phone)
and once more in `estimated_steps`, the merge without the steps of drives and rides and with
guesses where nothing was counted, which is what the app shows. So one family is read and the
others are only counted: `RANKS`, the merge first. It holds every device's steps once, as they
were measured, and its points name the device (`originDataSourceId`).
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from backstride.imports.containers import Files
from backstride.imports.json_stream import items_of
from backstride.records import SAMPLES

NAMED = r"(^|/)(raw|derived)_com\.google\.[^/]*\.json$"
BATCH = 200_000
MAX_ORIGINS = 1_000
MAX_NS = 1 << 62  # the year 2116

_SOURCE = re.compile(rb'"Data Source"\s*:\s*("(?:[^"\\]|\\.){0,4000}")')
_PACKAGE = re.compile(r"[a-z]\w*(\.\w+)+")
# By these words in the makers', models' and apps' names; the rest of Samsung's SM-R are watches.
_WATCH = re.compile(
    r"watch|wear|\bband\b|\bgear\b|fossil|fitbit|garmin|polar|miband|mifit|\.hm\.|huami|amazfit"
    r"|zepp|withings|suunto|coros|oura|whoop|\bsm-r\d",
    re.IGNORECASE,
)
_OWN = ("com.google.android.gms", "com.google.android.apps.fitness", "com.google.android.fit")
_OWN_IOS = "com.google.ios.fit"
APP = "Google Fit"
_NUMBER = (int, float)


@dataclass(frozen=True)
class Stream:
    """A part of the export that is a stream: `name` of the part, `identity` of the stream."""

    name: str
    identity: str

    @cached_property
    def type(self) -> str:
        """What it counts: `step_count.delta`."""
        return self._words[1].removeprefix("com.google.") if len(self._words) > 1 else ""

    @property
    def label(self) -> str:
        return self._words[-1]

    @cached_property
    def _words(self) -> list[str]:
        return self.identity.partition("<-")[0].split(":")

    @property
    def rank(self) -> int:
        """Its place among the families of a type: of the lowest that there is all are read."""
        if self.identity.startswith("raw:"):
            return len(_RANKS) + 1
        return next((n for n, mark in enumerate(_RANKS) if mark in self.label), len(_RANKS))


# Google's merges, its estimate, its own per device; then derived otherwise, then raw.
_RANKS = ("merge", "estimated", "top_level")


def stream_in(name: str, head: bytes) -> Stream | None:
    """The stream that a part is, by its first bytes."""
    found = _SOURCE.search(head)
    if found is None or b'"Data Points"' not in head:
        return None
    try:
        identity = json.loads(found.group(1))
    except ValueError:
        return None
    return Stream(name, identity) if "com.google." in identity else None


def families(streams: list[Stream]) -> Iterator[list[Stream]]:
    """Streams of one type in their families, the one to prefer first."""
    for rank in sorted({stream.rank for stream in streams}):
        yield [stream for stream in streams if stream.rank == rank]


@dataclass
class _Columns:
    start: array[int] = field(default_factory=lambda: array("q"))
    end: array[int] = field(default_factory=lambda: array("q"))
    value: array[float] = field(default_factory=lambda: array("d"))
    origin: array[int] = field(default_factory=lambda: array("q"))


def points_of(
    files: Files, stream: Stream, progress: Callable[[int], None]
) -> Iterator[pl.DataFrame]:
    """The points of a stream in batches: start, end (UTC, null where they can't be read), value.

    `source` and `device` are those of the device that measured it, `where` its place in the
    file in words. `progress` is told the bytes of each piece that was read. Raises
    UnreadableFile for JSON that is damaged or hostile.
    """
    origins: dict[str, int] = {}
    columns, first = _Columns(), 1

    def pieces() -> Iterator[bytes]:
        for piece in files.chunks(stream.name):
            progress(len(piece))
            yield piece

    items = items_of(files.path, stream.name, pieces(), "Data Points")
    for item in items:
        point = item if isinstance(item, dict) else {}
        columns.start.append(_nanos(point.get("startTimeNanos")))
        columns.end.append(_nanos(point.get("endTimeNanos")))
        columns.value.append(_value(point))
        origin = point.get("originDataSourceId")
        known = origin if isinstance(origin, str) and origin else stream.identity
        if known not in origins and len(origins) >= MAX_ORIGINS:
            known = stream.identity
        columns.origin.append(origins.setdefault(known, len(origins)))
        if len(columns.start) == BATCH:
            yield _frame(columns, list(origins), stream.name, first)
            columns, first = _Columns(), first + BATCH
    yield _frame(columns, list(origins), stream.name, first)


def _frame(columns: _Columns, origins: list[str], name: str, first: int) -> pl.DataFrame:
    makers = [maker_of(origin) for origin in origins]
    frame = pl.DataFrame(
        {
            "start": pl.Series(columns.start, dtype=pl.Int64),
            "end": pl.Series(columns.end, dtype=pl.Int64),
            "value": pl.Series(columns.value, dtype=pl.Float64),
            "origin": pl.Series(columns.origin, dtype=pl.Int64),
        }
    )
    instants = (
        pl.when(pl.col(column) != 0)
        .then(pl.col(column) // 1000)
        .cast(SAMPLES["start"])
        .alias(column)
        for column in ("start", "end")
    )
    sources, devices = (pl.Series([each[n] for each in makers], dtype=pl.String) for n in (0, 1))
    return frame.with_columns(
        *instants,
        pl.lit(sources).gather(pl.col("origin")).alias("source"),
        pl.lit(devices).gather(pl.col("origin")).alias("device"),
        pl.format("{}, point {}", pl.lit(name), pl.int_range(first, first + pl.len())).alias(
            "where"
        ),
    ).drop("origin")


def _nanos(value: object) -> int:
    """Nanoseconds since 1970, as a number or as text; 0 for what is none or beyond all dates."""
    if isinstance(value, str) and len(value) < 20 and value.lstrip("-").isdecimal():
        value = int(value)
    return value if isinstance(value, int) and abs(value) < MAX_NS else 0


def _value(point: dict[str, object]) -> float:
    """The point's first number; NaN where it has none."""
    values = point.get("fitValue") or point.get("value")
    first = values[0] if isinstance(values, list) and values else None
    if isinstance(first, dict):
        inner = first.get("value", first)
        if isinstance(inner, dict):
            number = inner.get("intVal", inner.get("fpVal"))
            if isinstance(number, _NUMBER) and abs(number) < 1e15:
                return float(number)
    return float("nan")


def maker_of(identity: str) -> tuple[str, str]:
    """Who measured: the name a person knows, and watch, phone, app or manual."""
    words = identity.partition("<-")[0].split(":")[2:]
    package = words.pop(0) if words and _PACKAGE.fullmatch(words[0]) else ""
    if "user_input" in identity:
        return APP, "manual"
    if len(words) >= 3:  # maker, model, uid, perhaps the stream's name
        maker, model = words[0].strip(), words[1].strip()
        name = model if model.lower().startswith(maker.lower()) else f"{maker} {model}"
        return name.strip() or APP, "watch" if _WATCH.search(name) else "phone"
    if package in _OWN or not package:
        return APP, "phone"
    if package == _OWN_IOS or "apple" in package:
        return "iPhone", "phone"
    return package, "watch" if _WATCH.search(package) else "app"
