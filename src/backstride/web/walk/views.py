"""Walk with me: the page that records, the door its walks come in by, and each walk's page."""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from backstride.errors import BackstrideError, NotCleared
from backstride.web import pictures
from backstride.web.imports import store
from backstride.web.offline.copies import DAY_AND_A_HALF, kept_offline
from backstride.web.plan.services import history_of, lines_of, week_now
from backstride.web.safety.gate import walker_view
from backstride.web.walk import services, signal
from backstride.web.walk.forms import WalkForm
from backstride.web.walk.words import QUALITY

FORM_BYTES = 4 << 20  # what may come beside the signal: the route, pauses and boundaries
TEMPO_SPM = 100  # the metronome's where the plan names no pace; it can be moved


@kept_offline(DAY_AND_A_HALF)
@walker_view
@require_GET
def walk_with_me(request):
    """The page that records. It holds today's aim and nothing else of the walker's, so that
    a phone may keep it for when there is no network."""
    walk = _walk_of_today(request.user)
    low, high = (walk and walk.cadence_spm) or (None, None)
    told = {
        "minutes": walk.minutes if walk else None,
        "low": low,
        "high": high,
        "tempo": round((low + high) / 2) if low else TEMPO_SPM,
        **services.told_to_send(request.user),
    }
    response = render(request, "walk/walk_with_me.html", {"walk": walk, "told": told})
    response["Cache-Control"] = "private, no-cache"  # kept, but asked for anew where it can be
    return response


def _walk_of_today(user):
    try:
        history = history_of(user)
        week = week_now(user, history)
    except NotCleared:
        return None
    lines = lines_of(history, week)[0] if week else []
    return next((line.walk for line in lines if line.is_today), None)


def _for_a_script(view):
    """Answers a script in JSON: a walk is taken in whatever the safety screen says by then."""

    @wraps(view)
    def answered(request, *args, **kwargs):
        user = request.user
        if not user.is_authenticated:
            return _refused(_("Sign in again, then it is sent."), 401)
        if user.is_clinic_staff:
            return _refused(_("This account has no walks."), 403)
        return view(request, *args, **kwargs)

    return answered


def _refused(text: str, status: int, **headers) -> JsonResponse:
    return JsonResponse({"error": text}, status=status, headers=headers)


@csrf_exempt  # checked in `_taken`, once it is clear whose request it is and how large
@_for_a_script
@require_POST
def send(request):
    """A walk from a phone; sent twice, it is the same walk."""
    most = signal.MAX_BYTES + FORM_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        return _refused(_("A walk is at most %(mb)s MB.") % {"mb": most >> 20}, 413)
    return _taken(request)


@csrf_protect
def _taken(request):
    if request.POST.get("mark") != services.mark_of(request.user):
        return _refused(_("This walk was recorded by another account."), 409)
    form = WalkForm(request.POST, request.FILES)
    if not form.is_valid():
        said = [f"{_named(name)}{text}" for name, texts in form.errors.items() for text in texts]
        return _refused(" ".join(said), 400)
    try:
        walk, is_new = services.take_in(request.user, form.cleaned_data)
    except services.TooMany:
        return _refused(
            _("So many walks at once: the rest follows later."), 429, **{"Retry-After": "3600"}
        )
    except store.DiskFull as error:
        return _refused(str(error), 507)
    except BackstrideError as error:
        return _refused(str(error), 400)
    return JsonResponse(
        {"walk": reverse("walk_seen", args=[walk.key])}, status=201 if is_new else 200
    )


def _named(field: str) -> str:
    return "" if field == "__all__" else f"{field}: "


def _mine(request, key):
    return get_object_or_404(request.user.live_walks.select_related("upload", "note"), key=key)


@walker_view
@require_GET
def walk(request, key):
    """One walk: what the phone counted and what was measured, side by side."""
    found = _mine(request, key)
    context = {"walk": found, "measured": found.measured, "scale": range(11)}
    if found.measured:
        picture = services.picture_of(found)
        context |= {
            "picture": picture,
            "sources": pictures.sources(picture, "walk_picture", "", str(found.key)),
            "bouts": [_bout(bout) for bout in found.measured["bouts"]],
            "seen_min": found.upload.report["recording"]["recorded_s"] / 60,
            "walking_min": found.measured.get("walking_s", 0) / 60,
            "apart": abs(found.difference or 0),
            "placement": found.upload.report["recording"]["placement"],
        }
    if found.route:
        context |= {
            "line": services.line_of(found.route),
            "metres": round(services.distance_m(found.route), -1),
        }
    context |= {"minutes": found.active_s / 60, "whole_minutes": round(found.active_s / 60)}
    return render(request, "walk/walk.html", context)


def _bout(bout: dict) -> dict:
    return {
        **bout,
        "minutes": (bout["to_s"] - bout["from_s"]) / 60,
        "begins_min": bout["from_s"] / 60,
        "sure": QUALITY.get(bout["quality"], "–"),
    }


@walker_view
@require_GET
def status(request, key):
    """Whether the signal has been read; asked for each second while it is."""
    found = _mine(request, key)
    if found.upload is None or found.upload.is_finished:
        return HttpResponseClientRefresh()
    return HttpResponse(status=204)


@walker_view
@require_GET
@gzip_page
def picture(request, key, theme: str, width: int):
    found = _mine(request, key)
    if not found.measured:
        raise Http404
    return pictures.answer(services.picture_of(found), theme, width)


@walker_view
@require_POST
def forget_route(request, key):
    services.forget_route(_mine(request, key))
    messages.success(request, _("The route was removed. The walk itself is kept."))
    return redirect("walk_seen", key)


@walker_view
@require_POST
def delete(request, key):
    services.delete(_mine(request, key))
    messages.success(request, _("The walk was removed, and its steps with it."))
    return redirect("today")
