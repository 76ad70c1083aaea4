"""Figures, the picture in both themes and sizes, and its table."""

from __future__ import annotations

import csv
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from backstride import regimen
from backstride.web.imports.models import Day
from backstride.web.insight import services
from backstride.web.journal.models import MedicineTaken, PainEntry, WalkDone
from backstride.web.journal.services import log_pain
from backstride.web.plan.models import PlannedWeek
from backstride.web.report.gather import report_of
from charts.fake_diary import some_weeks
from web import helpers

PICTURES = sorted(services.PICTURES)


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
@pytest.mark.parametrize("width", [340, 1080])
@pytest.mark.parametrize("key", PICTURES)
def test_each_picture_is_drawn_to_size(walked, key, theme, width):
    response = walked.get(reverse("progress_picture", args=[key, theme, width]))
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(response.content).get("width") == str(width)


@pytest.mark.parametrize(
    "args", [["together", "pink", 340], ["together", "light", 10_000], ["no", "light", 340]]
)
def test_other_pictures_are_not_drawn(walked, args):
    assert walked.get(reverse("progress_picture", args=args)).status_code == 404


def test_the_table_says_what_the_picture_shows(walked, cleared_walker):
    text = walked.get(reverse("progress_file", args=["together", "csv"])).content.decode()
    rows = {row["date"]: row for row in csv.DictReader(text.splitlines())}
    yesterday = (cleared_walker.today() - timedelta(days=1)).isoformat()
    assert float(rows[yesterday]["walking_min"]) == 20


@pytest.mark.parametrize("key", PICTURES)
@pytest.mark.parametrize(
    ("kind", "head"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("csv", b"date,|week,|compared,")]
)
def test_each_picture_can_be_kept(walked, key, kind, head):
    response = walked.get(reverse("progress_file", args=[key, kind]))
    assert response.content.startswith(tuple(head.split(b"|")))
    disposition = f'attachment; filename="{key}.{kind}"'
    assert response.headers["Content-Disposition"] == disposition


def test_no_other_kind_of_file(walked):
    for args in (["together", "exe"], ["no", "csv"]):
        assert walked.get(reverse("progress_file", args=args)).status_code == 404


@pytest.mark.parametrize("key", PICTURES)
def test_each_picture_opens_large_with_its_sentence_and_its_table(walked, cleared_walker, key):
    page = walked.get(reverse("progress")).content.decode()
    large = reverse("progress_large", args=[key])
    assert f"{large}?span=quarter" in page
    page = walked.get(large).content.decode()
    span = services.span_of(cleared_walker, "quarter")
    picture = services.PICTURES[key](services.story_of(cleared_walker), span)
    assert f"<p>{picture.text}</p>" in page.replace("&#x27;", "'")
    assert page.count("<tr>") == picture.table.height + 1
    assert f'srcset="{reverse("progress_picture", args=[key, "dark", 1080])}?span=quarter"' in page


def test_a_picture_of_one_walker_is_not_another_ones(walked, client):
    other = helpers.make_user("other@example.org")
    helpers.clear(other)
    client.force_login(other)
    for key in PICTURES:
        text = client.get(reverse("progress_file", args=[key, "csv"])).content.decode()
        told = [
            value
            for row in csv.DictReader(text.splitlines())
            for name, value in row.items()
            if name not in {"date", "week", "to", "compared"}
        ]
        assert set(told) <= {"", "0"}, key  # no weeks were compared


def test_missing_is_a_dash_and_never_a_zero(walked, cleared_walker):
    today = cleared_walker.today()
    page = walked.get(reverse("progress_large", args=["calendar"]) + "?span=month")
    rows = page.content.decode().split("<tr>")[2:]
    assert len(rows) == 28 + (today - timedelta(days=27)).weekday()  # its whole first week
    assert "–" in rows[0]  # today has no record yet
    assert ">20<" in rows[1]


def test_a_missed_day_does_not_break_the_streak(client, cleared_walker):
    client.force_login(cleared_walker)
    first = cleared_walker.today() - timedelta(days=21)
    for week in some_weeks(3, start=first):
        PlannedWeek.objects.create(
            user=cleared_walker, start=week.start, data=regimen.week_to_json(week)
        )
        for walk in week.walks[:-1]:  # one of five is missed each week
            WalkDone.objects.create(user=cleared_walker, day=walk.day, minutes=walk.minutes)
    log_pain(cleared_walker, 3)
    page = client.get(reverse("progress")).content.decode()
    assert "3 weeks in a row" in page
    assert "A day missed here or there changes nothing." in page


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
    assert reverse("progress_picture", args=["together", "light", 340]) in (
        client.get(reverse("progress")).content.decode()
    )


FEW = {"today": 32, "plan": 28, "progress": 18, "back": 38}


@pytest.mark.parametrize("page", FEW)
def test_long_histories_are_read_once(client, cleared_walker, django_assert_max_num_queries, page):
    """As many queries for a year of entries as for a week of them, and few."""
    client.force_login(cleared_walker)
    today = cleared_walker.today()
    counts = []
    for first, last in ((1, 8), (8, 365)):
        for n in range(first, last):
            day = today - timedelta(days=n)
            Day.objects.create(user=cleared_walker, date=day, steps=5000, longest_bout_min=20)
            PainEntry.objects.create(user=cleared_walker, day=day, nprs=3)
        client.get(reverse(page))  # makes the week
        with django_assert_max_num_queries(FEW[page]) as asked:
            assert client.get(reverse(page)).status_code == 200
        days = [query for query in asked.captured_queries if Day._meta.db_table in query["sql"]]
        assert len(days) <= 1
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]


def test_what_goes_with_less_pain_is_told_with_its_doubt(walked, cleared_walker):
    page = walked.get(reverse("progress")).content.decode()
    assert "Not enough days yet to compare the day after a walk" in page
    for n in range(15, 140):
        day = cleared_walker.today() - timedelta(days=n)
        bout = 15 if n % 3 else 4
        Day.objects.create(
            user=cleared_walker, date=day, steps=4000, walking_min=20, longest_bout_min=bout
        )
        at = timezone.now() - timedelta(days=n - 1)
        nprs = 3 + (n + n % 3) % 2 + (n % 3 == 0)
        PainEntry.objects.create(user=cleared_walker, day=day + timedelta(days=1), at=at, nprs=nprs)
    page = walked.get(reverse("progress")).content.decode()
    assert "On the day after a walk your pain was about" in page
    assert "The true difference may be from" in page
    table = walked.get(reverse("progress_file", args=["helps", "csv"])).content.decode()
    row = next(csv.DictReader(table.splitlines()))
    assert float(row["from"]) <= float(row["difference"]) <= float(row["to"]) < 0
    large = walked.get(reverse("progress_large", args=["helps"])).content.decode()
    assert "May be from" in large
    report = report_of(cleared_walker, services.span_of(cleared_walker, "month"))
    assert any("no cause shown" in line for line in report.summary)


def test_medicine_days_are_counted_by_week(walked, cleared_walker):
    assert "days with pain medicine" not in walked.get(reverse("progress")).content.decode()
    for ago in (0, 0, 6, 7, 13, 14):  # twice on one day is one day
        day = cleared_walker.today() - timedelta(days=ago)
        MedicineTaken.objects.create(user=cleared_walker, day=day, medicine="A", amount=1)
    page = walked.get(reverse("progress")).content.decode()
    assert "in the last 7 (the 7 before: 2)</dt><dd>2</dd>" in page


@pytest.mark.parametrize(
    ("language", "texts", "drawn"),
    [
        (
            "es",
            ("<dt>días con datos</dt>", ">Semana del</th>", "caminaste 20 minutos al día"),
            "Dolor, de 0 nada a 10 el peor",
        ),
        (
            "zh-hans",
            ("<dt>有数据的天数</dt>", ">周开始于</th>", "您每天走了20分钟"),
            "疼痛，0不痛到10最痛",
        ),
    ],
)
def test_the_page_and_its_pictures_speak_the_persons_language(
    walked, cleared_walker, language, texts, drawn
):
    cleared_walker.language = language
    cleared_walker.save()
    page = walked.get(reverse("progress")).content.decode()
    assert [text for text in texts if text not in page] == []
    picture = walked.get(reverse("progress_picture", args=["together", "light", 720]))
    assert drawn in picture.content.decode()
    table = walked.get(reverse("progress_large", args=["together"])).content.decode()
    assert {"es": "Caminar, min", "zh-hans": "步行（分钟）"}[language] in table
