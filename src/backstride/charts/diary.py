"""The diary beside the walking: medicine, the day's questions and scores on the same days."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from backstride.charts.series import Series

DAILY = ("mood", "energy", "sleep")  # answered once a day
FORMS = ("rmdq", "odi", "psfs", "peg")  # what the back makes hard, as it is drawn


def diary(
    data: Series, pain: pl.DataFrame, doses: pl.DataFrame, scores: pl.DataFrame
) -> pl.DataFrame:
    """One row a row of `data.shown`: its start and end, `medicine_days`, `noted_days`, a column
    for each of DAILY and of FORMS that was ever answered.

    A day counts for medicine where one was noted; as 0 where the diary was kept that day,
    since the first medicine, and none was noted; else it is unknown. Of a week, values are
    means of its days, and the days with medicine are counted. A form has its last score.
    """
    daily = data.daily.select("start", "end").join(
        _medicine(pain, doses, scores), left_on="start", right_on="date", how="left"
    )
    names = [*DAILY, *_answered(scores, FORMS)]
    for name in names:
        last = scores.filter(pl.col("instrument") == name, pl.col("value").is_not_null())
        by_day = last.sort("at").group_by("date", maintain_order=True)
        daily = daily.join(
            by_day.agg(pl.col("value").last().alias(name)),
            left_on="start",
            right_on="date",
            how="left",
        )
    daily = daily.sort("start")
    return _weekly(daily, names) if data.weekly else daily.select(_columns(names))


def _columns(names: Sequence[str]) -> list[str]:
    return ["start", "end", "medicine_days", "noted_days", *names]


def _answered(scores: pl.DataFrame, keys: Sequence[str]) -> list[str]:
    known = scores.filter(pl.col("value").is_not_null())["instrument"].unique().to_list()
    return [key for key in keys if key in known]


def _medicine(pain: pl.DataFrame, doses: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """Columns date, medicine_days (1 or 0) and noted_days (1), for the days that are known."""
    kept = pl.concat([pain.select("date"), scores.select("date"), doses.select("date")])
    days = kept.drop_nulls().unique().sort("date")
    first = doses["date"].min()
    since = pl.lit(False) if first is None else pl.col("date") >= first
    taken = pl.col("date").is_in(doses["date"].unique().to_list()).cast(pl.Int64)
    return days.filter(since).select(
        "date", taken.alias("medicine_days"), pl.lit(1, dtype=pl.Int64).alias("noted_days")
    )


def _weekly(daily: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """By calendar weeks, as `series` makes them."""
    forms = [name for name in names if name in FORMS]
    means = [name for name in names if name not in forms]
    known = pl.col("medicine_days").count() > 0
    return (
        daily.group_by(pl.col("start").dt.truncate("1w").alias("monday"), maintain_order=True)
        .agg(
            pl.col("start").min().alias("start"),
            pl.col("end").max().alias("end"),
            pl.when(known).then(pl.col("medicine_days").sum()).alias("medicine_days"),
            pl.when(known).then(pl.col("noted_days").sum()).alias("noted_days"),
            *(pl.col(name).mean() for name in means),
            *(pl.col(name).drop_nulls().last() for name in forms),
        )
        .select(_columns(names))
    )
