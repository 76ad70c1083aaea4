"""How a part of the story reads on a page: the same for the preview and for the clinic."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from django.utils.formats import date_format

from backstride.regimen.steps import steps_per_minute
from backstride.web.clinic.models import AppointmentRequest, Mail
from backstride.web.clinic.story import LABELS, Part

NONE = "–"

COLUMNS = {
    "pain": {
        "date": "Day",
        "now": "Pain noted",
        "before_walk": "Before a walk",
        "during_walk": "Worst on a walk",
        "next_morning": "Morning after",
        "flare": "Flare",
        "leg_weaker": "Leg weaker",
        "new_numbness": "New numbness",
        "new_leg_symptom": "New leg symptom",
        "woke_at_night": "Woken by pain",
    },
    "walking": {
        "date": "Day",
        "steps": "Steps",
        "walking_min": "Walking, min",
        "brisk_min": "Brisk, min",
        "longest_bout_min": "Longest, min",
        "wear_h": "Worn, h",
    },
    "week": {
        "day": "Day",
        "minutes": "Minutes",
        "bouts": "Split into",
        "cadence_spm": "Steps a minute",
    },
    "medicine": {"date": "Day", "medicine": "Medicine", "amount": "Amount", "times": "Times"},
    "mobility": {"date": "Day", "test": "Test", "result": "Result"},
    "forms": {"date": "Day", "form": "Questionnaire", "score": "Score"},
    "mood": {"date": "Day", "mood": "Mood", "energy": "Energy", "sleep": "Sleep"},
    "notes": {"date": "Day", "note": "Note"},
}

DISPOSITIONS = {
    "walk": "Nothing answered speaks against walking",
    "therapist": "Nothing urgent was answered; a therapist should have a look",
    "same_day": "Stop: to be seen the same day",
    "emergency_now": "Stop: emergency",
}


@dataclass(frozen=True)
class Shown:
    """A part as text: facts of (label, value), then a table."""

    key: str
    label: str
    facts: list[tuple[str, str]]
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def as_page(key: str, part: Part, label: str = "") -> Shown:
    """One part of a story, ready for the template `clinic/part.html`; `label` unless LABELS'."""
    facts = FACTS[key](part)
    given = part.get("rows", ())
    # a column without a single entry only makes the table too wide for a phone
    names = [name for name in COLUMNS.get(key, {}) if any(_cell(name, r) != NONE for r in given)]
    style = "D j M Y" if len({row.get("date", "")[:4] for row in given}) > 1 else "D j M"
    rows = [[_cell(name, row, style) for name in names] for row in given]
    return Shown(key, label or LABELS[key], facts, [COLUMNS[key][name] for name in names], rows)


def story_pages(story: dict[str, Part]) -> list[Shown]:
    """A whole snapshot in the order the parts are offered in."""
    return [as_page(key, story[key]) for key in LABELS if key in story]


def _cell(name: str, row: Part, day_style: str = "D j M") -> str:
    value = row.get(name)
    if name in {"date", "day"}:
        return _day(value, day_style)
    if name == "amount":
        return f"{value:g} {row.get('unit', '')}".strip()
    if name == "bouts":
        return f"{value} walks" if value and value > 1 else "one walk"
    if name == "cadence_spm":
        return f"{value[0]}–{value[1]}" if value else "own pace"
    return _text(value)


def _text(value: Any) -> str:
    if value is None or value is False:
        return NONE
    if value is True:
        return "yes"
    return f"{value:,.0f}" if isinstance(value, float | int) else str(value)


def _day(iso: str | None, style: str = "j F Y") -> str:
    return date_format(date.fromisoformat(iso), style) if iso else NONE


def _contact(part: Part) -> list[tuple[str, str]]:
    facts = [("Name", part["name"]), ("E-mail", part["email"])]
    if part.get("phone"):
        facts.append(("Phone", part["phone"]))
    return [*facts, ("Time zone", part["zone"])]


def _safety(part: Part) -> list[tuple[str, str]]:
    facts = [
        ("Result", DISPOSITIONS.get(part["disposition"], part["disposition"])),
        ("Answered on", _day(part["answered_on"])),
        ("Version", part["version"]),
        *(("Found", finding["reason"]) for finding in part["findings"]),
    ]
    if part.get("cleared_by"):
        facts.append(("Cleared by", f"{part['cleared_by']}, {_day(part['cleared_on'])}"))
    return facts


def _span(part: Part) -> tuple[str, str]:
    return ("Period", f"{_day(part['from'], 'j M')} to {_day(part['to'], 'j M Y')}")


def _pain(part: Part) -> list[tuple[str, str]]:
    rows = part["rows"]
    moments = ("now", "before_walk", "during_walk", "next_morning")
    scores = [row[name] for row in rows for name in moments if row.get(name) is not None]
    return [
        _span(part),
        ("Days with an entry", _of_days(len(rows), part)),
        ("Worst, 0 to 10", str(max(scores))),
        ("Days called a flare", str(sum(row["flare"] for row in rows))),
    ]


def _walking(part: Part) -> list[tuple[str, str]]:
    steps = [row["steps"] for row in part["rows"] if row["steps"] is not None]
    middle = f"{median(steps):,.0f}" if steps else NONE
    return [
        _span(part),
        ("Days with data", _of_days(len(part["rows"]), part)),
        ("Median steps a day", middle),
    ]


def _week(part: Part) -> list[tuple[str, str]]:
    facts = [("Week from", _day(part["start"]))]
    if part["decision"]:
        facts.append(("Decision", str(part["decision"]).replace("_", " ")))
    if part.get("base_steps") is not None:
        told = (
            f"each minute as {steps_per_minute()} on top of the usual {part['base_steps']:,} a day"
        )
        facts.append(("In steps", told))
    return [*facts, *(("Why", text) for text in part["reasons"])]


def _medicine(part: Part) -> list[tuple[str, str]]:
    days = {row["date"] for row in part["rows"]}
    return [_span(part), ("Days with medicine", _of_days(len(days), part))]


def _results(part: Part) -> list[tuple[str, str]]:
    return [("Results", str(len(part["rows"])))]


def _days_told(part: Part) -> list[tuple[str, str]]:
    days = {row["date"] for row in part["rows"]}
    return [_span(part), ("Days with an entry", _of_days(len(days), part))]


def _of_days(number: int, part: Part) -> str:
    lived = date.fromisoformat(part["to"]) - date.fromisoformat(part["from"])
    return f"{number} of {lived.days + 1}"


FACTS = {
    "contact": _contact,
    "safety": _safety,
    "pain": _pain,
    "walking": _walking,
    "week": _week,
    "medicine": _medicine,
    "mobility": _results,
    "forms": _results,
    "mood": _days_told,
    "notes": _days_told,
}


def mail_lines(request: AppointmentRequest, reader) -> list[dict[str, Any]]:
    """What became of each e-mail about a request, in words for the one who reads the page."""
    return [
        {
            "to": _recipient(mail, request, reader),
            "kind": mail.get_kind_display(),
            "state": mail.get_state_display(),
            "at": mail.tried_at or mail.written_at,
            "has_failed": mail.state == Mail.State.FAILED,
            "is_trying": mail.state == Mail.State.WAITING and mail.tries > 0,
        }
        for mail in request.mails.select_related("recipient")
    ]


def _recipient(mail: Mail, request: AppointmentRequest, reader) -> str:
    if mail.recipient_id == reader.pk:
        return "you"
    if mail.recipient_id == request.walker_id:
        return "the walker"
    # a walker needn't know the names of all who work there
    return "the clinic" if reader.pk == request.walker_id else str(mail.recipient)
