"""What a calendar app reads at the walker's secret address."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from backstride.interop.feed import Entry, feed_ics
from backstride.records import PlannedWalk, Week
from backstride.web.plan import services as plan
from backstride.web.plan.words import GROUND
from backstride.web.reminders import asking, learning, services
from backstride.web.reminders.models import Choices, Feed
from backstride.web.safety.services import standing

BACK = timedelta(weeks=4)
NOTED_AGAIN = timedelta(minutes=10)


def of(user) -> bytes:
    """Walks of the last weeks and of the running one, and appointments, as iCalendar.

    The walks to come are left out while the safety screen is open or says stop. Alarms are
    for what the walker is reminded of.
    """
    chosen = services.choices_of(user)
    entries = [*_walks(chosen), *_appointments(chosen)]
    return feed_ics(entries, content=chosen.content)


def _walks(chosen: Choices) -> list[Entry]:
    user, today = chosen.user, chosen.user.today()
    place = standing(user)
    is_open = not place.is_locked and place.why_ask is None
    weeks = [week for week in plan.weeks_of(user) if week.end >= today - BACK]
    running = plan.running_week(user, today) if is_open else None
    if running is not None:
        weeks = [running if week.start == running.start else week for week in weeks]
    walks = {walk.day: (walk, week) for week in weeks for walk in week.walks}
    shown = (walks[day] for day in sorted(walks) if day < today or is_open)
    return [_walk(chosen, walk, week) for walk, week in shown]


def _walk(chosen: Choices, walk: PlannedWalk, week: Week) -> Entry:
    preferred = plan.preferences_of(chosen.user)
    usual = learning.learned_time(chosen, walk.day) or preferred.walk_at
    return Entry(
        uid=f"walk-{walk.day:%Y%m%d}-walker-{chosen.user.pk}@backstride",
        start=asking.moment(walk.day, usual, chosen.user.tz),
        minutes=walk.minutes,
        plain="Backstride",
        summary=_("Walk %(minutes)s min") % {"minutes": walk.minutes},
        description=str(GROUND[preferred.ground]),
        alarms_min=(10,) if chosen.walk else (),
    )


def _appointments(chosen: Choices) -> list[Entry]:
    since: datetime = timezone.now() - BACK
    return [
        Entry(
            uid=row.uid,
            start=row.start,
            minutes=row.minutes,
            plain=_("Appointment"),
            summary=_("Physical therapy appointment"),
            location=row.location,
            sequence=row.sequence,
            busy=True,
            alarms_min=(24 * 60, 60) if chosen.appointments else (),
        )
        for row in asking.appointments_of(chosen.user, since)
    ]


def note_read(feed: Feed) -> None:
    """Keep when it was last read, so that the walker sees whether someone still does."""
    now = timezone.now()
    if feed.read_at is None or now - feed.read_at > NOTED_AGAIN:
        Feed.objects.filter(pk=feed.pk).update(read_at=now)
