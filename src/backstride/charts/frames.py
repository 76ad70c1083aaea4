"""What the charts share: time axis, panels of a fixed size, and keys beside the heading.

Specs are plain Vega-Lite dictionaries: making one takes milliseconds, where building the
same one from Altair's classes takes half a second a picture; the tests have Altair check
them against its schema.

Vega-Lite sizes a picture by what it drew, so each panel carries an invisible rectangle
that spans its full room, margins included: the picture is then exactly as wide as asked.
"""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from backstride.charts.look import FONT, Look
from backstride.words import day as on_day

Spec = dict[str, Any]
Row = dict[str, Any]
KeyMark = Literal["box", "band", "rule", "line", "triangle"]

DAY_MS = 86_400_000
CHAR_EM = 0.6  # mean advance of a character in the widest usual system font, in em
WIDE_EM = 1.0  # of a Chinese one
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True)
class Key:
    """One entry of a panel's key: the mark as it is drawn in the panel, and its name."""

    mark: KeyMark
    colour: str
    name: str
    dash: tuple[int, ...] = ()


@dataclass(frozen=True)
class TimeAxis:
    """Days `first` to `last` (both included) across the plot, with its tick days."""

    first: date
    last: date
    ticks: tuple[date, ...]
    name: Callable[[date], str]  # a tick's label

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def ms(day: date, part: float = 0.0) -> int:
    """Milliseconds since 1970 at `part` (0 to 1) of a day. Drawn in UTC, read as that day."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int(start.timestamp() * 1000 + part * DAY_MS)


def time_axis(first: date, last: date, look: Look) -> TimeAxis:
    """Ticks on days, Mondays or firsts of months, as many as have room for their labels."""
    every = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    ticks, name = _ticks(every, max(2, look.plot // (58 if look.phone else 72)))
    day_px = look.plot / len(every)

    def fits(day: date) -> bool:
        half = text_px(name(day), look.text) / 2
        return ((last - day).days + 0.5) * day_px + look.right >= half

    return TimeAxis(first, last, tuple(day for day in ticks if fits(day)), name)


def _ticks(every: Sequence[date], room: int) -> tuple[Sequence[date], Callable[[date], str]]:
    """Tick days, and how they are labelled."""
    if len(every) <= room:
        return every, named("EEE d")
    if len(every) <= 7:
        return every, named("EEE")
    mondays = [day for day in every if day.weekday() == 0]
    if 14 <= len(every) <= 120 and len(mondays) >= 3:
        for step in (1, 2, 4):
            if len(chosen := mondays[::-step][::-1]) <= room:
                return chosen, named("d MMM")
    if len(every) <= 27:
        return every[:: -(-len(every) // room)], named("d MMM")
    firsts = [day for day in every if day.day == 1]
    for months in (1, 2, 3, 4, 6, 12, 24, 60, 120):
        chosen = [day for day in firsts if (day.year * 12 + day.month - 1) % months == 0]
        if len(chosen) <= room:
            break
    if months >= 12:
        return chosen, lambda day: f"{day.year}"
    return chosen, lambda day: on_day(day, "MMM y" if day.month == 1 else "MMM")


def named(pattern: str) -> Callable[[date], str]:
    """Labels by a pattern of `words.day`."""
    return functools.partial(on_day, pattern=pattern)


def time_x(field: str, axis: TimeAxis, look: Look, labels: bool) -> Spec:
    """The shared x channel; `labels` only under the lowest panel."""
    muted = look.palette.muted
    names = {str(ms(day, 0.5)): str(axis.name(day)) for day in axis.ticks}
    return {
        "field": field,
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "domain": [ms(axis.first), ms(axis.last, 1)], "nice": False},
        "axis": {
            "values": [ms(day, 0.5) for day in axis.ticks],
            "labelExpr": f"({json.dumps(names)})[time(datum.value)]",
            "labels": labels,
            "labelColor": muted,
            "labelFontSize": look.text,
            "labelPadding": 5,
            "labelFlush": False,
            "labelOverlap": True,
            "grid": False,
            "ticks": labels,
            "tickSize": 5,
            "tickColor": muted,
            "domainColor": muted,
        },
    }


def value_y(field: str, top: float, ticks: Sequence[float], look: Look) -> Spec:
    """A y channel from 0 to `top` with light grid lines and no title (the heading says it)."""
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, top], "nice": False},
        "axis": {
            "values": list(ticks),
            "format": "~s" if top >= 10_000 else ",.0f",
            "labelColor": look.palette.muted,
            "labelFontSize": look.text,
            "labelPadding": 6,
            "ticks": False,
            "domain": False,
            "grid": True,
            "gridColor": look.palette.grid,
        },
    }


def nice_top(highest: float) -> tuple[float, list[float]]:
    """The end of a scale that holds `highest` (at least 10), and round ticks from 0."""
    highest = max(highest, 10)
    step = 1.0
    for factor in (2, 2.5, 2) * 40:
        if highest / step <= 5:
            break
        step *= factor
    count = -int(-highest // step)
    return count * step, [i * step for i in range(count + 1)]


def layer(values: Iterable[Row], mark: Spec, **encoding: Spec | None) -> Spec:
    """One mark on inline rows; channels that are None are left out."""
    return {
        "data": {"values": list(values)},
        "mark": mark,
        "encoding": {name: channel for name, channel in encoding.items() if channel is not None},
    }


def at_px(**channels: float) -> dict[str, Spec]:
    """Channels at fixed places, in px from the plot's upper left corner."""
    return {name: {"value": round(value, 2)} for name, value in channels.items()}


def label(text: str, x: float, y: float, size: int, colour: str, **mark: Any) -> Spec:
    """A piece of text at a place in px from the plot's upper left corner."""
    style = {"align": "left", "baseline": "middle", "fontSize": size, "color": colour, **mark}
    return layer([{}], {"type": "text", **style}, **at_px(x=x, y=y), text={"value": text})


def text_px(text: str, size: int) -> float:
    """About how wide a text will be as it is read, in px; on the generous side."""
    wide = (unicodedata.east_asian_width(char) in "WF" for char in str(text))
    return sum(WIDE_EM if is_wide else CHAR_EM for is_wide in wide) * size


def panel(
    layers: Sequence[Spec], look: Look, height: int, heading: str, keys: Sequence[Key], below: int
) -> Spec:
    """Layers with heading and keys above, `below` px of room beneath, of exact width."""
    header, above = _header(look, heading, keys)
    corners = at_px(x=-look.left, x2=look.plot + look.right, y=-above, y2=height + below)
    room = layer([{}], {"type": "rect", "opacity": 0}, **corners)
    return {"width": look.plot, "height": height, "layer": [room, *layers, *header]}


def stacked(panels: Sequence[Spec], description: str) -> Spec:
    """Panels one under the other as a complete Vega-Lite spec."""
    return {
        "$schema": SCHEMA,
        "description": description,
        "padding": 0,
        "spacing": 0,
        "vconcat": list(panels),
        "config": {
            "font": FONT,
            "aria": False,
            "view": {"strokeWidth": 0, "fill": None},
        },
    }


def _header(look: Look, heading: str, keys: Sequence[Key]) -> tuple[list[Spec], int]:
    """Heading and key marks, and the px they need above the plot."""
    line = look.text + 8
    placed: list[tuple[Key, float, int]] = []
    x, row = 0.0, 0
    for key in keys:
        wide = 20 + text_px(key.name, look.text) + 12
        if x and x + wide - 12 > look.width - 8:
            x, row = 0.0, row + 1
        placed.append((key, x, row))
        x += wide
    above = look.head + 22 + (line * (row + 1) if keys else 0)
    top, left = 12 - above, 4 - look.left
    found = [label(heading, left, top, look.head, look.palette.ink, fontWeight="bold")]
    for key, along, row in placed:
        y = top + look.head / 2 + 5 + line * (row + 0.5)
        found.extend(_key_mark(key, left + along, y, look))
        found.append(label(key.name, left + along + 20, y, look.text, look.palette.muted))
    return found, above


def _key_mark(key: Key, x: float, y: float, look: Look) -> list[Spec]:
    place, span = at_px(x=x + 7, y=y), at_px(x=x, x2=x + 14, y=y)
    rule: Spec = {"type": "rule", "color": key.colour, "strokeWidth": look.line}
    if key.dash:
        rule["strokeDash"] = list(key.dash)
    point = {"type": "point", "color": key.colour, "filled": True, "opacity": 1}
    match key.mark:
        case "rule":
            return [layer([{}], rule, **span)]
        case "line":
            return [layer([{}], rule, **span), layer([{}], {**point, "size": 34}, **place)]
        case "triangle":
            shape = {**point, "shape": "triangle-up", "size": 90}
            return [layer([{}], shape, **place)]
        case "box" | "band":
            edge = look.palette.muted if key.mark == "band" else key.colour
            box = {"type": "rect", "color": key.colour, "stroke": edge, "strokeWidth": 0.75}
            corners = at_px(x=x + 1, x2=x + 13, y=y - 6, y2=y + 6)
            return [layer([{}], {**box, "cornerRadius": 2}, **corners)]
