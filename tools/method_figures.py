"""Draw the figures of docs/walking.md again, from the committed recordings: `make pictures`.

Every step is the measurement's own function: what is drawn is what it sees.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import altair as alt
import numpy as np
import polars as pl
from benchmarks.recordings import WRIST_LOGS, watch_csv, watch_log, wrist_recording
from small_png import packed

from backstride.charts.look import PALETTES
from backstride.records import Placement, Recording
from backstride.sensors import open_recording
from backstride.sensors.parquet import open_parquet
from backstride.walking.bouts import bout_edges
from backstride.walking.linking import linked, peaks_of
from backstride.walking.pages import Page, Pages
from backstride.walking.params import DEFAULT
from backstride.walking.periodicity import Windows, band_passed, likeliest, windows
from backstride.walking.placement import RULE, decibels, walking
from backstride.walking.placement import Windows as AxesWindows
from backstride.walking.rhythm import steps_by_rhythm
from backstride.walking.signal import EvenMagnitude, Signal
from real_recordings import AX3_610, DATA, LOWER_BACK, contacts, phone_walk

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
INK = PALETTES["light"]
WIDTH = 820
POCKET = "Pixel_Jamie_Hard_FrontPocket_1"
ARM = "Pixel_Jamie_Hard_SwingingArm_1"
HAND = "Pixel_Jamie_Carpet_InHand_1"
DESK = DATA / "l2-25hz-bw2-pc-working1.csv"


@dataclass(frozen=True)
class Seen:
    """A recording that is short enough for one page, as the measurement sees it."""

    magnitude_g: Signal
    band: Signal
    found: Windows

    @property
    def at_s(self) -> Signal:
        """The middle of each sample."""
        return seconds(np.arange(len(self.band)))


def seconds(at: Signal) -> Signal:
    """Of places in samples: a sample is the mean of the 1/20 s that begins at its number."""
    return (at + 0.5) / DEFAULT.fs_hz


def seen(recording: Recording) -> Seen:
    """Look at a recording without a gap."""
    even = EvenMagnitude(DEFAULT.fs_hz)
    pages = Pages(round(DEFAULT.page_s * DEFAULT.fs_hz), round(DEFAULT.margin_s * DEFAULT.fs_hz))
    whole: list[Page] = []
    for block in recording.blocks():
        whole.extend(pages.push(even.push(block)))
    (page,) = [*whole, *pages.unfinished()]
    band = band_passed(page.magnitude_g, 3, DEFAULT.band_hz, DEFAULT)
    return Seen(page.magnitude_g, band, windows(band, DEFAULT))


def phone(name: str, placement: Placement) -> Recording:
    """One of the committed phone walks."""
    return open_recording(phone_walk(name)[0], placement)


def lower_back() -> Recording:
    """The older adult with a sensor on the lower back."""
    return open_parquet(LOWER_BACK, Placement.LOWER_BACK, "UTC", fs_hz=100.0)


def seconds_axis(start: float, end: float, title: str | None = "seconds") -> alt.X:
    """The time from `start` to `end`."""
    step = 1 if end - start <= 10 else 2 if end - start <= 40 else 20
    axis = alt.Axis(values=np.arange(start, end + 0.1, step).tolist(), format="d")
    return alt.X("s:Q", title=title, axis=axis).scale(domain=[start, end], nice=False)


def panel(chart: alt.LayerChart, title: str, height: int, width: int = WIDTH) -> alt.LayerChart:
    """A chart with its heading and size."""
    return chart.properties(title=title, width=width, height=height)


def magnitude() -> alt.VConcatChart:
    """From three axes to walking's band."""
    start, end = 100.0, 106.0
    even = EvenMagnitude(DEFAULT.fs_hz)
    axes, fine, level, first = [], [], [], 0.0
    for block in open_recording(AX3_610).blocks():
        axes.append(block.acc.astype(np.float64))
        fine.append(first + np.arange(len(block.acc)) / block.fs_hz)
        level.append(even.push(block).magnitude_g)
        first = fine[-1][-1] + 1 / block.fs_hz
    acc, at_s, coarse = np.concatenate(axes), np.concatenate(fine), np.concatenate(level)
    raw = pl.DataFrame(
        {"s": at_s, "x": acc[:, 0], "y": acc[:, 1], "z": acc[:, 2]}
        | {"whole": np.linalg.norm(acc, axis=1)}
    ).filter(pl.col("s").is_between(start, end))
    each = raw.unpivot(["x", "y", "z"], index="s", variable_name="axis", value_name="g")
    twentieth = np.arange(len(coarse)) / DEFAULT.fs_hz
    mean = pl.DataFrame({"s": twentieth, "g": coarse})
    band = pl.DataFrame(
        {
            "s": twentieth + 0.5 / DEFAULT.fs_hz,
            "g": band_passed(coarse, 3, DEFAULT.band_hz, DEFAULT),
        }
    )
    mean, band = (table.filter(pl.col("s").is_between(start, end)) for table in (mean, band))
    colour = alt.Color("axis:N", title=None).scale(range=[INK.walk, INK.pain, INK.noted])
    x, last = seconds_axis(start, end, None), seconds_axis(start, end)
    three = alt.Chart(each).mark_line(strokeWidth=1.3).encode(x, alt.Y("g:Q"), colour)
    thin = alt.Chart(raw).mark_line(strokeWidth=1, color=INK.walk)
    thick = alt.Chart(mean).mark_line(strokeWidth=1.8, interpolate="step-after", color=INK.ink)
    both = thin.encode(x, alt.Y("whole:Q", title="g").scale(zero=False)) + thick.encode(x, y="g:Q")
    swing = alt.Chart(band).mark_line(strokeWidth=1.8, color=INK.brisk).encode(last, y="g:Q")
    return alt.vconcat(
        panel(alt.layer(three), "1  What the sensor writes: three axes, 100 times a second", 150),
        panel(
            both, "2  Magnitude (blue), and its mean over each twentieth of a second (black)", 150
        ),
        panel(alt.layer(swing), "3  What of it lies between 0.5 and 5 Hz", 130),
    )


def regularity() -> alt.HConcatChart:
    """How like itself the signal is some time later: two walks and desk work."""
    walk, back, desk = (
        seen(phone(POCKET, Placement.POCKET)),
        seen(lower_back()),
        seen(wrist_recording(DESK.stem, watch_csv(DESK)[0])),
    )
    kinds = [
        ("An even walk (phone, trouser pocket)", walk, 35.0),
        ("Short, uneven walk (lower back)", back, 81.5),
        ("Desk work (wrist)", desk, typical_s(desk.found)),
    ]
    return alt.hconcat(*(likeness(title, one.found, at_s) for title, one, at_s in kinds))


def typical_s(found: Windows) -> float:
    """Of the windows in which something moves, the middle of one whose best score is median."""
    moving = np.flatnonzero(found.wanted)
    one = moving[np.argsort(found.best[moving])[len(moving) // 2]]
    return float(one * found.hop / DEFAULT.fs_hz)


def likeness(title: str, found: Windows, at_s: float) -> alt.LayerChart:
    """The correlation of the window about a second, with the step and stride it was given."""
    window = round(at_s * DEFAULT.fs_hz / found.hop)
    lag_s = np.arange(found.correlation.shape[1]) / DEFAULT.fs_hz
    table = pl.DataFrame({"s": lag_s, "r": found.correlation[window].astype(np.float64)})
    x = alt.X("s:Q", title="seconds later").scale(domain=[0, 2.5])
    y = alt.Y("r:Q", title="likeness").scale(domain=[-1, 1])
    layers = [
        alt.Chart(pl.DataFrame({"r": [0.0]})).mark_rule(color=INK.muted).encode(y=y),
        alt.Chart(table).mark_line(clip=True, color=INK.brisk).encode(x, y),
    ]
    number = likeliest(found, DEFAULT.carried, DEFAULT)[window]
    if number >= 0:
        stride_s = found.strides[number] / DEFAULT.fs_hz
        lags = pl.DataFrame(
            {"s": [stride_s / 2, stride_s], "r": [-0.9] * 2, "w": ["step", "stride"]}
        )
        rule = alt.Chart(lags).mark_rule(color=INK.pain, strokeDash=[4, 3]).encode(x)
        words = alt.Chart(lags).mark_text(align="left", dx=4, color=INK.pain, fontSize=13)
        layers += [rule, words.encode(x, y, text="w:N")]
    return panel(alt.layer(*layers), title, 190, 235)


def cadences() -> alt.LayerChart:
    """The score of every cadence over time, and the likeliest course through it."""
    start, end = 20.0, 220.0
    found = seen(open_recording(AX3_610)).found
    path = likeliest(found, DEFAULT.carried, DEFAULT)
    middle = np.arange(len(path)) * found.hop / DEFAULT.fs_hz
    inside = np.flatnonzero((middle >= start) & (middle <= end))
    half = 0.5 * found.hop / DEFAULT.fs_hz
    border = 120 * DEFAULT.fs_hz / (np.r_[found.strides, found.strides[-1] + 1] - 0.5)
    window, number = np.meshgrid(inside, np.arange(len(found.strides)), indexing="ij")
    cells = pl.DataFrame(
        {
            "s": (middle[window] - half).ravel(),
            "until": (middle[window] + half).ravel(),
            "spm": border[number].ravel(),
            "lower": border[number + 1].ravel(),
            "score": found.score[inside].astype(np.float64).ravel(),
        }
    ).filter(pl.col("score") > 0.01)
    spm = np.where(path >= 0, 120 * DEFAULT.fs_hz / found.strides[np.maximum(path, 0)], np.nan)
    course = pl.DataFrame({"s": middle[inside], "spm": spm[inside]}).fill_nan(None)
    x = seconds_axis(start, end)
    y = alt.Y("spm:Q", title="steps a minute").scale(domain=[30, 210], nice=False)
    shade = alt.Color("score:Q", title="score").scale(
        domain=[0, 0.2, 0.4], range=["#ffffff", INK.walk, INK.brisk], interpolate="rgb", clamp=True
    )
    heat = alt.Chart(cells).mark_rect(clip=True).encode(x, y, shade, x2="until", y2="lower")
    line = alt.Chart(course).mark_line(strokeWidth=2.4, color="#f08c3a").encode(x, y)
    return panel(
        heat + line,
        "How well each cadence explains each moment (blue); the likeliest course (orange)",
        260,
        800,
    )


def steps() -> alt.VConcatChart:
    """By rhythm in a pocket, by chains of peaks on the lower back; the reference below."""
    carried, worn = seen(phone(POCKET, Placement.POCKET)), seen(lower_back())
    by_rhythm = steps_by_rhythm(carried.band, carried.found, DEFAULT.carried, DEFAULT)
    pocket = wave(carried.at_s, carried.band, (30.0, 40.0), -0.85)
    pocket += marks(by_rhythm, carried.band, (30.0, 40.0))
    pocket += reference(contacts(POCKET + ".first-70-s"), (30.0, 40.0), -0.85)
    peaks = peaks_of(worn.magnitude_g, worn.found, DEFAULT.trunk, DEFAULT)
    chosen = linked(peaks, DEFAULT.trunk, DEFAULT)
    calm = band_passed(worn.magnitude_g, 2, DEFAULT.trunk.band_hz, DEFAULT)
    rows = [
        panel(
            pocket,
            "By rhythm: a phone in a trouser pocket (dots: steps found; ticks: foot switches)",
            150,
        )
    ]
    for span, title in (
        (
            (74.0, 102.0),
            "By chains of peaks: an older adult's lower back (filled: steps; open: other peaks)",
        ),
        (
            (26.0, 54.0),
            "The same person, more halting: a short walk missed, of a longer one steps missed",
        ),
    ):
        row = shaded(chosen, span) + wave(worn.at_s, calm, span, -0.3)
        row += marks(peaks.at, calm, span, filled=False) + marks(chosen, calm, span)
        rows.append(panel(row + reference(contacts("HA001_Test11_Trial1"), span, -0.3), title, 150))
    return alt.vconcat(*rows)


def wrist() -> alt.VConcatChart:
    """A hand that walks slowly, and one that puts dishes away."""
    rows = []
    for name, low_g, title in (
        (
            "slow-walking4",
            -0.2,
            "A walk of about 50 steps a minute (dots: steps found; open: other peaks)",
        ),
        ("dishwasher2", -0.6, "Putting dishes away: peaks, but never quiet between them"),
    ):
        log = WRIST_LOGS / f"l2-25hz-bw4-{name}.b64"
        worn, span = seen(wrist_recording(name, watch_log(log)[0])), (6.0, 26.0)
        peaks = peaks_of(worn.magnitude_g, worn.found, DEFAULT.wrist[1], DEFAULT)
        chosen = linked(peaks, DEFAULT.wrist[1], DEFAULT)
        row = wave(worn.at_s, worn.band, span, low_g) + marks(
            peaks.at, worn.band, span, filled=False
        )
        rows.append(panel(row + marks(chosen, worn.band, span), title, 150))
    return alt.vconcat(*rows)


Span = tuple[float, float]


def within(table: pl.DataFrame, span: Span) -> pl.DataFrame:
    """The rows whose time is in a span."""
    return table.filter(pl.col("s").is_between(*span))


def wave(at_s: Signal, signal: Signal, span: Span, low_g: float) -> alt.LayerChart:
    """A signal as a line, with room for the reference's ticks at `low_g` below it."""
    table = within(pl.DataFrame({"s": at_s, "g": signal}), span)
    line = alt.Chart(table).mark_line(strokeWidth=1.5, color=INK.walk)
    high_g = float(table["g"].max())
    y = alt.Y("g:Q", title="g").scale(domain=[1.2 * low_g, 1.15 * high_g], nice=False)
    return alt.layer(line.encode(seconds_axis(*span), y))


def marks(at: Signal, signal: Signal, span: Span, filled: bool = True) -> alt.Chart:
    """Dots on the signal at these places (in samples)."""
    height = np.interp(at, np.arange(len(signal)), signal)
    table = within(pl.DataFrame({"s": seconds(at), "g": height}), span)
    fill = INK.brisk if filled else "#ffffff"
    dots = alt.Chart(table).mark_point(filled=True, opacity=1, size=60, color=fill)
    ring = alt.Chart(table).mark_point(filled=False, opacity=1, size=60, color=INK.brisk)
    x = seconds_axis(*span)
    return alt.layer(dots.encode(x, y="g:Q"), ring.encode(x, y="g:Q"))


def reference(at_s: list[float], span: Span, low_g: float) -> alt.Chart:
    """Ticks below the signal where the reference says that a foot came down."""
    table = within(pl.DataFrame({"s": at_s, "g": [low_g] * len(at_s)}), span)
    ticks = alt.Chart(table).mark_tick(thickness=2.5, size=16, orient="vertical", color=INK.pain)
    return ticks.encode(seconds_axis(*span), y="g:Q")


def shaded(at: Signal, span: Span) -> alt.Chart:
    """The bouts of these steps."""
    at_s = seconds(at)
    edges = bout_edges(at_s, DEFAULT)
    table = pl.DataFrame({"s": at_s[edges[:, 0]], "until": at_s[edges[:, 1] - 1]})
    table = table.filter((pl.col("until") > span[0]) & (pl.col("s") < span[1]))
    band = alt.Chart(table).mark_rect(color=INK.unseen, clip=True)
    return band.encode(seconds_axis(*span), x2="until")


def placement() -> alt.LayerChart:
    """What tells leg, arm and body apart: each window of four recordings."""
    where = {
        "phone, trouser pocket": phone(POCKET, Placement.UNKNOWN),
        "phone, swinging hand": phone(ARM, Placement.UNKNOWN),
        "phone, held in the hand": phone(HAND, Placement.UNKNOWN),
        "sensor, lower back": lower_back(),
    }
    parts = []
    for name, recording in where.items():
        axes = AxesWindows()
        walked = walking(np.concatenate([axes.push(block) for block in recording.blocks()]))
        figures = {"share": walked[:, 3], "db": decibels(walked[:, 5])}
        parts.append(pl.DataFrame(figures).with_columns(pl.lit(name).alias("where")))
    tenths = alt.Axis(values=[i / 10 for i in range(9)], format=".1f")
    x = alt.X(
        "share:Q", title="share of the movement that follows the stride, not the step", axis=tenths
    )
    y = alt.Y("db:Q", title="unevenness of the up-and-down, dB")
    x, y = x.scale(domain=[0, 0.8]), y.scale(domain=[-35, 5], nice=False)
    names = list(where)
    colour = alt.Color("where:N", title=None, sort=names)
    colour = colour.scale(domain=names, range=[INK.pain, INK.walk, INK.noted, INK.ink])
    shape = alt.Shape("where:N", title=None, sort=names).scale(domain=names)
    dots = alt.Chart(pl.concat(parts)).mark_point(filled=True, size=45, opacity=0.8, clip=True)
    leg = alt.Chart(pl.DataFrame({"db": [RULE.leg_db]})).mark_rule(strokeDash=[5, 4])
    border = pl.DataFrame({"share": [RULE.arm_share], "db": [-35.0], "upto": [RULE.leg_db]})
    arm = alt.Chart(border).mark_rule(strokeDash=[5, 4]).encode(x, y, y2="upto")
    said = pl.DataFrame({"share": [0.01, 0.01, 0.79], "db": [2.0, -33.0, -33.0]})
    said = said.with_columns(pl.Series("w", ["LEG", "BODY", "ARM, if it swings far"]))
    words = [
        alt.Chart(said[rows]).mark_text(align=side, fontSize=14, fontWeight="bold", color=INK.muted)
        for rows, side in ((slice(0, 2), "left"), (slice(2, 3), "right"))
    ]
    return panel(
        alt.layer(
            leg.encode(y=y),
            arm,
            dots.encode(x, y, colour, shape),
            *(text.encode(x, y, text="w:N") for text in words),
        ),
        "Each mark is 5 seconds of walking; the dashed lines are the borders of the rule",
        320,
        600,
    )


AS_PNG = {"cadences"}  # so many cells are smaller as pixels
FIGURES = {
    "magnitude": magnitude,
    "regularity": regularity,
    "cadences": cadences,
    "steps": steps,
    "wrist": wrist,
    "placement": placement,
}


def main() -> None:
    """Draw all of them."""
    alt.data_transformers.disable_max_rows()
    FOLDER.mkdir(exist_ok=True)
    for name, figure in FIGURES.items():
        chart = (
            figure()
            .configure(background=INK.paper, font="DejaVu Sans, sans-serif", padding=12)
            .configure_view(stroke=None)
            .configure_axis(
                labelFontSize=12, titleFontSize=13, titleFontWeight="normal", grid=False,
                labelFlush=False,
                labelColor=INK.muted, titleColor=INK.muted, domainColor=INK.muted,
            )
            .configure_title(
                anchor="start", frame="group", fontSize=14, color=INK.ink, fontWeight="normal",
            )
            .configure_legend(
                labelFontSize=13, titleFontSize=13, labelLimit=260, titleFontWeight="normal",
            )
        )  # fmt: skip
        if name in AS_PNG:
            file = FOLDER / f"method-{name}.png"
            chart.save(file, scale_factor=1.5)
            file.write_bytes(packed(file.read_bytes()))
        else:
            chart.save(FOLDER / f"method-{name}.svg")


if __name__ == "__main__":
    main()
