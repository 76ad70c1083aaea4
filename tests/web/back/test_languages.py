"""My back, diary and help as someone reads them who reads Spanish or Chinese."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from backstride.regimen import protocol
from backstride.web.back import sheets
from backstride.web.help.cards import load

FLAG = {
    "es": "La traducción comprobada de este cuestionario aún no está en Backstride.",
    "zh-hans": "Backstride还没有这份问卷经过验证的译文。",
}
NAMES = re.compile("Backstride|WalkBack")


@pytest.fixture(params=["es", "zh-hans"])
def language(request, cleared_walker):
    cleared_walker.language = request.param
    cleared_walker.save()
    return request.param


@pytest.fixture
def in_chinese(at_home, cleared_walker):
    cleared_walker.language = "zh-hans"
    cleared_walker.save()
    return at_home


def main_of(response) -> str:
    """The page's own part, without what is said to be English or a name."""
    page = response.content.decode().split("<main", 1)[1].split(">", 1)[1].split("</main", 1)[0]
    return re.sub(r'<(\w+)[^>]* (?:lang="en"|translate="no")[^>]*>.*?</\1>', "", page, flags=re.S)


def words_of(response) -> str:
    """What stands in the page's own part, and its labels."""
    page = main_of(response)
    labels = re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', page)
    return unescape(" ".join([re.sub(r"<[^>]+>", " ", page), *labels]))


@pytest.mark.parametrize("key", ["psfs", "pgic", "work_days", "yellow_flags", "nprs", "groc"])
def test_a_questionnaire_of_ours_is_in_the_language(at_home, language, key):
    page = at_home.get(reverse("back_form", args=[key]))
    assert FLAG[language] not in page.content.decode()
    form = sheets.form_of(key)
    code = language.partition("-")[0]
    assert all(item.text.texts[code] in unescape(page.content.decode()) for item in form.items)
    if language == "zh-hans":
        assert re.findall(r"[A-Za-z]{2,}", NAMES.sub("", words_of(page))) == []


@pytest.mark.parametrize("key", ["peg", "rmdq"])
def test_a_published_one_stays_in_english_and_says_so(at_home, language, key):
    page = at_home.get(reverse("back_form", args=[key])).content.decode()
    form = sheets.form_of(key)
    assert page.count(FLAG[language]) == 1
    for item in form.items:
        about = re.search(
            rf'<(?:label|fieldset)[^>]* lang="en"[^>]*>(?:(?!</).)*{re.escape(item.text)}',
            unescape(page),
            re.S,
        )
        assert about, item.text
    assert str(form.title) not in page  # ours: told in the language


def test_a_published_translation_is_quoted(at_home, cleared_walker):
    cleared_walker.language = "es"
    cleared_walker.save()
    page = at_home.get(reverse("back_form", args=["phq2"])).content.decode()
    assert FLAG["es"] not in page
    assert "Se ha sentido decaído(a), deprimido(a) o sin esperanzas" in page
    assert "Más de la mitad de los días" in page


def test_a_result_is_told_and_removed_in_the_language(at_home, cleared_walker, language, filled):
    filled(cleared_walker, "peg", {"pain": 5, "enjoyment": 6, "activity": 6}, ago=7)
    done = filled(cleared_walker, "peg", {"pain": 2, "enjoyment": 3, "activity": 3})
    page = at_home.get(reverse("back_sheet", args=[done.pk])).content.decode()
    removed = at_home.post(reverse("back_sheet_remove", args=[done.pk]), follow=True)
    if language == "es":
        assert "2,67 de 10" in page
        assert "Tu puntuación pasó de 5,67 a 2,67. Va en la dirección de mejorar." in page
        assert "Quitado: Dolor, disfrute y actividad: 2,67 de 10." in removed.content.decode()
    else:
        assert "2.67/10" in page
        assert "您的得分从5.67变为2.67。这是变好的方向。" in page
        assert "已删除：疼痛、生活乐趣和活动：2.67/10。" in removed.content.decode()


def test_a_crisis_is_told_in_the_language(in_chinese, settings):
    settings.ON_CALL = True
    harm = {f"q_{n}": "0" for n in sheets.form_of("phq9").item_ids} | {"q_harm": "1"}
    page = in_chinese.post(reverse("back_form", args=["phq9"]), harm, follow=True)
    assert "您告诉我们，您有关于死亡或伤害自己的念头。" in page.content.decode()


def test_wrong_entries_are_told_in_the_language(in_chinese):
    page = in_chinese.post(reverse("back_form", args=["odi"]), {"total": "140"}).content.decode()
    assert "ODI：得分不可能是140。 范围是0到100。" in page
    url = reverse("back_mobility_test", args=["chair_stand_30s"])
    page = in_chinese.post(url, {"value": "1.5"}).content.decode()
    assert "从椅子上站起，30秒：不可能是1.5。 应为整数。" in page
    page = in_chinese.post(url, {"value": "x"}).content.decode()
    assert "请用数字输入结果。 单位：次。" in page


def test_a_day_is_noted_and_read_in_the_language(in_chinese, cleared_walker):
    in_chinese.post(reverse("log_medicine"), {"medicine": "布洛芬", "amount": 200, "unit": "mg"})
    in_chinese.post(reverse("log_walk"), {"minutes": 12})
    noted = in_chinese.post(
        reverse("back_where"), {"places": ["low_back_left", "hip_right"], "nprs": 4}, follow=True
    )
    assert "已记录：疼痛4/10，左侧腰部；右侧髋部。" in noted.content.decode()
    low = in_chinese.post(reverse("back_today"), {"question": "mood", "value": 1}, follow=True)
    assert "请立即拨打当地的急救电话" in low.content.decode()
    for name in ("back", "back_timeline", "log"):
        page = in_chinese.get(reverse(name))
        assert re.findall(r"[A-Za-z]{3,}", NAMES.sub("", words_of(page))) == [], name
    told = words_of(in_chinese.get(reverse("back_timeline")))
    for words in ("4/10：左侧腰部；右侧髋部", "心情：很低落", "12分钟", "布洛芬200毫克"):
        assert words in told


def test_every_card_and_page_of_help_is_in_chinese(client, db):
    client.cookies["django_language"] = "zh-hans"
    urls = [reverse("help_card", args=[key]) for key in load()]
    urls += [reverse(name) for name in ("help", "help_flare", "help_app", "help_cards")]
    for url in [*urls, reverse("help_therapist")]:
        page = client.get(url)
        assert re.findall(r"[A-Za-z]{2,}", NAMES.sub("", words_of(page))) == [], url


def test_a_flare_is_told_in_spanish_with_the_numbers_of_the_plan(client, db):
    client.cookies["django_language"] = "es"
    page = words_of(client.get(reverse("help_flare")))
    assert "la mitad de los minutos" in page
    days = protocol().back.flare_hold_days
    assert f"Tu plan se mantiene pequeño durante {days} días o más." in page
