"""Strava's `activities.csv`: a row for each activity, in the account's language.

Headings, kinds of activity, dates and some numbers are in the language; the order of the columns
is not (English, German, French and Dutch exports, as programs that read them show). Elapsed time
and distance stand twice: first as shown (`9,44` km, a swim in metres), then exact, in seconds and
metres with a point. So columns are found by their place, and the second of two is taken.

`Activity Date` is UTC: a German export has "09.12.2022, 15:24:49" beside an activity that its
app had named "2022-12-09 16:24", an hour later, as winter time there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports.containers import Files
from backstride.imports.strava.words import MONTHS, OTHERS, SPORTS
from backstride.imports.text import cells_of, looks_like_json, table_of
from backstride.imports.track import Sport
from backstride.words import say

ID, DATE, NAME, LABEL, ELAPSED, DISTANCE = 0, 1, 2, 3, 5, 6
FILE = re.compile(r"activities/[^/]+\.(gpx|tcx|fit)(\.gz)?$", re.IGNORECASE)
STEPS = ("total steps", "schritte insgesamt", "nombre total de pas", "totaal aantal stappen")
# Columns from the exact elapsed time to the steps: the same in English and German.
STEPS_AFTER = 70
MANY_COLUMNS = 90

_TIME = re.compile(r"(\d{1,2})[:.](\d\d)[:.](\d\d)(?=\D*$)")
_LATE = re.compile(r"p\.?\s?m|오후|午後|下午", re.IGNORECASE)
_EARLY = re.compile(r"a\.?\s?m\b|오전|午前|上午", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One activity: `where` names its line; counts are None where the table has none."""

    where: str
    label: str = ""
    file: str = ""
    start: datetime | None = None  # UTC
    elapsed_s: float | None = None
    moving_s: float | None = None
    distance_m: float | None = None
    steps: float | None = None

    @property
    def sport(self) -> Sport | None:
        """What is known of the kind; None for another, or one whose name isn't known."""
        return SPORTS.get(self.label.casefold())

    @property
    def is_other(self) -> bool:
        """Whether it is known to be neither a walk nor a run."""
        return self.label.casefold() in OTHERS


def is_table(head: bytes) -> bool:
    """Whether the first bytes are those of activities.csv, in whatever language."""
    if looks_like_json(head):
        return False
    text = head.decode("utf-8-sig", errors="replace")
    header = cells_of(text.partition("\n")[0])
    if len(header) < 10 or not re.search(r"\bid\b", header[ID], re.IGNORECASE):
        return False
    twice = len(header) > 15 and header.count(header[ELAPSED]) == 2 == header.count(
        header[DISTANCE]
    )
    return twice or "filename" in (name.lower() for name in header)


def rows_of(files: Files, name: str) -> list[Row]:
    """The activities of the table. Raises UnreadableFile for what is no table."""
    table = table_of(files, name)
    header = [re.sub(r"_duplicated_\d+$", "", column) for column in table.columns]
    if len(header) <= max(ELAPSED, DISTANCE):
        what = say("{part}: its header breaks off", part=name or "activities.csv")
        raise UnreadableFile(files.path, what, say("Ask Strava for the export again."))
    places = _places(header, table)
    us_order = _month_first(table)
    return [
        _row(values, places, us_order, f"{name or 'activities.csv'}, row {number}")
        for number, values in enumerate(table.iter_rows(), 2)
    ]


@dataclass(frozen=True)
class _Places:
    """Where the columns are; None where the table has none."""

    file: int | None
    elapsed: int
    moving: int | None
    distance: int
    metres: float  # of one in the column of distance
    steps: int | None


def _places(header: list[str], table: pl.DataFrame) -> _Places:
    names = [name.strip().lower() for name in header]
    elapsed, distance = (
        len(names) - 1 - names[::-1].index(names[first]) for first in (ELAPSED, DISTANCE)
    )
    exact = distance > DISTANCE
    metres = 1.0 if exact or names[ID] == "id" else 1000.0  # the oldest exports had metres
    steps = next((n for n, name in enumerate(names) if name in STEPS), None)
    if steps is None and exact and len(names) >= MANY_COLUMNS:
        steps = elapsed + STEPS_AFTER
    return _Places(
        file=_file_column(names, table),
        elapsed=elapsed,
        moving=elapsed + 1 if exact else None,
        distance=distance,
        metres=metres,
        steps=steps,
    )


def _file_column(names: list[str], table: pl.DataFrame) -> int | None:
    if "filename" in names:
        return names.index("filename")
    for number, column in enumerate(table.columns[:30]):
        if table[column].str.contains(r"^activities/.+\.(gpx|tcx|fit)").any():
            return number
    return None


def _row(values: Sequence[str | None], places: _Places, us_order: bool, where: str) -> Row:
    def cell(place: int | None) -> str:
        return "" if place is None or place >= len(values) else (values[place] or "").strip()

    distance = _number(cell(places.distance))
    return Row(
        where=where,
        label=cell(LABEL)[:60],
        file=cell(places.file),
        start=instant_of(cell(DATE), us_order=us_order),
        elapsed_s=_number(cell(places.elapsed)),
        moving_s=_number(cell(places.moving)),
        distance_m=None if distance is None else distance * places.metres,
        steps=_number(cell(places.steps)),
    )


def _number(text: str) -> float | None:
    """A number with a point or a comma; NaN, which is refused later, for words."""
    if not text:
        return None
    try:
        return float(text.replace(",", ".") if "." not in text else text.replace(",", ""))
    except ValueError:
        return float("nan")


def _month_first(table: pl.DataFrame) -> bool:
    """Whether dates such as 5/13/2024 show that the month comes first."""
    found = table[table.columns[DATE]].str.extract(r"^\d{1,2}/(\d{1,2})/\d{4}", 1)
    return bool((found.cast(pl.Int64, strict=False) > 12).any())


def instant_of(text: str, *, us_order: bool = False) -> datetime | None:
    """A date and time (UTC) as one of Strava's languages writes it; None if it can't be read."""
    time = _TIME.search(text)
    if time is None:
        return None
    hour, minute, second = (int(part) for part in time.groups())
    if _LATE.search(text):
        hour = hour % 12 + 12
    elif _EARLY.search(text):
        hour %= 12
    day = _day_of(text[: time.start()], us_order)
    try:
        return datetime(*day, hour, minute, second, tzinfo=UTC) if day else None
    except ValueError:
        return None


def _day_of(text: str, us_order: bool) -> tuple[int, int, int] | None:
    """Year, month and day of the part of a text that stands before the time."""
    numbers = [int(part) for part in re.findall(r"\d{1,4}", text)]
    if len(numbers) == 3:
        if numbers[0] > 31:
            return numbers[0], numbers[1], numbers[2]
        day, month = (numbers[1], numbers[0]) if us_order and "/" in text else numbers[:2]
        return numbers[2], month, day
    words = [word[:4].lower() for word in re.findall(r"[^\W\d_]{3,}", text)]
    known = (MONTHS.get(word) or MONTHS.get(word[:3]) for word in words)
    month_named = next((number for number in known if number), None)
    if month_named is None or len(numbers) != 2:
        return None
    year, day = max(numbers), min(numbers)
    return year, month_named, day
