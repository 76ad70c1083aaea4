"""Who takes part in the site's tests."""

from __future__ import annotations

import pytest
from django.utils import translation

from web import helpers


@pytest.fixture(autouse=True)
def light_site(settings):
    helpers.lighten(settings)


@pytest.fixture(autouse=True)
def in_english():
    """The language of a page doesn't stay on for the next test."""
    yield
    translation.deactivate()


@pytest.fixture
def walker(db):
    """A walker who has not answered the safety screen."""
    return helpers.make_user(
        "walker@example.org", first_name="Wanda", last_name="Walker", zone="Europe/Berlin"
    )


@pytest.fixture
def cleared_walker(walker):
    """A walker whose safety screen says WALK, now."""
    helpers.clear(walker)
    return walker
