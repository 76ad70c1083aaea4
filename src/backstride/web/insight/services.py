"""The walker's history as figures and one picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from backstride import evidence
from backstride.charts import Picture, walking_and_pain
from backstride.records import Week
from backstride.web.imports.frames import days_frame
from backstride.web.journal.services import pain_frame
from backstride.web.plan.services import weeks_of

RANGES = {
    "month": ("4 weeks", 28),
    "quarter": ("3 months", 91),
    "year": ("A year", 365),
    "all": ("Everything", None),
}


@dataclass(frozen=True)
class Span:
    """The days a page shows, first and last included; None for all there is."""

    key: str
    label: str
    first: date | None
    last: date


def span_of(user, key: str) -> Span:
    if key not in RANGES:
        key = "quarter"
    label, days = RANGES[key]
    last = user.today()
    return Span(key, label, last - timedelta(days=days - 1) if days else None, last)


@dataclass(frozen=True)
class Story:
    """All there is of one walker: the tables DAYS and PAIN, the weeks, and their today."""

    days: pl.DataFrame
    pain: pl.DataFrame
    weeks: tuple[Week, ...]
    today: date


def story_of(user) -> Story:
    return Story(days_frame(user), pain_frame(user), weeks_of(user), user.today())


def picture_of(story: Story, span: Span) -> Picture:
    return walking_and_pain(
        story.days,
        story.pain,
        story.weeks,
        first=span.first,
        last=span.last,
        today=story.today,
    )


def weekly_of(story: Story, span: Span) -> pl.DataFrame:
    """The weeks that end within the span, oldest first, in `evidence.WEEKLY`."""
    table = evidence.weekly(story.days, story.pain, story.weeks)
    return table.filter(pl.col("end") >= span.first) if span.first else table


def figures_of(days: pl.DataFrame) -> dict[str, float | int | None]:
    """What the days come to: how many, and means over the days that have the figure."""
    return {
        "days": days.height,
        "steps": days["steps"].mean(),
        "walking_min": days["walking_min"].mean(),
        "brisk_min": days["brisk_min"].mean(),
        "longest_bout_min": days["longest_bout_min"].max(),
    }


def within(days: pl.DataFrame, span: Span) -> pl.DataFrame:
    kept = days.filter(pl.col("date") <= span.last)
    return kept.filter(pl.col("date") >= span.first) if span.first else kept
