"""Days, pain and planned walks laid side by side: one row a day, or a week in long ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from backstride.records import Schema, Week

Unit = Literal["minutes", "steps"]

LONGEST_DAILY = 120  # days; longer ranges are drawn by the week
LONGEST_RANGE = 366 * 30  # days; a stray date in 1601 mustn't make a picture of centuries
SEEN_SHARE = 4 / 7  # of a week's days must be recorded for the week to have a value

SERIES: Schema = {
    # One row a day or week. `value` and `brisk` are minutes or steps on a day; for a week
    # the mean of its recorded days times seven. Missing is null.
    "start": pl.Date(),
    "end": pl.Date(),  # the last day, included
    "value": pl.Float64(),
    "brisk": pl.Float64(),
    "target_min": pl.Float64(),
    "pain": pl.Float64(),  # the day's highest rating; a week's mean of those
    "flare_days": pl.Int64(),
    "recorded_days": pl.Int64(),
}


@dataclass(frozen=True)
class Series:
    """What the chart draws: `daily` always, `shown` by day or week as `weekly` says.

    `fell_back` is True where minutes were asked for and the days have almost only steps.
    Days after `until` are still to come: a day without a value is missing up to it only.
    """

    daily: pl.DataFrame
    shown: pl.DataFrame
    unit: Unit
    fell_back: bool
    weekly: bool
    until: date


def series(
    days: pl.DataFrame,
    pain: pl.DataFrame,
    weeks: Sequence[Week],
    first: date | None,
    last: date | None,
    unit: Unit,
    today: date | None = None,
    also: Sequence[date] = (),
) -> Series | None:
    """Lay the tables side by side from `first` to `last`, or None where there is no day.

    `first` and `last` default to the earliest and latest day of data or plan; `also` are
    days of other data, that count for this.
    Raises ValueError where they are the wrong way round or over 30 years apart, or where a
    value is none that can be (pain outside 0 to 10, walking below 0 or not finite).
    """
    _sound(days, pain)
    ends = _range(days, pain, weeks, also, first, last)
    if ends is None:
        return None
    first, last = ends
    inside = days.filter(pl.col("date").is_between(first, last))
    counted = inside["steps"].count()
    fell_back = unit == "minutes" and counted > 0 and inside["walking_min"].count() <= counted * 0.1
    if fell_back:
        unit = "steps"
    daily = _daily(inside, pain, weeks, first, last, unit)
    weekly = daily.height > LONGEST_DAILY
    noted = daily.filter(pl.col("value").is_not_null() | pl.col("pain").is_not_null())
    until = min(today or (noted["end"][-1] if noted.height else last), last)
    shown = _weekly(daily, until) if weekly else daily
    return Series(daily, shown, unit, fell_back, weekly, until)


def _sound(days: pl.DataFrame, pain: pl.DataFrame) -> None:
    limits = (
        (days, "walking_min", 1e6),
        (days, "brisk_min", 1e6),
        (days, "steps", 1e9),
        (pain, "nprs", 10),
    )
    for table, name, top in limits:
        values = table[name].drop_nulls()
        if bad := values.filter(~values.is_between(0, top)).to_list():
            raise ValueError(f"{name} of {bad[0]}; expected 0 to {top:,.0f}")


def day_pain(pain: pl.DataFrame) -> pl.DataFrame:
    """Columns date, pain (the day's highest NPRS) and flare_days (1 on a flare day, else 0)."""
    return (
        pain.filter(pl.col("date").is_not_null())
        .group_by("date")
        .agg(
            pl.col("nprs").max().cast(pl.Float64).alias("pain"),
            pl.col("is_flare").fill_null(False).any().cast(pl.Int64).alias("flare_days"),
        )
    )


def planned(weeks: Sequence[Week]) -> pl.DataFrame:
    """Columns date, target_min; where two weeks plan the same day, the later one given holds."""
    by_day: dict[date, float] = {}
    for week in weeks:
        here: dict[date, float] = {}
        for walk in week.walks:
            here[walk.day] = here.get(walk.day, 0) + walk.minutes
        for offset in range(7):
            by_day.pop(week.start + timedelta(days=offset), None)
        by_day |= here
    schema = {"date": pl.Date(), "target_min": pl.Float64()}
    return pl.DataFrame(sorted(by_day.items()), schema=schema, orient="row")


def _range(
    days: pl.DataFrame,
    pain: pl.DataFrame,
    weeks: Sequence[Week],
    also: Sequence[date],
    first: date | None,
    last: date | None,
) -> tuple[date, date] | None:
    known = [
        *also,
        *days["date"].drop_nulls(),
        *pain["date"].drop_nulls(),
        *(edge for week in weeks for edge in (week.start, week.end)),
    ]
    if first is None:
        first = min(known, default=last)
    if last is None:
        last = max([day for day in known if first is None or day >= first], default=first)
    if first is None or last is None:
        return None
    if first > last:
        raise ValueError(f"the range ends on {last}, before it starts on {first}")
    if (last - first).days >= LONGEST_RANGE:
        raise ValueError(f"{first} to {last} is over 30 years; give a shorter range of days")
    return first, last


def _daily(
    days: pl.DataFrame,
    pain: pl.DataFrame,
    weeks: Sequence[Week],
    first: date,
    last: date,
    unit: Unit,
) -> pl.DataFrame:
    value = pl.col("walking_min" if unit == "minutes" else "steps").cast(pl.Float64)
    brisk = pl.col("brisk_min") if unit == "minutes" else pl.lit(None, dtype=pl.Float64)
    measured = (
        days.select("date", value.alias("value"), brisk.alias("brisk"))
        .unique("date", keep="last", maintain_order=True)
        .with_columns(
            # Brisk minutes are part of the walking; null where they weren't measured.
            pl.when(pl.col("brisk").is_not_null() & pl.col("value").is_not_null())
            .then(pl.min_horizontal("brisk", "value"))
            .alias("brisk")
        )
    )
    calendar = pl.DataFrame({"date": pl.date_range(first, last, "1d", eager=True)})
    joined = calendar
    for part in (measured, planned(weeks), day_pain(pain)):
        joined = joined.join(part, on="date", how="left", maintain_order="left")
    return joined.select(
        pl.col("date").alias("start"),
        pl.col("date").alias("end"),
        "value",
        "brisk",
        "target_min",
        "pain",
        pl.col("flare_days").fill_null(0),
        pl.col("value").is_not_null().cast(pl.Int64).alias("recorded_days"),
    )


def _weekly(daily: pl.DataFrame, until: date) -> pl.DataFrame:
    """Calendar weeks from Monday; a week seen on too few of its days has no value."""
    lived = pl.col("start").filter(pl.col("start") <= until).len()
    seen = (pl.col("value").count() > 0) & (pl.col("value").count() >= lived * SEEN_SHARE)
    return (
        daily.group_by(pl.col("start").dt.truncate("1w").alias("monday"), maintain_order=True)
        .agg(
            pl.col("start").min().alias("start"),
            pl.col("end").max().alias("end"),
            pl.when(seen).then(pl.col("value").mean() * 7).alias("value"),
            pl.when(seen).then(pl.col("brisk").mean() * 7).alias("brisk"),
            pl.when(pl.col("target_min").count() > 0)
            .then(pl.col("target_min").sum())
            .alias("target_min"),
            pl.col("pain").mean(),
            pl.col("flare_days").sum(),
            pl.col("recorded_days").sum(),
        )
        .select(list(SERIES))
    )
