"""The routine's room: what to do today, how it went, what fits, and nothing past a stop."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from backstride.regimen.exercises import Place, load
from backstride.web.imports.models import Day, Usual
from backstride.web.journal.models import ExerciseDone
from backstride.web.journal.services import sessions_frame
from backstride.web.plan import services
from backstride.web.plan.models import TherapistOrder
from web import helpers


@pytest.fixture
def web(client, cleared_walker):
    Usual.objects.create(user=cleared_walker, minutes=15, days_per_week=3)
    client.force_login(cleared_walker)
    return client


def page_of(web, address: str = "routine") -> str:
    return " ".join(web.get(reverse(address)).content.decode().split())


def shown(page: str) -> list[str]:
    return re.findall(r'<section class="card exercise" id="(\w+)"', page)


def note(web, key: str, went: str):
    told = {"exercise": key, "level": 1, "went": went}
    return web.post(reverse("log_exercise"), told, follow=True)


def test_the_first_day_has_a_routine_with_drawings(web):
    page = page_of(web)
    keys = shown(page)
    assert len(keys) >= 3
    for key in keys:
        assert load()[key].steps[0] in page
        for theme in ("light", "dark"):
            drawn = web.get(reverse("routine_drawing", args=[key, theme]))
            assert drawn["Content-Type"] == "image/svg+xml"
            assert drawn.content.startswith(b"<svg")
    assert "to loosen up, stretch and strengthen" in page_of(web, "today")


def test_how_it_went_is_noted_once_and_can_be_undone(web, cleared_walker):
    key = shown(page_of(web))[0]
    assert "Noted: " in note(web, key, "right").content.decode()
    note(web, key, "hard")
    entry = ExerciseDone.objects.get()
    assert (entry.exercise, entry.felt, entry.hurt) == (key, "hard", False)
    assert "1 of" in page_of(web, "today")
    undo = reverse("log_remove", args=["exercise", entry.pk])
    response = web.post(undo, {"from": "routine"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("routine")
    assert not ExerciseDone.objects.exists()


def test_what_hurt_is_kept_as_such(web, cleared_walker):
    key = shown(page_of(web))[0]
    assert "next week asks less of it" in note(web, key, "hurt").content.decode()
    assert sessions_frame(cleared_walker)["hurt"].to_list() == [True]
    assert "hurt" in page_of(web, "log")


@pytest.mark.parametrize("told", [{"exercise": "handstand"}, {"level": "0"}, {"went": "great"}])
def test_what_is_no_exercise_is_refused(web, told):
    sound = {"exercise": "bridge", "level": 1, "went": "right"}
    response = web.post(reverse("log_exercise"), sound | told, follow=True)
    assert "Nothing was noted" in response.content.decode()
    assert not ExerciseDone.objects.exists()


def prefer(web, **more):
    told = {"weekdays": list(range(7)), "routine_minutes": 15, "floor": "on"}
    told |= {"walk_at": "09:00", "ground": "flat"}
    return web.post(reverse("preferences"), told | more, follow=True)


def test_without_the_floor_nothing_is_on_the_floor(web):
    prefer(web, floor="")
    keys = shown(page_of(web))
    assert keys
    assert all(load()[key].place is not Place.FLOOR for key in keys)


def test_minutes_out_of_range_are_an_error_on_the_page(web):
    response = prefer(web, routine_minutes=500)
    assert response.status_code == 400
    assert "less than or equal to 60" in response.content.decode()


def test_walks_keep_to_the_days_that_fit(web, cleared_walker):
    assert "Choose at least one day" in prefer(web, weekdays=[]).content.decode()
    assert "keeps to it" in prefer(web, weekdays=[1, 3, 6]).content.decode()
    cleared_walker.weeks.all().delete()
    week = services.week_now(cleared_walker)
    assert {walk.day.weekday() for walk in week.walks} == {1, 3, 6}


def test_a_goal_of_steps_for_who_wants_one(web, cleared_walker):
    for n in range(1, 12):
        day = cleared_walker.today() - timedelta(days=n)
        Day.objects.create(user=cleared_walker, date=day, steps=4000 + 100 * n)
    assert "Steps over the day" not in page_of(web, "today")
    prefer(web, step_goal="on")
    page = page_of(web, "today")
    assert "Steps over the day: 4,600" in page
    assert "four of your last 9 days" in page


def test_what_a_therapist_set_is_in_the_plan_with_their_name(web, cleared_walker):
    today = cleared_walker.today()
    TherapistOrder.objects.create(
        user=cleared_walker, given_by="Petra Physio", on=today, max_minutes=7, avoid=["bridge"]
    )
    page = page_of(web, "plan")
    assert "Petra Physio set a limit on" in page
    assert services.week_now(cleared_walker).dose.minutes == 7


def test_four_good_times_lead_up(web, cleared_walker):
    key = shown(page_of(web))[0]
    for n in range(1, 5):
        day = cleared_walker.today() - timedelta(days=n)
        ExerciseDone.objects.create(user=cleared_walker, day=day, exercise=key)
    week = services.week_now(cleared_walker)
    items = [
        item for one in services.routine_of(cleared_walker, week).values() for item in one.items
    ]
    assert {item.level for item in items if item.exercise == key} == {2}
    assert "one step more" in page_of(web)


def test_no_routine_before_the_safety_questions(client, walker):
    client.force_login(walker)
    assert client.get(reverse("routine")).status_code == 302


def test_other_peoples_exercises_cannot_be_undone(web):
    other = helpers.make_user("other@example.org")
    entry = ExerciseDone.objects.create(user=other, day=other.today(), exercise="bridge")
    assert web.post(reverse("log_remove", args=["exercise", entry.pk])).status_code == 404


def test_a_drawing_that_does_not_exist(web):
    assert web.get("/plan/routine/handstand.light.svg").status_code == 404
    assert web.get("/plan/routine/bridge.pink.svg").status_code == 404
