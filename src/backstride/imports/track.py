"""One recorded activity, point by point, as samples of a clock minute each.

Positions are taken every 10 s between points (that evens out the jitter of satellite
positions), the way between two of them is the distance, and time at 0.4 to 7 m/s is walking
time: slower is standing, faster is a jump of the position. Where points are more than
120 s apart nobody knows what happened: a gap, never filled. A watch that counts the metres
or steps itself is believed before its positions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.imports import sift
from backstride.records import SAMPLES, Notices, checked
from backstride.words import say

WINDOW_S = 10.0
STANDING_MPS = 0.4
JUMP_MPS = 7.0
RIDING_MPS = 3.0  # a median above it is running or riding, not walking
MAX_GAP_S = 120.0
MAX_HOLD_S = 30.0
MAX_POINTS = 5_000_000
EARTH_M = 6_371_008.8

Floats = NDArray[np.float64]

EARLIEST = datetime(sift.FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(sift.LAST_YEAR, 1, 1, tzinfo=UTC).timestamp()


class Sport(StrEnum):
    """What a track says it is of."""

    WALK = "walk"  # or a hike
    RUN = "run"  # its steps and metres count, its time is no walking
    UNKNOWN = "unknown"  # judged by its speed


@dataclass(frozen=True)
class Track:
    """Points in any order, one array each: NaN where a point doesn't know.

    `at` in seconds since 1970 UTC; `latitude` and `longitude` in degrees; `distance_m` and
    `steps` counted from the start on, as the device did.
    """

    at: Floats
    latitude: Floats
    longitude: Floats
    distance_m: Floats
    steps: Floats


class _Windows(NamedTuple):
    """Stretches of up to 10 s within one clock minute: start and end (epoch s), metres, steps."""

    start: Floats
    end: Floats
    distance_m: Floats
    steps: Floats


def is_sound(at: float, latitude: float, longitude: float) -> bool:
    """Whether a point has a believable time and a place on Earth, or no place (NaN) at all."""
    no_place = np.isnan(latitude) and np.isnan(longitude)
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180  # false for NaN
    return EARLIEST <= at <= LATEST and bool(no_place or on_earth)


def counted(at: Floats, per_minute: Floats) -> Floats:
    """Steps counted from the start on, from the steps per minute at each point, in order.

    A rate holds from the point before it on; over a gap nothing is counted. A point that
    doesn't know the rate (NaN) is passed over, but the next rate reaches back over it for 30 s
    at most: watches also leave the rate out while nobody moves.
    """
    known = np.flatnonzero(np.isfinite(per_minute))
    if not len(known):
        return np.full(len(at), np.nan)
    seconds = np.diff(at[known], prepend=at[known[0]])
    seconds[seconds > MAX_GAP_S] = 0.0
    passed_over = np.diff(known, prepend=known[0]) > 1
    seconds[passed_over] = np.minimum(seconds[passed_over], MAX_HOLD_S)
    return np.interp(at, at[known], np.cumsum(per_minute[known] * seconds / 60))


def samples_of(
    tracks: list[Track], source: str, device: str, notices: Notices, sport: Sport
) -> pl.DataFrame:
    """SAMPLES of one activity, whose parts (laps, segments) are `tracks`, a row a minute.

    `source` is the name the person knows, `device` one of sensor, watch, phone, app, manual.
    An activity of unknown sport whose median speed while moving is above 3 m/s is flagged.
    """
    start, end, distance, steps = _windows(tracks, notices)
    seconds = end - start
    speed = distance / seconds
    jumps = speed > JUMP_MPS
    afoot = speed >= STANDING_MPS
    moving = afoot & ~jumps
    flag = None
    median_mps = _median(speed[afoot], seconds[afoot])
    if sport is Sport.UNKNOWN and median_mps > RIDING_MPS:
        flag = sift.TOO_FAST
        notices.add(
            "track.speed",
            say("Its median speed while moving is {median_mps:.1f} m/s.", median_mps=median_mps),
        )
    elif jumps.any():
        text = say(
            "Stretches faster than {jump_mps:.0f} m/s were taken for jumps of the position.",
            jump_mps=JUMP_MPS,
        )
        notices.add("track.jump", text, count=int(jumps.sum()))
    has_distance = np.isfinite(distance)
    stretches = pl.DataFrame(
        {
            "start": (start * 1e6).round().astype(np.int64),
            "end": (end * 1e6).round().astype(np.int64),
            "distance_m": np.where(moving, distance, np.where(has_distance, 0.0, np.nan)),
            "walking_s": np.where(has_distance, seconds * moving, np.nan),
            "steps": steps,
            "minute": (start // 60).astype(np.int64),
        }
    ).fill_nan(None)
    values = ("distance_m", "walking_s", "steps")
    minutes = stretches.group_by("minute", maintain_order=True).agg(
        pl.col("start").min(),
        pl.col("end").max(),
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()) for name in values),
    )
    is_run = pl.lit(sport is Sport.RUN)
    return checked(
        minutes.drop("minute").with_columns(
            pl.col("start", "end").cast(SAMPLES["start"]),
            pl.when(~is_run).then("walking_s").alias("walking_s"),
            pl.lit(source).alias("source"),
            pl.lit(device).alias("device"),
            pl.lit(flag, dtype=pl.String).alias("flag"),
        ),
        SAMPLES,
    )


def _windows(tracks: list[Track], notices: Notices) -> _Windows:
    parts = []
    for track in tracks:
        in_order = np.argsort(track.at, kind="stable")
        later = np.flatnonzero(np.diff(track.at[in_order]) > 0) + 1
        once = in_order[np.concatenate([[0], later])] if len(in_order) else in_order
        gaps = np.flatnonzero(np.diff(track.at[once]) > MAX_GAP_S) + 1
        if len(gaps):
            text = say(
                "Gaps of more than {max_gap_s:.0f} s between points were left as gaps.",
                max_gap_s=MAX_GAP_S,
            )
            notices.add("track.gap", text, count=len(gaps))
        parts += [_cut(track, run) for run in np.split(once, gaps) if len(run) > 1]
    if not parts:
        return _Windows(*[np.empty(0)] * 4)
    return _Windows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _cut(track: Track, run: NDArray[np.int64]) -> _Windows:
    """Windows on the clock's own tens of seconds, so that each lies within one minute."""
    at = track.at[run]
    tens = np.arange(np.ceil(at[0] / WINDOW_S), np.floor(at[-1] / WINDOW_S) + 1) * WINDOW_S
    marks = np.unique(np.concatenate([at[:1], tens, at[-1:]]))
    distance = _between(marks, at, track.distance_m[run])
    if np.isnan(distance).all():
        distance = way(marks, at, track.latitude[run], track.longitude[run])
    return _Windows(marks[:-1], marks[1:], distance, _between(marks, at, track.steps[run]))


def _between(marks: Floats, at: Floats, counted: Floats) -> Floats:
    """What a count that only grows came to between the marks; NaN where it is unknown."""
    known = np.isfinite(counted)
    if known.sum() < 2:
        return np.full(len(marks) - 1, np.nan)
    grown = np.maximum.accumulate(counted[known])
    return np.diff(np.interp(marks, at[known], grown))


def way(marks: Floats, at: Floats, latitude: Floats, longitude: Floats) -> Floats:
    """Metres between the places at the marks (haversine)."""
    known = np.isfinite(latitude) & np.isfinite(longitude)
    if known.sum() < 2:
        return np.full(len(marks) - 1, np.nan)
    north = np.interp(marks, at[known], np.radians(latitude[known]))
    # Unwrapped, a walk across the date line doesn't go round the earth.
    east = np.interp(marks, at[known], np.unwrap(np.radians(longitude[known])))
    chord = (
        np.sin(np.diff(north) / 2) ** 2
        + np.cos(north[1:]) * np.cos(north[:-1]) * np.sin(np.diff(east) / 2) ** 2
    )
    metres: Floats = 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return metres


def _median(values: Floats, weights: Floats) -> float:
    if not len(values):
        return 0.0
    order = np.argsort(values)
    half = np.cumsum(weights[order]) >= weights.sum() / 2
    return float(values[order][half][0])
