"""The regimen's words: a dose, a week of planned walks, a decision with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class UsualWalking:
    """What a person says they usually walk: `minutes` a walk on `days_per_week` days."""

    minutes: int
    days_per_week: int


@dataclass(frozen=True)
class Baseline:
    """Where a person starts.

    `walk_min` is the median longest walk of a day, `longest_comfortable_min` the longest
    walk taken to be comfortable, both in minutes; `steps` the median steps a day or None
    where nobody counted them; `valid_days` how many days it rests on (0 when told, not
    measured); `told` whether it is the person's own word.
    """

    walk_min: float
    longest_comfortable_min: float
    walks_per_week: float
    steps: int | None
    valid_days: int
    told: bool


@dataclass(frozen=True)
class Dose:
    """How much walking a week asks for: minutes a day, on how many days, in how many bouts.

    `cadence_spm` is the band of steps per minute to aim at, or None for an easy own pace.
    """

    minutes: int
    days_per_week: int
    bouts: int = 1
    cadence_spm: tuple[int, int] | None = None

    @property
    def weekly_minutes(self) -> int:
        return self.minutes * self.days_per_week


class DecisionKind(StrEnum):
    START = "start"
    PROGRESS = "progress"
    HOLD = "hold"
    STEP_BACK = "step_back"
    FLARE = "flare"
    RESTART = "restart"
    STOP = "stop"


@dataclass(frozen=True)
class Reason:
    """Why, in plain words, by which rule (a stable id), from which source."""

    rule: str
    text: str
    source: str


@dataclass(frozen=True)
class Decision:
    kind: DecisionKind
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class PlannedWalk:
    """One day's walk: `minutes` in all, split into `bouts` shorter ones where more than 1."""

    day: date
    minutes: int
    bouts: int
    cadence_spm: tuple[int, int] | None


@dataclass(frozen=True)
class RoutineItem:
    """One exercise of a day: its key, its level from 1, and how much of it.

    `sets` times `reps` (each side where the exercise has two), each held `hold_s` seconds.
    """

    exercise: str
    level: int
    sets: int
    reps: int
    hold_s: int


@dataclass(frozen=True)
class PlannedRoutine:
    """One day's stretches and strengthening, in order; `minutes` is about how long they take."""

    day: date
    items: tuple[RoutineItem, ...]
    minutes: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Week:
    """Seven days from `start`: the walks, the dose behind them and why it is this dose.

    `base_steps` are the person's usual steps a day where the plan is in steps: each walk's
    minutes then come on top of them, as steps; None where it is in minutes.
    """

    start: date
    number: int
    protocol: str
    dose: Dose
    walks: tuple[PlannedWalk, ...]
    decision: Decision
    base_steps: int | None = None

    @property
    def end(self) -> date:
        """The last day of the week, included."""
        return self.start + timedelta(days=6)
