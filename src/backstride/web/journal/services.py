"""Writing the diary, and giving it out as tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from backstride.records import DOSES, PAIN, SESSIONS, WALKS, Schema, checked, empty
from backstride.web.journal.models import (
    NEWS,
    OFFERED,
    ExerciseDone,
    MedicineTaken,
    PainEntry,
    WalkDone,
)

# Offered as one-tap buttons until the person has their own: name, amount, unit. They are
# pack sizes sold over the counter, not advice.
COMMON_MEDICINES = [
    ("Paracetamol", 500.0, "mg"),
    ("Ibuprofen", 200.0, "mg"),
    ("Naproxen", 220.0, "mg"),
]
MORNING_H = range(4, 12)  # past midnight is still the evening
DOUBLE_TAP = timedelta(seconds=3)


@transaction.atomic
def log_pain(
    user, nprs: int, moment: str | None = None, at: datetime | None = None, **news: bool
) -> PainEntry:
    """Note pain of now, or of `at`, with what is new (see `add_news`). The first note on a
    morning after a walk counts as that walk's."""
    when = _when(user, at)
    entry = PainEntry(user=user, nprs=nprs, moment=moment or _moment(user, **when), **when)
    return add_news(_once(entry, nprs=nprs, **({"moment": moment} if moment else {})), **news)


def _when(user, at: datetime | None) -> dict:
    """The instant, and the day the walker lived it on."""
    at = at or timezone.now()
    return {"at": at, "day": at.astimezone(user.tz).date()}


def _once(entry, **same):
    """Save the entry; a double tap is one tap, so the one of a moment before is given back."""
    entry.full_clean()
    about = (entry.at - DOUBLE_TAP, entry.at + DOUBLE_TAP)
    with transaction.atomic():
        twins = type(entry).objects.filter(user=entry.user, at__range=about, **same)
        twin = twins.first()
        if twin is None:
            entry.save()
    return twin or entry


def add_news(entry: PainEntry, **news: bool) -> PainEntry:
    """Mark a pain note with what is new, by the names of NEWS; nothing is taken away.

    It is news of now, whenever the pain was noted: the safety questions come again after it.
    Raises ValueError for a name that is none.
    """
    if unknown := set(news) - set(NEWS):
        raise ValueError(f"a pain note has no {', '.join(sorted(unknown))}")
    fresh = [name for name, said in news.items() if said and not getattr(entry, name)]
    if fresh:
        for name in fresh:
            setattr(entry, name, True)
        entry.news_at = timezone.now()
        entry.save()
    return entry


def _moment(user, at: datetime, day: date) -> str:
    hour = at.astimezone(user.tz).hour
    if hour not in MORNING_H or user.painentry_set.filter(day=day).exists():
        return PainEntry.Moment.NOW
    walked = user.walkdone_set.filter(day=day - timedelta(days=1)).exists()
    return PainEntry.Moment.NEXT_MORNING if walked else PainEntry.Moment.NOW


def log_walk(user, minutes: int, at: datetime | None = None) -> WalkDone:
    """Note a walk of today, or of the day of `at`."""
    return _once(WalkDone(user=user, minutes=minutes, **_when(user, at)), minutes=minutes)


def log_medicine(
    user, medicine: str, amount: float, unit: str, at: datetime | None = None
) -> MedicineTaken:
    """Note a medicine taken now, or at `at`."""
    taken = {"medicine": medicine.strip(), "amount": amount, "unit": unit}
    return _once(MedicineTaken(user=user, **_when(user, at), **taken), **taken)


def log_exercise(
    user, exercise: str, level: int, went: str, at: datetime | None = None
) -> ExerciseDone:
    """Note an exercise of today, or of the day of `at`; `went` is easy, right, hard or hurt.
    The word that was given last counts, in whatever order they arrive."""
    when = _when(user, at)
    hurt = went == "hurt"
    felt = ExerciseDone.Felt.HARD if hurt else ExerciseDone.Felt(went)
    told = {"level": level, "felt": felt, "hurt": hurt, "at": when["at"]}
    same = {"day": when["day"], "exercise": exercise}
    entry, is_new = user.exercisedone_set.get_or_create(**same, defaults=told)
    if not is_new and user.exercisedone_set.filter(pk=entry.pk, at__lte=when["at"]).update(**told):
        entry.refresh_from_db()
    return entry


def usual_medicines(user) -> list[tuple[str, float, str]]:
    """What to offer as one tap: the person's last three, else common ones."""
    seen: list[tuple[str, float, str]] = []
    for entry in user.medicinetaken_set.all()[:50]:
        item = (_told(entry.medicine), entry.amount, entry.unit)
        if item not in seen:
            seen.append(item)
    return seen[:3] or [(_told(name), amount, unit) for name, amount, unit in COMMON_MEDICINES]


def _told(medicine: str) -> str:
    """As it is called in the person's language: a tap notes it by that name."""
    return str(OFFERED.get(medicine, medicine))


def pain_frame(user, since: date | None = None) -> pl.DataFrame:
    """The pain entries (from the day `since` on), oldest first, as a PAIN table.

    `at` is when the entry got its last news (`add_news`), so that news always come after
    the screen that was answered before them.
    """
    entries = user.painentry_set
    told = entries.filter(day__gte=since) if since else entries
    return _frame(user, told, PAIN, {"date": "day", "at": Coalesce("news_at", "at")})


def walks_frame(user) -> pl.DataFrame:
    """Every walk the person noted, as a WALKS table."""
    return _frame(user, user.walkdone_set, WALKS, {"date": "day"})


def sessions_frame(user) -> pl.DataFrame:
    """Every exercise noted, as a SESSIONS table."""
    return _frame(user, user.exercisedone_set, SESSIONS, {"date": "day"})


def doses_frame(user) -> pl.DataFrame:
    """Every medicine noted, as a DOSES table."""
    return _frame(user, user.medicinetaken_set, DOSES, {"date": "day"})


def _frame(user, entries, schema: Schema, renamed: dict) -> pl.DataFrame:
    """A day ahead of the walker's own, as after a flight west, counts as today: no entry
    hides in the future."""
    fields = [renamed.get(name, name) for name in schema]
    rows = list(entries.order_by("at", "id").values_list(*fields))
    if not rows:
        return empty(schema)
    table = checked(pl.DataFrame(rows, schema=list(schema), orient="row"), schema)
    return table.with_columns(pl.min_horizontal("date", pl.lit(user.today())))
