"""All-day counts of a watch, from its monitoring files: from running totals to intervals.

What is known of these files is Garmin's public profile and how other open readers take them
(Gadgetbridge, GarminDB), held against a real file of a vivofit:

- `cycles` counts steps (the profile's subfield `steps`, without its scale of 2) for walking and
  for running apart, each from local midnight on. A count at midnight itself closes the day
  that ends then.
- Most messages carry the low 16 bits of the time; the rest is that of the message before. The
  clock is UTC; `monitoring_info` says what it was on the watch.
- A message of any activity, sitting too, ends a stretch: the steps of the next one that counts
  some came after it. (So taken the vivofit's busiest stretch has 65 steps a minute.)
- A count that falls to less than half began anew: a watch that was reset.
- `active_time` is not read: the vivofit's says 607 s for 3,142 steps, five a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.imports.fit.format import EPOCH_S, FIRST_DATE, Floats, Messages
from backstride.imports.fit.names import Device
from backstride.records import Schema

MONITORING, INFO, RESTING_HEART = 55, 103, 211
WALKING, RUNNING = 6, 1
DAY_S = 86_400
ZONE_STEP_S = 900  # zones differ by quarters of an hour
BACKWARDS_S = 7_200  # messages are in order of time but for a little
MOST_OFFSET_S = 15 * 3600
MOST_STEPS_PER_S = 4

Ints = NDArray[np.int64]

_TOLD: Schema = {
    "watch": pl.Int32(),
    "at": pl.Int64(),
    "offset": pl.Int64(),
    "type": pl.Int16(),
    "steps": pl.Float64(),
    "distance": pl.Float64(),
}
_RESTED: Schema = {"watch": pl.Int32(), "at": pl.Int64(), "day": pl.Int64(), "value": pl.Float64()}


@dataclass
class Monitored:
    """What the monitoring files of all watches said, as columns, a part a file.

    `intervals`, `totals` and `resting` work it out at the end: several files make up a day.
    """

    watches: list[int | str] = field(default_factory=list)  # their keys
    counts: int = 0
    without_steps: int = 0
    _parts: list[dict[str, Floats]] = field(default_factory=list)
    _resting: list[dict[str, Floats]] = field(default_factory=list)

    def add(self, messages: Messages, device: Device, zone_offset_s: int | None = None) -> None:
        """Note a file. `zone_offset_s` is for one that doesn't say what the local time is."""
        if device.key not in self.watches:
            self.watches.append(device.key)
        watch = self.watches.index(device.key)
        columns = _columns(messages, zone_offset_s or 0)
        has_steps = np.isfinite(columns["steps"])
        told = has_steps | np.isfinite(columns["type"])
        self.counts += int(has_steps.sum())
        self.without_steps += int((~has_steps).sum())
        part = {name: column[told] for name, column in columns.items()}
        self._parts.append(part | {"watch": np.full(int(told.sum()), float(watch))})
        self._resting.append(_resting(messages, watch, columns["offset"]))

    def told(self) -> pl.DataFrame:
        """Columns watch, at (epoch s), offset (s), day, type, steps, distance (m), all in order."""
        day = (pl.col("at") + pl.col("offset") - 1).floordiv(DAY_S)
        return _table(self._parts, _TOLD).with_columns(day.alias("day")).sort("watch", "at")

    def resting(self) -> pl.DataFrame:
        """Columns watch, at (epoch s), day and value: the last resting heart rate of a day."""
        rows = _table(self._resting, _RESTED).sort("at")
        return rows.group_by("watch", "day", maintain_order=True).last()


def _table(parts: list[dict[str, Floats]], schema: Schema) -> pl.DataFrame:
    """Parts of many files as one table: a table a file would take longer than reading it."""
    whole = {
        name: np.concatenate([np.empty(0), *(part[name] for part in parts)]) for name in schema
    }
    rows = pl.DataFrame(whole).fill_nan(None)
    return rows.select(pl.col(name).cast(kind) for name, kind in schema.items())


def totals(told: pl.DataFrame) -> pl.DataFrame:
    """Columns watch, day, steps: the watch's own count at the end of each of its days."""
    by_type = _once(told).sort("at").group_by("watch", "day", "type").agg(pl.col("steps").last())
    return by_type.group_by("watch", "day").agg(pl.col("steps").sum()).sort("watch", "day")


def intervals(told: pl.DataFrame) -> pl.DataFrame:
    """Columns watch, start, end (epoch s), steps, distance (m), day; what had none is left out."""
    stretch = ("watch", "type", "run")
    grown = (
        _once(told)
        .sort("watch", "type", "at")
        .with_columns(_runs().over("watch", "type").alias("run"))
        .with_columns(
            _grown("steps").over(stretch),
            _grown("distance").over(stretch),
        )
        .group_by("watch", "at")
        .agg(pl.col("steps", "distance").sum(), pl.col("offset", "day").last(), _none("distance"))
    )
    before = told.select("watch", "at").unique().sort("watch", "at")
    before = before.with_columns(pl.col("at").shift().over("watch").alias("before"))
    return (
        grown.filter(pl.col("steps") > 0)
        .join(before, on=["watch", "at"], how="left")
        .select(
            "watch",
            pl.max_horizontal("before", _midnight()).alias("start"),
            pl.col("at").alias("end"),
            "steps",
            pl.when("known").then("distance").alias("distance"),
            "day",
        )
        .sort("watch", "end")
    )


def _once(told: pl.DataFrame) -> pl.DataFrame:
    """One running total for each activity and time: at midnight the ended day's, not the 0."""
    counted = told.filter(pl.col("steps").is_not_null())
    return counted.group_by("watch", "type", "day", "at").agg(
        pl.col("steps", "distance").max(), pl.col("offset").last()
    )


def _midnight() -> pl.Expr:
    return pl.col("day") * DAY_S - pl.col("offset")


def _runs() -> pl.Expr:
    """Counts up where a running total began anew: at midnight, or where the watch was reset.

    A total that nobody can have walked since midnight goes on from before it: the watch's
    midnight was another, for its clock was put forward or back after the file was begun.
    """
    steps, day = pl.col("steps"), pl.col("day")
    since_midnight = pl.col("at") - _midnight()
    another_day = (day != day.shift()) & (steps <= since_midnight * MOST_STEPS_PER_S)
    anew = another_day | (steps < steps.shift() / 2)
    return anew.fill_null(value=False).cast(pl.Int32).cum_sum()


def _grown(name: str) -> pl.Expr:
    high = pl.col(name).cum_max()
    return high - high.shift().forward_fill().fill_null(0.0)


def _none(name: str) -> pl.Expr:
    return pl.col(name).is_not_null().any().alias("known")


def _columns(messages: Messages, zone_offset_s: int) -> dict[str, Floats]:
    order, time, fields = messages.columns(MONITORING, 26, 3, 9, 5, 24, 2)
    low, cycles, cycles_16, type_, packed, distance = fields
    info_order, info_time, (local,) = messages.columns(INFO, 0)
    steps = np.where(np.isnan(cycles), cycles_16, cycles)
    kind = np.where(np.isnan(type_), packed % 32, type_)  # the low five bits are the activity
    afoot = (kind == WALKING) | (kind == RUNNING)
    metres = np.where(np.isnan(distance), _by_steps(messages, kind, steps), distance / 100)
    return {
        "at": (at := _times(order, time, low, info_order, info_time)) + EPOCH_S,
        "offset": _offsets(order, info_order, local - info_time, zone_offset_s),
        "type": np.where(at >= FIRST_DATE, kind, np.nan),
        "steps": np.where(afoot & (at >= FIRST_DATE), steps, np.nan),
        "distance": np.where(afoot, metres, np.nan),
    }


def _by_steps(messages: Messages, kind: Floats, steps: Floats) -> Floats:
    """Metres by the watch's own length of two steps, which older ones tell instead."""
    metres = np.full(len(kind), np.nan)
    types, lengths = messages.last_list(INFO, 1), messages.last_list(INFO, 3)
    for one, length in zip(types, lengths, strict=False):
        if one in (WALKING, RUNNING):
            metres = np.where(kind == one, steps / 2 * length / 5000, metres)
    return metres


def _times(order: Ints, time: Floats, low: Floats, info_order: Ints, info_time: Floats) -> Floats:
    """Seconds of the FIT clock of each monitoring message, 0 where it can't be known."""
    places = np.concatenate([order, info_order])
    sorting = np.argsort(places, kind="stable")
    full = np.concatenate([time, info_time])[sorting]
    lows = np.concatenate([low, np.full(len(info_order), np.nan)])[sorting]
    lows = np.where(full >= 0, full % 65536, lows)
    filled = _carried(lows)
    step = np.diff(filled, prepend=filled[:1])
    way = np.cumsum(np.nan_to_num((step + BACKWARDS_S) % 65536 - BACKWARDS_S))
    anchor = _carried(np.where(full >= 0, full - way, np.nan))
    at = np.nan_to_num(anchor + way)
    found = np.empty(len(sorting))
    found[sorting] = at
    return found[: len(order)]


def _carried(values: Floats) -> Floats:
    """Each NaN replaced by the last known value before it."""
    known = np.isfinite(values)
    last = np.maximum.accumulate(np.where(known, np.arange(len(values)), -1))
    carried: Floats = np.where(last >= 0, values[np.maximum(last, 0)], np.nan)
    return carried


def _offsets(order: Ints, info_order: Ints, offset: Floats, otherwise: int) -> Floats:
    """Local minus UTC seconds at each message, as the last `monitoring_info` before it says."""
    sound = np.isfinite(offset) & (np.abs(offset) <= MOST_OFFSET_S)
    if not sound.any():
        return np.full(len(order), float(otherwise))
    places, rounded = info_order[sound], np.round(offset[sound] / ZONE_STEP_S) * ZONE_STEP_S
    found: Floats = rounded[np.maximum(np.searchsorted(places, order) - 1, 0)]
    return found


def _resting(messages: Messages, watch: int, offsets: Floats) -> dict[str, Floats]:
    _, time, (of_days, of_day) = messages.columns(RESTING_HEART, 0, 1)
    at = time + EPOCH_S
    value = np.where(np.isnan(of_day), of_days, of_day)
    sound = (time >= FIRST_DATE) & np.isfinite(value) & (value > 0)
    day = (at + (offsets[0] if len(offsets) else 0)) // DAY_S
    columns = {"at": at, "day": day, "value": value, "watch": np.full(len(at), float(watch))}
    return {name: column[sound] for name, column in columns.items()}
