"""What the walkers write down and what measures them: all that a regimen can know."""

from __future__ import annotations

import numpy as np

from backstride.simulation.back import Back, Felt
from backstride.simulation.luck import Bools, Floats, Luck
from backstride.simulation.parameters import Model
from backstride.simulation.people import LOGGED, People

NOTHING = -1  # no note
MOMENTS = ("before_walk", "during_walk", "next_morning", "now")


class Diary:
    """Notes by person and day. `pain[moment]` holds whole ratings or NOTHING; `flare` whether
    a flare was noted; `logged` minutes said to be walked and `measured` minutes walked in one
    go, both nan where there is none."""

    def __init__(self, model: Model, people: People, luck: Luck, days: int) -> None:
        shape = (len(people), days)
        self._model, self._people, self._luck = model, people, luck
        self.pain = {moment: np.full(shape, NOTHING, dtype=np.int64) for moment in MOMENTS}
        self.flare: Bools = np.zeros(shape, dtype=bool)
        self.logged: Floats = np.full(shape, np.nan)
        self.measured: Floats = np.full(shape, np.nan)
        self._tells: Bools = np.zeros(len(people), dtype=bool)
        self._walked: Bools = np.zeros(len(people), dtype=bool)

    def note(self, day: int, back: Back, felt: Felt, minutes: Floats, here: Bools) -> None:
        """Write the day of those who are `here` (not away and still with the plan)."""
        draws, people = self._luck.day, self._people
        starts = back.began & (draws["tell"][:, day] < self._model["tells_flare"])
        self._tells = np.where(back.flaring, self._tells | starts, False)
        writes = here & (draws["note"][:, day] < people.diary)
        walks = minutes > 0
        self._rate(day, "next_morning", writes & self._walked, back.pain, "morning")
        self._rate(day, "before_walk", writes & walks, back.pain, "before")
        self._rate(day, "during_walk", writes & walks, felt.during, "during")
        self._rate(day, "now", writes & ~walks, back.pain, "now")
        self.flare[:, day] = writes & self._tells
        logs = here & walks & ~people.measured & (draws["log"][:, day] < LOGGED)
        self.logged[:, day] = np.where(logs, minutes, np.nan)
        self.measured[:, day] = np.where(people.measured, minutes, np.nan)
        self._walked = walks

    def _rate(self, day: int, moment: str, who: Bools, pain: Floats, draw: str) -> None:
        draws, model = self._luck.day, self._model
        hidden = draws["hide"][:, day] < model["hides"]
        shown = np.where(hidden, np.minimum(pain, self._people.level), pain)
        noisy = shown + model["noise"] * draws[draw][:, day]
        rating = np.clip(np.rint(noisy), 0, 10).astype(np.int64)
        self.pain[moment][:, day] = np.where(who, rating, NOTHING)
