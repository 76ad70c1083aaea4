"""Withings: the zip of CSVs that "Download your data" makes of the account.

No real export was at hand. What is known comes from its README.txt ("Duration: seconds;
Value: steps number, meters"), from people who show lines of theirs, and from public readers:
blog "Map matching using OSRM" (2022) lists all 38 members; baptistebisson/withings-to-influxdb
reads steps, distance and heart rate; two more lay the lists of durations one after another, as
is done here. Names of the members are English; the header of activities.csv comes in the
language of the account ("Début", "Type d'activité"), so columns are taken by their place.

- `raw_<device>_steps.csv`, `raw_<device>_distance.csv`: `start,duration,value`, the last two
  lists of the same length: `2022-04-11T00:00:40+02:00,"[60,60]","[12,30]"`. Intervals follow
  each other from `start` on. These are the samples. The tracker is worn: a watch.
- `aggregates_steps.csv`, `aggregates_distance.csv`: `date,value`, the vendor's days. A day
  without an interval becomes a sample of the whole day of the walker.
- `activities.csv`: from, to, both again as the person changed them, zone, type, data in JSON,
  GPS. Walks and hikes give walking time, without their `pause_duration`; their steps stand in
  the tracker's intervals. What only the person entered is manual.
- `raw_hr_hr.csv` gives the heart rate within these walks; `sleep.csv`, in English, the sleep.

Times carry their offset; the days of the aggregates are taken as the walker's.
Not known: what a phone's own counting is called, and the types' names in all languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports import iso, parts, sift, text, times
from backstride.imports.containers import Files
from backstride.imports.imported import Imported
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.imports.withings.tables import MAX_CSV, columns, kind_and_data, unfolded
from backstride.records import MEASURES, SAMPLES, VENDOR_DAYS, empty
from backstride.words import say

SOURCE = Source(
    key="withings",
    name="Withings",
    files=say("the zip that Withings sends, as it is"),
    gives=say("steps, metres, walks, heart rate in walks, sleep"),
    checked=Checked.EXPERIMENTAL,
    how=(
        How(
            Where.BROWSER,
            (
                say("Sign in at app.withings.com and choose your name."),
                say("Open Settings, then Download your data, and ask for the archive."),
                say("Withings mails you when it is ready; download the zip and bring it as it is."),
            ),
        ),
        *(
            How(
                where,
                (
                    say("Open the Withings app, then your profile and its settings."),
                    say("Look for Download your data, and ask for the archive."),
                    say("Save the zip from the mail that comes, then bring it as it is."),
                ),
            )
            for where in (Where.IPHONE, Where.ANDROID)
        ),
    ),
    note="a single CSV of the zip doesn't say what it counts, but for activities.csv",
)

NAME = "Withings"
AMOUNTS = {"steps": "steps", "distance": "distance_m"}
WALKS = re.compile(
    r"walk|hik|march|randonn|gehen|gang|wander|spazier|camina|sender|cammin|passeggi|escurs|"
    r"wandel|promen|vandr|ходьб|прогул|ウォーキング|ハイキング|步行|徒步",
    re.IGNORECASE,
)
NO_WALKS = re.compile(r"nordic ?ski|ski|swim|run|lauf|course", re.IGNORECASE)

_RAW = r"(^|/)raw_([a-z]+)_(steps|distance)\.csv$"
_AGGREGATE = r"(^|/)aggregates_(steps|distance)\.csv$"
_ACTIVITIES = r"(^|/)activities\.csv$"
_HEART = r"(^|/)raw_hr_hr\.csv$"
_SLEEP = r"(^|/)sleep\.csv$"
_READ = (_RAW, _AGGREGATE, _ACTIVITIES, _HEART, _SLEEP)
_MOST_LOOKED_AT = 12
MOST_VENDOR_STEPS = 1_000_000

_TIME = rb'"?[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{5,8}[^,]*"?'
_RAW_HEAD = re.compile(rb'start,duration,value\s|[^\n]{0,200}\n"?' + _TIME + rb',"?\[')
_AGGREGATE_HEAD = re.compile(rb'date,value\s|[^\n]{0,200}\n"?[0-9]{4}-[0-9]{2}-[0-9]{2}"?,"?[0-9]')
_ACTIVITIES_HEAD = re.compile(rb"[^\n,]{2,40},[^\n,]{2,40},[^\n]{0,300}\bGPS\b")


def matches(files: Files) -> bool:
    if not files.is_zip:
        return _is_activities(files.head)
    looks: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
        (_RAW, _is_raw),
        (_AGGREGATE, lambda head: bool(_AGGREGATE_HEAD.match(_plain(head)))),
        (_ACTIVITIES, _is_activities),
    )
    named = ((name, looks_so) for pattern, looks_so in looks for name in files.matching(pattern))
    few = islice(named, _MOST_LOOKED_AT)
    return any(looks_so(files.head_of(name)) for name, looks_so in few)


def _plain(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf")


def _is_raw(head: bytes) -> bool:
    return bool(_RAW_HEAD.match(_plain(head)))


def _is_activities(head: bytes) -> bool:
    """A header that ends with the columns of data and GPS, the first row with two times."""
    header, _, rest = _plain(head).partition(b"\n")
    is_empty = rest.strip() == b"" and header.startswith(b"from,to,")
    row = re.match(_TIME + rb"," + _TIME + rb",", rest)
    return bool(_ACTIVITIES_HEAD.match(header) and (row or is_empty))


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read the parts that are known; the others are counted by their names.

    Raises UnreadableFile where all of these parts are damaged.
    """
    return _Reading(files, tell, zone).imported()


def _of_table(reader: Callable[[str, pl.DataFrame], None]) -> Callable[[Files, str], None]:
    return lambda files, name: reader(name, text.table_of(files, name, most=MAX_CSV))


class _Reading:
    """One export as it is read: what later parts need of the ones before."""

    def __init__(self, files: Files, tell: Tell, zone: str) -> None:
        self.files, self.zone = files, zone
        self.account = sift.Account()
        self.named = {pattern: self._named(pattern) for pattern in _READ}
        self.parts = parts.Parts(files, self.named, self.account, tell)
        self.samples: list[pl.DataFrame] = []
        self.measures: list[pl.DataFrame] = [empty(MEASURES)]
        self.vendor_days: list[pl.DataFrame] = [empty(VENDOR_DAYS)]
        self.walks = empty(SAMPLES)
        # The days on which a column has intervals, as the clock showed them.
        self.days: dict[str, list[pl.DataFrame]] = {name: [] for name in AMOUNTS}

    def imported(self) -> Imported:
        readers = (self._raw, self._aggregate, self._activities, self._heart, self._sleep)
        known = {name for names in self.named.values() for name in names}
        for name in self.files.names:
            if name not in known:
                self.account.skip(parts.short(name))
        for (_, names), reader in zip(self.named.items(), readers, strict=True):
            for name in names:
                self.parts.one(parts.short(name), name, _of_table(reader))
        self.parts.check()
        return sift.finished(
            SOURCE.key,
            self.samples,
            self.account,
            self.zone,
            measures=pl.concat(self.measures),
            vendor_days=pl.concat(self.vendor_days).unique("date", keep="first"),
        )

    def _named(self, pattern: str) -> list[str]:
        if not self.files.is_zip:
            return list(self.files.names) if pattern == _ACTIVITIES else []
        return self.files.matching(pattern)

    def _raw(self, name: str, table: pl.DataFrame) -> None:
        _, device, what = re.search(_RAW, name, re.IGNORECASE).groups()  # type: ignore[union-attr]
        device, what = device.lower(), what.lower()
        kind = f"{device} {what}"
        intervals = unfolded(self.files, name, table, self.zone)
        self._say_zone(table)
        rows = intervals.with_columns(
            pl.col("value").alias(AMOUNTS[what]),
            pl.lit(NAME if device == "tracker" else f"{NAME} {device}").alias("source"),
            pl.lit("phone" if device == "phone" else "watch").alias("device"),
            pl.lit(kind).alias("kind"),
        ).drop("value", "date")
        self.samples.append(sift.sifted(rows, self.account))
        self.days[what].append(intervals.select("date").unique())

    def _aggregate(self, name: str, table: pl.DataFrame) -> None:
        what = re.search(_AGGREGATE, name, re.IGNORECASE)[2].lower()  # type: ignore[index]
        date, value = columns(self.files, name, table, 2)
        start, end = times.day_of(iso.date_of(date), self.zone)
        whole = table.with_row_index("line", 2).select(
            start.alias("start"),
            end.alias("end"),
            iso.number_of(value).alias(AMOUNTS[what]),
            pl.lit(NAME).alias("source"),
            pl.lit("watch").alias("device"),
            pl.lit(f"day of {what}").alias("kind"),
            pl.format("{}, line {}", pl.lit(name), "line").alias("where"),
        )
        local = pl.col("start").dt.convert_time_zone(self.zone).dt.date()
        days = sift.sifted(whole, self.account).with_columns(local.alias("date"))
        if what == "steps":
            # A day of a million steps is no day to hold ours against.
            sound = days.filter(pl.col("steps") <= MOST_VENDOR_STEPS)
            self.vendor_days.append(
                sound.select("date", pl.col("steps").cast(pl.Int64), source=pl.lit(NAME))
            )
        finer = pl.concat([pl.DataFrame(schema={"date": pl.Date}), *self.days[what]])
        alone = days.join(finer.unique(), on="date", how="anti", maintain_order="left")
        self.samples.append(alone.drop("date"))

    def _activities(self, name: str, table: pl.DataFrame) -> None:
        start, end = (
            iso.instant_of(column, self.zone) for column in columns(self.files, name, table, 2)
        )
        manual = [iso.instant_of(pl.col(column), self.zone) for column in table.columns[2:4]]
        has_manual = len(manual) == 2 and table.width > 6
        kind, data = kind_and_data(table)
        if kind is None:
            raise UnreadableFile(
                self.files.path, say("{name}: no column says what was done", name=name)
            )
        pause = pl.col(data).str.extract(r'"pause_duration"\s*:\s*([0-9.]+)') if data else None
        paused_s = pl.lit(0.0) if pause is None else iso.number_of(pause).fill_null(0.0)
        own = start.is_not_null()
        begins = pl.when(own).then(start).otherwise(manual[0]) if has_manual else start
        ends = pl.when(own).then(end).otherwise(manual[1]) if has_manual else end
        by_hand = ~own & manual[0].is_not_null() if has_manual else pl.lit(value=False)
        rows = table.with_row_index("line", 2).select(
            begins.alias("start"),
            ends.alias("end"),
            pl.lit(NAME).alias("source"),
            pl.when(by_hand).then(pl.lit("manual")).otherwise(pl.lit("watch")).alias("device"),
            pl.col(kind).fill_null("").str.strip_chars().str.head(60).alias("kind"),
            paused_s.alias("paused_s"),
            pl.format("{}, line {}", pl.lit(name), "line").alias("where"),
        )
        kinds = rows["kind"].unique().to_list()
        on_foot = [one for one in kinds if WALKS.search(one) and not NO_WALKS.search(one)]
        is_walk = pl.col("kind").is_in(on_foot)
        walks = rows.filter(is_walk)
        for other, count in rows.filter(~is_walk)["kind"].value_counts().iter_rows():
            self.account.skip(other or "activity", count)
        lasted_s = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
        walked = walks.with_columns(walking_s=lasted_s - pl.col("paused_s")).drop("paused_s")
        never_stopped = pl.col("walking_s") > sift.LONGEST_WALK_S
        walked = walked.with_columns(
            pl.when(never_stopped).then(pl.lit(sift.NEVER_STOPPED)).alias("flag")
        )
        self.walks = sift.sifted(walked, self.account)
        self.samples.append(self.walks)
        self._say_zone(table)

    def _heart(self, name: str, table: pl.DataFrame) -> None:
        beats = unfolded(self.files, name, table, self.zone)
        spans = self.walks.select(pl.col("start").alias("from"), pl.col("end").alias("until"))
        spans = spans.sort("from").with_columns(pl.col("until").cum_max())
        timeless = pl.col("start").is_null()
        within = (
            beats.filter(~timeless)
            .sort("start")
            .join_asof(
                spans, left_on="start", right_on="from", strategy="backward", check_sortedness=False
            )
            .filter(pl.col("start") < pl.col("until"))
        )
        bad = beats.filter(timeless)
        outside = beats.height - within.height - bad.height
        self.account.skip("heart rate outside of walks", outside)
        rows = pl.concat([within.drop("from", "until"), bad]).drop("date")
        self._measure(rows, "heart_rate_bpm", "heart rate in walks")

    def _sleep(self, name: str, table: pl.DataFrame) -> None:
        start, end = columns(self.files, name, table, 2)
        stages = [c for c in table.columns if re.match(r"(light|deep|rem)\b", c.strip(), re.I)]
        if not stages:
            self.account.skip("sleep", table.height)
            return
        slept = pl.sum_horizontal(*(iso.number_of(pl.col(stage)) for stage in stages))
        self._measure(
            table.with_row_index("line", 2).select(
                iso.instant_of(start, self.zone).alias("start"),
                iso.instant_of(end, self.zone).alias("end"),
                slept.alias("value"),
                pl.format("{}, line {}", pl.lit(name), "line").alias("where"),
            ),
            "sleep_s",
            "sleep",
        )

    def _measure(self, rows: pl.DataFrame, measure: str, kind: str) -> None:
        whole = rows.with_columns(
            pl.lit(measure).alias("measure"),
            pl.lit(NAME).alias("source"),
            pl.lit("watch").alias("device"),
            pl.lit(kind).alias("kind"),
        )
        self.measures.append(sift.sifted(whole, self.account, schema=MEASURES))

    def _say_zone(self, table: pl.DataFrame) -> None:
        iso.say_zone(table, table.columns[:1], self.account.notices, self.zone)
