"""What a browser needs to be an app: manifest, service worker, offline page, outbox."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from django.conf import settings
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backstride.web.help.cards import load as load_cards
from backstride.web.offline import services
from backstride.web.offline.forms import SubmissionForm
from backstride.web.offline.models import Received
from backstride.web.safety.services import standing

ICONS = [("icon-192", 192, "any"), ("icon-512", 512, "any")]
ICONS += [("maskable-192", 192, "maskable"), ("maskable-512", 512, "maskable")]
PARTS = {"outbox": "outbox", "push": "push-worker"}  # scripts that are part of the worker
FILES = ["backstride.css", "backstride.js", "outbox.js", "push-worker.js", "timer.js"]
FILES += [f"walk/{name}.js" for name in ("send", "sound", "steps", "store", "walk")]
FILES += ["icon.svg", "rooms.svg", "faces.svg", "icon-192.png"]
ALONG = ["today", "walk", "routine", "back"]  # pages for every walker to have without a network
ALONG += ["help", "help_worry", "help_flare", "help_therapist", "help_app", "help_cards"]


@require_GET
def manifest(request):
    """The web app manifest (https://www.w3.org/TR/appmanifest/)."""
    told = {
        "id": "/",
        "name": "Backstride",
        "short_name": "Backstride",
        "description": "Walk your back better: a plan for today, and a diary in one tap.",
        "lang": "en",
        "start_url": reverse("today"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f5f1",
        "theme_color": "#0b6e5f",
        "categories": ["health", "fitness"],
        "icons": [
            {
                "src": static(f"backstride/{name}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, size, purpose in ICONS
        ],
        "shortcuts": [
            {"name": "Today", "url": reverse("today")},
            {"name": "Check in", "url": f"{reverse('today')}#day"},
            {"name": "Walk with me", "url": reverse("walk")},
        ],
    }
    response = JsonResponse(told, content_type="application/manifest+json")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_GET
@never_cache
def worker(request):
    """The service worker; another version of any file it keeps makes another worker."""
    offline = reverse("offline")
    files = [static(f"backstride/{name}") for name in FILES]
    files.append(static("django_htmx/htmx-2.min.js"))
    page = render_to_string("offline/offline.html")
    version = hashlib.sha256("\n".join([*files, page]).encode()).hexdigest()[:16]
    context = {"version": version, "files": files, "offline": offline}
    context |= {name: static(f"backstride/{file}.js") for name, file in PARTS.items()}
    context["static"] = settings.STATIC_URL
    context["lets_go"] = [reverse("account_logout"), reverse("language")]
    context["along"] = [reverse(name) for name in ALONG]
    context["along"] += [reverse("help_card", args=[key]) for key in load_cards()]
    return render(request, "offline/sw.js", context, content_type="text/javascript")


@require_GET
def offline(request):
    """What is shown where there is no network and no page is kept."""
    response = render(request, "offline/offline.html")
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
def outbox(request):
    """GET: who is signed in, and a token to send with. POST: one submission.

    200 it is kept (now or before), 400 it can't be, 401 nobody is signed in, 409 someone else
    is, 423 the safety questions come first. All but 200 and 400 leave it waiting.
    """
    user = request.user
    if request.method != "POST":
        who = user.pk if user.is_authenticated else None
        return JsonResponse({"person": who, "token": get_token(request)})
    if not user.is_authenticated:
        return JsonResponse({"next": reverse("account_login")}, status=401)
    form = SubmissionForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"said": "This is no submission."}, status=400)
    data = form.cleaned_data
    if data["person"] != user.pk:
        return JsonResponse({}, status=409)
    if (before := Received.objects.filter(user=user, key=data["key"]).first()) is not None:
        return JsonResponse({"next": before.next})
    gate = standing(user)
    if user.is_clinic_staff or gate.is_locked or gate.why_ask is not None:
        where = "safety_stop" if gate.is_locked else "safety"
        return JsonResponse({"next": reverse(where)}, status=423)
    at = datetime.fromtimestamp(data["at"] / 1000, UTC)
    try:
        kept = services.keep(user, data["key"], data["kind"], request.POST, at)
    except services.Refused as error:
        return JsonResponse({"said": str(error)}, status=400)
    services.say(request, kept)
    return JsonResponse({"next": kept.next})
