"""Our regimen beside the fixed ones, in each model, and what changes with each parameter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from backstride.simulation.adaptive import OURS, Adaptive
from backstride.simulation.course import Course, run
from backstride.simulation.luck import draw
from backstride.simulation.outcomes import Outcome, by_person, outcome
from backstride.simulation.parameters import Model, parameters
from backstride.simulation.people import population
from backstride.simulation.schedules import LEAFLET, NOTHING, TEN_PERCENT, TRIAL, Regimen

REGIMENS = (OURS, LEAFLET, TEN_PERCENT, TRIAL, NOTHING)
CHECK_ONLY = (
    "A check of how the rules behave on invented backs. It is no clinical evidence and says "
    "nothing about what walking will do for a person."
)
SCALES = (0.5, 1.5)

Told = Callable[[str], None]


@dataclass(frozen=True)
class Comparison:
    """All regimens in one model, on the same `people` virtual walkers over `weeks`.

    `decisions` are the shares of our weeks, after each person's first, by the rule that
    decided them, the most frequent first.
    """

    model: Model
    people: int
    weeks: int
    seed: int
    outcomes: tuple[Outcome, ...]
    decisions: dict[str, float]


@dataclass(frozen=True)
class Swing:
    """What one parameter, at half and at one and a half times its value, does.

    `ours_minutes` are our minutes in the week looked at, `minutes` and `flares` ours less
    the other regimen's, a person, flares as many as are to be expected by their chance;
    pairs are (at half, at one and a half).
    """

    parameter: str
    value: float
    ours_minutes: tuple[float, float]
    minutes: tuple[float, float]
    flares: tuple[float, float]


@dataclass(frozen=True)
class Sensitivity:
    """The swings of a model's parameters beside `other`, the widest in flares first."""

    model: Model
    other: Regimen
    people: int
    weeks: int
    ours_minutes: float
    minutes: float
    flares: float
    swings: tuple[Swing, ...]


def compare(model: Model, people: int, weeks: int, seed: int) -> Comparison:
    """Every regimen on the same walkers with the same luck.

    Raises ValueError for less than one person or week, or a negative seed.
    """
    _check(people, weeks, seed)
    walkers, luck = population(model, people, seed), draw(people, weeks, seed)
    courses = [run(regimen, model, walkers, luck) for regimen in REGIMENS]
    ours = courses[0]
    found = tuple(outcome(course, ours, seed) for course in courses)
    return Comparison(model, people, weeks, seed, found, _decisions(ours))


def _decisions(ours: Course) -> dict[str, float]:
    if not isinstance(ours.planner, Adaptive):
        raise TypeError("only our regimen decides")
    later = [week for weeks in ours.planner.weeks for week in weeks[1:]]
    rules = Counter(week.decision.reasons[0].rule for week in later)
    return {rule: count / len(later) for rule, count in rules.most_common()}


def sensitivity(
    model: Model,
    people: int,
    weeks: int,
    seed: int,
    other: Regimen = LEAFLET,
    names: Sequence[str] | None = None,
    tell: Told = lambda name: None,
) -> Sensitivity:
    """The comparison with `other`, each parameter that is not 0 halved and raised by half.

    `names` limits it to some parameters; `tell` is called with each before it is tried.
    Raises as `compare` does, KeyError for an unknown parameter.
    """
    _check(people, weeks, seed)
    swings = []
    for name in _tried(model) if names is None else names:
        tell(name)
        few, more = (_pair(model.scaled(name, by), people, weeks, seed, other) for by in SCALES)
        swings.append(
            Swing(
                name,
                model[name],
                (few[0], more[0]),
                (few[0] - few[1], more[0] - more[1]),
                (few[2] - few[3], more[2] - more[3]),
            )
        )
    as_is = _pair(model, people, weeks, seed, other)
    flares = as_is[2] - as_is[3]
    swings.sort(key=lambda swing: -max(abs(at - flares) for at in swing.flares))
    return Sensitivity(
        model, other, people, weeks, as_is[0], as_is[0] - as_is[1], flares, tuple(swings)
    )


def _tried(model: Model) -> Iterator[str]:
    return (name for name in parameters() if model[name] != 0)


def _pair(
    model: Model, people: int, weeks: int, seed: int, other: Regimen
) -> tuple[float, float, float, float]:
    """Minutes in the week looked at (ours, theirs) and flares to expect (ours, theirs)."""
    walkers, luck = population(model, people, seed), draw(people, weeks, seed)
    ours, theirs = (run(regimen, model, walkers, luck) for regimen in (OURS, other))
    minutes = [float(by_person(course)["minutes"].mean()) for course in (ours, theirs)]
    flares = [float(course.chance.sum(axis=1).mean()) for course in (ours, theirs)]
    return (minutes[0], minutes[1], flares[0], flares[1])


def _check(people: int, weeks: int, seed: int) -> None:
    if people < 1 or weeks < 1:
        raise ValueError(f"{people} people over {weeks} weeks; expected 1 or more of both")
    if seed < 0:
        raise ValueError(f"a seed of {seed}; expected 0 or more")
