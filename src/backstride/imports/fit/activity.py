"""A FIT activity as samples and heart rate: its records minute by minute, by session.

Records know the metres from the start on (`distance`), the place, and `cadence`, which afoot
is in strides a minute: two steps each. What the cadence comes to is brought to the session's
own count of strides: the watch took that step by step, the cadence is a smoothed figure (a run
of a fenix 5 has 156 steps by its strides and 158 by its cadence, a walk of 45 s 82 and 93).
Some apps write steps where strides belong, so of the two the nearer one is taken, and neither
if both are more than half off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.imports import sift
from backstride.imports.fit.format import EPOCH_S, FIRST_DATE, Floats, Messages
from backstride.imports.fit.names import Device
from backstride.imports.track import EARLIEST, LATEST, Sport, Track, samples_of
from backstride.records import MEASURES, Notices, checked, empty
from backstride.words import say

SPORT, SESSION, RECORD = 12, 18, 20
SPORTS = {0: Sport.UNKNOWN, 1: Sport.RUN, 11: Sport.WALK, 17: Sport.WALK}

POINT = "track point"
DEGREES = 180 / 2**31  # of a semicircle
STEPS_A_STRIDE = 2
HOLD_S = 30.0  # how long a cadence is taken to go on without a new record
FAR_OFF = 1.5
LEAST_BPM, MOST_BPM = 20, 250


@dataclass(frozen=True)
class Session:
    """One sport of an activity: times in seconds of the FIT clock, counts as the device took
    them, NaN for what it doesn't know."""

    sport: int
    start: float
    seconds: float
    distance_m: float
    cycles: float

    @property
    def afoot(self) -> bool:
        return self.sport in SPORTS


def sessions_of(messages: Messages) -> list[Session]:
    """The sessions of an activity in order; one without end for a file that names none."""
    _, _, columns = messages.columns(SESSION, 5, 2, 7, 8, 9, 10)
    sport, start, elapsed, timer, distance, cycles = columns
    seconds = np.where(np.isnan(elapsed), timer, elapsed) / 1000
    rows = zip(sport, start, seconds, distance / 100, cycles, strict=True)
    found = [Session(_number(row[0]), *(float(value) for value in row[1:])) for row in rows]
    if not found:
        _, _, (named,) = messages.columns(SPORT, 0)
        return [Session(_number(named[0]) if len(named) else 0, *[np.nan] * 4)]
    return sorted(found, key=lambda session: session.start)


def _number(value: float) -> int:
    return 0 if np.isnan(value) else int(value)


@lru_cache(maxsize=256)
def sport_name(sport: int) -> str:
    from fitdecode.profile import FIELD_TYPES  # here: a list of 16,000 lines

    return str(FIELD_TYPES["sport"].enum.get(sport, "unknown sport")).replace("_", " ")


@dataclass(frozen=True)
class _Records:
    at: Floats  # seconds since 1970
    latitude: Floats
    longitude: Floats
    distance_m: Floats
    cadence: Floats
    heart_bpm: Floats

    def __getitem__(self, which: NDArray[np.bool_]) -> _Records:
        return _Records(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def read(
    messages: Messages, device: Device, account: sift.Account, where: str
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """SAMPLES and MEASURES of each session that went afoot; others are counted as skipped."""
    sessions = sessions_of(messages)
    for session in sessions:
        if not session.afoot:
            account.skip(f"{sport_name(session.sport)} activity")
    if not any(session.afoot for session in sessions):
        return
    records = _records(messages, account, where)
    starts = np.array([session.start for session in sessions]) + EPOCH_S
    starts[0] = -np.inf  # what stands before the first session belongs to it
    place = np.searchsorted(starts, records.at, side="right") - 1
    for number, session in enumerate(sessions):
        own = records[place == number]
        if session.afoot and len(own.at) > 1:
            yield _samples(own, session, device, account.notices), _heart(own, session, device)
        elif session.afoot:
            yield _summed(session, device, account, where), empty(MEASURES)


def _records(messages: Messages, account: sift.Account, where: str) -> _Records:
    _, time, columns = messages.columns(RECORD, 0, 1, 5, 4, 53, 3)
    latitude, longitude, distance, cadence, fraction, heart = columns
    records = _Records(
        np.where(time >= FIRST_DATE, time + EPOCH_S, np.nan),
        latitude * DEGREES,
        longitude * DEGREES,
        distance / 100,
        cadence + np.nan_to_num(fraction) / 128,
        np.where((heart >= LEAST_BPM) & (heart <= MOST_BPM), heart, np.nan),
    )
    on_earth = ~(np.abs(records.latitude) > 90)  # true for a point without a place
    sound = (records.at >= EARLIEST) & (records.at <= LATEST) & on_earth
    if sound.any():
        account.read[POINT] += int(sound.sum())
    if not sound.all():
        account.refused[POINT] += int((~sound).sum())
        text = say("Refused: points without a time or with an impossible place or date.")
        account.notices.add("track.point", text, where, int((~sound).sum()))
    in_order = np.argsort(records.at[sound], kind="stable")
    kept = records[sound]
    return _Records(*(getattr(kept, name)[in_order] for name in kept.__dataclass_fields__))


def _samples(records: _Records, session: Session, device: Device, notices: Notices) -> pl.DataFrame:
    track = Track(
        records.at,
        records.latitude,
        records.longitude,
        records.distance_m,
        _steps(records, session.cycles, notices),
    )
    return samples_of([track], device.name, device.kind, notices, SPORTS[session.sport])


def _steps(records: _Records, cycles: float, notices: Notices) -> Floats:
    """Steps since the first record, at each record."""
    held = np.minimum(np.diff(records.at), HOLD_S)
    a_minute = np.nan_to_num(records.cadence[1:]) * STEPS_A_STRIDE
    by_cadence = np.concatenate([[0.0], np.cumsum(a_minute * held / 60)])
    if not by_cadence[-1] > 0:
        return _spread(records, cycles * STEPS_A_STRIDE)
    if not cycles > 0:
        return by_cadence
    ratios = np.array([STEPS_A_STRIDE, 1]) * cycles / by_cadence[-1]
    nearest = float(ratios[np.argmin(np.abs(np.log(ratios)))])
    if not 1 / FAR_OFF <= nearest <= FAR_OFF:
        text = say("The count of strides and the cadence differ widely; the cadence was counted.")
        notices.add("fit.strides", text)
        return by_cadence
    return by_cadence * nearest


def _spread(records: _Records, total: float) -> Floats:
    """A total without a cadence: over the way where it is known, else over the time."""
    way = records.distance_m if np.isfinite(records.distance_m).all() else records.at
    way = np.maximum.accumulate(way) - way[0]
    if not total > 0 or not way[-1] > 0:
        return np.full(len(way), np.nan)
    spread: Floats = way * (total / way[-1])
    return spread


def _heart(records: _Records, session: Session, device: Device) -> pl.DataFrame:
    """The mean heart rate of each minute of a walk."""
    known = np.isfinite(records.heart_bpm)
    if SPORTS[session.sport] is not Sport.WALK or not known.any():
        return empty(MEASURES)
    minute = (records.at[known] // 60).astype(np.int64)
    first, number = np.unique(minute, return_inverse=True)
    mean = np.bincount(number, records.heart_bpm[known]) / np.bincount(number)
    start = pl.Series("start", first * 60_000_000).cast(MEASURES["start"])
    table = pl.DataFrame({"start": start, "value": mean})
    return checked(
        table.with_columns(
            (pl.col("start") + pl.duration(minutes=1)).alias("end"),
            pl.lit("heart_rate_bpm").alias("measure"),
            pl.lit(device.name).alias("source"),
            pl.lit(device.kind).alias("device"),
        ),
        MEASURES,
    )


def _summed(session: Session, device: Device, account: sift.Account, where: str) -> pl.DataFrame:
    """A session that came without records: one sample of its totals."""
    sport = SPORTS[session.sport]
    start = session.start + EPOCH_S if session.start >= FIRST_DATE else np.nan
    rows = pl.DataFrame(
        {
            "start": [start * 1e6],
            "end": [(start + session.seconds) * 1e6],
            "steps": [session.cycles * STEPS_A_STRIDE],
            "distance_m": [session.distance_m],
            "walking_s": [session.seconds if sport is Sport.WALK else np.nan],
        }
    ).fill_nan(None)
    return sift.sifted(
        rows.with_columns(
            pl.col("start", "end").cast(pl.Int64).cast(pl.Datetime("us", "UTC")),
            pl.lit(device.name).alias("source"),
            pl.lit(device.kind).alias("device"),
            pl.lit("activity without records").alias("kind"),
            pl.lit(where).alias("where"),
        ),
        account,
    )
