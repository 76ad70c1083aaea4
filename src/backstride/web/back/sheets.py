"""Questionnaires: which are due, filling one in with breaks, and what it came to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backstride import outcomes
from backstride.outcomes import BadEntry
from backstride.outcomes.instrument import Instrument, Missing, Shipping, Urgency
from backstride.outcomes.schedule import MOOD_DAYS
from backstride.web.back.models import Sheet
from backstride.web.back.services import DAILY

# Asked by the clock of their data files. The diary has the pain, so the NPRS isn't asked too.
ASKED = ("peg", "rmdq", "psfs", "phq2", "pgic", "work_days", "yellow_flags")
KEYS = outcomes.keys()
KEPT_FOR = timedelta(hours=24)  # "today" and "last week" mean something else after that [ENG]
ECHO = timedelta(seconds=10)  # a double tap, or an answer that was still on its way at "Done"
NAME_MAX = 60
SCREENED = ("phq2", "phq9")  # a positive first one leads to the second


class OpenQuestions(Exception):
    """A sheet that can't be finished yet; `text` says why, `needs_word` if a word settles it."""

    def __init__(self, text: str, *, needs_word: bool = True):
        super().__init__(text)
        self.text, self.needs_word = text, needs_word


def form_of(key: str) -> Instrument | None:
    """The instrument that may be filled in or entered here, or None."""
    if key not in KEYS or key in (*DAILY, "flare"):
        return None
    form = outcomes.instrument(key)
    return None if form.on_call and not settings.ON_CALL else form


def forms() -> list[Instrument]:
    """Every instrument that may be filled in or entered here, those asked by the clock first."""
    order = {key: n for n, key in enumerate(ASKED)}
    found = [form for key in KEYS if (form := form_of(key)) is not None]
    return sorted(found, key=lambda form: (order.get(form.key, len(order)), form.key))


def is_entered(form: Instrument) -> bool:
    """Whether only the score of it can be entered: its text may not be shown here."""
    return form.shipping is Shipping.SCORE_ENTRY


def is_ticked(form: Instrument) -> bool:
    """Whether it is a list to tick, where an open box counts as 0 once one is done."""
    return form.scoring.missing is Missing.ZERO


def started(user) -> date | None:
    """The day from which "four weeks later" is reckoned: the first planned or the first screen."""
    week = user.weeks.order_by("start").first()
    if week is not None:
        return min(week.start, user.today())
    screen = user.screens.order_by("at").first()
    return screen.at.astimezone(user.tz).date() if screen else None


def due(user) -> list[Instrument]:
    """What is to be filled in now, in the order to ask."""
    first, today = started(user), user.today()
    if first is None:
        return []
    answered: dict[str, list[date]] = {key: [] for key in (*ASKED, *SCREENED)}
    moods: dict[date, int] = {}
    last: dict[str, Sheet] = {}
    for sheet in user.sheets.exclude(finished_at=None).order_by("finished_at"):
        if sheet.instrument == "mood" and sheet.value is not None:
            moods[sheet.day] = int(sheet.value)
        answered.setdefault(sheet.instrument, []).append(sheet.day)
        last[sheet.instrument] = sheet
    keys = set(outcomes.due({key: answered[key] for key in ASKED}, first, today))
    recently = today - timedelta(days=MOOD_DAYS - 1)
    if outcomes.mood_asks_phq2(moods, today) and max(answered["phq2"], default=first) < recently:
        keys.add("phq2")
    if _asks_more(last):
        keys.add(SCREENED[1])
    return [form for form in forms() if form.key in keys]


def _asks_more(last: Mapping[str, Sheet]) -> bool:
    """Whether the last PHQ-2 leads to the PHQ-9, and none was filled in since."""
    short, long = (last.get(key) for key in SCREENED)
    if short is None or not any(action.next for action in found_of(short).actions):
        return False
    return long is None or long.finished_at < short.finished_at


def open_sheet(user, form: Instrument) -> Sheet | None:
    """The sheet that was begun and not finished, if it is young enough to go on with."""
    sheet = user.sheets.filter(instrument=form.key, finished_at=None).first()
    return sheet if sheet and not is_stale(sheet) else None


def is_stale(sheet: Sheet) -> bool:
    return timezone.now() - sheet.begun_at > KEPT_FOR or sheet.version != sheet.form.version


def stale_sheet(user, form: Instrument) -> Sheet | None:
    """One that was begun too long ago to go on with."""
    sheet = user.sheets.filter(instrument=form.key, finished_at=None).first()
    return sheet if sheet and is_stale(sheet) and sheet.answers else None


def scored(user) -> dict[str, list[Sheet]]:
    """The finished questionnaires that have a score, oldest first, by instrument."""
    done = user.sheets.filter(finished_at__isnull=False, value__isnull=False)
    found: dict[str, list[Sheet]] = {}
    for sheet in done.exclude(instrument__in=(*DAILY, "flare")).order_by("finished_at", "id"):
        found.setdefault(sheet.instrument, []).append(sheet)
    return found


def before(sheet: Sheet) -> Sheet | None:
    """The scored sheet of the same instrument that was finished before this one."""
    done = sheet.user.sheets.filter(instrument=sheet.instrument, value__isnull=False)
    return done.filter(finished_at__lt=sheet.finished_at).order_by("-finished_at").first()


def names_of(user, form: Instrument) -> dict[str, str]:
    """What the person called the items last time, where it is they who name them."""
    if not form.own_items:
        return {}
    done = user.sheets.filter(instrument=form.key, finished_at__isnull=False)
    last = done.order_by("-finished_at").first()
    return dict(last.names) if last else {}


def given(form: Instrument, data: Mapping[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    """Answers and names in a posted form. Raises BadEntry for an answer that isn't offered."""
    answers: dict[str, int | str] = {}
    for item in form.item_ids:
        raw = data.get(f"q_{item}", "")
        if raw:
            is_number = raw.removeprefix("-").isdecimal() and len(raw) < 5
            answers[item] = int(raw) if is_number else raw
    outcomes.score(form, answers, finished=False)
    names = {}
    for item in form.item_ids if form.own_items else ():
        if name := " ".join(data.get(f"name_{item}", "").split())[:NAME_MAX]:
            names[item] = name
    return answers, names


def keep(user, form: Instrument, data: Mapping[str, str], at: datetime | None = None) -> Sheet:
    """Keep what is answered so far, now or at `at`; the sheet that was just finished where it
    has it all.

    Raises BadEntry as `given` does.
    """
    at = at or timezone.now()
    answers, names = given(form, data)
    just = _just_finished(user, form, at)
    if just and answers and answers.items() <= just.answers.items():
        return just
    return _stored(user, form, answers, names, at)


def _stored(
    user, form: Instrument, answers: dict[str, int], names: dict[str, str], at: datetime
) -> Sheet:
    """The open sheet with these answers; one that is too old to go on with makes way."""
    day = at.astimezone(user.tz).date()
    kept = {"version": form.version, "answers": answers, "names": names, "day": day}
    with transaction.atomic():
        user.sheets.filter(
            instrument=form.key, finished_at=None, begun_at__lt=at - KEPT_FOR
        ).delete()
        sheet, _ = Sheet.objects.update_or_create(
            user=user,
            instrument=form.key,
            finished_at=None,
            defaults=kept,
            create_defaults={**kept, "begun_at": at},
        )
    return sheet


def _just_finished(user, form: Instrument, at: datetime) -> Sheet | None:
    about = (at - ECHO, at + ECHO)
    done = user.sheets.filter(instrument=form.key, finished_at__range=about)
    return done.order_by("-finished_at").first()


def urgent_of(sheet: Sheet) -> tuple[str, ...]:
    """What can't wait until the sheet is finished."""
    found = outcomes.score(sheet.form, sheet.answers, finished=False)
    crisis = [action for action in found.actions if action.urgency is Urgency.CRISIS]
    return tuple(action.text for action in crisis)


def finish(
    user,
    form: Instrument,
    data: Mapping[str, str],
    *,
    as_it_is: bool,
    at: datetime | None = None,
) -> Sheet:
    """Keep the answers of now, or of `at`, and score them.

    Raises BadEntry as `given` does, OpenQuestions where some are open and the person hasn't
    said that it shall stay so (`as_it_is`). Either way what was given is kept.
    """
    at = at or timezone.now()
    answers, names = given(form, data)
    just = _just_finished(user, form, at)
    if just and (just.answers, just.names) == (answers, names):
        return just
    sheet = _stored(user, form, answers, names, at)
    if form.own_items:
        _named(sheet)
    found = outcomes.score(form, sheet.answers)
    if found.missing and not as_it_is:
        count = len(found.missing)
        if found.value is None:
            text = ngettext(
                "%(n)s question is still open. You may leave it so. Then there is no score.",
                "%(n)s questions are still open. You may leave it so. Then there is no score.",
                count,
            )
        else:
            text = ngettext(
                "%(n)s question is still open. You may leave it so. The score is filled in.",
                "%(n)s questions are still open. You may leave it so. The score is filled in.",
                count,
            )
        raise OpenQuestions(text % {"n": count})
    sheet.value, sheet.finished_at = found.value, at
    sheet.save()
    return sheet


def _named(sheet: Sheet) -> None:
    least = sheet.form.scoring.min_answered
    if set(sheet.answers) != set(sheet.names):
        raise OpenQuestions(_("Each activity needs its name and a number."), needs_word=False)
    if len(sheet.answers) < least:
        text = _("Name at least %(least)s activities.") % {"least": least}
        raise OpenQuestions(text, needs_word=False)


def given_score(form: Instrument, data: Mapping[str, str]) -> tuple[float, dict[str, float]]:
    """The total and its parts in a posted form. Raises BadEntry for what is no number."""
    parts = {
        part.key: _number(raw)
        for part in form.subscales
        if (raw := data.get(f"part_{part.key}", "").strip())
    }
    return _number(data.get("total", "")), parts


def _number(raw: str) -> float:
    try:
        value = float(raw.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadEntry(_("Please enter the score as a number."))
    return value


def enter(
    user,
    form: Instrument,
    total: float,
    parts: Mapping[str, float],
    at: datetime | None = None,
) -> Sheet:
    """Keep a score that was worked out elsewhere. Raises BadEntry for one that can't be."""
    found = outcomes.score_total(form, total, parts)
    now = at or timezone.now()
    return Sheet.objects.create(
        user=user,
        instrument=form.key,
        version=form.version,
        begun_at=now,
        finished_at=now,
        day=now.astimezone(user.tz).date(),
        parts=dict(parts),
        value=found.value,
    )


def found_of(sheet: Sheet) -> outcomes.Score:
    """What a finished sheet came to, by today's data file."""
    if sheet.answers or sheet.value is None or is_ticked(sheet.form):
        return outcomes.score(sheet.form, sheet.answers)
    return outcomes.score_total(sheet.form, sheet.value, sheet.parts)


@dataclass(frozen=True)
class Result:
    """A finished sheet in words: what can't wait, the score with its band, and the change
    since the last time. `noise` is a short word for the change, or empty."""

    urgent: tuple[str, ...]
    told: tuple[str, ...]
    before: Sheet | None
    change: tuple[str, ...]
    noise: str


def result_of(sheet: Sheet, before: Sheet | None) -> Result:
    """What a finished sheet came to, beside the scored one before it."""
    form, found = sheet.form, found_of(sheet)
    lines = outcomes.told(found, form)
    count = sum(a.urgency in (Urgency.CRISIS, Urgency.TODAY) for a in found.actions)
    urgent, told = lines[:count], lines[count:]
    if before is None or sheet.value is None:
        return Result(urgent, told, None, (), "")
    if form.own_items and before.names != sheet.names:
        text = _("You named other activities than last time, so the two scores can't be compared.")
        return Result(urgent, told, before, (text,), "")
    turn = outcomes.change(form, before.value, sheet.value)
    noise = {None: "", False: _("within the noise"), True: _("more than noise")}
    short = noise[turn.is_beyond_error] if turn.difference else _("no change")
    return Result(urgent, told, before, turn.words, short)


def latest(user) -> list[tuple[Instrument, Sheet, Result]]:
    """The newest score of each questionnaire, those asked by the clock first."""
    known = scored(user)
    found = []
    for form in forms():
        if sheets := known.get(form.key):
            earlier = sheets[-2] if len(sheets) > 1 else None
            found.append((form, sheets[-1], result_of(sheets[-1], earlier)))
    return found
