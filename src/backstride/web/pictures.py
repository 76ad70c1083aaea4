"""Serving a chart: the sizes and themes a page offers, and the answer to a browser."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from backstride import charts
from backstride.charts import Picture

WIDTHS = (340, 720)  # pixels: a phone's column and a desktop's
LARGE = 1080  # of a picture opened by itself
THEMES = ("light", "dark")


def sources(name: str, query: str = "", *args: str) -> dict[str, str]:
    """The addresses `parts/picture.html` needs: theme and width as `light_340`.

    `args` stand before theme and width in the address.
    """
    return {
        f"{theme}_{width}": reverse(name, args=[*args, theme, width]) + query
        for theme in THEMES
        for width in (*WIDTHS, LARGE)
    }


def answer(picture: Picture, theme: str, width: int) -> HttpResponse:
    """The picture as SVG, or 404 for a theme or width that no page offers."""
    if theme not in THEMES or width not in (*WIDTHS, LARGE):
        raise Http404
    return HttpResponse(charts.svg(picture, theme, width), content_type="image/svg+xml")
