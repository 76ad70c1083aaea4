"""Doors by which someone might get past the safety questions; each one is shut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backstride.errors import BackstrideError
from backstride.records import Disposition
from backstride.web.journal.models import NEWS, PainEntry
from backstride.web.journal.services import log_pain
from backstride.web.safety import draft, services
from backstride.web.safety.models import Clearance, ScreenRecord
from web import helpers

WEEKLY = ["weekly"]


@pytest.fixture
def at_home(client, cleared_walker):
    client.force_login(cleared_walker)
    return client


def ago(**span) -> None:
    """Every screen was answered that much earlier."""
    ScreenRecord.objects.update(at=timezone.now() - timedelta(**span))


def as_form(walker) -> dict[str, str]:
    return {key: str(value) for key, value in helpers.harmless_answers(walker.today()).items()}


@pytest.mark.parametrize("news", NEWS)
def test_the_few_questions_do_not_stand_for_all(at_home, cleared_walker, news):
    PainEntry.objects.create(
        user=cleared_walker, day=cleared_walker.today(), nprs=4, **{news: True}
    )
    at_home.post(reverse("safety"))
    url = reverse("safety_section", args=WEEKLY)
    assert at_home.get(url).url == reverse("safety")
    assert at_home.post(url, as_form(cleared_walker)).url == reverse("safety")
    assert ScreenRecord.objects.count() == 1


def test_nor_for_those_who_never_answered(client, walker):
    client.force_login(walker)
    client.post(reverse("safety"))
    answered = client.post(reverse("safety_section", args=WEEKLY), as_form(walker))
    assert answered.url == reverse("safety")


def test_answering_weekly_does_not_put_off_the_monthly_questions(at_home, cleared_walker):
    ago(days=27)
    whole = ScreenRecord.objects.get()
    ScreenRecord.objects.create(
        user=cleared_walker,
        at=timezone.now() - timedelta(days=6),
        version=whole.version,
        answers=whole.answers,
        disposition=whole.disposition,
        is_short=True,
    )
    assert services.standing(cleared_walker).why_ask is None
    ScreenRecord.objects.filter(pk=whole.pk).update(at=timezone.now() - timedelta(days=29))
    assert services.standing(cleared_walker).why_ask.rule == "screen.monthly"


def test_a_weekly_check_is_kept_as_one(at_home, cleared_walker):
    ago(days=8)
    url = at_home.post(reverse("safety")).url
    assert at_home.post(url, as_form(cleared_walker)).url == "/"
    assert [record.is_short for record in ScreenRecord.objects.all()] == [True, False]


def test_answers_begun_long_ago_are_begun_again(client, walker, monkeypatch):
    client.force_login(walker)
    url = client.post(reverse("safety")).url
    assert client.get(url).status_code == 200
    later = timezone.now() + draft.KEPT_FOR + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.get(url).url == reverse("safety")


def test_answers_to_other_questions_are_begun_again(client, walker):
    client.force_login(walker)
    url = client.post(reverse("safety")).url
    session = client.session
    session[draft.KEY] = {**session[draft.KEY], "version": "2020.1", "answers": {"gone": "no"}}
    session.save()
    assert client.get(url).url == reverse("safety")


def test_a_draft_on_another_device_ends_with_a_stop(client, walker):
    client.force_login(walker)
    url = client.post(reverse("safety")).url
    services.record_answers(
        walker, {**helpers.harmless_answers(walker.today()), "saddle_numb": "yes"}
    )
    assert client.post(url, as_form(walker)).url == reverse("safety_stop")
    assert ScreenRecord.objects.count() == 1


def test_a_wrong_tap_is_asked_again_wherever_it_was(client, walker):
    answers = {**helpers.harmless_answers(walker.today()), "trauma_major": "yes"}
    services.record_answers(walker, answers)
    client.force_login(walker)
    url = client.post(reverse("safety_stop")).url
    while url.startswith("/safety/") and "result" not in url:
        assert 'value="yes" checked' not in client.get(url).content.decode()
        url = client.post(url, as_form(walker)).url
    assert url == "/"
    assert [Disposition(r.disposition).may_walk for r in ScreenRecord.objects.all()] == [
        True,
        False,
    ]


def test_news_on_an_older_note_ask_again_too(at_home, cleared_walker):
    entry = log_pain(cleared_walker, 4)
    PainEntry.objects.update(at=timezone.now() - timedelta(hours=2))
    ago(hours=1)
    assert services.standing(cleared_walker).why_ask is None
    at_home.post(reverse("log_news", args=[entry.pk]), {"new_leg_symptom": "on"})
    assert services.standing(cleared_walker).why_ask.rule == "screen.leg"


def test_a_flight_over_the_date_line_hides_no_leg_symptom(cleared_walker):
    ago(hours=1)
    cleared_walker.zone = "Pacific/Kiritimati"
    log_pain(cleared_walker, 4)
    PainEntry.objects.update(new_leg_symptom=True)
    cleared_walker.zone = "Pacific/Pago_Pago"
    cleared_walker.save()
    assert services.standing(cleared_walker).why_ask.rule == "screen.leg"


def test_the_age_of_a_screen_is_counted_in_the_walkers_days(cleared_walker, monkeypatch):
    """Answered on the 2nd in Kiritimati, which is the 1st in UTC: the 9th is a week later."""
    cleared_walker.zone = "Pacific/Kiritimati"
    ScreenRecord.objects.update(at=datetime(2026, 3, 1, 11, tzinfo=UTC))
    eve = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)  # the 8th, 23:30
    monkeypatch.setattr(timezone, "now", lambda: eve)
    assert services.standing(cleared_walker).why_ask is None
    monkeypatch.setattr(timezone, "now", lambda: eve + timedelta(hours=1))
    assert services.standing(cleared_walker).why_ask.rule == "screen.weekly"


def test_nobody_is_seen_tomorrow(cleared_walker):
    with pytest.raises(BackstrideError, match="future"):
        services.clear(cleared_walker, cleared_walker.today() + timedelta(days=1), "Dr Lee")
    with pytest.raises(BackstrideError, match="name"):
        services.clear(cleared_walker, cleared_walker.today(), " ")
    assert not Clearance.objects.exists()
