"""The parts of a walker's story that may be shared, each built as plain JSON.

A part is built from the walker's own records of the days `first` (None: all there are) to
`last`, and holds no more than its page shows (`shown.as_page`). It is sent with a request as it
is then (`build_all`), or shown as it is now to whoever has a consent (`web/sharing`). Missing is
null, never 0.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from backstride import regimen, words
from backstride.records import Disposition, Week
from backstride.web.back.models import Note
from backstride.web.back.services import DAILY
from backstride.web.journal.models import PainEntry, symptoms
from backstride.web.plan.services import running_week
from backstride.web.safety.services import result_of

PERIOD_DAYS = 28
MOST_TESTS = 60
NO_FORMS = (*DAILY, "flare", "nprs")  # mood and pain are parts of their own
SYMPTOMS = tuple(name for name, _told in symptoms())

Part = dict[str, Any]


def contact(user, name: str, phone: str = "") -> Part:
    """Always sent: who asks, and how to reach them."""
    return {"name": name, "email": user.email, "phone": phone, "zone": user.zone}


def safety(user, first: date | None, last: date) -> Part | None:
    """What the newest safety screen came to and found, and a clinician's word if there is one."""
    screen = user.screens.first()
    if screen is None:
        return None
    answered = screen.at.astimezone(user.tz).date()
    if first and answered < first:
        return None
    clearance = user.clearances.first()
    if first and clearance and clearance.seen_on < first:
        clearance = None
    return {
        "answered_on": answered.isoformat(),
        "version": screen.version,
        "disposition": Disposition(screen.disposition).name.lower(),
        "findings": [
            {"id": f.id, "reason": words.to_json(f.reason)} for f in result_of(screen).findings
        ],
        "cleared_by": clearance.clinician if clearance else None,
        "cleared_on": clearance.seen_on.isoformat() if clearance else None,
    }


def pain(user, first: date | None, last: date) -> Part | None:
    """The worst pain (NPRS 0–10) of each day and moment."""
    moments = dict.fromkeys(PainEntry.Moment.values)
    days: dict[date, Part] = defaultdict(
        lambda: {**moments, "flare": False, **dict.fromkeys(SYMPTOMS, False)}
    )
    for entry in _between(user.painentry_set, first, last).order_by("-day"):
        day = days[entry.day]
        day[entry.moment] = max(day[entry.moment] or 0, entry.nprs)
        day["flare"] |= entry.is_flare
        for name in SYMPTOMS:
            day[name] |= getattr(entry, name)
    return _table(first, last, [{"date": d.isoformat(), **day} for d, day in days.items()])


def walking(user, first: date | None, last: date) -> Part | None:
    """Measured walking of each day."""
    fields = ["steps", "walking_min", "brisk_min", "longest_bout_min", "wear_h"]
    days = _between(user.days, first, last, "date").order_by("-date")
    rows = [
        {"date": day.date.isoformat(), **{name: _rounded(getattr(day, name)) for name in fields}}
        for day in days
    ]
    return _table(first, last, rows)


def week(user, first: date | None, last: date) -> Part | None:
    """The plan of this week as the walker sees it: its walks and why it is as it is.

    Of a week that was planned before `first`, the walks from then on only.
    """
    planned = running_week(user, last)
    if planned is None:
        return None
    if first and planned.start < first:
        later = tuple(walk for walk in planned.walks if walk.day >= first)
        return without_why(_week(replace(planned, walks=later)))
    return _week(planned)


def without_why(part: Part) -> Part:
    """A week without what it was planned from: its decision, reasons and usual steps."""
    return part | {"base_steps": None, "decision": None, "reasons": []}


def _week(planned: Week) -> Part:
    data = regimen.week_to_json(planned)
    return {
        "start": data["start"],
        "base_steps": data["base_steps"],
        "decision": data["decision"]["kind"],
        "reasons": [words.to_json(reason.text) for reason in planned.decision.reasons],
        "rows": [
            {key: walk[key] for key in ("day", "minutes", "bouts", "cadence_spm")}
            for walk in data["walks"]
        ],
    }


def medicine(user, first: date | None, last: date) -> Part | None:
    """On which days which medicine was taken, and how much in all."""
    totals: dict[tuple[date, str, str], list[float]] = defaultdict(list)
    entries = _between(user.medicinetaken_set, first, last)
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
    return _table(first, last, rows)


def mobility(user, first: date | None, last: date) -> Part | None:
    """Every result of the tests of mobility and strength, newest first."""
    rows = [
        {
            "date": one.day.isoformat(),
            "test": words.to_json(one.title),
            "result": words.to_json(one.words),
        }
        for one in _between(user.mobility, first, last)[:MOST_TESTS]
    ]
    return {"rows": rows} if rows else None


def forms(user, first: date | None, last: date) -> Part | None:
    """Every questionnaire that was filled in with its score, newest first. Not pain alone: that
    is a part of its own."""
    sheets = user.sheets.exclude(finished_at=None).exclude(instrument__in=NO_FORMS)
    rows = [
        {
            "date": one.day.isoformat(),
            "form": words.to_json(one.form.title),
            "score": words.to_json(one.words),
        }
        for one in _between(sheets, first, last).order_by("-day", "-id")[:MOST_TESTS]
    ]
    return {"rows": rows} if rows else None


def mood(user, first: date | None, last: date) -> Part | None:
    """Mood, energy and sleep of each day, in the words of the answers."""
    days: dict[date, Part] = defaultdict(lambda: dict.fromkeys(DAILY))
    sheets = user.sheets.exclude(finished_at=None).filter(instrument__in=DAILY)
    for one in _between(sheets, first, last).order_by("-day"):
        days[one.day][one.instrument] = words.to_json(one.words)
    return _table(first, last, [{"date": d.isoformat(), **day} for d, day in days.items()])


def notes(user, first: date | None, last: date) -> Part | None:
    """Notes in the walker's own words, newest first."""
    found = _between(Note.objects.filter(user=user), first, last)
    rows = [{"date": one.day.isoformat(), "note": one.text} for one in found]
    return _table(first, last, rows)


def _between(rows, first: date | None, last: date, field: str = "day"):
    kept = rows.filter(**{f"{field}__lte": last})
    return kept.filter(**{f"{field}__gte": first}) if first else kept


def _table(first: date | None, last: date, rows: list[Part]) -> Part | None:
    if not rows:
        return None
    start = first.isoformat() if first else rows[-1]["date"]
    return {"from": start, "to": last.isoformat(), "rows": rows}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


@dataclass(frozen=True)
class Kind:
    """One part that can be ticked: its key in `AppointmentRequest.story` and in
    `sharing.Consent.scope`, and its words.

    `name` is what it is called where it is shown live. `days` are how many of the last days are
    sent with a request, all there are with None.
    """

    key: str
    label: str
    build: Callable[[Any, date | None, date], Part | None]
    none: str
    name: str
    days: int | None = None

    def sent_on(self, user, today: date) -> Part | None:
        """The part as a request of `today` sends it."""
        first = today - timedelta(days=self.days - 1) if self.days else None
        return self.build(user, first, today)


PARTS = (
    Kind(
        "safety", _("Result of the safety questions"), safety, _("Not answered yet."),
        _("Result of the safety questions"),
    ),
    Kind(
        "pain", _("Pain, last 4 weeks"), pain, _("No pain noted in the last 4 weeks."),
        _("Pain"), PERIOD_DAYS,
    ),
    Kind(
        "walking", _("Walking, last 4 weeks"), walking, _("No walking measured in that time."),
        _("Walking"), PERIOD_DAYS,
    ),
    Kind(
        "week", _("This week's walking plan"), week, _("No plan for this week."),
        _("Walking plan"),
    ),
    Kind(
        "medicine", _("Medicines, last 4 weeks"), medicine, _("No medicine noted in that time."),
        _("Medicines"), PERIOD_DAYS,
    ),
    Kind(
        "mobility", _("Tests done at home"), mobility, _("No test done yet."),
        _("Tests done at home"),
    ),
    Kind(
        "forms", _("Questionnaires and their scores"), forms, _("None filled in yet."),
        _("Questionnaires and their scores"),
    ),
    Kind(
        "mood", _("Mood, energy and sleep, last 4 weeks"), mood, _("None noted in that time."),
        _("Mood, energy and sleep"), PERIOD_DAYS,
    ),
    Kind(
        "notes", _("Your notes, last 4 weeks"), notes, _("No note written in that time."),
        _("Notes"), PERIOD_DAYS,
    ),
)  # fmt: skip
KINDS = {kind.key: kind for kind in PARTS}
LABELS = {"contact": _("Contact"), **{kind.key: kind.label for kind in PARTS}}


def build_all(user, today: date) -> dict[str, Part]:
    """Every part this walker has something in; a key that is absent has nothing to send."""
    built = {kind.key: kind.sent_on(user, today) for kind in PARTS}
    return {key: part for key, part in built.items() if part is not None}


def digest(part: Part) -> str:
    """A short fingerprint, to tell whether what is sent is still what was previewed."""
    text = json.dumps(part, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
