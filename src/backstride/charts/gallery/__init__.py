"""A recording and what was found in it, drawn so that a scientist can judge by eye."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from backstride.charts.gallery.clock import Clock
from backstride.charts.gallery.overview import days_of, overview
from backstride.charts.gallery.page import page
from backstride.charts.gallery.signal import Trace, activity, cut
from backstride.charts.gallery.strip import Seen, strip
from backstride.charts.gallery.views import View, bouts_of, choose
from backstride.charts.picture import Picture
from backstride.records import Recording
from backstride.walking import Measurement

__all__ = ["READINGS", "gallery"]

READINGS = 2  # how often a gallery reads the recording

NO_DATE = "time.no_start"  # the sensors' word for a recording that only counts seconds


def gallery(
    recording: Recording,
    measurement: Measurement,
    zone: str,
    views: int = 12,
    progress: Callable[[int], None] | None = None,
) -> str:
    """One HTML page: the recording at a glance, and `views` of its signal with what was found.

    Reads the recording twice more: to see how lively it is, and for the stretches that are
    drawn, which are all that is kept. `progress(done)` goes up to `READINGS` times
    `recording.size`. Raises what reading raises.
    """
    clock = _clock(measurement, zone)
    told = progress or (lambda _done: None)
    chosen = choose(measurement, activity(recording.blocks(told)), views)
    spans = [(view.start_s, view.end_s) for view in chosen]
    traces = cut(recording.blocks(lambda done: told(recording.size + done)), spans)
    strips = _strips(measurement, chosen, traces, clock)
    whole = overview(measurement, chosen, clock) if measurement.start_utc else None
    return page(measurement, clock, whole, strips)


def _strips(
    measurement: Measurement, views: Sequence[View], traces: Sequence[Trace], clock: Clock
) -> list[Picture]:
    bouts = bouts_of(measurement.bouts)
    steps_s = measurement.steps["at"].dt.timestamp("us").to_numpy() / 1e6
    days = days_of(measurement, clock)
    strips = []
    for view, trace in zip(views, traces, strict=True):
        touching = [b for b in bouts if b.start_s < view.end_s and b.end_s > view.start_s]
        inside = steps_s[(steps_s >= view.start_s) & (steps_s < view.end_s)]
        middle_s = (view.start_s + view.end_s) / 2
        day = next((day.name for day in days if middle_s <= day.end_s), "")
        strips.append(strip(Seen(view, trace, touching, inside), clock, day))
    return strips


def _clock(measurement: Measurement, zone: str) -> Clock:
    undated = any(notice.code == NO_DATE for notice in measurement.notices)
    start = measurement.start_utc
    return Clock(zone, start.timestamp() if undated and start else None)
