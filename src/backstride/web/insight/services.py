"""The walker's history as figures, pictures, and what went well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from django.utils.translation import gettext_lazy as _

from backstride import evidence, regimen
from backstride.charts import (
    Picture,
    heat_map,
    together,
    walking_and_pain,
    weeks_beside,
    what_helps,
)
from backstride.records import Week
from backstride.web.back.frames import scores_frame
from backstride.web.imports.frames import days_frame
from backstride.web.journal.services import doses_frame, pain_frame, walks_frame
from backstride.web.plan.services import weeks_of

RANGES = {
    "month": (_("4 weeks"), 28),
    "quarter": (_("3 months"), 91),
    "year": (_("A year"), 365),
    "all": (_("Everything"), None),
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
    """All there is of one walker: the tables DAYS, PAIN, WALKS, DOSES and SCORES, the planned
    weeks, and their today. `without` are panels of `charts.together` that aren't to be shown."""

    days: pl.DataFrame
    pain: pl.DataFrame
    walks: pl.DataFrame
    doses: pl.DataFrame
    scores: pl.DataFrame
    weeks: tuple[Week, ...]
    today: date
    without: tuple[str, ...] = ()


def story_of(user) -> Story:
    return Story(
        days_frame(user),
        pain_frame(user),
        walks_frame(user),
        doses_frame(user),
        scores_frame(user),
        weeks_of(user),
        user.today(),
    )


def _walking_and_pain(story: Story, span: Span) -> Picture:
    return walking_and_pain(
        story.days,
        story.pain,
        story.weeks,
        first=span.first,
        last=span.last,
        today=story.today,
    )


def _together(story: Story, span: Span) -> Picture:
    return together(
        story.days,
        story.pain,
        story.weeks,
        story.doses,
        story.scores,
        first=span.first,
        last=span.last,
        today=story.today,
        without=story.without,
    )


def _calendar(story: Story, span: Span) -> Picture:
    return heat_map(story.days, first=span.first, last=span.last, today=story.today)


def _weeks(story: Story, span: Span) -> Picture:
    return weeks_beside(story.days, story.pain, story.weeks, today=story.today)


def _helps(story: Story, span: Span) -> Picture:
    return what_helps(helps_of(story))


def helps_of(story: Story) -> tuple[evidence.Comparison, ...]:
    """What goes with less pain, of the last year whatever the span: it takes many days."""
    return evidence.comparisons(story.days, story.pain, story.walks, story.today)


# Every picture of this room by the name in its address; each shows a span, or its own weeks.
PICTURES: dict[str, Callable[[Story, Span], Picture]] = {
    "together": _together,
    "calendar": _calendar,
    "weeks": _weeks,
    "helps": _helps,
}
# What `backstride chart` draws beside those.
DRAWN = {"walking-and-pain": _walking_and_pain, **PICTURES}


def kept_of(story: Story) -> list[evidence.WeekKept]:
    """Every planned week with the walks that were done in it."""
    found = []
    for week in story.weeks:
        if week.start > story.today:
            continue
        kept = regimen.adherence(week, story.days, story.walks, story.today)
        is_known = any(day.walked_min is not None for day in kept.by_day)
        whole = evidence.WeekKept(week.start, week.end, kept.planned_in_week, kept.done, is_known)
        found.append(whole)
    return found


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
