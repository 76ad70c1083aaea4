"""The plan in words: the same on a page and in the terminal."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backstride.records import PlannedRoutine, RoutineItem
from backstride.regimen.exercises import Kind, load

GROUND = {
    "flat": gettext_lazy("Flat ground and comfortable shoes."),
    "hills": gettext_lazy("Comfortable shoes. Take hills slowly, once flat ground feels easy."),
    "indoors": gettext_lazy("Indoors, a corridor or a treadmill does as well. Comfortable shoes."),
}
KINDS = {
    "start": gettext_lazy("Your first week"),
    "progress": gettext_lazy("A little more this week"),
    "hold": gettext_lazy("The same as last week"),
    "step_back": gettext_lazy("A little less this week"),
    "flare": gettext_lazy("Gently through the flare-up"),
    "restart": gettext_lazy("Starting again, gently"),
    "stop": gettext_lazy("No walks planned"),
}

UNITS = {
    "mg": "mg",
    "g": "g",
    "ml": "ml",
    "drops": gettext_lazy("drops"),
    "tablets": gettext_lazy("tablets"),
    "patch": gettext_lazy("patch"),
    "puff": gettext_lazy("puff"),
}
TIMER_WORDS = {  # what timer.js says; numbers take the place of #
    "ready": gettext_lazy("Get ready"),
    "set": gettext_lazy("Set # of #"),
    "first": gettext_lazy("first side"),
    "second": gettext_lazy("other side"),
    "hold": gettext_lazy("Hold"),
    "hold_of": gettext_lazy("Hold, # of #"),
    "release": gettext_lazy("Let go"),
    "times": gettext_lazy("# times, without hurry"),
    "next": gettext_lazy("That's done"),
    "rest": gettext_lazy("Rest as long as you like"),
    "go_on": gettext_lazy("Next set"),
    "done": gettext_lazy("Well done. How was it?"),
    "again": gettext_lazy("Once more"),
}


def pace(cadence: tuple[int, int] | None) -> str:
    """How brisk, in words."""
    if cadence is None:
        return _("Your own easy pace: you can talk in whole sentences.")
    low, high = cadence
    told = _("Brisk, about %(low)s to %(high)s steps a minute: you can still talk, but not sing.")
    return told % {"low": low, "high": high}


def dose(item: RoutineItem, *, sides: bool) -> str:
    """How much of an exercise, in words: "2 times 8 on each side, held for 5 seconds"."""
    times = _("%(reps)s times") % {"reps": item.reps}
    if item.sets > 1:
        times = _("%(sets)s times %(reps)s") % {"sets": item.sets, "reps": item.reps}
    if sides:
        times = _("%(times)s on each side") % {"times": times}
    if item.hold_s:
        held = ngettext(
            "%(times)s, held for %(hold_s)s second",
            "%(times)s, held for %(hold_s)s seconds",
            item.hold_s,
        )
        times = held % {"times": times, "hold_s": item.hold_s}
    return times


def beside(routine: PlannedRoutine | None) -> str:
    """What stands beside a day's walk, in a word or two."""
    kinds = {load()[item.exercise].kind for item in routine.items} if routine else set()
    if Kind.STRENGTH in kinds:
        return _("and strengthen")
    if Kind.STRETCH in kinds:
        return _("and stretch")
    return _("and loosen up") if kinds else ""
