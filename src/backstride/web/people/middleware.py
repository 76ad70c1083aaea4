"""Small rules that hold on every page."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

OPEN_TO_DEMO = {f"/account/{name}/" for name in ("login", "logout", "signup")}


class LocalTime:
    """Shows times in the person's own zone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            with timezone.override(request.user.tz):
                return self.get_response(request)
        return self.get_response(request)


class StaffIdleLimit:
    """Signs a clinic's staff out after a while without use (clinical-facts section 10)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and request.user.is_clinic_staff:
            request.session.set_expiry(settings.STAFF_IDLE_S)
        return self.get_response(request)


class DemoAccount:
    """Keeps demo visitors from giving an account that all of them share a password or e-mail
    address of their own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and request.user.is_demo:
            is_account = request.path.startswith("/account/")
            if is_account and request.path not in OPEN_TO_DEMO:
                raise PermissionDenied
        return self.get_response(request)


class PrivatePages:
    """Keeps a signed-in person's pages out of shared and back-button caches, and has the
    browser let go at sign-out of what it kept for use by itself.

    Its storage stays: there wait the notes that were not sent yet (web/offline).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        if was_signed_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache"'
        return response
