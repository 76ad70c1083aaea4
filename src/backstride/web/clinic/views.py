"""The walker's side: ask for an appointment, see the answer, withdraw."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backstride.web.clinic import services
from backstride.web.clinic.forms import AskForm
from backstride.web.clinic.mail import calendar_file, reaches_people
from backstride.web.clinic.models import AppointmentRequest, Mail
from backstride.web.clinic.shown import as_page, mail_lines, story_pages
from backstride.web.clinic.story import PARTS, build_all, contact, digest
from backstride.web.safety.gate import right_view, walker_view

State = AppointmentRequest.State


@walker_view
def appointments(request):
    mine = list(request.user.appointment_requests.select_related("clinic", "appointment"))
    upcoming = [asked for asked in mine if asked.is_upcoming]
    context = {
        "upcoming": sorted(upcoming, key=lambda asked: asked.time.start),
        "waiting": [asked for asked in mine if asked.state == State.OPEN],
        "past": [asked for asked in mine if not asked.is_live],
        "sends_mail": reaches_people(),
        "has_clinic": services.clinics_for(request.user).exists(),
    }
    return render(request, "clinic/appointments.html", context)


@walker_view
def ask(request):
    walker = request.user
    clinics = services.clinics_for(walker)
    if not clinics.exists():
        return redirect("appointments")
    story = build_all(walker, walker.today())
    initial = {"name": walker.get_full_name(), "clinic": clinics.first()}
    form = AskForm(request.POST or None, clinics=clinics, story=story, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _send(request, form)
    ticked = form.data.getlist("share") if form.is_bound else []
    context = {"form": form, "offered": _offered(story, ticked), "clinics": clinics}
    return render(request, "clinic/ask.html", context)


def _offered(story, ticked):
    """Each part with its preview, or why there is none."""
    for kind in PARTS:
        part = story.get(kind.key)
        yield {
            "kind": kind,
            "preview": as_page(kind.key, part) if part else None,
            "digest": digest(part) if part else "",
            "is_ticked": kind.key in ticked,
        }


def _send(request, form):
    given = form.cleaned_data
    story = {"contact": contact(request.user, given["name"], given["phone"])}
    story |= {key: form.story[key] for key in given["share"]}
    words = {name: given[name] for name in ("message", "preferred_times")}
    try:
        asked = services.ask(request.user, given["clinic"], words, story, site(request))
    except services.AlreadyAsked:
        messages.info(
            request,
            _("You have already asked %(clinic)s. They will answer here.")
            % {"clinic": given["clinic"]},
        )
        return redirect("appointments")
    messages.success(request, _("Sent to %(clinic)s.") % {"clinic": asked.clinic})
    return redirect("appointment", asked.pk)


@right_view  # a time that was given is theirs to know, behind a stop too
@require_GET
def appointment(request, pk):
    asked = _mine(request, pk)
    context = {
        "asked": asked,
        "pages": story_pages(asked.story),
        "mails": mail_lines(asked, request.user),
        "sends_mail": reaches_people(),
        "clinic_mail_failed": _clinic_unreached(asked),
    }
    return render(request, "clinic/appointment.html", context)


def _clinic_unreached(asked) -> bool:
    states = {
        mail.state
        for mail in asked.mails.all()
        if mail.kind == Mail.Kind.ASKED and mail.recipient_id != asked.walker_id
    }
    return states == {Mail.State.FAILED}


@right_view  # consent is taken back whatever the safety screen says
@require_POST
def withdraw(request, pk):
    asked = _mine(request, pk)
    if services.withdraw(asked.pk, site(request)):
        messages.success(
            request,
            _("Withdrawn. %(clinic)s sees that, and your story is removed.")
            % {"clinic": asked.clinic},
        )
    else:
        messages.success(request, _("What you shared is removed."))
    return redirect("sharing" if request.POST.get("from") == "sharing" else "appointments")


@right_view
@require_GET
def calendar(request, pk):
    return calendar_response(_mine(request, pk))


def _mine(request, pk) -> AppointmentRequest:
    mine = request.user.appointment_requests.select_related("clinic", "walker", "appointment")
    return get_object_or_404(mine, pk=pk)


def site(request) -> str:
    """The address of this installation as it was called, without a trailing slash."""
    return request.build_absolute_uri("/").rstrip("/")


def calendar_response(asked: AppointmentRequest) -> HttpResponse:
    """The .ics of a time that was given; of one that was called off, the cancellation."""
    if asked.time is None:
        raise Http404
    method = "REQUEST" if asked.state == State.ANSWERED else "CANCEL"
    try:
        content = calendar_file(asked.time, method)
    except ValueError as error:
        raise Http404 from error
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
