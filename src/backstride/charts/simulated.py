"""Virtual walkers under several regimens, and how far each parameter moves the comparison."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from backstride.charts.frames import (
    Key,
    Row,
    Spec,
    at_px,
    label,
    layer,
    nice_top,
    panel,
    stacked,
    text_px,
    value_y,
)
from backstride.charts.look import Look, Palette
from backstride.charts.picture import Picture
from backstride.records import Schema
from backstride.simulation import (
    CHECK_ONLY,
    Comparison,
    Sensitivity,
    Swing,
    parameters,
    week_looked_at,
)

SIMULATED: Schema = {
    # One row a regimen and week.
    "regimen": pl.String(),
    "week": pl.Int64(),
    "minutes": pl.Float64(),  # walked that week, mean over people
    "flares_per_100": pl.Float64(),  # so far
}
SWINGS: Schema = {
    # One row a parameter: ours less the other regimen's, at half and one and a half times.
    "parameter": pl.String(),
    "value": pl.Float64(),
    "flares_per_100_at_half": pl.Float64(),
    "flares_per_100_at_more": pl.Float64(),
    "minutes_at_half": pl.Float64(),
    "minutes_at_more": pl.Float64(),
}
DASHES = ((), (6, 3), (2, 2), (9, 3, 2, 3), (1, 4))
MOST_ROWS = 12  # swings drawn; the table has them all
ROW_PX = 36


def simulated(comparison: Comparison) -> Picture:
    """Minutes walked a week and flares so far, week by week, a line a regimen."""
    table = pl.DataFrame(
        [
            {"regimen": o.title, "week": n + 1, "minutes": minutes, "flares_per_100": 100 * flares}
            for o in comparison.outcomes
            for n, (minutes, flares) in enumerate(
                zip(o.minutes_by_week, o.flares_by_week, strict=True)
            )
        ],
        schema=SIMULATED,
    )
    text = _text(comparison)
    draw = functools.partial(_draw, comparison, text)
    return Picture(f"Virtual walkers: {comparison.model.title}", text, table, draw)


def swings(found: Sensitivity) -> Picture:
    """How the flares of our regimen less the other's move with each parameter."""
    rows = [
        {
            "parameter": swing.parameter,
            "value": swing.value,
            "flares_per_100_at_half": 100 * swing.flares[0],
            "flares_per_100_at_more": 100 * swing.flares[1],
            "minutes_at_half": swing.minutes[0],
            "minutes_at_more": swing.minutes[1],
        }
        for swing in found.swings
    ]
    text = _swing_text(found)
    draw = functools.partial(_draw_swings, found, text)
    title = f"What moves the comparison: {found.model.title}"
    return Picture(title, text, pl.DataFrame(rows, schema=SWINGS), draw)


def _text(comparison: Comparison) -> str:
    week = week_looked_at(comparison.weeks)
    each = "; ".join(
        f"{o.title} {o.means['minutes'].value:.0f} minutes in week {week}, "
        f"{100 * o.means['flares'].value:.0f} flares per 100 people over {comparison.weeks} weeks"
        for o in comparison.outcomes
    )
    people = f"{comparison.people} virtual walkers in the model “{comparison.model.title}”"
    return f"{people}, the same under each regimen: {each}. {CHECK_ONLY}"


def _colours(palette: Palette) -> tuple[str, ...]:
    return (palette.brisk, palette.pain, palette.walk, palette.noted, palette.muted)


def _draw(comparison: Comparison, text: str, look: Look) -> Spec:
    outcomes = comparison.outcomes
    keys = [
        Key("rule", colour, o.title, dash)
        for o, colour, dash in zip(outcomes, _colours(look.palette), DASHES, strict=True)
    ]
    minutes = [[*o.minutes_by_week] for o in outcomes]
    flares = [[100 * f for f in o.flares_by_week] for o in outcomes]
    weeks = comparison.weeks
    return stacked(
        [
            panel(
                _lines(minutes, weeks, look, labels=False),
                look,
                look.big,
                "Minutes walked a week",
                keys,
                14,
            ),
            panel(
                _lines(flares, weeks, look, labels=True),
                look,
                look.small,
                "Flares per 100 people",
                [],
                look.text + 20,
            ),
        ],
        text,
    )


def _lines(values: Sequence[Sequence[float]], weeks: int, look: Look, labels: bool) -> list[Spec]:
    top, ticks = nice_top(max((v for line in values for v in line), default=0))
    step = next(n for n in (1, 2, 4, 13, 26, 52, weeks) if weeks / n <= (7 if look.phone else 14))
    muted = look.palette.muted
    across: Spec = {
        "field": "week",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [1, max(weeks, 2)], "nice": False},
        "axis": {
            "values": [week for week in range(1, weeks + 1) if week % step == 0 or week == 1],
            "format": "d",
            "labels": labels,
            "labelColor": muted,
            "labelFontSize": look.text,
            "labelOverlap": True,
            "grid": False,
            "ticks": labels,
            "tickColor": muted,
            "domainColor": muted,
        },
    }
    found = []
    for line, colour, dash in reversed(
        list(zip(values, _colours(look.palette), DASHES, strict=True))
    ):
        rows: list[Row] = [{"week": n + 1, "value": round(v, 3)} for n, v in enumerate(line)]
        mark: Spec = {"type": "line", "color": colour, "strokeWidth": look.line}
        if dash:
            mark["strokeDash"] = list(dash)
        if len(rows) == 1:
            mark = {"type": "point", "color": colour, "filled": True, "size": 40}
        found.append(layer(rows, mark, x=across, y=value_y("value", top, ticks, look)))
    return found


def _swing_text(found: Sensitivity) -> str:
    week = week_looked_at(found.weeks)
    head = (
        f"In the model “{found.model.title}” Backstride's walkers had "
        f"{_signed(100 * found.flares)} flares per 100 people against {found.other.title}, and "
        f"walked {_signed(found.minutes)} minutes in week {week}."
    )
    if not found.swings:
        return f"{head} {CHECK_ONLY}"
    first = found.swings[0]
    low, high = sorted(100 * value for value in first.flares)
    about = parameters()[first.parameter].about
    widest = (
        f"Halving each parameter, and raising it by half, moves this most with "
        f"{first.parameter} ({about}): {_signed(low)} to {_signed(high)} flares."
    )
    return f"{head} {widest} {CHECK_ONLY}"


def _signed(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−").replace("+0", "0").replace("−0", "0")


def _draw_swings(found: Sensitivity, text: str, look: Look) -> Spec:
    shown = found.swings[:MOST_ROWS]
    every = [100 * found.flares, *(100 * f for swing in shown for f in swing.flares)]
    reach = nice_top(max(abs(value) for value in every))[0]
    middle, px = look.plot / 2, look.plot / 2 / reach
    height = ROW_PX * len(shown) + 6
    palette = look.palette

    def at(value: float) -> float:
        return middle + value * px

    layers = [*_scale(reach, at(0), px, height, look)]
    for row, swing in enumerate(shown):
        layers += _row(swing, row, at, 100 * found.flares, look)
    as_is = at(100 * found.flares)
    layers.append(
        layer(
            [{}],
            {"type": "rule", "color": palette.ink, "strokeWidth": 1.5, "strokeDash": [4, 3]},
            **at_px(x=as_is, x2=as_is, y=0, y2=height),
        )
    )
    keys = [
        Key("box", palette.walk, "parameter halved"),
        Key("box", palette.brisk, "raised by half"),
        Key("rule", palette.ink, "as it is", (4, 3)),
    ]
    heading = "Flares, ours less theirs"
    return stacked([panel(layers, look, height, heading, keys, look.text + 20)], text)


def _scale(reach: float, zero: float, px: float, height: int, look: Look) -> Iterator[Spec]:
    for value in (-reach, -reach / 2, 0.0, reach / 2, reach):
        x = zero + value * px
        colour = look.palette.muted if value == 0 else look.palette.grid
        line = {"type": "rule", "color": colour, "strokeWidth": 1}
        yield layer([{}], line, **at_px(x=x, x2=x, y=0, y2=height))
        name = f"{value:+g}".replace("-", "−") if value else "0"
        half = text_px(name, look.text) / 2
        x = min(max(x, half - look.left), look.plot + look.right - half)
        muted = look.palette.muted
        yield label(name, x, height + 12, look.text, muted, align="center")


def _row(
    swing: Swing, row: int, at: Callable[[float], float], as_is: float, look: Look
) -> list[Spec]:
    """A parameter's name and, below it, a bar from how it is to each end."""
    top = ROW_PX * row + 4
    name = label(swing.parameter.replace("_", " "), 2, top + 8, look.text, look.palette.ink)
    bars = [name]
    for part, value in enumerate(swing.flares):
        colour = (look.palette.walk, look.palette.brisk)[part]
        low, high = sorted((at(100 * value), at(as_is)))
        place = at_px(x=low - 0.5, x2=high + 0.5, y=top + 17 + 6 * part, y2=top + 22 + 6 * part)
        bars.append(layer([{}], {"type": "rect", "color": colour}, **place))
    return bars
