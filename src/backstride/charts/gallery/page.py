"""The gallery as one HTML page: no scripts, nothing loaded, light and dark, for paper too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from html import escape

from backstride.charts.gallery.clock import Clock
from backstride.charts.gallery.frame import bout_colour, count
from backstride.charts.gallery.overview import walking_min
from backstride.charts.look import FONT, PALETTES, Palette
from backstride.charts.picture import Picture, svg
from backstride.walking import Measurement

WIDE_PX, NARROW_PX = 1120, 352  # as charts are drawn; the page shows the one that fits

STYLE = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 FONT; }
main { max-width: 1152px; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.2rem 0 .5rem; }
h3 { font-size: 1rem; line-height: 1.4; margin: 0; }
p { margin: 0 0 .6rem; max-width: 46rem; }
.quiet { color: var(--muted); }
dl { display: grid; gap: .9rem 1.25rem; margin: 1rem 0; padding: 0;
  grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); }
dt { color: var(--muted); font-size: .88rem; }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
dl .big { font-size: 1.45rem; font-weight: 700; line-height: 1.2; }
.notes { padding-left: 1.1rem; margin: 0 0 .6rem; max-width: 46rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem 1.4rem; padding: 0;
  margin: .75rem 0 0; color: var(--muted); font-size: .9rem; }
.legend li { display: flex; align-items: center; gap: .5rem; }
.legend svg { flex: none; }
figure { margin: 0; break-inside: avoid; }
.panel { margin-top: 1.4rem; padding-top: .9rem; border-top: 1px solid var(--grid); }
figcaption { margin-bottom: .4rem; }
figcaption p { margin: 0; max-width: none; }
.number { margin-right: .8rem; }
figure svg { display: block; max-width: 100%; height: auto; }
.wide { display: none; }
@media (min-width: 760px) { .wide { display: block; } .narrow { display: none; } }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--grid); }
th:first-child, td:first-child { text-align: left; }
th { color: var(--muted); font-weight: 600; vertical-align: bottom; }
.scroll { overflow-x: auto; }
footer { margin-top: 2.5rem; font-size: .9rem; }
@media print {
  body { font-size: 10pt; } main { max-width: none; padding: 0; }
  .wide { display: block; } .narrow { display: none; }
}
"""


def page(
    measurement: Measurement, clock: Clock, whole: Picture | None, strips: Sequence[Picture]
) -> str:
    """The page: head, overview (None of an empty recording), the views in order of time."""
    title = f"Walking in {measurement.source}"
    overview = _figure(whole, f"<h2>{escape(whole.title)}</h2>", "whole") if whole else ""
    body = "\n".join(
        [_head(measurement, clock, title), overview, _views(strips), _foot(measurement)]
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{_style()}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _style() -> str:
    """The rules, and both palettes: in the dark, what was drawn light is coloured anew."""
    light, dark = PALETTES["light"], PALETTES["dark"]
    pairs = [(getattr(light, f.name), getattr(dark, f.name)) for f in fields(Palette)]
    pairs.append((bout_colour(light), bout_colour(dark)))
    anew = "".join(
        f'svg [{what}="{old}"]{{{what}:{new}}}' for old, new in pairs for what in ("fill", "stroke")
    )
    return (
        f":root{{color-scheme:light dark;{_tokens(light)}}}"
        f"@media screen and (prefers-color-scheme: dark){{:root{{{_tokens(dark)}}}{anew}}}"
        + STYLE.replace("FONT", FONT)
    )


def _tokens(palette: Palette) -> str:
    return "".join(f"--{f.name}:{getattr(palette, f.name)};" for f in fields(Palette))


def _head(measurement: Measurement, clock: Clock, title: str) -> str:
    big = [
        ("Steps", f"{len(measurement.steps):,}"),
        ("Walking", _duration(60 * walking_min(measurement))),
        ("Bouts", f"{len(measurement.bouts):,}"),
        ("Recorded", _duration(measurement.recorded_s)),
    ]
    if measurement.worn_s is not None:
        big.append(("Worn", _duration(measurement.worn_s)))
    facts = [
        ("Device", measurement.device),
        ("Placement", measurement.placement.value.replace("_", " ")),
        ("Rate", f"{measurement.fs_hz:.3g} Hz"),
        *_when(measurement, clock),
    ]
    notes = "".join(f"<li>{escape(notice.sentence)}</li>" for notice in measurement.notices)
    listed = f'<h2>Notes</h2>\n<ul class="notes">{notes}</ul>' if notes else ""
    return (
        f"<header>\n<h1>{escape(title).replace('_', '_<wbr>')}</h1>\n"
        f"<dl>{_terms(big, ' class=big')}</dl>\n<dl>{_terms(facts)}</dl>\n</header>\n{listed}"
    )


def _when(measurement: Measurement, clock: Clock) -> list[tuple[str, str]]:
    if measurement.start_utc is None or measurement.end_utc is None:
        return []
    start_s, end_s = measurement.start_utc.timestamp(), measurement.end_utc.timestamp()
    if clock.zero_s is not None:
        return [("Start", "unknown: times count from it"), ("End", clock.text(end_s))]
    return [
        (name, f"{clock.day(at)}, {clock.text(at)}")
        for name, at in (("Start", start_s), ("End", end_s))
    ] + [("Time zone", clock.zone)]


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds < 2 * 3600 else f"{seconds / 3600:,.1f} h"


def _terms(pairs: Iterable[tuple[str, str]], style: str = "") -> str:
    return "".join(
        f"<div><dt>{escape(name)}</dt><dd{style}>{escape(value)}</dd></div>"
        for name, value in pairs
    )


def _figure(picture: Picture, caption: str, kind: str = "panel") -> str:
    wide, narrow = (svg(picture, "light", width) for width in (WIDE_PX, NARROW_PX))
    drawn = f'<div class="wide">{wide}</div>\n<div class="narrow">{narrow}</div>'
    return f"<figure class={kind}>\n<figcaption>{caption}</figcaption>\n{drawn}\n</figure>"


def _views(strips: Sequence[Picture]) -> str:
    if not strips:
        return ""
    figures = "\n".join(_figure(strip, _caption(i, strip)) for i, strip in enumerate(strips, 1))
    return (
        f"<section>\n<h2>{count(len(strips), 'panel')} to judge by eye</h2>\n"
        "<p>Does each mark stand on a step, and is none missing? Each panel has a scale of its "
        "own: compare the figures, not the heights.</p>\n"
        f"{_legend()}\n{figures}\n</section>"
    )


def _caption(number: int, strip: Picture) -> str:
    return (
        f'<h3><span class="number">{number}</span>{escape(strip.title)}</h3>'
        f"<p>{escape(strip.text.removeprefix(strip.title + ': '))}</p>"
    )


def _legend() -> str:
    """The marks of the views, each as it is drawn."""
    palette = PALETTES["light"]
    box = 'x="1" y="1" width="16" height="12"'
    marks = [
        (f'<path d="M0 9 4 4 8 11 12 3 18 8" fill="none" stroke="{palette.ink}"/>', "magnitude"),
        (
            f'<path d="M9 0V14" stroke="{palette.pain}"/>'
            f'<circle cx="9" cy="7" r="3.5" fill="{palette.pain}"/>',
            "step",
        ),
        (f'<rect {box} fill="{bout_colour(palette)}"/>', "bout of walking"),
        (f'<rect {box} fill="{palette.unseen}" stroke="{palette.muted}"/>', "not recorded"),
    ]
    items = "".join(
        f'<li><svg width="18" height="14" aria-hidden="true">{mark}</svg>{name}</li>'
        for mark, name in marks
    )
    return f'<ul class="legend">{items}</ul>'


def _foot(measurement: Measurement) -> str:
    made = f"Backstride {measurement.version}, {measurement.algorithm}"
    params = measurement.params
    told = (
        f"Made by {made}. A bout is walking without a rest of more than {params.max_break_s:g} "
        f"seconds, from {params.min_steps} steps on. The magnitude is the length of the "
        "acceleration's vector: 1 g at rest."
    )
    return f'<footer class="quiet"><p>{escape(told)}</p></footer>'
