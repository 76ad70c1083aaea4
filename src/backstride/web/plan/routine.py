"""The routine beside the walk: today's stretches and strengthening, with their drawings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from backstride.charts import figure
from backstride.errors import NotCleared
from backstride.records import PlannedRoutine, RoutineItem
from backstride.regimen.exercises import Exercise, load
from backstride.web.pictures import THEMES
from backstride.web.plan import services
from backstride.web.plan.models import RoutineWishes
from backstride.web.plan.words import dose
from backstride.web.safety.gate import walker_view


class WishesForm(forms.ModelForm):
    class Meta:
        model = RoutineWishes
        fields = ["minutes", "floor"]
        labels = {
            "minutes": "Minutes a day",
            "floor": "I can get down to the floor and up again",
        }
        widgets = {"minutes": forms.NumberInput(attrs={"min": 5, "max": 60})}


@walker_view
def routine(request):
    """Today's routine, or the next one."""
    known = RoutineWishes.objects.filter(user=request.user).first()
    return _page(request, WishesForm(instance=known))


@walker_view
@require_POST
def wishes(request):
    """How long, and with or without the floor."""
    known = RoutineWishes.objects.filter(user=request.user).first()
    form = WishesForm(request.POST, instance=known or RoutineWishes(user=request.user))
    if not form.is_valid():
        return _page(request, form, status=400)
    form.save()
    messages.success(request, "Noted. The routine fits that now.")
    return redirect("routine")


def _page(request, form: WishesForm, status: int = 200):
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
        "form": form,
    }
    return render(request, "plan/routine.html", context, status=status)


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
