"""What to believe of a sample: refuse the impossible, flag the doubtful, say so.

Refused rows could not have happened (no number, ends before it starts, a date outside any
phone's life) and are counted in the notices. Flagged rows may have happened but would
distort the day; they are kept with the reason and left out of every total.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from backstride.records import Notices

FIRST_YEAR = 1990
LAST_YEAR = 2100

MANUAL = "entered by hand"
TOO_LONG = "spans more than a day"
TOO_MANY = "more than anyone can walk in that time"
TOO_MANY_A_DAY = "part of a day of more than 100,000 steps from this source"
NEVER_STOPPED = "a workout of more than 12 hours, perhaps never stopped"
TOO_FAST = "faster than walking for most of its moving time"

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
MAX_SPAN = timedelta(hours=25)  # the longest local day

REFUSALS = {
    "date": "its dates can't be read",
    "span": "it ends before it starts",
    "era": f"its date is before {FIRST_YEAR} or after the export was made",
    "value": "its value is not a number",
    "negative": "its value is negative",
    "unit": "its unit is not known",
}


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
        samples.filter(counted)
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
        text = f"Kept but not counted: {flag}."
        notices.add(f"imports.flagged.{FLAGS[flag]}", text, f"{start:%Y-%m-%d %H:%M} UTC", count)
