"""What goes with less pain: differences with their intervals, beside a line of no difference."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import polars as pl

from backstride import words
from backstride.charts.frames import Key, Spec, at_px, label, layer, panel, stacked, text_px
from backstride.charts.look import Look
from backstride.charts.picture import Picture
from backstride.evidence import Comparison, told
from backstride.records import Schema
from backstride.words import say

TITLE = say("What goes with less pain")
NAMES = {
    "day_after": say("The day after a walk, against after none"),
    "week": say("Weeks with more walking, against less"),
}
HELPS: Schema = {
    "compared": pl.String(),
    "weeks": pl.Int64(),  # blocks: weeks, or pairs of weeks
    "pain_more": pl.Float64(),  # mean NPRS with more walking; null with too little to tell
    "pain_less": pl.Float64(),
    "difference": pl.Float64(),
    "from": pl.Float64(),  # of the 95 % interval
    "to": pl.Float64(),
}
ROW = 64  # px
LEAST = 2.0  # points to each side of no difference


def what_helps(found: Sequence[Comparison]) -> Picture:
    """The comparisons of `evidence.comparisons`, each with its interval where there is enough.

    The table is HELPS.
    """
    table = pl.DataFrame([_row(one) for one in found], schema=HELPS, orient="row")
    text = words.sentences(told(one) for one in found)
    return Picture(TITLE, text, table, functools.partial(_draw, table, text))


def _row(one: Comparison) -> list[object]:
    got = one.estimate
    figures: list[object] = [None] * 5
    if got is not None:
        known = (got.more, got.less, got.difference, got.low, got.high)
        figures = [round(value, 2) for value in known]
    return [str(NAMES[one.key]), one.blocks.height, *figures]


def _draw(table: pl.DataFrame, text: str, look: Look) -> Spec:
    rows = list(table.iter_rows(named=True))
    ends = [abs(row[name]) for row in rows for name in ("from", "to") if row[name] is not None]
    top = math.ceil(max([LEAST, *ends]))
    height = ROW * len(rows)
    layers = [_axis(top, height, look)]
    for n, row in enumerate(rows):
        layers += _interval(row, ROW * n, top, look)
    layers += _sides(height, look)
    heading = str(say("Difference in pain, points of 10"))
    keys = [Key("line", look.palette.noted, str(say("mean, and where the truth may lie")))]
    return stacked([panel(layers, look, height, heading, keys, 2 * look.text + 30)], text)


def _axis(top: int, height: int, look: Look) -> Spec:
    """The scale, with the line of no difference drawn through all rows."""
    rule: Spec = {"type": "rule", "color": look.palette.ink, "strokeWidth": 1.2}
    return layer([{"zero": 0}], rule, x=_x("zero", top, look), **at_px(y=0, y2=height))


def _x(field: str, top: int, look: Look) -> Spec:
    step = max(1, math.ceil(2 * top / 8))
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [-top, top], "nice": False},
        "axis": {
            "values": [n for n in range(-top, top + 1) if n % step == 0],
            "labelExpr": "datum.value ? format(datum.value, '+d') : '0'",
            "labelColor": look.palette.muted,
            "labelFontSize": look.text,
            "labelPadding": 5,
            "grid": True,
            "gridColor": look.palette.grid,
            "tickSize": 5,
            "tickColor": look.palette.muted,
            "domainColor": look.palette.muted,
        },
    }


def _interval(row: dict[str, object], above: int, top: int, look: Look) -> list[Spec]:
    palette, y = look.palette, above + ROW - 20
    name, left = str(row["compared"]), 4 - look.left
    found = _words(name, left, above + 16, palette.ink, look)
    if row["difference"] is None:
        return [*found, *_words(str(say("not enough yet")), left, y, palette.muted, look)]
    x = functools.partial(_x, top=top, look=look)
    bar: Spec = {"type": "rule", "color": palette.noted, "strokeWidth": 4}
    dot: Spec = {"type": "point", "color": palette.noted, "filled": True, "opacity": 1}
    return [
        *found,
        layer([row], bar, x=x("from"), x2={"field": "to"}, **at_px(y=y)),
        layer([row], {**dot, "size": 130}, x=x("difference"), **at_px(y=y)),
    ]


def _words(text: str, x: float, y: float, colour: str, look: Look) -> list[Spec]:
    """A text on a rim of paper, which keeps the lines of the scale off it."""
    rim: Spec = {"stroke": look.palette.paper, "strokeWidth": 5, "strokeJoin": "round"}
    under = label(text, x, y, look.text, look.palette.paper, **rim)
    return [under, label(text, x, y, look.text, colour)]


def _sides(height: int, look: Look) -> list[Spec]:
    """Which way is which, under the scale; shorter where both don't fit."""
    y, muted = height + look.text + 20, look.palette.muted
    left, right = str(say("← less pain with more walking")), str(say("more pain →"))
    if text_px(left + right, look.text) > look.plot:
        left = str(say("← less pain"))
    ends = ((left, 0, "left"), (right, look.plot, "right"))
    return [label(text, x, y, look.text, muted, align=align) for text, x, align in ends]
