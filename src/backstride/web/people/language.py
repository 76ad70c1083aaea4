"""In which language, and in which unit of distance, the site speaks with whom.

A visitor's language is the browser's, or the one they picked (a cookie). A person's is the one
kept with the account, also in mails and notifications, which are written without a browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backstride import words
from backstride.web.people.models import METRES_A_MILE, Unit

_unit: ContextVar[str] = ContextVar("unit", default=Unit.KM)


class Speak:
    """Has every page speak the person's own language and unit."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        with speaking_with(request.user):
            request.LANGUAGE_CODE = get_language()
            return self.get_response(request)


@contextmanager
def speaking_with(user) -> Iterator[None]:
    """Texts, dates and distances as `user` reads them, for as long as the block lasts."""
    token = _unit.set(user.unit)
    try:
        with translation.override(user.language or get_language() or settings.LANGUAGE_CODE):
            yield
    finally:
        _unit.reset(token)


def distance(metres: float) -> str:
    """A distance on foot, short ones to the nearest ten metres (or yards)."""
    if _unit.get() == Unit.MILES:
        miles = metres / METRES_A_MILE
        return _("%(far)s miles") % {"far": words.number(miles, ".2f" if miles < 1 else ".1f")}
    if metres < 1000:
        return _("%(far)s m") % {"far": words.number(round(metres, -1), ",.0f")}
    return _("%(far)s km") % {"far": words.number(metres / 1000, ".1f")}
