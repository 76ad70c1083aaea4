"""The walker says whose steps count where several devices saw the same walk."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client

from backstride.web.imports import days, devices, services, tasks
from backstride.web.imports.models import Reckoning
from web import helpers
from web.imports import exports

MOVE, USUAL = "/data/sources/move/", "/data/sources/usual/"
HTMX = {"HX-Request": "true"}
JULY = exports.datetime(2026, 7, 1, 9)
WATCH, PHONE = "Wanda's Watch", "Wanda's iPhone"


@pytest.fixture
def web(client, cleared_walker) -> Client:
    client.force_login(cleared_walker)
    return client


def bring(user, content: bytes):
    upload, _ = services.receive(user, BytesIO(content), "export.xml")
    services.process(upload)
    assert upload.state == "done", upload.error
    return upload


def walks_and_more() -> bytes:
    """Two walks that both saw, 1,000 steps or 1,010, and a third that the phone saw alone."""
    first = exports.datetime(2026, 10, 1, 9)
    records = []
    for day, steps in ((0, 1010), (1, 1010), (2, None)):
        at = first + timedelta(days=day)
        records.append(exports.record(at, 10, 1000, PHONE, exports.PHONE))
        if steps:
            records.append(exports.record(at, 10, steps, WATCH, exports.WATCH))
    return exports.export(*records)


def steps_of(user) -> list[int]:
    return [day.steps for day in user.days.order_by("date")]


def section(response) -> str:
    page = " ".join(response.content.decode().split())
    return page.partition("Your devices, in order")[2].partition("</section>")[0]


def names_in(response) -> list[str]:
    found = re.findall(r'<strong translate="no">(.*?)</strong>', section(response))
    return [name.replace("&#x27;", "'") for name in found]


def test_each_device_with_what_it_saw_by_itself(web, cleared_walker):
    assert "in order" not in web.get("/data/").content.decode()
    bring(cleared_walker, walks_and_more())
    page = web.get("/data/")
    assert names_in(page) == [WATCH, PHONE]
    assert "Watch. By itself it saw 2 days and 2,020 steps." in section(page)
    phone = "Phone. By itself it saw 3 days and 3,000 steps; on 1 of the days nothing else was"
    assert phone in section(page)
    assert "usual order" not in section(page)


def test_one_device_needs_no_order(web, cleared_walker):
    at = exports.datetime(2026, 10, 1, 9)
    bring(cleared_walker, exports.export(exports.record(at, 10, 900, PHONE, exports.PHONE)))
    assert "Your devices, in order" not in web.get("/data/").content.decode()


def test_without_a_script_the_upper_one_counts_and_the_button_keeps_the_focus(web, cleared_walker):
    bring(cleared_walker, walks_and_more())
    assert steps_of(cleared_walker) == [1010, 1010, 1000]
    page = web.post(MOVE, {"source": PHONE, "move": "up"}, follow=True)
    assert page.redirect_chain[0][1] == 302
    assert names_in(page) == [PHONE, WATCH]
    assert steps_of(cleared_walker) == [1000, 1000, 1000]
    assert "Wanda&#x27;s iPhone is now number 1 of 2." in page.content.decode()
    focused = re.findall(r'id="([a-z]+)-\w+" autofocus', page.content.decode())
    assert focused == ["down"]  # it can't go further up
    back = web.post(USUAL, follow=True)
    assert names_in(back) == [WATCH, PHONE]
    assert steps_of(cleared_walker) == [1010, 1010, 1000]
    assert "usual order again" in back.content.decode()


def test_with_a_script_only_the_list_comes_and_it_is_said_aloud(web, cleared_walker):
    bring(cleared_walker, walks_and_more())
    part = web.post(MOVE, {"source": WATCH, "move": "down"}, headers=HTMX)
    text = part.content.decode()
    assert "<html" not in text
    assert names_in(part) == [PHONE, WATCH]
    assert '<p id="heard" hx-swap-oob="innerHTML">Wanda&#x27;s Watch is now number 2 of 2.' in text
    assert "Back to the usual order" in text


@pytest.mark.parametrize(
    "form",
    [
        {"source": WATCH, "move": "up"},
        {"source": PHONE, "move": "down"},
        {"source": "nobody", "move": "up"},
        {},
    ],
)
def test_what_has_nowhere_to_go_changes_nothing(web, cleared_walker, form):
    bring(cleared_walker, walks_and_more())
    assert names_in(web.post(MOVE, form, follow=True)) == [WATCH, PHONE]
    assert not cleared_walker.source_order.exists()


def test_a_source_that_comes_later_takes_its_usual_place_after_those_named(web, cleared_walker):
    bring(cleared_walker, walks_and_more())
    web.post(MOVE, {"source": PHONE, "move": "up"})
    at = exports.datetime(2026, 10, 1, 9)
    new = [("Zoe's Watch", exports.WATCH), ("Old iPhone", exports.PHONE)]
    bring(cleared_walker, exports.export(*(exports.record(at, 10, 1300, *one) for one in new)))
    assert names_in(web.get("/data/")) == [PHONE, WATCH, "Zoe's Watch", "Old iPhone"]
    assert steps_of(cleared_walker) == [1000, 1000, 1000]
    web.post(MOVE, {"source": "Zoe's Watch", "move": "up"})
    web.post(MOVE, {"source": "Zoe's Watch", "move": "up"})
    assert steps_of(cleared_walker) == [1300, 1000, 1000]


def test_the_report_of_a_file_follows_the_order(web, cleared_walker):
    bring(cleared_walker, walks_and_more())
    web.post(MOVE, {"source": PHONE, "move": "up"})
    upload = bring(cleared_walker, exports.walks(5))
    assert upload.report["steps_once"] == 5000
    assert upload.report["steps_after"] == sum(steps_of(cleared_walker)) == 5000


def test_the_order_is_the_owners_alone(web, cleared_walker):
    bring(cleared_walker, walks_and_more())
    other = helpers.make_user("other@example.org")
    helpers.clear(other)
    bring(other, walks_and_more())
    client = Client()
    client.force_login(other)
    client.post(MOVE, {"source": PHONE, "move": "up"})
    assert steps_of(other) == [1000, 1000, 1000]
    assert steps_of(cleared_walker) == [1010, 1010, 1000]
    assert web.get(MOVE).status_code == web.get(USUAL).status_code == 405
    for url in (MOVE, USUAL):
        assert Client().post(url).headers["Location"].startswith("/account/login/")
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(cleared_walker)
        assert strict.post(url).status_code == 403


def test_only_the_days_that_change_are_written(walker):
    bring(walker, exports.walks(40, JULY))
    far = walker.days.first()
    walker.days.filter(pk=far.pk).update(steps=7)  # would be put right if it were looked at
    bring(walker, exports.walks(41, JULY))
    assert steps_of(walker) == [7, *[1010] * 40]
    days.bring_up_to_date(walker)
    assert steps_of(walker)[0] == 7
    days.rebuild_days(walker)
    assert steps_of(walker) == [1010] * 41


def test_days_of_another_version_or_of_unknown_files_are_worked_out_from_nothing(walker):
    bring(walker, exports.walks(40, JULY))
    for change in ({"version": "0.0.1"}, {"uploads": [10**6]}, {"zone": "Asia/Tokyo"}):
        walker.days.filter(pk=walker.days.first().pk).update(steps=7)
        known = Reckoning.objects.get(user=walker)
        known.basis |= change
        known.save()
        assert days.behind() == [walker.pk]
        tasks.look_for_forgotten()
        assert days.behind() == []
        assert steps_of(walker) == [1010] * 40


def test_taking_a_file_away_leaves_what_others_brought(walker):
    bring(walker, exports.walks(40, JULY))
    grown = bring(walker, exports.walks(50, JULY))
    assert [device.days for device in devices.devices_of(walker)] == [50, 50]
    services.delete(grown)
    assert steps_of(walker) == [1010] * 40
    assert [device.days for device in devices.devices_of(walker)] == [40, 40]
