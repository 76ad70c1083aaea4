"""A walker's devices and other sources, and whose steps count where several saw the same walk.

An order changes nothing by itself: the days are worked out anew by `tasks.rebuild_days`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from backstride.imports.merge import DEVICES
from backstride.web.imports.days import order_of
from backstride.web.imports.models import SourceOrder
from backstride.web.imports.report import DEVICE_WORDS
from backstride.web.people.models import User
from backstride.words import listed


@dataclass
class Seen:
    """What one source saw, as if there were no other.

    `devices` is of `imports.merge.DEVICES`, `steps` None where it counts none; on
    `days_alone` of its `days` no other source saw anything.
    """

    name: str
    devices: set[str] = field(default_factory=set)
    days: int = 0
    days_alone: int = 0
    steps: int | None = None

    @property
    def usual_place(self) -> tuple[int, str]:
        """Sorts as `imports.merge` does: by device, then by name."""
        return min(map(DEVICES.index, self.devices)), self.name

    @property
    def in_words(self) -> str:
        """What kind of device it is; two where two have the same name."""
        words = [str(DEVICE_WORDS[device]) for device in DEVICES if device in self.devices]
        return str(listed(words)).capitalize()

    @property
    def key(self) -> str:
        """Names it within a page, wherever it stands."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:12]

    @property
    def up_id(self) -> str:
        return f"up-{self.key}"

    @property
    def down_id(self) -> str:
        return f"down-{self.key}"


def devices_of(user: User) -> list[Seen]:
    """All sources that the walker's days know, in the order in which they are preferred."""
    found: dict[str, Seen] = {}
    for seen in user.days.values_list("seen", flat=True):
        names = {entry["source"] for entry in seen}
        for name in names:
            source = found.setdefault(name, Seen(name))
            source.days += 1
            source.days_alone += len(names) == 1
        for entry in seen:
            _add(found[entry["source"]], entry)
    places = {name: place for place, name in enumerate(order_of(user))}
    last = len(places)
    return sorted(found.values(), key=lambda one: (places.get(one.name, last), one.usual_place))


def _add(source: Seen, entry: dict[str, str | int | None]) -> None:
    source.devices.add(entry["device"])
    if entry["steps"] is not None:
        source.steps = (source.steps or 0) + entry["steps"]


def has_own_order(user: User) -> bool:
    return user.source_order.exists()


def move(user: User, name: str, *, up: bool) -> int | None:
    """Put a source one place higher or lower; its new place, None where nothing changed."""
    names = [source.name for source in devices_of(user)]
    if name not in names:
        return None
    place = names.index(name)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(names):
        return None
    names[place], names[other] = names[other], names[place]
    put_in_order(user, names)
    return other


@transaction.atomic
def put_in_order(user: User, names: Iterable[str]) -> None:
    """Make this the walker's own order; none at all is the usual one again.

    A source that it doesn't name comes after those it names, in its usual place by device.
    """
    user.source_order.all().delete()
    SourceOrder.objects.bulk_create(
        SourceOrder(user=user, place=place, source=name) for place, name in enumerate(names)
    )
