"""“Anything new?”: kept with the pain, asked about at once, seen wherever the diary is."""

from __future__ import annotations

import re
import uuid
import zipfile
from datetime import timedelta
from io import BytesIO

import polars as pl
import pytest
from django.urls import reverse
from django.utils import timezone

from backstride.records import LEG_NEWS, PAIN, Disposition
from backstride.web.clinic import story
from backstride.web.clinic.shown import as_page
from backstride.web.imports.models import Usual
from backstride.web.insight.services import span_of
from backstride.web.journal import services
from backstride.web.journal.forms import NewsForm
from backstride.web.journal.models import NEWS, PainEntry, WalkDone, symptoms
from backstride.web.report.gather import report_of
from backstride.web.safety.models import ScreenRecord
from backstride.web.safety.services import standing
from web import helpers
from web.imports import stores

SYMPTOMS = [name for name, _ in symptoms()]
RULES = {
    "woke_at_night": "screen.night",
    "leg_weaker": "screen.weak",
    "new_numbness": "screen.numb",
    "new_leg_symptom": "screen.leg",
    "is_flare": "screen.flare",
}


@pytest.fixture
def at_home(client, cleared_walker):
    client.force_login(cleared_walker)
    return client


def test_the_names_are_the_same_everywhere():
    assert set(NEWS) == set(NewsForm().fields) == set(RULES)
    assert set(NEWS) <= set(PAIN)
    assert set(LEG_NEWS) < set(SYMPTOMS)


def test_it_is_offered_before_the_first_note_and_with_the_last(at_home, cleared_walker):
    page = at_home.get("/").content.decode()
    assert page.count("Anything new?") == 1
    for name in SYMPTOMS:
        assert f'type="checkbox" name="{name}"' in page
    services.log_pain(cleared_walker, 4)
    page = at_home.get("/").content.decode()
    assert page.count("Anything new?") == 1
    assert "Note what is new" in page
    walk = WalkDone.objects.create(user=cleared_walker, day=cleared_walker.today(), minutes=9)
    page = at_home.get(reverse("log_walk_pain", args=[walk.pk])).content.decode()
    assert page.count("Anything new?") == 1


@pytest.mark.parametrize("name", SYMPTOMS)
def test_what_was_told_is_offered_no_more_and_all_else_is(at_home, cleared_walker, name):
    services.log_pain(cleared_walker, 4, **{name: True, "is_flare": True})
    helpers.clear(cleared_walker)
    page = at_home.get("/").content.decode()
    assert str(NEWS[name].told) in page
    for other in SYMPTOMS:
        assert (f'type="checkbox" name="{other}"' in page) == (other != name)


@pytest.mark.parametrize("name", SYMPTOMS)
def test_one_tap_on_the_number_keeps_it_and_asks_again(at_home, cleared_walker, name):
    answer = at_home.post(reverse("log_pain"), {"nprs": "3", name: "on"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("safety")
    entry = PainEntry.objects.get()
    assert {n for n in NEWS if getattr(entry, n)} == {name}
    reason = standing(cleared_walker).why_ask
    assert reason.rule == RULES[name]
    assert reason.text in answer.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("name", NEWS)
@pytest.mark.parametrize("moment", [None, "during_walk"])
def test_so_does_every_other_way_to_tell_it(at_home, cleared_walker, name, moment):
    walk = services.log_walk(cleared_walker, 12)
    if moment:
        at_home.post(reverse("log_walk_pain", args=[walk.pk]), {"nprs": "3", name: "on"})
    else:
        entry = services.log_pain(cleared_walker, 3)
        at_home.post(reverse("log_news", args=[entry.pk]), {name: "on"})
    assert getattr(PainEntry.objects.get(), name)
    assert standing(cleared_walker).why_ask.rule == RULES[name]


@pytest.mark.parametrize("name", NEWS)
def test_a_double_tap_loses_no_news(at_home, cleared_walker, name):
    at_home.post(reverse("log_pain"), {"nprs": "3"})
    at_home.post(reverse("log_pain"), {"nprs": "3", name: "on"})
    assert getattr(PainEntry.objects.get(), name)


@pytest.mark.parametrize("kind", ["pain", "walk_pain", "news"])
@pytest.mark.parametrize("name", NEWS)
def test_it_comes_through_the_outbox(at_home, cleared_walker, kind, name):
    """Written two days ago without a network: it asks again when it arrives."""
    services.log_pain(cleared_walker, 2, at=timezone.now() - timedelta(days=3))
    at = (timezone.now() - timedelta(days=2)).timestamp() * 1000
    sent = {"key": str(uuid.uuid4()), "person": cleared_walker.pk, "kind": kind, "at": at}
    fields = {name: "on"} if kind == "news" else {"nprs": 3, name: "on"}
    assert at_home.post("/outbox/", sent | fields).status_code == 200
    assert PainEntry.objects.filter(**{name: True}).count() == 1
    assert standing(cleared_walker).why_ask.rule == RULES[name]


def test_nothing_ticked_is_said_and_marks_nothing(at_home, cleared_walker):
    entry = services.log_pain(cleared_walker, 3)
    answer = at_home.post(reverse("log_news", args=[entry.pk]), {}, follow=True)
    assert "Tick what is new first. Nothing was noted." in answer.content.decode()
    sent = {"key": str(uuid.uuid4()), "person": cleared_walker.pk, "kind": "news"}
    sent["at"] = timezone.now().timestamp() * 1000
    assert at_home.post("/outbox/", sent).status_code == 200
    assert "Tick what is new first." in at_home.get("/").content.decode()
    assert standing(cleared_walker).why_ask is None


def test_a_name_that_is_none_is_refused(cleared_walker):
    with pytest.raises(ValueError, match="no leg_gone"):
        services.log_pain(cleared_walker, 3, leg_gone=True)
    assert not PainEntry.objects.exists()


def questions_after(client, walker) -> dict[str, str]:
    """Go through the questions as they stand, answering no where nothing stands: the answers."""
    given = {}
    calm = {k: str(v) for k, v in helpers.harmless_answers(walker.today()).items()}
    calm["leg_seen"] = "no"  # asked where a leg is numb
    url = client.post(reverse("safety")).url
    while re.fullmatch(r"/safety/\w+/", url) and "stop" not in url:
        page = client.get(url).content.decode()
        stands = dict(re.findall(r'name="(\w+)" value="(\w+)" checked', page))
        given |= stands
        url = client.post(url, calm | stands).url
    return given


@pytest.mark.parametrize(
    ("name", "question", "worst"),
    [
        ("leg_weaker", "leg_weak_mild", Disposition.SAME_DAY),
        ("new_numbness", "leg_numb", Disposition.THERAPIST),
    ],
)
def test_the_diarys_word_stands_in_the_questions(at_home, cleared_walker, name, question, worst):
    at_home.post(reverse("log_pain"), {"nprs": "3", name: "on"})
    assert questions_after(at_home, cleared_walker) == {question: "yes"}
    newest = ScreenRecord.objects.first()
    assert (newest.answers[question], newest.disposition) == ("yes", worst)
    assert standing(cleared_walker).is_locked == (worst == Disposition.SAME_DAY)


def test_a_slip_is_set_right_in_the_questions(at_home, cleared_walker):
    at_home.post(reverse("log_pain"), {"nprs": "3", "leg_weaker": "on"})
    url = at_home.post(reverse("safety")).url
    calm = {k: str(v) for k, v in helpers.harmless_answers(cleared_walker.today()).items()}
    while url != "/":
        url = at_home.post(url, calm).url
    assert standing(cleared_walker).why_ask is None
    # and no longer ago than two weeks it is still worth a word
    assert "You noted that a leg feels weaker." in at_home.get("/").content.decode()


def test_a_broken_night_asks_once_a_week(at_home, cleared_walker):
    at_home.post(reverse("log_pain"), {"nprs": "3", "woke_at_night": "on"})
    assert questions_after(at_home, cleared_walker) == {}
    PainEntry.objects.update(at=timezone.now() - timedelta(days=1))
    services.log_pain(cleared_walker, 3, woke_at_night=True)
    assert standing(cleared_walker).why_ask is None
    ScreenRecord.objects.update(at=timezone.now() - timedelta(days=7))
    assert standing(cleared_walker).why_ask.rule == "screen.night"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("leg_weaker", "call a doctor today"),
        ("new_numbness", "new numbness or tingling. A physical therapist"),
        ("woke_at_night", "pain woke you at night"),
    ],
)
def test_todays_page_and_the_plan_offer_a_therapist(at_home, cleared_walker, name, words):
    Usual.objects.create(user=cleared_walker, minutes=15, days_per_week=3)
    services.log_pain(cleared_walker, 3, **{name: True})
    helpers.clear(cleared_walker)
    for page in ("/", reverse("plan")):
        said = at_home.get(page).content.decode()
        assert "Worth showing to a therapist" in said
        assert words in said


def test_diary_and_timeline_tell_it(at_home, cleared_walker):
    services.log_pain(cleared_walker, 3, **dict.fromkeys(NEWS, True))
    helpers.clear(cleared_walker)
    for name in ("log", "back"):
        page = at_home.get(reverse(name)).content.decode()
        for news in NEWS.values():
            assert str(news.told) in page


def test_the_clinic_sees_it_on_its_day(cleared_walker):
    services.log_pain(cleared_walker, 3, leg_weaker=True, woke_at_night=True)
    part = story.pain(cleared_walker, None, cleared_walker.today())
    (row,) = part["rows"]
    assert {n for n in SYMPTOMS if row[n]} == {"leg_weaker", "woke_at_night"}
    page = as_page("pain", part)
    assert page.columns == ["Day", "Pain noted", "Leg weaker", "Woken by pain"]
    assert page.rows[0][1:] == ["3", "yes", "yes"]


def test_the_report_names_it(cleared_walker):
    services.log_pain(cleared_walker, 3, leg_weaker=True, woke_at_night=True)
    report = report_of(cleared_walker, span_of(cleared_walker, "quarter"))
    lines = " ".join(line for part in report.sections for line in part.lines)
    assert "Days with a weaker leg: 1" in lines
    assert "Nights broken by pain: 1" in lines
    assert "numbness" not in lines


def test_a_story_of_before_still_reads():
    row = {"date": "2026-03-02", "now": 3, "flare": True, "new_leg_symptom": True}
    page = as_page("pain", {"from": "2026-02-03", "to": "2026-03-02", "rows": [row]})
    assert page.columns == ["Day", "Pain noted", "Flare", "New leg symptom"]


def test_it_is_in_the_export_and_gone_with_the_entry(at_home, cleared_walker, settings, tmp_path):
    stores.use(settings, tmp_path / "home")
    entry = services.log_pain(cleared_walker, 3, new_numbness=True)
    at_home.post("/data/export/")
    answer = at_home.get("/data/export/backstride.zip")
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as got:
        table = pl.read_parquet(BytesIO(got.read("tables/pain.parquet")))
    assert table.select(SYMPTOMS).row(0, named=True) == {n: n == "new_numbness" for n in SYMPTOMS}
    helpers.clear(cleared_walker)
    at_home.post(reverse("log_remove", args=["pain", entry.pk]))
    assert not PainEntry.objects.exists()
