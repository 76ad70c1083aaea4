"""Today, and this week's plan with its reasons."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from backstride import regimen
from backstride.errors import NotCleared
from backstride.interop.ical import week_ics
from backstride.records import Week
from backstride.regimen.steps import steps_per_minute
from backstride.web import pictures
from backstride.web.back.services import questions_of_today
from backstride.web.help.services import card_of_the_week
from backstride.web.journal.models import symptoms
from backstride.web.journal.services import usual_medicines
from backstride.web.offline.copies import DAY_AND_A_HALF, kept_offline
from backstride.web.plan import services
from backstride.web.plan.words import GROUND, KINDS, UNITS, beside, pace
from backstride.web.reminders.learning import good_time
from backstride.web.safety.gate import walker_view
from backstride.web.walk.services import told_to_send


@kept_offline(DAY_AND_A_HALF)
@walker_view
def today(request):
    """The one thing to do now, and the check-in."""
    user = request.user
    history = services.history_of(user)
    week, stopped = _week(user, history)
    lines, kept = services.lines_of(history, week) if week else ([], None)
    context = {
        "week": week,
        "stopped": stopped,
        "line": next((line for line in lines if line.is_today), None),
        "goal": services.step_goal_of(user, history),
        "steps_so_far": services.steps_of(history, user.today()),
        "routine": services.routine_of(user, week).get(user.today()) if week else None,
        "exercises_done": user.exercisedone_set.filter(day=user.today()).count(),
        "next": next((line for line in lines if line.walk and line.day > user.today()), None),
        "kept": kept,
        "scale": range(11),
        "symptoms": symptoms(),
        "pains": user.painentry_set.filter(day=user.today())[:3],
        "walks": user.walkdone_set.filter(day=user.today()).select_related("live_walk"),
        "taken": user.medicinetaken_set.filter(day=user.today()),
        "questions": questions_of_today(user),
        "medicines": [(*one, UNITS.get(one[2], one[2])) for one in usual_medicines(user)],
        "units": UNITS,
        "therapist": services.reasons_for_therapist(history, week, request.standing),
        "walk_told": told_to_send(user),
        "good_time": good_time(user, user.today()) if week else None,
        "help_card": card_of_the_week(user, week.decision.kind) if week else None,
    }
    return render(request, "plan/today.html", context)


@walker_view
def plan(request):
    user = request.user
    history = services.history_of(user)
    week, stopped = _week(user, history)
    context = {
        "week": week,
        "stopped": stopped,
        "therapist": services.reasons_for_therapist(history, week, request.standing),
    }
    if week:
        lines, kept = services.lines_of(history, week)
        routines, person = services.routine_of(user, week), services.person_of(user)
        told = services.preferences_of(user)
        picture = services.picture_of(history, week)
        context |= {
            "lines": [(line, beside(routines.get(line.day))) for line in lines],
            "kept": kept,
            "minutes": {walk.minutes for walk in week.walks},
            "total": sum(walk.minutes for walk in week.walks),
            "heading": KINDS[week.decision.kind],
            "pace": pace(week.dose.cadence_spm),
            "pathway": person.pathway,
            "per_minute": steps_per_minute(),
            "goal": regimen.target_of(regimen.protocol(), person),
            "ground": GROUND[told.ground],
            "aim": told.aim,
            "asked": regimen.asked_for(week, history, person, services.screen_of(user)),
            "picture": picture,
            "sources": pictures.sources(picture, "plan_picture"),
            "movable": [
                line.day
                for line in lines
                if line.walk and not line.done and line.day >= history.today
            ],
            "places": regimen.places(week, history.changes, history.today),
            "changes": services.standing_changes(user, week),
            "today": history.today,
        }
    else:
        context["start"] = services.start_of(user, history.days)
    return render(request, "plan/plan.html", context)


@walker_view
@gzip_page
def picture(request, theme: str, width: int):
    """The week's planned minutes against what was done."""
    history = services.history_of(request.user)
    week = _week(request.user, history)[0]
    if week is None:
        raise Http404
    return pictures.answer(services.picture_of(history, week), theme, width)


@walker_view
def calendar(request):
    """The week's walks as a calendar file."""
    week = _week(request.user, services.history_of(request.user))[0]
    if week is None:
        raise Http404(_("There is no plan yet."))
    at = services.preferences_of(request.user).walk_at
    written = week_ics(week, request.user.tz, at, owner=f"walker-{request.user.pk}")
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="walks-{week.start}.ics"'
    return response


def _week(user, history) -> tuple[Week | None, str]:
    """This week and, where the rules give none, why."""
    try:
        return services.week_now(user, history), ""
    except NotCleared as stop:
        return None, str(stop)
