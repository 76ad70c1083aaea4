"""The parts of a walker's story that may be shared, each a small snapshot made of plain JSON.

A part is built from the walker's own records and holds no more than its preview shows
(`shown.as_page`). Missing is null, never 0.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from backstride import regimen
from backstride.records import Disposition
from backstride.web.journal.models import MedicineTaken, PainEntry, symptoms
from backstride.web.plan.services import running_week
from backstride.web.safety.services import result_of

PERIOD_DAYS = 28
MOST_TESTS = 60
SYMPTOMS = tuple(name for name, _ in symptoms())

Part = dict[str, Any]


def contact(user, name: str, phone: str = "") -> Part:
    """Always sent: who asks, and how to reach them."""
    return {"name": name, "email": user.email, "phone": phone, "zone": user.zone}


def safety(user, today: date) -> Part | None:
    """What the newest safety screen came to and found, and a clinician's word if there is one."""
    screen = user.screens.first()
    if screen is None:
        return None
    clearance = user.clearances.first()
    return {
        "answered_on": screen.at.astimezone(user.tz).date().isoformat(),
        "version": screen.version,
        "disposition": Disposition(screen.disposition).name.lower(),
        "findings": [{"id": f.id, "reason": f.reason} for f in result_of(screen).findings],
        "cleared_by": clearance.clinician if clearance else None,
        "cleared_on": clearance.seen_on.isoformat() if clearance else None,
    }


def pain(user, today: date) -> Part | None:
    """The worst pain (NPRS 0–10) of each day and moment over the last 4 weeks."""
    moments = dict.fromkeys(PainEntry.Moment.values)
    days: dict[date, Part] = defaultdict(
        lambda: {**moments, "flare": False, **dict.fromkeys(SYMPTOMS, False)}
    )
    for entry in PainEntry.objects.filter(user=user, **_period(today, "day")).order_by("-day"):
        day = days[entry.day]
        day[entry.moment] = max(day[entry.moment] or 0, entry.nprs)
        day["flare"] |= entry.is_flare
        for name in SYMPTOMS:
            day[name] |= getattr(entry, name)
    return _table(today, [{"date": d.isoformat(), **day} for d, day in days.items()])


def walking(user, today: date) -> Part | None:
    """Measured walking of each day over the last 4 weeks."""
    fields = ["steps", "walking_min", "brisk_min", "longest_bout_min", "wear_h"]
    days = user.days.filter(**_period(today, "date")).order_by("-date")
    rows = [
        {"date": day.date.isoformat(), **{name: _rounded(getattr(day, name)) for name in fields}}
        for day in days
    ]
    return _table(today, rows)


def week(user, today: date) -> Part | None:
    """The plan of this week as the walker sees it: its walks and why it is as it is."""
    planned = running_week(user, today)
    if planned is None:
        return None
    data = regimen.week_to_json(planned)
    return {
        "start": data["start"],
        "base_steps": data["base_steps"],
        "decision": data["decision"]["kind"],
        "reasons": [reason["text"] for reason in data["decision"]["reasons"]],
        "rows": [
            {key: walk[key] for key in ("day", "minutes", "bouts", "cadence_spm")}
            for walk in data["walks"]
        ],
    }


def medicine(user, today: date) -> Part | None:
    """On which days of the last 4 weeks which medicine was taken, and how much in all."""
    totals: dict[tuple[date, str, str], list[float]] = defaultdict(list)
    entries = MedicineTaken.objects.filter(user=user, **_period(today, "day"))
    for taken in entries.order_by("-day", "medicine"):
        totals[taken.day, taken.medicine, taken.unit].append(taken.amount)
    rows = [
        {
            "date": day.isoformat(),
            "medicine": name,
            "amount": round(sum(amounts), 2),
            "unit": unit,
            "times": len(amounts),
        }
        for (day, name, unit), amounts in totals.items()
    ]
    return _table(today, rows)


def mobility(user, today: date) -> Part | None:
    """Every result of the tests of mobility and strength, newest first."""
    rows = [
        {"date": one.day.isoformat(), "test": one.title, "result": one.words}
        for one in user.mobility.all()[:MOST_TESTS]
    ]
    return {"rows": rows} if rows else None


def _period(today: date, field: str) -> dict[str, date]:
    return {f"{field}__gt": today - timedelta(days=PERIOD_DAYS), f"{field}__lte": today}


def _table(today: date, rows: list[Part]) -> Part | None:
    if not rows:
        return None
    start = today - timedelta(days=PERIOD_DAYS - 1)
    return {"from": start.isoformat(), "to": today.isoformat(), "rows": rows}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


@dataclass(frozen=True)
class Kind:
    """One part that can be ticked: its key in `AppointmentRequest.story`, and its words."""

    key: str
    label: str
    build: Callable[[Any, date], Part | None]
    none: str


PARTS = (
    Kind("safety", "Result of the safety questions", safety, "Not answered yet."),
    Kind("pain", "Pain, last 4 weeks", pain, "No pain noted in the last 4 weeks."),
    Kind("walking", "Walking, last 4 weeks", walking, "No walking measured in that time."),
    Kind("week", "This week's walking plan", week, "No plan for this week."),
    Kind("medicine", "Medicines, last 4 weeks", medicine, "No medicine noted in that time."),
    Kind("mobility", "Tests done at home", mobility, "No test done yet."),
)
LABELS = {"contact": "Contact", **{kind.key: kind.label for kind in PARTS}}


def build_all(user, today: date) -> dict[str, Part]:
    """Every part this walker has something in; a key that is absent has nothing to send."""
    built = {kind.key: kind.build(user, today) for kind in PARTS}
    return {key: part for key, part in built.items() if part is not None}


def digest(part: Part) -> str:
    """A short fingerprint, to tell whether what is sent is still what was previewed."""
    text = json.dumps(part, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
