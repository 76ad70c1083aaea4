"""Routes of walking workouts (`workout-routes/*.gpx`): metres, walking time and metres climbed.

A route belongs to the walk within whose time it begins; those of other workouts aren't read.
Its metres and minutes are a source of their own, an app's, which comes after the watch and the
phone: it fills the time that their records don't cover, and counts nothing twice. Where someone
was is forgotten at once, as of any GPX.

Apple writes each point on a line, in one form. Points in it are read by a pattern, in a
tenth of the time and memory that `gpx` takes; a file in another form is left to `gpx`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.imports import gpx, sift, xml
from backstride.imports.containers import Files
from backstride.imports.parts import Parts
from backstride.imports.source import Tell
from backstride.imports.track import EARLIEST, LATEST, WINDOW_S, Floats, Sport, Track, samples_of
from backstride.records import MEASURES, SAMPLES, checked, empty

ROUTES = r"(^|/)workout-routes/[^/]+\.gpx$"
KIND = "WorkoutRoute"
EARLY_S = 120.0  # a route may begin before its workout says it did
# Less than this up and down is not told from what an altimeter makes of wind and weather.
LEAST_CLIMB_M = 3.0

_NUMBER = rb"(-?[0-9]{1,9}(?:\.[0-9]{1,18})?)"
_TIME = rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})Z"
_POINT = re.compile(
    rb'<trkpt lon="%b" lat="%b"><ele>%b</ele><time>%b</time>' % (_NUMBER, _NUMBER, _NUMBER, _TIME)
)
_BEGIN = re.compile(rb"<trkpt\b.{0,500}?<time>\s*([0-9T:-]{19})", re.DOTALL)


class _Route(NamedTuple):
    tracks: list[Track]
    elevation: list[Floats]  # metres, of each track's points


def read(
    files: Files, names: Sequence[str], walks: pl.DataFrame, account: sift.Account, tell: Tell,
    zone: str,
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """SAMPLES and MEASURES of the routes of `walks` (start, end, source)."""
    samples, measures = [empty(SAMPLES)], [empty(MEASURES)]
    spans = walks.sort("start", "end", "source")
    start, end = (spans[name].to_physical().to_numpy() / 1e6 for name in ("start", "end"))

    def route_in(files: Files, name: str) -> tuple[str, _Route] | str:
        at = _begins(files.head_of(name))
        within = np.flatnonzero((start - EARLY_S <= at) & (at <= end))
        if not len(within):
            return f"{KIND} {'without a time' if np.isnan(at) else 'of another workout'}"
        content = files.whole(name, xml.MAX_FILE)
        return spans["source"][int(within[0])], _route(files.path, content, zone, account)

    for _, found in Parts(files, {KIND: names}, account, tell).of(KIND, route_in):
        if isinstance(found, str):
            account.skip(found)
            continue
        source, route = f"{found[0]} (route)", found[1]
        samples.append(samples_of(route.tracks, source, "app", account.notices, Sport.WALK))
        measures.append(_climbed(route, source))
        account.read[KIND] += 1
    return pl.concat(samples), pl.concat(measures)


def _begins(head: bytes) -> float:
    """When the first point was, in seconds since 1970; NaN where that isn't found."""
    found = _BEGIN.search(head)
    try:
        return float(_seconds([found[1]])[0]) if found else np.nan
    except ValueError:
        return np.nan


def _seconds(times: list[bytes]) -> Floats:
    """Raises ValueError for what is no time."""
    stamps = np.array([time.decode() for time in times], dtype="datetime64[s]")
    return stamps.astype(np.int64).astype(np.float64)


def _route(path: Path, content: bytes, zone: str, account: sift.Account) -> _Route:
    xml.check(path, content)
    parts = [_POINT.findall(part) for part in content.split(b"<trkseg>")]
    try:
        tables = [_table(points) for points in parts if points]
    except ValueError:  # a day that no calendar has
        tables = []
    if sum(map(len, tables)) != content.count(b"<trkpt"):
        walk = gpx.walk_of(path, content, zone, account)
        return _Route(walk.tracks, [np.full(len(track.at), np.nan) for track in walk.tracks])
    tables = [_sound(table, account) for table in tables]
    unknown = [np.full(len(table), np.nan) for table in tables]
    tracks = [
        Track(t[:, 0], t[:, 1], t[:, 2], no, no) for t, no in zip(tables, unknown, strict=True)
    ]
    return _Route(tracks, [table[:, 3] for table in tables])


def _table(points: list[tuple[bytes, ...]]) -> Floats:
    """Columns at, latitude, longitude, elevation."""
    east, north, up, at = zip(*points, strict=True)
    numbers = (np.array(texts, dtype=np.bytes_).astype(np.float64) for texts in (north, east, up))
    return np.column_stack([_seconds(list(at)), *numbers])


def _sound(table: Floats, account: sift.Account) -> Floats:
    at, north, east = table[:, 0], table[:, 1], table[:, 2]
    sound = (at >= EARLIEST) & (at <= LATEST) & (np.abs(north) <= 90) & (np.abs(east) <= 180)
    gpx.tell_unsound(account, int((~sound).sum()))
    kept: Floats = table[sound]
    return kept


def _climbed(route: _Route, source: str) -> pl.DataFrame:
    """MEASURES: the metres climbed on the whole way, or nothing where no height is known."""
    at = np.concatenate([np.empty(0), *(track.at for track in route.tracks)])
    height = np.concatenate([np.empty(0), *route.elevation])
    known = np.isfinite(height)
    if known.sum() < 2:
        return empty(MEASURES)
    row = pl.DataFrame(
        {
            "start": [int(at.min() * 1e6)],
            "end": [int(at.max() * 1e6)],
            "measure": ["ascent_m"],
            "value": [ascent(at[known], height[known])],
            "source": [source],
            "device": ["app"],
        }
    )
    return checked(row.with_columns(pl.col("start", "end").cast(MEASURES["start"])), MEASURES)


def ascent(at: Floats, height: Floats) -> float:
    """Metres climbed: from each low to the next high that is at least `LEAST_CLIMB_M` above it.

    `at` in seconds, `height` in metres; heights are averaged over 10 s, which evens out steps
    and jitter.
    """
    order = np.argsort(at, kind="stable")
    _, place = np.unique(at[order] // WINDOW_S, return_inverse=True)
    means: NDArray[np.float64] = np.bincount(place, height[order]) / np.bincount(place)
    climbed, low, high = 0.0, float(means[0]), float(means[0])
    for level in means.tolist():
        if level > high:
            high = level
        elif high - level >= LEAST_CLIMB_M:  # down again: what was climbed counts
            climbed += high - low if high - low >= LEAST_CLIMB_M else 0.0
            low = high = level
        elif level < low:
            low = high = level
    return climbed + (high - low if high - low >= LEAST_CLIMB_M else 0.0)
