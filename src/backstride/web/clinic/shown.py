"""How a part of the story reads on a page: the same for the preview and for the clinic."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backstride import words
from backstride.regimen.steps import steps_per_minute
from backstride.web.clinic.models import AppointmentRequest, Mail
from backstride.web.clinic.story import LABELS, Part
from backstride.web.journal.models import OFFERED, UNITS
from backstride.words import from_json, number

NONE = "–"

COLUMNS = {
    "pain": {
        "date": _("Day"),
        "now": _("Pain noted"),
        "before_walk": _("Before a walk"),
        "during_walk": _("Worst on a walk"),
        "next_morning": _("Morning after"),
        "flare": _("Flare"),
        "leg_weaker": _("Leg weaker"),
        "new_numbness": _("New numbness"),
        "new_leg_symptom": _("New leg symptom"),
        "woke_at_night": _("Woken by pain"),
    },
    "walking": {
        "date": _("Day"),
        "steps": _("Steps"),
        "walking_min": _("Walking, min"),
        "brisk_min": _("Brisk, min"),
        "longest_bout_min": _("Longest, min"),
        "wear_h": _("Worn, h"),
    },
    "week": {
        "day": _("Day"),
        "minutes": _("Minutes"),
        "bouts": _("Split into"),
        "cadence_spm": _("Steps a minute"),
    },
    "medicine": {
        "date": _("Day"),
        "medicine": _("Medicine"),
        "amount": _("Amount"),
        "times": _("Times"),
    },
    "mobility": {"date": _("Day"), "test": _("Test"), "result": _("Result")},
    "forms": {"date": _("Day"), "form": _("Questionnaire"), "score": _("Score")},
    "mood": {"date": _("Day"), "mood": _("Mood"), "energy": _("Energy"), "sleep": _("Sleep")},
    "notes": {"date": _("Day"), "note": _("Note")},
}

DISPOSITIONS = {
    "walk": _("Nothing answered speaks against walking"),
    "therapist": _("Nothing urgent was answered; a therapist should have a look"),
    "same_day": _("Stop: to be seen the same day"),
    "emergency_now": _("Stop: emergency"),
}

DECISIONS = {
    "start": _("the first week"),
    "progress": _("more"),
    "hold": _("the same again"),
    "step_back": _("less"),
    "flare": _("less, for a flare-up"),
    "restart": _("less, after a break"),
    "stop": _("no plan"),
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
    style = "EEE d MMM y" if len({row.get("date", "")[:4] for row in given}) > 1 else "EEE d MMM"
    rows = [[_cell(name, row, style) for name in names] for row in given]
    return Shown(key, label or LABELS[key], facts, [COLUMNS[key][name] for name in names], rows)


def story_pages(story: dict[str, Part]) -> list[Shown]:
    """A whole snapshot in the order the parts are offered in."""
    return [as_page(key, story[key]) for key in LABELS if key in story]


def _cell(name: str, row: Part, day_style: str = "EEE d MMM") -> str:
    value = row.get(name)
    if name in {"date", "day"}:
        return _day(value, day_style)
    if name == "medicine":
        return str(OFFERED.get(value, value))
    if name == "amount":
        unit = row.get("unit", "")
        return f"{number(value, 'g')} {UNITS.get(unit, unit)}".strip()
    if name == "bouts":
        return ngettext("one walk", "%(n)s walks", value or 1) % {"n": value or 1}
    if name == "cadence_spm":
        return f"{value[0]}–{value[1]}" if value else _("own pace")
    return _text(value)


def _text(value: Any) -> str:
    if value is None or value is False:
        return NONE
    if value is True:
        return _("yes")
    if isinstance(value, float | int):
        return number(value, ",.0f")
    return from_json(value) if isinstance(value, dict) else str(value)


def _day(iso: str | None, style: str = "d MMMM y") -> str:
    return str(words.day(date.fromisoformat(iso), style)) if iso else NONE


def _contact(part: Part) -> list[tuple[str, str]]:
    facts = [(_("Name"), part["name"]), (_("E-mail"), part["email"])]
    if part.get("phone"):
        facts.append((_("Phone"), part["phone"]))
    return [*facts, (_("Time zone"), part["zone"])]


def _safety(part: Part) -> list[tuple[str, str]]:
    facts = [
        (_("Result"), DISPOSITIONS.get(part["disposition"], part["disposition"])),
        (_("Answered on"), _day(part["answered_on"])),
        (_("Version"), part["version"]),
        *((_("Found"), from_json(finding["reason"])) for finding in part["findings"]),
    ]
    if part.get("cleared_by"):
        facts.append((_("Cleared by"), f"{part['cleared_by']}, {_day(part['cleared_on'])}"))
    return facts


def _span(part: Part) -> tuple[str, str]:
    return (
        _("Period"),
        _("%(first)s to %(last)s")
        % {"first": _day(part["from"], "d MMM"), "last": _day(part["to"], "d MMM y")},
    )


def _pain(part: Part) -> list[tuple[str, str]]:
    rows = part["rows"]
    moments = ("now", "before_walk", "during_walk", "next_morning")
    scores = [row[name] for row in rows for name in moments if row.get(name) is not None]
    return [
        _span(part),
        (_("Days with an entry"), _of_days(len(rows), part)),
        (_("Worst, 0 to 10"), str(max(scores))),
        (_("Days called a flare"), str(sum(row["flare"] for row in rows))),
    ]


def _walking(part: Part) -> list[tuple[str, str]]:
    steps = [row["steps"] for row in part["rows"] if row["steps"] is not None]
    middle = number(median(steps), ",.0f") if steps else NONE
    return [
        _span(part),
        (_("Days with data"), _of_days(len(part["rows"]), part)),
        (_("Median steps a day"), middle),
    ]


def _week(part: Part) -> list[tuple[str, str]]:
    facts = [(_("Week from"), _day(part["start"]))]
    if part["decision"]:
        facts.append((_("Decision"), DECISIONS.get(part["decision"], part["decision"])))
    if part.get("base_steps") is not None:
        told = _("each minute as %(steps)s on top of the usual %(usual)s a day") % {
            "steps": steps_per_minute(),
            "usual": number(part["base_steps"], ","),
        }
        facts.append((_("In steps"), told))
    return [*facts, *((_("Why"), from_json(text)) for text in part["reasons"])]


def _medicine(part: Part) -> list[tuple[str, str]]:
    days = {row["date"] for row in part["rows"]}
    return [_span(part), (_("Days with medicine"), _of_days(len(days), part))]


def _results(part: Part) -> list[tuple[str, str]]:
    return [(_("Results"), str(len(part["rows"])))]


def _days_told(part: Part) -> list[tuple[str, str]]:
    days = {row["date"] for row in part["rows"]}
    return [_span(part), (_("Days with an entry"), _of_days(len(days), part))]


def _of_days(count: int, part: Part) -> str:
    lived = date.fromisoformat(part["to"]) - date.fromisoformat(part["from"])
    return _("%(n)s of %(all)s") % {"n": count, "all": lived.days + 1}


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
        return _("you")
    if mail.recipient_id == request.walker_id:
        return _("the walker")
    # a walker needn't know the names of all who work there
    return _("the clinic") if reader.pk == request.walker_id else str(mail.recipient)
