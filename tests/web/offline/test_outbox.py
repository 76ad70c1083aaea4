"""Submissions that were written without a network, as the server takes them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from backstride.web.offline.services import KINDS
from web import helpers

FIELDS = {
    "pain": {"nprs": 4},
    "walk_pain": {"nprs": 3},
    "walk": {"minutes": 12},
    "medicine": {"medicine": "Ibuprofen", "amount": 200, "unit": "mg"},
    "news": {"is_flare": "on"},
    "day": {"question": "mood", "value": 3},
    "note": {"text": "Better after the hill."},
}


@pytest.fixture
def browser(client, cleared_walker):
    client.force_login(cleared_walker)
    return client


def note(user, kind="pain", ago=timedelta(), **fields):
    at = (timezone.now() - ago).timestamp() * 1000
    told = {"key": str(uuid.uuid4()), "person": user.pk, "kind": kind, "at": at}
    return told | (fields or FIELDS[kind])


def counts(user):
    sets = (user.painentry_set, user.walkdone_set, user.medicinetaken_set, user.sheets)
    return [entries.count() for entries in sets]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_kept_once_however_often_it_comes(browser, cleared_walker, kind):
    browser.post("/outbox/", note(cleared_walker, ago=timedelta(minutes=5)))
    told = note(cleared_walker, kind)
    first = browser.post("/outbox/", told)
    assert first.status_code == 200
    kept = counts(cleared_walker)
    again = browser.post("/outbox/", told)
    assert again.json() == first.json()
    assert counts(cleared_walker) == kept


def test_it_is_kept_on_the_day_it_was_written(browser, cleared_walker):
    browser.post("/outbox/", note(cleared_walker, "walk", ago=timedelta(days=2)))
    walk = cleared_walker.walkdone_set.get()
    assert walk.day == cleared_walker.today() - timedelta(days=2)


def test_a_late_answer_of_the_day_does_not_overwrite_a_later_one(browser, cleared_walker):
    browser.post("/outbox/", note(cleared_walker, "day", question="mood", value=4))
    late = note(cleared_walker, "day", ago=timedelta(seconds=1), question="mood", value=1)
    assert browser.post("/outbox/", late).status_code == 200
    values = [sheet.value for sheet in cleared_walker.sheets.filter(instrument="mood")]
    assert 4 in values


@pytest.mark.parametrize(
    "wrong",
    [{"nprs": 11}, {"kind": "nonsense"}, {"key": "x"}, {"at": 1e12}, {"at": "nan"}],
    ids=str,
)
def test_what_can_not_be_kept_is_refused_in_words(browser, cleared_walker, wrong):
    answer = browser.post("/outbox/", note(cleared_walker) | wrong)
    assert answer.status_code == 400
    assert answer.json()["said"]
    assert counts(cleared_walker) == [0, 0, 0, 0]


def test_another_persons_note_waits(browser, cleared_walker, client):
    other = helpers.make_user("other@example.org")
    assert browser.post("/outbox/", note(other)).status_code == 409
    assert counts(other) == counts(cleared_walker) == [0, 0, 0, 0]


def test_nobody_signed_in_and_an_open_safety_question_leave_it_waiting(client, walker):
    assert client.post("/outbox/", note(walker)).status_code == 401
    client.force_login(walker)
    answer = client.post("/outbox/", note(walker))
    assert (answer.status_code, answer.json()["next"]) == (423, "/safety/")
    assert counts(walker) == [0, 0, 0, 0]


def test_the_manifest_and_the_worker(client):
    manifest = client.get("/manifest.webmanifest").json()
    assert manifest["start_url"] == "/"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    worker = client.get("/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "no-store" in worker["Cache-Control"]
    assert "importScripts" in worker.content.decode()
    assert client.get("/offline/").status_code == 200
