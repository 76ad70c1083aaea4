"""Questionnaires: due, kept answer by answer, scored by their own rules, told plainly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backstride import outcomes
from backstride.outcomes.instrument import Shipping
from backstride.web.back import sheets
from backstride.web.back.models import Sheet
from backstride.web.safety.models import ScreenRecord

PEG = {"q_pain": "4", "q_enjoyment": "5", "q_activity": "6"}
CRISIS = "You told us of thoughts of death"


def post(client, key: str, told: dict, **more):
    return client.post(reverse("back_form", args=[key]), told | more, follow=True)


@pytest.fixture
def on_call(settings):
    settings.ON_CALL = True


@pytest.mark.parametrize("form", sheets.forms(), ids=lambda form: form.key)
def test_every_form_has_its_page(at_home, form):
    page = at_home.get(reverse("back_form", args=[form.key])).content.decode()
    if form.shipping is Shipping.SCORE_ENTRY:
        assert 'name="total"' in page
        assert 'name="q_' not in page
    else:
        assert all(f'name="q_{item}"' in page for item in form.item_ids)
        assert reverse("back_form_keep", args=[form.key]) in page


@pytest.mark.parametrize("key", ["phq9", "mood", "flare", "nothing"])
def test_what_is_not_asked_here_has_no_page(at_home, key):
    for name in ("back_form", "back_form_keep"):
        assert at_home.post(reverse(name, args=[key]), {}).status_code == 404


def test_a_break_loses_nothing(at_home, cleared_walker):
    keep = reverse("back_form_keep", args=["peg"])
    said = at_home.post(keep, {"q_pain": "4"}).content.decode()
    assert "Kept: 1 of 3." in said
    at_home.post(keep, {"q_pain": "4", "q_enjoyment": "5"})
    page = at_home.get(reverse("back_form", args=["peg"])).content.decode()
    assert "You have begun: 2 of 3." in page
    assert 'name="q_pain" value="4" checked' in page
    assert 'name="q_enjoyment" value="5" checked' in page
    assert "begun" in at_home.get(reverse("back")).content.decode()
    post(at_home, "peg", PEG)
    assert [sheet.value for sheet in Sheet.objects.all()] == [5]
    assert "You have begun" not in at_home.get(reverse("back_form", args=["peg"])).content.decode()


def test_keep_for_later_needs_no_script(at_home):
    page = post(at_home, "peg", {"q_pain": "4"}, later="yes").content.decode()
    assert "Kept. You can go on where you stopped." in page
    assert Sheet.objects.get().answers == {"pain": 4}


def test_what_was_begun_too_long_ago_begins_anew(at_home):
    at_home.post(reverse("back_form_keep", args=["peg"]), {"q_pain": "4"})
    Sheet.objects.update(begun_at=timezone.now() - sheets.KEPT_FOR - timedelta(minutes=1))
    page = at_home.get(reverse("back_form", args=["peg"])).content.decode()
    assert "please start again" in page
    assert "checked" not in page
    at_home.post(reverse("back_form_keep", args=["peg"]), {"q_enjoyment": "2"})
    assert Sheet.objects.get().answers == {"enjoyment": 2}


def test_the_score_comes_in_plain_words(at_home):
    page = post(at_home, "peg", PEG).content.decode()
    assert "Your score is 5, on a scale from 0 to 10. A lower score is better." in page
    assert "Pain gets in the way to a medium degree." in page


def test_a_change_within_the_noise_is_called_that(at_home, cleared_walker, filled):
    filled(cleared_walker, "peg", {"pain": 7, "enjoyment": 7, "activity": 7}, ago=7)
    page = post(at_home, "peg", PEG).content.decode()
    assert "within the noise" in page
    assert "The form can vary this much by itself" in page
    at_home.post(reverse("back_sheet_remove", args=[Sheet.objects.latest("pk").pk]))
    page = post(at_home, "peg", dict.fromkeys(PEG, "1")).content.decode()
    assert "more than noise" in page
    assert "People with pain tend to notice a change of this size." in page


def test_open_questions_are_asked_about_once_and_then_left(at_home):
    page = post(at_home, "peg", {"q_pain": "4"}).content.decode()
    assert "2 questions are still open. You may leave it so. Then there is no score." in page
    assert Sheet.objects.get().finished_at is None
    page = post(at_home, "peg", {"q_pain": "4"}, as_it_is="yes").content.decode()
    assert "Too many questions are open (2), so there is no score." in page
    assert Sheet.objects.get().value is None


def test_a_list_to_tick_counts_its_ticks_once_it_is_done(at_home):
    told = {f"q_{n}": "1" for n in (1, 4, 9)}
    at_home.post(reverse("back_form_keep", args=["rmdq"]), told)
    assert Sheet.objects.get().value is None
    post(at_home, "rmdq", told)
    assert Sheet.objects.get().value == 3
    page = post(at_home, "rmdq", {}).content.decode()  # not one of them fits
    assert "0 of 24" in page


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("peg", {"q_pain": "11"}),
        ("peg", {"q_pain": "much"}),
        ("peg", {"q_pain": "-1"}),
        ("rmdq", {"q_1": "2"}),
        ("phq2", {"q_down": "4"}),
        ("peg", {"q_pain": "9" * 5000}),
    ],
)
def test_an_answer_that_is_not_offered_is_refused(at_home, key, told):
    for name in ("back_form", "back_form_keep"):
        assert at_home.post(reverse(name, args=[key]), told).status_code == 400
    assert not Sheet.objects.exists()


OWN = {
    "name_activity_1": "Walk to the shop", "q_activity_1": "3",
    "name_activity_2": "Garden", "q_activity_2": "4",
    "name_activity_3": "Sleep on my side", "q_activity_3": "5",
}  # fmt: skip


def test_own_activities_keep_their_names_from_time_to_time(at_home):
    page = post(at_home, "psfs", OWN).content.decode()
    assert "Garden" in page
    assert Sheet.objects.get().value == 4
    page = at_home.get(reverse("back_form", args=["psfs"])).content.decode()
    assert 'value="Garden"' in page
    assert "checked" not in page


def test_other_activities_are_not_compared(at_home):
    post(at_home, "psfs", OWN)
    Sheet.objects.update(finished_at=timezone.now() - timedelta(days=28))
    page = post(at_home, "psfs", OWN, name_activity_2="Stairs").content.decode()
    assert "two scores can&#x27;t be compared" in page
    assert "Your score went" not in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name_activity_3": ""}, "Each activity needs its name and a number."),
        ({"q_activity_3": ""}, "Each activity needs its name and a number."),
        ({"name_activity_3": "", "q_activity_3": ""}, "Name at least 3 activities."),
    ],
)
def test_own_activities_need_a_name_and_a_number(at_home, change, said):
    page = post(at_home, "psfs", OWN | change, as_it_is="yes").content.decode()
    assert said in page
    assert Sheet.objects.get().finished_at is None


def test_a_score_from_elsewhere(at_home):
    page = post(at_home, "odi", {"total": "32"}).content.decode()
    assert "32 of 100" in page
    assert Sheet.objects.get().value == 32
    page = post(at_home, "startback", {"total": "5", "part_distress": "4"}).content.decode()
    assert Sheet.objects.latest("pk").parts == {"distress": 4}


@pytest.mark.parametrize("total", ["101", "-1", "nan", "inf", "", "many", "3.14159"])
def test_a_score_that_can_not_be_is_refused_in_words(at_home, total):
    response = at_home.post(reverse("back_form", args=["odi"]), {"total": total})
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()
    assert not Sheet.objects.exists()


def test_due_follows_the_clock_of_each_form(cleared_walker, filled):
    ScreenRecord.objects.update(at=timezone.now() - timedelta(days=30))
    keys = [form.key for form in sheets.due(cleared_walker)]
    assert keys == ["peg", "rmdq", "psfs", "phq2", "pgic", "work_days", "yellow_flags"]
    filled(cleared_walker, "rmdq", {"1": 1})
    filled(cleared_walker, "peg", {"pain": 1, "enjoyment": 1, "activity": 1}, ago=6)
    keys = [form.key for form in sheets.due(cleared_walker)]
    assert keys == ["psfs", "phq2", "pgic", "work_days", "yellow_flags"]


def test_low_moods_ask_the_phq2_early(cleared_walker, filled):
    filled(cleared_walker, "phq2", {"interest": 0, "down": 0}, ago=20)
    for ago in range(8):
        filled(cleared_walker, "mood", {"mood": 2}, ago=ago)
    assert "phq2" in [form.key for form in sheets.due(cleared_walker)]
    filled(cleared_walker, "phq2", {"interest": 0, "down": 0}, ago=1)
    assert "phq2" not in [form.key for form in sheets.due(cleared_walker)]


def test_the_phq9_is_asked_only_where_someone_answers_for_it(at_home, cleared_walker, settings):
    page = post(at_home, "phq2", {"q_interest": "2", "q_down": "2"}).content.decode()
    assert "Please tell your therapist or doctor." in page
    assert reverse("back_form", args=["phq9"]) not in page
    settings.ON_CALL = True
    page = at_home.get(reverse("back_sheet", args=[Sheet.objects.get().pk])).content.decode()
    assert reverse("back_form", args=["phq9"]) in page
    assert "phq9" in [form.key for form in sheets.due(cleared_walker)]


def phq9(**more: str) -> dict[str, str]:
    return {f"q_{item}": "0" for item in outcomes.instrument("phq9").item_ids} | more


def test_thoughts_of_self_harm_are_met_at_once(at_home, on_call):
    keep = reverse("back_form_keep", args=["phq9"])
    assert CRISIS not in at_home.post(keep, {"q_down": "1"}).content.decode()
    assert CRISIS in at_home.post(keep, {"q_down": "1", "q_harm": "1"}).content.decode()
    page = post(at_home, "phq9", phq9(q_harm="1")).content.decode()
    assert page.index(CRISIS) < page.index("1 of 27")
    assert "few or no signs" not in page  # nothing that soothes beside it


def test_an_open_last_question_is_not_a_no(at_home, on_call):
    told = phq9()
    del told["q_harm"]
    page = post(at_home, "phq9", told, as_it_is="yes").content.decode()
    assert "You left the last question open." in page
    assert CRISIS not in page


def test_sheets_are_their_walkers_alone(at_home, other, filled):
    sheet = filled(other, "peg", {"pain": 9, "enjoyment": 9, "activity": 9})
    Sheet.objects.create(
        user=other, instrument="rmdq", version="2026.1", day=other.today(), answers={"1": 1}
    )
    assert at_home.get(reverse("back_sheet", args=[sheet.pk])).status_code == 404
    assert at_home.post(reverse("back_sheet_remove", args=[sheet.pk])).status_code == 404
    assert "You have begun" not in at_home.get(reverse("back_form", args=["rmdq"])).content.decode()
    assert "9 of 10" not in at_home.get(reverse("back_forms")).content.decode()
    at_home.post(reverse("back_form_keep", args=["rmdq"]), {"q_2": "1"})
    assert Sheet.objects.get(user=other, instrument="rmdq").answers == {"1": 1}


def test_a_sheet_can_be_removed(at_home, cleared_walker, filled):
    sheet = filled(cleared_walker, "peg", {"pain": 1, "enjoyment": 1, "activity": 1})
    page = at_home.post(reverse("back_sheet_remove", args=[sheet.pk]), follow=True)
    assert "Removed: Pain, enjoyment and activity: 1 of 10." in page.content.decode()
    assert not Sheet.objects.exists()


def test_a_double_tap_on_done_is_one_sheet(at_home):
    for _ in range(2):
        post(at_home, "peg", PEG)
    assert Sheet.objects.count() == 1
    Sheet.objects.update(finished_at=timezone.now() - timedelta(minutes=1))
    post(at_home, "peg", PEG)
    assert Sheet.objects.count() == 2


def test_an_answer_that_arrives_after_done_opens_no_new_sheet(at_home):
    post(at_home, "peg", PEG)
    at_home.post(reverse("back_form_keep", args=["peg"]), {"q_pain": "4", "q_enjoyment": "5"})
    assert Sheet.objects.get().value == 5


def test_a_form_corrected_at_once_is_scored_as_corrected(at_home):
    post(at_home, "rmdq", {"q_1": "1", "q_2": "1"})
    page = post(at_home, "rmdq", {"q_1": "1"}).content.decode()
    assert "1 of 24" in page
    assert sorted(sheet.value for sheet in Sheet.objects.all()) == [1, 2]


def test_what_gets_in_the_way_never_stops_walking(at_home, cleared_walker):
    told = {f"q_{item}": "0" for item in outcomes.instrument("yellow_flags").item_ids}
    page = post(at_home, "yellow_flags", told | {"q_harm": "1"}).content.decode()
    assert "None of this speaks against walking" in page
    assert "an alarm that is set too fine" in page
    assert at_home.get(reverse("plan")).status_code == 200
    calm = post(at_home, "yellow_flags", told).content.decode()
    assert "physical therapist" not in calm.split("<main", 1)[1].split("</main>")[0]
