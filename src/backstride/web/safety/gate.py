"""The gate every room of a walker stands behind: no walking past an unanswered or positive
red flag (design: safety first)."""

from __future__ import annotations

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect

from backstride.web.safety.services import standing


def right_view(view):
    """Signed in and a walker: for what is theirs by right, whatever the screen says."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if request.user.is_clinic_staff:
            return redirect("inbox")
        return view(request, *args, **kwargs)

    return guarded


def walker_view(view):
    """Signed in, a walker, and cleared by the safety screen; else led to where that is mended.

    The view finds what the screen came to as `request.standing`.
    """

    @wraps(view)
    @right_view
    def gated(request, *args, **kwargs):
        request.standing = standing(request.user)
        if request.standing.is_locked:
            return redirect("safety_stop")
        if request.standing.why_ask is not None:
            return redirect("safety")
        return view(request, *args, **kwargs)

    return gated
