"""The pictures in the reader's language: sentence, headings, keys, months and weekdays."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from backstride import words
from backstride.charts import (
    Picture,
    figure,
    heat_map,
    png,
    svg,
    together,
    walk_cadence,
    walking_and_pain,
    week_plan,
    weeks_beside,
)
from backstride.charts.fonts import folders
from backstride.charts.frames import Spec, label, panel, stacked
from backstride.charts.look import Look
from backstride.regimen.exercises import load
from charts.fake_diary import MONDAY, some_days, some_doses, some_pain, some_scores, some_weeks

DAYS = some_days(30, missing=(8, 9, 10, 11))
PAIN = some_pain([0, 2, 9, 20], flares=(9,))
WEEKS = some_weeks(4)
TODAY = MONDAY + timedelta(days=29)
PICTURES = {
    "together": together(DAYS, PAIN, WEEKS, some_doses(), some_scores(), today=TODAY),
    "walking": walking_and_pain(DAYS, PAIN, WEEKS, today=TODAY),
    "calendar": heat_map(DAYS, today=TODAY),
    "weeks": weeks_beside(DAYS, PAIN, WEEKS, today=TODAY),
    "plan": week_plan(WEEKS[0], DAYS),
    "cadence": walk_cadence([100, 112] * 9, duration_s=270, aim_spm=(100, 115)),
}
# Of each picture: title, the sentence's beginning, and texts in the drawing.
TOLD = {
    "es": {
        "together": ("Todo junto", "Del 7 sept 2026 al", ("Dolor, de 0 nada a 10", "14 sept")),
        "walking": ("Caminatas y dolor", "Del 7 sept 2026", ("a paso ligero", "sin registro")),
        "calendar": ("Calendario de caminatas", "Del 7 sept 2026", ("lun", "vie", "sept 2026")),
        "weeks": ("Semanas lado a lado", "Semana del 5 oct 2026", ("mar", "dom", "5 oct:")),
        "plan": ("Semana 1", "Semana 1, del 7 sept", ("lun 7 sept", "minutos al día")),
        "cadence": ("Pasos por minuto", "Una caminata de 4 min.", ("objetivo", "medido")),
    },
    "zh-hans": {
        "together": ("全部放在一起", "2026年9月7日到", ("疼痛，0不痛到10最痛", "9月14日")),
        "walking": ("步行与疼痛", "2026年9月7日到", ("快走", "无记录")),
        "calendar": ("步行日历", "2026年9月7日到", ("周一", "周五", "2026年9月")),
        "weeks": ("各周并排比较", "2026年10月5日起", ("周二", "周日", "10月5日：")),
        "plan": ("第1周", "第1周，2026年9月7日到", ("9月7日 周一", "每天分钟数")),
        "cadence": ("步行中每分钟的步数", "一次4分钟的步行。", ("目标", "测得")),
    },
}


@pytest.mark.parametrize("language", TOLD)
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_speaks_the_readers_language(name: str, language: str) -> None:
    picture, (title, begins, inside) = PICTURES[name], TOLD[language][name]
    with words.speaking(language):
        drawn, told = svg(picture), str(picture.text)
        assert str(picture.title).startswith(title)
    assert told.startswith(begins)
    assert f"<title>{told}</title>" in drawn
    assert f'lang="{language}"' in drawn
    assert [text for text in inside if text not in drawn] == []
    assert "recorded" not in drawn
    english = svg(picture)  # the same picture, for the next reader
    assert f"<title>{picture.text!s}</title>" in english


def test_numbers_are_written_as_the_reader_does() -> None:
    steps = DAYS.with_columns(walking_min=None, brisk_min=None)
    picture = walking_and_pain(steps, PAIN, unit="steps", today=TODAY)
    with words.speaking("es"):
        assert ">2.000<" in svg(picture)
    assert ">2,000<" in svg(picture)


def test_a_figure_is_named_in_the_readers_language() -> None:
    with words.speaking("es"):
        assert ": comienzo y final</title>" in figure(next(iter(load().values())))


@pytest.mark.skipif(
    not any(folder.name == "justmytype_intl_cjk" for folder in folders()),
    reason="the Chinese font isn't installed",
)
def test_chinese_glyphs_are_in_the_png() -> None:
    """Where a font misses, every character is the same box."""

    def of(text: str) -> bytes:
        table = pl.DataFrame()
        return png(Picture(text, "", table, lambda look: stacked([_only(text, look)], "")))

    assert of("疼") != of("痛")


def _only(text: str, look: Look) -> Spec:
    return panel([label(text, 50, 50, 30, look.palette.ink)], look, 100, "", [], 10)
