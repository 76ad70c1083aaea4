"""The kinds of notes: the form of each, how it is kept, and what is said then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstride.errors import BackstrideError
from backstride.outcomes import BadEntry
from backstride.web.back import mobility, sheets
from backstride.web.back import services as back
from backstride.web.back.forms import DayForm, EpisodeForm, FlareForm, NoteForm, WhereForm
from backstride.web.help.services import note_flare
from backstride.web.journal import services as journal
from backstride.web.journal.forms import ExerciseForm, MedicineForm, PainForm, WalkForm
from backstride.web.journal.models import PainEntry
from backstride.web.offline.forms import GivenForm, PainNewsForm, SheetForm


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


def _pain(user, data, at) -> Kept:
    entry = journal.log_pain(user, at=at, **data)
    return Kept(reverse("today"), (_("Noted: %(what)s.") % {"what": entry},))


def _walk_pain(user, data, at) -> Kept:
    entry = journal.log_pain(user, moment=PainEntry.Moment.DURING_WALK, at=at, **data)
    text = _("Noted: %(what)s on the walk. Well walked.") % {"what": entry}
    return Kept(reverse("today"), (text,))


def _walk(user, data, at) -> Kept:
    entry = journal.log_walk(user, data["minutes"], at=at)
    return Kept(reverse("log_walk_pain", args=[entry.pk]))


def _medicine(user, data, at) -> Kept:
    entry = journal.log_medicine(user, **data, at=at)
    return Kept(reverse("today"), (_("Noted: %(what)s.") % {"what": entry},))


def _exercise(user, data, at) -> Kept:
    entry = journal.log_exercise(user, **data, at=at)
    page = f"{reverse('routine')}#{entry.exercise}"
    if entry.hurt:
        text = _("Noted: %(exercise)s hurt. Leave it for today; next week asks less of it.")
        return Kept(page, warned=(text % {"exercise": entry.name},))
    return Kept(page, (_("Noted: %(what)s.") % {"what": entry.name},))


def _news(user, data, at) -> Kept:
    """News is told to the note it was written for; if that is gone, to the newest."""
    entries, about = user.painentry_set, data.pop("entry")
    if not any(data.values()):
        return Kept(reverse("today"), warned=(_("Tick what is new first. Nothing was noted."),))
    entry = entries.filter(pk=about).first() or entries.first()
    if entry is None:
        raise Refused(_("There is no pain note that it belongs to. Please note the pain first."))
    journal.add_news(entry, **data)
    return Kept(reverse("today"), (_("Noted. Your plan takes it into account."),))


def _flare_note(user, data, at) -> Kept:
    """On to Today by way of the safety questions, which come again after a flare."""
    entry = note_flare(user, data["nprs"], at=at)
    text = _("Noted: a flare-up, %(what)s. Your plan takes it into account.")
    return Kept(reverse("today"), (text % {"what": entry},))


def _where(user, data, at) -> Kept:
    entry = back.log_where(user, **data, at=at)
    if entry is None:
        raise Refused(_("Please tap a number, too: how is the pain right now?"))
    said = {"what": entry, "places": entry.where.words}
    text = _("Noted: %(what)s, %(places)s.") if said["places"] else _("Noted: %(what)s.")
    return Kept(reverse("back"), (text % said,))


def _flare(user, data, at) -> Kept:
    back.answer_flare(user, is_flare=data["flare"] == "yes", at=at)
    return Kept(reverse("back"), (_("Noted. Your plan takes it into account."),))


def _episode(user, data, at) -> Kept:
    start = data.pop("start")
    if start not in {one.start for one in back.came_back(user, journal.pain_frame(user))}:
        raise Refused(_("The pain notes it was about are not there any more."))
    back.tell_episode(user, start, **data)
    return Kept(f"{reverse('back')}#episodes", (_("Noted."),))


def _day(user, data, at) -> Kept:
    warned = back.answer_of_today(user, data["question"], data["value"], at=at)
    return Kept(f"{reverse('today')}#day", warned=warned)


def _note(user, data, at) -> Kept:
    back.write_note(user, data["text"], at=at)
    return Kept(f"{reverse('back')}#told", (_("Your note is kept."),))


def _sheet(user, data, at) -> Kept:
    """A questionnaire: what is answered so far, or all of it once it is said to be done."""
    form = _form(data["about"])
    if sheets.is_entered(form):
        raise Refused(_("This form takes a score, no answers."))
    title, given = str(form.title), data["given"]
    if not (data["done"] or data["as_it_is"]):
        sheets.keep(user, form, given, at=at)
        said = (_("Kept. You can go on where you stopped."),) if data["later"] else ()
        return Kept(reverse("back"), said)
    try:
        done = sheets.finish(user, form, given, as_it_is=data["as_it_is"], at=at)
    except sheets.OpenQuestions as still:
        page = reverse("back_form", args=[form.key])
        return Kept(f"{page}?open=yes", warned=(f"{title}: {still.text}",))
    said = _("Your answers are kept: %(form)s.") % {"form": title}
    urgent = sheets.result_of(done, None).urgent
    return Kept(reverse("back_sheet", args=[done.pk]), (said,), urgent)


def _score(user, data, at) -> Kept:
    """A score that was worked out elsewhere."""
    form = _form(data["about"])
    if not sheets.is_entered(form):
        raise Refused(_("This form takes answers, no score."))
    try:
        done = sheets.enter(user, form, *sheets.given_score(form, data["given"]), at=at)
    except BadEntry as error:
        raise Refused(str(error)) from error
    return Kept(reverse("back_sheet", args=[done.pk]))


def _form(key: str):
    form = sheets.form_of(key)
    if form is None:
        raise Refused(_("This form is not asked any more."))
    return form


def _mobility(user, data, at) -> Kept:
    test = mobility.test_at_home(data["about"])
    if test is None:
        raise Refused(_("This test is not asked any more."))
    try:
        mobility.note(user, test, data["given"], at=at)
    except BadEntry as error:
        raise Refused(str(error)) from error
    return Kept(reverse("back_mobility_test", args=[test.key]), (_("Noted."),))


A_PAIN = gettext_lazy("Pain is a whole number from 0 to 10. Nothing was noted.")
AN_ANSWER = gettext_lazy("This answer isn't one of those that are offered.")
A_WALK = gettext_lazy("A walk is from 1 to 600 whole minutes. Nothing was noted.")
A_MEDICINE = gettext_lazy("A medicine needs its name and how much was taken. Nothing was noted.")
AN_EXERCISE = gettext_lazy("An exercise needs its name and how it went. Nothing was noted.")
A_PLACE = gettext_lazy("Tap places on the map, then a number from 0 to 10.")
A_NEWS = gettext_lazy("That is no news of a pain note.")
A_NOTE = gettext_lazy("A note is from 1 to 2,000 characters. Nothing was kept.")
KINDS = {
    "pain": Kind(PainForm, _pain, A_PAIN),
    "walk_pain": Kind(PainForm, _walk_pain, A_PAIN),
    "walk": Kind(WalkForm, _walk, A_WALK),
    "medicine": Kind(MedicineForm, _medicine, A_MEDICINE),
    "exercise": Kind(ExerciseForm, _exercise, AN_EXERCISE),
    "news": Kind(PainNewsForm, _news, A_NEWS),
    "flare_note": Kind(PainForm, _flare_note, A_PAIN),
    "where": Kind(WhereForm, _where, A_PLACE),
    "flare": Kind(FlareForm, _flare, AN_ANSWER),
    "episode": Kind(EpisodeForm, _episode, AN_ANSWER),
    "day": Kind(DayForm, _day, AN_ANSWER),
    "note": Kind(NoteForm, _note, A_NOTE),
    "sheet": Kind(SheetForm, _sheet, AN_ANSWER),
    "score": Kind(GivenForm, _score, AN_ANSWER),
    "mobility": Kind(GivenForm, _mobility, AN_ANSWER),
}
