"""No page of a walker's is reached past an open or worrying safety screen."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from backstride.records import Disposition
from backstride.web.journal.models import NEWS, PainEntry
from backstride.web.safety.models import Clearance, ScreenRecord
from backstride.web.safety.services import record_answers, standing
from web import helpers

OPEN_TO_ALL = {"today", "demo", "you", "about", "design"}
OPEN_TO_ALL |= {"manifest", "service_worker", "offline", "language"}
# What scripts send to answers with a status, not with a page: their own tests hold them.
FOR_SCRIPTS = {"walk_send", "outbox"}
# Help holds nothing about a person, but for the marks of what they read.
HELP = {"help", "help_worry", "help_flare", "help_therapist", "help_app"}
HELP |= {"help_cards", "help_card", "help_mark"}
# What is the walker's by right, whatever the screen says.
BY_RIGHT = {"appointment", "appointment_ics", "appointment_withdraw"}
# The token in the address opens these, signed in or not: their own tests hold them.
BY_TOKEN = {"reminders_decline", "reminders_stop", "reminders_feed"}
BY_TOKEN |= {"sharing_link", "sharing_link_picture"}
THEIR_DATA = {"reminders", "reminders_add", "reminders_remove", "reminders_try"}
THEIR_DATA |= {"reminders_not_today", "reminders_feed_new", "reminders_feed_remove"}
THEIR_DATA |= {"export", "export_state", "export_file", "export_delete", "report", "report_pdf"}
THEIR_DATA |= {"sharing", "sharing_give", "sharing_end", "sharing_seen", "sharing_picture"}
STAFF_ONLY = {"inbox", "request", "request_close", "request_ics"}
KEY = UUID(int=7)
ARGS = {
    "log_news": [1], "log_walk_pain": [1], "log_remove": ["pain", 1],
    "progress_picture": ["together", "light", 340], "plan_picture": ["light", 340],
    "progress_large": ["together"], "progress_file": ["together", "csv"],
    "routine_drawing": ["bridge", "light"],
    "back_note_remove": [1], "back_form": ["peg"],
    "back_form_keep": ["peg"], "back_sheet": [1], "back_sheet_remove": [1],
    "upload": [1], "upload_status": [1],
    "upload_delete": [1], "appointment": [1], "appointment_withdraw": [1],
    "appointment_ics": [1],
    "plan_felt": ["hard"], "plan_undo": [1],
    "back_mobility_test": ["chair_stand_30s"], "back_mobility_remove": [1],
    "walk_seen": [KEY], "walk_status": [KEY], "walk_forget_route": [KEY], "walk_delete": [KEY],
    "reminders_remove": [1],
    "sharing_give": ["person"], "sharing_end": [1], "sharing_seen": [1],
    "sharing_picture": [1, "together", "light", 340],
    "walk_picture": [KEY, "light", 340],
}  # fmt: skip


def walker_urls() -> list[str]:
    """Every address of the site that belongs to a walker's rooms."""
    names = [key for key in get_resolver().reverse_dict if isinstance(key, str)]
    rooms = [
        name
        for name in names
        if not name.startswith(("account_", "safety"))
        and name
        not in OPEN_TO_ALL | HELP | BY_RIGHT | THEIR_DATA | FOR_SCRIPTS | BY_TOKEN | STAFF_ONLY
    ]
    assert len(rooms) > 15
    return [reverse(name, args=ARGS.get(name)) for name in rooms]


@pytest.mark.parametrize("url", walker_urls())
@pytest.mark.parametrize("method", ["get", "post"])
def test_visitors_are_sent_to_sign_in(client, db, url, method):
    response = getattr(client, method)(url)
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


@pytest.mark.parametrize("name", sorted(THEIR_DATA))
def test_their_data_are_theirs_past_an_open_screen(client, walker, name):
    url = reverse(name, args=ARGS.get(name))
    for method in (client.get, client.post):
        assert method(url).url.startswith("/account/login/")
    client.force_login(walker)
    answer = client.get(url)
    assert "safety" not in answer.headers.get("Location", "")
    assert answer.status_code in {200, 302, 404, 405}


@pytest.mark.parametrize("url", walker_urls())
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_open_screen_comes_first(client, walker, url, method):
    client.force_login(walker)
    response = getattr(client, method)(url)
    assert (response.status_code, response.url) == (302, reverse("safety"))


@pytest.mark.parametrize("url", walker_urls())
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stop_holds_everywhere(client, stopped_walker, url, method):
    client.force_login(stopped_walker)
    response = getattr(client, method)(url)
    assert (response.status_code, response.url) == (302, reverse("safety_stop"))


@pytest.fixture
def stopped_walker(walker):
    answers = {**helpers.harmless_answers(walker.today()), "trauma_major": "yes"}
    record = record_answers(walker, answers)
    assert record.disposition == Disposition.SAME_DAY
    return walker


@pytest.mark.parametrize("name", sorted(BY_RIGHT))
def test_what_is_theirs_by_right_is_still_theirs_alone(client, stopped_walker, name):
    url = reverse(name, args=ARGS[name])
    for method in (client.get, client.post):
        assert method(url).url.startswith("/account/login/")
    client.force_login(stopped_walker)
    assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}


def test_today_is_behind_the_gate_too(client, walker):
    client.force_login(walker)
    assert client.get("/").url == reverse("safety")


def test_a_stop_is_not_answered_away(client, stopped_walker):
    client.force_login(stopped_walker)
    assert client.post(reverse("safety")).url == reverse("safety_stop")
    assert client.get(reverse("safety_section", args=["emergency"])).url == reverse("safety_stop")


def test_a_slip_can_be_corrected_for_a_quarter_of_an_hour_only(client, stopped_walker):
    client.force_login(stopped_walker)
    ScreenRecord.objects.update(at=timezone.now() - timedelta(minutes=20))
    response = client.post(reverse("safety_stop"))
    assert "I tapped a wrong answer" not in response.content.decode()
    assert client.get(reverse("safety_section", args=["today"])).url == reverse("safety_stop")


def test_clearance_opens_the_questions_not_the_plan(client, stopped_walker):
    client.force_login(stopped_walker)
    today = stopped_walker.today().isoformat()
    form = {"seen_on": today, "clinician": "Dr Lee", "cleared": "on"}
    assert client.post(reverse("safety_cleared"), form).url == reverse("safety")
    assert Clearance.objects.get().clinician == "Dr Lee"
    assert client.get(reverse("plan")).url == reverse("safety")
    helpers.clear(stopped_walker)
    assert client.get(reverse("plan")).status_code == 200


def test_an_old_clearance_does_not_lift_a_new_stop(walker):
    Clearance.objects.create(
        user=walker,
        seen_on=walker.today(),
        clinician="Dr Lee",
        recorded_at=timezone.now() - timedelta(hours=1),
    )
    answers = {**helpers.harmless_answers(walker.today()), "saddle_numb": "not_sure"}
    record_answers(walker, answers)
    assert standing(walker).is_locked


@pytest.mark.parametrize("news", NEWS)
def test_news_in_the_diary_asks_again(client, cleared_walker, news):
    PainEntry.objects.create(
        user=cleared_walker, day=cleared_walker.today(), nprs=4, **{news: True}
    )
    client.force_login(cleared_walker)
    assert client.get(reverse("plan")).url == reverse("safety")


def test_the_weekly_check_is_short_and_keeps_the_rest(client, cleared_walker):
    ScreenRecord.objects.update(at=timezone.now() - timedelta(days=8))
    client.force_login(cleared_walker)
    page = client.get(reverse("safety")).content.decode()
    assert "A quick safety check" in page
    url = client.post(reverse("safety")).url
    assert url == reverse("safety_section", args=["weekly"])
    calm = helpers.harmless_answers(cleared_walker.today())
    response = client.post(url, {key: str(value) for key, value in calm.items()})
    assert response.url == "/"
    newest, last = ScreenRecord.objects.all()
    assert newest.answers["birth_year"] == last.answers["birth_year"]


def test_after_four_weeks_all_questions_come_again(client, cleared_walker):
    ScreenRecord.objects.update(at=timezone.now() - timedelta(days=29))
    assert not standing(cleared_walker).short
    assert standing(cleared_walker).why_ask.rule == "screen.monthly"


def test_open_questions_are_marked_and_nothing_is_recorded(client, walker):
    client.force_login(walker)
    url = client.post(reverse("safety")).url
    page = client.post(url, {"saddle_numb": "no"}).content.decode()
    assert page.count("Please answer this one.") >= 5
    assert not ScreenRecord.objects.exists()


def test_an_answer_that_is_not_offered_is_refused(client, walker):
    client.force_login(walker)
    url = client.post(reverse("safety")).url
    page = client.post(url, {"saddle_numb": "maybe"}).content.decode()
    assert "Please choose one of the answers offered." in page


def test_a_section_that_is_none_is_not_found(client, walker):
    client.force_login(walker)
    client.post(reverse("safety"))
    assert client.get(reverse("safety_section", args=["nonsense"])).status_code == 404


def test_answers_of_an_older_version_still_show_why(client, stopped_walker):
    record = ScreenRecord.objects.get()
    record.answers["a_question_no_longer_asked"] = "yes"
    record.version = "2020.1"
    record.save()
    client.force_login(stopped_walker)
    assert client.get(reverse("safety_stop")).status_code == 200
