"""Tests at home: how to do them, a result beside its norm, a change beside its noise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backstride import outcomes
from backstride.outcomes import Setting
from backstride.web.back.models import MobilityResult
from backstride.web.back.timeline import timeline
from backstride.web.clinic import story
from backstride.web.clinic.shown import as_page

HOME = [t.key for t in outcomes.mobility_tests() if Setting.HOME in t.where]
CLINIC = [t.key for t in outcomes.mobility_tests() if Setting.HOME not in t.where]


def post(client, key: str, **told):
    return client.post(reverse("back_mobility_test", args=[key]), told, follow=True)


def test_the_tests_for_home_are_listed_and_no_other(at_home):
    page = at_home.get(reverse("back_mobility")).content.decode()
    assert outcomes.safety_words() in page
    for key in HOME:
        assert reverse("back_mobility_test", args=[key]) in page
    for key in CLINIC:
        url = reverse("back_mobility_test", args=[key])
        assert url not in page
        assert at_home.get(url).status_code == 404


def test_a_result_stands_beside_what_it_was(at_home, cleared_walker):
    first = cleared_walker.today() - timedelta(days=30)
    MobilityResult.objects.create(
        user=cleared_walker, test="chair_stand_30s", value=9, day=first, sex="woman"
    )
    page = post(at_home, "chair_stand_30s", value="13", sex="woman").content.decode()
    assert "13 times" in page
    assert "From 9 to 13 times. That is the better way." in page
    assert "more than the test varies by itself" in page
    noise = post(at_home, "chair_stand_30s", value="14").content.decode()
    assert "may not be a real change" in noise
    assert "Since the first time" in noise


@pytest.mark.parametrize("value", ["", "many", "61", "-1", "12.5", "nan", "inf"])
def test_what_can_not_be_is_said(at_home, value):
    answer = post(at_home, "chair_stand_30s", value=value)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not MobilityResult.objects.exists()


def test_a_comma_is_a_point(at_home):
    post(at_home, "fingertip_to_floor", value="12,5")
    assert MobilityResult.objects.get().value == 12.5


def test_in_a_flare_it_says_to_wait(at_home, cleared_walker):
    assert "flare-up" not in at_home.get(reverse("back_mobility")).content.decode()
    before = timezone.now() - timedelta(days=1)  # the safety questions were answered since
    day = before.astimezone(cleared_walker.tz).date()
    cleared_walker.painentry_set.create(nprs=6, at=before, day=day, is_flare=True)
    page = at_home.get(reverse("back_mobility")).content.decode()
    assert "Leave the tests until it has settled" in page


def test_a_result_is_removed_by_its_owner_alone(at_home, cleared_walker):
    mine = MobilityResult.objects.create(
        user=cleared_walker, test="single_leg_stance", value=20, day=cleared_walker.today()
    )
    other = type(cleared_walker).objects.create_user("else@example.org", "x" * 12)
    theirs = MobilityResult.objects.create(
        user=other, test="single_leg_stance", value=20, day=other.today()
    )
    for result, status in ((mine, 302), (theirs, 404)):
        url = reverse("back_mobility_remove", args=[result.pk])
        assert at_home.post(url).status_code == status
    assert list(MobilityResult.objects.all()) == [theirs]


def test_it_stands_in_the_timeline_and_can_be_shared(at_home, cleared_walker):
    post(at_home, "single_leg_stance", value="20")
    today = cleared_walker.today()
    ((_, lines),) = timeline(cleared_walker, today).days
    assert [(line.kind, line.text) for line in lines] == [("Stand on one leg", "20 seconds")]
    part = story.mobility(cleared_walker, None, today)
    assert as_page("mobility", part).rows[0][1:] == ["Stand on one leg", "20 seconds"]
    assert story.mobility(type(cleared_walker)(pk=0), None, today) is None
