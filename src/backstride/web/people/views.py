"""The front door, the demo, and one's own account."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backstride import __version__
from backstride.web import demo
from backstride.web.imports.tasks import rebuild_days
from backstride.web.people.forms import YouForm
from backstride.web.people.models import User, has_owner
from backstride.words import LANGUAGES


def front(request):
    """`/`: today for a walker, requests for staff, the welcome for everyone else."""
    if not request.user.is_authenticated:
        context = {
            "can_sign_up": get_adapter().is_open_for_signup(request),
            "can_open_demo": can_open_demo(),
        }
        return render(request, "people/welcome.html", context)
    if request.user.is_clinic_staff:
        return redirect("inbox")
    from backstride.web.plan.views import today

    return today(request)


def can_open_demo() -> bool:
    """The demo is open until someone owns the installation, or where it was asked for."""
    return settings.DEMO or not has_owner()


@require_POST
def open_demo(request):
    if not can_open_demo():
        raise PermissionDenied
    walker = demo.fill()
    login(request, walker, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("today")


@require_http_methods(["GET", "POST"])
def language(request):
    """The language picked at the foot of a page; kept with the account of who is signed in.

    A visitor's is a cookie and no more, so it needs no token: the pages of help stay the same
    for all, and set nothing before.
    """
    given = request.POST if request.method == "POST" else request.GET
    name = given.get("language", "")
    if name not in LANGUAGES:
        raise BadRequest
    if request.method == "POST" and request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=name)
    back = given.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "today"
    answer = redirect(back)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        name,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return answer


@login_required
def you(request):
    form = YouForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        if "zone" in form.changed_data:
            rebuild_days(request.user.pk)
        messages.success(request, _("Saved."))
        return redirect("you")
    return render(request, "people/you.html", {"form": form})


def about(request):
    return render(request, "people/about.html", {"version": __version__})
