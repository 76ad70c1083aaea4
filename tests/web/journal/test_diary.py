"""Noting pain, walks and medicine: kept on the walker's own day, and only theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backstride.records import DOSES, PAIN, WALKS
from backstride.web.journal import services
from backstride.web.journal.models import MedicineTaken, PainEntry, WalkDone
from web import helpers


@pytest.fixture
def at_home(client, cleared_walker):
    client.force_login(cleared_walker)
    return client


def test_pain_takes_one_post(at_home):
    response = at_home.post(reverse("log_pain"), {"nprs": "6"}, follow=True)
    assert "Noted: pain 6 of 10." in response.content.decode()
    assert PainEntry.objects.get().nprs == 6


@pytest.mark.parametrize("nprs", ["11", "-1", "4.5", "much", ""])
def test_pain_off_the_scale_is_refused_in_words(at_home, nprs):
    response = at_home.post(reverse("log_pain"), {"nprs": nprs}, follow=True)
    assert "from 0 to 10. Nothing was noted." in response.content.decode()
    assert not PainEntry.objects.exists()


def test_a_walk_then_its_pain(at_home):
    url = at_home.post(reverse("log_walk"), {"minutes": "12"}).url
    at_home.post(url, {"nprs": "5"})
    entry = PainEntry.objects.get()
    assert (entry.moment, entry.nprs) == ("during_walk", 5)
    assert WalkDone.objects.get().minutes == 12


@pytest.mark.parametrize("minutes", ["0", "601", "-3", "ten"])
def test_a_walk_of_no_sensible_length_is_refused(at_home, minutes):
    response = at_home.post(reverse("log_walk"), {"minutes": minutes}, follow=True)
    assert "Nothing was noted." in response.content.decode()
    assert not WalkDone.objects.exists()


def test_own_medicines_come_before_common_ones(at_home, cleared_walker):
    assert services.usual_medicines(cleared_walker) == services.COMMON_MEDICINES
    taken = {"medicine": "Diclofenac", "amount": "50", "unit": "mg"}
    at_home.post(reverse("log_medicine"), taken)
    assert services.usual_medicines(cleared_walker) == [("Diclofenac", 50.0, "mg")]


DOUBLE_TAPS = [
    ("log_pain", {"nprs": "6"}, PainEntry),
    ("log_walk", {"minutes": "12"}, WalkDone),
    ("log_medicine", {"medicine": "Ibuprofen", "amount": "400", "unit": "mg"}, MedicineTaken),
]


@pytest.mark.parametrize(("name", "form", "model"), DOUBLE_TAPS)
def test_a_double_tap_notes_once_and_a_later_one_again(at_home, name, form, model):
    first = at_home.post(reverse(name), form)
    assert at_home.post(reverse(name), form).url == first.url
    assert model.objects.count() == 1
    model.objects.update(at=timezone.now() - timedelta(seconds=10))
    at_home.post(reverse(name), form)
    assert model.objects.count() == 2


def test_a_walk_can_be_undone_where_it_was_noted(at_home, cleared_walker):
    walk = services.log_walk(cleared_walker, 12)
    assert reverse("log_remove", args=["walk", walk.pk]) in at_home.get("/").content.decode()


def test_an_entry_from_further_east_is_not_in_the_future(cleared_walker):
    cleared_walker.zone = "Pacific/Kiritimati"
    entry = services.log_pain(cleared_walker, 4)
    cleared_walker.zone = "Pacific/Pago_Pago"
    assert entry.day > cleared_walker.today()
    assert services.pain_frame(cleared_walker)["date"].to_list() == [cleared_walker.today()]


def test_undo(at_home):
    at_home.post(reverse("log_pain"), {"nprs": "6"})
    at_home.post(reverse("log_remove", args=["pain", PainEntry.objects.get().pk]))
    assert not PainEntry.objects.exists()


def test_the_news_is_added_not_taken_away(at_home):
    at_home.post(reverse("log_pain"), {"nprs": "6"})
    pk = PainEntry.objects.get().pk
    at_home.post(reverse("log_news", args=[pk]), {"is_flare": "on"})
    assert PainEntry.objects.get().is_flare
    assert not PainEntry.objects.get().new_leg_symptom


@pytest.mark.parametrize("name", ["log_news", "log_walk_pain"])
def test_the_entries_of_others_are_not_found(at_home, name):
    other = helpers.make_user("other@example.org")
    entry = (PainEntry if name == "log_news" else WalkDone)(user=other, day=other.today())
    entry.nprs = entry.minutes = 5
    entry.save()
    assert at_home.post(reverse(name, args=[entry.pk]), {"nprs": "3"}).status_code == 404
    for kind in ("pain", "walk"):
        at_home.post(reverse("log_remove", args=[kind, entry.pk]))
    assert PainEntry.objects.count() + WalkDone.objects.count() == 1


def test_the_day_is_the_walkers_own(cleared_walker, monkeypatch):
    late = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # already the 29th in Berlin, a DST day
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert services.log_pain(cleared_walker, 4).day.isoformat() == "2026-03-29"


def test_the_first_note_after_a_walk_is_the_next_mornings(cleared_walker, monkeypatch):
    morning = datetime(2026, 5, 5, 6, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: morning)
    yesterday = morning.date() - timedelta(days=1)
    WalkDone.objects.create(user=cleared_walker, day=yesterday, minutes=10)
    assert services.log_pain(cleared_walker, 4).moment == "next_morning"
    assert services.log_pain(cleared_walker, 5).moment == "now"


def test_just_past_midnight_is_no_morning(cleared_walker, monkeypatch):
    night = datetime(2026, 5, 4, 22, 10, tzinfo=UTC)  # 00:10 on the 5th in Berlin
    monkeypatch.setattr(timezone, "now", lambda: night)
    WalkDone.objects.create(user=cleared_walker, day=night.date(), minutes=10)
    assert services.log_pain(cleared_walker, 4).moment == "now"


def test_frames_have_their_schemas(cleared_walker):
    frames = (services.pain_frame, services.walks_frame, services.doses_frame)
    for frame, schema in zip(frames, (PAIN, WALKS, DOSES), strict=True):
        assert dict(frame(cleared_walker).schema) == schema
    services.log_pain(cleared_walker, 3)
    services.log_walk(cleared_walker, 9)
    services.log_medicine(cleared_walker, "Ibuprofen", 400, "mg")
    for frame, schema in zip(frames, (PAIN, WALKS, DOSES), strict=True):
        table = frame(cleared_walker)
        assert dict(table.schema) == schema
        assert table.height == 1
        assert table["date"][0] == cleared_walker.today()


def test_the_diary_lists_newest_first(at_home):
    at_home.post(reverse("log_pain"), {"nprs": "6"})
    at_home.post(reverse("log_walk"), {"minutes": "7"})
    at_home.get("/")  # shows the messages
    page = at_home.get(reverse("log")).content.decode()
    assert page.index("walk of 7 min") < page.index("pain 6 of 10")
