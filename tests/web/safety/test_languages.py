"""The safety questions in Spanish and Chinese: the same questions, answers and numbers to call."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from backstride import screening
from backstride.web.safety.models import ScreenRecord
from backstride.words import speaking
from web import helpers

LANGUAGES = ["es", "zh-hans"]


def every_text():
    """All that the screen may ask or say."""
    screen = screening.load()
    for section in screen.sections:
        yield from (section.title, section.intro)
    for question in screen.questions:
        yield from (question.text, *(option.label for option in question.options))
        yield from (text for text in (question.meaning, question.help) if text)
    for rule in screen.rules:
        yield from (rule.reason, rule.do)
    for told in screen.instructions.values():
        yield from (told.title, told.why, *told.steps)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_its_numbers(language):
    for text in every_text():
        english = str.__str__(text)
        with speaking(language):
            told = str(text)
        assert told != english or english == "No"  # as it is in Spanish
        for number in re.findall(r"\d+", english):
            assert number in told, english


@pytest.mark.parametrize(
    ("language", "call", "rule"),
    [
        (
            "es",
            "Llama ahora a tu número de emergencias local, por ejemplo 112 (Europa), "
            "911 (Norteamérica), 999 (Reino Unido) o 000 (Australia).",
            "Di por teléfono que tienes problemas de espalda y entumecimiento entre las piernas.",
        ),
        (
            "zh-hans",
            "立即拨打当地的急救电话，例如120（中国大陆）、112（欧洲）、911（北美）、999（英国）或000（澳大利亚）。",
            "请在电话里说明您有腰背问题，并且两腿之间麻木。",
        ),
    ],
)
def test_a_stop_says_what_to_do(client, walker, language, call, rule):
    walker.language = language
    walker.save()
    client.force_login(walker)
    client.post(reverse("safety"))
    first = screening.sections()[0]
    answers = {q.id: "no" for q in first.questions} | {"saddle_numb": "yes"}
    stopped = client.post(reverse("safety_section", args=[first.id]), answers, follow=True)
    seen = unescape(stopped.content.decode())
    assert call in seen
    assert rule in seen
    assert ScreenRecord.objects.get().answers["saddle_numb"] == "yes"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_are_asked_and_refused_in_the_language(client, walker, language):
    walker.language = language
    walker.save()
    client.force_login(walker)
    client.post(reverse("safety"))
    url = reverse("safety_section", args=[screening.sections()[0].id])
    seen = unescape(client.get(url).content.decode())
    english = [str.__str__(q.text) for q in screening.sections()[0].questions]
    assert not any(text in seen for text in english)
    with speaking(language):
        assert all(str(q.text) in seen for q in screening.sections()[0].questions)
    refused = unescape(client.post(url, {"saddle_numb": "perhaps"}).content.decode())
    wanted = {"es": "elige una de las respuestas", "zh-hans": "请从所给的答案中选择一个"}
    assert wanted[language] in refused


def test_an_unsure_answer_is_told_as_whole_sentences():
    answers = {q.id: "no" for q in screening.sections()[0].questions} | {"bladder_new": "not_sure"}
    (found,) = screening.assess(answers, date(2026, 3, 2)).findings
    with speaking("zh-hans"):
        assert str(found.reason).startswith("您当时不确定，所以在弄清楚之前按“是”处理。新出现排尿")
    with speaking("es"):
        assert "hasta que esté claro. Un problema nuevo para orinar" in str(found.reason)


def test_answers_given_in_one_language_hold_in_another(client, walker):
    helpers.clear(walker)
    walker.language = "zh-hans"
    walker.save()
    client.force_login(walker)
    assert "这里没有妨碍步行的情况" in client.get(reverse("safety")).content.decode()
