"""The demo: an invented walker and clinic, filled through the same doors as a real one.

Real are the recordings and the steps a day (see `sample_data`); invented is the diary.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

from django.conf import settings
from django.db import transaction

from backstride import regimen, sample_data, screening
from backstride.records import Disposition, Week
from backstride.web import demo_back
from backstride.web.clinic.models import Clinic, Staff
from backstride.web.imports import locks
from backstride.web.imports import services as imports
from backstride.web.imports.frames import days_frame
from backstride.web.journal.models import MedicineTaken, PainEntry, WalkDone
from backstride.web.journal.services import pain_frame, walks_frame
from backstride.web.people.models import User
from backstride.web.plan.models import PlannedWeek
from backstride.web.plan.services import person_of
from backstride.web.safety.models import ScreenRecord

WALKER = "demo-walker@backstride.invalid"
STAFF = "demo-clinic@backstride.invalid"
PLAN_WEEKS = 5  # they start after the flare week
FILES = ("axivity/ax3-610-steps.cwa", "apple-dogsheep/route.gpx", "apple-dogsheep/export.zip")


def fill() -> User:
    """The demo walker, made the first time it is asked for."""
    with locks.held("demo"):  # two who ask at once get the same one
        return _filled()


def _filled() -> User:
    existing = User.objects.filter(email=WALKER).first()
    if existing and existing.weeks.exists():
        return existing
    if existing:
        existing.delete()  # a fill that was cut short starts over
    walker = User.objects.create_user(
        WALKER, first_name="Robin", last_name="Demo", is_demo=True, zone=settings.TIME_ZONE
    )
    _bring_files(walker)
    with transaction.atomic():
        _answer_screen(walker, walker.today() - timedelta(days=2))
        _write_diary(walker)
        _plan_past_weeks(walker)
        demo_back.tell(walker)
    return walker


def open_clinic() -> tuple[User, str]:
    """The demo clinic's staff account, with a new password each time."""
    clinic, _ = Clinic.objects.get_or_create(
        name="Demo Back Clinic",
        defaults={"address": "1 Example Street", "phone": "555 0100", "is_demo": True},
    )
    staff = User.objects.filter(email=STAFF).first()
    if staff is None:
        staff = User.objects.create_user(
            STAFF, first_name="Sam", last_name="Demo", is_demo=True, zone=settings.TIME_ZONE
        )
        Staff.objects.create(user=staff, clinic=clinic)
    password = secrets.token_urlsafe(9)
    staff.set_password(password)
    staff.save()
    return staff, password


def _bring_files(walker: User) -> None:
    export = sample_data.demo_export(walker.today(), walker.zone)
    upload, _ = imports.receive(walker, BytesIO(export), "demo export (invented).zip")
    imports.process(upload)
    for name in FILES:
        upload, _ = imports.receive(walker, sample_data.path(name), name)
        imports.process(upload)


def _answer_screen(walker: User, day: date) -> None:
    """Every question with its least worrying answer; the back hurts now."""
    answers: dict[str, str | int] = {}
    known: dict[str, str | int] = {"birth_year": 1968, "pathway": "in_pain_now"}
    while (section := screening.next_section(answers, day)) is not None:
        for question in section.questions:
            calm = min(question.options, key=lambda option: option.worry, default=None)
            answers[question.id] = known.get(question.id) or str(calm.value if calm else "")
    result = screening.assess(answers, day)
    ScreenRecord.objects.create(
        user=walker,
        at=_at(walker, day, time(8, 0)),
        version=result.version,
        answers=answers,
        disposition=result.disposition,
    )


def _write_diary(walker: User) -> None:
    """Pain easing from about 5 to about 3, worse in the flare week; invented throughout."""
    dice = random.Random(20240414)  # noqa: S311 - not for secrets
    today = walker.today()
    flare_first, flare_last = sample_data.demo_flare(today)
    days = [today - timedelta(days=n) for n in range(69, 0, -1)]
    for number, day in enumerate(days):
        in_flare = flare_first <= day <= flare_last
        usual = 5.2 - 2.2 * number / len(days) + (1.6 if in_flare else 0)
        nprs = min(8, max(1, round(usual + dice.gauss(0, 0.5))))
        if dice.random() < (0.7 if number < len(days) - 14 else 1):
            _keep(PainEntry, walker, day, time(20, 10), nprs=nprs, is_flare=in_flare)
        if dice.random() < (0.55 if in_flare else 0.45 - 0.35 * number / len(days)):
            _keep(
                MedicineTaken, walker, day, time(9, 0), medicine="Ibuprofen", amount=200, unit="mg"
            )


def _plan_past_weeks(walker: User) -> None:
    """Weeks as the rules would have given them, each walked on most of its planned days."""
    start = walker.today() - timedelta(days=7 * (PLAN_WEEKS - 1) + 1)  # a walk is due today
    dice = random.Random(7)  # noqa: S311 - not for secrets
    for week in _weeks(walker, start):
        PlannedWeek.objects.create(user=walker, start=week.start, data=regimen.week_to_json(week))
        for walk in week.walks:
            if walk.day < walker.today() and dice.random() < 0.9:
                _keep(WalkDone, walker, walk.day, time(17, 40), minutes=walk.minutes)


def _weeks(walker: User, start: date) -> Iterator[Week]:
    person, weeks = person_of(walker), []
    first = regimen.baseline(days_frame(walker), start)
    screen = regimen.Screen(Disposition.WALK, start, light_only=False)
    weeks.append(regimen.first_week(first, person, screen, start))
    yield weeks[-1]
    while weeks[-1].end < walker.today():
        on = weeks[-1].end + timedelta(days=1)
        pain = pain_frame(walker)
        history = regimen.History(
            today=on,
            days=days_frame(walker),
            walks=walks_frame(walker),
            pain=pain.filter(pain["date"] <= on),
            weeks=tuple(weeks),
        )
        asked = regimen.Screen(Disposition.WALK, on, light_only=False)
        weeks.append(regimen.next_week(history, weeks[-1], person, asked))
        yield weeks[-1]


def _keep(model: type, walker: User, day: date, clock: time, **fields: object) -> None:
    model(user=walker, day=day, at=_at(walker, day, clock), **fields).save()


def _at(walker: User, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, walker.tz).astimezone(UTC)
