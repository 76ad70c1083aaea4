"""The room "Data": bring files, see them being read and what was in them."""

from __future__ import annotations

from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from backstride import words
from backstride.errors import BackstrideError
from backstride.web.imports import devices, services, sources, store, tasks
from backstride.web.imports.forms import UploadForm, UsualForm
from backstride.web.imports.frames import usual_of
from backstride.web.imports.handlers import HashingUploadHandler
from backstride.web.imports.models import Upload
from backstride.web.imports.report import for_page
from backstride.web.safety.gate import walker_view

FORM_BYTES = 1 << 20  # what a form's own fields and boundaries may add to its files
SHOWN = 20  # uploads on the page at first


@csrf_exempt  # checked in `_bring`, once it is clear whose request it is and how large
@walker_view
@require_http_methods(["GET", "HEAD", "POST"])
def data(request):
    """The room; a POST brings files."""
    if request.method == "POST":
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.MAX_UPLOAD_BYTES + FORM_BYTES:
            return _refused_whole(request, store.too_large(_("What you sent")), 413)
        request.upload_handlers = [HashingUploadHandler(request)]
        try:
            return _bring(request)
        except store.TooLarge as error:
            return _refused_whole(request, error, 413)
        except store.DiskFull as error:
            return _refused_whole(request, error, 507)
    return _room(request, UploadForm(), UsualForm(initial=_usual_initial(request.user)))


@csrf_protect
def _bring(request):
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _room(request, form, UsualForm(initial=_usual_initial(request.user)), status=400)
    for file in form.cleaned_data["files"]:
        _take(request, file, form.cleaned_data["placement"])
    # The script that shows the sending opens the page itself; a page that it followed a
    # redirect to would use up the messages before anyone saw them.
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(status=204)
    return redirect("data")


def _take(request, file: UploadedFile, placement) -> None:
    """Receive one file, put it in the queue, and say what happened."""
    try:
        upload, created = services.receive(request.user, file, file.name, placement)
    except BackstrideError as error:
        messages.error(request, str(error))
        return
    if upload.state == Upload.State.QUEUED:
        tasks.read_upload(upload.pk)
    if created:
        return
    when = words.day(timezone.localtime(upload.brought_at), "d MMMM y, HH:mm")
    text = _("You brought %(name)s already, on %(when)s. Nothing was added twice.")
    if upload.state == Upload.State.QUEUED:
        text = _(
            "You brought %(name)s already, on %(when)s. Nothing was added twice. "
            "It is being read again."
        )
    messages.info(request, text % {"name": upload.name, "when": when})


def _refused_whole(request, error: BackstrideError, status: int):
    return render(request, "imports/refused.html", {"error": error}, status=status)


def _room(request, form, usual_form, status: int = 200):
    uploads = request.user.uploads.all()
    shown = uploads if "all" in request.GET else uploads[:SHOWN]
    context = {
        "form": form,
        "usual_form": usual_form,
        "uploads": shown,
        "older": uploads.count() - len(shown),
        "largest": filesizeformat(settings.MAX_UPLOAD_BYTES),
        "how": sources.for_page(request.headers.get("User-Agent", "")),
        **_so_far(request.user),
        **_devices(request.user, request.GET.get("focus", "")),
    }
    return render(request, "imports/data.html", context, status=status)


def _so_far(user):
    span = user.days.aggregate(day_count=Count("id"), first=Min("date"), last=Max("date"))
    return {**span, "usual": usual_of(user)}


def _devices(user, focus: str = ""):
    """What the list of devices shows; `focus` is the id of what has the keyboard's focus."""
    own = devices.has_own_order(user)
    return {"devices": devices.devices_of(user), "has_own_order": own, "focus": focus}


def _usual_initial(user):
    known = usual_of(user)
    return {"minutes": known.minutes, "days_per_week": known.days_per_week} if known else {}


@walker_view
@require_POST
def usual(request):
    """“I usually walk N minutes on M days.”"""
    form = UsualForm(request.POST)
    if not form.is_valid():
        return _room(request, UploadForm(), form, status=400)
    said = services.say_usual(request.user, **form.cleaned_data)
    text = _("Noted: you usually walk %(usual)s a week.")
    messages.success(request, text % {"usual": said})
    return redirect("data")


@walker_view
@require_POST
def move_source(request):
    """One device up or down."""
    name, up = request.POST.get("source", ""), request.POST.get("move") == "up"
    place = devices.move(request.user, name, up=up)
    found = devices.devices_of(request.user)
    if place is None:
        return _ordered(request, _("The order is as it was."), "devices-title")
    tasks.rebuild_days(request.user.pk)
    # The button that was pressed keeps the focus, unless it has nowhere further to go.
    ends_up, ends_down = place == 0, place == len(found) - 1
    moved = found[place]
    focus = moved.down_id if ends_up or not (up or ends_down) else moved.up_id
    said = _("%(name)s is now number %(place)s of %(all)s. Your days follow in a moment.")
    about = {"name": name, "place": place + 1, "all": len(found)}
    return _ordered(request, said % about, focus)


@walker_view
@require_POST
def usual_order(request):
    """Forget the walker's own order."""
    devices.put_in_order(request.user, [])
    tasks.rebuild_days(request.user.pk)
    said = _("Your devices are in the usual order again. Your days follow in a moment.")
    return _ordered(request, said, "devices-title")


def _ordered(request, said: str, focus: str):
    if request.htmx:
        context = {"said": said, **_devices(request.user, focus)}
        return render(request, "imports/moved.html", context)
    messages.success(request, said)
    return redirect(f"{reverse('data')}?{urlencode({'focus': focus})}")


@walker_view
@require_GET
def upload(request, upload_id: int):
    """What was found in one file."""
    found = get_object_or_404(request.user.uploads, pk=upload_id)
    context = {"upload": found, "whole": True, **for_page(found.report)}
    return render(request, "imports/upload.html", context)


def _fragment(view):
    """A part that a page asks for: where it would be led elsewhere, the whole page is."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        is_led_away = 300 <= response.status_code < 400
        return HttpResponseClientRefresh() if request.htmx and is_led_away else response

    return guarded


@_fragment
@walker_view
@require_GET
def status(request, upload_id: int):
    """How far reading is; asked for each second while it runs."""
    found = request.user.uploads.filter(pk=upload_id).first()
    if found is None:  # taken away on another page
        return HttpResponse(status=404)
    whole = "whole" in request.GET
    if whole and found.is_finished:
        return HttpResponseClientRefresh()
    context = {"upload": found, "whole": whole, "polled": True, "heard": request.GET.get("heard")}
    if found.is_finished:
        context |= _so_far(request.user) | _devices(request.user)
    return render(request, "imports/polled.html", context)


@walker_view
@require_POST
def delete(request, upload_id: int):
    found = get_object_or_404(request.user.uploads, pk=upload_id)
    services.delete(found)
    text = _("%(name)s was taken away, and its steps with it.")
    messages.success(request, text % {"name": found.name})
    return redirect("data")
