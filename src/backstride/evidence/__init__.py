"""What the data say about one person: described with their coverage, no cause claimed."""

from backstride.evidence.weekly import WEEKLY, sentence, weekly

__all__ = ["WEEKLY", "sentence", "weekly"]
