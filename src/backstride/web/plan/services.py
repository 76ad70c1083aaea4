"""This week's plan: everything the regimen needs, gathered; what it decides, kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from backstride import outcomes, regimen, screening
from backstride.charts import Picture, week_plan
from backstride.errors import NotEnoughData
from backstride.records import (
    Baseline,
    Disposition,
    PlannedRoutine,
    PlannedWalk,
    Reason,
    Week,
)
from backstride.web.back.frames import places_frame, scores_frame
from backstride.web.imports.frames import days_frame, usual_of
from backstride.web.journal.services import pain_frame, sessions_frame, walks_frame
from backstride.web.plan.models import PlanChange, PlannedWeek, Preferences
from backstride.web.plan.orders import order_of
from backstride.web.safety.services import Standing


@dataclass(frozen=True)
class Start:
    """Where a walker starts from: the baseline, or why there is none yet."""

    baseline: Baseline | None
    note: Reason | None


def start_of(user, days: pl.DataFrame | None = None) -> Start:
    """Where `user` starts from, by their DAYS (loaded where the caller hasn't)."""
    days = days_frame(user) if days is None else days
    today = user.today()
    return Start(regimen.baseline(days, today, usual_of(user)), regimen.baseline_note(days, today))


def person_of(user) -> regimen.Person:
    """Age, pathway and conditions as answered in the safety screen; what fits, as told."""
    screens = list(user.screens.values_list("answers", flat=True))  # the newest first
    answers = screens[0]
    born = answers.get("birth_year")
    age = screening.age_this_year(int(born), user.today()) if born else None
    pathway = answers.get("pathway") or regimen.Pathway.IN_PAIN_NOW
    told = preferences_of(user)
    return regimen.Person(
        age=age,
        pathway=regimen.Pathway(pathway),
        available_weekdays=tuple(told.weekdays),
        in_steps=told.in_steps,
        orders=tuple(order_of(row) for row in user.orders.all()),
        conditions=_conditions(user, screens),
        target=_chosen(told),
    )


def _conditions(user, screens: list[dict]) -> frozenset[str]:
    """What asks for care: the newest safety answers, thin bones once told of, and a high score
    of the STarT Back form where one was entered last."""
    found = screening.worrying(screens[0])
    if any("bone_risk" in screening.worrying(answers) for answers in screens):
        found |= {"bone_risk"}
    form = outcomes.instrument("startback")
    sheet = user.sheets.filter(instrument=form.key).exclude(finished_at=None).first()
    if sheet and sheet.value is not None:
        band = outcomes.score_total(form, sheet.value, sheet.parts).band
        found |= {"startback_high"} if band == form.bands[-1] else set()
    return found


def _chosen(told: Preferences) -> regimen.Chosen | None:
    """The target that the walker chose; None as well for one that is offered no more."""
    if told.target == Preferences.OWN and told.target_minutes and told.target_days:
        return regimen.Chosen(told.target, told.target_minutes, told.target_days)
    numbers = regimen.protocol().target.choices.get(told.target)
    return regimen.Chosen(told.target, *numbers) if numbers else None


def preferences_of(user) -> Preferences:
    """What fits the walker; the usual where they haven't said."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)


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
    changes = changes_of(user)
    return regimen.History(
        today=user.today(),
        days=days_frame(user),
        walks=walks_frame(user),
        pain=pain_frame(user),
        places=places_frame(user),
        scores=scores_frame(user),
        weeks=weeks_of(user, changes),
        changes=changes,
    )


def changes_of(user) -> regimen.Changes:
    """What the walker changed in their plan, all of it."""
    rows = list(user.changes.all())

    def spans(kind: str) -> tuple[tuple[date, date], ...]:
        return tuple((row.day, row.to) for row in rows if row.kind == kind)

    felt = {kind.value for kind in regimen.Felt}
    return regimen.Changes(
        moved=spans(PlanChange.Kind.MOVED),
        away=spans(PlanChange.Kind.AWAY),
        ill=spans(PlanChange.Kind.ILL),
        felt=tuple((row.day, regimen.Felt(row.kind)) for row in rows if row.kind in felt),
    )


def standing_changes(user, week: Week) -> models.QuerySet[PlanChange]:
    """The changes that can still be taken back: those of this week or of days to come."""
    return user.changes.filter(to__gte=week.start)


def weeks_of(user, changes: regimen.Changes | None = None) -> tuple[Week, ...]:
    """The weeks that were planned, as the walker changed them."""
    changes = changes or changes_of(user)
    weeks = (regimen.week_from_json(row.data) for row in user.weeks.order_by("start"))
    return tuple(regimen.changed(week, changes) for week in weeks)


def week_now(user, history: regimen.History | None = None) -> Week | None:
    """The week that holds today, made if it isn't there yet; None without a baseline.

    What a flare or a newer screen asks for holds at once: the walks left are eased.
    Raises NotCleared where the safety screen doesn't allow a plan.
    """
    history = history or history_of(user)
    week = _given(history) or _made(user, history)
    return week and regimen.eased(week, history, screen_of(user))


def running_week(user, today: date) -> Week | None:
    """The stored week that holds `today`, eased as of now; none is made."""
    history = replace(history_of(user), today=today)
    running = [week for week in history.weeks if week.start <= today <= week.end]
    return regimen.eased(running[-1], history, screen_of(user)) if running else None


def _given(history: regimen.History) -> Week | None:
    """The newest stored week that isn't over; after a flight west it may start tomorrow."""
    today = history.today
    running = [week for week in history.weeks if week.start <= today <= week.end]
    coming = [week for week in history.weeks if week.start > today]
    return running[-1] if running else coming[0] if coming else None


def _made(user, history: regimen.History) -> Week | None:
    try:
        if history.weeks:
            last = history.weeks[-1]
            week = regimen.next_week(history, last, person_of(user), screen_of(user))
        else:
            week = _first(user, history)
    except NotEnoughData:
        return None
    return None if week is None else regimen.changed(_keep(user, week), history.changes)


def _first(user, history: regimen.History) -> Week | None:
    baseline = start_of(user, history.days).baseline
    if baseline is None:
        return None
    newest = user.painentry_set.first()
    return regimen.first_week(
        baseline,
        person_of(user),
        screen_of(user),
        start=history.today,
        pain_now=newest.nprs if newest else None,
        changes=history.changes,
    )


def _keep(user, week: Week) -> Week:
    """Store the week once; if another request was quicker, its week is the week."""
    try:
        with transaction.atomic():
            PlannedWeek.objects.create(user=user, start=week.start, data=regimen.week_to_json(week))
    except IntegrityError:
        return regimen.week_from_json(user.weeks.get(start=week.start).data)
    return week


def step_goal_of(user, history: regimen.History) -> regimen.DailyGoal | None:
    """Today's goal of steps, for who wants one and has days to reckon it from. Not beside a
    plan in steps, which has its own.

    The day before's goal is reckoned as it was then, so nothing has to be kept.
    """
    baseline = start_of(user, history.days).baseline
    told = preferences_of(user)
    if not told.step_goal or told.in_steps or baseline is None:
        return None
    yesterday = replace(history, today=history.today - timedelta(days=1))
    before = regimen.daily_goal(yesterday, baseline)
    return regimen.daily_goal(history, baseline, before.steps if before else None)


def steps_of(history: regimen.History, day: date) -> int | None:
    """The steps counted on a day so far; None where nobody did."""
    counted = history.days.filter(pl.col("date") == day)["steps"].max()
    return None if counted is None else int(counted)


def routine_of(user, week: Week) -> dict[date, PlannedRoutine]:
    """The week's stretches and strengthening, by day. Raises NotCleared as the week does."""
    sessions = sessions_frame(user)
    person, screen, told = person_of(user), screen_of(user), preferences_of(user)
    wishes = regimen.Wishes(told.routine_minutes, told.floor)
    planned = regimen.routine(week, person, screen, sessions, user.today(), wishes)
    return {one.day: one for one in planned}


@dataclass(frozen=True)
class DayOfWeek:
    """One line of the week as shown: the day, its walk or None, whether it was done, whether
    the walker is away, and the goal of steps where the plan is in steps."""

    day: date
    walk: PlannedWalk | None
    is_today: bool
    done: bool
    away: bool
    steps: int | None


def lines_of(history: regimen.History, week: Week) -> tuple[list[DayOfWeek], regimen.Adherence]:
    """The week's seven days with what was done, and the adherence so far."""
    kept = regimen.adherence(week, history.days, history.walks, history.today)
    planned = {walk.day: walk for walk in week.walks}
    done = {seen.day for seen in kept.by_day if seen.done}
    lines = [
        DayOfWeek(
            day,
            planned.get(day),
            day == history.today,
            day in done,
            history.changes.is_away(day),
            regimen.steps_goal(week, planned[day]) if day in planned else None,
        )
        for day in (week.start + timedelta(days=n) for n in range(7))
    ]
    return lines, kept


def picture_of(history: regimen.History, week: Week) -> Picture:
    """The week's planned minutes against what was done."""
    return week_plan(week, history.days, history.walks, today=history.today)


def reasons_for_therapist(
    history: regimen.History, week: Week | None, standing: Standing
) -> tuple[Reason, ...]:
    """Why a therapist should be asked now; this week's and the screen's reasons count too."""
    if week and all(known.start != week.start for known in history.weeks):
        history = replace(history, weeks=(*history.weeks, week))
    reasons = regimen.needs_therapist(history)
    if standing.disposition != Disposition.THERAPIST:
        return reasons
    text = _("One of your safety answers should be looked at before your plan grows.")
    return (Reason("screen.therapist", text, "clinical-details 1.11"), *reasons)
