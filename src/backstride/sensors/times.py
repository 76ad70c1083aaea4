"""Time columns: epoch numbers, ISO 8601 with or without a zone, or seconds from the start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from backstride.errors import UnreadableFile
from backstride.records import Notices
from backstride.words import say

# The start of a recording that only has seconds from its start: a date that nobody takes
# for a real one, and the notice `time.no_start` says so.
UNKNOWN_START_S = 946_684_800.0  # 2000-01-01T00:00:00Z
SMALLEST_EPOCH_S = 100_000_000.0  # 1973: anything below counts from the start
# Steps between samples that can only be nanoseconds: 5 to 1,000 Hz. Android counts so from
# when the phone was switched on, which looks like milliseconds or microseconds since 1970.
NANOSECONDS = (1e6, 2e8)
FORMATS = ("%Y-%m-%dT%H:%M:%S%.f", "%Y/%m/%dT%H:%M:%S%.f", "%d/%m/%YT%H:%M:%S%.f")


@dataclass(frozen=True)
class TimeReader:
    """How this file writes time: `kind` is number, zoned or local."""

    kind: str
    zone: str
    unit_s: float = 1.0
    elapsed: bool = False
    format: str = ""

    def seconds(self, text: pl.Series) -> pl.Series:
        """Seconds since 1970 UTC as float64; null where the text is no time."""
        if self.kind == "number":
            value = text.cast(pl.Float64, strict=False)
            value = value.set(value.is_nan() | value.is_infinite(), None)
            return value * self.unit_s + (UNKNOWN_START_S if self.elapsed else 0.0)
        if self.kind == "zoned":
            stamped = _normal(text).str.replace(r"Z$", "+00:00")
            at = stamped.str.to_datetime(self.format + "%z", strict=False, time_unit="us")
        else:
            local = _normal(text).str.to_datetime(self.format, strict=False, time_unit="us")
            at = local.dt.replace_time_zone(self.zone, ambiguous="earliest", non_existent="null")
        return at.dt.timestamp("us").cast(pl.Float64) / 1e6


def time_reader(
    path: Path,
    text: pl.Series,
    zone: str,
    notices: Notices,
    elapsed: bool | None = None,
    unit_s: float | None = None,
) -> TimeReader:
    """Find out from the first rows how time is written, and say in `notices` what is assumed.

    `elapsed` and `unit_s` are what the header says, None where it doesn't. Raises
    UnreadableFile if the first rows are no kind of time.
    """
    first = text.drop_nulls().head(50)
    numbers = first.cast(pl.Float64, strict=False).drop_nulls()
    if len(numbers) > len(first) // 2:
        return _number_reader(numbers, zone, notices, elapsed, unit_s)
    normal = _normal(first)
    zoned = normal.str.contains(r"(Z|[+-]\d\d:?\d\d)$").sum()
    for form in FORMATS:
        reader = TimeReader("zoned" if zoned > len(first) // 2 else "local", zone, format=form)
        if reader.seconds(first).null_count() <= len(first) // 2:
            if reader.kind == "local":
                told = say("Times have no zone: they were read as local time in {zone}.", zone=zone)
                notices.add("time.without_zone", told)
            return reader
    shown = first[0] if len(first) else ""
    raise UnreadableFile(
        path,
        say("can't read its times, such as {time!r}", time=str(shown)[:40]),
        say(
            "Write time as seconds or milliseconds since 1970, as 2026-11-23T08:30:00.25+01:00, "
            "or as seconds from the start in a column named t_s."
        ),
    )


def _number_reader(
    numbers: pl.Series, zone: str, notices: Notices, elapsed: bool | None, unit_s: float | None
) -> TimeReader:
    size = abs(float(np.median(numbers.to_numpy())))
    step = float(np.median(np.abs(np.diff(numbers.to_numpy())))) if len(numbers) > 1 else 0.0
    if unit_s is None and NANOSECONDS[0] <= step <= NANOSECONDS[1]:
        unit_s = 1e-9
    if elapsed is None:
        elapsed = size * (unit_s or 1.0) < SMALLEST_EPOCH_S
    if elapsed:
        text = say("The file only has seconds from its start: it was put at 2000-01-01 00:00 UTC.")
        notices.add("time.no_start", text)
        return TimeReader("number", zone, unit_s or 1.0, elapsed=True)
    guess = next((u for most, u in ((1e11, 1.0), (1e14, 1e-3), (1e17, 1e-6)) if size < most), 1e-9)
    return TimeReader("number", zone, guess)


def known_zone(zone: str) -> str:
    """The zone's name, if there is such a zone. Raises ValueError if not."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone is called {zone!r}; try Europe/Berlin or UTC") from error
    return zone


def _normal(text: pl.Series) -> pl.Series:
    """A `T` between date and time, a dot before the fraction, no space before the zone."""
    return (
        text.str.strip_chars(' "')
        .str.replace(r"^(\d+[-/]\d+[-/]\d+)[ T]+", "${1}T")
        .str.replace(",", ".", literal=True)
        .str.replace(r" (Z|UTC|[+-]\d\d:?\d\d)$", "$1")
        .str.replace("UTC$", "Z")
    )
