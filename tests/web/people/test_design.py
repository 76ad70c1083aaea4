"""One design system: its colours can be read, and nothing in its style sheet is dead."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.urls import reverse

from backstride.web.people.design import PAIRS, SHEET, colours

READABLE = 4.5  # WCAG 2.2, 1.4.3
WEB = SHEET.parents[2]


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb, by WCAG 2.2."""
    digits = colour[1:]
    pairs = [2 * d for d in digits] if len(digits) == 3 else re.findall("..", digits)
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(pair, 16) / 255 for pair in pairs)
    ]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(("pair", "theme"), list(product(PAIRS, ("light", "dark"))))
def test_letters_can_be_read(pair, theme):
    light, dark = sorted((luminance(colours()[theme][name]) for name in pair), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= READABLE


def test_both_themes_have_every_colour():
    assert set(colours()["light"]) == set(colours()["dark"])


def test_every_colour_is_a_token():
    """Colours are chosen at the top of the sheet, and nowhere else."""
    after = SHEET.read_text(encoding="utf-8").split("*, *::before", 1)[1]
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", after)) <= {"#fff"}  # paper, when printed


def test_no_class_is_dead():
    sheet = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    styled = set(re.findall(r"\.([a-z][\w-]*)", sheet))
    places = [*WEB.rglob("*.html"), *WEB.rglob("*.py"), *WEB.rglob("*.js")]
    used = " ".join(place.read_text(encoding="utf-8") for place in places)
    # `notice-{{ level }}` and the like are put together in the templates.
    dead = {name for name in styled if not re.search(rf"(?<![\w-]){name}(?![\w-])", used)}
    dead -= {"helptext"}  # of Django's own forms
    assert not {name for name in dead if f"{name.rsplit('-', 1)[0]}-{{{{" not in used}


def test_the_page_shows_every_colour(client, db):
    page = client.get(reverse("design")).content.decode()
    for name in colours()["light"]:
        assert f"var(--{name})" in page
