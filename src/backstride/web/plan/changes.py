"""Changing the plan: move a walk, be away, say that it is too much or too easy; and undo."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstride import regimen
from backstride.errors import NotCleared
from backstride.web.plan import services
from backstride.web.plan.models import PlanChange
from backstride.web.safety.gate import walker_view

LONGEST_AWAY = timedelta(days=120)
SAID = {
    PlanChange.Kind.EASY: gettext_lazy(
        "Noted. Your plan grows with the new week, if your back allows it."
    ),
    PlanChange.Kind.HARD: gettext_lazy("Noted. The walks that are left this week are shorter now."),
}


class SpanForm(forms.Form):
    day = forms.DateField()
    to = forms.DateField()
    ill = forms.BooleanField(required=False)


@walker_view
@require_POST
def move(request):
    """A walk of this week on another day of it."""
    form = SpanForm(request.POST)
    week = _week(request.user)
    if not form.is_valid() or week is None:
        return _refused(request, _("A walk moves to a day of this week."))
    user, day, to = request.user, form.cleaned_data["day"], form.cleaned_data["to"]
    fits = to in regimen.places(week, services.changes_of(user), user.today())
    if not fits or day < user.today() or day not in {walk.day for walk in week.walks}:
        return _refused(request, _("That walk can't go there: the day has one, or is over."))
    change = PlanChange.objects.create(user=user, kind=PlanChange.Kind.MOVED, day=day, to=to)
    messages.success(request, _("%(change)s.") % {"change": change})
    return redirect("plan")


@walker_view
@require_POST
def away(request):
    """Days away, or ill, on which no walks are planned, and none are missed."""
    form, user = SpanForm(request.POST), request.user
    if not form.is_valid():
        return _refused(request, _("Being away needs a first and a last day."))
    day, to = form.cleaned_data["day"], form.cleaned_data["to"]
    if not user.today() <= day <= to <= user.today() + LONGEST_AWAY:
        told = _("Being away starts today or later, and ends within %(days)s days.")
        return _refused(request, told % {"days": LONGEST_AWAY.days})
    kind = PlanChange.Kind.ILL if form.cleaned_data["ill"] else PlanChange.Kind.AWAY
    change = PlanChange.objects.create(user=user, kind=kind, day=day, to=to)
    told = _("%(change)s. No walks are planned then, and none is missed.")
    messages.success(request, told % {"change": change})
    if kind == PlanChange.Kind.ILL:
        messages.info(request, _("Rest until you have been well for a day or two."))
    return redirect("plan")


@walker_view
@require_POST
def felt(request, kind: str):
    """Too much or too easy; the last word of a week counts."""
    user = request.user
    if kind not in SAID or _week(user) is None:
        return _refused(request, _("There is no week to say that of."))
    kind, today = PlanChange.Kind(kind), user.today()
    user.changes.filter(kind__in=SAID, day=today).delete()
    PlanChange.objects.create(user=user, kind=kind, day=today, to=today)
    messages.success(request, SAID[kind])
    return redirect("plan")


@walker_view
@require_POST
def undo(request, pk: int):
    """Only while it can make a difference: what is over stays as it was."""
    week = _week(request.user)
    if week is None:
        raise Http404
    change = get_object_or_404(services.standing_changes(request.user, week), pk=pk)
    said = str(change)
    change.delete()
    messages.success(request, _("Taken back: %(change)s.") % {"change": said})
    return redirect("plan")


def _week(user):
    try:
        return services.week_now(user)
    except NotCleared:
        return None


def _refused(request, text: str):
    messages.error(request, _("%(why)s Nothing was changed.") % {"why": text})
    return redirect("plan")
