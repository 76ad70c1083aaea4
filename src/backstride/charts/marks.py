"""Marks that several charts draw: bars, the plan's strokes, and what wasn't recorded."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backstride.charts.frames import (
    Row,
    Spec,
    TimeAxis,
    label,
    layer,
    ms,
    nice_top,
    text_px,
    time_x,
    value_y,
)
from backstride.charts.look import Look
from backstride.words import say

Channel = Callable[[str], Spec]
UNSEEN = say("not recorded")
ALONE_PX = 8  # bars closer than this leave a smaller gap


@dataclass(frozen=True)
class Plane:
    """Where marks go: a time axis and a scale from 0 to `top` on a panel of a look."""

    axis: TimeAxis
    look: Look
    x: Channel
    y: Channel

    @property
    def day_px(self) -> float:
        return self.look.plot / self.axis.days


def plane(axis: TimeAxis, look: Look, highest: float, labels: bool) -> Plane:
    """A plane whose y scale holds `highest` with round ticks."""
    top, ticks = nice_top(highest)
    return Plane(
        axis,
        look,
        functools.partial(time_x, axis=axis, look=look, labels=labels),
        functools.partial(value_y, top=top, ticks=ticks, look=look),
    )


def bars(
    values: Iterable[tuple[date, date, float, float]],
    colour: str,
    on: Plane,
    inset: float | None = None,
) -> list[Spec]:
    """Bars over (first day, last day, low, high); a value of 0 is a sliver on the axis.

    `inset` is the share of their time left free on each side.
    """
    tall: list[Row] = []
    flat: list[Row] = []
    slim = inset or (0.1 if on.day_px < ALONE_PX else 0.14)
    for first, last, low, high in values:
        edge = slim * ((last - first).days + 1)
        span = {"from": ms(first, edge), "to": ms(last, 1 - edge)}
        if high > low:
            tall.append({**span, "low": round(low, 3), "high": round(high, 3)})
        elif high == 0:
            flat.append({**span, "high": 0})
    across = {"x": on.x("from"), "x2": {"field": "to"}}
    bar, sliver = {"type": "rect", "color": colour}, {"type": "rule", "color": colour}
    found = []
    if tall:
        found.append(layer(tall, bar, **across, y=on.y("low"), y2={"field": "high"}))
    if flat:
        found.append(layer(flat, {**sliver, "strokeWidth": 3}, **across, y=on.y("high")))
    return found


def strokes(targets: Iterable[tuple[date, date, float]], on: Plane) -> list[Spec]:
    """The plan: a stroke across each planned day, joined while the target stays the same.

    A rim in the colour of the paper makes it show on a bar.
    """
    runs: list[Row] = []
    for first, last, target in targets:
        if runs and runs[-1]["target"] == target and runs[-1]["to"] == ms(first):
            runs[-1]["to"] = ms(last, 1)
        else:
            runs.append({"from": ms(first), "to": ms(last, 1), "target": target})
    if not runs:
        return []
    palette, width = on.look.palette, on.look.line
    return [
        layer(
            runs,
            {"type": "rule", "color": colour, "strokeWidth": wide},
            x=on.x("from"),
            x2={"field": "to"},
            y=on.y("target"),
        )
        for colour, wide in ((palette.paper, width + 2.4), (palette.ink, width))
    ]


def words(rows: Sequence[Row], on: Plane, **mark: object) -> list[Spec]:
    """Texts at `at` (ms) and `y`, with a rim so that they read on any fill."""
    if not rows:
        return []
    palette = on.look.palette
    text = {"type": "text", "fontSize": on.look.text, "fontWeight": "bold", **mark}
    rim = {"stroke": palette.paper, "strokeWidth": 4, "strokeJoin": "round", "color": palette.paper}
    place = {"x": on.x("at"), "y": on.y("y"), "text": {"field": "text", "type": "nominal"}}
    return [
        layer(rows, {**text, **rim}, **place),
        layer(rows, {**text, "color": palette.ink}, **place),
    ]


def unseen(days: Iterable[tuple[date, date, bool]], until: date) -> Iterator[tuple[date, date]]:
    """Runs of (first day, last day, seen?) that weren't seen and start by `until`."""
    run: tuple[date, date] | None = None
    for first, last, seen in days:
        if seen or first > until:
            if run:
                yield run
            run = None
        else:
            run = (run[0] if run else first, last)
    if run:
        yield run


def gaps(runs: Sequence[tuple[date, date]], on: Plane) -> list[Spec]:
    """A pale band over each run of days, named where the name has room."""
    if not runs:
        return []
    look, name = on.look, UNSEEN
    spans = [{"from": ms(start), "to": ms(end, 1)} for start, end in runs]
    band = {"type": "rect", "color": look.palette.unseen}
    found = [layer(spans, band, x=on.x("from"), x2={"field": "to"})]
    for start, end in runs:
        days = (end - start + timedelta(days=1)).days
        if days * on.day_px > text_px(name, look.text) + 8:
            middle = ((start - on.axis.first).days + days / 2) * on.day_px
            found.append(label(name, middle, 14, look.text, look.palette.muted, align="center"))
    return found
