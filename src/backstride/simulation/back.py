"""How a back answers to walking: written apart from the regimen, which it knows nothing of.

A back takes so many minutes a day, its capacity. Each day a flare may begin, with a chance
that a walk past the capacity (overload), or a week far above the last four (a spike), raises,
and regular walking lowers. Capacity grows with walks it takes, shrinks with rest; the models
of `parameters.toml` differ in how much of each there is. No such model is known to be true
of anyone's back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backstride.simulation.luck import Bools, Floats, Luck
from backstride.simulation.parameters import Model
from backstride.simulation.people import People

LOWEST, HIGHEST = 3.0, 90.0  # minutes a day that a capacity can be [ENG]
FLOOR = 0.6  # of the first capacity, which daily life keeps up [ENG]
DAILY_LIFE_MIN = 5.0  # minutes a day beside walks, so that no ratio is over nothing [ENG]
SPIKE_FROM = 1.5  # the ratio from which sport counts a week as sudden
BENEFIT_MIN = 130.0  # minutes a week at which the benefit is whole (WalkBack, week 12)
MOST_OVERLOAD = 1.5  # pain grows no further past this
PERSISTENCE = 0.6  # of yesterday's deviation of pain [ENG]
LONGEST_FLARE = 60
LENGTH_SIGMA, RISE_SIGMA = 0.7, 0.35  # log-normal spreads [ENG]


@dataclass(frozen=True)
class Felt:
    """A day's true pain, 0 to 10, before it is written down, and how much a walk was too much
    (0 up to the capacity, 1 at twice of it)."""

    during: Floats
    overload: Floats


class Back:
    """The backs of all walkers, day by day. Arrays have one entry a person.

    Call `wake` first each day, which sets `pain` (at rest, in the morning), `flaring`,
    `began` and `chance` (that one would begin today, 0 in a flare); then `walk` with the
    minutes walked.
    """

    def __init__(self, model: Model, people: People, luck: Luck) -> None:
        count = len(people)
        self._model, self._people, self._luck = model, people, luck
        self.capacity: Floats = people.capacity.copy()
        self.pain: Floats = people.level.copy()
        self.began: Bools = np.zeros(count, dtype=bool)
        self.chance: Floats = np.zeros(count)
        self._flare_left: Floats = np.zeros(count)
        self._flare_rise: Floats = np.zeros(count)
        self._deviation: Floats = np.zeros(count)
        self._sore: Floats = np.zeros(count)
        days = int(model["delay_to"]) + 1
        self._overloads: Floats = np.zeros((max(days, 1), count))  # newest first
        own = people.usual_days * 0.6 * people.capacity / 7
        self._acute: Floats = own + DAILY_LIFE_MIN
        self._chronic: Floats = own + DAILY_LIFE_MIN

    @property
    def flaring(self) -> Bools:
        return self._flare_left > 0

    def wake(self, day: int) -> None:
        """A new morning: a flare may begin or end, pain moves."""
        luck, model = self._luck.day, self._model
        self._flare_left = np.maximum(self._flare_left - 1, 0)
        self.chance = np.where(self.flaring, 0.0, -np.expm1(-self.hazard()))
        self.began = luck["flare"][:, day] < self.chance
        length = np.exp(np.log(model["flare_days"]) + LENGTH_SIGMA * luck["length"][:, day])
        rise = model["flare_rise"] * np.exp(RISE_SIGMA * luck["rise"][:, day])
        self._flare_left = np.where(
            self.began, np.clip(np.ceil(length), 1, LONGEST_FLARE), self._flare_left
        )
        self._flare_rise = np.where(self.began, np.clip(rise, 2, 7), self._flare_rise)
        moved = model["restless"] * luck["level"][:, day]
        self._deviation = PERSISTENCE * self._deviation + moved
        raised = np.where(self.flaring, self._flare_rise, 0.0) + self._sore
        self.pain = np.clip(self._people.level + self._deviation + raised, 0, 10)

    def hazard(self) -> Floats:
        """The chance rate of a flare, a day, from what was walked up to yesterday."""
        model = self._model
        late = self._overloads[int(model["delay_from"]) :]
        overload = late.mean(axis=0) if len(late) else np.zeros_like(self.pain)
        spike = np.maximum(self._acute / self._chronic - SPIKE_FROM, 0)
        week = (self._chronic - DAILY_LIFE_MIN) * 7
        calm = 1 - model["benefit"] * np.minimum(week / BENEFIT_MIN, 1)
        load = 1 + model["overload_slope"] * overload + model["spike_slope"] * spike
        hazard: Floats = model["flare_hazard"] * self._people.frailty * calm * load
        return hazard

    def walk(self, minutes: Floats) -> Felt:
        """What so many minutes today do: pain during the walk, soreness, a changed capacity."""
        model = self._model
        overload = np.maximum(minutes / self.capacity - 1, 0)
        felt = model["sting"] * np.minimum(overload, MOST_OVERLOAD)
        during = np.clip(self.pain + felt, 0, 10)
        self._sore = felt / 2
        self._overloads = np.roll(self._overloads, 1, axis=0)
        self._overloads[0] = overload
        self._adapt(minutes, overload)
        self._acute += (minutes + DAILY_LIFE_MIN - self._acute) * 2 / (7 + 1)
        self._chronic += (minutes + DAILY_LIFE_MIN - self._chronic) * 2 / (28 + 1)
        return Felt(during, overload)

    def _adapt(self, minutes: Floats, overload: Floats) -> None:
        model, capacity = self._model, self.capacity
        used = np.minimum(minutes / capacity, 1)
        room = np.maximum(1 - capacity / HIGHEST, 0)
        gain = np.where(self.flaring, 0, model["gain"] * self._people.trainable * used * room)
        spare = np.maximum(capacity - FLOOR * self._people.capacity, 0)
        lost = model["loss"] * (1 - used) * spare
        worn = (model["drift"] + model["harm"] * np.minimum(overload, MOST_OVERLOAD)) * capacity
        self.capacity = np.clip(capacity * (1 + gain) - lost - worn, LOWEST, HIGHEST)
