"""What a foot sensor and a heart strap add to a track: steps from cadence, heart rate a minute."""

from __future__ import annotations

import numpy as np
import polars as pl

from backstride.imports.track import MAX_GAP_S, STANDING_MPS, Floats, Track, counted, way
from backstride.records import MEASURES, Notices, checked, empty
from backstride.words import say

# Beyond these a strap or an optical sensor has lost the beat.
LEAST_BPM, MOST_BPM = 25.0, 250.0
USUAL_MPS = 1.2  # where nothing tells the speed


def steps_of(track: Track, cadence: Floats, notices: Notices) -> Floats:
    """Steps counted from the start on, from the cadence at each point of a track on foot.

    `cadence` is NaN where a point doesn't know it. Garmin writes one foot's steps a minute
    (a walk of its fenix 5 Plus at 1.41 m/s has 51), and so do Strava and COROS; some apps
    write both feet's. People step about 110 times a minute at 1.3 m/s and, up to a run, more
    with the square root of the speed: the reading that is nearer to that is taken. NaN
    throughout where no point knows a cadence.
    """
    moving = cadence[np.isfinite(cadence) & (cadence > 0)]
    if not len(moving):
        return np.full(len(cadence), np.nan)
    usual = 110.0 * np.sqrt(_moving_mps(track) / 1.3)
    one_foot = float(np.median(moving)) * np.sqrt(2) < usual
    if not one_foot:
        notices.add("track.both_feet", say("Its cadence was read as the steps of both feet."))
    in_order = np.argsort(track.at, kind="stable")
    steps = np.empty(len(cadence))
    steps[in_order] = counted(track.at[in_order], cadence[in_order] * (2 if one_foot else 1))
    return steps


def _moving_mps(track: Track) -> float:
    """The median speed between points while moving."""
    in_order = np.argsort(track.at, kind="stable")
    at = track.at[in_order]
    if np.isfinite(track.distance_m).sum() > 1:
        known = np.isfinite(track.distance_m[in_order])
        at, metres = at[known], np.diff(track.distance_m[in_order][known])
    else:
        metres = way(at, at, track.latitude[in_order], track.longitude[in_order])
    seconds = np.diff(at)
    close = (seconds > 0) & (seconds <= MAX_GAP_S)
    speed = metres[close] / seconds[close]
    speed = speed[np.isfinite(speed) & (speed >= STANDING_MPS)]
    return float(np.median(speed)) if len(speed) else USUAL_MPS


def heart_of(at: Floats, bpm: Floats, source: str, device: str) -> pl.DataFrame:
    """MEASURES: the mean heart rate of each clock minute that has one.

    `at` in seconds since 1970 UTC, `bpm` NaN or 0 where there is none. What no heart does
    (under 25 or over 250 a minute) is left out: the sensor had lost the beat.
    """
    sound = np.isfinite(at) & np.isfinite(bpm) & (bpm >= LEAST_BPM) & (bpm <= MOST_BPM)
    if not sound.any():
        return empty(MEASURES)
    minute = np.floor(at[sound] / 60).astype(np.int64) * 60_000_000
    means = (
        pl.DataFrame({"start": minute, "value": bpm[sound]})
        .group_by("start")
        .agg(pl.col("value").mean())
        .sort("start")
    )
    return checked(
        means.with_columns(
            pl.col("start").cast(MEASURES["start"]),
            (pl.col("start") + 60_000_000).cast(MEASURES["end"]).alias("end"),
            pl.lit("heart_rate_bpm").alias("measure"),
            pl.lit(source).alias("source"),
            pl.lit(device).alias("device"),
        ),
        MEASURES,
    )
