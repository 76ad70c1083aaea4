"""What to do in a flare-up: the steps of `flare.toml` with the numbers of the plan's rules."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from backstride.regimen import protocol
from backstride.web.help.cards import HERE, Source, named
from backstride.words import say

COUNTS = dict(
    enumerate(
        (
            say("one"),
            say("two"),
            say("three"),
            say("four"),
            say("five"),
            say("six"),
            say("seven"),
            say("eight"),
            say("nine"),
            say("ten"),
        ),
        start=1,
    )
)
SHARES = {0.5: say("half the minutes"), 0.75: say("three quarters of the minutes")}


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    sources: tuple[Source, ...]
    link: dict[str, str]


@cache
def steps() -> tuple[Step, ...]:
    """The steps in order. Raises KeyError where a rule's number has no words here."""
    raw = tomllib.loads((HERE / "flare.toml").read_text("utf-8"))
    numbers = _numbers()
    return tuple(_step(entry, numbers) for entry in raw["step"])


def _step(entry: dict[str, Any], numbers: dict[str, str]) -> Step:
    link = dict(entry.get("link", {}))
    if link:
        link["text"] = say(link["text"])
    text = say(entry["text"], **numbers)
    return Step(say(entry["title"]), text, named(entry["sources"]), link)


def _numbers() -> dict[str, str]:
    rules = protocol()
    back, escalate = rules.back, rules.escalate
    return {
        "share": SHARES[back.flare],
        "hold_days": COUNTS[back.flare_hold_days],
        "green_days": COUNTS[back.flare_green_days],
        "long_weeks": COUNTS[escalate.flare_longer_days // 7],
        "flares": COUNTS[escalate.flares],
        "window_weeks": COUNTS[escalate.flares_window_days // 7],
    }
