"""One week: the minutes planned for each day against what was done."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from backstride.charts.frames import Key, Row, Spec, TimeAxis, label, ms, panel, stacked, utc_format
from backstride.charts.look import Look
from backstride.charts.marks import bars, gaps, plane, strokes, unseen, words
from backstride.charts.picture import Picture
from backstride.charts.sentences import count, day
from backstride.charts.series import planned
from backstride.records import DAYS, WALKS, Schema, Week, checked, empty

WEEK: Schema = {
    "date": pl.Date(),
    "target_min": pl.Float64(),
    "walked_min": pl.Float64(),  # walks the person says were done
    "walking_min": pl.Float64(),  # all walking measured that day
}


def week_plan(
    week: Week,
    days: pl.DataFrame | None = None,
    walks: pl.DataFrame | None = None,
    *,
    today: date | None = None,
) -> Picture:
    """The week's seven days: planned minutes, walks noted as done and walking measured.

    `days` is a DAYS table or None where nothing measures, `walks` a WALKS table. Days
    without a record are shaded up to `today` (default: the last day with a record).
    Raises ValueError for tables of another schema.
    """
    table = _table(week, checked(_or(days, DAYS), DAYS), checked(_or(walks, WALKS), WALKS))
    noted = table.filter(pl.col("walked_min").is_not_null() | pl.col("walking_min").is_not_null())
    until = today or (noted["date"][-1] if noted.height else week.start - timedelta(days=1))
    text = _text(week, table)
    draw = functools.partial(_draw, week, table, until, days is not None, text)
    return Picture(f"Week {week.number}", text, table, draw)


def _or(table: pl.DataFrame | None, schema: Schema) -> pl.DataFrame:
    return empty(schema) if table is None else table


def _table(week: Week, days: pl.DataFrame, walks: pl.DataFrame) -> pl.DataFrame:
    table = pl.DataFrame({"date": pl.date_range(week.start, week.end, "1d", eager=True)})
    walked = walks.group_by("date").agg(
        pl.when(pl.col("minutes").count() > 0).then(pl.col("minutes").sum()).alias("walked_min")
    )
    measured = days.select("date", "walking_min").unique("date", keep="last", maintain_order=True)
    for part in (planned([week]), walked, measured):
        table = table.join(part, on="date", how="left", maintain_order="left")
    return table.select(list(WEEK))


def _text(week: Week, table: pl.DataFrame) -> str:
    asked = table.filter(pl.col("target_min").is_not_null())
    walked = table.filter(pl.col("walked_min").is_not_null())
    measured = table.filter(pl.col("walking_min").is_not_null())
    said = [f"Week {week.number}, {day(week.start)} to {day(week.end)}:"]
    if asked.is_empty():
        said.append("no walks are planned.")
    else:
        names = ", ".join(f"{when:%A}" for when in asked["date"])
        total = f"{asked['target_min'].sum():,.0f} minutes in all"
        said.append(f"walks planned on {count(asked.height, 'day')} ({names}), {total}.")
    if not walked.is_empty():
        minutes = f"{walked['walked_min'].sum():,.0f} minutes"
        said.append(f"Noted as done: walks on {count(walked.height, 'day')}, {minutes}.")
    if not measured.is_empty():
        minutes = f"{measured['walking_min'].sum():,.0f} minutes"
        said.append(f"Measured: {minutes} of walking over {count(measured.height, 'day')}.")
    if walked.is_empty() and measured.is_empty():
        said.append("Nothing is recorded yet this week.")
    return " ".join(said)


def _draw(
    week: Week, table: pl.DataFrame, until: date, measures: bool, text: str, look: Look
) -> Spec:
    palette, rows = look.palette, list(table.iter_rows(named=True))
    figures = [v for name in list(WEEK)[1:] for v in table[name].drop_nulls()]
    days = tuple(table["date"])
    axis = TimeAxis(week.start, week.end, days, utc_format("%a" if look.phone else "%a %-d %b"))
    on = plane(axis, look, max(figures, default=0) * 1.12, labels=True)
    seen = (
        (r["date"], r["date"], r["walking_min"] is not None or r["walked_min"] is not None)
        for r in rows
    )
    runs = list(unseen(seen, until)) if measures else []
    asked = [(r["date"], r["date"], r["target_min"]) for r in rows if r["target_min"] is not None]
    noted, measured = _heights(rows, "walked_min"), _heights(rows, "walking_min")
    layers = [
        *gaps(runs, on),
        *bars(measured, palette.walk, on),
        *bars(noted, palette.noted, on, inset=0.3),
        *strokes(asked, on),
        *words(_figures(week), on, baseline="bottom", dy=-5),
    ]
    keys = [
        (bool(measured), Key("box", palette.walk, "measured")),
        (bool(noted), Key("box", palette.noted, "walk noted")),
        (bool(asked), Key("rule", palette.ink, "plan")),
        (bool(runs), Key("band", palette.unseen, "not recorded")),
    ]
    if not asked:
        told = "No walks planned this week"
        layers.append(label(told, look.plot / 2, 24, look.text, palette.muted, align="center"))
    shown = [key for wanted, key in keys if wanted]
    below = look.text + 20
    return stacked([panel(layers, look, look.big, "Walking, minutes a day", shown, below)], text)


def _heights(rows: Iterable[Row], name: str) -> list[tuple[date, date, float, float]]:
    return [(r["date"], r["date"], 0.0, r[name]) for r in rows if r[name] is not None]


def _figures(week: Week) -> list[Row]:
    """The planned minutes above each stroke."""
    return [
        {"at": ms(walk.day, 0.5), "y": walk.minutes, "text": f"{walk.minutes}"}
        for walk in week.walks
    ]
