"""When the screen is asked again, and what lifts a lock.

Sources: clinical-facts 3.5 (full screen at start, at each flare, monthly) and
clinical-details 1.11 (weekly short form; a pain rise of 2 or more, a new leg symptom, a gap
of 14 days). Where they differ, the more cautious one holds. Weakness and numbness are leg
symptoms; a night that pain broke asks again once a week at most [ENG], for it is common in
back pain and alone no emergency (clinical-details 1.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import polars as pl

from backstride.records import LEG_NEWS, Disposition, Reason
from backstride.screening.questions import Answer, Question, load
from backstride.words import say

AGAIN_SOURCE = "clinical-facts 3.5; clinical-details 1.11"
LEG_RULES = {"leg_weaker": "weak", "new_numbness": "numb", "new_leg_symptom": "leg"}


@dataclass(frozen=True)
class Clearance:
    """That a clinician saw the person and cleared them: on which day, and who."""

    on: date
    by: str


def lock_lifted(
    disposition: Disposition, locked_on: date, clearance: Clearance | None, today: date
) -> bool:
    """Whether the person may answer the screen again after this result.

    A result that stopped or paused the plan stays locked until a named clinician cleared
    them on or after that day. Lifted never means that the screen is skipped.
    """
    if disposition.may_walk:
        return True
    if clearance is None or not clearance.by.strip():
        return False
    return locked_on <= clearance.on <= today


def short_questions() -> tuple[Question, ...]:
    """The weekly short form: bladder, bowel, legs, weakness, fever, injury, weight."""
    return tuple(q for q in load().questions if q.weekly)


def short_screen_due(last: date, today: date) -> Reason | None:
    """Why the weekly short form is due, or None. `last` is the last screen of either kind.

    Its answers replace those of the last full screen and go through `assess` together.
    """
    if (today - _day(last)).days < load().schedule.short_every_days:
        return None
    return _due("weekly")


def rescreen_due(
    last: date | None,
    last_version: str | None,
    pain: pl.DataFrame,
    today: date,
    *,
    whole: date | None = None,
) -> Reason | None:
    """Why the whole screen must be answered again before a plan is made, or None.

    `last` is when a screen of either kind was last answered (an aware datetime tells entries
    of the same day apart, a date takes them as before the screen), `whole` when all of it
    was (by default the same), `last_version` its version or None where unknown, `pain` the
    PAIN table.
    """
    if last is None:
        return _due("first")
    if last_version is not None and last_version != load().version:
        return _due("version")
    if (today - _day(whole or last)).days > load().schedule.full_every_days:
        return _due("monthly")
    since = _since(last, pain.filter(pl.col("date") <= today))
    for news in LEG_NEWS:
        if _told(since, news):
            return _due(LEG_RULES[news])
    if _new_night(pain, since, whole or last, today):
        return _due("night")
    if since.get_column("is_flare").fill_null(False).any():
        return _due("flare")
    jump = _jump(pain, since)
    if jump is not None:
        return _due("jump", usual=say("{n:g}", n=jump[0]), now=jump[1])
    return _gap(_day(last), since, today)


def answers_in_diary(pain: pl.DataFrame, last: date | None) -> dict[str, str]:
    """What the diary has answered already since the screen of `last`: question -> "yes".

    They stand in the questions as the person's own note, and can be changed there.
    """
    since = pain if last is None else _since(last, pain)
    asked = (q for q in load().questions if q.diary)
    return {q.id: Answer.YES.value for q in asked if _told(since, q.diary)}


def _told(pain: pl.DataFrame, news: str) -> bool:
    return bool(pain.get_column(news).fill_null(False).any())


def _new_night(pain: pl.DataFrame, since: pl.DataFrame, whole: date, today: date) -> bool:
    """Whether a broken night was noted that no whole screen of this week has dealt with."""
    if not _told(since, "woke_at_night"):
        return False
    every, screened = load().schedule.short_every_days, _day(whole)
    if (today - screened).days >= every:
        return True
    week = pain.filter(pl.col("date") > screened - timedelta(days=every))
    return not _told(week.filter(~_is_after(whole)), "woke_at_night")


def _due(name: str, **numbers: int | str) -> Reason:
    rule = f"screen.{name}"
    return Reason(rule, say(load().again[rule], **numbers), AGAIN_SOURCE)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _since(last: date, pain: pl.DataFrame) -> pl.DataFrame:
    return pain.filter(_is_after(last))


def _is_after(last: date) -> pl.Expr:
    if isinstance(last, datetime):
        if last.tzinfo is None:
            raise ValueError("the time of a screen needs its zone")
        return pl.col("at") > last.astimezone(UTC)
    return pl.col("date") > last


def _jump(pain: pl.DataFrame, since: pl.DataFrame) -> tuple[float, int] | None:
    """(usual, now) where a day's pain rose by `jump_nprs` over the median of the days before.

    Pain during a walk is left out: up to 2 more there is expected (traffic light).
    """
    schedule = load().schedule
    resting = pl.col("moment").fill_null("now") != "during_walk"
    daily = (
        pain.filter(resting & pl.col("nprs").is_not_null())
        .group_by("date")
        .agg(pl.col("nprs").max())
        .sort("date")
    )
    fresh = since.filter(resting & pl.col("nprs").is_not_null())
    for day, now in fresh.group_by("date").agg(pl.col("nprs").max()).sort("date").iter_rows():
        start = day - timedelta(days=schedule.jump_window_days)
        before = daily.filter(pl.col("date").is_between(start, day, closed="left"))
        usual = before.get_column("nprs").median()
        if isinstance(usual, (int, float)) and now - usual >= schedule.jump_nprs:
            return float(usual), int(now)
    return None


def _gap(last: date, since: pl.DataFrame, today: date) -> Reason | None:
    days = sorted({last, *since.get_column("date").drop_nulls().to_list(), today})
    if any((b - a).days >= load().schedule.gap_days for a, b in pairwise(days)):
        return _due("gap")
    return None
