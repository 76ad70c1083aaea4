"""The demo shows the room as it looks after ten weeks of use."""

from __future__ import annotations

import pytest
from django.urls import reverse

from backstride.web import demo
from backstride.web.back import frames, sheets


@pytest.fixture
def robin(db):
    return demo.fill()


def test_the_demo_shows_some_of_each(client, robin):
    scores = frames.scores_frame(robin)
    told = {"mood", "energy", "sleep", "peg", "rmdq", "psfs", "phq2", "work_days"}
    assert set(scores["instrument"]) == told
    assert scores["value"].null_count() == 0
    assert frames.places_frame(robin)["date"].n_unique() > 20
    assert [form.key for form in sheets.due(robin)] == [
        "peg",
        "phq2",
        "pgic",
        "work_days",
        "yellow_flags",
    ]
    client.force_login(robin)
    page = client.get(reverse("back")).content.decode()
    for words in ("low back, left", "more than noise", "within the noise", "Flare-up", "garden"):
        assert words in page
    page = client.get(reverse("progress")).content.decode()
    assert "weeks in a row" in page
    assert "RMDQ-24: 12 at first, 4 at the last." in page
