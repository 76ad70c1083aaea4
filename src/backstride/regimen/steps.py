"""A plan in steps a day: a walk's minutes come as steps on top of the usual ones.

The rules are the same as for minutes, so are the ceilings: only what is asked for, and how it
is seen to be done, is counted in steps.
"""

from __future__ import annotations

from backstride.records import PlannedWalk, Week
from backstride.regimen.protocol import protocol

IN_STEPS = "pedometer"  # the protocol whose numbers hold


def steps_per_minute() -> int:
    """How many steps stand for a minute of walking."""
    rules = protocol(IN_STEPS)
    if rules.steps is None:
        raise ValueError(f"the protocol {IN_STEPS} has no numbers of steps")
    return rules.steps.per_minute


def steps_goal(week: Week, walk: PlannedWalk) -> int | None:
    """The goal of steps for the day of `walk`; None where the plan is in minutes."""
    if week.base_steps is None:
        return None
    return week.base_steps + steps_per_minute() * walk.minutes
