"""What someone's plan leads to: their own choice, else what age and conditions suggest.

Every number is the protocol's (`[target]`): the trials' target, a lower first one for who may
need more care, and what may be chosen instead. A therapist's order goes before all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from backstride.records import Reason
from backstride.regimen.person import Chosen, Person
from backstride.regimen.protocol import Protocol


@dataclass(frozen=True)
class Goal:
    """Minutes a walk on days a week, and why. `is_first`: a lower one, to go on from when it is
    reached; `is_chosen`: the person's own word."""

    minutes: int
    days: int
    is_first: bool
    is_chosen: bool
    reasons: tuple[Reason, ...]


def target_of(rules: Protocol, person: Person) -> Goal:
    """The target that holds for `person`, on no more days than they have."""
    tested, chosen = rules.target, person.target
    if chosen is not None:
        minutes, days = chosen.minutes, chosen.days
        reason = rules.reason(f"target.{chosen.key}", minutes=minutes, days=days)
        reasons = [reason, rules.reason("target.chosen")]
    elif careful := _careful(rules, person):
        minutes, days = tested.first.minutes, tested.first.days
        reasons = [*careful, rules.reason("target.next")]
    else:
        minutes, days = tested.minutes, tested.days
        reasons = [rules.reason("target.tested", minutes=minutes, days=days)]
    free = len(person.available_weekdays)
    if free < days:
        days = free
        reasons.append(rules.reason("target.days", days=days))
    is_first = chosen is None and minutes * days < tested.minutes * min(tested.days, free)
    return Goal(minutes, days, is_first, chosen is not None, tuple(reasons))


def choices_of(rules: Protocol, person: Person) -> tuple[Chosen, ...]:
    """What this person may choose. Walks longer than the trials' aren't offered where the plan
    begins with the lower target."""
    most = most_minutes(rules, person)
    offered = (Chosen(key, *numbers) for key, numbers in rules.target.choices.items())
    return tuple(one for one in offered if one.minutes <= most)


def most_minutes(rules: Protocol, person: Person) -> int:
    """The longest walk that this person may choose, in minutes."""
    if _careful(rules, person):
        return rules.target.minutes
    return max(minutes for minutes, _ in rules.target.choices.values())


def _careful(rules: Protocol, person: Person) -> list[Reason]:
    """Why this person begins with the lower target; empty where nothing asks for it."""
    first, tested = rules.target.first, rules.target
    numbers = {"minutes": tested.minutes, "days": tested.days, "age": first.from_age}
    found = []
    if person.age is None:
        found.append(rules.reason("target.age_unknown", **numbers))
    elif person.age >= first.from_age:
        found.append(rules.reason("target.age", **numbers))
    if person.conditions & set(first.conditions):
        found.append(rules.reason("target.condition", **numbers))
    return found
