"""Which reminders are sent now: few, never in quiet hours, fewer when nobody takes them up.

Source: clinical-facts 9 (HeartSteps, Klasnja 2019: the effect of a prompt fades; so at most
one or two a day, varied, declined with a tap, none in a flare or at night). How they fall is
ours [ENG]. Appointments are facts, not prompts: they are told whatever the number, but count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST = 2  # prompts a day
APART = timedelta(hours=2)  # between two of them
GRACE = timedelta(hours=2)  # later than this a prompt is stale: after a machine was off
FEW_IGNORED = 3  # from here on one a day
# Days until the next of a kind, by how many in a row weren't taken up; then none.
GAPS = (1, 1, 2, 2, 4, 4, 7, 7)


class Kind(StrEnum):
    """What is reminded of, the most important first."""

    APPOINTMENT_HOUR = "appointment_hour"
    APPOINTMENT_DAY = "appointment_day"
    WALK = "walk"
    SCREEN = "screen"
    WEEK = "week"
    FORMS = "forms"
    CHECK_IN = "check_in"

    @property
    def is_appointment(self) -> bool:
        return self in {Kind.APPOINTMENT_HOUR, Kind.APPOINTMENT_DAY}


ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Prompt:
    """Something to remind of: from `at` on, and no more from `until` on (UTC instants).

    `key` names it once and for all: nothing is told twice.
    """

    kind: Kind
    key: str
    at: datetime
    until: datetime


@dataclass(frozen=True)
class Told:
    """A reminder that was sent; `at` in UTC, `day` on the walker's own calendar."""

    kind: Kind
    key: str
    at: datetime
    day: date


@dataclass(frozen=True)
class Limits:
    """The walker's own: at most `most` prompts a day, none from `quiet_from` to `quiet_to` by
    the clock in `zone`. Both the same is no quiet."""

    most: int
    quiet_from: time
    quiet_to: time
    zone: ZoneInfo


def is_quiet(clock: time, limits: Limits) -> bool:
    """Whether it is quiet at this time of the walker's clock."""
    begin, end = limits.quiet_from, limits.quiet_to
    if begin <= end:
        return begin <= clock < end
    return clock >= begin or clock < end


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a time on a local day: where clocks skip it, an hour later by the
    clock; where it comes twice, the first."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def awake(at: datetime, limits: Limits) -> datetime:
    """`at`, or the end of the quiet hours it falls in (a UTC instant)."""
    local = at.astimezone(limits.zone)
    if not is_quiet(local.time(), limits):
        return at
    day = local.date() + timedelta(days=local.time() >= limits.quiet_to)
    end = datetime.combine(day, limits.quiet_to, limits.zone)
    return max(end.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def ignored(kind: Kind, told: Iterable[Told], acts: Mapping[Kind, date], today: date) -> int:
    """How many prompts of a kind, before today, weren't taken up since it was last done.

    `acts` are the days on which it was last done, reminded or not.
    """
    since = acts.get(kind, date.min)
    return sum(one.kind is kind and since < one.day < today for one in told)


def is_resting(kind: Kind, told: Iterable[Told], acts: Mapping[Kind, date], today: date) -> bool:
    """Whether a kind is given a rest today, for the last ones weren't taken up."""
    rows = [one for one in told if one.kind is kind]
    last = max((one.day for one in rows), default=None)
    count = ignored(kind, rows, acts, today)
    if last is None or count == 0:
        return False
    return count >= len(GAPS) or (today - last).days < GAPS[count]


def has_stopped(kind: Kind, told: Iterable[Told], acts: Mapping[Kind, date], today: date) -> bool:
    """Whether none comes any more until the walker does it, or chooses anew."""
    return ignored(kind, told, acts, today) >= len(GAPS)


def most_today(told: Sequence[Told], acts: Mapping[Kind, date], limits: Limits, today: date) -> int:
    """How many prompts there may be today: one where the last few weren't taken up."""
    passed = sum(ignored(kind, told, acts, today) for kind in Kind if not kind.is_appointment)
    return min(limits.most, 1) if passed >= FEW_IGNORED else min(limits.most, MOST)


def due(
    prompts: Iterable[Prompt],
    told: Sequence[Told],
    acts: Mapping[Kind, date],
    now: datetime,
    limits: Limits,
) -> tuple[Prompt, ...]:
    """What is to be sent at `now`, by importance: every appointment's, and one prompt at most.

    `prompts` are all that today asks for; one that comes later today keeps its place before a
    less important one that could be sent now. `told` is what was sent before: today, yesterday,
    and all that wasn't taken up since it was last done; `acts` as in `ignored`.
    """
    local = now.astimezone(limits.zone)
    if is_quiet(local.time(), limits):
        return ()
    today, known = local.date(), {one.key for one in told}
    places = most_today(told, acts, limits, today) - sum(one.day == today for one in told)
    crowded = any(not one.kind.is_appointment and now - one.at < APART for one in told)
    chosen: list[Prompt] = []
    for prompt in sorted(prompts, key=lambda one: (ORDER[one.kind], one.at, one.key)):
        if prompt.key in known or now >= prompt.until or _comes_later(prompt, today, limits):
            continue
        is_now = prompt.at <= now
        if prompt.kind.is_appointment:
            places -= 1
            chosen += [prompt] if is_now else []
        elif places > 0 and not is_resting(prompt.kind, told, acts, today):
            places -= 1
            if is_now and not crowded:
                chosen.append(prompt)
                crowded = True
    return tuple(chosen)


def _comes_later(prompt: Prompt, today: date, limits: Limits) -> bool:
    return prompt.at.astimezone(limits.zone).date() > today


def before_appointment(
    key: str, start: datetime, given: datetime, limits: Limits
) -> tuple[Prompt, ...]:
    """A reminder a day before `start`, at the same time by the clock, and one an hour before.

    One that falls into quiet hours comes when they end, if that is early enough: for the first
    2 hours before, for the second before the start. None is for a time before the appointment
    was `given`. All instants are UTC.
    """
    local = start.astimezone(limits.zone)
    a_day = moment(local.date() - timedelta(days=1), local.time(), limits.zone)
    wished = (
        Prompt(Kind.APPOINTMENT_DAY, f"day:{key}", awake(a_day, limits), start - GRACE),
        Prompt(
            Kind.APPOINTMENT_HOUR,
            f"hour:{key}",
            awake(start - timedelta(hours=1), limits),
            start,
        ),
    )
    return tuple(one for one in wished if given <= one.at < one.until)
