"""The target page: why this one, another one, and what can't be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backstride import regimen
from backstride.web.back.models import Sheet
from backstride.web.imports.models import Usual
from backstride.web.plan import services
from backstride.web.plan.models import PlannedWeek, Preferences
from backstride.web.safety.services import record_answers
from web import helpers

PAGE = "/plan/target/"


@pytest.fixture
def at_home(client, cleared_walker):
    Usual.objects.create(user=cleared_walker, minutes=15, days_per_week=3)
    client.force_login(cleared_walker)
    return client


def goal(user):
    found = regimen.target_of(regimen.protocol(), services.person_of(user))
    return found.minutes, found.days, found.is_first


def test_the_plan_says_what_it_leads_to_and_why(at_home):
    page = at_home.get(reverse("plan")).content.decode()
    assert "30 minutes on 5 days a week" in page
    assert "Rule target.tested" in page
    assert reverse("plan_target") == PAGE
    assert PAGE in page


def screened(user, **answers):
    calm = helpers.harmless_answers(user.today()) | answers
    return record_answers(user, calm)


def test_age_and_conditions_are_those_of_the_safety_answers(at_home, cleared_walker):
    screened(cleared_walker, birth_year=cleared_walker.today().year - 72)
    assert goal(cleared_walker) == (26, 5, True)
    assert "Rule target.age" in at_home.get(PAGE).content.decode()
    screened(cleared_walker, heart_condition="yes", go_ahead="yes")
    assert goal(cleared_walker) == (26, 5, True)
    assert "Rule target.condition" in at_home.get(reverse("plan")).content.decode()
    screened(cleared_walker)
    assert goal(cleared_walker) == (30, 5, False)


def test_what_the_plan_suggests_is_offered_once(at_home, cleared_walker):
    page = at_home.get(PAGE).content.decode()
    assert "As the plan suggests: 30 minutes on 5 days." in page
    assert 'value="tested"' not in page
    screened(cleared_walker, birth_year=cleared_walker.today().year - 72)
    page = at_home.get(PAGE).content.decode()
    assert "As the plan suggests: 26 minutes on 5 days." in page
    assert 'value="tested"' in page
    assert 'value="mean"' not in page


def test_thin_bones_are_remembered_and_a_high_startback_score_counts(cleared_walker):
    screened(cleared_walker, trauma_minor="no")
    assert services.person_of(cleared_walker).conditions == frozenset()
    screened(cleared_walker, trauma_minor="yes", bone_risk="not_sure")
    screened(cleared_walker, trauma_minor="no")
    assert services.person_of(cleared_walker).conditions == {"bone_risk"}
    sheet = {"instrument": "startback", "version": "1", "day": cleared_walker.today()}
    for ago, distress, high in ((3, 4, True), (1, 3, False)):
        when = timezone.now() - timedelta(days=ago)
        parts = {"distress": distress}
        Sheet.objects.create(user=cleared_walker, value=6, parts=parts, finished_at=when, **sheet)
        found = services.person_of(cleared_walker).conditions
        assert ("startback_high" in found) == high


@pytest.mark.parametrize("key", ["four_days", "three_days", "mean", "fewest"])
def test_each_that_is_offered_can_be_chosen(at_home, cleared_walker, key):
    assert f'value="{key}"' in at_home.get(PAGE).content.decode()
    assert at_home.post(PAGE, {"target": key}).url == reverse("plan")
    assert goal(cleared_walker)[:2] == regimen.protocol().target.choices[key]
    page = at_home.get(PAGE).content.decode()
    assert "You chose this target yourself" in page
    assert page.count(" checked") == 1
    at_home.post(PAGE, {"target": ""})
    assert goal(cleared_walker) == (30, 5, False)


def test_own_numbers_lead_the_next_week(at_home, cleared_walker):
    week = services.week_now(cleared_walker)
    assert week.dose.days_per_week == 4
    at_home.post(PAGE, {"target": "own", "minutes": "8", "days": "2"})
    assert goal(cleared_walker) == (8, 2, False)
    start = cleared_walker.today() - timedelta(days=7)
    row = PlannedWeek.objects.get()
    row.data = {**row.data, "start": start.isoformat()}
    row.start = start
    row.save()
    week = services.week_now(cleared_walker)
    assert week.number == 2
    assert (week.dose.minutes, week.dose.days_per_week) <= (8, 2)
    assert "target.down" in [reason.rule for reason in week.decision.reasons]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({}, "A whole number from 5 to 50."),
        ({"minutes": "4", "days": "3"}, "A whole number from 5 to 50."),
        ({"minutes": "51", "days": "1"}, "A whole number from 5 to 50."),
        ({"minutes": "20", "days": "6"}, "A whole number from 1 to 5."),
        ({"minutes": "much", "days": "3"}, "Enter a whole number."),
        ({"minutes": "40", "days": "5"}, "At most 150 minutes in a week"),
    ],
    ids=str,
)
def test_numbers_that_can_not_be_are_refused_in_words(at_home, cleared_walker, numbers, said):
    answer = at_home.post(PAGE, {"target": "own", **numbers})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Preferences.objects.exists()


def test_long_walks_are_neither_offered_nor_taken_at_72(at_home, cleared_walker):
    screened(cleared_walker, birth_year=cleared_walker.today().year - 72)
    page = at_home.get(PAGE).content.decode()
    assert 'value="fewest"' in page
    assert 'value="three_days"' not in page
    assert at_home.post(PAGE, {"target": "three_days"}).status_code == 400
    own = {"target": "own", "minutes": "40", "days": "3"}
    assert "from 5 to 30" in at_home.post(PAGE, own).content.decode()


def test_a_choice_that_is_offered_no_more_is_the_plans_own(cleared_walker):
    Preferences.objects.create(user=cleared_walker, target="swimming")
    assert goal(cleared_walker) == (30, 5, False)


def test_what_fits_keeps_the_target(at_home, cleared_walker):
    at_home.post(PAGE, {"target": "fewest"})
    wish = {"weekdays": range(7), "routine_minutes": 10, "walk_at": "09:00", "ground": "flat"}
    at_home.post(reverse("preferences"), wish)
    assert goal(cleared_walker) == (30, 3, False)
    Preferences.objects.update(aim="the garden in spring")
    assert "the garden in spring" in at_home.get(PAGE).content.decode()
