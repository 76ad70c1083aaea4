"""Who takes part in the site's tests."""

from __future__ import annotations

import pytest

from web import helpers


@pytest.fixture(autouse=True)
def light_site(settings):
    helpers.lighten(settings)


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
