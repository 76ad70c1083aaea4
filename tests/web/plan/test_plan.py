"""This week's plan, kept once, and the next one answering to what happened."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from backstride import regimen
from backstride.web.imports.models import Day, Usual
from backstride.web.journal.models import PainEntry, WalkDone
from backstride.web.plan import services
from backstride.web.plan.models import PlannedWeek

WHERE = {"walk_at": "09:00", "ground": "flat"}


@pytest.fixture
def told(cleared_walker):
    Usual.objects.create(user=cleared_walker, minutes=15, days_per_week=3)
    return cleared_walker


def test_without_anything_to_start_from_it_says_so(client, cleared_walker):
    client.force_login(cleared_walker)
    assert "There are no measured days yet" in client.get(reverse("plan")).content.decode()
    assert "How do you walk now?" in client.get("/").content.decode()
    assert not PlannedWeek.objects.exists()


def test_a_told_start(client, told):
    client.force_login(told)
    page = client.get(reverse("plan")).content.decode()
    assert "48 minutes in all: 12 minutes on 4 days" in page  # 0.8 of 15
    week = services.week_now(told)
    assert week.start == told.today()
    client.get(reverse("plan"))
    assert PlannedWeek.objects.count() == 1


def test_a_measured_start_beats_a_told_one(told):
    for n in range(1, 9):
        Day.objects.create(
            user=told, date=told.today() - timedelta(days=n), steps=5000, longest_bout_min=20
        )
    assert services.week_now(told).dose.minutes == 16


def a_week_ago(user, nprs: int, walked: bool):
    """The first week as of eight days ago, with pain noted each day."""
    start = user.today() - timedelta(days=8)
    first = regimen.baseline(services.days_frame(user), start, services.usual_of(user))
    screen = regimen.Screen(services.Disposition.WALK, start)
    week = regimen.first_week(first, services.person_of(user), screen, start)
    PlannedWeek.objects.create(user=user, start=start, data=regimen.week_to_json(week))
    for n in range(9):
        PainEntry.objects.create(user=user, day=start + timedelta(days=n), nprs=nprs)
    for walk in week.walks if walked else ():
        WalkDone.objects.create(user=user, day=walk.day, minutes=walk.minutes)
    return week


def test_a_week_that_went_well_grows(told):
    last = a_week_ago(told, nprs=3, walked=True)
    week = services.week_now(told)
    assert week.decision.kind == "progress"
    assert last.dose.minutes < week.dose.minutes <= last.dose.minutes * 1.2 + 1
    assert week.number == 2


def test_a_week_that_was_not_walked_does_not_grow(told):
    last = a_week_ago(told, nprs=3, walked=False)
    week = services.week_now(told)
    assert week.decision.kind != "progress"
    assert week.dose.minutes <= last.dose.minutes


def test_walks_done_are_ticked(client, told):
    client.force_login(told)
    services.week_now(told)
    client.post(reverse("log_walk"), {"minutes": "12"})
    page = client.get(reverse("plan")).content.decode()
    assert "1 of 4 walks done so far" in page


def test_the_week_as_a_calendar(client, told):
    client.force_login(told)
    response = client.get(reverse("plan_calendar"))
    events = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert len(events) == 4
    assert response.headers["Content-Type"].startswith("text/calendar")


def test_no_calendar_without_a_plan(client, cleared_walker):
    client.force_login(cleared_walker)
    assert client.get(reverse("plan_calendar")).status_code == 404


def with_screen(user, **fields):
    """The newest screen came to something else."""
    user.screens.update(**fields)


def test_a_screen_that_asks_for_easy_walks_eases_the_running_week(client, told):
    given = services.week_now(told)
    therapist = services.Disposition.THERAPIST
    with_screen(told, disposition=therapist, light_only=True)
    week = services.week_now(told)
    assert week.dose.minutes <= 10 < given.dose.minutes
    assert "screen.therapist_light" in [r.rule for r in week.decision.reasons]
    with_screen(told, disposition=services.Disposition.WALK, light_only=False)
    assert services.week_now(told) == given


def test_a_flare_halves_the_rest_of_the_week_at_once(told):
    Usual.objects.create(user=told, minutes=30, days_per_week=3)
    given = services.week_now(told)
    PainEntry.objects.create(user=told, day=told.today(), nprs=6, is_flare=True)
    week = services.week_now(told)
    assert week.decision.kind == "flare"
    assert week.dose.minutes == given.dose.minutes // 2
    assert {walk.day for walk in week.walks} == {walk.day for walk in given.walks}


def test_a_week_eased_half_way_adds_up(client, told):
    week = services.week_now(told)
    row = PlannedWeek.objects.get()
    row.start = told.today() - timedelta(days=3)
    moved = [
        {**walk, "day": (walk_day.day - timedelta(days=3)).isoformat()}
        for walk, walk_day in zip(row.data["walks"], week.walks, strict=True)
    ]
    row.data = {**row.data, "start": row.start.isoformat(), "walks": moved}
    row.save()
    told.screens.update(at=timezone.now() + timedelta(seconds=5))
    PainEntry.objects.create(user=told, day=told.today(), nprs=5, is_flare=True)
    eased = services.week_now(told)
    total = sum(walk.minutes for walk in eased.walks)
    assert total < week.dose.weekly_minutes
    client.force_login(told)
    assert f"{total} minutes in all. " in client.get(reverse("plan")).content.decode()


def test_a_strong_rise_while_walking_leads_to_the_questions(client, told):
    a_week_ago(told, nprs=3, walked=True)
    told.screens.update(at=timezone.now() - timedelta(days=6))
    day = told.today() - timedelta(days=2)
    PainEntry.objects.create(user=told, day=day, nprs=8, moment="during_walk")
    client.force_login(told)
    for page in ("/", reverse("plan")):
        text = client.get(page).content.decode()
        assert "Your pain rose strongly" in text
        assert f'action="{reverse("safety")}"' in text
    assert PlannedWeek.objects.count() == 1


def test_after_a_flight_west_the_week_is_still_there(told):
    told.zone = "Pacific/Kiritimati"
    given = services.week_now(told)
    told.zone = "Pacific/Pago_Pago"
    assert given.start > told.today()
    assert services.week_now(told) == given


def test_three_weeks_away_start_again_gently(told):
    week = a_week_ago(told, nprs=3, walked=True)
    row = PlannedWeek.objects.get()
    start = told.today() - timedelta(days=28)
    row.start, row.data = start, {**row.data, "start": start.isoformat()}
    row.save()
    PainEntry.objects.all().delete()
    WalkDone.objects.all().delete()
    again = services.week_now(told)
    assert (again.start, again.decision.kind) == (told.today(), "restart")
    assert again.dose.minutes < week.dose.minutes


def test_a_plan_in_steps(client, cleared_walker):
    for n in range(1, 12):
        Day.objects.create(
            user=cleared_walker,
            date=cleared_walker.today() - timedelta(days=n),
            steps=5000,
            longest_bout_min=20,
        )
    client.force_login(cleared_walker)
    wish = {"weekdays": range(7), "routine_minutes": 10, "floor": "on", "in_steps": "on"} | WHERE
    client.post(reverse("preferences"), wish)
    page = client.get(reverse("plan")).content.decode()
    assert "6,000 steps" in page
    assert "Your usual 5,000 steps a day" in page
    Day.objects.create(user=cleared_walker, date=cleared_walker.today(), steps=4200)
    today = client.get("/").content.decode()
    assert "6,000 steps" in today
    assert "4,200 so far" in today


def test_the_page_shows_every_question_that_was_asked(client, told):
    a_week_ago(told, nprs=3, walked=False)
    client.force_login(told)
    page = client.get(reverse("plan")).content.decode()
    assert "Every question the rules asked" in page
    assert "0 of 4 (0%)" in page
    assert '<span class="tag tag-warm">less</span>' in page


def test_what_fits_is_kept_to(client, told):
    client.force_login(told)
    wish = {
        "weekdays": range(7),
        "routine_minutes": 10,
        "walk_at": "17:30",
        "ground": "indoors",
        "aim": "the garden in spring",
    }
    client.post(reverse("preferences"), wish)
    page = client.get(reverse("plan")).content.decode()
    assert "the garden in spring" in page
    assert "a corridor or a treadmill" in page
    written = icalendar.Calendar.from_ical(client.get(reverse("plan_calendar")).content)
    starts = {e.decoded("dtstart").astimezone(told.tz).time() for e in written.walk("VEVENT")}
    assert {f"{at:%H:%M}" for at in starts} == {"17:30"}
