"""The body map: where it hurts is kept with a pain note."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from backstride import outcomes
from backstride.records import PLACES
from backstride.web.back import frames, services
from backstride.web.back.models import PainPlaces
from backstride.web.journal.models import PainEntry


def test_every_place_is_a_named_box_to_tick(at_home):
    page = at_home.get(reverse("back")).content.decode()
    assert page.count('type="checkbox" name="places"') == len(outcomes.body().places)
    for place in outcomes.body().places.values():
        assert f'value="{place.key}"><span>{place.name}</span>' in page
        assert f'd="{place.path}"' in page


def test_places_and_a_number_are_one_note(at_home, cleared_walker):
    told = {"places": ["buttock_left", "low_back_left"], "nprs": "4"}
    page = at_home.post(reverse("back_where"), told, follow=True).content.decode()
    entry = PainEntry.objects.get()
    assert (entry.user, entry.nprs) == (cleared_walker, 4)
    assert entry.where.places == ["low_back_left", "buttock_left"]  # the map's order
    assert "Noted: pain 4 of 10, low back, left; buttock, left." in page


def test_without_a_number_the_map_goes_with_todays_note(at_home, cleared_walker):
    entry = services.journal.log_pain(cleared_walker, 6)
    at_home.post(reverse("back_where"), {"places": ["knee_right"]})
    assert PainEntry.objects.get().where.places == ["knee_right"]
    at_home.post(reverse("back_where"), {"places": ["knee_left"]})
    assert PainPlaces.objects.get(entry=entry).places == ["knee_left"]


def test_without_either_nothing_is_kept_and_it_says_why(at_home):
    page = at_home.post(reverse("back_where"), {"places": ["neck"]}, follow=True)
    assert "Please tap a number, too" in page.content.decode()
    assert not PainPlaces.objects.exists()


@pytest.mark.parametrize("told", [{"places": ["elbow"], "nprs": "3"}, {"nprs": "11"}])
def test_what_the_map_does_not_have_is_refused(at_home, told):
    at_home.post(reverse("back_where"), told)
    assert not PainEntry.objects.exists()


def test_the_map_starts_as_it_was_left_last(at_home, cleared_walker):
    services.log_where(cleared_walker, ["calf_left"], 3)
    page = at_home.get(reverse("back")).content.decode()
    assert 'value="calf_left" checked' in page
    assert page.count(" checked><span>") == 1
    PainEntry.objects.update(day=cleared_walker.today() - timedelta(days=28))
    assert " checked><span>" not in at_home.get(reverse("back")).content.decode()


def test_another_ones_map_is_not_shown(at_home, other):
    services.log_where(other, ["calf_left"], 3)
    assert " checked><span>" not in at_home.get(reverse("back")).content.decode()
    assert frames.places_frame(other).height == 1
    at_home.post(reverse("back_where"), {"places": ["neck"]})
    assert PainPlaces.objects.get().places == ["calf_left"]


def test_the_table_of_places(cleared_walker):
    assert dict(frames.places_frame(cleared_walker).schema) == PLACES
    services.log_where(cleared_walker, ["hip_left", "low_back_left"], 5)
    table = frames.places_frame(cleared_walker)
    assert dict(table.schema) == PLACES
    assert table["place"].to_list() == ["low_back_left", "hip_left"]
    assert services.usual_places(cleared_walker) == (
        1,
        [("low back, left", 1), ("hip, left", 1)],
    )


def test_a_removed_pain_note_takes_its_places_along(at_home, cleared_walker):
    entry = services.log_where(cleared_walker, ["neck"], 5)
    at_home.post(reverse("log_remove", args=["pain", entry.pk]))
    assert not PainPlaces.objects.exists()
