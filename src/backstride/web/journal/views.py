"""Noting how it goes: each post does one thing, says so, and can be undone."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from backstride.web.journal import services
from backstride.web.journal.forms import ExerciseForm, MedicineForm, NewsForm, PainForm, WalkForm
from backstride.web.journal.models import ExerciseDone, MedicineTaken, PainEntry, WalkDone, symptoms
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
        for entry in model.objects.filter(user=user)[:100]
    ]
    entries.sort(key=lambda item: item["entry"].at, reverse=True)
    return render(request, "journal/log.html", {"entries": entries[:100]})


@walker_view
@require_POST
def pain(request):
    form = PainForm(request.POST)
    if not form.is_valid():
        return _refused(request, _("Pain is a whole number from 0 to 10. Nothing was noted."))
    entry = services.log_pain(request.user, **form.cleaned_data)
    messages.success(request, _("Noted: %(what)s.") % {"what": entry})
    return redirect("today")


@walker_view
@require_POST
def news(request, pk: int):
    """“It's a flare-up”, “a leg feels weaker”: added to a pain note."""
    entry = get_object_or_404(PainEntry, pk=pk, user=request.user)
    form = NewsForm(request.POST)
    if not form.is_valid() or not any(form.cleaned_data.values()):
        return _refused(request, _("Tick what is new first."))
    services.add_news(entry, **form.cleaned_data)
    messages.success(request, _("Noted. Your plan takes it into account."))
    return redirect("today")


@walker_view
@require_POST
def walk(request):
    form = WalkForm(request.POST)
    if not form.is_valid():
        return _refused(request, _("A walk is from 1 to 600 whole minutes. Nothing was noted."))
    entry = services.log_walk(request.user, form.cleaned_data["minutes"])
    return redirect("log_walk_pain", pk=entry.pk)


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
    form = ExerciseForm(request.POST)
    if not form.is_valid():
        return _refused(
            request, _("An exercise needs its name and how it went. Nothing was noted.")
        )
    entry = services.log_exercise(request.user, **form.cleaned_data)
    if entry.hurt:
        text = _("Noted: %(exercise)s hurt. Leave it for today; next week asks less of it.")
        messages.warning(request, text % {"exercise": entry.name})
    else:
        messages.success(request, _("Noted: %(what)s.") % {"what": entry.name})
    return redirect(f"{reverse('routine')}#{entry.exercise}")


@walker_view
@require_POST
def medicine(request):
    form = MedicineForm(request.POST)
    if not form.is_valid():
        return _refused(
            request, _("A medicine needs its name and how much was taken. Nothing was noted.")
        )
    entry = services.log_medicine(request.user, **form.cleaned_data)
    messages.success(request, _("Noted: %(what)s.") % {"what": entry})
    return redirect("today")


@walker_view
@require_POST
def remove(request, kind: str, pk: int):
    model = KINDS.get(kind)
    if model is None:
        return _refused(request, _("No such entry. Nothing was noted."))
    entry = get_object_or_404(model, pk=pk, user=request.user)
    said = str(entry)
    entry.delete()
    messages.success(request, _("Removed: %(what)s.") % {"what": said})
    places = {"log", "routine"}
    return redirect(request.POST["from"] if request.POST.get("from") in places else "today")


def _refused(request, text: str):
    messages.error(request, text)
    return redirect("today")
