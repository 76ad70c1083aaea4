"""The design system on one page: its tokens and its parts, as the pages use them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.shortcuts import render

from backstride.web.people.context import STAFF_ROOMS, WALKER_ROOMS

SHEET = Path(__file__).parents[1] / "static" / "backstride" / "backstride.css"
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b")
# Which colour of letters stands on which ground.
PAIRS = (
    ("ink", "ground"),
    ("ink", "card"),
    ("soft", "ground"),
    ("soft", "card"),
    ("go", "ground"),
    ("go", "card"),
    ("on-go", "go"),
    ("on-go", "go-strong"),
    ("ink", "go-wash"),
    ("go-strong", "go-wash"),
    ("ink", "pain-wash"),
    ("pain", "card"),
    ("stop", "card"),
    ("stop", "stop-wash"),
    ("ink", "stop-wash"),
    ("soft", "stop-wash"),
    ("warm", "warm-wash"),
    ("ink", "warm-wash"),
    ("on-cover", "cover"),
)


@cache
def colours() -> dict[str, dict[str, str]]:
    """The colour tokens by theme ("light", "dark"): name to #rrggbb as the style sheet has it."""
    light, dark = re.findall(r":root \{(.*?)\}", SHEET.read_text(encoding="utf-8"), re.DOTALL)[:2]
    return {"light": dict(COLOUR.findall(light)), "dark": dict(COLOUR.findall(dark))}


def design(request):
    icons = [name for name, _ in (*WALKER_ROOMS, *STAFF_ROOMS, ("help", "Help"), ("you", "You"))]
    context = {"colours": colours(), "pairs": PAIRS, "icons": icons, "scale": range(11)}
    return render(request, "people/design.html", context)
