"""Who may sign up: the first person owns the installation; others where it is open."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language

from backstride.web.people.models import User, check_zone, has_owner


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return settings.OPEN_SIGNUP or not has_owner()

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("you")

    def save_user(self, request, user, form, commit=True):
        user = super().save_user(request, user, form, commit=False)
        user.zone = _zone(request.POST.get("zone", ""))
        user.language = get_language()
        if commit:
            with transaction.atomic():
                user.is_owner = not User.objects.filter(is_owner=True).exists()
                user.save()
        return user


def _zone(name: str) -> str:
    """The browser's time zone where it told a valid one, else the installation's."""
    try:
        check_zone(name)
    except ValidationError:
        return settings.TIME_ZONE
    return name
