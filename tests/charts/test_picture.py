"""Every picture, in every theme and size: fit for <img>, offline, the same each time."""

from __future__ import annotations

import functools
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import altair as alt
import polars as pl
import pytest

from backstride.charts import (
    Picture,
    heat_map,
    png,
    save,
    svg,
    together,
    walking_and_pain,
    week_plan,
    weeks_beside,
    what_helps,
)
from backstride.charts.gallery.clock import Clock
from backstride.charts.gallery.overview import overview
from backstride.charts.gallery.signal import activity, cut
from backstride.charts.gallery.strip import Seen, strip
from backstride.charts.gallery.views import bouts_of, choose
from backstride.charts.look import PALETTES, look
from backstride.errors import UnsupportedFormat
from backstride.evidence import comparisons
from backstride.records import DAYS, PAIN, WALKS, checked, empty
from backstride.walking import measure
from charts.fake_diary import (
    MONDAY,
    some_days,
    some_doses,
    some_pain,
    some_scores,
    some_weeks,
)
from real_recordings import START, recording_of, step_train
from real_recordings import cut as cut_into_blocks

SVG = "{http://www.w3.org/2000/svg}"


def pictures() -> dict[str, Picture]:
    weeks = some_weeks(10)
    days = some_days(68, missing=(5, 12, *range(30, 37)))
    pain = some_pain([i for i in range(68) if i % 6 != 4], flares=(22, 23))
    walks = checked(pl.DataFrame({"date": [MONDAY], "minutes": [14.0]}), WALKS)
    return {
        "rich": walking_and_pain(days, pain, weeks),
        "one day": walking_and_pain(some_days(1), some_pain([0]), []),
        "sparse": walking_and_pain(some_days(9, missing=(1, 2)), empty(PAIN), weeks[:2]),
        "pain only": walking_and_pain(empty(DAYS), some_pain([0, 3, 20]), []),
        "plan only": walking_and_pain(empty(DAYS), empty(PAIN), weeks[:1]),
        "nothing": walking_and_pain(empty(DAYS), empty(PAIN), []),
        "year": walking_and_pain(some_days(300), some_pain(list(range(0, 300, 2))), weeks),
        "steps": walking_and_pain(some_days(30), some_pain([3]), weeks[:4], unit="steps"),
        "week": week_plan(weeks[0], days, walks),
        "empty week": week_plan(weeks[0]),
        "together": together(days, pain, weeks, some_doses(), some_scores()),
        "together, a year": together(some_days(300), pain, weeks, some_doses(), some_scores()),
        "together, nothing": together(empty(DAYS), empty(PAIN)),
        "calendar": heat_map(days),
        "calendar, a year": heat_map(some_days(360)),
        "calendar, nothing": heat_map(empty(DAYS)),
        "weeks": weeks_beside(days, pain, weeks, today=MONDAY + timedelta(days=38)),
        "weeks, nothing": weeks_beside(empty(DAYS), empty(PAIN), today=MONDAY),
        "helps": helps(150),
        "helps, too little": helps(20),
        **of_recordings(),
    }


def helps(count: int) -> Picture:
    days = some_days(count)
    bouts = [15.0 if n * 7 % 10 < 5 else 4.0 for n in range(count)]
    days = days.with_columns(pl.Series("longest_bout_min", bouts))
    last = MONDAY + timedelta(days=count)
    return what_helps(comparisons(days, some_pain(list(range(count))), empty(WALKS), last))


def of_recordings() -> dict[str, Picture]:
    """A walk with a pause, and two days of the same with a night between them not recorded."""
    acc = step_train(300.0, 40.0, 100.0, [(20.0, 80.0), (100.0, 250.0)])
    first, *_ = cut_into_blocks(acc, 40.0, [])
    later = replace(first, start_utc=START + timedelta(hours=30))
    found = {}
    for name, blocks in (("walk", [first]), ("two days", [first, later])):
        recording = recording_of(blocks)
        measured = measure(recording)
        views = choose(measured, activity(recording.blocks()), 6)
        traces = cut(recording.blocks(), [(view.start_s, view.end_s) for view in views])
        clock = Clock("Europe/Berlin", START.timestamp() if name == "walk" else None)
        found[name] = overview(measured, views, clock)
        steps_s = measured.steps["at"].dt.timestamp("us").to_numpy() / 1e6
        for i in (0, 3):
            view, bouts = views[i], bouts_of(measured.bouts)
            seen = [bout for bout in bouts if bout.start_s < view.end_s > view.start_s < bout.end_s]
            inside = steps_s[(steps_s >= view.start_s) & (steps_s < view.end_s)]
            found[f"{name}, strip {i}"] = strip(Seen(view, traces[i], seen, inside), clock, "Mon")
    return found


PICTURES = pictures()
WIDTHS = (240, 360, 560, 900)


@functools.cache
def parsed(name: str, width: int) -> ElementTree.Element:
    return ElementTree.fromstring(svg(PICTURES[name], "dark", width))


@pytest.mark.parametrize("name", PICTURES)
def test_svg_is_exactly_as_wide_as_asked(name: str) -> None:
    for width in WIDTHS:
        root = parsed(name, width)
        assert root.get("width") == str(width)
        assert root.get("viewBox", "").startswith(f"0 0 {width} ")


@pytest.mark.parametrize("name", PICTURES)
def test_its_height_is_known_before_it_is_drawn(name: str) -> None:
    drawn = {width: float(parsed(name, width).get("height", 0)) for width in WIDTHS}
    assert {width: PICTURES[name].height(width) for width in WIDTHS} == drawn


@pytest.mark.parametrize("name", PICTURES)
def test_svg_is_fit_for_an_img_under_a_strict_policy(name: str) -> None:
    root = parsed(name, 900)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & {"script", "style", "foreignObject", "image", "use", "a", "iframe"}
    for element in root.iter():
        assert not [key for key in element.attrib if key == "style" or key.startswith("on")]
        assert not [key for key in element.attrib if key.endswith("href")]
        assert not [value for value in element.attrib.values() if "url(" in value]
    assert root.find(f"{SVG}title").text == PICTURES[name].text


@pytest.mark.parametrize("name", PICTURES)
def test_no_text_leaves_the_picture(name: str) -> None:
    """Every text starts inside and, by the widths of the widest of our fonts, ends inside."""
    for width in (360, 900):
        root = parsed(name, width)
        for x, anchor, size, text in texts(root):
            wide = len(text) * size * 0.6
            left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
            assert left >= -4, text
            assert left + wide <= width + 4, text


def texts(root: ElementTree.Element, x: float = 0.0) -> list[tuple[float, str, float, str]]:
    """(x in px, anchor, font size, text) of every text, translations added up."""
    if moved := root.get("transform", ""):
        x += float(moved.split("translate(")[1].split(",")[0])
    found = []
    if root.tag == f"{SVG}text" and root.get("opacity") != "0":
        size = float(root.get("font-size", "0").removesuffix("px"))
        found.append((x, root.get("text-anchor", "start"), size, root.text or ""))
    for child in root:
        found.extend(texts(child, x))
    return found


@pytest.mark.parametrize("name", PICTURES)
def test_altair_finds_every_spec_valid(name: str) -> None:
    alt.Chart.from_dict(PICTURES[name].draw(look("light", 360)))
    assert PICTURES[name].spec["description"] == PICTURES[name].text


@pytest.mark.parametrize("name", PICTURES)
def test_same_input_same_bytes(name: str) -> None:
    again = pictures()[name]
    assert svg(again) == svg(PICTURES[name])
    assert again.text == PICTURES[name].text
    assert again.table.equals(PICTURES[name].table)


def test_any_thread_may_draw() -> None:
    expected = {name: svg(picture) for name, picture in PICTURES.items()}
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda name: (name, svg(PICTURES[name])), [*PICTURES] * 2))
    assert all(expected[name] == picture for name, picture in drawn)


def test_png_has_pixels_and_says_its_size() -> None:
    for width, scale in ((360, 3), (900, 2)):
        data = png(PICTURES["rich"], "dark", width, scale)
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">I", data[16:20])[0] == width * scale
    assert png(PICTURES["rich"], "dark") != png(PICTURES["rich"], "light")


def test_save_goes_by_the_suffix(tmp_path: Path) -> None:
    drawn = save(PICTURES["week"], tmp_path / "week.SVG").read_text(encoding="utf-8")
    assert 'fill="#ffffff"' in drawn.split("</rect>")[0].split("/>")[0]
    assert save(PICTURES["week"], str(tmp_path / "week.png")).read_bytes()[1:4] == b"PNG"
    for bad in ("week.gif", "week"):
        with pytest.raises(UnsupportedFormat, match=r"\.svg or \.png"):
            save(PICTURES["week"], tmp_path / bad)
        assert not (tmp_path / bad).exists()


def test_the_page_shows_through_unless_told_otherwise() -> None:
    paper = PALETTES["light"].paper
    shown = svg(PICTURES["one day"]).split("<g", 1)[0]
    assert paper not in shown
    assert paper in svg(PICTURES["one day"], background=True).split("<g", 1)[0]


@pytest.mark.parametrize(("theme", "width"), [("sepia", 900), ("light", 10), ("light", 99_999)])
def test_looks_that_cannot_be(theme: str, width: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        svg(PICTURES["rich"], theme, width)
    with pytest.raises(ValueError, match="expected"):
        png(PICTURES["rich"], scale=1000)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio; black on white is 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", PALETTES)
def test_contrast(theme: str) -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    palette = PALETTES[theme]
    for text in (palette.ink, palette.muted):
        assert contrast(text, palette.paper) >= 4.5
        assert contrast(text, palette.unseen) >= 4.5
    for mark in (palette.walk, palette.brisk, palette.noted, palette.pain, palette.flare):
        assert contrast(mark, palette.paper) >= 3
    # Fills that touch differ in lightness, for eyes and printers that see no colour.
    assert contrast(palette.walk, palette.brisk) >= 2
    for less, more in pairwise(palette.heat):
        assert contrast(less, more) >= 1.6
    assert contrast(palette.heat[-1], palette.paper) >= 3
    assert contrast(palette.walk, palette.noted) >= 2
