"""How a part of the story reads on a page: the same for the preview and for the clinic."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from django.utils.formats import date_format

from backstride.web.clinic.story import LABELS, PERIOD_DAYS, Part

NONE = "–"

COLUMNS = {
    "pain": {
        "date": "Day",
        "now": "Pain noted",
        "during_walk": "Worst on a walk",
        "next_morning": "Morning after",
        "flare": "Flare",
        "new_leg_symptom": "New leg symptom",
    },
    "walking": {
        "date": "Day",
        "steps": "Steps",
        "walking_min": "Walking, min",
        "brisk_min": "Brisk, min",
        "longest_bout_min": "Longest, min",
        "wear_h": "Worn, h",
    },
    "week": {"day": "Day", "minutes": "Minutes", "bouts": "Split into"},
    "medicine": {"date": "Day", "medicine": "Medicine", "amount": "Amount", "times": "Times"},
}

DISPOSITIONS = {
    "walk": "Walking is fine",
    "therapist": "Walking is fine, and a therapist should have a look",
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


def as_page(key: str, part: Part) -> Shown:
    """One part of a story, ready for the template `clinic/part.html`."""
    facts = FACTS[key](part)
    names = COLUMNS.get(key, {})
    rows = [[_cell(key, name, row) for name in names] for row in part.get("rows", ())]
    return Shown(key, LABELS[key], facts, list(names.values()), rows)


def story_pages(story: dict[str, Part]) -> list[Shown]:
    """A whole snapshot in the order the parts are offered in."""
    return [as_page(key, story[key]) for key in LABELS if key in story]


def _cell(key: str, name: str, row: Part) -> str:
    value = row.get(name)
    if name in {"date", "day"}:
        return _day(value, "D j M")
    if name == "amount":
        return f"{value:g} {row.get('unit', '')}".strip()
    if name == "bouts":
        return f"{value} walks" if value and value > 1 else "one walk"
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
        ("Version of the questions", part["version"]),
    ]
    if part.get("cleared_by"):
        facts.append(("Cleared by", f"{part['cleared_by']}, {_day(part['cleared_on'])}"))
    return facts


def _span(part: Part) -> tuple[str, str]:
    return ("Period", f"{_day(part['from'])} to {_day(part['to'])}")


def _pain(part: Part) -> list[tuple[str, str]]:
    rows = part["rows"]
    moments = ("now", "during_walk", "next_morning")
    scores = [row[name] for row in rows for name in moments if row[name] is not None]
    return [
        _span(part),
        ("Days with an entry", f"{len(rows)} of {PERIOD_DAYS}"),
        ("Worst, 0 to 10", str(max(scores))),
        ("Days called a flare", str(sum(row["flare"] for row in rows))),
    ]


def _walking(part: Part) -> list[tuple[str, str]]:
    steps = [row["steps"] for row in part["rows"] if row["steps"] is not None]
    middle = f"{median(steps):,.0f}" if steps else NONE
    return [
        _span(part),
        ("Days with data", f"{len(part['rows'])} of {PERIOD_DAYS}"),
        ("Median steps a day", middle),
    ]


def _week(part: Part) -> list[tuple[str, str]]:
    facts = [("Week from", _day(part["start"]))]
    if part["decision"]:
        facts.append(("Decision", str(part["decision"]).replace("_", " ")))
    return [*facts, *(("Why", text) for text in part["reasons"])]


def _medicine(part: Part) -> list[tuple[str, str]]:
    days = {row["date"] for row in part["rows"]}
    return [_span(part), ("Days with medicine", f"{len(days)} of {PERIOD_DAYS}")]


FACTS = {
    "contact": _contact,
    "safety": _safety,
    "pain": _pain,
    "walking": _walking,
    "week": _week,
    "medicine": _medicine,
}
