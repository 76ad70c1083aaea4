"""No plan past the safety screen: what must hold before any week is made."""

from __future__ import annotations

from datetime import date

from backstride.errors import NotCleared
from backstride.regimen.judge import Judged
from backstride.regimen.person import History, Screen
from backstride.screening import load, rescreen_due
from backstride.words import say

_CLEAR_HINT = say("Answer the safety questions; a plan follows from there.")


def require_cleared(screen: Screen, today: date) -> None:
    """Raises NotCleared unless a recent screen allows walking."""
    if screen.disposition is None or screen.day is None:
        raise NotCleared(say("The safety questions aren't answered yet."), _CLEAR_HINT)
    if not screen.disposition.may_walk:
        raise NotCleared(
            say("Your safety answers ask for medical advice before you walk."),
            say("A plan can start after a clinician has seen you and you answer them again."),
        )
    age_days = (today - screen.day).days
    if age_days > load().schedule.full_every_days:
        raise NotCleared(say("Your safety answers are older than four weeks."), _CLEAR_HINT)
    if age_days < 0:
        raise NotCleared(say("The plan would start before the safety questions."), _CLEAR_HINT)


def require_calm_since(screen: Screen, history: History, judged: Judged) -> None:
    """Raises NotCleared where the diary since the screen asks for it again."""
    due = rescreen_due(screen.on, screen.version, history.pain, history.today)
    if due is not None:
        raise NotCleared(due.text, _CLEAR_HINT)
    if screen.day is not None and any(day > screen.day for day in judged.red_days):
        raise NotCleared(say("Your pain rose strongly since you answered them."), _CLEAR_HINT)
