"""What the demo walker told of their back: places, the day's questions, forms, notes.

All of it is invented, and follows the demo's invented pain: easing, worse in the flare.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from backstride import outcomes
from backstride.web.back.models import Note, PainPlaces, Sheet
from backstride.web.people.models import User

FORMS_FROM = 29  # days ago, when the first planned week began
ACTIVITIES = ("Walk to the shops", "Lift my grandson", "Work in the garden")
# What was ticked or answered at the start, and four weeks later.
RMDQ = (("2", "3", "5", "6", "9", "10", "11", "13", "17", "18", "21", "23"), ("2", "3", "10", "21"))
PSFS = ((3, 2, 4), (6, 4, 6))
NOTES = (
    (38, "The sofa is bad for it, the hard chair is fine."),
    (17, "First walk to the river and back since spring."),
    (3, "Ask Sam about the garden: how long may I kneel?"),
)


def tell(walker: User) -> None:
    """Write it all, as of the walker's today."""
    dice = random.Random(11)  # noqa: S311 - not for secrets
    for entry in walker.painentry_set.order_by("day"):
        if dice.random() < 0.8:
            PainPlaces.objects.create(entry=entry, places=_places(entry.nprs, dice))
        _day(walker, entry.day, entry.nprs, entry.is_flare, dice)
    _forms(walker)
    for ago, text in NOTES:
        day = walker.today() - timedelta(days=ago)
        Note.objects.create(user=walker, day=day, at=_at(walker, day), text=text)


def _places(nprs: int, dice: random.Random) -> list[str]:
    found = ["low_back_left"]
    found += ["low_back_middle"] if dice.random() < 0.5 else []
    found += ["buttock_left"] if nprs >= 4 else []
    found += ["thigh_back_left"] if nprs >= 6 else []
    return found


def _day(walker: User, day: date, nprs: int, in_flare: bool, dice: random.Random) -> None:
    """Mood, energy and sleep on most days, each a bit worse with the pain."""
    if dice.random() < 0.15:
        return
    mood = round(4.6 - 0.35 * nprs - 0.6 * in_flare + dice.gauss(0, 0.5))
    energy = round(4.4 - 0.3 * nprs - 0.5 * in_flare + dice.gauss(0, 0.6))
    sleep = round(8.6 - 0.7 * nprs + dice.gauss(0, 1.1))
    _keep(walker, day, "mood", {"mood": min(5, max(2, mood))})
    _keep(walker, day, "energy", {"energy": min(5, max(1, energy))})
    if dice.random() < 0.8:
        _keep(walker, day, "sleep", {"sleep": min(9, max(1, sleep))})


def _forms(walker: User) -> None:
    first = walker.today() - timedelta(days=FORMS_FROM)
    for week, pain in enumerate((5, 5, 4, 3)):  # the fifth week's is due
        answers = {"pain": pain, "enjoyment": pain, "activity": pain - week % 2}
        _keep(walker, first + timedelta(weeks=week), "peg", answers)
    for weeks, ticked, marks in zip((0, 4), RMDQ, PSFS, strict=True):
        day = first + timedelta(weeks=weeks)
        _keep(walker, day, "rmdq", dict.fromkeys(ticked, 1))
        items = outcomes.instrument("psfs").item_ids[: len(marks)]
        names = dict(zip(items, ACTIVITIES, strict=True))
        _keep(walker, day, "psfs", dict(zip(items, marks, strict=True)), names)
    _keep(walker, first, "phq2", {"interest": 1, "down": 1})
    _keep(walker, first, "work_days", {"work_days": 6})


def _keep(
    walker: User,
    day: date,
    key: str,
    answers: Mapping[str, int],
    names: Mapping[str, str] | None = None,
) -> None:
    form, at = outcomes.instrument(key), _at(walker, day)
    Sheet.objects.create(
        user=walker,
        instrument=key,
        version=form.version,
        begun_at=at,
        finished_at=at,
        day=day,
        answers=dict(answers),
        names=dict(names or {}),
        value=outcomes.score(form, answers).value,
    )


def _at(walker: User, day: date) -> datetime:
    return datetime.combine(day, time(20, 15), walker.tz).astimezone(UTC)
