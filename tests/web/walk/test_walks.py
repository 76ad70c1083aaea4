"""A walk from a phone: counted once, refused whole where it can't be, seen by its walker alone."""

from __future__ import annotations

import json
from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backstride.web.clinic import story
from backstride.web.imports import own_phone, store
from backstride.web.imports.models import Upload
from backstride.web.journal.models import WalkDone
from backstride.web.walk import forms, services, signal
from backstride.web.walk.models import LiveWalk
from web import helpers
from web.walk import phones

pytestmark = pytest.mark.usefixtures("work_at_once")


@pytest.fixture
def phone(client, cleared_walker):
    client.force_login(cleared_walker)
    return client


@pytest.fixture
def raw():
    return phones.readings()


def send(client, fields):
    return client.post(reverse("walk_send"), fields)


def test_a_walk_is_measured_and_counted_once(phone, cleared_walker, raw):
    fields = phones.sent(cleared_walker, raw.tobytes())
    first = send(phone, fields)
    assert first.status_code == 201
    walk = LiveWalk.objects.get()
    assert abs(walk.measured["steps"] - phones.TRUTH) <= 0.05 * phones.TRUTH
    assert walk.difference == 117 - walk.measured["steps"]
    assert walk.upload.report["recording"]["placement"] == "pocket"
    (source,) = walk.upload.report["sources"]
    assert (source["source"], source["device"]) == (own_phone.SOURCE, "phone")
    assert sum(day.steps for day in cleared_walker.days.all()) == walk.measured["steps"]
    assert WalkDone.objects.get().minutes == 1

    fields["signal"].seek(0)
    again = send(phone, fields)
    assert (again.status_code, again.json()) == (200, first.json())
    assert (LiveWalk.objects.count(), Upload.objects.count(), WalkDone.objects.count()) == (1, 1, 1)


def test_the_page_shows_both_counts(phone, cleared_walker, raw):
    page = phone.get(send(phone, phones.sent(cleared_walker, raw.tobytes())).json()["walk"])
    text = page.content.decode()
    walk = LiveWalk.objects.get()
    assert f"<dt>steps, measured</dt><dd>{walk.measured['steps']}</dd>" in text
    assert "<dt>steps, counted live</dt><dd>117</dd>" in text
    assert "How did it go?" in text
    svg = phone.get(reverse("walk_picture", args=[walk.key, "light", 340]))
    assert svg["Content-Type"] == "image/svg+xml"


def test_the_raw_signal_is_kept_as_it_came(phone, cleared_walker, raw):
    import polars as pl

    send(phone, phones.sent(cleared_walker, raw.tobytes()))
    walk = LiveWalk.objects.get()
    kept = pl.read_parquet(store.file_of(walk.upload.sha256))
    assert kept.columns == ["time", "x [m/s2]", "y [m/s2]", "z [m/s2]"]
    for axis in "xyz":
        np.testing.assert_array_equal(kept[f"{axis} [m/s2]"].to_numpy(), raw[axis])
    passed = (kept["time"] - walk.started_at).dt.total_microseconds().to_numpy() / 1000
    np.testing.assert_allclose(passed, raw["ms"], atol=0.001)


def test_no_motion_is_a_walk_of_minutes(phone, cleared_walker):
    answer = send(phone, phones.sent(cleared_walker, live_steps=9))
    walk = LiveWalk.objects.get()
    assert (walk.upload, walk.live_steps, walk.note.minutes) == (None, None, 1)
    assert "no steps" in phone.get(answer.json()["walk"]).content.decode()


def test_a_pause_is_not_walked(phone, cleared_walker):
    start = timezone.now() - timedelta(minutes=30)
    end_ms = 1000 * (start + timedelta(minutes=20)).timestamp()
    fields = phones.sent(cleared_walker, start=start, end_ms=end_ms, pauses="[[60, 660]]")
    send(phone, fields)
    assert WalkDone.objects.get().minutes == 10


def test_a_wrong_clock_is_set_right(phone, cleared_walker):
    start = timezone.now() + timedelta(days=400)
    late = start + timedelta(seconds=80)
    send(phone, phones.sent(cleared_walker, start=start, sent_ms=1000 * late.timestamp()))
    assert abs(LiveWalk.objects.get().started_at + timedelta(seconds=80) - timezone.now()) < (
        timedelta(minutes=1)
    )


def broken(raw, **changed):
    copy = raw.copy()
    for name, (at, value) in changed.items():
        copy[name][at] = value
    return copy.tobytes()


REFUSED = {
    "not a number": (lambda raw: broken(raw, x=(50, np.nan)), {}, "no number"),
    "endless": (lambda raw: broken(raw, y=(50, np.inf)), {}, "no number"),
    "too strong": (lambda raw: broken(raw, z=(50, 5000)), {}, "more than 400"),
    "backwards": (lambda raw: broken(raw, ms=(50, 0)), {}, "follow each other"),
    "time no number": (lambda raw: broken(raw, ms=(50, np.nan)), {}, "no number"),
    "beyond its end": (lambda raw: broken(raw, ms=(-1, 9e6)), {}, "outside"),
    "broken off": (lambda raw: raw.tobytes()[:-3], {}, "breaks off"),
    "empty": (lambda raw: b"", {}, "0 readings"),
    "too fast": (lambda raw: broken(raw, ms=(slice(None), raw["ms"] / 99)), {}, "can be"),
    "no key": (None, {"key": "1"}, "key"),
    "too short": (None, {"pauses": "[[5, 60]]"}, "half a minute"),
    "pauses that overlap": (None, {"pauses": "[[5, 9], [7, 10]]"}, "pauses"),
    "pauses that are text": (None, {"pauses": '[["a", 1]]'}, "pauses"),
    "pauses with NaN": (None, {"pauses": "[[NaN, 5]]"}, "pauses"),
    "a place that can't be": (None, {"route": "[[1, 95, 5]]"}, "place"),
    "no time": (None, {"start_ms": "nan"}, "start_ms"),
    "endless time": (None, {"end_ms": "1e300"}, "time"),
    "backwards in time": (None, {"end_ms": "1"}, "after its start"),
    "long ago": (None, {"start_ms": "1e12", "end_ms": "1000000060000"}, "60 days"),
    "too many steps": (None, {"live_steps": 5000}, "that many"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_is_refused_whole(phone, cleared_walker, raw, case):
    spoil, changed, said = REFUSED[case]
    answer = send(phone, phones.sent(cleared_walker, spoil and spoil(raw), **changed))
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert not LiveWalk.objects.exists()
    assert not WalkDone.objects.exists()
    assert not Upload.objects.exists()


def test_too_large_is_refused_before_it_is_read(phone, cleared_walker, monkeypatch):
    monkeypatch.setattr(signal, "MAX_BYTES", 1000)
    monkeypatch.setattr("backstride.web.walk.views.FORM_BYTES", 1000)
    answer = send(phone, phones.sent(cleared_walker, b"\0" * 4000))
    assert answer.status_code == 413
    assert not LiveWalk.objects.exists()


def test_only_so_many_an_hour(phone, cleared_walker, monkeypatch):
    monkeypatch.setattr(services, "MOST_AN_HOUR", 2)
    answers = [send(phone, phones.sent(cleared_walker)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert LiveWalk.objects.count() == 2


def test_what_broke_off_half_way_is_completed(phone, cleared_walker, raw, monkeypatch):
    fields = phones.sent(cleared_walker, raw.tobytes())

    def broken_off(*_):
        raise store.DiskFull("there is no room")

    with monkeypatch.context() as patched:
        patched.setattr(services.uploads, "receive", broken_off)
        assert send(phone, fields).status_code == 507
    fields["signal"].seek(0)
    assert send(phone, fields).status_code == 200
    assert LiveWalk.objects.get().measured["steps"] > 100
    assert WalkDone.objects.count() == 1


def test_forged_forms_and_strangers_are_refused(cleared_walker):
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, phones.sent(cleared_walker)).status_code == 401
    strict.force_login(cleared_walker)
    assert send(strict, phones.sent(cleared_walker)).status_code == 403
    token = strict.get(reverse("walk")).cookies["csrftoken"].value
    fields, header = phones.sent(cleared_walker), {"HTTP_X_CSRFTOKEN": token}
    assert strict.post(reverse("walk_send"), fields, **header).status_code == 201


def test_nobody_else_sees_or_removes_it(phone, cleared_walker, raw, client):
    send(phone, phones.sent(cleared_walker, raw.tobytes(), route="[[1, 50, 8], [9, 50.001, 8]]"))
    walk = LiveWalk.objects.get()
    other = helpers.make_user("other@example.org")
    helpers.clear(other)
    stranger = Client()
    stranger.force_login(other)
    for name in ("walk_seen", "walk_status"):
        assert stranger.get(reverse(name, args=[walk.key])).status_code == 404
    svg = reverse("walk_picture", args=[walk.key, "light", 340])
    assert stranger.get(svg).status_code == 404
    for name in ("walk_delete", "walk_forget_route"):
        assert stranger.post(reverse(name, args=[walk.key])).status_code == 404
    assert LiveWalk.objects.get().route


def test_a_phone_that_two_share_sends_to_neither_the_others(phone, cleared_walker):
    other = helpers.make_user("other@example.org")
    answer = send(phone, phones.sent(other))
    assert answer.status_code == 409
    assert not LiveWalk.objects.exists()


def test_a_therapist_sees_its_steps_as_other_walking(phone, cleared_walker, raw):
    send(phone, phones.sent(cleared_walker, raw.tobytes(), route="[[1, 50, 8], [9, 50.001, 8]]"))
    shared = story.walking(cleared_walker, None, cleared_walker.today())
    steps = LiveWalk.objects.get().measured["steps"]
    assert sum(row["steps"] for row in shared["rows"]) == steps
    assert "50.001" not in json.dumps(shared)  # where it was stays with the walker


def test_route_and_walk_can_be_removed(phone, cleared_walker, raw):
    fields = phones.sent(cleared_walker, raw.tobytes(), route="[[1, 50, 8], [9, 50.001, 8]]")
    page = send(phone, fields).json()["walk"]
    walk = LiveWalk.objects.get()
    assert "About 110 m." in phone.get(page).content.decode()
    phone.post(reverse("walk_forget_route", args=[walk.key]))
    assert LiveWalk.objects.get().route == []
    file = store.file_of(walk.upload.sha256)
    assert file.exists()
    phone.post(reverse("walk_delete", args=[walk.key]))
    assert not file.exists()
    assert not LiveWalk.objects.exists()
    assert not WalkDone.objects.exists()
    assert not cleared_walker.days.exists()


def test_the_diary_removes_a_recorded_walk_only_with_its_steps(phone, cleared_walker, raw):
    send(phone, phones.sent(cleared_walker, raw.tobytes()))
    walk = LiveWalk.objects.get()
    there = f"{reverse('walk_seen', args=[walk.key])}#remove"
    for page in ("today", "log"):
        shown = phone.get(reverse(page)).content.decode()
        assert there in shown
        assert reverse("log_remove", args=["walk", walk.note_id]) not in shown
    answer = phone.post(reverse("log_remove", args=["walk", walk.note_id]))  # of an old page
    assert answer["Location"] == there
    page = phone.get(there).content.decode()
    assert "This walk was recorded: here you remove all of it." in page
    assert 'id="remove"' in page
    assert WalkDone.objects.exists()
    assert cleared_walker.days.exists()


def test_the_page_holds_nothing_private(phone, cleared_walker):
    page = phone.get(reverse("walk"))
    text = page.content.decode()
    assert "Wanda" not in text
    assert cleared_walker.email not in text
    assert page["Cache-Control"] == "private, no-cache"
    assert "This page needs JavaScript" in text


def test_the_limits_are_those_of_the_diary():
    most = WalkDone._meta.get_field("minutes").validators[1].limit_value
    assert most * 60 == forms.MOST_ACTIVE_S


@pytest.mark.parametrize(
    ("language", "counted", "refused"),
    [
        ("es", "el teléfono contó", "Una caminata está en los últimos 60 días."),
        ("zh-hans", "步行时手机计的步数比事后测量的", "步行须在最近60天内。"),
    ],
)
def test_a_walk_is_told_in_the_walkers_language(
    phone, cleared_walker, raw, language, counted, refused
):
    cleared_walker.language = language
    cleared_walker.save()
    page = phone.get(send(phone, phones.sent(cleared_walker, raw.tobytes())).json()["walk"])
    assert counted in page.content.decode()
    assert LiveWalk.objects.get().upload.name.startswith("Walk with me, ")  # kept as ever
    long_ago = timezone.now() - timedelta(days=61)
    answer = send(phone, phones.sent(cleared_walker, start=long_ago))
    assert (answer.status_code, answer.json()["error"]) == (400, refused)
