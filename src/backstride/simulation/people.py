"""The virtual walkers: who they are, what they do of a plan, when they leave it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backstride.simulation.luck import Bools, Floats, Ints, Luck
from backstride.simulation.parameters import Model

CAPACITY_SIGMA, TRAINABLE_SIGMA, BELIEF_SIGMA = 0.6, 0.4, 0.25  # log-normal spreads [ENG]
BELIEF = 0.85  # of the capacity: what people say they walk comfortably [ENG]
CONCENTRATION = 5.0  # of the beta distributions of shares [ENG]
EAGER_FACTOR = 1.4
OWN_WALK = 0.6  # of the capacity [ENG]
MEASURED = 0.5  # of people carry something that measures their walks [ENG]
LOGGED = 0.9  # of the others' walks are noted as done [ENG]
RECOVERED = 0.5  # of people had no pain when they began; the others 2 to 6 of 10 [ENG]
MAX_HARD = 2.0  # a plan past three times the capacity is no harder than that


@dataclass(frozen=True)
class People:
    """Traits, one entry a person.

    `age` in years; `capacity` in minutes a day at the start and `told`, what they say they
    walk comfortably; `level` their usual pain, 0 to 10; `recovered` whether they began
    without pain; `frailty` and `trainable` factors with mean about 1; `adherence` and
    `diary` shares; `eager` whether they walk more than asked; `usual_days` days a week with a
    walk of their own; `measured` whether something measures them.
    """

    age: Ints
    capacity: Floats
    told: Floats
    level: Floats
    recovered: Bools
    frailty: Floats
    trainable: Floats
    adherence: Floats
    diary: Floats
    eager: Bools
    usual_days: Floats
    measured: Bools

    def __len__(self) -> int:
        return len(self.age)


def population(model: Model, count: int, seed: int) -> People:
    """So many people as the model has them; the first ones are the same for any count.

    Raises ValueError for less than one.
    """
    if count < 1:
        raise ValueError(f"{count} people; expected 1 or more")
    rows = np.array([np.random.default_rng([seed, who]).random(16) for who in range(count)]).T
    normal = [_normal(row) for row in rows[:3]]
    capacity = np.clip(model["capacity"] * np.exp(CAPACITY_SIGMA * normal[0]), 3, 60)
    recovered = rows[3] < RECOVERED
    return People(
        age=np.clip(54 + 12 * _normal(rows[4]), 18, 90).astype(np.int64),  # WalkBack: mean 54
        capacity=capacity,
        told=np.clip(BELIEF * capacity * np.exp(BELIEF_SIGMA * normal[1]), 1, 90),
        level=np.where(recovered, rows[5], 2 + 4 * rows[5]),
        recovered=recovered,
        frailty=_gamma(model["flare_spread"], seed, count),
        trainable=np.exp(TRAINABLE_SIGMA * normal[2]),
        adherence=_beta(model["adherence"], seed, 1, count),
        diary=_beta(model["diary"], seed, 2, count),
        eager=rows[6] < model["eager"],
        usual_days=np.clip(2 * model["usual_days"] * rows[7], 0, 7),
        measured=rows[8] < MEASURED,
    )


def minutes_walked(
    model: Model, people: People, luck: Luck, day: int, planned: Floats, pain: Floats, back: Floats
) -> Floats:
    """Minutes each person walks today: what they do of `planned`, else perhaps a walk of
    their own. `pain` is this morning's, `back` what their back takes, in minutes."""
    draws = luck.day
    odds = np.log(people.adherence / (1 - people.adherence))
    odds -= model["pain_puts_off"] * np.maximum(pain - people.level, 0)
    odds -= model["hard_puts_off"] * too_hard(planned, back)
    goes = (planned > 0) & (draws["walk"][:, day] < 1 / (1 + np.exp(-odds)))
    asked = planned * np.where(people.eager, EAGER_FACTOR, 1.0)
    asked = asked * np.clip(1 + 0.1 * draws["minutes"][:, day], 0.7, 1.3)
    own = draws["usual"][:, day] < people.usual_days / 7
    alone = np.where(own & ~goes, OWN_WALK * np.minimum(back, people.capacity), 0.0)
    return np.where(goes, np.minimum(asked, back * (1 + model["push"])), alone)


def too_hard(planned: Floats, back: Floats) -> Floats:
    """How far a plan lies past what the back takes: 0 within it, 1 at twice of it."""
    past: Floats = planned / back - 1
    return np.clip(past, 0, MAX_HARD)


def leaves(model: Model, luck: Luck, week: int, hard: Floats, flared: Bools) -> Bools:
    """Who gives the plan up after this week, by how hard it was and whether there was a flare."""
    hazard = model["drop_hazard"] * np.exp(
        model["hard_drops"] * hard + model["flare_drops"] * flared
    )
    return luck.week["drop"][:, week] < -np.expm1(-hazard)


def away_for(model: Model, luck: Luck, week: int) -> Ints:
    """Weeks of a break that begins now: 0 for most, else 1 to 3."""
    starts = luck.week["pause"][:, week] < model["pause_hazard"]
    weeks = 1 + np.floor(3 * luck.week["pause_length"][:, week])
    return np.where(starts, weeks, 0).astype(np.int64)


def _normal(uniform: Floats) -> Floats:
    """Standard normal values by the logistic quantile, near enough for traits."""
    inside = np.clip(uniform, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(inside / (1 - inside)) / 1.702, dtype=np.float64)


def _gamma(variance: float, seed: int, count: int) -> Floats:
    if variance <= 0:
        return np.ones(count)
    shape = 1 / variance
    draws = [np.random.default_rng([seed, 3, who]).gamma(shape, variance) for who in range(count)]
    return np.array(draws)


def _beta(mean: float, seed: int, which: int, count: int) -> Floats:
    mean = min(max(mean, 0.02), 0.98)
    a, b = CONCENTRATION * mean, CONCENTRATION * (1 - mean)
    draws = [np.random.default_rng([seed, 4, which, who]).beta(a, b) for who in range(count)]
    shares: Floats = np.array(draws)
    return np.minimum(np.maximum(shares, 0.02), 0.98)
