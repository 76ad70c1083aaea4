"""The parts of a story: the last four weeks of one's own, missing never 0, shown as stored."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from backstride.records import (
    Decision,
    DecisionKind,
    Dose,
    PlannedWalk,
    Reason,
    Week,
)
from backstride.regimen import week_to_json
from backstride.web.clinic import story
from backstride.web.clinic.shown import NONE, as_page, story_pages
from backstride.web.imports.models import Day
from backstride.web.journal.models import MedicineTaken, PainEntry
from backstride.web.plan.models import PlannedWeek
from backstride.web.safety.services import clear
from web import helpers

TODAY = date(2029, 6, 28)


def sent(walker, key: str, today: date = TODAY):
    return story.KINDS[key].sent_on(walker, today)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(("days", "is_in"), [(0, True), (27, True), (28, False), (-1, False)])
def test_a_period_is_28_days_with_today(days, is_in, walker):
    Day.objects.create(user=walker, date=ago(days), steps=1)
    PainEntry.objects.create(user=walker, day=ago(days), nprs=1)
    MedicineTaken.objects.create(user=walker, day=ago(days), medicine="A", amount=1)
    for key in ("walking", "pain", "medicine"):
        assert (sent(walker, key) is not None) == is_in


def test_nothing_of_another_person_gets_in(walker):
    other = helpers.make_user("other@example.org")
    Day.objects.create(user=other, date=TODAY, steps=1)
    PainEntry.objects.create(user=other, day=TODAY, nprs=1)
    MedicineTaken.objects.create(user=other, day=TODAY, medicine="A", amount=1)
    PlannedWeek.objects.create(user=other, start=TODAY, data={})
    helpers.clear(other)
    assert story.build_all(walker, TODAY) == {}


def test_missing_walking_stays_missing(walker):
    Day.objects.create(user=walker, date=TODAY, steps=None, walking_min=12.34, brisk_min=0)
    part = sent(walker, "walking")
    row = part["rows"][0]
    assert (row["steps"], row["walking_min"], row["brisk_min"]) == (None, 12.3, 0)
    page = as_page("walking", part)
    assert ("Median steps a day", NONE) in page.facts
    assert page.columns == ["Day", "Walking, min", "Brisk, min"]  # no column of dashes
    assert page.rows == [["Thu 28 Jun", "12", "0"]]


def test_pain_is_the_worst_of_each_moment(walker):
    for nprs, moment in ((3, "now"), (6, "now"), (0, "during_walk")):
        PainEntry.objects.create(user=walker, day=TODAY, nprs=nprs, moment=moment)
    PainEntry.objects.create(user=walker, day=ago(2), nprs=0, is_flare=True)
    part = sent(walker, "pain")
    today, before = part["rows"]
    assert (today["now"], today["during_walk"], today["next_morning"]) == (6, 0, None)
    assert (before["now"], before["flare"]) == (0, True)
    facts = dict(as_page("pain", part).facts)
    assert (facts["Worst, 0 to 10"], facts["Days called a flare"]) == ("6", "1")
    assert facts["Days with an entry"] == "2 of 28"


def test_medicine_is_summed_by_day_and_unit(walker):
    taken = [("Ibuprofen", 400, "mg"), ("Ibuprofen", 200, "mg"), ("Ibuprofen", 1, "tablet")]
    for medicine, amount, unit in taken:
        MedicineTaken.objects.create(
            user=walker, day=TODAY, medicine=medicine, amount=amount, unit=unit
        )
    part = sent(walker, "medicine")
    assert sorted((r["amount"], r["unit"], r["times"]) for r in part["rows"]) == [
        (1, "tablet", 1),
        (600, "mg", 2),
    ]
    assert ("Days with medicine", "1 of 28") in as_page("medicine", part).facts


@pytest.mark.parametrize(("days", "is_in"), [(0, True), (6, True), (7, False), (-1, False)])
def test_the_week_is_the_one_that_today_is_in(days, is_in, walker):
    reason = Reason("regimen.flare", "You noted a flare.", "source")
    week = Week(
        start=ago(days),
        number=2,
        protocol="walkback",
        dose=Dose(12, 4, 2),
        walks=(PlannedWalk(TODAY, 12, 2, None), PlannedWalk(ago(-1), 12, 1, (100, 110))),
        decision=Decision(DecisionKind.STEP_BACK, (reason,)),
    )
    PlannedWeek.objects.create(user=walker, start=week.start, data=week_to_json(week))
    part = sent(walker, "week")
    assert (part is not None) == is_in
    if is_in:
        page = as_page("week", part)
        assert page.rows[0] == ["Thu 28 Jun", "12", "2 walks", "own pace"]
        assert page.rows[1] == ["Fri 29 Jun", "12", "one walk", "100–110"]
        assert ("Why", "You noted a flare.") in page.facts
        assert ("Decision", "less") in page.facts


def test_safety_tells_result_findings_and_clearance(walker):
    from backstride import screening
    from backstride.web.safety.services import record_answers

    today = walker.today()
    answers = helpers.harmless_answers(today)
    worrying = next(
        question.id
        for question in screening.sections()[-1].questions
        if screening.assess(answers | {question.id: "yes"}, today).findings
    )
    record_answers(walker, answers | {worrying: "yes"})
    clear(walker, today, "Dr Who")
    part = sent(walker, "safety", today)
    assert part["findings"]
    page = dict(as_page("safety", part).facts)
    assert page["Found"]
    assert page["Cleared by"].startswith("Dr Who, ")


def test_a_snapshot_survives_json(cleared_walker):
    parts = story.build_all(cleared_walker, cleared_walker.today())
    parts["contact"] = story.contact(cleared_walker, "W", "")
    back = json.loads(json.dumps(parts))
    assert back == parts
    assert [page.key for page in story_pages(back)] == ["contact", "safety"]
    assert {k: story.digest(v) for k, v in back.items()} == {
        k: story.digest(v) for k, v in parts.items()
    }
