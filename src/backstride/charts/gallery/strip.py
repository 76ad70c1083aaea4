"""One view of a recording: the signal, the bouts and every step found in it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from backstride.charts.frames import Spec, layer, panel, stacked
from backstride.charts.gallery.clock import Clock
from backstride.charts.gallery.frame import BOUT_OPACITY, boxes, clipped, clock_x, count
from backstride.charts.gallery.signal import Signal, Trace, extremes
from backstride.charts.gallery.views import Bout, View
from backstride.charts.look import Look
from backstride.charts.picture import Picture

LEAST_RANGE_G = 0.1  # of the scale, so that a sensor at rest looks at rest
STEPS_G = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # between the ticks
LEAST_GAP_S = 0.1  # less is the step from one sample to the next
HEADING = "Acceleration, g"


@dataclass(frozen=True)
class Seen:
    """What was found in a view: its signal, the bouts that touch it, its steps (s since 1970)."""

    view: View
    trace: Trace
    bouts: Sequence[Bout]
    steps_s: Signal


def strip(seen: Seen, clock: Clock, day: str = "") -> Picture:
    """The magnitude over time with bouts shaded and each step marked.

    `day` stands before the time, where there are several. `text` is the caption; the table has
    a row a step: seconds into the view, and g.
    """
    start_s = seen.view.start_s
    title = f"{clock.text(start_s)} to {clock.text(seen.view.end_s)}"
    title = f"{day}, {title}" if day else title
    table = pl.DataFrame({"step_s": seen.steps_s - start_s, "acceleration_g": _at_steps(seen)})
    text = f"{title}: {caption(seen, clock)}"
    return Picture(title, text, table, functools.partial(_draw, seen, clock, text))


def caption(seen: Seen, clock: Clock) -> str:
    """What is seen, in a sentence: why this view, its bouts, its steps."""
    why, bouts = seen.view.why, list(seen.bouts)
    if not len(seen.trace.at_s):
        return f"{why}: nothing was recorded here."
    if not bouts:
        return f"{why}: no walking was found here."
    here = count(len(seen.steps_s), "step")
    bout = seen.view.bout or (bouts[0] if len(bouts) == 1 else None)
    if bout is None:
        return f"{why}: {count(len(bouts), 'bout')} here, {here}."
    others = len(bouts) - (bout in bouts)
    told = [f"{why}: {_described(bout, clock)}"]
    if others or len(seen.steps_s) != bout.steps:
        also = f" with {count(others, 'other bout')}" if others else ""
        told.append(f"{here} here{also}")
    return "; ".join(told) + "."


def _described(bout: Bout, clock: Clock) -> str:
    length = f"{bout.length_s:.0f} s"
    if bout.length_s >= 100:
        length = f"{bout.length_s / 60:.1f} minutes"
    steps = count(round(bout.steps), "step")
    rated = "" if bout.quality is None else f", {bout.quality} quality"
    begun = clock.text(bout.start_s)
    return f"{steps} in {length} from {begun}, {bout.cadence_spm:.0f} steps a minute{rated}"


def _at_steps(seen: Seen) -> Signal:
    if not len(seen.trace.at_s):
        return np.full(len(seen.steps_s), np.nan)
    return np.interp(seen.steps_s, seen.trace.at_s, seen.trace.g)


def scale(g: Signal) -> tuple[float, float, list[float]]:
    """Lowest, highest and round ticks of a scale in g that holds the signal."""
    low, high = (float(g.min()), float(g.max())) if len(g) else (0.95, 1.05)
    spare = max(LEAST_RANGE_G - (high - low), 0.0) / 2
    low, high = low - spare, high + spare
    step = next((step for step in STEPS_G if (high - low) / step <= 4), STEPS_G[-1])
    first, last = np.floor(low / step + 1e-9), np.ceil(high / step - 1e-9)
    ticks = [round(i * step, 2) for i in range(int(first), int(last) + 1)]
    return ticks[0], ticks[-1], ticks


def _draw(seen: Seen, clock: Clock, text: str, look: Look) -> Spec:
    palette, view = look.palette, seen.view
    ms = clock.ms_from(view.start_s)
    span = ms(view.start_s), ms(view.end_s)
    x = clock_x(span, clock.ticks(span, look), look)
    low, high, ticks = scale(seen.trace.g)
    y = _y(low, high, ticks, look)
    bouts = [(ms(bout.start_s), ms(bout.end_s)) for bout in seen.bouts]
    missing = [(ms(start_s), ms(end_s)) for start_s, end_s in _missing(seen)]
    marked = [
        {"at": ms(at), "g": round(float(g), 4), "low": low, "high": high}
        for at, g in zip(seen.steps_s, _at_steps(seen), strict=True)
    ]
    drawn = extremes(seen.trace, view.start_s, view.end_s, look.plot)
    points = [
        {"at": ms(at), "g": round(g, 4), "run": run}
        for at, g, run in zip(
            drawn.at_s.tolist(), drawn.g.tolist(), drawn.run.tolist(), strict=True
        )
    ]
    line = {"type": "line", "color": palette.ink, "strokeWidth": 1.1, "strokeJoin": "round"}
    rule = {"type": "rule", "color": palette.pain, "strokeWidth": 1, "opacity": 0.55}
    dot = {"type": "point", "filled": True, "opacity": 1, "color": palette.pain}
    rim = {"size": 30 if look.phone else 42, "stroke": palette.paper, "strokeWidth": 0.8}
    layers = [
        *boxes(clipped(missing, span), x, {"color": palette.unseen}),
        *boxes(clipped(bouts, span), x, {"color": palette.walk, "opacity": BOUT_OPACITY}),
        layer(marked, rule, x=x, y={**y, "field": "low"}, y2={"field": "high"}),
        layer(points, line, x=x, y=y, detail={"field": "run", "type": "nominal"}),
        layer(marked, {**dot, **rim}, x=x, y=y),
    ]
    height = 120 if look.phone else 130
    return stacked([panel(layers, look, height, HEADING, [], look.text + 16)], text)


def _y(low: float, high: float, ticks: list[float], look: Look) -> Spec:
    return {
        "field": "g",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {
            "values": ticks,
            "format": ".2f" if ticks[1] - ticks[0] < 0.1 else ".1f",
            "labelColor": look.palette.muted,
            "labelFontSize": look.text,
            "labelPadding": 6,
            "ticks": False,
            "domain": False,
            "grid": True,
            "gridColor": look.palette.grid,
        },
    }


def _missing(seen: Seen) -> list[tuple[float, float]]:
    """Where the view has no signal."""
    at_s, view = seen.trace.at_s, seen.view
    if not len(at_s):
        return [(view.start_s, view.end_s)]
    breaks = np.flatnonzero(np.diff(seen.trace.run))
    free = [(view.start_s, at_s[0]), *zip(at_s[breaks], at_s[breaks + 1], strict=True)]
    return [(a, b) for a, b in [*free, (at_s[-1], view.end_s)] if b - a > LEAST_GAP_S]
