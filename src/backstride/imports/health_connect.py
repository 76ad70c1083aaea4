"""Health Connect: the export that Android itself makes, a zip with an SQLite database.

`health_connect_export.db`, in the zip or alone. What is known comes from Android's own
source (packages/modules/HealthFitness, read in GrapheneOS' mirror) and from readers of real
exports; no real export was at hand:

- **Tables** are `steps_record_table`, `distance_record_table` and so on, with `start_time`
  and `end_time` in milliseconds since 1970 UTC; offsets of zones stand beside them in seconds
  and aren't needed. Columns came and went with Android's versions, in any order: those that
  are there are read by name, and what is missing is told.
- **Exercise types** are the platform's: 53 walking, 21 hiking, 33 and 34 running. (79, 37 and
  56, which apps see, are those of the library for apps; in the database 56 is a wheelchair.)
- **recording_method** 3 is typed in by hand. **device_type** 1 is a watch, 2 a phone, 4 a
  ring, 6 a band.
- **Mirrors.** Fitbit, Samsung Health and Google Fit each write the same walk. Each app with
  each device is a source of its own, and a minute is counted once by merging them.
- Distances are metres, heart rates of a walk become the mean of each minute, sleep is the
  time in stages that are sleep, or the whole session where there are no stages.

The database is of unknown origin; how it is opened stands in `sqlite_part`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports import sift, sqlite_part
from backstride.imports.containers import Files
from backstride.imports.imported import Imported
from backstride.imports.sessions import minute_means, touching
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.imports.sqlite_part import Database
from backstride.records import MEASURES, SAMPLES, empty
from backstride.words import say

SOURCE = Source(
    key="health_connect",
    name="Health Connect",
    files=say("the zip that Android makes, or the health_connect_export.db inside it"),
    gives=say("steps, metres, walks; heart rate and speed in walks, resting heart rate, sleep"),
    checked=Checked.EXPERIMENTAL,
    how=(
        How(
            Where.ANDROID,
            (
                say("Open Settings and search for Health Connect."),
                say("Tap Manage data, then Backup and restore, then Scheduled export."),
                say(
                    "Choose a place such as Google Drive, and daily. "
                    "The first file comes in minutes."
                ),
                say("Bring that zip as it is. You may turn the export off again."),
            ),
        ),
    ),
    note="no real export was at hand; holds what other apps wrote, from the day it was set up",
)

NAME = r"\.db$"
TABLES = ("steps_record_table", "distance_record_table", "exercise_session_record_table")

WALKS = (53.0, 21.0)  # as the values of a table come
RUNS = (33.0, 34.0)
MANUAL = 3
DEVICES = {1: "watch", 2: "phone", 4: "watch", 6: "watch"}
ASLEEP = (2.0, 4.0, 5.0, 6.0)  # sleeping, light, deep, REM
LONGEST_WALK_S = 12 * 3600


def matches(files: Files) -> bool:
    return _part_of(files) is not None


def _part_of(files: Files) -> str | None:
    """The part that is such a database: known by the names of its tables."""
    for name in files.matching(NAME)[:4] if files.is_zip else files.names:
        head = files.head_of(name)
        if not sqlite_part.is_sqlite(head):
            continue
        named = files.is_zip and re.search(r"(^|/)health_connect[^/]*\.db$", name, re.IGNORECASE)
        if named or b"_record_table" in head:
            return name
        # The tables' names may stand far behind in the file: ask the database itself.
        if not files.is_zip and sqlite_part.has_table(files.path, TABLES):
            return name
    return None


class Kind(NamedTuple):
    """A table of records: its columns of time, and that of its value, if it has one."""

    table: str
    value: str | None
    start: str = "start_time"
    end: str = "end_time"


STEPS = Kind("steps_record_table", "count")
DISTANCE = Kind("distance_record_table", "distance")
EXERCISE = Kind("exercise_session_record_table", "exercise_type")
RESTING = Kind("resting_heart_rate_record_table", "beats_per_minute", "time", "time")
MINDFUL = Kind("mindfulness_session_record_table", None)
SLEEP = Kind("sleep_session_record_table", None)
# The table of spans, that of the values within them, the value's column, and the measure.
SERIES = (
    ("heart_rate_record_table", "heart_rate_record_series_table", "beats_per_minute",
     "heart_rate_bpm"),
    ("SpeedRecordTable", "speed_record_table", "speed", "walking_speed_mps"),
)  # fmt: skip
READ = {kind.table for kind in (STEPS, DISTANCE, EXERCISE, RESTING, MINDFUL, SLEEP)}
READ |= {name for main, series, _, _ in SERIES for name in (main, series)}
READ |= {"sleep_stages_table"}


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read the whole database, or raise UnreadableFile where it is damaged or hostile."""
    name = _part_of(files) or files.names[0]
    account = sift.Account()
    with sqlite_part.opened(files, name, tell) as database:
        if not any(database.has(table) for table in TABLES):
            what = say("it has none of the tables {tables}", tables=", ".join(TABLES))
            raise UnreadableFile(files.path, what, say("Make the export in Health Connect again."))
        makers = _makers(database)
        samples = [
            *_counts(database, STEPS, "steps", makers, account),
            *_counts(database, DISTANCE, "distance_m", makers, account),
        ]
        sessions = _sessions(database, makers, account)
        walks = sessions.filter(pl.col("device") != "manual")
        measures = [_series(database, series, walks, makers, account) for series in SERIES]
        measures += [
            _instants(database, makers, account),
            _spans(database, MINDFUL, "mindful_s", makers, account),
            _spans(database, SLEEP, "sleep_s", makers, account),
        ]
        for table in database.tables:
            if table.lower().endswith(("record_table", "recordtable")) and table not in READ:
                account.skip(table, database.count(table))
    return sift.finished(
        SOURCE.key, [*samples, sessions], account, zone, measures=pl.concat(measures)
    )


def _makers(database: Database) -> tuple[dict[int, str], dict[int, tuple[str, str]]]:
    """The apps' names, and the devices' names and classes, by their row's number."""
    apps, devices = {}, {}
    for row in database.rows("application_info_table", ("row_id",), ("app_name", "package_name")):
        number, name, package = row
        apps[number] = str(name or package or f"app {number}")
    columns = ("manufacturer", "model", "device_type")
    for number, maker, model, kind in database.rows("device_info_table", ("row_id",), columns):
        known = kind if isinstance(kind, int) else 0
        devices[number] = (str(model or maker or ""), DEVICES.get(known, "app"))
    return apps, devices


Makers = tuple[dict[int, str], dict[int, tuple[str, str]]]


def _records(
    database: Database, kind: Kind, makers: Makers, account: sift.Account
) -> list[pl.DataFrame]:
    """Batches with row_id, start, end, value (null if none or no number), source, device."""
    needed = (kind.start, kind.end, *([kind.value] if kind.value else []))
    missing = database.missing(kind.table, needed)
    if missing:
        text = say("tables or columns of Health Connect are missing, so some records are not read")
        account.notices.add("health_connect.missing", text, missing)
        return []
    columns = (kind.start, kind.end, kind.value)
    optional = ("row_id", "app_info_id", "device_info_id", "recording_method")
    return [
        _made(batch, makers, kind.table, number)
        for number, batch in enumerate(database.numbers(kind.table, columns, optional))
    ]


def _made(batch: pl.DataFrame, makers: Makers, table: str, number: int) -> pl.DataFrame:
    apps, devices = makers
    names = {key: name for key, (name, _) in devices.items()}
    kinds = {key: kind for key, (_, kind) in devices.items()}
    text = pl.String
    app = pl.col("app_info_id").replace_strict(apps, default="unknown app", return_dtype=text)
    name = pl.col("device_info_id").replace_strict(names, default="", return_dtype=text)
    kind = pl.col("device_info_id").replace_strict(kinds, default="app", return_dtype=text)
    by_hand = pl.col("recording_method") == MANUAL
    first = number * sqlite_part.BATCH + 1
    return batch.select(
        "row_id",
        pl.from_epoch("start", time_unit="ms").dt.cast_time_unit("us").dt.replace_time_zone("UTC"),
        pl.from_epoch("end", time_unit="ms").dt.cast_time_unit("us").dt.replace_time_zone("UTC"),
        "value",
        pl.when(name.fill_null("") == "").then(app).otherwise(
            pl.format("{} ({})", app.fill_null("unknown app"), name)
        ).fill_null("unknown app").alias("source"),
        pl.when(by_hand).then(pl.lit("manual")).otherwise(kind.fill_null("app")).alias("device"),
        pl.lit(table).alias("kind"),
        pl.format("row {}", pl.int_range(first, first + pl.len())).alias("where"),
    )  # fmt: skip


def _counts(
    database: Database, kind: Kind, column: str, makers: Makers, account: sift.Account
) -> list[pl.DataFrame]:
    return [
        sift.sifted(batch.drop("row_id").rename({"value": column}), account)
        for batch in _records(database, kind, makers, account)
    ]


def _sessions(database: Database, makers: Makers, account: sift.Account) -> pl.DataFrame:
    """SAMPLES of the walks; other exercises are counted as skipped."""
    walks = [empty(SAMPLES)]
    for batch in _records(database, EXERCISE, makers, account):
        is_walk = pl.col("value").is_in(WALKS).fill_null(value=False)
        for code, count in batch.filter(~is_walk)["value"].value_counts().iter_rows():
            run = " (a run: its steps and metres stand by themselves)" if code in RUNS else ""
            account.skip(f"exercise of type {code if code is None else int(code)}{run}", count)
        walking_s = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
        never_stopped = pl.when(walking_s > LONGEST_WALK_S).then(pl.lit(sift.NEVER_STOPPED))
        # Without an end it has no length: its date is what is refused, not its value.
        told = batch.filter(is_walk).with_columns(
            walking_s=walking_s.fill_null(0.0), flag=never_stopped
        )
        walks.append(sift.sifted(told.drop("row_id", "value"), account))
    return pl.concat(walks)


def _series(
    database: Database,
    names: tuple[str, str, str, str],
    walks: pl.DataFrame,
    makers: Makers,
    account: sift.Account,
) -> pl.DataFrame:
    """MEASURES of the values in walks, the mean of each minute."""
    main, table, column, measure = names
    if database.missing(main, ("row_id", "start_time", "end_time")):
        return empty(MEASURES)
    parents = pl.concat(
        [batch.select("row_id", "source", "device") for batch in
         _records(database, Kind(main, None), makers, account)]
        or [pl.DataFrame(schema={"row_id": pl.Int64, "source": pl.String, "device": pl.String})]
    )  # fmt: skip
    needed = ("epoch_millis", column, "parent_key")
    missing = database.missing(table, needed)
    if missing:
        return empty(MEASURES)
    found = [empty(MEASURES)]
    columns = ("epoch_millis", "epoch_millis", column)
    for batch in database.numbers(table, columns, ("parent_key",)):
        at = pl.from_epoch("start", time_unit="ms").dt.cast_time_unit("us")
        told = batch.select(
            at.dt.replace_time_zone("UTC").alias("start"),
            at.dt.replace_time_zone("UTC").alias("end"),
            "value",
            "parent_key",
        )
        inside = told.filter(touching(told, walks))
        account.skip(f"{table} outside walks", told.height - inside.height)
        made = inside.join(parents, left_on="parent_key", right_on="row_id", how="left")
        made = made.drop("parent_key").with_columns(
            pl.col("source").fill_null("unknown app"),
            pl.col("device").fill_null("app"),
            measure=pl.lit(measure),
            kind=pl.lit(table),
            where=pl.lit(""),
        )
        found.append(sift.sifted(made, account, schema=MEASURES))
    return minute_means(pl.concat(found))


def _instants(database: Database, makers: Makers, account: sift.Account) -> pl.DataFrame:
    """MEASURES of the resting heart rate."""
    batches = _records(database, RESTING, makers, account) if database.has(RESTING.table) else []
    told = (
        batch.drop("row_id").with_columns(measure=pl.lit("resting_heart_rate_bpm"))
        for batch in batches
    )
    return pl.concat(
        [empty(MEASURES), *(sift.sifted(rows, account, schema=MEASURES) for rows in told)]
    )


def _spans(
    database: Database, kind: Kind, measure: str, makers: Makers, account: sift.Account
) -> pl.DataFrame:
    """MEASURES of the seconds of sessions; of sleep those in stages of sleep, if there are."""
    if not database.has(kind.table):
        return empty(MEASURES)
    stages = _asleep(database) if kind is SLEEP else None
    found = [empty(MEASURES)]
    for batch in _records(database, kind, makers, account):
        seconds = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
        told = batch.with_columns(value=seconds, measure=pl.lit(measure))
        if stages is not None:
            told = told.join(stages, left_on="row_id", right_on="parent_key", how="left")
            told = told.with_columns(value=pl.coalesce("asleep_s", "value")).drop("asleep_s")
        found.append(sift.sifted(told.drop("row_id"), account, schema=MEASURES))
    return pl.concat(found)


def _asleep(database: Database) -> pl.DataFrame | None:
    """Seconds of sleep by session, of those that have stages."""
    columns = ("stage_start_time", "stage_end_time", "stage_type")
    if database.missing("sleep_stages_table", (*columns, "parent_key")):
        return None
    seconds = (pl.col("end") - pl.col("start")).clip(0) / 1000
    sums = [
        batch.with_columns(
            asleep_s=pl.when(pl.col("value").is_in(ASLEEP)).then(seconds).otherwise(0.0)
        ).group_by("parent_key").agg(pl.col("asleep_s").sum())
        for batch in database.numbers("sleep_stages_table", columns, ("parent_key",))
    ]  # fmt: skip
    if not sums:
        return None
    return pl.concat(sums).group_by("parent_key").agg(pl.col("asleep_s").sum())
