"""`backstride measure --plot`: one page to judge by eye, of real files and of hostile names."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from cli.test_measure import run
from real_recordings import AX3_610, AX3_CORRUPT, LOWER_BACK, phone_walk

FALLS_STILL = "".join(f"{i / 50},0,0,1\n" for i in range(20 * 60 * 50))


class Page(HTMLParser):
    """What a browser makes of a page: its tags and the text it shows, style left out."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.captions: list[str] = []
        self.words = ""
        self._inside: list[str] = []
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)
        if tag == "figcaption":
            self.captions.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "figcaption" in self._inside:
            self.captions[-1] += data
        elif "style" not in self._inside and "svg" not in self._inside:
            self.words += " " + data

    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Page:
    out = tmp_path_factory.mktemp("plot") / "walk.html"
    result = run(AX3_610, "--zone", "Europe/London", "--plot-to", out)
    assert result.returncode == 0, result.stderr
    assert f"Wrote the page to {out}" in result.stderr
    assert "Bouts of walking" in result.stdout
    return Page(out)


def test_the_page_lies_here_under_the_files_name(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(AX3_610, "--plot", "--panels", "1").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["ax3-610-steps.walking.html"]


def test_nothing_is_written_unless_asked(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(AX3_610).returncode == 0
    assert not list(tmp_path.iterdir())


def test_it_loads_nothing_and_runs_nothing(page: Page) -> None:
    banned = {"script", "link", "img", "image", "iframe", "object", "foreignobject", "use", "a"}
    assert not page.names() & banned
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name.endswith("href")]
        assert "url(" not in "".join(filter(None, attributes.values()))
    assert "@import" not in page.source
    policy = next(a for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_head_says_what_was_found_in_what(page: Page) -> None:
    for words in ("ax3-610-steps.cwa", "Axivity AX3", "100 Hz", "Europe/London", "unknown"):
        assert words in page.words
    assert "Tue 27 Mar 2012, 11:14:57" in page.words
    assert "no time zone" in page.words
    steps = int(re.search(r"Steps\s+([\d,]+)", page.words)[1].replace(",", ""))
    assert steps == pytest.approx(610, rel=0.05)


def test_twelve_panels_each_with_its_sentence(page: Page) -> None:
    whole, *panels = page.captions
    assert whole == "The whole recording"
    assert len(panels) == 12
    starts = [re.match(r"\d+(11:\d\d:\d\d) to 11:", caption)[1] for caption in panels]
    assert starts == sorted(starts)
    text = "\n".join(panels)
    for kind in ("longest bout begins", "longest bout ends", "shortest bouts", "no walking was"):
        assert kind in text
    figures = [
        attributes for tag, attributes in page.tags if tag == "svg" and "viewbox" in attributes
    ]
    assert [figure["width"] for figure in figures] == ["1120", "352"] * 13
    assert all(figure["role"] == "img" for figure in figures)


def test_every_step_of_a_short_recording_is_drawn(tmp_path: Path) -> None:
    walk, _ = phone_walk("Pixel_Jamie_Hard_FrontPocket_1")
    out = tmp_path / "walk.html"
    result = run(walk, "--plot-to", out, "--parquet", tmp_path)
    assert result.returncode == 0
    drawn = Page(out)
    steps = len(pl.read_parquet(tmp_path / "steps.parquet"))
    assert "unknown: times count from it" in drawn.words
    assert drawn.captions[1].startswith("10:00 to 0:1")
    dots = [a for tag, a in drawn.tags if tag == "path" and a.get("fill") == "#b04a12"]
    assert len(dots) == 2 * steps  # in the wide and in the narrow drawing


def test_the_dark_theme_has_another_colour_for_each_that_is_drawn(page: Page) -> None:
    seen = [attributes for _, attributes in page.tags if attributes.get("opacity") != "0"]
    drawn = {a.get(name) or "" for a in seen for name in ("fill", "stroke")}
    drawn = {colour for colour in drawn if re.fullmatch(r"#\w{6}", colour)}
    dark = page.source.split("prefers-color-scheme: dark")[1].split("</style>")[0]
    assert drawn
    assert all(f'"{colour}"]' in dark for colour in drawn)


def test_no_walking_is_drawn_as_well(tmp_path: Path) -> None:
    path, out = tmp_path / "still.csv", tmp_path / "still.html"
    path.write_text("t_s,x,y,z\n" + FALLS_STILL)
    assert run(path, "--plot-to", out, "--panels", "3").returncode == 4
    _, *panels = Page(out).captions
    assert len(panels) == 3
    assert all("Still" in caption and "no walking was found" in caption for caption in panels)


def test_a_name_can_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "<script>alert(1)<:script>&\"'<img src=x onerror=x>.cwa"
    path.write_bytes(AX3_CORRUPT.read_bytes())
    out = tmp_path / "page.html"
    assert run(path, "--plot-to", out, "--panels", "2").returncode == 4
    drawn = Page(out)
    assert not drawn.names() & {"script", "img"}
    assert path.name in drawn.words
    assert "6 damaged sectors" in drawn.words


def test_it_works_with_json_and_a_table_without_walking_times(tmp_path: Path) -> None:
    table = pl.read_parquet(LOWER_BACK).select(pl.all().cast(pl.Float64))
    seconds = pl.int_range(pl.len()).alias("t_s") / 100
    table.select(seconds, pl.col("x"), pl.col("y"), pl.col("z")).write_csv(tmp_path / "back.csv")
    out = tmp_path / "back.html"
    result = run(tmp_path / "back.csv", "--placement", "lower_back", "--json", "--plot-to", out)
    assert result.returncode == 0
    assert result.stdout.startswith("{")
    assert "lower back" in Page(out).words


@pytest.mark.parametrize(("panels", "code"), [("0", 2), ("500", 2), ("many", 2)])
def test_how_many_panels_is_checked(panels: str, code: int) -> None:
    assert run(AX3_610, "--plot", "--panels", panels).returncode == code


def test_a_page_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    result = run(AX3_610, "--plot-to", tmp_path / "no" / "page.html", "--panels", "1")
    assert result.returncode == 1
    assert "can't write" in result.stderr
