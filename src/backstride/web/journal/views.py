"""Noting how it goes: each post does one thing, says so, and can be undone."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from backstride.web.journal import services
from backstride.web.journal.forms import NewsForm, PainForm
from backstride.web.journal.models import ExerciseDone, MedicineTaken, PainEntry, WalkDone, symptoms
from backstride.web.offline.services import answer
from backstride.web.safety.gate import walker_view

KINDS = {
    "pain": PainEntry,
    "walk": WalkDone,
    "exercise": ExerciseDone,
    "medicine": MedicineTaken,
}


@walker_view
def log(request):
    """The diary, newest first."""
    user = request.user
    entries = [
        {"kind": kind, "entry": entry}
        for kind, model in KINDS.items()
        for entry in _of(model, user)[:100]
    ]
    entries.sort(key=lambda item: item["entry"].at, reverse=True)
    return render(request, "journal/log.html", {"entries": entries[:100]})


def _of(model, user):
    entries = model.objects.filter(user=user)
    return entries.select_related("live_walk") if model is WalkDone else entries


@walker_view
@require_POST
def pain(request):
    return answer(request, "pain", "today")


@walker_view
@require_POST
def news(request, pk: int):
    """“It's a flare-up”, “a leg feels weaker”: added to a pain note."""
    entry = get_object_or_404(PainEntry, pk=pk, user=request.user)
    form = NewsForm(request.POST)
    if not form.is_valid() or not any(form.cleaned_data.values()):
        return _refused(request, _("Tick what is new first. Nothing was noted."))
    services.add_news(entry, **form.cleaned_data)
    messages.success(request, _("Noted. Your plan takes it into account."))
    return redirect("today")


@walker_view
@require_POST
def walk(request):
    return answer(request, "walk", "today")


@walker_view
def walk_pain(request, pk: int):
    """After a walk: how bad was it at its worst? One tap, or skip."""
    entry = get_object_or_404(WalkDone, pk=pk, user=request.user)
    if request.method == "POST":
        form = PainForm(request.POST)
        if not form.is_valid():
            return _refused(request, _("Pain is a whole number from 0 to 10. Nothing was noted."))
        moment = PainEntry.Moment.DURING_WALK
        services.log_pain(request.user, moment=moment, **form.cleaned_data)
        text = ngettext("Well walked: %(n)s minute.", "Well walked: %(n)s minutes.", entry.minutes)
        messages.success(request, text % {"n": entry.minutes})
        return redirect("today")
    return render(
        request,
        "journal/walk_pain.html",
        {"entry": entry, "scale": range(11), "symptoms": symptoms()},
    )


@walker_view
@require_POST
def exercise(request):
    """How one exercise of the routine went; back to the one after it."""
    return answer(request, "exercise", "today")


@walker_view
@require_POST
def medicine(request):
    return answer(request, "medicine", "today")


@walker_view
@require_POST
def remove(request, kind: str, pk: int):
    model = KINDS.get(kind)
    if model is None:
        return _refused(request, _("No such entry. Nothing was noted."))
    entry = get_object_or_404(model, pk=pk, user=request.user)
    if (recorded := getattr(entry, "live_walk", None)) is not None:
        # Its line alone would go and its steps stay: its own page removes both, and asks.
        messages.warning(request, _("This walk was recorded: here you remove all of it."))
        return redirect(f"{reverse('walk_seen', args=[recorded.key])}#remove")
    said = str(entry)
    entry.delete()
    messages.success(request, _("Removed: %(what)s.") % {"what": said})
    places = {"log", "routine"}
    return redirect(request.POST["from"] if request.POST.get("from") in places else "today")


def _refused(request, text: str):
    messages.error(request, text)
    return redirect("today")
