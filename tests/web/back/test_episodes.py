"""Flares in the person's own word, times the pain came back, notes, and the timeline."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from backstride import outcomes
from backstride.web.back.models import EpisodeTold, Note, Sheet
from backstride.web.back.services import answer_of_today, log_where
from backstride.web.journal.models import MedicineTaken, PainEntry, WalkDone
from backstride.web.journal.services import doses_frame
from web import helpers

ASKED = "Is your back having a flare?"


def pain(user, by_ago: dict[int, int], *, is_flare: bool = False) -> None:
    """Notes of so many days ago; the safety questions are answered after them."""
    for ago, nprs in by_ago.items():
        day, at = user.today() - timedelta(days=ago), timezone.now() - timedelta(days=ago)
        PainEntry.objects.create(user=user, day=day, at=at, nprs=nprs, is_flare=is_flare)
    helpers.clear(user)


@pytest.fixture
def risen(cleared_walker):
    """Pain of about 2, and 6 today."""
    pain(cleared_walker, dict.fromkeys(range(3, 10), 2) | {0: 6})
    return cleared_walker


def test_a_rise_leads_to_the_question_and_a_no_is_kept(at_home, risen):
    assert ASKED in at_home.get(reverse("back")).content.decode()
    at_home.post(reverse("back_flare"), {"flare": "no"})
    assert Sheet.objects.get().value == 0
    assert ASKED not in at_home.get(reverse("back")).content.decode()
    assert not PainEntry.objects.filter(is_flare=True).exists()


def test_a_yes_marks_the_note_and_brings_the_safety_questions(at_home, risen):
    at_home.post(reverse("back_flare"), {"flare": "yes"})
    assert PainEntry.objects.get(is_flare=True).day == risen.today()
    assert at_home.get(reverse("back")).url == reverse("safety")


def test_no_rise_no_question(at_home, cleared_walker):
    pain(cleared_walker, dict.fromkeys(range(10), 2))
    assert ASKED not in at_home.get(reverse("back")).content.decode()


def test_flares_are_listed_with_their_days(at_home, cleared_walker):
    pain(cleared_walker, {20: 6, 18: 6}, is_flare=True)
    assert "3 days" in at_home.get(reverse("back")).content.decode()


@pytest.fixture
def came_back(cleared_walker):
    """A month of notes of no pain, then two days of 4."""
    pain(cleared_walker, dict.fromkeys(range(7, 37, 2), 0) | {6: 4, 5: 4})
    return cleared_walker.today() - timedelta(days=6)


def test_where_pain_came_back_two_questions_tell_how_much_it_meant(at_home, came_back):
    page = at_home.get(reverse("back")).content.decode()
    assert "Pain is back." in page
    assert "Did it get in the way of what you do?" in page
    at_home.post(reverse("back_episode"), {"start": came_back, "limited": "on"})
    page = at_home.get(reverse("back")).content.decode()
    assert "Pain is back, and it gets in the way of what you do." in page
    at_home.post(reverse("back_episode"), {"start": came_back, "sought_care": "on"})
    assert "and you saw someone about it" in at_home.get(reverse("back")).content.decode()
    assert EpisodeTold.objects.count() == 1


@pytest.mark.parametrize(
    ("start", "said"),
    [("2020-01-01", "are not there any more"), ("yesterday", "t one of those that are offered")],
)
def test_only_a_time_it_came_back_can_be_told_of(at_home, came_back, start, said):
    page = at_home.post(reverse("back_episode"), {"start": start}, follow=True).content.decode()
    assert said in page
    assert not EpisodeTold.objects.exists()


def test_notes_are_kept_shown_and_removed(at_home, cleared_walker, other):
    at_home.post(reverse("back_note"), {"text": "The <b>hard</b> chair is fine."})
    page = at_home.get(reverse("back")).content.decode()
    assert "The &lt;b&gt;hard&lt;/b&gt; chair is fine." in page
    theirs = Note.objects.create(user=other, day=other.today(), text="secret")
    assert "secret" not in at_home.get(reverse("back_timeline")).content.decode()
    assert at_home.post(reverse("back_note_remove", args=[theirs.pk])).status_code == 404
    mine = Note.objects.get(user=cleared_walker)
    at_home.post(reverse("back_note_remove", args=[mine.pk]))
    assert list(Note.objects.all()) == [theirs]


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_note_of_no_length_that_can_be_is_refused(at_home, text):
    page = at_home.post(reverse("back_note"), {"text": text}, follow=True).content.decode()
    assert "Nothing was kept." in page
    assert not Note.objects.exists()


def test_the_timeline_tells_all_of_a_day(at_home, cleared_walker, filled):
    today = cleared_walker.today()
    log_where(cleared_walker, ["low_back_left"], 4)
    answer_of_today(cleared_walker, "mood", 4)
    answer_of_today(cleared_walker, "sleep", 6)
    WalkDone.objects.create(user=cleared_walker, day=today, minutes=12)
    for _ in range(2):
        MedicineTaken.objects.create(user=cleared_walker, day=today, medicine="A", amount=1)
    filled(cleared_walker, "peg", {"pain": 1, "enjoyment": 1, "activity": 1})
    page = at_home.get(reverse("back_timeline")).content.decode()
    for words in (
        "4 of 10: low back, left",
        "mood good, sleep 6 of 10",
        "12 minutes",
        "2 × A 1 mg",
        "Pain, enjoyment and activity",
    ):
        assert words in page
    assert page.count('class="told-day"') == 1


def test_the_timeline_goes_back_over_gaps(at_home, cleared_walker):
    pain(cleared_walker, {0: 3, 200: 7})
    page = at_home.get(reverse("back_timeline")).content.decode()
    long_ago = cleared_walker.today() - timedelta(days=200)
    assert f"?until={long_ago}" in page
    page = at_home.get(reverse("back_timeline") + f"?until={long_ago}").content.decode()
    assert "7 of 10" in page
    assert "Earlier" not in page
    assert at_home.get(reverse("back_timeline") + "?until=never").status_code == 404


def test_medicine_says_its_days_and_what_to_mind(at_home, cleared_walker):
    assert "Taken on" not in at_home.get(reverse("back")).content.decode()
    for ago, amount in ((0, 1000), (0, 2000), (0, 1500), (8, 500)):
        day = cleared_walker.today() - timedelta(days=ago)
        MedicineTaken.objects.create(
            user=cleared_walker, day=day, medicine="Paracetamol", amount=amount, unit="mg"
        )
    page = at_home.get(reverse("back")).content.decode()
    assert "Taken on <strong>1</strong> of the last 7 days." in page
    assert "Pain medicine days stayed at 1 a week." in page
    [caution] = outcomes.cautions(doses_frame(cleared_walker), cleared_walker.today(), age=45)
    assert caution.text in unescape(page)
