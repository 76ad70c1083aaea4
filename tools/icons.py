"""Draw the app's icons from the site's mark again: `make icons`."""

from __future__ import annotations

import re
from pathlib import Path

import vl_convert

FOLDER = Path(__file__).parent.parent / "src/backstride/web/static/backstride"
SIDE = 32  # of the mark's viewBox
SAFE = 0.8  # of a maskable icon, whose rim a phone may cut away


def main() -> None:
    mark = (FOLDER / "icon.svg").read_text(encoding="utf-8")
    sized = mark.replace("<svg ", f'<svg width="{SIDE}" height="{SIDE}" ', 1)
    for size in (192, 512):
        _draw(sized, f"icon-{size}", size)
        _draw(_full(sized), f"maskable-{size}", size)
    _draw(_full(sized), "icon-180", 180)  # iOS cuts the corners itself


def _full(mark: str) -> str:
    """The mark's ground to the very edge, and the rest within the safe circle."""
    ground = mark.replace(' rx="9"', "")
    rim = SIDE * (1 - SAFE) / 2
    moved = f'<g transform="translate({rim} {rim}) scale({SAFE})">'
    return re.sub(r"(<rect[^>]*/>)(.*)</svg>", rf"\1{moved}\2</g></svg>", ground, flags=re.DOTALL)


def _draw(svg: str, name: str, size: int) -> None:
    png = vl_convert.svg_to_png(svg, scale=size / SIDE)
    (FOLDER / f"{name}.png").write_bytes(png)


if __name__ == "__main__":
    main()
