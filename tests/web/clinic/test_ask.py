"""Asking: what is ticked is sent, as it was previewed, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from backstride.records import Decision, DecisionKind, Dose, PlannedWalk, Reason, Week
from backstride.regimen import week_to_json
from backstride.web.clinic.models import AppointmentRequest, Clinic, Staff
from backstride.web.clinic.story import PARTS
from backstride.web.imports.models import Day
from backstride.web.journal.models import MedicineTaken, PainEntry
from backstride.web.plan.models import PlannedWeek
from web import helpers

ASK = "/clinic/appointments/ask/"
KEYS = [part.key for part in PARTS]


@pytest.fixture
def full_walker(cleared_walker):
    """A walker with something in every part."""
    today = cleared_walker.today()
    PainEntry.objects.create(user=cleared_walker, day=today, nprs=3)
    Day.objects.create(user=cleared_walker, date=today - timedelta(days=1), steps=4321)
    MedicineTaken.objects.create(
        user=cleared_walker, day=today, medicine="Ibuprofen", amount=400, unit="mg"
    )
    cleared_walker.mobility.create(test="chair_stand_30s", value=11, day=today)
    now = timezone.now()
    for key, value in (("rmdq", 9.0), ("mood", 2.0)):
        cleared_walker.sheets.create(
            instrument=key, version="1", day=today, value=value, finished_at=now
        )
    cleared_walker.note_set.create(day=today, text="the heron again")
    reason = Reason("entry.told", "You told us.", "clinical-facts 1.3")
    week = Week(
        start=today,
        number=1,
        protocol="walkback",
        dose=Dose(17, 1),
        walks=(PlannedWalk(today, 17, 1, None),),
        decision=Decision(DecisionKind.START, (reason,)),
    )
    PlannedWeek.objects.create(user=cleared_walker, start=today, data=week_to_json(week))
    return cleared_walker


def filled(client, clinic, share=(), **fields):
    """The form as a browser sends it, its hidden fingerprints included."""
    page = client.get(ASK).content.decode()
    seen = dict(re.findall(r'name="(seen_\w+)" value="(\w+)"', page))
    words = {"clinic": clinic.pk, "name": "Wanda Walker", "message": "It hurts."}
    return words | seen | {"share": list(share)} | fields


@pytest.mark.parametrize("ticked", [[], *([key] for key in KEYS), KEYS])
def test_only_ticked_parts_are_stored(ticked, full_walker, clinic, staff, browse):
    client = browse(full_walker)
    client.post(ASK, filled(client, clinic, ticked))
    asked = AppointmentRequest.objects.get()
    assert set(asked.story) == {"contact", *ticked}
    assert set(asked.shares) == set(ticked)
    stored = json.dumps(asked.story)
    for key, trace in {
        "walking": "4321",
        "medicine": "Ibuprofen",
        "week": '"minutes": 17',
        "mobility": "from a chair",
        "forms": '"high": 24',
        "mood": '"low"',
        "notes": "the heron again",
    }.items():
        assert (trace in stored) == (key in ticked), key


def test_the_contact_is_what_was_typed(full_walker, clinic, staff, browse):
    client = browse(full_walker)
    client.post(ASK, filled(client, clinic, name="W. Walker", phone="030 1234"))
    assert AppointmentRequest.objects.get().story["contact"] == {
        "name": "W. Walker",
        "email": "walker@example.org",
        "phone": "030 1234",
        "zone": "Europe/Berlin",
    }


def test_nothing_is_ticked_for_the_walker(full_walker, clinic, staff, browse):
    page = browse(full_walker).get(ASK).content.decode()
    assert page.count('name="share"') == len(KEYS)
    assert "checked" not in page


def test_the_preview_shows_what_the_clinic_gets(full_walker, clinic, staff, browse):
    client = browse(full_walker)
    preview = client.get(ASK).content.decode()
    client.post(ASK, filled(client, clinic, KEYS))
    received = browse(staff).get(f"/clinic/inbox/{AppointmentRequest.objects.get().pk}/")
    tables = re.compile(r'<dl class="facts">.*?</dl>|<table>.*?</table>', re.S)
    shown = tables.findall(preview)
    assert len(shown) >= len(KEYS)
    assert set(shown) <= set(tables.findall(received.content.decode()))


def test_a_snapshot_stays_what_was_agreed_to(full_walker, clinic, staff, browse):
    client = browse(full_walker)
    client.post(ASK, filled(client, clinic, ["walking"]))
    Day.objects.create(user=full_walker, date=full_walker.today(), steps=9999)
    asked = AppointmentRequest.objects.get()
    assert "9,999" not in browse(staff).get(f"/clinic/inbox/{asked.pk}/").content.decode()


def test_what_changed_since_the_preview_is_not_sent(full_walker, clinic, staff, browse):
    client = browse(full_walker)
    form = filled(client, clinic, ["pain", "walking"])
    Day.objects.create(user=full_walker, date=full_walker.today(), steps=9999)
    page = client.post(ASK, form).content.decode()
    assert not AppointmentRequest.objects.exists()
    assert "“Walking, last 4 weeks” changed since you opened this page" in page
    assert "9,999" in page  # the new preview
    assert page.count("checked") == 2
    client.post(ASK, filled(client, clinic, ["pain", "walking"]))
    assert AppointmentRequest.objects.get().story["walking"]["rows"][0]["steps"] == 9999


def test_a_change_in_what_is_not_shared_does_not_matter(full_walker, clinic, staff, browse):
    client = browse(full_walker)
    form = filled(client, clinic, ["pain"])
    Day.objects.create(user=full_walker, date=full_walker.today(), steps=9999)
    client.post(ASK, form)
    assert AppointmentRequest.objects.count() == 1


def test_a_part_with_nothing_in_it_can_not_be_ticked(cleared_walker, clinic, staff, browse):
    client = browse(cleared_walker)
    page = client.get(ASK).content.decode()
    assert 'value="walking"' not in page
    assert "No walking measured in that time." in page
    answer = client.post(ASK, filled(client, clinic, ["walking"]))
    assert answer.status_code == 200
    assert not AppointmentRequest.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"message": ""},
        {"message": "x" * 2001},
        {"name": " "},
        {"clinic": 999},
        {"share": ["email"]},
    ],
)
def test_a_bad_form_sends_nothing_and_keeps_the_words(bad, full_walker, clinic, staff, browse):
    client = browse(full_walker)
    form = filled(client, clinic, ["pain"], preferred_times="Mondays") | bad
    page = client.post(ASK, form).content.decode()
    assert not AppointmentRequest.objects.exists()
    assert "Mondays" in page
    assert "errorlist" in page


def test_asking_twice_is_asking_once(full_walker, clinic, staff, browse):
    client = browse(full_walker)
    form = filled(client, clinic)
    assert client.post(ASK, form).status_code == 302
    answer = client.post(ASK, form, follow=True)
    assert "already asked Back Clinic" in answer.content.decode()
    assert AppointmentRequest.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        AppointmentRequest.objects.create(walker=full_walker, clinic=clinic)


def test_invented_people_reach_invented_clinics_only(clinic, staff, browse):
    invented = Clinic.objects.create(name="Demo Clinic", is_demo=True)
    Staff.objects.create(user=helpers.make_user("demo@clinic.example"), clinic=invented)
    demo = helpers.make_user("demo@example.org", is_demo=True)
    helpers.clear(demo)
    client = browse(demo)
    client.post(ASK, filled(client, clinic))
    assert not AppointmentRequest.objects.exists()
    client.post(ASK, filled(client, invented))
    assert AppointmentRequest.objects.get().clinic == invented


def test_without_a_clinic_the_page_says_how_to_get_one(cleared_walker, browse):
    client = browse(cleared_walker)
    assert "backstride clinic add" in client.get("/clinic/appointments/").content.decode()
    assert client.get(ASK).url == "/clinic/appointments/"


def test_a_clinic_that_nobody_answers_for_is_not_offered(cleared_walker, clinic, browse):
    assert browse(cleared_walker).get(ASK).url == "/clinic/appointments/"


def test_two_clinics_can_be_chosen_from(cleared_walker, clinic, staff, outsider, browse):
    client = browse(cleared_walker)
    assert "<select" in client.get(ASK).content.decode()
    client.post(ASK, filled(client, outsider.staff.clinic))
    assert AppointmentRequest.objects.get().clinic == outsider.staff.clinic


def test_hostile_words_stay_words(full_walker, clinic, staff, browse):
    client = browse(full_walker)
    evil = "<script>alert(1)</script>"
    client.post(ASK, filled(client, clinic, message=evil, name=evil, preferred_times=evil))
    inbox = browse(staff)
    pk = AppointmentRequest.objects.get().pk
    for url in ("/clinic/inbox/", f"/clinic/inbox/{pk}/"):
        assert "<script>alert" not in inbox.get(url).content.decode()
