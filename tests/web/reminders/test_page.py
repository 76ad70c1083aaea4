"""Choosing reminders on the page."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import polars as pl
import pytest

from backstride.records import SAMPLES
from backstride.web.clinic.models import Clinic
from backstride.web.imports import store
from backstride.web.imports.models import Upload
from backstride.web.plan import services as plan
from backstride.web.plan.models import Preferences
from backstride.web.plan.services import preferences_of
from backstride.web.reminders import learning, services
from backstride.web.reminders.models import Choices, Feed, PushAddress, Sent
from web import helpers
from web.clinic.conftest import member
from web.reminders.conftest import answer_screen

FORM = {
    "walk_at": "09:00",
    "check_in_at": "19:00",
    "quiet_from": "21:00",
    "quiet_to": "08:00",
    "most": "2",
}


@pytest.fixture
def web(client, planned):
    client.force_login(planned)
    return client


def test_it_is_reached_and_all_is_off(web, planned):
    for page in ("/", "/you/", "/plan/preferences/"):
        assert b'href="/reminders/"' in web.get(page).content, page
    page = web.get("/reminders/").content.decode()
    boxes = [tag for tag in page.split("<input")[1:] if 'type="checkbox"' in tag.split(">")[0]]
    ticked = [tag.split('name="')[1].split('"')[0] for tag in boxes if "checked" in tag]
    assert len(boxes) == 9
    assert ticked == ["learn"]
    assert not services.choices_of(planned).is_any_on


def test_choosing_is_kept(web, planned):
    web.post("/reminders/", FORM | {"walk": "on", "by_mail": "on", "walk_at": "17:15", "most": "1"})
    chosen = services.choices_of(planned)
    assert (chosen.walk, chosen.check_in, chosen.by_mail, chosen.most) == (True, False, True, 1)
    assert chosen.chosen_on == planned.today()
    assert preferences_of(planned).walk_at == time(17, 15), "the one time of “What fits me”"
    web.post("/reminders/", FORM)
    assert not services.choices_of(planned).is_any_on


def test_choosing_without_a_way_is_said(web):
    page = web.post("/reminders/", FORM | {"walk": "on"}, follow=True).content.decode()
    assert "no reminder can reach you" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"walk_at": "06:00"}, "within the quiet hours"),
        ({"check_in_at": "22:00"}, "within the quiet hours"),
        ({"quiet_from": "ten"}, "Enter a valid time"),
        ({"most": "9"}, "less than or equal to 2"),
        ({"walk_at": ""}, "required"),
    ],
)
def test_what_makes_no_sense_is_refused_and_shown_again(web, wrong, said):
    answer = web.post("/reminders/", FORM | {"walk": "on"} | wrong)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert (
        'name="walk" id="id_walk" checked' in page or "checked" in page.split('name="walk"')[1][:40]
    )
    assert not Choices.objects.exists()


def test_it_is_open_while_the_safety_questions_are(client, walker):
    """Whoever is stopped must be able to switch reminders off."""
    client.force_login(walker)
    assert client.get("/reminders/").status_code == 200


def test_visitors_and_staff(client, clinic_member):
    assert client.get("/reminders/").status_code == 302
    client.force_login(clinic_member)
    assert client.get("/reminders/")["Location"] == "/clinic/inbox/"


@pytest.fixture
def clinic_member(db):
    return member(Clinic.objects.create(name="Back Clinic"), "anna@clinic.example")


def test_another_persons_device_cannot_be_removed(web, planned):
    other = helpers.make_user("other@example.org")
    row = PushAddress.objects.create(
        user=other, endpoint="https://push.example.org/x", p256dh="x", auth="x", name="Firefox"
    )
    assert web.post(f"/reminders/device/{row.pk}/remove/").status_code == 404
    assert b"Firefox" not in web.get("/reminders/").content
    assert PushAddress.objects.exists()


def test_the_demo_takes_no_device_and_has_no_address(client, walker):
    type(walker).objects.filter(pk=walker.pk).update(is_demo=True)
    client.force_login(walker)
    for path in ("device/", "try/", "feed/new/"):
        assert client.post(f"/reminders/{path}").status_code == 403, path
    assert not Feed.objects.exists()
    assert b"Not in the demo" in client.get("/reminders/").content


def test_what_was_sent_and_what_rests_is_shown(web, planned, clock, choose):
    choose(walk=True)
    for n in range(8):
        day = planned.today() + timedelta(days=n + 1)
        at = datetime.combine(day, time(9), planned.tz)
        outcome = {"e-mail": "sent"} if n else {}
        Sent.objects.create(
            user=planned, key=f"walk:{day}", kind="walk", day=day, at=at, outcome=outcome
        )
    page = web.get("/reminders/").content.decode()
    assert page.count("E-mail: sent") == 7
    assert page.count("It isn't known whether it left") == 1
    assert "Resting" not in page
    clock.set(planned.today() + timedelta(days=20), "09:00")
    web.force_login(planned)
    assert (
        "Resting, since the last ones weren't taken up: Walk"
        in web.get("/reminders/").content.decode()
    )


def bring_walks(walker, starts: list[datetime]) -> None:
    """Samples of walks of 20 minutes, as an import leaves them."""
    upload = Upload.objects.create(
        user=walker, sha256="0" * 64, name="walks.xml", size=1, state=Upload.State.DONE
    )
    rows = [
        {
            "start": start + timedelta(minutes=n),
            "end": start + timedelta(minutes=n + 1),
            "steps": 100.0,
            "source": "Watch",
            "device": "watch",
        }
        for start in starts
        for n in range(20)
    ]
    table = pl.DataFrame(rows).with_columns(
        *(pl.lit(None).alias(name) for name in SAMPLES if name not in rows[0])
    )
    cast = table.select(pl.col(name).cast(kind) for name, kind in SAMPLES.items())
    store.write_samples(upload.pk, [cast], "walks.xml")


def test_the_time_is_learned_from_measured_walks(web, planned, clock):
    """They set out at 17:30 by their own clock, before the clocks change and after."""
    first = date(2027, 3, 10)
    starts = [
        datetime.combine(first + timedelta(days=n), time(17, 30), planned.tz).astimezone(UTC)
        for n in range(35)
    ]
    bring_walks(planned, starts)
    clock.set(first + timedelta(days=35), "09:00")
    web.force_login(planned)
    web.post("/reminders/", FORM | {"walk": "on", "by_mail": "on", "learn": "on"})
    chosen = services.choices_of(planned)
    assert set(chosen.learned.values()) == {"17:30"}
    assert len(chosen.learned) == 7
    assert "Monday 17:30" in web.get("/reminders/").content.decode()
    day = planned.today()
    at = learning.walk_moment(chosen, time(9), day).astimezone(planned.tz)
    assert at == datetime.combine(day, time(17, 20), planned.tz)
    web.post("/reminders/", FORM | {"walk": "on", "by_mail": "on"})
    fixed = learning.walk_moment(services.choices_of(planned), time(9), day)
    assert fixed.astimezone(planned.tz).time() == time(9)


def test_today_tells_a_good_time_for_the_walk(web, planned, clock):
    """As they usually walk; until that is known, as they said; else nothing. No reminder is
    needed for it."""
    first = planned.today() - timedelta(days=20)
    web.force_login(planned)
    clock.set(plan.week_now(planned).walks[0].day, "08:00")
    answer_screen(planned, clock.now)
    assert "A good time is" not in web.get("/").content.decode()
    Preferences.objects.create(user=planned, walk_at=time(12, 15))
    page = web.get("/").content.decode()
    assert "A good time is from 11:30 to 13:00, as you chose." in page
    starts = [
        datetime.combine(first + timedelta(days=n), time(17, 30), planned.tz).astimezone(UTC)
        for n in range(20)
    ]
    bring_walks(planned, starts)
    clock.set(plan.week_now(planned).walks[1].day, "08:00")
    web.get("/")  # the worker learns meanwhile
    page = web.get("/").content.decode()
    assert "A good time is from 16:45 to 18:15, when you usually walk." in page
    web.post("/log/walk/", {"minutes": 40})
    assert "A good time is" not in web.get("/").content.decode()
    assert not services.choices_of(planned).is_any_on


def test_without_measured_walks_nothing_is_learned(web, planned):
    web.post("/reminders/", FORM | {"walk": "on", "learn": "on"})
    assert services.choices_of(planned).learned == {}
