"""What the data say about one person: described with their coverage, no cause claimed."""

from backstride.evidence.medicine import medicine_days
from backstride.evidence.weekly import WEEKLY, sentence, weekly

__all__ = ["WEEKLY", "medicine_days", "sentence", "weekly"]
