"""Drawing a whole recording in rows of time."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backstride.charts.frames import Key, Row, Spec, layer, panel, stacked, text_px
from backstride.charts.gallery.clock import DAY_S, Clock
from backstride.charts.gallery.frame import (
    BOUT_OPACITY,
    Span,
    bout_colour,
    boxes,
    clipped,
    clock_x,
)
from backstride.charts.gallery.signal import Signal
from backstride.charts.gallery.views import View
from backstride.charts.look import Look

BINS_S = (10, 60, 120, 300, 600, 1200, 1800, 3600)
BIN_PX = 1.3  # a bar is at least so wide
TOP_SPM = 150.0  # the height of a row, unless more was walked
GRID_SPM = 50
NUMBERS_PX = 18  # above each row, for the views' numbers
ALL_ROWS_PX, ROW_PX = 700, (18, 48)  # what rows share, and what one needs at least and most
ALONE_PX = 150  # the height of a single row
UNWORN_PX = 5


@dataclass(frozen=True)
class Day:
    """A row of the chart: `start_s` to `end_s` (s since 1970), its name, long and short."""

    start_s: float
    end_s: float
    name: str = ""
    short: str = ""


@dataclass(frozen=True)
class Whole:
    """What there is to draw, in s since 1970."""

    days: Sequence[Day]
    clock: Clock
    steps_s: Signal
    bouts: Sequence[tuple[float, float]]
    unseen: Sequence[tuple[float, float]]
    unworn: Sequence[tuple[float, float]]
    views: Sequence[View]
    text: str


@dataclass(frozen=True)
class _Row:
    """Where a day is drawn: `top` and `foot` in px from above, and ms across."""

    day: Day
    top: float
    foot: float
    span: Span

    def ms(self, at_s: float) -> float:
        # On the two days that clocks change, a row's 23 or 25 hours fill the room of 24.
        share = (at_s - self.day.start_s) / (self.day.end_s - self.day.start_s)
        return round(self.span[0] + share * (self.span[1] - self.span[0]), 1)

    def boxes(
        self, spans: Sequence[tuple[float, float]], least_ms: float = 0.0, high: float | None = None
    ) -> Iterator[Row]:
        """The spans in this row, `high` px from its foot (all of it), `least_ms` wide."""
        top = self.top if high is None else self.foot - high
        inside = [(a, b) for a, b in spans if a < self.day.end_s and b > self.day.start_s]
        found = ((self.ms(a), max(self.ms(b), self.ms(a) + least_ms)) for a, b in inside)
        for row in clipped(_joined(found), self.span):
            yield {**row, "top": round(top, 2), "foot": round(self.foot, 2)}


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, in ascending order, those as one that overlap where they are drawn."""
    low, high = -np.inf, -np.inf
    for start, end in spans:
        if start > high:
            if low < high:
                yield low, high
            low = start
        high = max(high, end)
    if low < high:
        yield low, high


@dataclass(frozen=True)
class _Sheet:
    """The rows, and the channels that marks on them go by: x in ms, y in px from above."""

    whole: Whole
    rows: Sequence[_Row]
    look: Look
    x: Spec
    y: Callable[[str], Spec]

    @property
    def px_ms(self) -> float:
        """How many ms one px is."""
        first, last = self.rows[0].span
        return (last - first) / self.look.plot

    def layer(self, rows: Sequence[Row], kind: str, **mark: object) -> Spec:
        """Marks at `at` and `y`."""
        text: Spec | None = {"field": "text", "type": "nominal"} if kind == "text" else None
        return layer(rows, {"type": kind, **mark}, x=self.x, y=self.y("y"), text=text)

    def boxes(self, rows: Sequence[Row], **mark: object) -> list[Spec]:
        return boxes(rows, self.x, mark, y=self.y("top"), y2={"field": "foot"})


def draw(whole: Whole, look: Look) -> Spec:
    """The spec: one row with a scale, or a row a day with the days' names."""
    days, alone = whole.days, len(whole.days) == 1
    if not alone:
        look = replace(look, left=62 if look.phone else 96)
    high = NUMBERS_PX
    high += ALONE_PX if alone else min(max(ALL_ROWS_PX // len(days), ROW_PX[0]), ROW_PX[1])
    ms = whole.clock.ms_from(days[0].start_s)
    span = (ms(days[0].start_s), ms(days[0].end_s)) if alone else (0.0, DAY_S * 1000.0)
    rows = [_Row(day, i * high + NUMBERS_PX, (i + 1) * high, span) for i, day in enumerate(days)]
    x = clock_x(span, whole.clock.ticks(span, look), look)
    sheet = _Sheet(whole, rows, look, x, functools.partial(_y, total=len(days) * high))
    bin_s = _bin_s(days[-1].end_s - days[-1].start_s, look)
    bars = [_bars(day, whole.steps_s, bin_s) for day in days]
    top_spm = max([TOP_SPM, *(spm for of_day in bars for *_, spm in of_day)])
    layers = [
        *(_grid(sheet, top_spm) if alone else _names(sheet)),
        *_bands(sheet),
        *_walked(sheet, bars, top_spm),
        *_numbers(sheet),
    ]
    told = f"{bin_s} s" if bin_s < 60 else f"{bin_s // 60} min"
    over = "" if look.phone and not alone else f" over {told}"
    heading = f"Steps a minute{over}" + ("" if alone else f", rows to {top_spm:.0f}")
    below = look.text + 18
    return stacked(
        [panel(layers, look, len(days) * high, heading, _keys(whole, look), below)], whole.text
    )


def _y(field: str, total: float) -> Spec:
    scale = {"domain": [0, total], "range": [0, total], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _bin_s(row_s: float, look: Look) -> int:
    return next((size for size in BINS_S if look.plot * size / row_s >= BIN_PX), BINS_S[-1])


def _bars(day: Day, steps_s: Signal, bin_s: int) -> list[tuple[float, float, float]]:
    """(from, to, steps a minute) of each bin in which somebody walked."""
    edges = np.append(np.arange(day.start_s, day.end_s, bin_s), day.end_s)
    steps, _ = np.histogram(steps_s, edges)
    spm = 60 * steps / np.maximum(np.diff(edges), bin_s / 2)
    return [(float(edges[i]), float(edges[i + 1]), float(spm[i])) for i in np.flatnonzero(steps)]


def _bands(sheet: _Sheet) -> list[Spec]:
    palette, whole = sheet.look.palette, sheet.whole
    unseen = [box for row in sheet.rows for box in row.boxes(whole.unseen)]
    bouts = [box for row in sheet.rows for box in row.boxes(whole.bouts, least_ms=sheet.px_ms)]
    unworn = [box for row in sheet.rows for box in row.boxes(whole.unworn, high=UNWORN_PX)]
    return [
        *sheet.boxes(unseen, color=palette.unseen),
        *sheet.boxes(bouts, color=palette.walk, opacity=BOUT_OPACITY),
        *sheet.boxes(unworn, color=palette.muted),
    ]


def _walked(
    sheet: _Sheet, bars: Sequence[Sequence[tuple[float, float, float]]], top_spm: float
) -> list[Spec]:
    palette = sheet.look.palette
    found = [
        box
        for row, of_day in zip(sheet.rows, bars, strict=True)
        for a, b, spm in of_day
        for box in row.boxes([(a, b)], high=spm / top_spm * (row.foot - row.top))
    ]
    feet = [{"at": row.span[0], "to": row.span[1], "y": row.foot} for row in sheet.rows]
    line = {"type": "rule", "color": palette.muted, "strokeWidth": 0.75}
    return [
        *sheet.boxes(found, color=palette.walk),
        layer(feet, line, x=sheet.x, x2={"field": "to"}, y=sheet.y("y")),
    ]


def _numbers(sheet: _Sheet) -> list[Spec]:
    """The views' numbers above the rows, near ones together, and a mark as wide as each."""
    ink, text_size = sheet.look.palette.ink, sheet.look.text
    marks: list[Row] = []
    groups: list[tuple[_Row, list[tuple[int, float]]]] = []
    near_ms = text_px("00–00", text_size) * sheet.px_ms
    for number, view in enumerate(sheet.whole.views, 1):
        middle_s = (view.start_s + view.end_s) / 2
        row = next(row for row in sheet.rows if middle_s <= row.day.end_s)
        low, high = row.ms(view.start_s), row.ms(view.end_s)
        middle, half = (low + high) / 2, max((high - low) / 2 - sheet.px_ms, sheet.px_ms)
        box = {"at": middle - half, "to": middle + half}
        marks.append({**box, "top": row.top - 4, "foot": row.top - 1})
        if groups and groups[-1][0] is row and middle - groups[-1][1][-1][1] < near_ms:
            groups[-1][1].append((number, middle))
        else:
            groups.append((row, [(number, middle)]))
    texts = [_numbered(sheet, row, group) for row, group in groups]
    words = sheet.layer(texts, "text", color=ink, fontSize=text_size, fontWeight="bold")
    return [*sheet.boxes(marks, color=ink), words]


def _numbered(sheet: _Sheet, row: _Row, group: Sequence[tuple[int, float]]) -> Row:
    (first, low), (last, high) = group[0], group[-1]
    text = f"{first}" if first == last else f"{first}–{last}"
    half_ms = text_px(text, sheet.look.text) / 2 * sheet.px_ms
    middle = min(max((low + high) / 2, row.span[0] + half_ms), row.span[1] - half_ms)
    return {"at": middle, "y": row.top - 10, "text": text}


def _grid(sheet: _Sheet, top_spm: float) -> list[Spec]:
    """Labels and light lines of the only row's scale."""
    row, look = sheet.rows[0], sheet.look
    rows = [
        {
            "at": row.span[0],
            "to": row.span[1],
            "y": row.foot - spm / top_spm * (row.foot - row.top),
            "text": f"{spm}",
        }
        for spm in range(0, int(top_spm) + 1, GRID_SPM)
    ]
    rule = {"type": "rule", "color": look.palette.grid}
    words = {"color": look.palette.muted, "fontSize": look.text, "align": "right", "dx": -8}
    return [
        layer(rows, rule, x=sheet.x, x2={"field": "to"}, y=sheet.y("y")),
        sheet.layer(rows, "text", baseline="middle", **words),
    ]


def _names(sheet: _Sheet) -> list[Spec]:
    look = sheet.look
    rows = [
        {
            "at": row.span[0],
            "y": row.foot - min(9, (row.foot - row.top) / 2),
            "text": row.day.short if look.phone else row.day.name,
        }
        for row in sheet.rows
    ]
    words = {"color": look.palette.muted, "fontSize": look.text, "align": "right", "dx": -8}
    return [sheet.layer(rows, "text", baseline="middle", **words)]


def _keys(whole: Whole, look: Look) -> list[Key]:
    palette = look.palette
    keys = [
        (bool(whole.bouts), Key("box", palette.walk, "steps a minute")),
        (bool(whole.bouts), Key("box", bout_colour(palette), "bout of walking")),
        (bool(whole.unworn), Key("rule", palette.muted, "not worn")),
        (bool(whole.unseen), Key("band", palette.unseen, "not recorded")),
        (bool(whole.views), Key("rule", palette.ink, "panel below, by number")),
    ]
    return [key for wanted, key in keys if wanted]
