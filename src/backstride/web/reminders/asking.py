"""What a walker's day asks to be reminded of, and what they have done of it lately."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from backstride import outcomes, regimen
from backstride.records import PlannedWalk, Week
from backstride.regimen.prompts import (
    GRACE,
    Kind,
    Limits,
    Prompt,
    Told,
    awake,
    before_appointment,
    moment,
)
from backstride.web.back import sheets
from backstride.web.back.services import DAILY
from backstride.web.clinic.models import Appointment, AppointmentRequest
from backstride.web.journal.services import pain_frame
from backstride.web.plan import services as plan
from backstride.web.reminders import learning
from backstride.web.reminders.models import Choices
from backstride.web.safety.services import standing

MORNING = time(9, 0)  # for what has no time of its own
AHEAD = timedelta(days=3)
WEEKS_BACK = 8  # in which the last walk done is looked for


def limits_of(chosen: Choices) -> Limits:
    return Limits(chosen.most, chosen.quiet_from, chosen.quiet_to, chosen.user.tz)


def told_of(chosen: Choices) -> list[Told]:
    """What was sent since the walker last chose: what wasn't taken up before no longer counts."""
    since = min(chosen.chosen_on or date.min, chosen.user.today())
    sent = chosen.user.reminded.filter(day__gte=since, kind__in=list(Kind))
    rows = sent.values_list("kind", "key", "at", "day")
    return [Told(Kind(kind), key, at, day) for kind, key, at, day in rows]


def prompts_of(chosen: Choices) -> list[Prompt]:
    """All that the walker wants to be reminded of today, sent or not.

    No plan is made here: a week that is over is reminded of, so that it is made where its
    reasons are read. Nothing but appointments in a flare, on days away, after "not today", or
    while the safety screen says stop.
    """
    user, now = chosen.user, timezone.now()
    found = _appointments(chosen, now) if chosen.appointments else []
    today = user.today()
    if _wants_rest(chosen, today):
        return found
    place = standing(user)
    if place.is_locked or place.disposition is None:
        return found
    if place.why_ask is not None:
        return found + _screen(chosen, today)
    return found + _walk(chosen, today) + _forms(chosen, today) + _check_in(chosen, today)


def _wants_rest(chosen: Choices, today: date) -> bool:
    user = chosen.user
    if chosen.declined_on == today or plan.changes_of(user).is_away(today):
        return True
    return outcomes.in_flare(pain_frame(user), today)


def appointments_of(user, since: datetime, until: datetime | None = None) -> list[Appointment]:
    """Appointments that stand, from those that end after `since` on."""
    rows = Appointment.objects.filter(
        request__walker=user,
        request__state=AppointmentRequest.State.ANSWERED,
        start__gt=since - timedelta(days=1),
    )
    if until is not None:
        rows = rows.filter(start__lt=until)
    return [row for row in rows.order_by("start", "pk") if row.end > since]


def _appointments(chosen: Choices, now: datetime) -> list[Prompt]:
    limits = limits_of(chosen)
    return [
        prompt
        for row in appointments_of(chosen.user, now, now + AHEAD)
        for prompt in before_appointment(
            f"{row.pk}.{row.sequence}", row.start, row.given_at, limits
        )
    ]


def _at(chosen: Choices, kind: Kind, at: datetime, day: date) -> Prompt:
    at = awake(at, limits_of(chosen))
    return Prompt(kind, f"{kind}:{day}", at, at + GRACE)


def _screen(chosen: Choices, today: date) -> list[Prompt]:
    """The safety questions come before all that they stand before."""
    if not (chosen.walk or chosen.week or chosen.check_in or chosen.forms):
        return []
    return [_at(chosen, Kind.SCREEN, _walk_moment(chosen, today), today)]


def _walk_moment(chosen: Choices, day: date) -> datetime:
    return learning.walk_moment(chosen, plan.preferences_of(chosen.user).walk_at, day)


def _walk(chosen: Choices, today: date) -> list[Prompt]:
    if not (chosen.walk or chosen.week):
        return []
    user = chosen.user
    history = plan.history_of(user)
    week = plan.running_week(user, today)
    if week is None:
        is_over = bool(history.weeks) and history.weeks[-1].end < today
        morning = moment(today, MORNING, user.tz)
        return [_at(chosen, Kind.WEEK, morning, today)] if is_over else []
    if not chosen.walk or walk_left(history, week) is None:
        return []
    return [_at(chosen, Kind.WALK, _walk_moment(chosen, today), today)]


def walk_left(history: regimen.History, week: Week) -> PlannedWalk | None:
    """Today's walk, unless it is done: by the walker's word or by measurement."""
    lines, _ = plan.lines_of(history, week)
    line = next((line for line in lines if line.is_today), None)
    return line.walk if line and not line.done else None


def _forms(chosen: Choices, today: date) -> list[Prompt]:
    if not chosen.forms or not sheets.due(chosen.user):
        return []
    at = moment(today, chosen.check_in_at, chosen.user.tz)
    return [_at(chosen, Kind.FORMS, at, today)]


def _check_in(chosen: Choices, today: date) -> list[Prompt]:
    user = chosen.user
    if not chosen.check_in or user.painentry_set.filter(day=today).exists():
        return []
    return [_at(chosen, Kind.CHECK_IN, moment(today, chosen.check_in_at, user.tz), today)]


def acts_of(chosen: Choices) -> dict[Kind, date]:
    """The day on which each was last done, reminded or not; choosing anew counts as well."""
    user = chosen.user
    history = plan.history_of(user)
    walked = [
        seen.day
        for week in history.weeks[-WEEKS_BACK:]
        for seen in regimen.adherence(week, history.days, history.walks, history.today).by_day
        if seen.done
    ]
    pain = user.painentry_set.order_by("-day").first()
    sheet = user.sheets.exclude(finished_at=None).exclude(instrument__in=(*DAILY, "flare")).first()
    week = user.weeks.order_by("-made_at").first()
    screen = user.screens.first()
    last = {
        Kind.WALK: max(walked, default=None),
        Kind.CHECK_IN: pain and pain.day,
        Kind.FORMS: sheet and sheet.day,
        Kind.WEEK: week and week.made_at.astimezone(user.tz).date(),
        Kind.SCREEN: screen and screen.at.astimezone(user.tz).date(),
    }
    days = {kind: [day for day in (at, chosen.chosen_on) if day] for kind, at in last.items()}
    return {kind: max(told) for kind, told in days.items() if told}
