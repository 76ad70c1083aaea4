"""A recorded GPX track as samples of distance and walking time, one a clock minute.

Positions are taken every 10 s between points (that evens out the jitter of satellite
positions), the way between two of them is the distance, and time at 0.4 to 7 m/s is walking
time: slower is standing, faster is a jump of the position. Where points are more than
120 s apart nobody knows what happened: a gap, never filled. GPX knows no steps: null.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.errors import UnreadableFile
from backstride.imports import containers, sift
from backstride.imports.imported import Imported
from backstride.records import SAMPLES, Notices, checked

if TYPE_CHECKING:
    import gpxpy.gpx

KIND = "gpx"

WINDOW_S = 10.0
STANDING_MPS = 0.4
JUMP_MPS = 7.0
RIDING_MPS = 3.0  # a median above it is running or riding, not walking
MAX_GAP_S = 120.0

MAX_FILE = 32 << 20  # a day at one point a second takes about 10 MB
MAX_ELEMENTS = 1_000_000
MAX_DEPTH = 32
EARTH_M = 6_371_008.8

Floats = NDArray[np.float64]
_ROOT = re.compile(rb"<(?:\w+:)?gpx[\s>]")
_HINT = "Export the activity again from the app that recorded it, as GPX."


class Windows(NamedTuple):
    """Stretches of up to 10 s within one clock minute: start and end (epoch seconds), metres."""

    start: Floats
    end: Floats
    distance_m: Floats


def matches(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a GPX."""
    return _ROOT.search(head) is not None


def read(path: Path, progress: Callable[[int], None], zone: str) -> Imported:
    """Read the tracks of a GPX file.

    Times that name no zone are taken to be of `zone`, with a notice. A track whose median
    speed while moving is above 3 m/s is kept, flagged, not counted. Raises UnreadableFile
    for damaged or hostile XML, and for a route that was planned and never walked.
    """
    notices = Notices()
    track = _parse(path)
    points, refused = _points(track, zone, notices)
    if not points:
        raise UnreadableFile(path, _why_empty(track), _HINT)
    windows = _windows(points, notices)
    samples = _samples(windows, track.creator or "GPX", notices)
    samples = sift.flagged(samples, zone).sort("start", "end")
    sift.tell_flags(samples, notices)
    progress(path.stat().st_size)
    total = sum(len(segment) for segment in points)
    return Imported(
        KIND,
        samples,
        notices,
        read_counts={"track point": total},
        refused_counts={"track point": refused} if refused else {},
    )


def _parse(path: Path) -> gpxpy.gpx.GPX:
    if path.stat().st_size > MAX_FILE:
        raise UnreadableFile(path, f"over {MAX_FILE >> 20} MB is no single walk", _HINT)
    content = b"".join(containers.chunks(path, None))
    _check_xml(path, content)
    import gpxpy.gpx  # here: a tenth of a second that other commands needn't wait for

    try:
        return gpxpy.parse(content.decode("utf-8-sig"))
    except (gpxpy.gpx.GPXException, ValueError, OverflowError) as error:
        raise UnreadableFile(path, f"the GPX is damaged: {error}", _HINT) from error


def _check_xml(path: Path, content: bytes) -> None:
    """Refuse, before a tree is built of it, XML that is not sound, small and plain."""
    elements = depth = 0
    refused = ""

    def start(_name: str, _attrs: object) -> None:
        nonlocal elements, depth, refused
        elements += 1
        depth += 1
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            refused = "its tags are too many or nested too deep for a walk"
            raise ValueError(refused)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def declaration(*_args: object) -> None:
        nonlocal refused
        refused = "it declares a document type or entities, which is refused"
        raise ValueError(refused)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = declaration
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        what = "the XML breaks off or is damaged: " + expat.ErrorString(error.code)
        raise UnreadableFile(path, what, _HINT, parser.ErrorByteIndex) from error
    except ValueError as error:
        raise UnreadableFile(path, refused, _HINT, parser.CurrentByteIndex) from error


def _why_empty(track: gpxpy.gpx.GPX) -> str:
    if any(segment.points for t in track.tracks for segment in t.segments):
        return "its points carry no times, so it is a planned route, not a recorded walk"
    if track.routes or track.waypoints:
        return "it holds a planned route or places, not a recorded walk"
    return "it holds no track"


def _points(track: gpxpy.gpx.GPX, zone: str, notices: Notices) -> tuple[list[Floats], int]:
    """A table [n, 3] of epoch seconds, latitude and longitude for each segment."""
    segments, refused = [], 0
    for segment in (s for t in track.tracks for s in t.segments):
        rows = []
        for point in segment.points:
            at = None if point.time is None else _instant(point.time, zone, notices)
            row = (at or np.nan, point.latitude, point.longitude)
            if _sound(row):
                rows.append(row)
            else:
                refused += 1
                text = "Refused: points without a time or with an impossible place or date."
                notices.add("gpx.point", text, f"point {len(rows) + refused}")
        if rows:
            segments.append(np.array(rows, dtype=np.float64))
    return segments, refused


def _sound(row: tuple[float, float, float]) -> bool:
    at, latitude, longitude = row
    return (
        _EARLIEST <= at <= _LATEST and abs(latitude) <= 90 and abs(longitude) <= 180
    )  # false for NaN too


_EARLIEST = datetime(sift.FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(sift.LAST_YEAR, 1, 1, tzinfo=UTC).timestamp()


def _instant(time: datetime, zone: str, notices: Notices) -> float | None:
    if time.tzinfo is None:
        notices.add("gpx.no_zone", f"Times without a zone were read as times in {zone}.")
        time = time.replace(tzinfo=ZoneInfo(zone))
    try:
        return time.timestamp()
    except (OverflowError, ValueError):
        return None


def _windows(segments: list[Floats], notices: Notices) -> Windows:
    parts = []
    for segment in segments:
        in_order = segment[np.argsort(segment[:, 0], kind="stable")]
        later = np.flatnonzero(np.diff(in_order[:, 0]) > 0) + 1
        once = in_order[np.concatenate([[0], later])]
        gaps = np.flatnonzero(np.diff(once[:, 0]) > MAX_GAP_S) + 1
        if len(gaps):
            text = f"Gaps of more than {MAX_GAP_S:.0f} s between points were left as gaps."
            notices.add("gpx.gap", text, count=len(gaps))
        parts += [_cut(run) for run in np.split(once, gaps) if len(run) > 1]
    if not parts:
        return Windows(np.empty(0), np.empty(0), np.empty(0))
    return Windows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _cut(run: Floats) -> Windows:
    """Windows on the clock's own tens of seconds, so that each lies within one minute."""
    times = run[:, 0]
    tens = np.arange(np.ceil(times[0] / WINDOW_S), np.floor(times[-1] / WINDOW_S) + 1) * WINDOW_S
    marks = np.unique(np.concatenate([times[:1], tens, times[-1:]]))
    # Unwrapped, a walk across the date line doesn't go round the earth.
    latitude = np.interp(marks, times, np.radians(run[:, 1]))
    longitude = np.interp(marks, times, np.unwrap(np.radians(run[:, 2])))
    chord = (
        np.sin(np.diff(latitude) / 2) ** 2
        + np.cos(latitude[1:]) * np.cos(latitude[:-1]) * np.sin(np.diff(longitude) / 2) ** 2
    )
    distance = 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return Windows(marks[:-1], marks[1:], distance)


def _samples(windows: Windows, source: str, notices: Notices) -> pl.DataFrame:
    start, end, distance = windows
    seconds = end - start
    speed = distance / seconds
    jumps = speed > JUMP_MPS
    afoot = speed >= STANDING_MPS
    median_mps = _median(speed[afoot], seconds[afoot])
    moving = afoot & ~jumps
    flag = None
    if median_mps > RIDING_MPS:
        flag = sift.TOO_FAST
        notices.add("gpx.speed", f"Its median speed while moving is {median_mps:.1f} m/s.")
    elif jumps.any():
        text = f"Stretches faster than {JUMP_MPS:.0f} m/s were taken for jumps of the position."
        notices.add("gpx.jump", text, count=int(jumps.sum()))
    minutes = pl.DataFrame(
        {
            "start": (start * 1e6).round().astype(np.int64),
            "end": (end * 1e6).round().astype(np.int64),
            "distance_m": distance * moving,
            "walking_s": seconds * moving,
            "minute": (start // 60).astype(np.int64),
        }
    )
    merged = minutes.group_by("minute", maintain_order=True).agg(
        pl.col("start").min(), pl.col("end").max(), pl.col("distance_m", "walking_s").sum()
    )
    return checked(
        merged.drop("minute").with_columns(
            pl.col("start", "end").cast(SAMPLES["start"]),
            pl.lit(source).alias("source"),
            pl.lit("app").alias("device"),
            pl.lit(flag, dtype=pl.String).alias("flag"),
        ),
        SAMPLES,
    )


def _median(values: Floats, weights: Floats) -> float:
    if not len(values):
        return 0.0
    order = np.argsort(values)
    half = np.cumsum(weights[order]) >= weights.sum() / 2
    return float(values[order][half][0])
