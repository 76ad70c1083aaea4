"""The sentences that go with a picture: what it shows, promising nothing, blaming nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from backstride.charts.series import Series

NO_DATA = "There is no walking and no pain recorded yet, so there is nothing to draw."


def describe(series: Series, without: Collection[str] = ()) -> str:
    """Range, walking at first and lately, plan, pain, flares and coverage, in plain words.

    `without` may name walking and pain, to say nothing of them.
    """
    daily, with_walking = series.daily, "walking" not in without
    parts = [
        _range(series) if with_walking else _bare_range(series),
        _walking(series) if with_walking else "",
        _plan(daily),
        _pain(daily) if "pain" not in without else "",
        _notes(series),
    ]
    return " ".join(part for part in parts if part)


def day(when: date) -> str:
    """A date as people write it: 7 Sep 2026."""
    return f"{when.day} {when:%b %Y}"


def count(number: int, noun: str) -> str:
    """A number with its noun in the right form: 1 day, 2 days."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _range(series: Series) -> str:
    daily = series.daily
    first, last = daily["start"][0], daily["end"][-1]
    if first == last:
        return f"{day(first)}."
    lived = max(1, (series.until - first).days + 1)
    share = f"{daily['recorded_days'].sum()} of {count(lived, 'day')}"
    soon = " so far" if series.until < last else ""
    return f"{day(first)} to {day(last)}: walking recorded on {share}{soon}."


def _bare_range(series: Series) -> str:
    first, last = series.daily["start"][0], series.daily["end"][-1]
    return f"{day(first)}." if first == last else f"{day(first)} to {day(last)}."


def _walking(series: Series) -> str:
    daily, unit = series.daily, series.unit
    recorded = daily.filter(pl.col("value").is_not_null())
    if recorded.is_empty():
        return "No walking is recorded in this time."
    if recorded.height == 1:
        only = recorded.row(0, named=True)
        return f"{only['value']:,.0f} {_of_unit(unit)} on {day(only['start'])}."
    early, late = _edges(recorded)
    if early is None or late is None:
        return f"On recorded days {_mean(recorded, 'value'):,.0f} {_of_unit(unit)} on average."
    span, start, end = early.height, _mean(early, "value") * 7, _mean(late, "value") * 7
    return (
        f"About {start:,.0f} {_of_unit(unit)} a week over the first {span} recorded days, "
        f"{end:,.0f} over the last {span}."
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
    return (
        f"The plan asks for a walk on {count(target.height, 'day')} of this time, "
        f"{latest['target_min']:,.0f} minutes on the last of them ({day(latest['start'])})."
    )


def _pain(daily: pl.DataFrame) -> str:
    rated = daily.filter(pl.col("pain").is_not_null())
    flares = int(daily["flare_days"].sum())
    flare = f" {count(flares, 'flare day')}." if flares else ""
    if rated.is_empty():
        return "No pain is recorded in this time." + flare
    if rated.height == 1:
        return f"Pain was {rated['pain'][0]:.0f} of 10 on {day(rated['start'][0])}." + flare
    early, late = _edges(rated)
    if early is None or late is None:
        said = f"The day's highest pain averaged {_mean(rated, 'pain'):.1f} of 10"
    else:
        said = (
            f"The day's highest pain averaged {_mean(early, 'pain'):.1f} of 10 over the first "
            f"{early.height} rated days and {_mean(late, 'pain'):.1f} over the last {late.height}"
        )
    return f"{said} (rated on {count(rated.height, 'day')}).{flare}"


def _notes(series: Series) -> str:
    notes = []
    if series.fell_back:
        notes.append("These days have steps but no walking minutes, so steps are shown.")
    if series.weekly:
        notes.append(
            "Shown by the week: the average of its recorded days times seven, "
            "where at least 4 of 7 days are recorded."
        )
    return " ".join(notes)


def _mean(rows: pl.DataFrame, column: str) -> float:
    return float(rows.select(pl.col(column).mean()).item())


def _of_unit(unit: str) -> str:
    return "minutes of walking" if unit == "minutes" else "steps"
