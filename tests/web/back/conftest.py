from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from backstride import outcomes
from backstride.web.back.models import Sheet
from web import helpers


@pytest.fixture
def at_home(client, cleared_walker):
    client.force_login(cleared_walker)
    return client


@pytest.fixture
def other(db):
    """Another walker, cleared too."""
    user = helpers.make_user("other@example.org")
    helpers.clear(user)
    return user


@pytest.fixture
def filled():
    """Makes a finished sheet: `filled(user, "peg", {...}, ago=7)`."""

    def make(user, key: str, answers: dict[str, int], ago: int = 0, **more) -> Sheet:
        form, at = outcomes.instrument(key), timezone.now() - timedelta(days=ago)
        return Sheet.objects.create(
            user=user,
            instrument=key,
            version=form.version,
            begun_at=at,
            finished_at=at,
            day=user.today() - timedelta(days=ago),
            answers=answers,
            value=outcomes.score(form, answers).value,
            **more,
        )

    return make
