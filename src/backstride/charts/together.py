"""Everything over time on one axis: small pictures one under the other, of the same weeks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from backstride.charts.diary import DAILY, FORMS, diary
from backstride.charts.frames import (
    Key,
    Row,
    Spec,
    label,
    layer,
    ms,
    panel,
    stacked,
    time_axis,
    value_y,
)
from backstride.charts.look import Look
from backstride.charts.marks import Plane, bars, plane
from backstride.charts.picture import Picture
from backstride.charts.sentences import describe
from backstride.charts.series import Series, series
from backstride.charts.walking_and_pain import LEAST_DAYS, pain_panel, walking_panel
from backstride.outcomes import instrument
from backstride.records import DAYS, DOSES, PAIN, SCORES, Week, checked, empty
from backstride.words import say, say_many, sentences

TITLE = say("Everything together")
NO_DATA = say("Nothing is recorded yet, so there is nothing to draw.")
PANELS = ("walking", "pain", "medicine", "forms", "mood")  # energy and sleep go with mood
HEIGHT = {True: 84, False: 92}  # of a small panel, on a phone and elsewhere
WALKING_PX, PAIN_PX = 150, 110  # lower than in the picture of the two alone
DAY_GAP = timedelta(days=8)  # answers of a day further apart aren't joined by a line
MEANS = {  # of what is asked once a day
    "mood": say("Mood about {mean:.1f} on a scale to {high:g}."),
    "sleep": say("Sleep about {mean:.1f} on a scale to {high:g}."),
}
FORM_GAP = timedelta(days=200)  # forms come every four weeks to half a year


@dataclass(frozen=True)
class Strip:
    """A panel of one value: from `low` to `high`, and the words of its heading."""

    name: str
    heading: str
    low: float
    high: float


def together(
    days: pl.DataFrame,
    pain: pl.DataFrame,
    weeks: Sequence[Week] = (),
    doses: pl.DataFrame | None = None,
    scores: pl.DataFrame | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    today: date | None = None,
    without: Collection[str] = (),
) -> Picture:
    """Walking, pain, forms, days with medicine, mood and sleep over the same days.

    Tables are DAYS, PAIN, DOSES and SCORES. `first`, `last` and `today` are as in
    `walking_and_pain`, and so is what a week is; what was not told is left out, never drawn
    as 0. `without` names panels (PANELS) that aren't drawn or told of at all. The table has one
    row a day or week. Raises ValueError as `walking_and_pain` does.
    """
    if unknown := set(without) - set(PANELS):
        raise ValueError(f"there is no panel {sorted(unknown)[0]!r}; there are {PANELS}")
    if not set(PANELS) - set(without):
        raise ValueError("no panel is left to draw")
    days, pain = checked(days, DAYS), checked(pain, PAIN)
    doses = empty(DOSES) if doses is None else checked(doses, DOSES)
    scores = empty(SCORES) if scores is None else checked(scores, SCORES)
    told = [d for table in (doses, scores) for d in table["date"].drop_nulls()]
    data = series(days, pain, weeks, first, last, "minutes", today, also=told)
    if data is None:
        schema = {"date": pl.Date()}
        return Picture(TITLE, NO_DATA, pl.DataFrame(schema=schema), _nothing)
    beside = diary(data, pain, doses, scores)
    text = sentences([describe(data, without), *_said(beside, without)])
    draw = functools.partial(_draw, data, beside, without, text)
    return Picture(TITLE, text, _table(data, beside, without), draw)


def strips(beside: pl.DataFrame, without: Collection[str] = ()) -> list[Strip]:
    """The panels below pain: forms that were filled in, mood and sleep."""
    found = []
    for name in FORMS if "forms" not in without else ():
        if name in beside.columns and beside[name].count():
            form = instrument(name)
            lower = say("{form}, lower is better", form=form.name)
            higher = say("{form}, higher is better", form=form.name)
            heading = lower if form.high_is_worse else higher
            found.append(Strip(name, heading, form.low, form.high))
    if "mood" not in without:
        found.append(Strip("mood", say("Mood, 1 very low to 5 very good"), 1, 5))
        found.append(Strip("sleep", say("Sleep, 0 very bad to 10 very good"), 0, 10))
    return found


def _table(data: Series, beside: pl.DataFrame, without: Collection[str]) -> pl.DataFrame:
    value, brisk = ("steps", None) if data.unit == "steps" else ("walking_min", "brisk_min")
    shown = data.shown.join(beside.drop("end"), on="start", how="left", maintain_order="left")
    columns = [pl.col("start").alias("week" if data.weekly else "date")]
    if data.weekly:
        columns.append(pl.col("end").alias("to"))
    if "walking" not in without:
        columns.append(pl.col("value").round(1).alias(value))
    if brisk and "walking" not in without:
        columns.append(pl.col("brisk").round(1).alias(brisk))
    told = pl.col("pain").is_not_null() | (pl.col("flare_days") > 0)
    flares = pl.when(told).then("flare_days").alias("flare_days")
    columns.append(pl.col("target_min"))
    columns += [pl.col("pain").round(1), flares] if "pain" not in without else []
    columns += [pl.col("medicine_days")] if "medicine" not in without else []
    daily = DAILY if "mood" not in without else ()
    forms = FORMS if "forms" not in without else ()
    columns += [pl.col(name).round(2) for name in (*daily, *forms) if name in beside.columns]
    return shown.select(columns)


def _said(beside: pl.DataFrame, without: Collection[str]) -> Iterator[str]:
    if "medicine" not in without and beside["medicine_days"].count():
        taken, noted = int(beside["medicine_days"].sum()), int(beside["noted_days"].sum())
        yield say_many(
            "Medicine on {taken} of {n:,} noted day.",
            "Medicine on {taken} of {n:,} noted days.",
            noted,
            taken=taken,
        )
    for strip in strips(beside, without):
        values = beside[strip.name].drop_nulls()
        if strip.name in FORMS:
            name = instrument(strip.name).name
            if len(values) == 1:
                yield say("{form}: {first:g} at first.", form=name, first=values[0])
            else:
                text = say(
                    "{form}: {first:g} at first, {last:g} at the last.",
                    form=name,
                    first=values[0],
                    last=values[-1],
                )
                yield text
        elif len(values):
            mean = beside.select(pl.col(strip.name).mean()).item()
            yield say(MEANS[strip.name], mean=mean, high=strip.high)


def _nothing(look: Look) -> Spec:
    told = say("Nothing recorded yet.")
    middle = label(told, look.plot / 2, 50, look.head, look.palette.muted, align="center")
    return stacked([panel([middle], look, 100, TITLE, [], 10)], NO_DATA)


def _draw(
    data: Series, beside: pl.DataFrame, without: Collection[str], text: str, look: Look
) -> Spec:
    look = replace(look, big=WALKING_PX, small=PAIN_PX)
    first, last = data.daily["start"][0], data.daily["end"][-1]
    axis = time_axis(first, max(last, first + timedelta(days=LEAST_DAYS - 1)), look)
    base = plane(axis, look, 10, labels=True)
    panels: list[tuple[str, Callable[[], Spec]]] = [
        ("walking", lambda: walking_panel(data, axis, look, labels=True)),
        ("pain", lambda: pain_panel(data, axis, look)),
        ("medicine", lambda: _medicine_panel(data, beside, base)),
    ]
    drawn = [draw() for name, draw in panels if name not in without]
    drawn += [_strip_panel(strip, beside, base) for strip in strips(beside, without)]
    return stacked(drawn, text)


def _medicine_panel(data: Series, beside: pl.DataFrame, base: Plane) -> Spec:
    """Days with medicine: a stroke a day, or a bar a week."""
    look = base.look
    known = beside.filter(pl.col("medicine_days").is_not_null())
    rows = known.select("start", "end", "medicine_days").iter_rows()
    values = [(start, end, 0.0, float(taken)) for start, end, taken in rows]
    height = HEIGHT[look.phone] if data.weekly else 30
    top, ticks = (7, (0, 7)) if data.weekly else (1, ())
    y = functools.partial(value_y, top=top, ticks=ticks, look=look)
    on = Plane(base.axis, look, base.x, y)
    layers = bars(values, look.palette.noted, on)
    a_week, a_day = say("Days with pain medicine, a week"), say("Days with pain medicine")
    heading, colour = a_week if data.weekly else a_day, look.palette.noted
    keys = [Key("box", colour, say("taken")), Key("rule", colour, say("none noted"))]
    return _panel(layers, look, height, heading, keys if values else None)


def _strip_panel(strip: Strip, beside: pl.DataFrame, base: Plane) -> Spec:
    look, palette = base.look, base.look.palette
    is_form = strip.name in FORMS
    points = list(_points(beside, strip.name, FORM_GAP if is_form else DAY_GAP))
    ticks = (strip.low, strip.high) if look.phone else (strip.low, _middle(strip), strip.high)
    y = value_y("y", strip.high, ticks, look)
    y["scale"] = {**y["scale"], "domain": [strip.low, strip.high]}
    day_px = look.plot / max(beside.height, 1)
    size = 60 if is_form else 40 if day_px > 12 else 20 if day_px > 5.5 else 12
    line = {"type": "line", "color": palette.brisk, "strokeWidth": look.line - 0.6}
    line["strokeJoin"] = "round"
    dot = {"type": "point", "color": palette.brisk, "filled": True, "opacity": 1, "size": size}
    run: Spec = {"field": "run", "type": "nominal"}
    layers = [
        layer(points, line, x=base.x("at"), y=y, detail=run),
        layer(points, dot, x=base.x("at"), y=y),
    ]
    return _panel(layers, look, HEIGHT[look.phone], strip.heading, [] if points else None)


def _middle(strip: Strip) -> float:
    return (strip.low + strip.high) / 2


def _panel(
    layers: list[Spec], look: Look, height: int, heading: str, keys: list[Key] | None
) -> Spec:
    """A small panel; without `keys` nothing was told, and it says so in little room."""
    if keys is None:
        told, middle = say("Nothing noted in this time"), look.plot / 2
        text = label(told, middle, 15, look.text, look.palette.muted, align="center")
        return panel([text], look, 30, heading, [], 14)
    return panel(layers, look, height, heading, keys, look.text + 20)


def _points(beside: pl.DataFrame, name: str, gap: timedelta) -> list[Row]:
    """The values with the stretches that a line may join."""
    run, before, found = 0, None, []
    known = beside.filter(pl.col(name).is_not_null()).select("start", "end", name)
    for start, end, value in known.iter_rows():
        if before is not None and start - before > gap:
            run += 1
        before = start
        at = (ms(start) + ms(end, 1)) // 2
        found.append({"at": at, "y": round(value, 3), "run": run})
    return found
