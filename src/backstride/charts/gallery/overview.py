"""The whole recording at a glance: steps a minute, bouts, and where the views were taken.

Up to 26 hours it is one row; a longer recording has a row a day (an actogram).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import numpy as np

from backstride.charts.gallery.clock import Clock
from backstride.charts.gallery.frame import count
from backstride.charts.gallery.rows import Day, Whole, draw
from backstride.charts.gallery.signal import Signal
from backstride.charts.gallery.views import View, bouts_of
from backstride.charts.picture import Picture
from backstride.walking import Measurement

ONE_ROW_S = 26 * 3600.0


def overview(measurement: Measurement, views: Sequence[View], clock: Clock) -> Picture:
    """Steps a minute over the whole recording, bouts shaded, the views by their numbers.

    The table has a row a recorded minute. Raises ValueError for an empty recording.
    """
    if measurement.start_utc is None or measurement.end_utc is None:
        raise ValueError("an empty recording has no overview")
    start_s, end_s = measurement.start_utc.timestamp(), measurement.end_utc.timestamp()
    days = days_of(measurement, clock)
    minutes = measurement.minutes
    at_s = minutes["start"].dt.timestamp("us").to_numpy() / 1e6
    off = minutes["steps"].is_null().to_numpy()
    seen = [(max(a, start_s), min(b, end_s)) for a, b in _runs(at_s)]
    text = _text(measurement, clock)
    whole = Whole(
        days=days,
        clock=clock,
        steps_s=measurement.steps["at"].dt.timestamp("us").to_numpy() / 1e6,
        bouts=[(bout.start_s, bout.end_s) for bout in bouts_of(measurement.bouts)],
        unseen=list(_between(seen, days[0].start_s, days[-1].end_s)),
        unworn=list(_runs(at_s[off])),
        views=views,
        text=text,
    )
    table = minutes.select("start", "steps", "walking_s", "worn_s")
    return Picture("The whole recording", text, table, functools.partial(draw, whole))


def _text(measurement: Measurement, clock: Clock) -> str:
    bouts, steps = len(measurement.bouts), len(measurement.steps)
    hours = f"{measurement.recorded_s / 3600:.1f} hours"
    if measurement.recorded_s < 2 * 3600:
        hours = f"{measurement.recorded_s / 60:.1f} minutes"
    if not bouts:
        return f"{hours} recorded, and no walking found in them."
    minutes = f"{walking_min(measurement):,.1f} minutes"
    found = f"{count(steps, 'step')} in {count(bouts, 'bout')}, {minutes} of walking"
    return f"{found} in {hours} recorded."


def walking_min(measurement: Measurement) -> float:
    """Minutes within bouts."""
    return sum(bout.length_s for bout in bouts_of(measurement.bouts)) / 60


def days_of(measurement: Measurement, clock: Clock) -> list[Day]:
    """One row without a name, or one a local day; none of an empty recording."""
    if measurement.start_utc is None or measurement.end_utc is None:
        return []
    start_s, end_s = measurement.start_utc.timestamp(), measurement.end_utc.timestamp()
    if end_s - start_s <= ONE_ROW_S:
        return [Day(start_s, end_s)]
    found, at_s = [], start_s
    while at_s < end_s:
        first_s, last_s = clock.midnights(at_s)
        found.append(Day(first_s, last_s, *clock.names_of_day(first_s)))
        at_s = last_s
    return found


def _runs(minute_s: Signal) -> list[tuple[float, float]]:
    """Stretches of minutes that follow each other, of their starts in ascending order."""
    if not len(minute_s):
        return []
    cut = np.flatnonzero(np.diff(minute_s) > 60.5) + 1
    first, last = np.r_[0, cut], np.r_[cut, len(minute_s)] - 1
    return [
        (float(minute_s[a]), float(minute_s[b]) + 60.0) for a, b in zip(first, last, strict=True)
    ]


def _between(
    runs: Sequence[tuple[float, float]], start_s: float, end_s: float
) -> Iterator[tuple[float, float]]:
    """What the runs leave free from start to end."""
    ends = [start_s, *(end for _, end in runs)]
    starts = [*(start for start, _ in runs), end_s]
    for a, b in zip(ends, starts, strict=True):
        if b > a:
            yield a, b
