"""Keeping what was written without a network: once, for the right person, on its own day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backstride.errors import BackstrideError
from backstride.outcomes import BadEntry
from backstride.web.back import services as back
from backstride.web.back.forms import DayForm, NoteForm
from backstride.web.journal import services as journal
from backstride.web.journal.forms import MedicineForm, PainForm, WalkForm
from backstride.web.journal.models import PainEntry
from backstride.web.offline.forms import PainNewsForm
from backstride.web.offline.models import Received

OLDEST = timedelta(days=30)


class Refused(BackstrideError):
    """A submission that can't be kept, in words for the person who wrote it."""


class Kept(NamedTuple):
    """What was done with a submission: the page that follows, and what to say there."""

    next: str
    said: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


class Kind(NamedTuple):
    """One kind of submission: its form, how it is kept, and what is said of a bad one."""

    form: type[forms.Form]
    keep: Callable[[Any, dict, datetime], Kept]
    expected: str


def keep(user, key: UUID, kind: str, fields: Mapping, at: datetime) -> Kept:
    """Keep a submission that was written at `at`; one that was kept before is left as it is.

    Raises Refused for an unknown kind, for fields that its form doesn't take, and for one
    older than `OLDEST`. A clock that is ahead counts as now.
    """
    now = timezone.now()
    if kind not in KINDS:
        raise Refused(f"This page is too old: “{kind[:40]}” is not known here any more.")
    if at < now - OLDEST:
        raise Refused(f"It was written more than {OLDEST.days} days ago.")
    how = KINDS[kind]
    form = how.form(fields)
    if not form.is_valid():
        raise Refused(how.expected)
    with transaction.atomic():
        mine, is_new = Received.objects.get_or_create(user=user, key=key)
        if not is_new:
            return Kept(mine.next)
        try:
            done = how.keep(user, form.cleaned_data, min(at, now))
        except BadEntry as error:
            raise Refused(how.expected) from error
        mine.next = done.next
        mine.save()
    return done


def _pain(user, data, at) -> Kept:
    entry = journal.log_pain(user, at=at, **data)
    return Kept(reverse("today"), (f"Noted: pain {entry.nprs} of 10.",))


def _walk_pain(user, data, at) -> Kept:
    journal.log_pain(user, moment=PainEntry.Moment.DURING_WALK, at=at, **data)
    return Kept(reverse("today"), (f"Noted: pain {data['nprs']} of 10 on the walk. Well walked.",))


def _walk(user, data, at) -> Kept:
    entry = journal.log_walk(user, data["minutes"], at=at)
    return Kept(reverse("log_walk_pain", args=[entry.pk]))


def _medicine(user, data, at) -> Kept:
    return Kept(reverse("today"), (f"Noted: {journal.log_medicine(user, **data, at=at)}.",))


def _news(user, data, at) -> Kept:
    """News is told to the note it was written for; if that is gone, to the newest."""
    entries, about = user.painentry_set, data.pop("entry")
    if not any(data.values()):
        return Kept(reverse("today"), warned=(_("Tick what is new first. Nothing was noted."),))
    entry = entries.filter(pk=about).first() or entries.first()
    if entry is None:
        raise Refused("There is no pain note that it belongs to. Please note the pain first.")
    journal.add_news(entry, **data)
    return Kept(reverse("today"), ("Noted. Your plan takes it into account.",))


def _day(user, data, at) -> Kept:
    warned = back.answer_of_today(user, data["question"], data["value"], at=at)
    return Kept(f"{reverse('today')}#day", warned=warned)


def _note(user, data, at) -> Kept:
    back.write_note(user, data["text"], at=at)
    return Kept(f"{reverse('back')}#told", ("Your note is kept.",))


A_PAIN = "Pain is a whole number from 0 to 10."
KINDS = {
    "pain": Kind(PainForm, _pain, A_PAIN),
    "walk_pain": Kind(PainForm, _walk_pain, A_PAIN),
    "walk": Kind(WalkForm, _walk, "A walk is from 1 to 600 whole minutes."),
    "medicine": Kind(MedicineForm, _medicine, "A medicine needs its name and how much was taken."),
    "news": Kind(PainNewsForm, _news, "That is no news of a pain note."),
    "day": Kind(DayForm, _day, "This answer isn't one of those that are offered."),
    "note": Kind(NoteForm, _note, "A note is from 1 to 2,000 characters."),
}
