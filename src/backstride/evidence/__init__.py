"""What the data say about one person: described with their coverage, no cause claimed."""

from backstride.evidence.helps import (
    BLOCKS,
    COMPARED,
    DAYS_EACH,
    Comparison,
    Estimate,
    comparisons,
    in_short,
    told,
)
from backstride.evidence.streaks import Best, Streaks, WeekKept, bests, in_words, streaks
from backstride.evidence.weekly import WEEKLY, sentence, weekly

__all__ = [
    "BLOCKS",
    "COMPARED",
    "DAYS_EACH",
    "WEEKLY",
    "Best",
    "Comparison",
    "Estimate",
    "Streaks",
    "WeekKept",
    "bests",
    "comparisons",
    "in_short",
    "in_words",
    "sentence",
    "streaks",
    "told",
    "weekly",
]
