"""The word that gates everything: what the safety screen came to."""

from __future__ import annotations

from enum import IntEnum


class Disposition(IntEnum):
    """What a person should do, the more urgent the higher (clinical-details section 1.11)."""

    WALK = 0
    THERAPIST = 1
    SAME_DAY = 2
    EMERGENCY_NOW = 3

    @property
    def may_walk(self) -> bool:
        """Whether a plan may exist at all."""
        return self <= Disposition.THERAPIST
