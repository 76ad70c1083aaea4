"""One walk: its cadence from start to end, its pauses, and the pace that was aimed at."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import polars as pl

from backstride.charts.frames import Key, Row, Spec, label, layer, nice_top, panel, stacked, value_y
from backstride.charts.look import Look
from backstride.charts.picture import Picture
from backstride.records import Schema
from backstride.words import say, say_many, sentences

TITLE = say("Steps a minute over the walk")
BIN_S = 15
LEAST_TOP_SPM = 120
COURSE: Schema = {
    "minute": pl.Float64(),  # since the start of the walk
    "cadence_spm": pl.Float64(),  # null in a pause, and where no whole 15 s were seen
}


def walk_cadence(
    course_spm: Sequence[float],
    *,
    duration_s: float,
    offset_s: float = 0.0,
    pauses: Sequence[tuple[float, float]] = (),
    aim_spm: tuple[int, int] | None = None,
) -> Picture:
    """Cadence of each 15 s of a walk of `duration_s`.

    `course_spm` begins `offset_s` after the walk's start; `pauses` are (from, to) in seconds
    from the start, `aim_spm` the low and high end of the pace that was aimed at, None for
    none. The table has the columns of COURSE.
    """
    rows = []
    for number, spm in enumerate(course_spm):
        since = offset_s + number * BIN_S
        to = since + BIN_S
        rested = any(since < end and to > begun for begun, end in pauses)
        seen = None if rested or to > duration_s + 1 else float(spm)
        rows.append({"minute": (since + BIN_S / 2) / 60, "cadence_spm": seen})
    table = pl.DataFrame(rows, schema=COURSE)
    text = _text(table, duration_s, pauses, aim_spm)
    draw = functools.partial(_draw, table, duration_s, pauses, aim_spm, text)
    return Picture(TITLE, text, table, draw)


def _text(
    table: pl.DataFrame,
    duration_s: float,
    pauses: Sequence[tuple[float, float]],
    aim_spm: tuple[int, int] | None,
) -> str:
    walked = table.filter(pl.col("cadence_spm") > 0)["cadence_spm"]
    minutes = max(1, round(duration_s / 60))
    said = [say("A walk of {minutes} min.", minutes=minutes)]
    if pauses:
        said = [
            say_many(
                "A walk of {minutes} min with {n} pause.",
                "A walk of {minutes} min with {n} pauses.",
                len(pauses),
                minutes=minutes,
            )
        ]
    if walked.is_empty():
        return sentences([*said, say("No steps were found in it.")])
    low, high = (round(walked.quantile(share) or 0) for share in (0.25, 0.75))
    if high > low:
        said.append(say("Mostly at {low} to {high} steps a minute.", low=low, high=high))
    else:
        said.append(say("Mostly at about {low} steps a minute.", low=low))
    if aim_spm:
        said.append(say("The aim was {low} to {high}.", low=aim_spm[0], high=aim_spm[1]))
    return sentences(said)


def _draw(
    table: pl.DataFrame,
    duration_s: float,
    pauses: Sequence[tuple[float, float]],
    aim_spm: tuple[int, int] | None,
    text: str,
    look: Look,
) -> Spec:
    palette, minutes = look.palette, max(duration_s / 60, 1.0)
    highest = max([LEAST_TOP_SPM, *table["cadence_spm"].drop_nulls(), *(aim_spm or ())])
    top, ticks = nice_top(highest)
    x = functools.partial(_minutes_x, minutes=minutes, look=look)
    y = functools.partial(value_y, top=top, ticks=ticks, look=look)
    layers, keys = [], []
    if rests := [{"from": begun / 60, "to": end / 60} for begun, end in pauses]:
        band: Spec = {"type": "rect", "color": palette.unseen}
        layers.append(layer(rests, band, x=x("from"), x2={"field": "to"}))
        keys.append(Key("band", palette.unseen, say("pause")))
    if aim_spm:
        edges = [{"from": 0, "to": minutes, "y": edge} for edge in aim_spm]
        rule: Spec = {
            "type": "rule",
            "color": palette.ink,
            "strokeDash": [5, 4],
            "strokeWidth": 1.4,
        }
        layers.append(layer(edges, rule, x=x("from"), x2={"field": "to"}, y=y("y")))
        keys.insert(0, Key("rule", palette.ink, say("aim"), (5, 4)))
    points = _points(table)
    line: Spec = {"type": "line", "color": palette.brisk, "strokeWidth": look.line}
    dot: Spec = {"type": "point", "color": palette.brisk, "filled": True, "opacity": 1, "size": 16}
    run: Spec = {"field": "run", "type": "nominal"}
    if points:
        layers.append(layer(points, line, x=x("x"), y=y("y"), detail=run))
        layers.append(layer(points, dot, x=x("x"), y=y("y")))
        keys.insert(0, Key("line", palette.brisk, say("measured")))
    else:
        told = say("No steps were found")
        layers.append(label(told, look.plot / 2, 24, look.text, palette.muted, align="center"))
    heading = say("Steps a minute, by minutes walked")
    return stacked([panel(layers, look, look.big, heading, keys, look.text + 20)], text)


def _points(table: pl.DataFrame) -> list[Row]:
    """The values, with the stretches that a line joins."""
    found, run = [], 0
    for minute, spm in table.iter_rows():
        if spm is None:
            run += 1
        else:
            found.append({"x": round(minute, 3), "y": spm, "run": run})
    return found


def _minutes_x(field: str, minutes: float, look: Look) -> Spec:
    steps = (1, 2, 5, 10, 15, 30, 60, 120)
    room = max(3, look.plot // 60)
    step = next((step for step in steps if minutes / step <= room), 240)
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, minutes], "nice": False},
        "axis": {
            "values": list(range(0, int(minutes) + 1, step)),
            "format": "d",
            "labelColor": look.palette.muted,
            "labelFontSize": look.text,
            "labelPadding": 5,
            "grid": False,
            "ticks": True,
            "tickSize": 5,
            "tickColor": look.palette.muted,
            "domainColor": look.palette.muted,
        },
    }
