"""One week: the minutes planned for each day against what was done."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from backstride.charts.frames import Key, Row, Spec, TimeAxis, label, ms, named, panel, stacked
from backstride.charts.look import Look
from backstride.charts.marks import UNSEEN, bars, gaps, plane, strokes, unseen, words
from backstride.charts.picture import Picture
from backstride.charts.sentences import day
from backstride.charts.sentences import days as on_days
from backstride.charts.series import planned
from backstride.records import DAYS, WALKS, Schema, Week, checked, empty
from backstride.words import day as weekday
from backstride.words import listed, say, say_many, sentences

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
    return Picture(say("Week {number}", number=week.number), text, table, draw)


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
    about = {"number": week.number, "first": day(week.start), "last": day(week.end)}
    if asked.is_empty():
        said = [say("Week {number}, {first} to {last}: no walks are planned.", **about)]
    else:
        said = [
            say_many(
                "Week {number}, {first} to {last}: walks planned on {n} day ({names}), "
                "{minutes:,.0f} minutes in all.",
                "Week {number}, {first} to {last}: walks planned on {n} days ({names}), "
                "{minutes:,.0f} minutes in all.",
                asked.height,
                names=listed(weekday(when, "EEEE") for when in asked["date"]),
                minutes=asked["target_min"].sum(),
                **about,
            )
        ]
    if not walked.is_empty():
        minutes = walked["walked_min"].sum()
        said.append(
            say(
                "Noted as done: walks on {days}, {minutes:,.0f} minutes.",
                days=on_days(walked.height),
                minutes=minutes,
            )
        )
    if not measured.is_empty():
        minutes = measured["walking_min"].sum()
        said.append(
            say(
                "Measured: {minutes:,.0f} minutes of walking over {days}.",
                days=on_days(measured.height),
                minutes=minutes,
            )
        )
    if walked.is_empty() and measured.is_empty():
        said.append(say("Nothing is recorded yet this week."))
    return sentences(said)


def _draw(
    week: Week, table: pl.DataFrame, until: date, measures: bool, text: str, look: Look
) -> Spec:
    palette, rows = look.palette, list(table.iter_rows(named=True))
    figures = [v for name in list(WEEK)[1:] for v in table[name].drop_nulls()]
    days = tuple(table["date"])
    axis = TimeAxis(week.start, week.end, days, named("EEE" if look.phone else "EEE d MMM"))
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
        (bool(measured), Key("box", palette.walk, say("measured"))),
        (bool(noted), Key("box", palette.noted, say("walk noted"))),
        (bool(asked), Key("rule", palette.ink, say("plan"))),
        (bool(runs), Key("band", palette.unseen, UNSEEN)),
    ]
    if not asked:
        told = say("No walks planned this week")
        layers.append(label(told, look.plot / 2, 24, look.text, palette.muted, align="center"))
    shown = [key for wanted, key in keys if wanted]
    below = look.text + 20
    heading = say("Walking, minutes a day")
    return stacked([panel(layers, look, look.big, heading, shown, below)], text)


def _heights(rows: Iterable[Row], name: str) -> list[tuple[date, date, float, float]]:
    return [(r["date"], r["date"], 0.0, r[name]) for r in rows if r[name] is not None]


def _figures(week: Week) -> list[Row]:
    """The planned minutes above each stroke."""
    return [
        {"at": ms(walk.day, 0.5), "y": walk.minutes, "text": f"{walk.minutes}"}
        for walk in week.walks
    ]
