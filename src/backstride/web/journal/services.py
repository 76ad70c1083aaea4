"""Writing the diary, and giving it out as tables."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from django.utils import timezone

from backstride.records import DOSES, PAIN, WALKS, Schema, checked, empty
from backstride.web.journal.models import MedicineTaken, PainEntry, WalkDone

# Offered as one-tap buttons until the person has their own: name, amount, unit. They are
# pack sizes sold over the counter, not advice.
COMMON_MEDICINES = [
    ("Paracetamol", 500.0, "mg"),
    ("Ibuprofen", 200.0, "mg"),
    ("Naproxen", 220.0, "mg"),
]
MORNING_ENDS_H = 12


def log_pain(user, nprs: int, moment: str | None = None) -> PainEntry:
    """Note pain now. The first note on a morning after a walk counts as that walk's."""
    day = user.today()
    entry = PainEntry(user=user, day=day, nprs=nprs, moment=moment or _moment(user, day))
    entry.full_clean()
    entry.save()
    return entry


def _moment(user, day) -> str:
    hour = timezone.now().astimezone(user.tz).hour
    if hour >= MORNING_ENDS_H or user.painentry_set.filter(day=day).exists():
        return PainEntry.Moment.NOW
    walked = user.walkdone_set.filter(day=day - timedelta(days=1)).exists()
    return PainEntry.Moment.NEXT_MORNING if walked else PainEntry.Moment.NOW


def log_walk(user, minutes: int) -> WalkDone:
    entry = WalkDone(user=user, day=user.today(), minutes=minutes)
    entry.full_clean()
    entry.save()
    return entry


def log_medicine(user, medicine: str, amount: float, unit: str) -> MedicineTaken:
    entry = MedicineTaken(
        user=user, day=user.today(), medicine=medicine.strip(), amount=amount, unit=unit
    )
    entry.full_clean()
    entry.save()
    return entry


def usual_medicines(user) -> list[tuple[str, float, str]]:
    """What to offer as one tap: the person's last three, else common ones."""
    seen: list[tuple[str, float, str]] = []
    for entry in user.medicinetaken_set.all()[:50]:
        item = (entry.medicine, entry.amount, entry.unit)
        if item not in seen:
            seen.append(item)
    return seen[:3] or COMMON_MEDICINES


def pain_frame(user, since: date | None = None) -> pl.DataFrame:
    """The pain entries (from the day `since` on), oldest first, as a PAIN table."""
    entries = user.painentry_set
    return _frame(entries.filter(day__gte=since) if since else entries, PAIN, {"date": "day"})


def walks_frame(user) -> pl.DataFrame:
    """Every walk the person noted, as a WALKS table."""
    return _frame(user.walkdone_set, WALKS, {"date": "day"})


def doses_frame(user) -> pl.DataFrame:
    """Every medicine noted, as a DOSES table."""
    return _frame(user.medicinetaken_set, DOSES, {"date": "day"})


def _frame(entries, schema: Schema, renamed: dict[str, str]) -> pl.DataFrame:
    fields = [renamed.get(name, name) for name in schema]
    rows = list(entries.order_by("at", "id").values_list(*fields))
    if not rows:
        return empty(schema)
    return checked(pl.DataFrame(rows, schema=list(schema), orient="row"), schema)
