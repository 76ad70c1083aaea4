"""The danger signs in words, from the safety screen's own data: there is no second copy."""

from __future__ import annotations

from dataclasses import dataclass

from backstride import outcomes, screening
from backstride.records import Disposition


@dataclass(frozen=True)
class Sign:
    """One sign: as the screen asks for it, or why it matters where it takes two answers."""

    id: str
    text: str
    meaning: str
    do: str
    source: str
    mark: str


@dataclass(frozen=True)
class Level:
    """What to do when one of `signs` is there."""

    title: str
    steps: tuple[str, ...]
    signs: tuple[Sign, ...]


def level(disposition: Disposition) -> Level:
    """What calls for `disposition`, and what to do then."""
    screen = screening.load()
    told = screen.instructions[disposition.name]
    rules = [rule for rule in screen.rules if rule.disposition == disposition]
    return Level(told.title, told.reading, tuple(_sign(screen, rule) for rule in rules))


def _sign(screen: screening.Screen, rule: screening.Rule) -> Sign:
    question = screen.by_id.get(rule.all[0]) if len(rule.all) == 1 and not rule.of else None
    text, meaning = (question.text, question.meaning) if question else (rule.reason, "")
    return Sign(rule.id, text, meaning, rule.do, rule.source, rule.mark)


def low_mood() -> str:
    """What is said to the lowest mood: where to turn with thoughts of hurting oneself."""
    action = next(a for a in outcomes.instrument("mood").actions if a.id == "mood.low")
    return action.text
