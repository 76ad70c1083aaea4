"""The front door, the demo, and one's own account."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from backstride import __version__
from backstride.web import demo
from backstride.web.imports.tasks import rebuild_days
from backstride.web.people.forms import YouForm
from backstride.web.people.models import has_owner


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


@login_required
def you(request):
    form = YouForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        if "zone" in form.changed_data:
            rebuild_days(request.user.pk)
        messages.success(request, "Saved.")
        return redirect("you")
    return render(request, "people/you.html", {"form": form})


def about(request):
    return render(request, "people/about.html", {"version": __version__})
