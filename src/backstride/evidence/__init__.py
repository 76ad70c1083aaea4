"""What the data say about one person: described with their coverage, no cause claimed."""

from backstride.evidence.streaks import Best, Streaks, WeekKept, bests, in_words, streaks
from backstride.evidence.weekly import WEEKLY, sentence, weekly

__all__ = [
    "WEEKLY",
    "Best",
    "Streaks",
    "WeekKept",
    "bests",
    "in_words",
    "sentence",
    "streaks",
    "weekly",
]
