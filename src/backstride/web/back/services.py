"""Where it hurts, the day's questions, flares and notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _

from backstride import outcomes
from backstride.records import Reason
from backstride.web.back.models import EpisodeTold, Note, PainPlaces, Sheet
from backstride.web.journal import services as journal
from backstride.web.journal.models import PainEntry
from backstride.web.plan.services import person_of
from backstride.words import say

DAILY = ("mood", "energy", "sleep")  # one tap a day each
RECENT_DAYS = 28
LATEST_FLARES = 6


def log_where(
    user, places: Sequence[str], nprs: int | None, at: datetime | None = None
) -> PainEntry | None:
    """Note where it hurts, with new pain of `nprs` or, without, with the last note of the day;
    of today, or of the day of `at`.

    None where there is neither. Raises ValueError for a place that the map doesn't have.
    """
    known = outcomes.body().places
    if unknown := set(places) - set(known):
        raise ValueError(f"the map has no {sorted(unknown)[0][:40]!r}")
    if nprs is not None:
        entry = journal.log_pain(user, nprs, at=at)
    else:
        day = at.astimezone(user.tz).date() if at else user.today()
        entry = user.painentry_set.filter(day=day).first()
    if entry is not None:
        chosen = [key for key in known if key in set(places)]
        PainPlaces.objects.update_or_create(entry=entry, defaults={"places": chosen})
    return entry


def places_last_told(user) -> PainPlaces | None:
    """The latest places of the last weeks: most pain is where it was, so the map shows them."""
    since = user.today() - timedelta(days=RECENT_DAYS - 1)
    told = PainPlaces.objects.filter(entry__user=user, entry__day__gte=since)
    return told.select_related("entry").order_by("-entry__at").first()


def usual_places(user) -> tuple[int, list[tuple[str, int]]]:
    """How many notes of the last weeks say where, and how many of them name each place."""
    since = user.today() - timedelta(days=RECENT_DAYS - 1)
    told = PainPlaces.objects.filter(entry__user=user, entry__day__gte=since)
    rows = [places for places in told.values_list("places", flat=True) if places]
    counts = Counter(place for places in rows for place in places)
    names = outcomes.body().places
    return len(rows), [(names[k].name, n) for k, n in counts.most_common(5) if k in names]


@dataclass(frozen=True)
class DayQuestion:
    """One of the day's questions, and today's answer or None."""

    form: outcomes.Instrument
    value: int | None
    words: str

    @property
    def key(self) -> str:
        return self.form.key

    @property
    def title(self) -> str:
        return self.form.title

    @property
    def text(self) -> str:
        return self.form.items[0].text

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The answers with their words, worst first."""
        if self.form.options:
            return [(o.value, o.text) for o in self.form.options]
        answers = self.form.answers
        ends = {
            answers.low: answers.low_text,
            answers.high: answers.high_text,
        }
        plain, at_an_end = _("%(n)s out of %(most)s"), _("%(n)s out of %(most)s, %(words)s")
        return [
            (
                n,
                (at_an_end if n in ends else plain)
                % {"n": n, "most": answers.high, "words": ends.get(n)},
            )
            for n in range(answers.low, answers.high + 1)
        ]


def questions_of_today(user) -> list[DayQuestion]:
    """Mood, energy and sleep with what was told today."""
    told = {s.instrument: s for s in user.sheets.filter(day=user.today(), instrument__in=DAILY)}
    found = []
    for key in DAILY:
        sheet = told.get(key)
        value = int(sheet.value) if sheet and sheet.value is not None else None
        words = sheet.words if sheet else ""
        found.append(DayQuestion(outcomes.instrument(key), value, words))
    return found


def answer_of_today(user, key: str, value: int, at: datetime | None = None) -> tuple[str, ...]:
    """Keep the answer to one of the day's questions, today's or of the day of `at`; the one
    that was given last counts, in whatever order they arrive.

    Returns what must be said to it. Raises BadEntry for one that isn't offered.
    """
    form = outcomes.instrument(key)
    answers = {form.item_ids[0]: value}
    found = outcomes.score(form, answers)
    now = at or timezone.now()
    day = now.astimezone(user.tz).date()
    kept = {"answers": answers, "value": found.value, "finished_at": now, "version": form.version}
    sheets = user.sheets.filter(instrument=key, day=day)
    if not sheets.exists():
        Sheet.objects.create(user=user, instrument=key, day=day, begun_at=now, **kept)
    sheets.filter(finished_at__lte=now).update(**kept)
    return help_of(found)


def help_of(found: outcomes.Score) -> tuple[str, ...]:
    """The words of what follows from an answer, most urgent first."""
    return tuple(action.text for action in found.actions)


def ask_flare(user, pain: pl.DataFrame) -> Reason | None:
    """Why to ask whether this is a flare; None as well after a "no" of these days."""
    today = user.today()
    days = outcomes.episode_rules()["ask"]["rise_window_days"]
    since = today - timedelta(days=days - 1)
    if user.sheets.filter(instrument="flare", day__gte=since, value=0).exists():
        return None
    return outcomes.ask_about_flare(pain, today)


def answer_flare(user, *, is_flare: bool, at: datetime | None = None) -> None:
    """Keep the answer, of now or of `at`; a "yes" marks the last pain note before it, so that
    the plan eases."""
    form = outcomes.instrument("flare")
    now, value = at or timezone.now(), int(is_flare)
    Sheet.objects.create(
        user=user,
        instrument="flare",
        version=form.version,
        begun_at=now,
        finished_at=now,
        day=now.astimezone(user.tz).date(),
        answers={form.item_ids[0]: value},
        value=value,
    )
    entry = user.painentry_set.filter(at__lte=now).first()
    if is_flare and entry is not None:
        journal.add_news(entry, is_flare=True)


@dataclass(frozen=True)
class Back:
    """A time when the pain came back, with what was said about it."""

    start: date
    free_days: int
    told: EpisodeTold | None
    text: str


def came_back(user, pain: pl.DataFrame) -> list[Back]:
    """Every time pain came back after a month without, newest first."""
    told = {row.start: row for row in user.episodes.all()}
    found = []
    for one in outcomes.recurrences(pain, user.today()):
        answer = told.get(one.start)
        level = outcomes.level_of(
            limited=bool(answer and answer.limited),
            sought_care=bool(answer and answer.sought_care),
        )
        found.append(Back(one.start, one.free_days, answer, _level_words(level)))
    return found[::-1]


def _level_words(level: outcomes.Level) -> str:
    levels = outcomes.episode_rules()["level"]
    return next(say(entry["text"]) for entry in levels if entry["key"] == level)


def level_questions() -> dict[str, str]:
    """What to ask about a time when the pain came back: answer's name -> question."""
    asked = {e["key"]: say(e["question"]) for e in outcomes.episode_rules()["level"][1:]}
    return {"limited": asked["activity_limiting"], "sought_care": asked["care_seeking"]}


def tell_episode(user, start: date, *, limited: bool, sought_care: bool) -> EpisodeTold:
    told = {"limited": limited, "sought_care": sought_care}
    row, _ = EpisodeTold.objects.update_or_create(user=user, start=start, defaults=told)
    return row


def flares(user, pain: pl.DataFrame) -> list[tuple[date, date, int]]:
    """The last flares, newest first: first and last noted day, and days from one to the other."""
    found = outcomes.flare_episodes(pain, user.today())[::-1][:LATEST_FLARES]
    return [(first, last, (last - first).days + 1) for first, last in found]


@dataclass(frozen=True)
class Medicine:
    """Days with a medicine of the last 7, how that changed, and what to mind."""

    days: int
    words: str
    cautions: tuple[outcomes.Caution, ...]


def medicine_of(user) -> Medicine | None:
    """None where no medicine was ever noted: that is unknown, not 0."""
    doses, today = journal.doses_frame(user), user.today()
    days = outcomes.medicine_days(doses, today)
    if days is None:
        return None
    minded = outcomes.cautions(doses, today, age=person_of(user).age)
    return Medicine(days[0], outcomes.trend_words(days[1], days[0]), minded)


def write_note(user, text: str, at: datetime | None = None) -> Note:
    at = at or timezone.now()
    note = Note(user=user, at=at, day=at.astimezone(user.tz).date(), text=text.strip())
    note.full_clean()
    note.save()
    return note
