"""The report over HTTP: whose it is, what is on it, and that two pages always hold it."""

from __future__ import annotations

import re
from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from backstride.report import can_print
from backstride.web import demo
from backstride.web.back.models import Sheet
from backstride.web.imports.models import Day
from backstride.web.journal.models import NEWS, MedicineTaken, PainEntry
from backstride.web.plan.models import TherapistOrder
from backstride.web.report.gather import LABELS
from web import helpers
from web.rights import lives

PAGE, FILE = "/report/", "/report/report.pdf"


@pytest.fixture
def web(client, cleared_walker):
    client.force_login(cleared_walker)
    return client


def said(**other):
    return {"span": "quarter", "parts": list(LABELS), "questions": "", "paper": "a4", **other}


def pages(answer) -> list[str]:
    assert answer["Content-Type"] == "application/pdf"
    return [
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(answer.content)
    ]


def words(texts: list[str]) -> str:
    return " ".join(" ".join(texts).split())


def test_with_nothing_at_all_it_has_two_pages(client, walker):
    client.force_login(walker)
    first, second = pages(client.get(FILE))
    assert "Back pain and walking: Wanda Walker" in first
    assert "Nothing was recorded in this time" in words([first])
    assert "Not answered yet." in second
    assert "Questions and notes for the visit" in second
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_the_papers(web, paper, size):
    document = pypdfium2.PdfDocument(web.post(FILE, said(paper=paper)).content)
    assert [tuple(map(round, page.get_size())) for page in document] == [size, size]


def test_the_demo_walkers_report(client, db):
    robin = demo.fill()
    client.force_login(robin)
    first, second = (" ".join(text.split()) for text in pages(client.get(FILE)))
    assert "Robin Demo" in first
    assert "Pain, 0 to 10: median" in first
    assert re.search(r"Walks done of those planned: \d+ of \d+, in 4 whole weeks", first)
    assert "Nothing answered speaks against walking" in second
    assert "Planned min" in second
    flares = robin.painentry_set.filter(is_flare=True).values("day").distinct().count()
    assert f"Days called a flare: {flares} (latest" in second
    page = client.get(PAGE).content.decode()
    assert "Walking, plan and pain by week" in page
    assert 'href="/report/"' in client.get("/progress/").content.decode()
    assert 'href="/report/"' in client.get("/data/").content.decode()


def test_a_change_of_a_score_is_held_against_what_matters(web, cleared_walker):
    day = cleared_walker.today()
    for ago, value in ((60, 14.0), (2, 6.0)):
        at = timezone.now() - timedelta(days=ago)
        Sheet.objects.create(
            user=cleared_walker, instrument="rmdq", version="1", value=value,
            day=day - timedelta(days=ago), finished_at=at,
        )  # fmt: skip
    _, second = pages(web.get(FILE))
    told = words([second])
    assert "-8, better" in told
    assert told.count("yes") == 2  # beyond the error, and important


def test_what_is_left_out_is_nowhere(web, cleared_walker):
    MedicineTaken.objects.create(
        user=cleared_walker, day=cleared_walker.today(), medicine="Ibuprofen", amount=400
    )
    assert "Pain medicine" in words(pages(web.post(FILE, said())))
    kept = [key for key in LABELS if key != "medicine"]
    assert "Pain medicine" not in words(pages(web.post(FILE, said(parts=kept))))


def test_questions_are_printed_and_not_kept(web):
    texts = pages(web.post(FILE, said(questions="May I *run* again? #emph[no] $x$")))
    assert "May I *run* again? #emph[no] $x$" in texts[1], "as they were written, no markup"
    assert "May I" not in web.get(PAGE).content.decode()


def test_too_long_a_question_is_told(web):
    answer = web.post(FILE, said(questions="x" * 601))
    assert answer.status_code == 400
    assert b"at most 600 characters" in answer.content


LONG = "Ünïcode 疼痛 боль ألم दर्द " * 30


def test_five_years_and_very_long_words_fit_on_two_pages(web, cleared_walker):
    user, today = cleared_walker, cleared_walker.today()
    user.first_name, user.last_name = LONG[:150], LONG[:150]
    user.save()
    days = [today - timedelta(days=n) for n in range(5 * 365)]
    Day.objects.bulk_create(
        Day(user=user, date=day, steps=90_000, walking_min=600, wear_h=20) for day in days
    )
    PainEntry.objects.bulk_create(
        PainEntry(user=user, day=day, nprs=10, **dict.fromkeys(NEWS, True)) for day in days
    )
    for n in range(12):
        TherapistOrder.objects.create(user=user, given_by=LONG[:120], on=today, why=LONG[:500])
        MedicineTaken.objects.create(user=user, day=days[n], medicine=LONG[:80], amount=1)
    for form in ("rmdq", "peg", "psfs", "pgic", "work_days", "startback"):
        for ago in (40, 3):
            Sheet.objects.create(
                user=user, instrument=form, version="1", value=3.0, names={"a": LONG},
                day=days[ago], finished_at=timezone.now() - timedelta(days=ago),
            )  # fmt: skip
    for span in ("quarter", "all"):
        for paper in ("a4", "letter"):
            texts = pages(web.post(FILE, said(span=span, paper=paper, questions=(LONG[:590]))))
            assert len(texts) == 2
            assert "and 5 more" in texts[1], "what is cut is said"


def test_whose_it_is(client, web, cleared_walker):
    other = helpers.make_user("other@example.org", first_name="Otto")
    client.force_login(other)
    assert "Wanda" not in words(pages(client.get(FILE)))
    client.logout()
    assert client.get(FILE).url.startswith("/account/login/")
    client.force_login(lives.therapist())
    assert client.get(FILE).url == reverse("inbox")


def in_language(client, language: str) -> None:
    robin = demo.fill()
    robin.language = language
    robin.save()
    client.force_login(robin)


def test_it_is_in_spanish(client, db):
    in_language(client, "es")
    answer = client.get(FILE)
    first, second = (" ".join(text.split()) for text in pages(answer))
    assert "Dolor de espalda y caminatas: Robin Demo" in first
    assert re.search(r"Caminatas hechas de las planeadas: \d+ de \d+, en 4 semanas", first)
    assert re.search(r"Hecho el \d+ de [a-z]+ de 2\d{3}", first)
    assert "Min planeados" in second
    assert "Preguntas y notas para la consulta" in second
    assert b"/Lang" in answer.content


def test_it_is_in_chinese_or_says_why_not(client, db):
    in_language(client, "zh-hans")
    page = client.get(PAGE).content.decode()
    first, second = ("".join(text.split()) for text in pages(client.get(FILE)))
    if can_print("zh-hans"):
        assert "腰背疼痛与步行：RobinDemo" in first
        assert "计划的步行完成了：" in first
        assert "就诊时的问题和备注" in second
        assert "所以PDF是英文的" not in page
    else:
        assert "Backpainandwalking:RobinDemo" in first
        assert "Walksdoneofthoseplanned" in first
        assert "所以PDF是英文的" in page
