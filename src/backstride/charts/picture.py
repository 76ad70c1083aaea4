"""A picture: a chart with its data table and its text, drawn offline by vl-convert.

Drawing needs no browser, no network and no installed font, and gives the same bytes for
the same input. vl-convert keeps one worker for the process and queues calls to it, so any
thread may draw.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import polars as pl

from backstride.charts import fonts
from backstride.charts.frames import Spec
from backstride.charts.look import DESKTOP_PX, Look, Theme, look
from backstride.errors import UnsupportedFormat
from backstride.words import language

VEGA_LITE = "6.4"
# How a language writes numbers, where not as English (a locale of d3-format).
NUMBERS: dict[str, dict[str, Any]] = {
    "es": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " €"]}
}


@dataclass(frozen=True)
class Picture:
    """A chart that can be drawn at any width in either theme.

    `title` is for the heading beside the picture (the chart doesn't repeat it), `text` says
    in plain words what the chart shows and serves as its text alternative, `table` holds
    the same data as a table, one row per bar. `draw` makes the Vega-Lite spec for a `Look`.
    """

    title: str
    text: str
    table: pl.DataFrame
    draw: Callable[[Look], Spec]

    @property
    def spec(self) -> Spec:
        """The Vega-Lite spec in the light theme at desktop width."""
        return self.draw(look())

    def height(self, width: int) -> int:
        """How high, in px, the picture is when it is `width` px wide, without drawing it."""
        rooms = [panel["layer"][0]["encoding"] for panel in self.draw(look(width=width))["vconcat"]]
        px: float = sum(room["y2"]["value"] - room["y"]["value"] for room in rooms)
        return round(px)


def svg(
    picture: Picture,
    theme: Theme = "light",
    width: int = DESKTOP_PX,
    background: bool = False,
) -> str:
    """The picture as SVG, exactly `width` px wide, fit for `<img>`.

    It holds no script, no style and no reference to anything outside. The background is
    transparent unless `background` is set, so that it sits on the page's own colour.
    """
    import vl_convert

    style = look(theme, width)
    spec, numbers = _spec(picture, style, background), NUMBERS.get(language())
    drawn = str(vl_convert.vegalite_to_svg(spec, VEGA_LITE, format_locale=numbers))
    head, body = drawn.split(">", 1)
    return f'{head} lang="{language()}" role="img"><title>{_xml(str(picture.text))}</title>{body}'


def png(
    picture: Picture, theme: Theme = "light", width: int = DESKTOP_PX, scale: float = 2.0
) -> bytes:
    """The picture as PNG, `width * scale` pixels wide, on the theme's background."""
    import vl_convert

    if not 0.25 <= scale <= 6:
        raise ValueError(f"a scale of {scale}; expected 0.25 to 6")
    spec = _spec(picture, look(theme, width), background=True)
    numbers = NUMBERS.get(language())
    _with_fonts()
    return bytes(vl_convert.vegalite_to_png(spec, VEGA_LITE, scale=scale, format_locale=numbers))


def save(
    picture: Picture, path: str | Path, theme: Theme = "light", width: int = DESKTOP_PX
) -> Path:
    """Write the picture as the path's suffix says: `.svg` or `.png`.

    Raises UnsupportedFormat for another suffix, OSError where the file can't be written.
    """
    path = Path(path)
    match path.suffix.lower():
        case ".svg":
            path.write_text(svg(picture, theme, width, background=True), encoding="utf-8")
        case ".png":
            path.write_bytes(png(picture, theme, width))
        case other:
            kind = f"pictures can't be written as {other!r}" if other else "no file type is given"
            raise UnsupportedFormat(path, kind, "Use a name that ends in .svg or .png.")
    return path


@functools.cache
def warm_up() -> None:
    """Start the renderer (about half a second, once a process) before anyone waits for it."""
    import vl_convert

    empty: Spec = {"data": {"values": [{}]}, "mark": "point"}
    vl_convert.vegalite_to_svg(empty, VEGA_LITE)


@functools.cache
def _with_fonts() -> None:
    """Let the renderer find the glyphs that its own font hasn't: a PNG can't borrow a browser's."""
    import vl_convert

    for folder in fonts.folders():
        vl_convert.register_font_directory(str(folder))


def _spec(picture: Picture, style: Look, background: bool) -> Spec:
    spec: Spec = told(picture.draw(style))
    return {**spec, "background": style.palette.paper if background else None}


def told(spec: Any) -> Any:
    """A spec, or a part of one, with its texts in the reader's language."""
    match spec:
        case str():
            return str(spec)
        case dict():
            return {key: told(value) for key, value in spec.items()}
        case list() | tuple():
            return [told(value) for value in spec]
    return spec


def _xml(text: str) -> str:
    """Escape, and drop the control characters that XML 1.0 can't hold."""
    return escape("".join(char for char in text if char >= " " or char in "\t\n"))
