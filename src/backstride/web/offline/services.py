"""Keeping what was written without a network: once, for the right person, on its own day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from backstride.outcomes import BadEntry
from backstride.web.offline.kinds import KINDS, Kept, Refused
from backstride.web.offline.models import Received

OLDEST = timedelta(days=30)


def keep(user, key: UUID, kind: str, fields: Mapping, at: datetime) -> Kept:
    """Keep a submission that was written at `at`; one that was kept before is left as it is.

    Raises Refused for an unknown kind, for fields that its form doesn't take, and for one
    older than `OLDEST`. A clock that is ahead counts as now.
    """
    now = timezone.now()
    if kind not in KINDS:
        text = _("This page is too old: “%(kind)s” is not known here any more.")
        raise Refused(text % {"kind": kind[:40]})
    if at < now - OLDEST:
        text = _("It was written more than %(days)s days ago.")
        raise Refused(text % {"days": OLDEST.days})
    with transaction.atomic():
        mine, is_new = Received.objects.get_or_create(user=user, key=key)
        if not is_new:
            return Kept(mine.next)
        done = _keep(user, kind, fields, min(at, now))
        mine.next = done.next
        mine.save()
    return done


def _keep(user, kind: str, fields: Mapping, at: datetime) -> Kept:
    how = KINDS[kind]
    form = how.form(fields)
    if not form.is_valid():
        raise Refused(how.expected)
    try:
        return how.keep(user, form.cleaned_data, at)
    except BadEntry as error:
        raise Refused(how.expected) from error


def say(request, kept: Kept) -> None:
    """Have the next page say what was kept."""
    for text in kept.said:
        messages.success(request, text)
    for text in kept.warned:
        messages.warning(request, text)


def answer(request, kind: str, refused_to: str, fields: Mapping | None = None):
    """The answer to a form that came without a script: the page that follows, or the page
    `refused_to` where it is said why nothing was kept."""
    try:
        kept = _keep(request.user, kind, fields or request.POST, timezone.now())
    except Refused as error:
        messages.error(request, str(error))
        return redirect(refused_to)
    say(request, kept)
    return redirect(kept.next)
