"""Strava's bulk export: every activity as it was uploaded, and a table of them.

The zip holds `activities.csv` (see `strava_table`) and `activities/`, with a GPX, TCX or FIT for
each, packed (`.gz`) or not. The table tells which are walks, hikes or runs; a kind whose name
isn't known there is read if the file itself says that it is one. Rides, swims and the like are
not opened. Files are read as in `gpx`, `tcx` and `fit`.

Of an activity whose file is missing, damaged or says nothing of its walking, the table's own
totals are taken; one that never had a file was typed in, and is `manual`. `Total Steps` counts
where the file has no steps, as one record of the whole walk: when they were made nobody knows.

Made after public programs that read such exports; no real one was at hand.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import polars as pl

from backstride.imports import fit, gpx, parts, sift, tcx
from backstride.imports.containers import HEAD, Files
from backstride.imports.imported import Imported
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.imports.strava.table import FILE, Row, is_table, rows_of
from backstride.imports.track import Sport
from backstride.records import MEASURES, SAMPLES, empty
from backstride.words import say

NAME = "Strava"
SOURCE = Source(
    key="strava",
    name=NAME,
    files=say("the zip of the bulk export, export_….zip, or its activities.csv"),
    gives=say("metres and walking minutes; steps and heart rate where a watch recorded"),
    checked=Checked.EXPERIMENTAL,
    how=tuple(
        How(
            where,
            (
                say("Open strava.com in a browser (the app can't do it) and log in."),
                say("Open your picture, then Settings, My Account."),
                say("Under Download or Delete Your Account choose Get Started."),
                say("Choose Request Your Archive, the second step. It deletes nothing."),
                say("Strava sends an e-mail within hours. Download the zip and bring it as it is."),
            ),
        )
        for where in Where
    ),
    note="the names of walks and runs are known in some twelve languages",
)

TABLE = r"(^|/)activities\.csv$"
MAX_PART = 32 << 20
LONGEST_S = 30 * 86400

PART = "part"  # the kind under which a damaged one is refused


def matches(files: Files) -> bool:
    if not files.is_zip:
        return is_table(files.head)
    if any(FILE.search(name) and name.lower().endswith(".gz") for name in files.names):
        return True
    return any(is_table(parts.head_of(files, name) or b"") for name in files.matching(TABLE)[:3])


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read a bulk export, or the table out of one.

    A damaged part is refused as a part. Raises UnreadableFile if all is damaged.
    """
    reading = _Reading(files, zone, tell)
    for activity in reading.activities():
        reading.take(activity)
    reading.parts.check()
    return sift.finished(
        SOURCE.key,
        reading.samples,
        reading.account,
        zone,
        measures=pl.concat([empty(MEASURES), *reading.measures]),
    )


class _Reading:
    def __init__(self, files: Files, zone: str, tell: Tell) -> None:
        self.zone, self.account = zone, sift.Account()
        self.samples: list[pl.DataFrame] = []
        self.measures: list[pl.DataFrame] = []
        self.tables = files.matching(TABLE) if files.is_zip else list(files.names)
        # File name to name in the zip.
        self.members = {_short(name): name for name in files.names if FILE.search(name)}
        every = {PART: [*self.tables, *self.members.values()]}
        self.parts = parts.Parts(files, every, self.account, tell)
        parts.skip_others(files, every[PART], self.account)

    def activities(self) -> list[Row]:
        """The rows of the table, and the files that it doesn't name."""
        rows = [row for _, table in self.parts.of(PART, rows_of, self.tables) for row in table]
        named = {_short(row.file) for row in rows}
        alone = [Row(name, file=name) for short, name in self.members.items() if short not in named]
        return rows + alone

    def take(self, activity: Row) -> None:
        """Read an activity on foot; another is counted as skipped."""
        member = self.members.get(_short(activity.file)) if activity.file else None
        sport = activity.sport
        given = None
        if member is not None and activity.is_other:
            self.parts.passed(member)
        elif member is not None:
            given = self.parts.one(PART, member, lambda files, name: self._file(files, name, sport))
        if given is not None and not given[0].is_empty():
            rows, heart = given
            self.samples += [rows, self._untimed_steps(activity, rows)]
            self.measures.append(heart)
        elif sport is not None:
            self.samples.append(self._totals(activity, sport))
        else:
            self.account.skip(activity.label or "activity")

    def _file(
        self, files: Files, name: str, sport: Sport | None
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """SAMPLES and MEASURES of a part. Raises UnreadableFile."""
        packed = name.lower().endswith(".gz")
        read = files.gunzipped if packed else files.whole
        content = read(name, MAX_PART)
        path, account = files.path, self.account
        if gpx.is_gpx(content[:HEAD]):
            walk = gpx.walk_of(path, content, self.zone, account)
            if sport is None and walk.label not in ("", *gpx.SPORTS):
                return empty(SAMPLES), empty(MEASURES)
            return gpx.given_by(replace(walk, source=NAME), account, sport)
        if tcx.is_tcx(content[:HEAD].lstrip()):
            found = tcx.activities_of(path, content, self.zone, account)
            given = [tcx.given_by(_named(each), account, sport) for each in found]
            return _both(given)
        collected = fit.Collected(account, path, self.zone)
        collected.take(content, name)
        rows, heart = collected.walks(), collected.measures()
        if sport is Sport.RUN:  # as the person says, whatever the watch took it for
            nothing = pl.lit(None, dtype=pl.Float64).alias("walking_s")
            return rows.with_columns(nothing), empty(MEASURES)
        return rows, heart

    def _untimed_steps(self, activity: Row, rows: pl.DataFrame) -> pl.DataFrame:
        """SAMPLES of the table's steps, as one record, if the file has none."""
        known = rows["steps"].null_count() < rows.height
        if known or not activity.steps or rows["flag"].null_count() < rows.height:
            return empty(SAMPLES)
        whole = rows.select(
            pl.col("start").min(),
            pl.col("end").max(),
            pl.lit(activity.steps).alias("steps"),
            pl.col("source", "device").first(),
            kind=pl.lit("steps of an activity"),
            where=pl.lit(activity.where),
        )
        return sift.sifted(whole, self.account)

    def _totals(self, activity: Row, sport: Sport) -> pl.DataFrame:
        """SAMPLES of what the table says of an activity."""
        walking_s = activity.moving_s if activity.moving_s is not None else activity.elapsed_s
        row = pl.DataFrame(
            {
                "start": pl.Series([activity.start], dtype=SAMPLES["start"]),
                "elapsed": [_length(activity.elapsed_s)],
                "steps": [activity.steps],
                "distance_m": [activity.distance_m],
                "walking_s": [walking_s if sport is Sport.WALK else None],
            },
            schema_overrides=dict.fromkeys(("elapsed", *sift.VALUES), pl.Float64()),
        ).with_columns(
            (pl.col("start") + pl.duration(milliseconds=pl.col("elapsed") * 1000)).alias("end"),
            # It can't have been walked for longer than it took.
            pl.col("walking_s").clip(upper_bound=pl.col("elapsed")),
            source=pl.lit(NAME),
            device=pl.lit("app" if activity.file else "manual"),
            kind=pl.lit(activity.label.lower()),
            where=pl.lit(activity.where),
        )
        return sift.sifted(row.drop("elapsed"), self.account)


def _length(seconds: float | None) -> float | None:
    """A length of time that an activity can have."""
    return seconds if seconds is not None and 0 <= seconds <= LONGEST_S else None


def _named(activity: tcx.Activity) -> tcx.Activity:
    """An activity that names no device is Strava's."""
    return activity if activity.device == "watch" else replace(activity, source=NAME)


def _both(given: list[tuple[pl.DataFrame, pl.DataFrame]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows, hearts = zip(*given, strict=True)
    return pl.concat(rows), pl.concat(hearts)


def _short(name: str) -> str:
    return PurePosixPath(name).name.lower()
