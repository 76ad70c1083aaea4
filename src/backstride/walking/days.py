"""Minutes and bouts to the walker's local days."""

from __future__ import annotations

import polars as pl

from backstride.records import BOUTS, DAYS, MINUTES, checked

BRISK_SPM = 100  # Tudor-Locke 2018, doi 10.1136/bjsports-2017-097628
# Polars divides a column by a number as it multiplies by the inverse, but for a column of one
# row, which it divides: a day would differ in its last bit by how many others there are.
A_MINUTE = 1 / 60
AN_HOUR = 1 / 3600
PEAK_MINUTES = 30  # peak-30 cadence: Tudor-Locke 2012, J Phys Act Health 9:1125


def days(minutes: pl.DataFrame, bouts: pl.DataFrame, zone: str) -> pl.DataFrame:
    """DAYS of MINUTES and BOUTS from any source, one row a local day in `zone`, in order.

    A bout belongs to the day it starts in. `peak30_cadence_spm` is the mean of the 30
    minutes of the day with most steps, wherever in the day they are, and null for a day with
    fewer than 30 minutes of data. A figure without any data behind it is null, never 0.
    """
    minutes, bouts = checked(minutes, MINUTES), checked(bouts, BOUTS)
    by_day = (
        minutes.with_columns(_local_date("start", zone), _cadence())
        .group_by("date")
        .agg(
            _total("steps").round().cast(pl.Int64).alias("steps"),
            (_total("walking_s") * A_MINUTE).alias("walking_min"),
            _if_any("cadence", (pl.col("cadence") >= BRISK_SPM).sum().cast(pl.Float64)).alias(
                "brisk_min"
            ),
            _peak().alias("peak30_cadence_spm"),
            _total("distance_m").alias("distance_m"),
            (_total("worn_s") * AN_HOUR).alias("wear_h"),
            pl.col("source").drop_nulls().unique().sort().alias("sources"),
        )
    )
    longest = (
        bouts.with_columns(_local_date("start", zone))
        .group_by("date")
        .agg(
            _minutes().max().alias("longest_bout_min"),
            _if_any("running", (_minutes() * pl.col("running")).sum()).alias("running_min"),
            pl.col("source").drop_nulls().unique().sort().alias("bout_sources"),
        )
    )
    joined = by_day.join(longest, on="date", how="full", coalesce=True)
    sources = pl.coalesce("sources", "bout_sources")
    return checked(
        joined.with_columns(sources.alias("sources")).drop("bout_sources").sort("date"), DAYS
    )


def _local_date(column: str, zone: str) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone(zone).dt.date().alias("date")


def _minutes() -> pl.Expr:
    """A bout's length."""
    return (pl.col("end") - pl.col("start")).dt.total_microseconds() * (A_MINUTE / 1e6)


def _cadence() -> pl.Expr:
    """Steps of the minute, without those a device wrote in a batch at no certain time."""
    return (pl.col("steps") - pl.col("untimed_steps").fill_null(0.0)).alias("cadence")


def _if_any(column: str, value: pl.Expr) -> pl.Expr:
    """The value, or null where the column has no data at all."""
    return pl.when(pl.col(column).count() > 0).then(value)


def _total(column: str) -> pl.Expr:
    return _if_any(column, pl.col(column).sum())


def _peak() -> pl.Expr:
    highest = pl.col("cadence").drop_nulls().top_k(PEAK_MINUTES).mean()
    return pl.when(pl.col("cadence").count() >= PEAK_MINUTES).then(highest)
