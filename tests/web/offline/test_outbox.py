"""Submissions that were written without a network, as the server takes them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from backstride import outcomes
from backstride.web.back.models import PainPlaces
from backstride.web.journal.services import log_pain
from backstride.web.offline.kinds import KINDS
from web import helpers

RMDQ = [item.id for item in outcomes.instrument("rmdq").items]
FIELDS = {
    "pain": {"nprs": 4},
    "walk_pain": {"nprs": 3},
    "walk": {"minutes": 12},
    "medicine": {"medicine": "Ibuprofen", "amount": 200, "unit": "mg"},
    "exercise": {"exercise": "cat_cow", "level": 1, "went": "right"},
    "news": {"is_flare": "on"},
    "flare_note": {"nprs": 8},
    "where": {"nprs": 4, "places": ["low_back_left", "calf_left"]},
    "flare": {"flare": "yes"},
    "episode": {"limited": "on"},
    "day": {"question": "mood", "value": 3},
    "note": {"text": "Better after the hill."},
    "sheet": {"about": "rmdq", "done": "yes", **{f"q_{item}": 1 for item in RMDQ[:5]}},
    "score": {"about": "odi", "total": "22"},
    "mobility": {"about": "single_leg_stance", "value": "12"},
}


@pytest.fixture
def browser(client, cleared_walker):
    client.force_login(cleared_walker)
    return client


def note(user, kind="pain", ago=timedelta(), **fields):
    at = (timezone.now() - ago).timestamp() * 1000
    told = {"key": str(uuid.uuid4()), "person": user.pk, "kind": kind, "at": at}
    return told | (fields or FIELDS[kind])


def kept_of(user):
    """All that a note can change, as it stands in the database."""
    sets = (user.painentry_set, user.walkdone_set, user.medicinetaken_set, user.sheets)
    sets += (user.exercisedone_set, user.episodes, user.mobility, user.note_set)
    places = PainPlaces.objects.filter(entry__user=user)
    return [list(entries.order_by("pk").values()) for entries in (*sets, places)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_kept_once_however_often_it_comes(browser, cleared_walker, kind):
    for ago, nprs in (dict.fromkeys(range(7, 37, 2), 0) | {6: 4, 5: 4}).items():
        log_pain(cleared_walker, nprs, at=timezone.now() - timedelta(days=ago))
    told = note(cleared_walker, kind)
    if kind == "episode":
        told["start"] = cleared_walker.today() - timedelta(days=6)
    before = kept_of(cleared_walker)
    first = browser.post("/outbox/", told)
    assert first.status_code == 200, first.content
    kept = kept_of(cleared_walker)
    assert kept != before
    assert browser.post("/outbox/", told).json() == first.json()
    assert kept_of(cleared_walker) == kept


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"news", "episode"}))
def test_each_is_kept_on_the_day_it_was_written(browser, cleared_walker, kind):
    ago = timedelta(days=3)
    assert browser.post("/outbox/", note(cleared_walker, kind, ago=ago)).status_code == 200
    days = {row["day"] for rows in kept_of(cleared_walker) for row in rows if "day" in row}
    assert days == {(timezone.now() - ago).astimezone(cleared_walker.tz).date()}


def test_a_questionnaire_is_kept_part_by_part_and_then_whole(browser, cleared_walker):
    some = {f"q_{item}": 1 for item in RMDQ[:3]}
    hour, now = timedelta(hours=1), timedelta()
    browser.post("/outbox/", note(cleared_walker, "sheet", ago=hour, about="rmdq", **some))
    sheet = cleared_walker.sheets.get()
    assert (len(sheet.answers), sheet.finished_at) == (3, None)
    told = note(cleared_walker, "sheet", ago=now, about="rmdq", done="yes", **some, q_4=1)
    page = browser.get(browser.post("/outbox/", told).json()["next"]).content.decode()
    assert "4 of 24" in page
    assert cleared_walker.sheets.get().value == 4


def test_an_open_question_is_named_and_may_be_left_open(browser, cleared_walker):
    told = note(cleared_walker, "sheet", about="peg", done="yes", q_pain=3)
    page = browser.get(browser.post("/outbox/", told).json()["next"]).content.decode()
    assert "2 questions are still open." in page
    assert "Done, leave the rest open" in page
    told = note(cleared_walker, "sheet", about="peg", as_it_is="yes", q_pain=3)
    assert browser.post("/outbox/", told).json()["next"].startswith("/back/sheets/")


def test_the_last_word_on_an_exercise_counts_in_whatever_order_it_comes(browser, cleared_walker):
    fields = FIELDS["exercise"]
    browser.post("/outbox/", note(cleared_walker, "exercise", **fields | {"went": "hurt"}))
    early = note(cleared_walker, "exercise", ago=timedelta(seconds=1), **fields)
    assert browser.post("/outbox/", early).status_code == 200
    assert cleared_walker.exercisedone_set.latest("at").hurt


def test_a_late_answer_of_the_day_does_not_overwrite_a_later_one(browser, cleared_walker):
    browser.post("/outbox/", note(cleared_walker, "day", question="mood", value=4))
    late = note(cleared_walker, "day", ago=timedelta(seconds=1), question="mood", value=1)
    assert browser.post("/outbox/", late).status_code == 200
    values = [sheet.value for sheet in cleared_walker.sheets.filter(instrument="mood")]
    assert 4 in values


@pytest.mark.parametrize(
    "wrong",
    [
        *({"nprs": 11}, {"kind": "nonsense"}, {"key": "x"}, {"at": 1e12}, {"at": "nan"}),
        {"kind": "exercise", "exercise": "somersault", "level": 1, "went": "right"},
        {"kind": "where", "places": ["the_moon"]},
        {"kind": "where", "places": ["neck"], "nprs": ""},  # there is no note to put it with
        {"kind": "flare", "flare": "perhaps"},
        {"kind": "episode", "start": "2020-01-01"},
        {"kind": "sheet", "about": "peg", "q_pain": 11},
        {"kind": "sheet", "about": "odi", "done": "yes"},  # of which a score alone may be entered
        {"kind": "sheet", "about": "nonsense"},
        {"kind": "score", "about": "odi", "total": "a lot"},
        {"kind": "score", "about": "peg", "total": "3"},
        {"kind": "mobility", "about": "single_leg_stance", "value": "-1"},
        {"kind": "mobility", "about": "modified_schober", "value": "5"},  # for the clinic
    ],
    ids=str,
)
def test_what_can_not_be_kept_is_refused_in_words(browser, cleared_walker, wrong):
    answer = browser.post("/outbox/", note(cleared_walker) | wrong)
    assert answer.status_code == 400
    assert answer.json()["said"]
    assert not any(kept_of(cleared_walker))


def test_another_persons_note_waits(browser, cleared_walker, client):
    other = helpers.make_user("other@example.org")
    assert browser.post("/outbox/", note(other)).status_code == 409
    assert not any(kept_of(other) + kept_of(cleared_walker))


def test_nobody_signed_in_and_an_open_safety_question_leave_it_waiting(client, walker):
    assert client.post("/outbox/", note(walker)).status_code == 401
    client.force_login(walker)
    answer = client.post("/outbox/", note(walker))
    assert (answer.status_code, answer.json()["next"]) == (423, "/safety/")
    assert not any(kept_of(walker))


def test_the_manifest_and_the_worker(client):
    manifest = client.get("/manifest.webmanifest").json()
    assert manifest["start_url"] == "/"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    worker = client.get("/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "no-store" in worker["Cache-Control"]
    assert "importScripts" in worker.content.decode()
    assert client.get("/offline/").status_code == 200


def test_a_phone_may_keep_a_walkers_pages_and_nobody_elses(browser, cleared_walker, client):
    for page in ("/", "/back/", "/plan/routine/", "/walk/", "/help/", "/help/cards/pacing/"):
        person, hours = browser.get(page)["X-Offline-Copy"].split()
        assert int(person) == cleared_walker.pk
        assert int(hours) in (36, 672)
    for page in ("/plan/", "/you/", "/back/forms/peg/"):
        assert "X-Offline-Copy" not in browser.get(page)
    client.logout()
    for page in ("/", "/help/"):
        assert "X-Offline-Copy" not in client.get(page)


def test_a_page_that_a_phone_fetches_by_itself_takes_no_message_away(browser, cleared_walker):
    browser.post("/log/pain/", {"nprs": 4})
    asked = browser.get("/", headers={"X-Offline-Copy": "ask"}).content.decode()
    assert "Noted: pain 4 of 10." not in asked
    assert "Noted: pain 4 of 10." in browser.get("/").content.decode()


def test_signing_out_clears_the_browsers_cache_but_not_what_waits_there(browser):
    answer = browser.post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in browser.get("/")
