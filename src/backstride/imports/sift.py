"""What to believe of a sample: refuse the impossible, flag the doubtful, say so.

Refused rows could not have happened (no number, ends before it starts, a date outside any
phone's life) and are counted in the notices. Flagged rows may have happened but would
distort the day; they are kept with the reason and left out of every total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl

from backstride.imports.imported import Imported
from backstride.imports.kept import ByQuarter, Kept
from backstride.records import MEASURES, SAMPLES, VENDOR_DAYS, Notices, Schema, checked, empty
from backstride.words import say

FIRST_YEAR = 1990
LAST_YEAR = 2100

MANUAL = say("entered by hand")
TOO_LONG = say("spans more than a day")
TOO_MANY = say("more than anyone can walk in that time")
TOO_MANY_A_DAY = say("part of a day of more than 100,000 steps from this source")
NEVER_STOPPED = say("a workout of more than 12 hours, perhaps never stopped")
TOO_FAST = say("faster than walking for most of its moving time")

# Each reason's place in a notice's code.
FLAGS = {
    MANUAL: "manual",
    TOO_LONG: "too_long",
    TOO_MANY: "too_many",
    TOO_MANY_A_DAY: "too_many_a_day",
    NEVER_STOPPED: "never_stopped",
    TOO_FAST: "too_fast",
}

MAX_STEPS = 100_000
MAX_DISTANCE_M = 200_000
# Faster than any runner's cadence (4 steps/s); the allowance is for phones that wrote what
# they had gathered over minutes as an interval of seconds (329 steps in 5 s is real).
MAX_STEPS_PER_S = 4.0
STEPS_ALLOWANCE = 2_000
MAX_SPEED_MPS = 12.0
DISTANCE_ALLOWANCE_M = 2_000
WALKING_ALLOWANCE_S = 60.0  # times are cut to the minute, durations often aren't
LONGEST_WALK_S = 12 * 3600  # a longer workout was perhaps never stopped
MAX_SPAN = timedelta(hours=25)  # the longest local day

REFUSALS = {
    "date": say("its dates can't be read"),
    "span": say("it ends before it starts"),
    "era": say("its date is before {year} or after the export was made", year=FIRST_YEAR),
    "value": say("its value is not a number"),
    "negative": say("its value is negative"),
    "unit": say("its unit is not known"),
    "part": say("this part of the file is damaged"),
}

MAX_KINDS = 1_000  # a forged file may hold endless kinds of records
OTHER_KINDS = "other"
VALUES = ("steps", "distance_m", "walking_s")


@dataclass
class Account:
    """What a reader met on its way: its notices, and the file's own records by kind."""

    notices: Notices = field(default_factory=Notices)
    read: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def skip(self, kind: str, count: int = 1) -> None:
        """Count records of a kind that Backstride has no use for."""
        _count(self.skipped, kind, count)

    def refuse(self, kind: str, code: str, where: str, count: int = 1) -> None:
        """Count records that can't be believed; `code` is one of `REFUSALS`."""
        _count(self.refused, kind, count)
        text = say("Refused: {why}.", why=REFUSALS[code])
        self.notices.add(f"imports.refused.{code}", text, where, count)

    def add(self, other: Account) -> None:
        """Take over what another account says."""
        for counts, more in (
            (self.read, other.read),
            (self.skipped, other.skipped),
            (self.refused, other.refused),
        ):
            for kind, count in more.items():
                _count(counts, kind, count)
        for notice in other.notices:
            self.notices.add(notice.code, notice.text, notice.where, notice.count)


def _count(counts: Counter[str], kind: str, count: int) -> None:
    """Count so that no kind stands with 0, and a forged file's endless kinds with the others."""
    if kind not in counts and len(counts) >= MAX_KINDS:
        kind = OTHER_KINDS
    if count:
        counts[kind] += count


def sifted(
    rows: pl.DataFrame,
    account: Account,
    *,
    schema: Schema = SAMPLES,
    exported_at: datetime | None = None,
) -> pl.DataFrame:
    """The rows that can be believed, with the columns of `schema`; the others are told.

    `rows` has columns of SAMPLES (or of MEASURES, as `schema` says), of which the missing
    ones are null, and two more: `kind`, the file's own name for such a record, and `where`,
    its place in the file in words ("steps.json, record 12"). A row with no number in any
    value column, or with a bad one in any, is refused.
    """
    columns = [name for name in (*VALUES, "value") if name in rows.columns and name in schema]
    judged = rows.with_columns(_refusal_of(columns, exported_at, schema).alias("refusal"))
    bad = judged.filter(pl.col("refusal").is_not_null())
    told = bad.group_by("kind", "refusal", maintain_order=True).agg(
        pl.len().alias("count"), pl.col("where").first()
    )
    for kind, code, count, where in told.iter_rows():
        account.refuse(kind, code, where, count)
    good = judged.filter(pl.col("refusal").is_null())
    for kind, count in good["kind"].value_counts().iter_rows():
        _count(account.read, kind, count)
    return checked(good.drop("kind", "where", "refusal"), schema)


def _refusal_of(columns: Sequence[str], exported_at: datetime | None, schema: Schema) -> pl.Expr:
    values = [pl.col(name) for name in columns]
    strange = pl.any_horizontal(~value.is_finite() for value in values).fill_null(value=False)
    # The least shows a negative; of measures one may be below zero: a mood's valence.
    least = pl.min_horizontal(*(value.abs() if schema is MEASURES else value for value in values))
    value = pl.when(strange).then(pl.lit(float("nan"))).otherwise(least)
    return refusal(value, exported_at)


def finished(
    kind: str,
    batches: Iterable[pl.DataFrame] | ByQuarter,
    account: Account,
    zone: str,
    *,
    measures: pl.DataFrame | None = None,
    vendor_days: pl.DataFrame | None = None,
    exported_at: datetime | None = None,
    birth_year: int | None = None,
) -> Imported:
    """What a reader gives: its sifted samples in order, flagged where they are doubtful."""
    parted = batches if isinstance(batches, ByQuarter) else ByQuarter(zone, batches)
    kept = Kept()
    for quarter in parted.tables():
        in_order = flagged(quarter, zone).sort("start", "end", "source", maintain_order=True)
        tell_flags(in_order, account.notices)
        kept.add(in_order)
    return Imported(
        kind,
        kept,
        account.notices,
        measures=empty(MEASURES) if measures is None else measures.sort(list(MEASURES)),
        vendor_days=empty(VENDOR_DAYS) if vendor_days is None else vendor_days.sort("date"),
        exported_at=exported_at,
        birth_year=birth_year,
        read_counts=dict(account.read),
        skipped_counts=dict(account.skipped),
        refused_counts=dict(account.refused),
    )


def refusal(value: pl.Expr, exported_at: datetime | None) -> pl.Expr:
    """Which of `REFUSALS` a row with columns `start`, `end` falls under, or null."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (FIRST_YEAR, LAST_YEAR))
    if exported_at is not None and first < exported_at < last:
        # A clock may be a day ahead; more is no record of what has happened.
        last = exported_at + timedelta(days=1)
    start, end = pl.col("start"), pl.col("end")
    return (
        pl.when(start.is_null() | end.is_null())
        .then(pl.lit("date"))
        .when(end < start)
        .then(pl.lit("span"))
        .when((start < first) | (end > last))
        .then(pl.lit("era"))
        .when(value.is_null() | ~value.is_finite())
        .then(pl.lit("value"))
        .when(value < 0)
        .then(pl.lit("negative"))
        .otherwise(pl.lit(None, dtype=pl.String))
    )


def flagged(samples: pl.DataFrame, zone: str) -> pl.DataFrame:
    """SAMPLES with `flag` filled for rows that are kept but not counted.

    `zone` is the IANA name of the zone whose midnight ends a day.
    """
    seconds = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
    too_many = (
        (pl.col("steps") > MAX_STEPS)
        | (pl.col("steps") > seconds * MAX_STEPS_PER_S + STEPS_ALLOWANCE)
        | (pl.col("distance_m") > MAX_DISTANCE_M)
        | (pl.col("distance_m") > seconds * MAX_SPEED_MPS + DISTANCE_ALLOWANCE_M)
        | (pl.col("walking_s") > seconds + WALKING_ALLOWANCE_S)
    )
    once = samples.with_columns(
        pl.when(pl.col("flag").is_not_null())
        .then("flag")
        .when(pl.col("device") == "manual")
        .then(pl.lit(MANUAL))
        .when(pl.col("end") - pl.col("start") > MAX_SPAN)
        .then(pl.lit(TOO_LONG))
        .when(too_many.fill_null(value=False))
        .then(pl.lit(TOO_MANY))
        .otherwise(pl.lit(None, dtype=pl.String))
        .alias("flag")
    )
    return _flag_absurd_days(once, zone)


def _flag_absurd_days(samples: pl.DataFrame, zone: str) -> pl.DataFrame:
    day = pl.col("start").dt.convert_time_zone(zone).dt.date()
    counted = pl.col("flag").is_null() & pl.col("steps").is_not_null()
    totals = (
        samples.select("start", "steps", "source", "device", "flag")
        .filter(counted)
        .group_by("source", "device", day.alias("day"))
        .agg(pl.col("steps").sum())
    )
    absurd = totals.filter(pl.col("steps") > MAX_STEPS)
    if absurd.is_empty():
        return samples
    marked = samples.with_columns(day.alias("day")).join(
        absurd.select("source", "device", "day", absurd=pl.lit(value=True)),
        on=["source", "device", "day"],
        how="left",
        maintain_order="left",
    )
    return marked.with_columns(
        pl.when(counted & pl.col("absurd").fill_null(value=False))
        .then(pl.lit(TOO_MANY_A_DAY))
        .otherwise("flag")
        .alias("flag")
    ).drop("day", "absurd")


def tell_flags(samples: pl.DataFrame, notices: Notices) -> None:
    """Add one notice for each reason that rows were flagged for."""
    flags = samples.filter(pl.col("flag").is_not_null()).sort("start")
    told = flags.group_by("flag", maintain_order=True).agg(
        pl.len().alias("count"), pl.col("start").first()
    )
    for flag, count, start in told.iter_rows():
        text = say("Kept but not counted: {why}.", why=say(flag))
        notices.add(f"imports.flagged.{FLAGS[flag]}", text, f"{start:%Y-%m-%d %H:%M} UTC", count)
