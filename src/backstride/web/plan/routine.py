"""The routine beside the walk: today's stretches and strengthening, with their drawings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstride.charts import figure
from backstride.errors import NotCleared
from backstride.records import PlannedRoutine, RoutineItem
from backstride.regimen.exercises import Exercise, load
from backstride.web.offline.copies import DAY_AND_A_HALF, kept_offline
from backstride.web.pictures import THEMES
from backstride.web.plan import services
from backstride.web.plan.models import Preferences
from backstride.web.plan.words import TIMER_WORDS, dose
from backstride.web.safety.gate import walker_view

WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


class PreferencesForm(forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days on which I can walk"),
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day.")},
    )

    class Meta:
        model = Preferences
        fields = [
            "weekdays",
            "walk_at",
            "ground",
            "aim",
            "routine_minutes",
            "floor",
            "in_steps",
            "step_goal",
        ]
        labels = {
            "walk_at": gettext_lazy("Time of day that suits me"),
            "ground": gettext_lazy("Where I can walk"),
            "aim": gettext_lazy("What I walk for"),
            "routine_minutes": gettext_lazy("Minutes a day beside the walk"),
            "floor": gettext_lazy("I can get down to the floor and up again"),
            "in_steps": gettext_lazy("Plan my walks in steps a day instead of minutes"),
            "step_goal": gettext_lazy("Give me a goal of steps for each day"),
        }
        widgets = {
            "routine_minutes": forms.NumberInput(attrs={"min": 5, "max": 60}),
            "walk_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }


@kept_offline(DAY_AND_A_HALF)
@walker_view
def routine(request):
    """Today's routine, or the next one."""
    return _page(request)


@walker_view
def preferences(request):
    """What fits: days to walk on, how long the routine is, with or without the floor."""
    form = PreferencesForm(request.POST or None, instance=services.preferences_of(request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Noted. Your next week of walks keeps to it."))
        return redirect("plan")
    status = 400 if form.is_bound else 200
    return render(request, "plan/preferences.html", {"form": form}, status=status)


def _page(request):
    user, today = request.user, request.user.today()
    planned, stopped = _planned(user)
    day = min((day for day in planned if day >= today), default=None)
    done = {entry.exercise: entry for entry in user.exercisedone_set.filter(day=today)}
    shown = planned.get(day)
    context = {
        "day": day,
        "is_today": day == today,
        "routine": shown,
        "stopped": stopped,
        "cards": [_card(item, done) for item in shown.items] if shown else [],
        "timer_words": TIMER_WORDS,
    }
    return render(request, "plan/routine.html", context)


def _planned(user) -> tuple[dict[date, PlannedRoutine], str]:
    """This week's routines by day and, where there is no plan, why."""
    try:
        week = services.week_now(user)
        return (services.routine_of(user, week) if week else {}), ""
    except NotCleared as stop:
        return {}, str(stop)


def _card(item: RoutineItem, done: dict[str, Any]) -> dict[str, Any]:
    exercise: Exercise = load()[item.exercise]
    return {
        "item": item,
        "exercise": exercise,
        "dose": dose(item, sides=exercise.sides),
        "entry": done.get(item.exercise),
    }


@walker_view
def drawing(request, key: str, theme: str):
    """An exercise's drawing; the same for everyone, so the browser may keep it."""
    exercise = load().get(key)
    if exercise is None or theme not in THEMES:
        raise Http404
    response = HttpResponse(figure(exercise, theme), content_type="image/svg+xml")
    response["Cache-Control"] = "private, max-age=86400"
    return response
