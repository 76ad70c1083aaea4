"""Who the plan is for and what is known about them: the regimen's inputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import polars as pl

from backstride.records import DAYS, PAIN, PLACES, SCORES, WALKS, Disposition, Week, empty
from backstride.regimen.changes import Changes
from backstride.regimen.orders import Order
from backstride.screening import Result

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


class Pathway(StrEnum):
    """Why someone walks. Their evidence differs, so their texts do."""

    RECOVERED = "recovered"
    IN_PAIN_NOW = "in_pain_now"


@dataclass(frozen=True)
class Chosen:
    """The target that a person wants: `key` of one that the protocol offers, or "own";
    `minutes` a walk on `days` a week."""

    key: str
    minutes: int
    days: int

    def __post_init__(self) -> None:
        if self.minutes < 1 or not 1 <= self.days <= len(EVERY_DAY):
            raise ValueError("a target needs at least a minute, on 1 to 7 days a week")


@dataclass(frozen=True)
class Person:
    """`age` in years or None (the cautious limits then hold); `available_weekdays` with
    Monday 0 to Sunday 6; `orders` is what a therapist has set; `in_steps` that they want
    their plan in steps a day; `conditions` are the safety questions that were answered with
    a worry, and "startback_high"; `target` is what they chose, None for what the plan suggests."""

    age: int | None
    pathway: Pathway
    available_weekdays: tuple[int, ...] = EVERY_DAY
    orders: tuple[Order, ...] = ()
    in_steps: bool = False
    conditions: frozenset[str] = frozenset()
    target: Chosen | None = None

    def __post_init__(self) -> None:
        if not self.available_weekdays or not set(self.available_weekdays) <= set(EVERY_DAY):
            raise ValueError("available_weekdays needs at least one of 0 (Monday) to 6 (Sunday)")


@dataclass(frozen=True)
class Screen:
    """What the last safety screen came to, and when.

    `on` may be an aware datetime: then pain noted later on the same day counts as news.
    `light_only` and `version` are those of `screening.Result`; light by default, which is
    the cautious reading where a therapist has to be seen.
    """

    disposition: Disposition | None
    on: date | None
    version: str | None = None
    light_only: bool = True

    @property
    def day(self) -> date | None:
        return self.on.date() if isinstance(self.on, datetime) else self.on


def screen_from(result: Result, on: date) -> Screen:
    """The regimen's view of a screening result, answered at `on`."""
    return Screen(result.disposition, on, result.version, result.light_only)


@dataclass(frozen=True)
class History:
    """What happened so far, up to and including `today` (the walker's local day).

    Tables follow `records.DAYS`, `WALKS`, `PAIN`, `PLACES` and `SCORES`; `weeks` are the planned
    weeks in order, as changed by the walker, whose `changes` are.
    """

    today: date
    days: pl.DataFrame = field(default_factory=lambda: empty(DAYS))
    walks: pl.DataFrame = field(default_factory=lambda: empty(WALKS))
    pain: pl.DataFrame = field(default_factory=lambda: empty(PAIN))
    weeks: tuple[Week, ...] = ()
    changes: Changes = field(default_factory=Changes)
    places: pl.DataFrame = field(default_factory=lambda: empty(PLACES))
    scores: pl.DataFrame = field(default_factory=lambda: empty(SCORES))
