"""Who may open what: every address of the clinic, for everyone there is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver

from backstride.web.clinic import urls
from web import helpers

WALKER_PAGES = ["appointments/", "appointments/ask/"]
WALKER_OWN = ["appointments/{}/", "appointments/{}/appointment.ics"]
STAFF_PAGES = ["inbox/"]
STAFF_OWN = ["inbox/{}/", "inbox/{}/appointment.ics"]
POSTS = ["appointments/{}/withdraw/", "inbox/{}/close/", "inbox/{}/"]
ALL = [*WALKER_PAGES, *WALKER_OWN, *STAFF_PAGES, *STAFF_OWN, *POSTS]


def at(pattern: str, asked) -> str:
    return "/clinic/" + pattern.format(asked.pk)


def test_every_address_is_in_these_tests():
    routes = {str(route.pattern).replace("<int:pk>", "{}") for route in urls.urlpatterns}
    assert routes == set(ALL)
    assert get_resolver().resolve("/clinic/inbox/").url_name == "inbox"


@pytest.mark.parametrize("page", ALL)
def test_visitors_are_asked_to_sign_in(page, answered):
    for answer in (Client().get(at(page, answered)), Client().post(at(page, answered))):
        assert answer.status_code == 302
        assert answer.url.startswith("/account/login/")


@pytest.mark.parametrize("page", WALKER_PAGES + WALKER_OWN)
def test_a_walker_sees_their_own(page, answered, cleared_walker, browse):
    assert browse(cleared_walker).get(at(page, answered)).status_code == 200


@pytest.mark.parametrize("page", [*WALKER_OWN, *STAFF_PAGES, *STAFF_OWN])
def test_another_walker_finds_nothing(page, answered, browse):
    other = helpers.make_user("other@example.org")
    helpers.clear(other)
    assert browse(other).get(at(page, answered)).status_code == 404


@pytest.mark.parametrize("page", POSTS)
def test_another_walker_changes_nothing(page, answered, browse):
    other = helpers.make_user("other@example.org")
    helpers.clear(other)
    assert browse(other).post(at(page, answered)).status_code == 404
    answered.refresh_from_db()
    assert answered.state == "answered"
    assert answered.story


@pytest.mark.parametrize("page", STAFF_PAGES + STAFF_OWN)
def test_the_clinics_staff_see_it(page, answered, colleague, browse):
    assert browse(colleague).get(at(page, answered)).status_code == 200


@pytest.mark.parametrize("page", STAFF_OWN)
def test_another_clinics_staff_find_nothing(page, answered, outsider, cleared_walker, browse):
    client = browse(outsider)
    assert client.get(at(page, answered)).status_code == 404
    assert "Wanda" not in client.get("/clinic/inbox/").content.decode()
    assert not cleared_walker.audit_entries.filter(actor=outsider).exists()


def test_another_clinics_staff_change_nothing(answered, outsider, browse):
    client = browse(outsider)
    assert client.post(at("inbox/{}/close/", answered)).status_code == 404
    moved = {"date": "2030-01-02", "time": "10:00", "minutes": 30, "seen": 0}
    assert client.post(at("inbox/{}/", answered), moved).status_code == 404
    answered.refresh_from_db()
    assert (answered.state, answered.appointment.sequence) == ("answered", 0)


@pytest.mark.parametrize("page", WALKER_PAGES + WALKER_OWN)
def test_staff_are_led_to_their_inbox(page, answered, staff, browse):
    answer = browse(staff).get(at(page, answered))
    assert (answer.status_code, answer.url) == (302, "/clinic/inbox/")


@pytest.mark.parametrize("page", WALKER_PAGES)
def test_the_safety_screen_comes_first(page, walker, clinic, staff, browse):
    answer = browse(walker).get("/clinic/" + page)
    assert answer.status_code == 302
    assert answer.url.startswith("/safety/")


def test_a_clinics_own_staff_can_not_withdraw_for_the_walker(answered, staff, browse):
    browse(staff).post(at("appointments/{}/withdraw/", answered))
    answered.refresh_from_db()
    assert answered.state == "answered"


@pytest.mark.parametrize("page", ["appointments/{}/withdraw/", "inbox/{}/close/"])
def test_changes_need_a_post(page, answered, cleared_walker, staff, browse):
    person = cleared_walker if page.startswith("appointments") else staff
    assert browse(person).get(at(page, answered)).status_code == 405


def test_changes_need_the_forms_token(answered, staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    assert client.post(at("inbox/{}/close/", answered)).status_code == 403


@pytest.mark.parametrize("page", WALKER_OWN)
def test_the_walker_still_sees_the_time_behind_a_stop(page, answered, cleared_walker, browse):
    answers = {**helpers.harmless_answers(cleared_walker.today()), "trauma_major": "yes"}
    helpers.record_answers(cleared_walker, answers)
    walker = browse(cleared_walker)
    assert walker.get(at(page, answered)).status_code == 200
    assert at(WALKER_OWN[0], answered) in walker.get("/sharing/").content.decode()


def test_the_list_is_audited_once_a_day_and_the_calendar_file_each_time(
    answered, colleague, browse
):
    client = browse(colleague)
    for _ in range(3):
        client.get("/clinic/inbox/")
    client.get(f"/clinic/inbox/{answered.pk}/appointment.ics")
    seen = answered.walker.audit_entries.filter(actor=colleague).order_by("id")
    assert [entry.action for entry in seen] == [
        "saw you in the list of requests",
        "took your appointment's calendar file",
    ]
