"""The picture Backstride is about: walking against the plan, and pain beneath it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import polars as pl

from backstride.charts.frames import (
    Key,
    Row,
    Spec,
    TimeAxis,
    label,
    layer,
    ms,
    panel,
    stacked,
    time_axis,
    value_y,
)
from backstride.charts.look import Look
from backstride.charts.marks import UNSEEN, Plane, bars, gaps, plane, strokes, unseen, words
from backstride.charts.picture import Picture
from backstride.charts.sentences import NO_DATA, describe
from backstride.charts.series import Series, Unit, series
from backstride.records import DAYS, PAIN, Week, checked
from backstride.words import number, say

TITLE = say("Walking and pain")
HEADINGS = {
    ("minutes", False): say("Walking, minutes a day"),
    ("minutes", True): say("Walking, minutes a week"),
    ("steps", False): say("Walking, steps a day"),
    ("steps", True): say("Walking, steps a week"),
}
LINE_GAP = timedelta(days=8)  # pain further apart than this isn't joined by a line
PAIN_TICKS = {True: (0, 5, 10), False: (0, 2, 4, 6, 8, 10)}  # on a phone, elsewhere
LEAST_DAYS = 7  # a shorter range is drawn in a week's room


def walking_and_pain(
    days: pl.DataFrame,
    pain: pl.DataFrame,
    weeks: Sequence[Week] = (),
    *,
    first: date | None = None,
    last: date | None = None,
    unit: Unit = "minutes",
    today: date | None = None,
) -> Picture:
    """Walking a day as bars with the plan's target, and pain (NPRS 0-10) below.

    `days` is a DAYS table, `pain` a PAIN table. `first` and `last` (both included) default
    to the range of data and plan. Days without a record up to `today` (default: the last
    day with a record) are shaded as not recorded; later ones are simply empty. Ranges over
    120 days are drawn by the week. With `unit="minutes"`, days that have only steps are
    drawn as steps, and `text` says so. The table has one row a bar: date (or week and
    its last day), walking, brisk, target, pain, flare days and recorded days.
    Raises ValueError for tables of another schema or a range that can't be.
    """
    if unit not in ("minutes", "steps"):
        raise ValueError(f"unknown unit {unit!r}; expected 'minutes' or 'steps'")
    tables = checked(days, DAYS), checked(pain, PAIN)
    data = series(*tables, weeks, first, last, unit, today)
    if data is None:
        return Picture(TITLE, NO_DATA, pl.DataFrame(schema={"date": pl.Date()}), _nothing)
    text = describe(data)
    return Picture(TITLE, text, _table(data), functools.partial(_draw, data, text))


def _table(data: Series) -> pl.DataFrame:
    value, brisk = ("steps", None) if data.unit == "steps" else ("walking_min", "brisk_min")
    shown = data.shown
    columns = [pl.col("start").alias("week" if data.weekly else "date")]
    if data.weekly:
        columns.append(pl.col("end").alias("to"))
    columns.append(pl.col("value").round(1).alias(value))
    if brisk:
        columns.append(pl.col("brisk").round(1).alias(brisk))
    columns += [
        pl.col("target_min"),
        pl.col("pain").round(1),
        pl.col("flare_days") if data.weekly else (pl.col("flare_days") > 0).alias("flare"),
    ]
    if data.weekly:
        columns.append(pl.col("recorded_days"))
    return shown.select(columns)


def _nothing(look: Look) -> Spec:
    palette = look.palette
    lines = [say("Nothing recorded yet."), say("Walking and pain will show here.")]
    text = [
        label(line, look.plot / 2, 40 + i * 24, look.head, palette.muted, align="center")
        for i, line in enumerate(lines)
    ]
    return stacked([panel(text, look, 100, TITLE, [], 10)], NO_DATA)


def _draw(data: Series, text: str, look: Look) -> Spec:
    first, last = data.daily["start"][0], data.daily["end"][-1]
    axis = time_axis(first, max(last, first + timedelta(days=LEAST_DAYS - 1)), look)
    walking = walking_panel(data, axis, look, labels=False)
    return stacked([walking, pain_panel(data, axis, look)], text)


def walking_panel(data: Series, axis: TimeAxis, look: Look, *, labels: bool) -> Spec:
    """Walking as bars with the plan; `labels` below it where no panel follows that has them."""
    palette, shown = look.palette, list(data.shown.iter_rows(named=True))
    measured = [row for row in shown if row["value"] is not None]
    planned = [
        (row["start"], row["end"], row["target_min"])
        for row in shown
        if row["target_min"] is not None and data.unit == "minutes"
    ]
    heights = [*(row["value"] for row in measured), *(target for *_, target in planned)]
    on = plane(axis, look, max(heights, default=0) * 1.02, labels=labels)
    runs = list(unseen(((r["start"], r["end"], r["value"] is not None) for r in shown), data.until))
    # Brisk minutes stand at the foot of each bar, so that they can be compared.
    brisk = [(r["start"], r["end"], 0.0, r["brisk"]) for r in measured if r["brisk"]]
    easy = [(r["start"], r["end"], r["brisk"] or 0.0, r["value"]) for r in measured]
    layers = [
        *gaps(runs, on),
        *bars(easy, palette.walk, on),
        *bars(brisk, palette.brisk, on),
        *strokes(planned, on),
        *_last_target(planned, on),
    ]
    keys = _walking_keys(look, bool(measured), bool(brisk), bool(planned), bool(runs))
    heading = HEADINGS[data.unit, data.weekly]
    below = look.text + 20 if labels else 14
    return panel(layers or [_blank(look)], look, look.big, heading, keys, below)


def _walking_keys(look: Look, walking: bool, brisk: bool, plan: bool, gap: bool) -> list[Key]:
    palette = look.palette
    keys = [
        (
            walking and (brisk or plan or gap),
            Key("box", palette.walk, say("easy") if brisk else say("walking")),
        ),
        (brisk, Key("box", palette.brisk, say("brisk"))),
        (plan, Key("rule", palette.ink, say("plan"))),
        (gap, Key("band", palette.unseen, UNSEEN)),
    ]
    return [key for wanted, key in keys if wanted]


def _last_target(planned: Sequence[tuple[date, date, float]], on: Plane) -> list[Spec]:
    """The latest target in figures, above its stroke."""
    if not planned:
        return []
    _, last, target = planned[-1]
    row = {"at": ms(last, 1), "y": target, "text": number(target, ",.0f")}
    return words([row], on, align="right", baseline="bottom", dy=-5)


def _blank(look: Look) -> Spec:
    """A layer that draws nothing, for a panel of which only the frame is to be seen."""
    return label("", 0, 0, look.text, look.palette.muted)


def pain_panel(data: Series, axis: TimeAxis, look: Look) -> Spec:
    """Pain as a line with flares, and the days beneath it."""
    palette, below = look.palette, look.text + 20
    heading = say("Pain, 0 none to 10 worst")
    on = plane(axis, look, 10, labels=True)
    y = functools.partial(value_y, top=10, ticks=PAIN_TICKS[look.phone], look=look)
    points = list(_points(data))
    flares = [point for point in points if point["flare"]]
    mark_px = look.plot / data.shown.height
    size = 46 if mark_px > 12 else 26 if mark_px > 5.5 else 14
    line = {"type": "line", "color": palette.pain, "strokeWidth": look.line - 0.4}
    line["strokeJoin"] = "round"
    dot = {"type": "point", "color": palette.pain, "filled": True, "opacity": 1, "size": size}
    rim = {"fill": palette.flare, "stroke": palette.paper, "strokeWidth": 1}
    flag = {**dot, **rim, "shape": "triangle-up", "size": max(100, size * 3)}
    run: Spec = {"field": "run", "type": "nominal"}
    rated = [point for point in points if point["rated"]]
    calm = [point for point in rated if not point["flare"]]
    layers = [
        layer(rated, line, x=on.x("at"), y=y("pain"), detail=run),
        layer(calm, dot, x=on.x("at"), y=y("pain")),
        layer(flares, flag, x=on.x("at"), y=y("pain")),
    ]
    a_week, a_day = say("average of the days' highest"), say("the day's highest")
    keys = [Key("line", palette.pain, a_week if data.weekly else a_day)] if rated else []
    if flares:
        keys.append(Key("triangle", palette.flare, say("flare")))
    if not points:
        told, middle = say("No pain recorded in this time"), look.plot / 2
        layers.append(label(told, middle, 24, look.text, palette.muted, align="center"))
    return panel(layers, look, look.small, heading, keys, below)


def _points(data: Series) -> Iterator[Row]:
    """Pain by day or week; `run` counts the stretches that a line may join."""
    run, before = 0, None
    for row in data.shown.iter_rows(named=True):
        rated, flare = row["pain"] is not None, row["flare_days"] > 0
        if not rated and not flare:
            continue
        if before is not None and row["start"] - before > LINE_GAP:
            run += 1
        before = row["start"] if rated else before
        yield {
            "at": (ms(row["start"]) + ms(row["end"], 1)) // 2,
            # A flare noted without a number stands at the top edge, off the line.
            "pain": round(row["pain"], 3) if rated else 10,
            "run": run,
            "flare": flare,
            "rated": rated,
        }
