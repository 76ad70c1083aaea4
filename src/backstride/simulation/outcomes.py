"""What a course came to, with bootstrap intervals over people.

The interval says how much another draw of as many virtual walkers might differ, nothing
about how far the models are from people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backstride.simulation.course import Course
from backstride.simulation.luck import Floats

RESAMPLES = 1000
ON_TRACK_MIN = 130.0  # minutes a week at week 12 (WalkBack)


@dataclass(frozen=True)
class Estimate:
    """A mean over people with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Outcome:
    """A regimen's outcomes.

    `means` holds an estimate of each of MEASURES, `less_ours` the same of its difference to
    our regimen on the same walkers (theirs less ours); `minutes_by_week` and
    `flares_by_week` (so far, a person) are means. The worst walker is the one with the most
    days of raised pain: `worst_flares` flares, `worst_raised` share of days.
    """

    regimen: str
    title: str
    means: dict[str, Estimate]
    less_ours: dict[str, Estimate]
    minutes_by_week: list[float]
    flares_by_week: list[float]
    worst_flares: int
    worst_raised: float


MEASURES = {
    "minutes": "minutes walked in week {week}",
    "on_track": "share of people at 130 minutes or more in week {week}",
    "flares": "flares a person",
    "raised": "share of days with pain raised by 3 or more",
    "past": "share of walks past what the back took that day",
    "weeks": "weeks under the plan",
    "left": "share of people who left the plan",
}


def by_person(course: Course) -> dict[str, Floats]:
    """Each of MEASURES for each person, people who left the plan included."""
    weekly = weeks_of(course.walked)
    week = week_looked_at(weekly.shape[1])
    minutes = weekly[:, week - 1]
    left = ~course.stayed[:, -1] if course.regimen.plans else np.zeros(len(minutes))
    return {
        "minutes": minutes,
        "on_track": (minutes >= ON_TRACK_MIN).astype(np.float64),
        "flares": course.began.sum(axis=1).astype(np.float64),
        "raised": course.raised.mean(axis=1),
        "past": (course.strain > 1).sum(axis=1) / np.maximum((course.walked > 0).sum(axis=1), 1),
        "weeks": course.stayed.sum(axis=1).astype(np.float64),
        "left": np.asarray(left, dtype=np.float64),
    }


def week_looked_at(weeks: int) -> int:
    """The week whose minutes are told: the 12th, or the last of a shorter run."""
    return min(12, weeks)


def weeks_of(daily: Floats) -> Floats:
    """Sums a week, (people, weeks), of (people, days)."""
    sums: Floats = daily.reshape(daily.shape[0], -1, 7).sum(axis=2)
    return sums


def outcome(course: Course, ours: Course, seed: int) -> Outcome:
    """What `course` came to beside `ours`, which had the same walkers and the same luck."""
    mine, theirs = by_person(ours), by_person(course)
    picks = np.random.default_rng([seed, 9]).integers(
        0, len(course.walked), (RESAMPLES, len(course.walked))
    )
    worst = int(course.raised.sum(axis=1).argmax())
    flares = weeks_of(course.began.astype(np.float64)).mean(axis=0).cumsum()
    return Outcome(
        regimen=course.regimen.name,
        title=course.regimen.title,
        means={name: _estimate(values, picks) for name, values in theirs.items()},
        less_ours={name: _estimate(theirs[name] - mine[name], picks) for name in theirs},
        minutes_by_week=[float(m) for m in weeks_of(course.walked).mean(axis=0)],
        flares_by_week=[float(f) for f in flares],
        worst_flares=int(course.began[worst].sum()),
        worst_raised=float(course.raised[worst].mean()),
    )


def _estimate(values: Floats, picks: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Estimate:
    means = values[picks].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(float(values.mean()), float(low), float(high))
