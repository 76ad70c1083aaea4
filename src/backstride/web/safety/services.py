"""What a walker's answers to the safety screen come to today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backstride.records import Disposition, Reason


@dataclass(frozen=True)
class Standing:
    """Where a walker stands with the safety screen.

    `why_ask` is the reason to answer it (again), None when the last answers still hold.
    """

    disposition: Disposition | None
    on: date | None
    why_ask: Reason | None

    @property
    def is_locked(self) -> bool:
        return self.disposition is not None and not self.disposition.may_walk


def standing(user) -> Standing:
    raise NotImplementedError
