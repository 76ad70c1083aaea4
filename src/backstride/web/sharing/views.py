"""The walker's page "Sharing", and what those they share with see."""

from __future__ import annotations

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backstride.web import pictures
from backstride.web.clinic.services import clinics_for
from backstride.web.people.models import User
from backstride.web.safety.gate import right_view
from backstride.web.sharing import live, services
from backstride.web.sharing.forms import FORMS
from backstride.web.sharing.models import Consent

SHOWN_ENDED, SHOWN_LOOKS = 20, 50
OPENED = "shared_opened"  # the cookie of someone who pressed "Open", no secret
Kind = Consent.Kind


@right_view
@require_GET
def sharing(request):
    """All in one place: who sees what now, what was sent, what others share, who looked."""
    walker = request.user
    given = list(walker.consents.select_related("clinic", "walker"))
    looks = walker.audit_entries.select_related("actor", "consent__clinic")
    last = _last_looks(walker)
    context = {
        "active": [_row(one, last) for one in given if one.is_active],
        "ended": [_row(one, last) for one in given if not one.is_active][:SHOWN_ENDED],
        "sent": walker.appointment_requests.filter(taken_back_at=None).select_related("clinic"),
        "received": services.of_person(walker),
        "looks": [(one, _parts(one.consent)) for one in looks[:SHOWN_LOOKS]],
        "has_clinic": clinics_for(walker).exists(),
    }
    return render(request, "sharing/sharing.html", context)


def _last_looks(walker: User) -> dict[int, object]:
    looks = walker.audit_entries.exclude(consent=None).order_by("at")
    return dict(looks.values_list("consent", "at"))


def _row(consent: Consent, last: dict) -> dict:
    return {"consent": consent, "parts": _parts(consent), "seen_at": last.get(consent.pk)}


def _parts(consent: Consent | None) -> str:
    return " · ".join(services.part_names(consent)) if consent else ""


@right_view
@require_http_methods(["GET", "POST"])
def give(request, kind: str):
    """Give a consent of this kind; with `again` a new one in the place of an earlier one."""
    if kind not in Kind:
        raise Http404
    earlier = _earlier(request, kind)
    form = FORMS[Kind(kind)](request.POST or None, walker=request.user, earlier=earlier)
    if kind == Kind.CLINIC:
        if not clinics_for(request.user).exists():
            return redirect("sharing")
        if asked := request.GET.get("clinic"):
            form.initial["clinic"] = asked
    if request.method == "POST" and form.is_valid():
        receiver = form.receiver()
        consent, token = services.give(
            request.user, kind, form.terms(), instead_of=earlier, **receiver
        )
        if not token:
            messages.success(
                request, _("%s can look now. You can end it here at any time.") % consent.receiver
            )
            return redirect("sharing")
        url = request.build_absolute_uri(reverse("sharing_link", args=[token]))
        return render(request, "sharing/link.html", {"consent": consent, "url": url})
    context = {"form": form, "kind": Kind(kind), "earlier": earlier}
    context["shown_name"] = name_for(request.user, kind)
    return render(request, "sharing/give.html", context, status=400 if form.is_bound else 200)


def _earlier(request, kind: str) -> Consent | None:
    pk = request.POST.get("again") or request.GET.get("again")
    if not pk:
        return None
    if not pk.isdecimal():
        raise Http404
    return get_object_or_404(request.user.consents, pk=pk, kind=kind)


@right_view
@require_POST
def end(request, pk: int):
    """One tap ends it: whoever looks next finds nothing."""
    consent = get_object_or_404(request.user.consents.select_related("clinic"), pk=pk)
    if services.end(request.user.consents.filter(pk=pk)):
        messages.success(request, _("Ended. %s sees nothing any more.") % consent.receiver)
    return redirect("sharing")


def name_for(walker: User, kind: str) -> str:
    """The walker's name as they told it; without one their e-mail, but to nobody with a link."""
    return walker.get_full_name() or ("" if kind == Kind.LINK else walker.email)


def account_view(view):
    """For accounts that a consent was given to, and the walker's own look at what they see."""

    @wraps(view)
    @login_required
    @require_GET
    def guarded(request, pk: int, **kwargs):
        consent = services.seen_by(request.user, pk)
        if consent is None:
            raise Http404
        return view(request, consent, **kwargs)

    return guarded


@account_view
def seen(request, consent: Consent):
    is_own = request.user == consent.walker
    if not is_own:
        services.note_look(consent, request.user)
    at_clinic = consent.clinic and request.user.is_clinic_staff
    mine = consent.clinic.requests.filter(walker=consent.walker) if at_clinic else []
    return _page(request, consent, "sharing_picture", consent.pk, is_own=is_own, requests=mine)


@account_view
def picture(request, consent: Consent, key: str, theme: str, width: int):
    if request.user != consent.walker:
        services.note_picture(consent, request.user, key)
    return _picture(request, consent, key, theme, width)


def link_view(view):
    """For whoever has the link. It is kept out of caches and search engines; the site's
    Referrer-Policy keeps it from other sites.

    Programs that fetch a link to preview it get no further than the door: the page opens once
    its button was pressed.
    """

    @wraps(view)
    def guarded(request, token: str, **kwargs):
        consent = services.by_token(token)
        if consent is None:
            raise Http404
        if request.COOKIES.get(OPENED) == str(consent.pk):
            response = view(request, consent, token, **kwargs)
        else:
            response = _door(request, consent, token)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def _door(request, consent: Consent, token: str) -> HttpResponse:
    path = reverse("sharing_link", args=[token])
    if request.method != "POST":
        return render(request, "sharing/door.html", {"path": path})
    response = redirect(path)
    response.set_cookie(
        OPENED, str(consent.pk), path=path, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
    return response


@require_http_methods(["GET", "POST"])
@link_view
def link(request, consent: Consent, token: str):
    services.note_look(consent, None)
    return _page(request, consent, "sharing_link_picture", token)


@require_GET
@link_view
def link_picture(request, consent: Consent, token: str, key: str, theme: str, width: int):
    services.note_picture(consent, None, key)
    return _picture(request, consent, key, theme, width)


def _page(request, consent: Consent, picture_name: str, who: int | str, **more) -> HttpResponse:
    span = live.span_seen(consent, request.GET.get("span", "quarter"))
    query = f"?span={span.key}"
    shown = [(key, live.picture_seen(consent, key, span)) for key in live.picture_keys(consent)]
    drawn = [(one, pictures.sources(one, picture_name, query, str(who), key)) for key, one in shown]
    context = {
        "consent": consent,
        "part_names": _parts(consent),
        "name": name_for(consent.walker, consent.kind),
        "span": span,
        "spans": live.spans_offered(consent),
        "drawn": drawn,
        "parts": list(live.parts_seen(consent, span)),
        **more,
    }
    return render(request, "sharing/seen.html", context)


def _picture(request, consent: Consent, key: str, theme: str, width: int) -> HttpResponse:
    if key not in live.picture_keys(consent):
        raise Http404
    span = live.span_seen(consent, request.GET.get("span", "quarter"))
    return pictures.answer(live.picture_seen(consent, key, span), theme, width)
