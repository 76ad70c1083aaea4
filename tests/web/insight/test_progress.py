"""Figures, the picture in both themes and sizes, and its table."""

from __future__ import annotations

import csv
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from backstride.web.imports.models import Day
from backstride.web.journal.models import MedicineTaken, PainEntry
from backstride.web.journal.services import log_pain


@pytest.fixture
def walked(client, cleared_walker):
    for n in range(1, 15):
        Day.objects.create(
            user=cleared_walker,
            date=cleared_walker.today() - timedelta(days=n),
            steps=4000 + n,
            walking_min=20,
            brisk_min=5,
            longest_bout_min=12,
            sources=["Watch"],
        )
    PainEntry.objects.create(user=cleared_walker, day=cleared_walker.today(), nprs=4)
    client.force_login(cleared_walker)
    return client


def test_the_figures(walked):
    page = walked.get(reverse("progress")).content.decode()
    assert "<dt>days with data</dt><dd>14</dd>" in page
    assert "4,008" in page  # the mean of 4001 to 4014, rounded half up
    assert "Measured on" in page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [340, 720])
def test_the_picture_is_drawn_to_size(walked, theme, width):
    response = walked.get(reverse("progress_picture", args=[theme, width]))
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(response.content).get("width") == str(width)


@pytest.mark.parametrize("args", [["pink", 340], ["light", 10_000]])
def test_other_pictures_are_not_drawn(walked, args):
    assert walked.get(reverse("progress_picture", args=args)).status_code == 404


def test_the_table_says_what_the_picture_shows(walked, cleared_walker):
    text = walked.get(reverse("progress_csv")).content.decode()
    rows = {row["date"]: row for row in csv.DictReader(text.splitlines())}
    yesterday = (cleared_walker.today() - timedelta(days=1)).isoformat()
    assert float(rows[yesterday]["walking_min"]) == 20


def test_the_picture_can_be_kept(walked):
    response = walked.get(reverse("progress_png"))
    assert response.content.startswith(b"\x89PNG")
    assert "attachment" in response.headers["Content-Disposition"]


def test_old_data_are_pointed_to(client, cleared_walker):
    Day.objects.create(user=cleared_walker, date="2014-09-13", steps=2517)
    client.force_login(cleared_walker)
    page = client.get(reverse("progress")).content.decode()
    assert "Your data end on 13 September 2014" in page
    assert "2,517" in client.get(reverse("progress") + "?span=all").content.decode()


def test_nothing_measured_yet(client, cleared_walker):
    client.force_login(cleared_walker)
    assert "No measured days yet" in client.get(reverse("progress")).content.decode()
    assert "<img" not in client.get(reverse("progress")).content.decode().split("<main")[1]


def test_pain_alone_is_worth_a_picture(client, cleared_walker):
    client.force_login(cleared_walker)
    log_pain(cleared_walker, 4)
    assert reverse("progress_picture", args=["light", 340]) in (
        client.get(reverse("progress")).content.decode()
    )


@pytest.mark.parametrize("page", ["today", "plan", "progress"])
def test_long_histories_are_read_once(client, cleared_walker, django_assert_max_num_queries, page):
    """As many queries for a year of entries as for a week of them, and few."""
    client.force_login(cleared_walker)
    today = cleared_walker.today()
    for first, last in ((1, 8), (8, 365)):
        for n in range(first, last):
            day = today - timedelta(days=n)
            Day.objects.create(user=cleared_walker, date=day, steps=5000, longest_bout_min=20)
            PainEntry.objects.create(user=cleared_walker, day=day, nprs=3)
        client.get(reverse(page))  # makes the week
        with django_assert_max_num_queries(18) as asked:
            assert client.get(reverse(page)).status_code == 200
        days = [query for query in asked.captured_queries if Day._meta.db_table in query["sql"]]
        assert len(days) == 1


def test_medicine_days_are_counted_by_week(walked, cleared_walker):
    assert "days with pain medicine" not in walked.get(reverse("progress")).content.decode()
    for ago in (0, 0, 6, 7, 13, 14):  # twice on one day is one day
        day = cleared_walker.today() - timedelta(days=ago)
        MedicineTaken.objects.create(user=cleared_walker, day=day, medicine="A", amount=1)
    page = walked.get(reverse("progress")).content.decode()
    assert "in the last 7 (the 7 before: 2)</dt><dd>2</dd>" in page
