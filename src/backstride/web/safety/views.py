"""The safety screen: a section a page, then what it came to."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backstride import screening
from backstride.records import Disposition
from backstride.web.safety import draft, services
from backstride.web.safety.forms import ClearanceForm
from backstride.web.safety.gate import right_view

SHORT = "weekly"


def answering(view):
    """For walkers who may answer now: anyone but those whom a stop still holds."""

    @right_view
    def guarded(request, *args, **kwargs):
        request.standing = services.standing(request.user)
        request.draft = draft.of(request)
        is_slip = request.draft is not None and services.may_correct_slip(request.user)
        if request.standing.is_locked and not is_slip:
            return redirect("safety_stop")
        return view(request, *args, **kwargs)

    return guarded


@answering
def start(request):
    """Why these questions, and the way in; or what the last answers came to."""
    if request.method == "POST":
        noted = services.noted_in_diary(request.user)
        draft.begin(request, is_short=request.standing.short, answers=noted)
        if request.standing.short:
            return redirect("safety_section", SHORT)
        return _next(request, draft.of(request))
    record = request.user.screens.first()
    result = services.result_of(record) if record and not request.standing.why_ask else None
    context = {"standing": request.standing, "record": record, "result": result}
    return render(request, "safety/start.html", context)


@answering
def section(request, section: str):
    kept = request.draft
    if kept is None or not _may_go_on(request.standing, kept, section):
        return redirect("safety")
    today = request.user.today()
    answers = kept["answers"]
    asked = _asked(section, answers, today)
    refused = {}
    if request.method == "POST":
        given, refused = screening.parse_answers(request.POST, today)
        ids = {question.id for question in asked.questions}
        answers.update({key: value for key, value in given.items() if key in ids})
        draft.keep(request, kept)
        open_ids = [q.id for q in asked.questions if q.id not in answers]
        refused |= {key: _("Please answer this one.") for key in open_ids if key not in refused}
        if not refused:
            return _finish_short(request, kept) if section == SHORT else _next(request, kept)
    return render(request, "safety/section.html", _page(asked, answers, refused))


def _may_go_on(standing, kept: dict, section: str) -> bool:
    """The few questions do only while a week is merely over, whatever address is asked for."""
    if kept["is_short"]:
        return standing.short or standing.is_locked  # locked: a slip in them is set right
    return section != SHORT


def _asked(section: str, answers: dict, today) -> screening.Section:
    """The section with the questions to ask in it, given the answers so far."""
    if section == SHORT:
        intro = _("A week has passed. These few come back each week.")
        return screening.Section(SHORT, _("A quick check"), intro, screening.short_questions())
    shown = {q.id for q in screening.visible(answers, today)}
    for known in screening.sections():
        if known.id == section:
            questions = tuple(q for q in known.questions if q.id in shown)
            return screening.Section(known.id, known.title, known.intro, questions)
    raise Http404


def _page(asked, answers: dict, refused: dict) -> dict:
    order = [s.id for s in screening.sections()]
    items = [
        {"q": q, "value": answers.get(q.id, ""), "error": refused.get(q.id)}
        for q in asked.questions
    ]
    number = order.index(asked.id) + 1 if asked.id in order else None
    return {"section": asked, "items": items, "number": number, "of": len(order)}


def _next(request, kept: dict):
    """The next open section; or, when nothing is open, the result."""
    following = screening.next_section(kept["answers"], request.user.today())
    if following is not None:
        return redirect("safety_section", following.id)
    return _finish(request, kept)


def _finish_short(request, kept: dict):
    """The week's answers replace those of the last full screen; they may open others."""
    last = request.user.screens.first()
    kept["answers"] = {**last.answers, **kept["answers"]}
    draft.keep(request, kept)
    return _next(request, kept)


def _finish(request, kept: dict):
    record = services.record_answers(request.user, kept["answers"], is_short=kept["is_short"])
    draft.end(request)
    if not Disposition(record.disposition).may_walk:
        return redirect("safety_stop")
    if record.disposition == Disposition.THERAPIST:
        return redirect("safety")
    messages.success(request, _("Thank you. Nothing you answered speaks against walking."))
    return redirect("today")


@login_required
def stop(request):
    """What to do now, and why. Left only by a clinician's clearance."""
    if request.user.is_clinic_staff or not services.standing(request.user).is_locked:
        return redirect("today")
    record = request.user.screens.first()
    if request.method == "POST" and services.may_correct_slip(request.user):
        calm = services.without_worries(record.answers)
        draft.begin(request, is_short=record.is_short, answers=calm)
        return _next(request, draft.of(request))
    context = {
        "result": services.result_of(record),
        "record": record,
        "is_emergency": record.disposition == Disposition.EMERGENCY_NOW,
        "may_correct": services.may_correct_slip(request.user),
    }
    return render(request, "safety/stop.html", context)


@login_required
def cleared(request):
    """A clinician has seen the walker: who, when; then the questions again."""
    standing = services.standing(request.user)
    if not standing.is_locked:
        return redirect("safety")
    dates = {"first_day": standing.on, "today": request.user.today()}
    form = ClearanceForm(request.POST or None, **dates)
    if request.method == "POST" and form.is_valid():
        services.clear(request.user, form.cleaned_data["seen_on"], form.cleaned_data["clinician"])
        return redirect("safety")
    return render(request, "safety/cleared.html", {"form": form})
