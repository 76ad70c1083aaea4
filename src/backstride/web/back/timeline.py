"""All that was told, day by day, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from backstride.web.back.models import MobilityResult, Note, Sheet
from backstride.web.back.services import DAILY
from backstride.web.journal.models import ExerciseDone, MedicineTaken, PainEntry, WalkDone

SPAN_DAYS = 28
MODELS = (PainEntry, WalkDone, MedicineTaken, ExerciseDone, Note, Sheet, MobilityResult)


@dataclass(frozen=True)
class Line:
    """One thing of a day: `kind` names it, `url` leads to more where there is more."""

    kind: str
    text: str
    is_pain: bool = False
    url: str = ""
    warm: str = ""  # what stands out about it
    note: int | None = None  # the note's number, so that it can be removed


@dataclass(frozen=True)
class Told:
    """A span of the timeline: its days with their lines, and the day to go on from."""

    days: list[tuple[date, list[Line]]]
    earlier: date | None


def timeline(user, until: date, days: int = SPAN_DAYS) -> Told:
    """What was told on the `days` days up to `until`, and where the time before begins."""
    first = until - timedelta(days=days - 1)
    found: dict[date, list[Line]] = {}
    for lines in (_pain, _answers, _walks, _medicines, _exercises, _tests, _notes):
        for day, line in lines(user, first, until):
            found.setdefault(day, []).append(line)
    before = [model.objects.filter(user=user, day__lt=first) for model in MODELS]
    newest = [rows.aggregate(day=Max("day"))["day"] for rows in before]
    earlier = max((day for day in newest if day is not None), default=None)
    return Told(sorted(found.items(), reverse=True), earlier)


Lines = Iterator[tuple[date, Line]]


def _together(*parts: str) -> str:
    return pgettext("between parts", ", ").join(str(part) for part in parts)


def _between(rows, first: date, last: date):
    return rows.filter(day__range=(first, last)).order_by("pk")


def _pain(user, first: date, last: date) -> Lines:
    for entry in _between(user.painentry_set, first, last).select_related("where"):
        where = getattr(entry, "where", None)
        text = _("%(nprs)s of 10") % {"nprs": entry.nprs}
        if entry.moment != "now":
            text = _together(text, entry.get_moment_display().lower())
        if where and where.places:
            text = _("%(pain)s: %(places)s") % {"pain": text, "places": where.words}
        yield entry.day, Line(_("Pain"), text, is_pain=True, warm=_together(*entry.news))


def _answers(user, first: date, last: date) -> Lines:
    sheets = user.sheets.exclude(finished_at=None).exclude(instrument="flare")
    days: dict[date, dict[str, str]] = {}
    for sheet in _between(sheets, first, last):
        if sheet.instrument in DAILY:
            days.setdefault(sheet.day, {})[sheet.instrument] = sheet.words
        else:
            title = sheet.form.title
            yield sheet.day, Line(title, sheet.words, url=reverse("back_sheet", args=[sheet.pk]))
    for day, told in days.items():
        names = {"mood": _("mood %(words)s"), "energy": _("energy %(words)s")}
        names["sleep"] = _("sleep %(words)s")
        words = [names[key] % {"words": told[key]} for key in DAILY if key in told]
        yield day, Line(_("That day"), _together(*words))


def _walks(user, first: date, last: date) -> Lines:
    for entry in _between(user.walkdone_set, first, last):
        minutes = ngettext("%(n)s minute", "%(n)s minutes", entry.minutes) % {"n": entry.minutes}
        yield entry.day, Line(_("Walk"), minutes)


def _medicines(user, first: date, last: date) -> Lines:
    rows = _between(user.medicinetaken_set, first, last)
    counts = Counter((entry.day, str(entry)) for entry in rows)
    for (day, name), times in counts.items():
        yield day, Line(_("Medicine"), name if times == 1 else f"{times} × {name}")


def _exercises(user, first: date, last: date) -> Lines:
    rows = list(_between(user.exercisedone_set, first, last))
    for day in sorted({entry.day for entry in rows}):
        names = [str(entry) for entry in rows if entry.day == day]
        yield day, Line(_("Exercises"), pgettext("between parts", "; ").join(names))


def _tests(user, first: date, last: date) -> Lines:
    for result in _between(user.mobility, first, last):
        url = reverse("back_mobility_test", args=[result.test])
        yield result.day, Line(result.title, result.words, url=url)


def _notes(user, first: date, last: date) -> Lines:
    for entry in _between(user.note_set, first, last):
        yield entry.day, Line(_("Note"), entry.text, note=entry.pk)
