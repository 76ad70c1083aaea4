"""The sentences that go with a picture: what it shows, promising nothing, blaming nothing."""

from __future__ import annotations

import functools
from collections.abc import Collection

import polars as pl

from backstride import words
from backstride.charts.series import Series
from backstride.words import say, say_many

NO_DATA = say("There is no walking and no pain recorded yet, so there is nothing to draw.")

day = functools.partial(words.day, pattern="d MMM y")


def days(number: int) -> words.Said:
    return say_many("{n:,} day", "{n:,} days", number)


def describe(series: Series, without: Collection[str] = ()) -> str:
    """Range, walking at first and lately, plan, pain, flares and coverage, in plain words.

    `without` may name walking and pain, to say nothing of them.
    """
    daily, with_walking = series.daily, "walking" not in without
    parts = [
        _range(series) if with_walking else _bare_range(series),
        _walking(series) if with_walking else "",
        _plan(daily),
        *(_pain(daily) if "pain" not in without else ()),
        *_notes(series),
    ]
    return words.sentences(part for part in parts if part)


def _range(series: Series) -> str:
    daily = series.daily
    first, last = daily["start"][0], daily["end"][-1]
    if first == last:
        return say("{day}.", day=day(first))
    lived = max(1, (series.until - first).days + 1)
    about = {
        "first": day(first),
        "last": day(last),
        "seen": daily["recorded_days"].sum(),
        "days": days(lived),
    }
    if series.until < last:
        return say("{first} to {last}: walking recorded on {seen} of {days} so far.", **about)
    return say("{first} to {last}: walking recorded on {seen} of {days}.", **about)


def _bare_range(series: Series) -> str:
    first, last = series.daily["start"][0], series.daily["end"][-1]
    if first == last:
        return say("{day}.", day=day(first))
    return say("{first} to {last}.", first=day(first), last=day(last))


def _walking(series: Series) -> str:
    recorded = series.daily.filter(pl.col("value").is_not_null())
    in_minutes = series.unit == "minutes"
    if recorded.is_empty():
        return say("No walking is recorded in this time.")
    if recorded.height == 1:
        only = recorded.row(0, named=True)
        value, on = only["value"], day(only["start"])
        if in_minutes:
            return say("{value:,.0f} minutes of walking on {day}.", value=value, day=on)
        return say("{value:,.0f} steps on {day}.", value=value, day=on)
    early, late = _edges(recorded)
    if early is None or late is None:
        mean = _mean(recorded, "value")
        if in_minutes:
            return say("On recorded days {mean:,.0f} minutes of walking on average.", mean=mean)
        return say("On recorded days {mean:,.0f} steps on average.", mean=mean)
    about = {
        "start": _mean(early, "value") * 7,
        "end": _mean(late, "value") * 7,
        "span": early.height,
    }
    if in_minutes:
        return say(
            "About {start:,.0f} minutes of walking a week over the first {span} recorded days, "
            "{end:,.0f} over the last {span}.",
            **about,
        )
    return say(
        "About {start:,.0f} steps a week over the first {span} recorded days, "
        "{end:,.0f} over the last {span}.",
        **about,
    )


def _edges(rows: pl.DataFrame) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
    """The first and last two weeks' worth of rows (one week's in short ranges), not overlapping."""
    for size in (14, 7):
        if rows.height >= 2 * size:
            return rows.head(size), rows.tail(size)
    return None, None


def _plan(daily: pl.DataFrame) -> str:
    target = daily.filter(pl.col("target_min").is_not_null())
    if target.is_empty():
        return ""
    latest = target.row(-1, named=True)
    return say_many(
        "The plan asks for a walk on {n:,} day of this time, "
        "{minutes:,.0f} minutes on the last of them ({day}).",
        "The plan asks for a walk on {n:,} days of this time, "
        "{minutes:,.0f} minutes on the last of them ({day}).",
        target.height,
        minutes=latest["target_min"],
        day=day(latest["start"]),
    )


def _pain(daily: pl.DataFrame) -> list[str]:
    rated = daily.filter(pl.col("pain").is_not_null())
    flares = int(daily["flare_days"].sum())
    flare = [say_many("{n:,} flare day.", "{n:,} flare days.", flares)] if flares else []
    if rated.is_empty():
        return [say("No pain is recorded in this time."), *flare]
    if rated.height == 1:
        pain, on = rated["pain"][0], day(rated["start"][0])
        return [say("Pain was {pain:.0f} of 10 on {day}.", pain=pain, day=on), *flare]
    early, late = _edges(rated)
    if early is None or late is None:
        said = say(
            "The day's highest pain averaged {mean:.1f} of 10 (rated on {days}).",
            mean=_mean(rated, "pain"),
            days=days(rated.height),
        )
    else:
        said = say(
            "The day's highest pain averaged {start:.1f} of 10 over the first "
            "{span} rated days and {end:.1f} over the last {span} (rated on {days}).",
            start=_mean(early, "pain"),
            end=_mean(late, "pain"),
            span=early.height,
            days=days(rated.height),
        )
    return [said, *flare]


def _notes(series: Series) -> list[str]:
    notes: list[str] = []
    if series.fell_back:
        notes.append(say("These days have steps but no walking minutes, so steps are shown."))
    if series.weekly:
        notes.append(
            say(
                "Shown by the week: the average of its recorded days times seven, "
                "where at least 4 of 7 days are recorded."
            )
        )
    return notes


def _mean(rows: pl.DataFrame, column: str) -> float:
    return float(rows.select(pl.col(column).mean()).item())
