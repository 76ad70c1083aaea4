"""Moving a walk, being away, too much and too easy, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from backstride.web.imports.models import Usual
from backstride.web.plan import services
from backstride.web.plan.models import PlanChange


@pytest.fixture
def planned(client, cleared_walker):
    Usual.objects.create(user=cleared_walker, minutes=15, days_per_week=3)
    client.force_login(cleared_walker)
    return services.week_now(cleared_walker)


def days_of(user):
    return [walk.day for walk in services.week_now(user).walks]


def post(client, name, *args, **data):
    return client.post(reverse(name, args=args), data, follow=True).content.decode()


def test_a_walk_moves_and_the_move_is_taken_back(client, cleared_walker, planned):
    before = days_of(cleared_walker)
    free = next(d for d in (planned.start + timedelta(days=n) for n in range(7)) if d not in before)
    page = post(client, "plan_move", day=before[1], to=free)
    assert f"moved to {free:%A}" in page
    assert days_of(cleared_walker) == sorted([before[0], *before[2:], free])
    post(client, "plan_undo", PlanChange.objects.get().pk)
    assert days_of(cleared_walker) == before


@pytest.mark.parametrize("offsets", [(0, 0), (0, 60), (1, 0), (0, -1)])
def test_a_move_that_makes_no_sense_is_refused(client, cleared_walker, planned, offsets):
    before = days_of(cleared_walker)
    day, to = (planned.start + timedelta(days=n) for n in offsets)
    assert "Nothing was changed" in post(client, "plan_move", day=day, to=to)
    assert days_of(cleared_walker) == before
    assert "Nothing was changed" in post(client, "plan_move", day="soon", to="later")


def test_days_away_have_no_walks_and_none_is_missed(client, cleared_walker, planned):
    first, last = planned.start + timedelta(days=2), planned.end
    page = post(client, "plan_away", day=first, to=last)
    assert "none is missed" in page
    assert ">away<" in page
    assert days_of(cleared_walker) == [walk.day for walk in planned.walks if walk.day < first]
    today = post(client, "plan_away", day=last, to=first)
    assert "Nothing was changed" in today
    far = cleared_walker.today() + timedelta(days=121)
    assert "within 120 days" in post(client, "plan_away", day=first, to=far)


def test_too_much_holds_at_once_and_the_newest_word_counts(client, cleared_walker, planned):
    page = post(client, "plan_felt", "hard")
    assert "shorter now" in page
    assert "You said that it is too much" in page
    shorter = services.week_now(cleared_walker).walks[0].minutes
    assert shorter == planned.walks[0].minutes * 4 // 5
    post(client, "plan_felt", "easy")
    assert services.week_now(cleared_walker).walks == planned.walks
    assert PlanChange.objects.count() == 1
    assert "Nothing was changed" in post(client, "plan_felt", "sideways")


def test_nobody_elses_change_is_undone(client, walker, cleared_walker, planned):
    other = type(walker).objects.create_user("else@example.org", "x" * 12)
    today = walker.today()
    change = PlanChange.objects.create(user=other, kind="away", day=today, to=today)
    answer = client.post(reverse("plan_undo", args=[change.pk]))
    assert answer.status_code == 404
    assert PlanChange.objects.filter(pk=change.pk).exists()


def test_an_old_change_can_no_longer_be_undone(client, cleared_walker, planned):
    long_ago = cleared_walker.today() - timedelta(days=30)
    change = PlanChange.objects.create(user=cleared_walker, kind="away", day=long_ago, to=long_ago)
    assert client.post(reverse("plan_undo", args=[change.pk])).status_code == 404


def test_who_is_ill_has_no_walks_and_is_told_to_rest(client, cleared_walker, planned):
    page = post(client, "plan_away", day=planned.start, to=planned.end, ill="on")
    assert "Ill from" in page
    assert "Rest until you have been well for a day or two." in page
    assert days_of(cleared_walker) == []
    assert services.changes_of(cleared_walker).ill == ((planned.start, planned.end),)
    post(client, "plan_undo", PlanChange.objects.get().pk)
    assert days_of(cleared_walker) == [walk.day for walk in planned.walks]
