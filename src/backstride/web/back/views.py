"""The room "My back": where it hurts, how it goes, and what was told."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstride import outcomes
from backstride.outcomes import BadEntry
from backstride.web.back import services, sheets
from backstride.web.back.forms import DayForm
from backstride.web.back.models import Note
from backstride.web.back.timeline import timeline
from backstride.web.journal.services import pain_frame
from backstride.web.offline.copies import DAY_AND_A_HALF, kept_offline
from backstride.web.offline.services import answer
from backstride.web.safety.gate import walker_view

SHOWN_DAYS = 14


@kept_offline(DAY_AND_A_HALF)
@walker_view
def back(request):
    user = request.user
    pain = pain_frame(user)
    last = services.places_last_told(user)
    noted, usual = services.usual_places(user)
    body = outcomes.body()
    context = {
        "body": body,
        "views": [(view, body.rest[view], body.seen_from(view)) for view in outcomes.VIEWS],
        "chosen": set(last.places) if last else set(),
        "last": last,
        "newest": user.painentry_set.filter(day=user.today()).first(),
        "noted": noted,
        "usual": usual,
        "scale": range(11),
        "due": [(form, sheets.open_sheet(user, form)) for form in sheets.due(user)],
        "questions": services.questions_of_today(user),
        "flare": services.ask_flare(user, pain),
        "flare_text": outcomes.instrument("flare").items[0].text,
        "flares": services.flares(user, pain),
        "came_back": services.came_back(user, pain),
        "medicine": services.medicine_of(user),
        "level_questions": services.level_questions().items(),
        "scores": sheets.latest(user),
        "told": timeline(user, user.today(), SHOWN_DAYS),
    }
    return render(request, "back/back.html", context)


@walker_view
@require_POST
def where(request):
    return answer(request, "where", "back")


@walker_view
def today(request):
    """One answer of the day's questions; the card alone where the page asks for it.

    Who comes here by way of the sign-in is led to the questions.
    """
    if request.method != "POST":
        return redirect(f"{reverse('today')}#day")
    form = DayForm(request.POST)
    said, error = (), ""
    try:
        if not form.is_valid():
            raise BadEntry(_("This answer isn't one of those that are offered."))
        data = form.cleaned_data
        said = services.answer_of_today(request.user, data["question"], data["value"])
    except BadEntry:
        error = _("That was none of the answers. Nothing was noted.")
    if request.htmx:
        context = {"questions": services.questions_of_today(request.user), "said": said}
        context |= {"error": error, "changed": request.POST.get("question")}
        return render(request, "back/questions.html", context)
    for text in said:
        messages.warning(request, str(text))
    if error:
        messages.error(request, error)
    return redirect(f"{reverse('back' if request.POST.get('from') == 'back' else 'today')}#day")


@walker_view
@require_POST
def flare(request):
    return answer(request, "flare", "back")


@walker_view
@require_POST
def episode(request):
    """What was said about a time when the pain came back."""
    return answer(request, "episode", "back")


@walker_view
@require_POST
def note(request):
    return answer(request, "note", "back")


@walker_view
@require_POST
def remove_note(request, pk: int):
    get_object_or_404(Note, pk=pk, user=request.user).delete()
    messages.success(request, _("Removed your note."))
    return redirect("back_timeline")


@walker_view
def whole_timeline(request):
    until = _day(request.GET["until"]) if "until" in request.GET else request.user.today()
    return render(request, "back/timeline.html", {"told": timeline(request.user, until)})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404("no such day") from error
