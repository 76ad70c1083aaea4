"""Weeks side by side: each day of the last weeks at the same place, on the same scale."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from backstride.charts.frames import Key, Spec, TimeAxis, label, named, panel, stacked
from backstride.charts.look import Look
from backstride.charts.marks import UNSEEN, Plane, bars, gaps, plane, strokes, unseen
from backstride.charts.picture import Picture
from backstride.charts.sentences import day
from backstride.charts.series import day_pain, planned
from backstride.records import DAYS, PAIN, Schema, Week, checked
from backstride.words import day as on_day
from backstride.words import say, say_many, sentences

TITLE = say("Weeks side by side")
NO_DATA = say("No walking and no pain is recorded in these weeks, so there is nothing to compare.")
SHOWN = 4  # weeks
HEIGHT = 78

BESIDE: Schema = {
    # One row a day of the weeks that are compared, Monday first.
    "week": pl.Date(),  # its Monday
    "date": pl.Date(),
    "walking_min": pl.Float64(),
    "target_min": pl.Float64(),
    "pain": pl.Float64(),  # the day's highest NPRS
}


@dataclass(frozen=True)
class WeekSum:
    """What a week came to: minutes over the days that were seen, and mean pain."""

    minutes: float | None
    seen: int
    pain: float | None


def weeks_beside(
    days: pl.DataFrame,
    pain: pl.DataFrame,
    weeks: Sequence[Week] = (),
    *,
    today: date,
    count: int = SHOWN,
) -> Picture:
    """The calendar week of `today` and those before it, `count` in all, newest first.

    `days` is a DAYS table, `pain` a PAIN table. Days up to `today` without a record are
    shaded. The table is BESIDE. Raises ValueError for tables of another schema or a count
    below 1.
    """
    if count < 1:
        raise ValueError(f"{count} weeks; expected 1 or more")
    table = _table(checked(days, DAYS), checked(pain, PAIN), weeks, today, count)
    if not table["walking_min"].count() and not table["pain"].count():
        return Picture(TITLE, NO_DATA, table, _nothing)
    parts = table.partition_by("week", maintain_order=True)[::-1]
    text = sentences(_said(part, today) for part in parts)
    return Picture(TITLE, text, table, functools.partial(_draw, parts, today, text))


def _table(
    days: pl.DataFrame, pain: pl.DataFrame, weeks: Sequence[Week], today: date, count: int
) -> pl.DataFrame:
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=count - 1)
    dates = pl.date_range(first, monday + timedelta(days=6), "1d", eager=True)
    table = pl.DataFrame({"date": dates})
    walked = days.select("date", "walking_min").unique("date", keep="last", maintain_order=True)
    for part in (walked, planned(weeks), day_pain(pain)):
        table = table.join(part, on="date", how="left", maintain_order="left")
    week = pl.col("date").dt.truncate("1w").alias("week")
    return table.with_columns(week, pl.col("walking_min").round(1)).select(list(BESIDE))


def _sum(part: pl.DataFrame) -> WeekSum:
    seen, rated = part["walking_min"].drop_nulls(), part["pain"].drop_nulls()
    minutes = float(seen.sum()) if len(seen) else None
    return WeekSum(minutes, len(seen), float(rated.sum()) / len(rated) if len(rated) else None)


def _said(part: pl.DataFrame, today: date) -> str:
    total = _sum(part)
    walked, felt = say("no walking recorded"), say("no pain noted")
    if total.minutes is not None:
        walked = say_many(
            "{minutes:,.0f} minutes of walking on {n:,} recorded day",
            "{minutes:,.0f} minutes of walking on {n:,} recorded days",
            total.seen,
            minutes=total.minutes,
        )
    if total.pain is not None:
        felt = say("pain about {pain:.1f} of 10", pain=total.pain)
    about = {"day": day(part["week"][0]), "walked": walked, "felt": felt}
    if part["date"][-1] > today:
        return say("Week from {day} so far: {walked}, {felt}.", **about)
    return say("Week from {day}: {walked}, {felt}.", **about)


def _nothing(look: Look) -> Spec:
    told = say("Nothing recorded in these weeks.")
    middle = label(told, look.plot / 2, 50, look.text, look.palette.muted, align="center")
    return stacked([panel([middle], look, 100, TITLE, [], 10)], NO_DATA)


def _draw(parts: Sequence[pl.DataFrame], today: date, text: str, look: Look) -> Spec:
    figures = [v for p in parts for name in ("walking_min", "target_min") for v in p[name]]
    top = max((value for value in figures if value is not None), default=0) * 1.05
    return stacked([_week(part, today, top, look, n == 0) for n, part in enumerate(parts)], text)


def _week(part: pl.DataFrame, today: date, top: float, look: Look, is_first: bool) -> Spec:
    palette, rows = look.palette, list(part.iter_rows(named=True))
    days = tuple(part["date"])
    axis = TimeAxis(days[0], days[-1], days, named("EEE"))
    on = _halved(plane(axis, look, top, labels=True))
    runs = list(unseen(((r["date"], r["date"], r["walking_min"] is not None) for r in rows), today))
    walked = [
        (r["date"], r["date"], 0.0, r["walking_min"]) for r in rows if r["walking_min"] is not None
    ]
    asked = [(r["date"], r["date"], r["target_min"]) for r in rows if r["target_min"] is not None]
    layers = [*gaps(runs, on), *bars(walked, palette.walk, on), *strokes(asked, on)]
    if not layers:
        layers = [label("", 0, 0, look.text, palette.muted)]
    total = _sum(part)
    heading = _heading(on_day(days[0], "d MMM"), total)
    keys = [
        Key("box", palette.walk, say("walking")),
        Key("rule", palette.ink, say("plan")),
        Key("band", palette.unseen, UNSEEN),
    ]
    return panel(layers, look, HEIGHT, heading, keys if is_first else [], look.text + 18)


def _heading(day: str, total: WeekSum) -> str:
    minutes, pain = total.minutes, total.pain
    walked = "–" if minutes is None else say("{minutes:,.0f} min", minutes=minutes)
    if pain is None:
        return say("{day}: {walked}", day=day, walked=walked)
    return say("{day}: {walked}, pain {pain:.1f}", day=day, walked=walked, pain=pain)


def _halved(on: Plane) -> Plane:
    """Every second tick only, for a low panel."""

    def y(field: str) -> Spec:
        channel = on.y(field)
        ticks = channel["axis"]["values"]
        return {**channel, "axis": {**channel["axis"], "values": [ticks[0], ticks[-1]]}}

    return Plane(on.axis, on.look, on.x, y)
