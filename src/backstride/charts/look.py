"""How charts look: two palettes and two sizes, chosen so that each reads without colour.

Every text colour has a contrast of at least 4.5 to 1 on its background and every mark that
carries meaning at least 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11); the tests measure it. Blue and
orange differ for all common kinds of colour blindness, and where two fills touch they
differ in lightness as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]

# The generic family at the end is what the offline renderer measures and draws: it brings
# its own Liberation Sans, so a picture has the same text on a machine without fonts.
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, 'Liberation Sans', sans-serif"

PHONE_BELOW_PX = 560  # narrower pictures get the phone's larger text and fewer ticks
DESKTOP_PX = 900
MIN_PX, MAX_PX = 240, 2400


@dataclass(frozen=True)
class Palette:
    """Colours as `#rrggbb`; `walk`, `brisk` and `noted` are fills, `ink` also draws the plan."""

    paper: str
    ink: str
    muted: str
    grid: str
    unseen: str
    walk: str
    brisk: str
    noted: str
    pain: str
    flare: str
    heat: tuple[str, str, str, str]  # from little to much; each next one is told apart


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        paper="#ffffff",
        ink="#1f2933",
        muted="#52606d",
        grid="#e4e8ec",
        unseen="#eef1f4",
        walk="#4f93cf",
        brisk="#17477e",
        noted="#0d5c4f",
        pain="#b04a12",
        flare="#8f1d1d",
        heat=("#cfe3f6", "#85b5e2", "#3a78b5", "#10355f"),
    ),
    "dark": Palette(
        paper="#12181f",
        ink="#eef3f8",
        muted="#a9b6c3",
        grid="#2a3440",
        unseen="#1e2731",
        walk="#3f7ab5",
        brisk="#a8d2f8",
        noted="#93e0c9",
        pain="#f0a065",
        flare="#ffb4a8",
        heat=("#1d4468", "#3f7ab5", "#7fb9ec", "#dbeeff"),
    ),
}


@dataclass(frozen=True)
class Look:
    """A palette and the sizes, all in CSS px, that suit a picture `width` px wide."""

    palette: Palette
    width: int
    text: int  # axis labels and keys
    head: int  # a panel's own heading
    left: int  # room for the y axis' labels
    right: int
    big: int  # height of a main panel
    small: int  # height of a second panel
    line: float

    @property
    def phone(self) -> bool:
        return self.width < PHONE_BELOW_PX

    @property
    def plot(self) -> int:
        """Width of the plotting area in px."""
        return self.width - self.left - self.right


def look(theme: Theme = "light", width: int = DESKTOP_PX) -> Look:
    """The look for a theme and a width in px; raises ValueError for one it can't do."""
    if theme not in PALETTES:
        raise ValueError(f"unknown theme {theme!r}; expected one of {sorted(PALETTES)}")
    if not MIN_PX <= width <= MAX_PX:
        raise ValueError(f"a width of {width} px; expected {MIN_PX} to {MAX_PX} px")
    palette = PALETTES[theme]
    if width < PHONE_BELOW_PX:
        return Look(palette, width, 13, 14, 44, 14, 200, 140, 2.0)
    return Look(palette, width, 13, 14, 42, 18, 240, 160, 2.2)
