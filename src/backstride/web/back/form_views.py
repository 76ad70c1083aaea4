"""Questionnaires: one page each, kept answer by answer, and what each came to."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstride.outcomes import BadEntry
from backstride.web.back import sheets
from backstride.web.back.models import Sheet
from backstride.web.safety.gate import walker_view


@walker_view
def every_form(request):
    due = {form.key for form in sheets.due(request.user)}
    known = sheets.scored(request.user)
    rows = [(form, form.key in due, known.get(form.key, [None])[-1]) for form in sheets.forms()]
    context = {
        "asked": [row for row in rows if row[0].key in sheets.ASKED or row[1]],
        "more": [
            row
            for row in rows
            if row[0].key not in sheets.ASKED and not row[1] and not sheets.is_entered(row[0])
        ],
        "entered": [row for row in rows if sheets.is_entered(row[0])],
    }
    return render(request, "back/forms.html", context)


@walker_view
def fill_in(request, key: str):
    """One questionnaire: every question on one page. Done, or kept for later."""
    form = _form(key)
    if sheets.is_entered(form):
        return _enter(request, form)
    error, needs_word = "", "open" in request.GET and not form.own_items
    if request.method == "POST":
        try:
            if "later" in request.POST:
                sheets.keep(request.user, form, request.POST)
                messages.success(request, _("Kept. You can go on where you stopped."))
                return redirect("back")
            as_it_is = "as_it_is" in request.POST
            done = sheets.finish(request.user, form, request.POST, as_it_is=as_it_is)
            return redirect("back_sheet", pk=done.pk)
        except BadEntry:
            return HttpResponseBadRequest(_("This answer isn't one of those that are offered."))
        except sheets.OpenQuestions as still:
            error, needs_word = still.text, still.needs_word
    return render(request, "back/fill_in.html", _page(request, form, error, needs_word))


@walker_view
def keep(request, key: str):
    """Keep what is answered so far; says so in a line for the page.

    Who comes here by way of the sign-in is led to the form.
    """
    form = _form(key)
    if request.method != "POST":
        return redirect("back_form", key=key)
    if sheets.is_entered(form):
        raise Http404
    try:
        sheet = sheets.keep(request.user, form, request.POST)
    except BadEntry:
        return HttpResponseBadRequest(_("This answer isn't one of those that are offered."))
    context = {"sheet": sheet, "form": form, "urgent": sheets.urgent_of(sheet)}
    return render(request, "back/kept.html", context)


@walker_view
def sheet(request, pk: int):
    """What a questionnaire came to, and how it went over time."""
    done = get_object_or_404(Sheet, pk=pk, user=request.user, finished_at__isnull=False)
    if sheets.form_of(done.instrument) is None:
        raise Http404
    context = {
        "sheet": done,
        "form": done.form,
        "title": done.form.title,
        "result": sheets.result_of(done, sheets.before(done)),
        "history": sheets.scored(request.user).get(done.instrument, [])[::-1],
        "more": [a.next for a in sheets.found_of(done).actions if sheets.form_of(a.next)],
    }
    return render(request, "back/sheet.html", context)


@walker_view
@require_POST
def remove(request, pk: int):
    done = get_object_or_404(Sheet, pk=pk, user=request.user)
    said = str(done)
    done.delete()
    messages.success(request, _("Removed: %(what)s.") % {"what": said})
    return redirect("back")


def _form(key: str):
    form = sheets.form_of(key)
    if form is None:
        raise Http404
    return form


def _enter(request, form):
    """A score that was worked out elsewhere: a total, and its parts where it has some."""
    error = ""
    if request.method == "POST":
        try:
            done = sheets.enter(request.user, form, *sheets.given_score(form, request.POST))
        except BadEntry as wrong:
            error = str(wrong)
        else:
            return redirect("back_sheet", pk=done.pk)
    context = {"form": form, "title": form.title, "error": error}
    status = 400 if error else 200
    return render(request, "back/enter.html", context, status=status)


def _page(request, form, error: str, needs_word: str | bool) -> dict:
    kept = sheets.open_sheet(request.user, form)
    names = kept.names if kept else sheets.names_of(request.user, form)
    answers = kept.answers if kept else {}
    items = [
        {
            "id": item.id,
            "text": item.text,
            "value": answers.get(item.id),
            "name": names.get(item.id, ""),
        }
        for item in form.items
    ]
    if form.options:
        choices = [(o.value, o.text) for o in form.options]
    else:
        choices = [(n, str(n)) for n in range(form.answers.low, form.answers.high + 1)]
    return {
        "form": form,
        "title": form.title,
        "prompt": form.prompt,
        "recall": form.recall,
        "low": form.answers.low_text,
        "high": form.answers.high_text,
        "items": items,
        "choices": choices,
        "is_ticked": sheets.is_ticked(form),
        "is_count": not form.options and len(choices) > 11,
        "kept": kept,
        "stale": sheets.stale_sheet(request.user, form),
        "error": error,
        "needs_word": needs_word,
        "least": form.scoring.min_answered,
        "notes": form.notes,
    }
