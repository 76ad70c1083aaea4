"""What the gallery's charts share: local time across, boxes of time, the colour of a bout."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from backstride.charts.frames import Row, Spec, layer
from backstride.charts.gallery.clock import Ticks
from backstride.charts.look import Look, Palette

BOUT_OPACITY = 0.22
Span = tuple[float, float]  # from and to in ms, as the chart's clock shows them


def count(number: int, noun: str) -> str:
    """A number with its noun in the right form: 1 step, 2 steps."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def bout_colour(palette: Palette) -> str:
    """What a bout's band looks like on paper, for the key beside it."""
    colours = palette.walk, palette.paper
    mixed = "#"
    for i in (1, 3, 5):
        walk, paper = (int(colour[i : i + 2], 16) for colour in colours)
        mixed += f"{round(BOUT_OPACITY * walk + (1 - BOUT_OPACITY) * paper):02x}"
    return mixed


def clock_x(span: Span, ticks: Ticks, look: Look) -> Spec:
    """The x channel `at` over a span, with labels at the ticks."""
    muted = look.palette.muted
    words = json.dumps({f"{at:.0f}": text for at, text in ticks})
    return {
        "field": "at",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": list(span), "nice": False, "zero": False},
        "axis": {
            "values": [at for at, _ in ticks],
            "labelExpr": f"({words})[format(datum.value, '.0f')]",
            "labelColor": muted,
            "labelFontSize": look.text,
            "labelPadding": 4,
            "labelFlush": False,
            "labelOverlap": False,
            "grid": False,
            "tickSize": 5,
            "tickColor": muted,
            "domainColor": muted,
        },
    }


def clipped(spans: Iterable[Span], within: Span) -> Iterator[Row]:
    """The spans as far as they lie within another, as rows `at` and `to`."""
    low, high = within
    for start, end in spans:
        if end > low and start < high:
            yield {"at": max(start, low), "to": min(end, high)}


def boxes(rows: Iterable[Row], x: Spec, mark: Spec, **rest: Any) -> list[Spec]:
    """Boxes from `at` to `to`; over the whole height unless `rest` has channels for it."""
    found = list(rows)
    if not found:
        return []
    return [layer(found, {"type": "rect", **mark}, x=x, x2={"field": "to"}, **rest)]
