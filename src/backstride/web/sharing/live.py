"""What a consent lets someone see now: its parts, of its days, and not a word more.

Every record counts by the day it is of. Built from the same parts as what is sent with a request
(`clinic.story`) and the same pictures as the walker's own (`insight`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from backstride.charts import Picture
from backstride.charts.together import PANELS
from backstride.records import DAYS, DOSES, PAIN, SCORES, WALKS, Schema, Week, empty
from backstride.web.back.services import DAILY
from backstride.web.clinic import story as parts
from backstride.web.clinic.shown import Shown, as_page
from backstride.web.insight.services import PICTURES, RANGES, Span, Story, span_of, story_of
from backstride.web.sharing.models import Consent

# Why a week is as it is tells of these: it is shown to those alone who see them anyway.
BEHIND_THE_PLAN = {"safety", "pain", "walking"}
# The parts of which a picture needs one.
DRAWN_FROM = {"together": set(PANELS), "calendar": {"walking"}}


@dataclass(frozen=True)
class PartSeen:
    """One part: its heading, and its page, None where there is nothing in this time."""

    key: str
    name: str
    page: Shown | None


def span_seen(consent: Consent, key: str) -> Span:
    """The days that `key` of `insight.RANGES` asks for, or all that the consent has if these
    are fewer."""
    span = span_of(consent.walker, key)
    if span.first is not None and span.first > consent.data_from:
        return span
    return replace(span_of(consent.walker, "all"), first=consent.data_from)


def spans_offered(consent: Consent) -> list[tuple[str, str]]:
    """Key and words of the spans that differ."""
    named = [(key, label) for key, (label, _) in RANGES.items()]
    return [(key, label) for key, label in named if span_seen(consent, key).key == key]


def parts_seen(consent: Consent, span: Span) -> Iterator[PartSeen]:
    """The parts of the scope, in the order of `clinic.story.PARTS`.

    Long tables keep to the span; what there is little of is shown from `data_from` on.
    """
    for kind in parts.PARTS:
        if kind.key not in consent.scope:
            continue
        first = span.first if kind.days else consent.data_from
        part = kind.build(consent.walker, first, span.last)
        if part and kind.key == "week" and not set(consent.scope) >= BEHIND_THE_PLAN:
            part = parts.without_why(part)
        yield PartSeen(kind.key, kind.name, as_page(kind.key, part, kind.name) if part else None)


def picture_keys(consent: Consent) -> list[str]:
    """The pictures of `insight` that show something of the scope."""
    return [key for key, needs in DRAWN_FROM.items() if needs & set(consent.scope)]


def picture_seen(consent: Consent, key: str, span: Span) -> Picture:
    """One of `picture_keys`, drawn from the scope alone."""
    return PICTURES[key](story_seen(consent), span)


def story_seen(consent: Consent) -> Story:
    """The walker's story without what is out of scope or of days before `data_from`."""
    whole, scope, first = story_of(consent.walker), set(consent.scope), consent.data_from

    def kept(key: str, table: pl.DataFrame, schema: Schema) -> pl.DataFrame:
        inside = pl.col("date").is_between(first, whole.today)
        return table.filter(inside) if key in scope else empty(schema)

    is_daily = pl.col("instrument").is_in(DAILY)
    scores = pl.concat([
        kept("mood", whole.scores.filter(is_daily), SCORES),
        kept("forms", whole.scores.filter(
            ~is_daily & ~pl.col("instrument").is_in(parts.NO_FORMS)), SCORES),
    ])  # fmt: skip
    return Story(
        days=kept("walking", whole.days, DAYS),
        pain=kept("pain", whole.pain, PAIN),
        walks=kept("walking", whole.walks, WALKS),
        doses=kept("medicine", whole.doses, DOSES),
        scores=scores.sort("at"),
        weeks=_weeks_from(whole.weeks, first) if "week" in scope else (),
        today=whole.today,
        without=tuple(name for name in PANELS if name not in scope),
    )


def _weeks_from(weeks: tuple[Week, ...], first: date) -> tuple[Week, ...]:
    """The weeks that reach to `first` or beyond it, with their walks from then on."""
    return tuple(
        replace(week, walks=tuple(walk for walk in week.walks if walk.day >= first))
        for week in weeks
        if week.end >= first
    )
