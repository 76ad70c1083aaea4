"""The clinic's side: its inbox, one request, the answer. Another clinic's things are 404."""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backstride.web.clinic import services
from backstride.web.clinic.forms import CloseForm, OfferForm
from backstride.web.clinic.mail import reaches_people
from backstride.web.clinic.models import AppointmentRequest
from backstride.web.clinic.services import Outcome
from backstride.web.clinic.shown import mail_lines, story_pages
from backstride.web.clinic.views import calendar_response, site
from backstride.web.people.models import audit, audit_once_a_day
from backstride.web.sharing import services as sharing

State = AppointmentRequest.State
PAST_SHOWN = 50

ENDED = _("This request has ended meanwhile: it was withdrawn, closed, or its time is over.")
TOLD = {
    Outcome.GIVEN: ("success", _("The time is given.")),
    Outcome.MOVED: ("success", _("The appointment has moved.")),
    Outcome.SAME: ("info", _("This time stands already; nothing was sent again.")),
    Outcome.ENDED: ("error", ENDED),
}


def staff_view(view):
    """Signed in as a clinic's staff; for everyone else there is no such page."""

    @wraps(view)
    @login_required
    def gated(request, *args, **kwargs):
        if not request.user.is_clinic_staff:
            raise Http404
        request.clinic = request.user.staff.clinic
        return view(request, *args, **kwargs)

    return gated


@staff_view
@require_GET
def inbox(request):
    asked = request.clinic.requests.select_related("walker", "appointment")
    answered = [one for one in asked.filter(state=State.ANSWERED) if one.is_upcoming]
    live = [one.pk for one in answered]
    context = {
        "clinic": request.clinic,
        "waiting": asked.filter(state=State.OPEN).order_by("at"),
        "upcoming": sorted(answered, key=lambda one: one.time.start),
        "past": asked.exclude(state=State.OPEN).exclude(pk__in=live)[:PAST_SHOWN],
    }
    shown = [*context["waiting"], *context["upcoming"], *context["past"]]
    context["shared"] = consents = sharing.of_clinic(request.clinic)
    listed = [one.walker for one in (*shown, *consents)]
    audit_once_a_day(
        request.user, listed, _noop("saw you in the list of requests"), str(request.clinic)
    )
    return render(request, "clinic/inbox.html", context)


@staff_view
@require_http_methods(["GET", "POST"])
def request_page(request, pk):
    asked = _ours(request, pk)
    zone = request.user.tz
    initial = OfferForm.values(asked.time, zone, request.clinic.address)
    form = OfferForm(request.POST or None, zone=zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        outcome = services.give(asked.pk, request.user, form.offer(), seen, site(request))
        if outcome is not Outcome.MEANWHILE:
            level, text = TOLD[outcome]
            told = _how_told() if outcome in {Outcome.GIVEN, Outcome.MOVED} else ""
            getattr(messages, level)(request, f"{text} {told}".strip())
            return redirect("request", asked.pk)
        asked = _ours(request, pk)
        form = _seen_now(form, asked, zone)
    audit(request.user, asked.walker, _noop("read your request"), str(request.clinic))
    context = {
        "asked": asked,
        "form": form,
        "close_form": CloseForm(auto_id="close_%s"),
        "pages": story_pages(asked.story),
        "mails": mail_lines(asked, request.user),
        "shared": [c for c in sharing.of_clinic(request.clinic) if c.walker_id == asked.walker_id],
    }
    return render(request, "clinic/request.html", context)


def _seen_now(form: OfferForm, asked: AppointmentRequest, zone) -> OfferForm:
    """The same entries again, with a word that a colleague was quicker."""
    entries = form.data.copy()
    entries["seen"] = asked.time.sequence
    again = OfferForm(entries, zone=zone)
    again.add_error(
        None,
        _(
            "%(who)s has given or moved the time meanwhile; this page shows it. "
            "Nothing was changed. Send again to move the appointment to your time."
        )
        % {"who": asked.time.given_by},
    )
    return again


def _how_told() -> str:
    if reaches_people():
        return _("The walker gets an e-mail.")
    return _(
        "No mail server is set up here, so the walker sees it at the next sign-in: do call them."
    )


@staff_view
@require_POST
def close(request, pk):
    asked = _ours(request, pk)
    form = CloseForm(request.POST, auto_id="close_%s")
    if not form.is_valid():
        messages.error(request, _("The sentence is too long; 500 characters fit."))
    elif services.close(asked.pk, request.user, form.cleaned_data["note"], site(request)):
        messages.success(request, _("Closed. %(told)s") % {"told": _how_told()})
    else:
        messages.error(request, ENDED)
    return redirect("request", asked.pk)


@staff_view
@require_GET
def calendar(request, pk):
    asked = _ours(request, pk)
    audit(
        request.user,
        asked.walker,
        _noop("took your appointment's calendar file"),
        str(asked.clinic),
    )
    return calendar_response(asked)


def _ours(request, pk) -> AppointmentRequest:
    ours = request.clinic.requests.select_related(
        "clinic", "walker", "appointment__given_by", "appointment__request__walker"
    )
    return get_object_or_404(ours, pk=pk)
