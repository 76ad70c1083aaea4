"""The plan in words: the same on a page and in the terminal."""

from __future__ import annotations

from backstride.records import PlannedRoutine, RoutineItem
from backstride.regimen.exercises import Kind, load

GROUND = {
    "flat": "Flat ground and comfortable shoes.",
    "hills": "Comfortable shoes. Take hills slowly, once flat ground feels easy.",
    "indoors": "Indoors, a corridor or a treadmill does as well. Comfortable shoes.",
}
KINDS = {
    "start": "Your first week",
    "progress": "A little more this week",
    "hold": "The same as last week",
    "step_back": "A little less this week",
    "flare": "Gently through the flare-up",
    "restart": "Starting again, gently",
    "stop": "No walks planned",
}

TIMER_WORDS = {  # what timer.js says; numbers take the place of #
    "ready": "Get ready",
    "set": "Set # of #",
    "first": "first side",
    "second": "other side",
    "hold": "Hold",
    "hold_of": "Hold, # of #",
    "release": "Let go",
    "times": "# times, without hurry",
    "next": "That's done",
    "rest": "Rest as long as you like",
    "go_on": "Next set",
    "done": "Well done. How was it?",
    "again": "Once more",
}


def pace(cadence: tuple[int, int] | None) -> str:
    """How brisk, in words."""
    if cadence is None:
        return "Your own easy pace: you can talk in whole sentences."
    low, high = cadence
    return f"Brisk, about {low} to {high} steps a minute: you can still talk, but not sing."


def dose(item: RoutineItem, *, sides: bool) -> str:
    """How much of an exercise, in words: "2 times 8 on each side, held for 5 seconds"."""
    times = f"{item.sets} times {item.reps}" if item.sets > 1 else f"{item.reps} times"
    side = " on each side" if sides else ""
    held = f", held for {item.hold_s} seconds" if item.hold_s else ""
    return f"{times}{side}{held}"


def beside(routine: PlannedRoutine | None) -> str:
    """What stands beside a day's walk, in a word or two."""
    kinds = {load()[item.exercise].kind for item in routine.items} if routine else set()
    if Kind.STRENGTH in kinds:
        return "and strengthen"
    return "and stretch" if Kind.STRETCH in kinds else "and loosen up" if kinds else ""
