"""A week's walks on its days, evenly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from backstride.records import Dose, PlannedWalk


def free_days(start: date, weekdays: Iterable[int]) -> tuple[date, ...]:
    """The days of the week from `start` that fall on these weekdays (Monday is 0)."""
    allowed = set(weekdays)
    week = (start + timedelta(days=n) for n in range(7))
    return tuple(day for day in week if day.weekday() in allowed)


def spread(days: Sequence[date], dose: Dose) -> tuple[PlannedWalk, ...]:
    """The dose's walks on `days`, as evenly as they allow, the first on the first day.

    Raises ValueError where the dose asks for more days than there are.
    """
    asked = dose.days_per_week
    if asked > len(days):
        raise ValueError(f"{asked} walks don't fit into {len(days)} days")
    chosen = [days[n * len(days) // asked] for n in range(asked)]
    return tuple(PlannedWalk(day, dose.minutes, dose.bouts, dose.cadence_spm) for day in chosen)
