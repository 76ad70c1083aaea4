"""Serving a chart: the sizes and themes a page offers, and the answer to a browser."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from backstride import charts
from backstride.charts import Picture

WIDTHS = (340, 720)  # pixels: a phone's column and a desktop's
LARGE = 1080  # of a picture opened by itself
THEMES = ("light", "dark")


def sources(picture: Picture, name: str, query: str = "", *args: str) -> dict[str, str | int]:
    """What `parts/picture.html` needs: addresses by theme and width as `light_340`, and the
    height by width as `height_340`, so that a page keeps the room before the picture is there.

    `args` stand before theme and width in the address.
    """
    widths = (*WIDTHS, LARGE)
    addresses = {
        f"{theme}_{width}": reverse(name, args=[*args, theme, width]) + query
        for theme in THEMES
        for width in widths
    }
    return addresses | {f"height_{width}": picture.height(width) for width in widths}


def answer(picture: Picture, theme: str, width: int) -> HttpResponse:
    """The picture as SVG, or 404 for a theme or width that no page offers."""
    if theme not in THEMES or width not in (*WIDTHS, LARGE):
        raise Http404
    return HttpResponse(charts.svg(picture, theme, width), content_type="image/svg+xml")
