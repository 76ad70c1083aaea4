"""The plan in words: the same on a page and in the terminal."""

from __future__ import annotations

from datetime import time

WALK_AT = time(9, 0)  # where a calendar wants a time; the walker moves it there
KINDS = {
    "start": "Your first week",
    "progress": "A little more this week",
    "hold": "The same as last week",
    "step_back": "A little less this week",
    "flare": "Gently through the flare-up",
    "restart": "Starting again, gently",
    "stop": "No walks planned",
}


def pace(cadence: tuple[int, int] | None) -> str:
    """How brisk, in words."""
    if cadence is None:
        return "Your own easy pace: you can talk in whole sentences."
    low, high = cadence
    return f"Brisk, about {low} to {high} steps a minute: you can still talk, but not sing."
