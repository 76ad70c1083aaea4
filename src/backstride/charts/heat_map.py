"""A calendar of walking: a column a week, a row a weekday, a colour for the minutes."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from backstride.charts.frames import Key, Row, Spec, label, layer, panel, stacked, text_px
from backstride.charts.look import Look
from backstride.charts.marks import UNSEEN
from backstride.charts.picture import Picture
from backstride.charts.sentences import day
from backstride.records import DAYS, checked
from backstride.words import day as on_day
from backstride.words import say, say_many, sentences

TITLE = say("Calendar of walking")
NO_DATA = say("No walking minutes are recorded in this time, so there is nothing to draw.")
LEVELS = (10, 20, 40)  # minutes at which the next colour begins [ENG]
LONGEST_WEEKS = 106  # two years; longer calendars show the last of them
LEAST_PX = 11  # a column narrower than this goes on below
MOST_PX = 26  # and no wider than this, or a thirtieth of the picture
WEEKDAYS = {n: on_day(date(2026, 9, 7 + n), "EEE") for n in (0, 2, 4, 6)}  # from a Monday


@dataclass(frozen=True)
class Calendar:
    """The table, one row a day from a Monday to a Sunday; days after `until` are to come."""

    table: pl.DataFrame
    until: date

    @property
    def weeks(self) -> int:
        return self.table.height // 7


def heat_map(
    days: pl.DataFrame,
    *,
    first: date | None = None,
    last: date | None = None,
    today: date | None = None,
) -> Picture:
    """Walking minutes of each day from `first` to `last`, by default those that are recorded.

    `days` is a DAYS table. A day without a record has an empty box up to `today` (default:
    the last recorded one); 0 minutes have a box with a dash. The table has one row a day.
    Raises ValueError for a table of another schema or a range that can't be.
    """
    calendar = _calendar(checked(days, DAYS), first, last, today)
    if calendar is None:
        return Picture(TITLE, NO_DATA, pl.DataFrame(schema={"date": pl.Date()}), _nothing)
    text = _text(calendar.table)
    known = calendar.table.filter(pl.col("date") <= calendar.until)
    return Picture(TITLE, text, known, functools.partial(_draw, calendar, text))


def _calendar(
    days: pl.DataFrame, first: date | None, last: date | None, today: date | None
) -> Calendar | None:
    known = days.filter(pl.col("walking_min").is_not_null() & pl.col("date").is_not_null())
    ends = known["date"].to_list()
    start, end = first or min(ends, default=None), last or max(ends, default=None)
    if start is None or end is None:
        return None
    if start > end:
        raise ValueError(f"the range ends on {end}, before it starts on {start}")
    end += timedelta(days=6 - end.weekday())
    start = max(start, end - timedelta(weeks=LONGEST_WEEKS - 1))
    start -= timedelta(days=start.weekday())
    inside = known.filter(pl.col("date").is_between(start, end))
    if inside.is_empty():
        return None
    dates = pl.DataFrame({"date": pl.date_range(start, end, "1d", eager=True)})
    values = inside.select("date", "walking_min").unique("date", keep="last", maintain_order=True)
    table = dates.join(values, on="date", how="left", maintain_order="left")
    until = min(today or max(values["date"].to_list()), end)
    return Calendar(table.with_columns(pl.col("walking_min").round(1)), until)


def _text(table: pl.DataFrame) -> str:
    known = table.filter(pl.col("walking_min").is_not_null())
    minutes = known["walking_min"].to_list()
    best = max(zip(minutes, known["date"], strict=True))
    enough = sum(value >= LEVELS[1] for value in minutes)
    said = [
        say_many(
            "{first} to {last}: walking is recorded on {n:,} day, "
            "{mean:.0f} minutes a day on average.",
            "{first} to {last}: walking is recorded on {n:,} days, "
            "{mean:.0f} minutes a day on average.",
            known.height,
            first=day(known["date"][0]),
            last=day(known["date"][-1]),
            mean=sum(minutes) / len(minutes),
        )
    ]
    if enough:
        said.append(
            say_many(
                "{n:,} day had {least} minutes or more.",
                "{n:,} days had {least} minutes or more.",
                enough,
                least=LEVELS[1],
            )
        )
    said.append(say("The most was {most:.0f} minutes on {day}.", most=best[0], day=day(best[1])))
    return sentences(said)


def _nothing(look: Look) -> Spec:
    told = say("No walking minutes recorded yet.")
    middle = label(told, look.plot / 2, 50, look.text, look.palette.muted, align="center")
    return stacked([panel([middle], look, 100, TITLE, [], 10)], NO_DATA)


def _draw(calendar: Calendar, text: str, look: Look) -> Spec:
    columns = min(calendar.weeks, look.plot // LEAST_PX)
    blocks = -(-calendar.weeks // columns)
    columns = -(-calendar.weeks // blocks)
    side = min(look.plot / columns, max(MOST_PX, look.width / 30))
    rows = calendar.table.rows()
    parts = [rows[7 * i : 7 * (i + columns)] for i in range(0, calendar.weeks, columns)]
    names = (say("under {n}", n=LEVELS[0]), *(say("{n} or more", n=n) for n in LEVELS))
    keys = [Key("band", c, name) for c, name in zip(look.palette.heat, names, strict=True)]
    keys.append(Key("band", look.palette.paper, UNSEEN))
    heading = say("Walking, minutes a day")
    panels = [
        _block(part, calendar.until, side, look, heading if n == 0 else "", keys if n == 0 else [])
        for n, part in enumerate(parts)
    ]
    return stacked(panels, text)


def _block(
    days: Sequence[tuple[date, float | None]],
    until: date,
    side: float,
    look: Look,
    heading: str,
    keys: list[Key],
) -> Spec:
    height = round(side * 7)
    lived = [(n, *entry) for n, entry in enumerate(days) if entry[0] <= until]
    boxes = [_box(n, minutes, look) for n, _, minutes in lived]
    ends = {"domain": [0, look.plot / side], "nice": False}
    downs = {"domain": [7, 0], "nice": False}
    x: Spec = {"field": "x", "type": "quantitative", "axis": None, "scale": ends}
    y: Spec = {"field": "y", "type": "quantitative", "axis": None, "scale": downs}
    colour: Spec = {"field": "colour", "type": "nominal", "scale": None, "legend": None}
    mark: Spec = {"type": "rect", "stroke": look.palette.muted, "strokeWidth": 0.5}
    cells = layer(boxes, mark, x=x, x2={"field": "x2"}, y=y, y2={"field": "y2"}, color=colour)
    still = [{"x": n // 7 + 0.5, "y": n % 7 + 0.5} for n, _, minutes in lived if minutes == 0]
    dash: Spec = {"type": "point", "shape": "stroke", "size": side * 3, "strokeWidth": 1.5}
    zeros = layer(still, {**dash, "color": look.palette.ink, "opacity": 1}, x=x, y=y)
    names = [
        label(name, -6, (n + 0.5) * side, look.text - 1, look.palette.muted, align="right")
        for n, name in WEEKDAYS.items()
    ]
    layers = [cells, *([zeros] if still else []), *names, *_months(days, side, height, look)]
    return panel(layers, look, height, heading, keys, look.text + 16)


def _box(n: int, minutes: float | None, look: Look) -> Row:
    palette = look.palette
    level = sum(minutes >= start for start in LEVELS) if minutes is not None else 0
    colour = palette.paper if not minutes else palette.heat[level]
    week, weekday = divmod(n, 7)
    return {
        "x": week + 0.06,
        "x2": week + 0.94,
        "y": weekday + 0.06,
        "y2": weekday + 0.94,
        "colour": colour,
    }


def _months(
    days: Sequence[tuple[date, float | None]], side: float, height: int, look: Look
) -> list[Spec]:
    """The names of months below the week in which each begins, where they have room."""
    found: list[Spec] = []
    free = 0.0
    for n, (when, _) in enumerate(days):
        x = n // 7 * side
        name = on_day(when, "MMM y" if when.month == 1 or not found else "MMM")
        wide = text_px(name, look.text)
        if (when.day == 1 or n == 0) and x >= free and x + wide <= look.plot + look.right:
            found.append(label(name, x, height + 12, look.text, look.palette.muted))
            free = x + wide + 8
    return found
