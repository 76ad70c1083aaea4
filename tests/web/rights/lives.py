"""People who have used everything there is."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

from django.utils import timezone

from backstride import regimen
from backstride.records import Decision, DecisionKind, Dose, PlannedWalk, Reason, Week
from backstride.web.back.models import EpisodeTold, MobilityResult, Note, PainPlaces, Sheet
from backstride.web.clinic.models import Appointment, AppointmentRequest, Clinic, Mail, Staff
from backstride.web.help.models import CardRead
from backstride.web.imports import services
from backstride.web.imports.models import SourceOrder
from backstride.web.journal.models import ExerciseDone, MedicineTaken, PainEntry, WalkDone
from backstride.web.people.models import User, audit
from backstride.web.plan.models import PlanChange, PlannedWeek, Preferences, TherapistOrder
from backstride.web.reminders.models import Choices, Sent
from backstride.web.safety.models import Clearance
from backstride.web.sharing import services as sharing
from backstride.web.walk.models import LiveWalk
from web import helpers
from web.imports import exports

SECRET = "疼痛 the heron by the canal, ΩЖ"  # a note that is found wherever it lies
FILE = exports.walks(3)


def fill(user: User, word: str = SECRET) -> User:
    """Put a row of this person's into every table, `word` into every text."""
    day = user.today()
    pain = PainEntry.objects.create(user=user, day=day, nprs=4)
    PainPlaces.objects.create(entry=pain, places=["low_back"])
    LiveWalk.objects.create(
        user=user, key=uuid4(), started_at=timezone.now(), ended_at=timezone.now(), live_steps=99
    )
    CardRead.objects.create(user=user, card="pacing")
    WalkDone.objects.create(user=user, day=day, minutes=20)
    ExerciseDone.objects.create(user=user, day=day, exercise="cat_cow")
    MedicineTaken.objects.create(user=user, day=day, medicine=word, amount=400)
    MobilityResult.objects.create(user=user, day=day, test="chair_stand_30s", value=12)
    Note.objects.create(user=user, day=day, text=word)
    CardRead.objects.create(user=user, card="how-to-walk")
    EpisodeTold.objects.create(user=user, start=day)
    Sheet.objects.create(
        user=user, instrument="psfs", version="1", day=day, names={"a": word}, value=3.0,
        finished_at=timezone.now(),
    )  # fmt: skip
    Clearance.objects.create(user=user, seen_on=day, clinician=word)
    Preferences.objects.create(user=user)
    PlannedWeek.objects.create(user=user, start=day, data=regimen.week_to_json(_week(day, word)))
    PlanChange.objects.create(user=user, kind="away", day=day, to=day)
    TherapistOrder.objects.create(user=user, given_by=word, on=day, why=word)
    Choices.objects.create(user=user, learned={"0": "17:30"})
    Sent.objects.create(user=user, key=f"walk:{day}", kind="walk", day=day)
    SourceOrder.objects.create(user=user, place=0, source=word)
    services.say_usual(user, 20, 4)
    upload, _ = services.receive(user, BytesIO(FILE), "my/walks\\of.xml")
    services.process(upload)
    _ask_clinic(user, word)
    seen, _ = sharing.give(user, "link", sharing.Terms(["notes"], day, day), name=word)
    audit(None, user, "looked", word, seen)
    return user


def _week(day: date, word: str) -> Week:
    decision = Decision(DecisionKind.START, (Reason("start", word, "told"),))
    walk = PlannedWalk(day, 20, 1, None)
    return Week(day, 1, "walkback", Dose(20, 4), (walk,), decision)


def therapist() -> User:
    clinic, _ = Clinic.objects.get_or_create(name="Back Clinic")
    found = User.objects.filter(email="thea@clinic.example").first()
    if found is None:
        found = helpers.make_user("thea@clinic.example")
        Staff.objects.create(user=found, clinic=clinic)
    return found


def _ask_clinic(user: User, word: str) -> None:
    staff = therapist()
    asked = AppointmentRequest.objects.create(
        walker=user, clinic=staff.staff.clinic, message=word, story={"contact": {"name": word}},
        state="answered",
    )  # fmt: skip
    Appointment.objects.create(
        request=asked, uid=f"{asked.pk}@backstride", start=timezone.now() + timedelta(days=3),
        organizer_email=staff.email, given_by=staff,
    )  # fmt: skip
    Mail.objects.create(request=asked, recipient=user, kind="given", link="/x", state="sent")
