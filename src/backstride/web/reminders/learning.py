"""The time at which a walker usually sets out, from what their devices measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import polars as pl
from huey.contrib.djhuey import db_task

from backstride import regimen, walking
from backstride.records import SAMPLES, checked
from backstride.regimen.prompts import moment
from backstride.regimen.usual_time import WINDOW_DAYS, window
from backstride.web.imports import days, store
from backstride.web.people.models import User
from backstride.web.reminders.models import Choices

PURPOSEFUL = timedelta(minutes=5)  # a shorter bout is no walk (clinical-facts 2)
LEAD = timedelta(minutes=10)  # before the usual time [ENG]


def walk_starts(user) -> list[datetime]:
    """When the walks of the last weeks began, by the walker's clock, from all samples merged."""
    since = moment(user.today() - timedelta(days=WINDOW_DAYS), time(), user.tz)
    rows = store.scan_counted(days.done_ids(user)).filter(pl.col("start") >= since)
    _, bouts = walking.minutes_of(checked(rows.collect(), SAMPLES), days.order_of(user))
    walks = bouts.filter(pl.col("end") - pl.col("start") >= PURPOSEFUL)
    local = walks["start"].dt.convert_time_zone(user.zone).dt.replace_time_zone(None)
    return local.to_list()


def bring_up_to_date(chosen: Choices) -> Choices:
    """Learn anew, once a day: the usual time on each of the seven days that begin today."""
    today = chosen.user.today()
    if chosen.learned_on != today:
        chosen.learned = _by_weekday(walk_starts(chosen.user), today)
        chosen.learned_on = today
        chosen.save(update_fields=["learned", "learned_on"])
    return chosen


def _by_weekday(starts: Sequence[datetime], today: date) -> dict[str, str]:
    found = {}
    for day in (today + timedelta(days=n) for n in range(7)):
        usual = regimen.usual_time(starts, day)
        if usual is not None:
            found[str(day.weekday())] = f"{usual:%H:%M}"
    return found


@db_task()
def learn_times(user_id: int) -> None:
    """Learn one walker's times, in the worker."""
    if (user := User.objects.filter(pk=user_id).first()) is not None:
        bring_up_to_date(Choices.objects.get_or_create(user=user)[0])


def learned_time(chosen: Choices, day: date) -> time | None:
    """The usual time of a walk on this weekday, where the walker wants it and it is known."""
    text = chosen.learned.get(str(day.weekday())) if chosen.learn else None
    return time.fromisoformat(text) if text else None


@dataclass(frozen=True)
class GoodTime:
    """From when until when a walk fits the walker's day, as they usually walk or as they said."""

    begin: time
    end: time
    is_learned: bool


def good_time(user, day: date) -> GoodTime | None:
    """When a walk on this day fits; None where nothing is known of it.

    What was learned may be of yesterday: reading all walks anew takes too long for a page, so
    it is left to the worker.
    """
    rows = Choices.objects.filter(user=user).select_related("user__preferences")
    chosen = rows.first() or Choices(user=user)
    if chosen.learn and chosen.learned_on != user.today():
        learn_times(user.pk)
    usual = learned_time(chosen, day)
    told = getattr(chosen.user, "preferences", None)
    if usual is None and (told is None or told.pk is None):  # what isn't saved, nobody said
        return None
    return GoodTime(*window(usual or told.walk_at), is_learned=usual is not None)


def walk_moment(chosen: Choices, fixed: time, day: date) -> datetime:
    """When to remind of the walk of `day` (UTC): a little before the usual time, or at the
    fixed one."""
    usual = learned_time(chosen, day)
    zone = chosen.user.tz
    return moment(day, fixed, zone) if usual is None else moment(day, usual, zone) - LEAD
