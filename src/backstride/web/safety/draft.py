"""Answers on their way: kept in the session until the screen is finished, and not for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from backstride import screening

KEY = "safety_answers"
KEPT_FOR = timedelta(hours=2)  # what was true this morning may not be so tonight


def begin(request, *, is_short: bool = False, answers: dict | None = None) -> None:
    """Start answering; `answers` are those that needn't be asked again."""
    request.session[KEY] = {
        "begun": timezone.now().isoformat(),
        "version": screening.load().version,
        "is_short": is_short,
        "answers": answers or {},
    }


def of(request) -> dict | None:
    """The draft; None without one, or when it is old, or of other questions, or a screen was
    finished since."""
    draft = request.session.get(KEY)
    if not draft or draft.get("version") != screening.load().version:
        return None
    begun = datetime.fromisoformat(draft["begun"])
    newest = request.user.screens.first()
    is_stale = timezone.now() - begun > KEPT_FOR or (newest and newest.at > begun)
    return None if is_stale else draft


def keep(request, draft: dict) -> None:
    request.session[KEY] = draft


def end(request) -> None:
    request.session.pop(KEY, None)
