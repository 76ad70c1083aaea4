"""This week's plan: everything the regimen needs, gathered; what it decides, kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from backstride import regimen, screening
from backstride.charts import Picture, week_plan
from backstride.errors import NotEnoughData
from backstride.records import Baseline, Disposition, PlannedWalk, Reason, Week
from backstride.web.imports.frames import days_frame, usual_of
from backstride.web.journal.services import pain_frame, walks_frame
from backstride.web.plan.models import PlannedWeek
from backstride.web.safety.services import Standing


@dataclass(frozen=True)
class Start:
    """Where a walker starts from: the baseline, or why there is none yet."""

    baseline: Baseline | None
    note: Reason | None


def start_of(user) -> Start:
    days = days_frame(user)
    today = user.today()
    return Start(regimen.baseline(days, today, usual_of(user)), regimen.baseline_note(days, today))


def person_of(user) -> regimen.Person:
    """Age and pathway as answered in the safety screen."""
    answers = user.screens.first().answers
    born = answers.get("birth_year")
    age = screening.age_this_year(int(born), user.today()) if born else None
    pathway = answers.get("pathway") or regimen.Pathway.IN_PAIN_NOW
    return regimen.Person(age=age, pathway=regimen.Pathway(pathway))


def screen_of(user) -> regimen.Screen:
    record = user.screens.first()
    if record is None:
        return regimen.Screen(None, None)
    return regimen.Screen(
        disposition=Disposition(record.disposition),
        on=record.at.astimezone(user.tz),
        version=record.version,
        light_only=record.light_only,
    )


def history_of(user) -> regimen.History:
    return regimen.History(
        today=user.today(),
        days=days_frame(user),
        walks=walks_frame(user),
        pain=pain_frame(user),
        weeks=weeks_of(user),
    )


def weeks_of(user) -> tuple[Week, ...]:
    return tuple(regimen.week_from_json(row.data) for row in user.weeks.order_by("start"))


def week_now(user) -> Week | None:
    """The week that holds today, made if it isn't there yet; None without a baseline.

    Raises NotCleared where the safety screen doesn't allow a plan.
    """
    today = user.today()
    weeks = weeks_of(user)
    if weeks and weeks[-1].start <= today <= weeks[-1].end:
        return weeks[-1]
    try:
        week = _following(user, weeks[-1]) if weeks else _first(user, today)
    except NotEnoughData:
        return None
    return None if week is None else _keep(user, week)


def _first(user, today: date) -> Week | None:
    baseline = start_of(user).baseline
    if baseline is None:
        return None
    newest = user.painentry_set.first()
    return regimen.first_week(
        baseline,
        person_of(user),
        screen_of(user),
        start=today,
        pain_now=newest.nprs if newest else None,
    )


def _following(user, last: Week) -> Week:
    return regimen.next_week(history_of(user), last, person_of(user), screen_of(user))


def _keep(user, week: Week) -> Week:
    """Store the week once; if another request was quicker, its week is the week."""
    try:
        with transaction.atomic():
            PlannedWeek.objects.create(user=user, start=week.start, data=regimen.week_to_json(week))
    except IntegrityError:
        return regimen.week_from_json(user.weeks.get(start=week.start).data)
    return week


@dataclass(frozen=True)
class DayOfWeek:
    """One line of the week as shown: the day, its walk or None, and whether it was done."""

    day: date
    walk: PlannedWalk | None
    is_today: bool
    done: bool


def lines_of(user, week: Week) -> tuple[list[DayOfWeek], regimen.Adherence]:
    """The week's seven days with what was done, and the adherence so far."""
    kept = regimen.adherence(week, days_frame(user), walks_frame(user), user.today())
    planned = {walk.day: walk for walk in week.walks}
    done = {seen.day for seen in kept.by_day if seen.done}
    lines = [
        DayOfWeek(day, planned.get(day), day == user.today(), day in done)
        for day in (week.start + timedelta(days=n) for n in range(7))
    ]
    return lines, kept


def picture_of(user, week: Week) -> Picture:
    """The week's planned minutes against what was done."""
    return week_plan(week, days_frame(user), walks_frame(user), today=user.today())


def reasons_for_therapist(user, standing: Standing) -> tuple[Reason, ...]:
    """Why a therapist should be asked now; the screen's own reasons count too."""
    reasons = regimen.needs_therapist(history_of(user))
    if standing.disposition != Disposition.THERAPIST:
        return reasons
    text = "One of your safety answers should be looked at before your plan grows."
    return (Reason("screen.therapist", text, "clinical-details 1.11"), *reasons)
