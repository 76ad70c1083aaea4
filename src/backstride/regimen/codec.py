"""A week as plain JSON values and back, for whoever stores it."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstride import words
from backstride.records import Decision, DecisionKind, Dose, PlannedWalk, Reason, Week

FORMAT = 1


def week_to_json(week: Week) -> dict[str, Any]:
    """The week as dicts, lists, strings and numbers; dates are ISO 8601."""
    return {
        "format": FORMAT,
        "start": week.start.isoformat(),
        "number": week.number,
        "protocol": week.protocol,
        "base_steps": week.base_steps,
        "dose": {
            "minutes": week.dose.minutes,
            "days_per_week": week.dose.days_per_week,
            "bouts": week.dose.bouts,
            "cadence_spm": _band(week.dose.cadence_spm),
        },
        "walks": [
            {
                "day": walk.day.isoformat(),
                "minutes": walk.minutes,
                "bouts": walk.bouts,
                "cadence_spm": _band(walk.cadence_spm),
            }
            for walk in week.walks
        ],
        "decision": {
            "kind": week.decision.kind.value,
            "reasons": [_reason_to_json(reason) for reason in week.decision.reasons],
        },
    }


def week_from_json(raw: dict[str, Any]) -> Week:
    """The week that `week_to_json` gave. Raises ValueError where it isn't one."""
    if raw.get("format") != FORMAT:
        raise ValueError(f"a stored week of format {raw.get('format')!r}; expected {FORMAT}")
    try:
        return Week(
            start=date.fromisoformat(raw["start"]),
            number=raw["number"],
            protocol=raw["protocol"],
            dose=Dose(
                raw["dose"]["minutes"],
                raw["dose"]["days_per_week"],
                raw["dose"]["bouts"],
                _tuple(raw["dose"]["cadence_spm"]),
            ),
            walks=tuple(
                PlannedWalk(
                    date.fromisoformat(walk["day"]),
                    walk["minutes"],
                    walk["bouts"],
                    _tuple(walk["cadence_spm"]),
                )
                for walk in raw["walks"]
            ),
            base_steps=raw.get("base_steps"),  # weeks before 2026.3 have none
            decision=Decision(
                DecisionKind(raw["decision"]["kind"]),
                tuple(_reason(reason) for reason in raw["decision"]["reasons"]),
            ),
        )
    except (KeyError, TypeError) as problem:
        raise ValueError(f"a stored week lacks or misstates {problem}") from problem


def _reason_to_json(reason: Reason) -> dict[str, Any]:
    """The text in English, and as `told` what it is made from, for other languages."""
    raw = {"rule": reason.rule, "text": reason.text, "source": reason.source}
    told = words.to_json(reason.text)
    return raw if isinstance(told, str) else raw | {"told": told}


def _reason(raw: dict[str, Any]) -> Reason:
    """Weeks before 2026.4 have the English text alone."""
    text = words.from_json(raw.get("told", raw["text"]))
    return Reason(raw["rule"], text, words.say(raw["source"]))


def _band(band: tuple[int, int] | None) -> list[int] | None:
    return None if band is None else list(band)


def _tuple(band: list[int] | None) -> tuple[int, int] | None:
    return None if band is None else (band[0], band[1])
