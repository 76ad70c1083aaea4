"""Google Fit's points as samples and measures: what they count, and what was no walking.

Google's own total leaves out steps while cycling, driving or in public transport (its FAQ, "Step
counts"); the merged stream still has them, so they are left out here, by the activity segments.
Metres are those of every activity, so only those outside all others are taken, and none from an
export without segments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.imports import sift
from backstride.imports.containers import Files
from backstride.imports.google_fit.streams import APP, Stream, families, points_of
from backstride.imports.parts import Parts
from backstride.imports.sensed import LEAST_BPM, MOST_BPM
from backstride.imports.text import json_of
from backstride.records import MEASURES, SAMPLES, checked, empty

STEPS, DISTANCE, SEGMENT = "step_count.delta", "distance.delta", "activity.segment"
# Google's list of activity types (developers.google.com/fit/rest/v1/reference/activity-types).
WALKING = (7, 35, 93, 94, 95, 116)  # walking, hiking, fitness, Nordic, treadmill, stroller
RUNNING = (8, 56, 57, 58)  # running, jogging, on sand, on a treadmill
NOTHING = (2, 3, 4, 5)  # on foot (which of both isn't said), still, unknown, tilting
RIDING = (0, 1, 14, 15, 16, 17, 18, 19, 37, 98)  # vehicles, cycling, on horseback, wheelchair
NAMES = {0: "in a vehicle", 1: "cycling", 2: "on foot", 3: "still", 4: "unknown", 8: "running"}
LONGEST_WALK_S = 12 * 3600
MAX_SESSION = 8 << 20
PART = "part"  # the kind under which a damaged one is refused

Take = Callable[[pl.DataFrame, sift.Account], pl.DataFrame]


@dataclass
class Reading:
    """One pass over the parts of an export; `used` are the names of those that were read."""

    parts: Parts
    zone: str
    used: set[str] = field(default_factory=set)
    measures: list[pl.DataFrame] = field(default_factory=list)
    days: pl.DataFrame = field(default_factory=pl.DataFrame)

    def family(self, streams: list[Stream], take: Take) -> list[pl.DataFrame]:
        """What `take` makes of the points of the first family of streams that has any."""
        for family in families(streams):
            read = [self._stream(stream, take) for stream in family]
            if any(count for count, _ in read):
                return [frame for _, frames in read for frame in frames]
        return []

    def _stream(self, stream: Stream, take: Take) -> tuple[int, list[pl.DataFrame]]:
        """How many points a stream has, and what `take` makes of them: nothing if it is damaged."""
        self.used.add(stream.name)
        trial, count, frames = sift.Account(), 0, []

        def taken(files: Files, _name: str) -> None:
            nonlocal count
            for points in points_of(files, stream, self.parts.went_on):
                count += points.height
                frames.append(take(points, trial))

        for _ in self.parts.of(PART, taken, [stream.name]):
            self.parts.account.add(trial)
            return count, frames
        return 0, []

    def each(
        self, names: list[str], read: Callable[[Files, str], pl.DataFrame]
    ) -> Iterator[pl.DataFrame]:
        """What `read` gives of each part that isn't damaged."""
        return (part for _, part in self.parts.of(PART, read, names))


class Times:
    """Stretches of time that may overlap."""

    def __init__(self) -> None:
        self._pairs: list[NDArray[np.int64]] = []
        self._sorted: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    def add(self, rows: pl.DataFrame) -> None:
        self._pairs.append(rows.select(pl.col("start", "end").to_physical()).to_numpy())
        self._sorted = None

    def hold(self, at: pl.Series) -> pl.Series:
        """Whether each instant lies in one of them."""
        if self._sorted is None:
            pairs = np.concatenate([np.empty((0, 2), np.int64), *self._pairs])
            pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
            self._sorted = pairs[:, 0], np.maximum.accumulate(pairs[:, 1])
        starts, ends = self._sorted
        instants = at.to_physical().to_numpy()
        before = np.searchsorted(starts, instants, side="right") - 1
        if not len(starts):
            return pl.Series(np.zeros(len(instants), dtype=bool))
        return pl.Series((before >= 0) & (ends[np.maximum(before, 0)] > instants))


@dataclass
class Activities:
    """When the person walked, rode or did something else, as far as segments say."""

    known: bool = False
    walks: Times = field(default_factory=Times)
    rides: Times = field(default_factory=Times)
    others: Times = field(default_factory=Times)

    def walks_in(self, points: pl.DataFrame, account: sift.Account) -> pl.DataFrame:
        """SAMPLES of the segments of walking; the others are counted, and kept in mind."""
        self.known = True
        usable = pl.col("value").is_finite() & (pl.col("end") >= pl.col("start"))
        usable = usable.fill_null(value=False)
        sound = points.filter(usable).with_columns(pl.col("value").cast(pl.Int64).alias("code"))
        self.walks.add(sound.filter(pl.col("code").is_in(WALKING)))
        self.rides.add(sound.filter(pl.col("code").is_in(RIDING)))
        self.others.add(sound.filter(~pl.col("code").is_in([*WALKING, *RUNNING, *NOTHING])))
        other = sound.filter(~pl.col("code").is_in(WALKING))
        for code, count in other["code"].value_counts().iter_rows():
            account.skip(f"activity: {NAMES.get(code, code)}", count)
        walked = sound.filter(pl.col("code").is_in(WALKING)).drop("code")
        seconds = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
        rows = pl.concat([walked, points.filter(~usable)]).with_columns(
            pl.when(pl.col("value").is_finite()).then(seconds).alias("walking_s"),
            pl.lit("activity: walking").alias("kind"),
        )
        return sift.sifted(rows.drop("value"), account).with_columns(
            pl.when(pl.col("walking_s") > LONGEST_WALK_S)
            .then(pl.lit(sift.NEVER_STOPPED))
            .alias("flag")
        )

    def steps_in(self, points: pl.DataFrame, account: sift.Account) -> pl.DataFrame:
        """SAMPLES of points of steps."""
        kept = _outside(points, self.rides, account, "steps while riding")
        return sift.sifted(kept.rename({"value": "steps"}), account)

    def metres_in(self, points: pl.DataFrame, account: sift.Account) -> pl.DataFrame:
        """SAMPLES of points of distance."""
        kept = _outside(points, self.others, account, "distance of other activities")
        return sift.sifted(kept.rename({"value": "distance_m"}), account)


def _outside(points: pl.DataFrame, times: Times, account: sift.Account, kind: str) -> pl.DataFrame:
    """The points whose middle isn't in `times`; the others are counted as `kind`."""
    middle = points.select(
        (pl.col("start").to_physical() + pl.col("end").to_physical()).fill_null(0) // 2
    ).to_series()
    inside = times.hold(middle)
    if inside.any():
        account.skip(kind, int(inside.sum()))
    label = "distance" if "distance" in kind else "steps"
    return points.filter(~inside).with_columns(pl.lit(label).alias("kind"))


class Beats:
    """Heart rate while walking, gathered as sums a minute: a year of seconds is no matter."""

    def __init__(self, activities: Activities) -> None:
        self._walks = activities.walks
        self._sums: list[pl.DataFrame] = []

    def take(self, points: pl.DataFrame, account: sift.Account) -> pl.DataFrame:
        sound = pl.col("start").is_not_null() & pl.col("value").is_between(LEAST_BPM, MOST_BPM)
        rows = points.filter(sound)
        inside = self._walks.hold(rows["start"])
        account.skip("heart rate at other times", points.height - int(inside.sum() or 0))
        account.read["heart rate"] += int(inside.sum() or 0)
        minutes = rows.filter(inside).group_by(
            pl.col("start").dt.truncate("1m"), "source", "device"
        )
        self._sums.append(minutes.agg(pl.col("value").sum().alias("sum"), pl.len().alias("count")))
        return empty(MEASURES)

    def means(self) -> pl.DataFrame:
        """MEASURES: a mean for each minute of walking that has a heart rate."""
        if not self._sums:
            return empty(MEASURES)
        whole = pl.concat(self._sums).group_by("start", "source", "device").agg(pl.all().sum())
        era = sift.refusal(pl.lit(0.0), None)
        rows = whole.select(
            "start",
            (pl.col("start") + pl.duration(minutes=1)).alias("end"),
            pl.lit("heart_rate_bpm").alias("measure"),
            (pl.col("sum") / pl.col("count")).alias("value"),
            "source",
            "device",
        )
        return checked(rows.filter(era.is_null()), MEASURES)


def resting_in(points: pl.DataFrame, account: sift.Account) -> pl.DataFrame:
    """MEASURES of the heart rate at rest, as Fit reckoned it."""
    rows = points.with_columns(
        pl.lit("resting_heart_rate_bpm").alias("measure"),
        pl.lit("heart rate at rest").alias("kind"),
    )
    return sift.sifted(rows, account, schema=MEASURES)


def session_in(files: Files, name: str, account: sift.Account) -> pl.DataFrame:
    """SAMPLES of a session, if it is a walk; others are counted. Raises UnreadableFile."""
    content = json_of(files, name, MAX_SESSION)
    session = content if isinstance(content, dict) else {}
    label = str(session.get("fitnessActivity", "")).lower().replace("_", ".")
    if not label.startswith(("walking", "hiking")):
        account.skip(f"session: {label[:40]}")
        return empty(SAMPLES)
    told = session.get("aggregate")
    counts = {
        str(each.get("metricName")): each.get("intValue", each.get("floatValue"))
        for each in (told if isinstance(told, list) else [])
        if isinstance(each, dict)
    }
    rows = pl.DataFrame(
        {
            "start": [str(session.get("startTime"))],
            "end": [str(session.get("endTime"))],
            "walking_s": [str(session.get("duration", "")).removesuffix("s")],
            "steps": [str(counts.get("com.google.step_count.delta"))],
            "distance_m": [str(counts.get("com.google.distance.delta"))],
        }
    )
    instants = pl.col("start", "end").str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f%#z", time_unit="us", time_zone="UTC", strict=False
    )
    span = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
    ready = rows.with_columns(
        instants, pl.col("walking_s", "steps", "distance_m").cast(pl.Float64, strict=False)
    ).with_columns(
        pl.min_horizontal("walking_s", span).alias("walking_s"),
        source=pl.lit(APP),
        device=pl.lit("app"),
        kind=pl.lit("session: walking"),
        where=pl.lit(name),
    )
    return sift.sifted(ready, account)
