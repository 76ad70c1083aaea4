"""The data files: licences kept, sources and marks everywhere, nothing half filled in."""

from __future__ import annotations

import copy
import re
import tomllib
from importlib.resources import files

import pytest

from backstride.outcomes import Shipping, instrument, instruments, keys
from backstride.outcomes.catalogue import parse_instrument
from backstride.outcomes.instrument import MARKS
from backstride.words import speaking
from docs.pages import tables

FOLDER = files("backstride.outcomes") / "instruments"
LOCKED = {"odi", "startback", "promis_pi", "promis_pf", "eq5d", "who5"}
LOINC = re.compile(r"\d{3,5}-\d|LA\d+-\d")


def raw(key: str) -> dict:
    return tomllib.loads((FOLDER / f"{key}.toml").read_text("utf-8"))


def test_what_may_not_ship_does_not_ship():
    for form in instruments():
        if form.key in LOCKED:
            assert form.shipping is Shipping.SCORE_ENTRY
            assert form.permission
            assert not any(item.text for item in form.items)
            assert not any(option.text for option in form.options)
            assert not form.prompt
        else:
            assert form.shipping is Shipping.ITEMS
            assert all(item.text for item in form.items)
    assert set(keys()) >= LOCKED


# Words that are in the locked forms and in no text of ours.
TELLTALE = ("cheerful", "vigorous", "fresh and rested", "washing, dressing", "sex life", "terrible")


@pytest.mark.parametrize("name", sorted(entry.name for entry in FOLDER.iterdir()))
def test_no_telltale_words_of_a_locked_form(name):
    text = (FOLDER / name).read_text("utf-8").lower()
    assert [words for words in TELLTALE if words in text] == []


def test_the_numbers_of_items():
    count = {form.key: len(form.items) for form in instruments()}
    assert (count["rmdq"], count["phq9"], count["phq2"], count["gad2"]) == (24, 9, 2, 2)
    assert (count["peg"], count["odi"], count["startback"], count["who5"]) == (3, 10, 9, 5)


def test_every_number_carries_its_source_and_mark():
    def walk(entry, path):
        if isinstance(entry, dict):
            if any(name in entry for name in ("absolute", "mdc", "from", "kind", "urgency")):
                assert entry["source"], path
                assert entry["mark"] in MARKS, path
            for name, part in entry.items():
                walk(part, f"{path}.{name}")
        elif isinstance(entry, list):
            for part in entry:
                walk(part, path)

    for key in keys():
        walk(raw(key), key)


def test_codes_look_like_loinc_and_none_is_there_without_a_source():
    for form in instruments():
        codes = [*form.loinc.values(), *(i.loinc for i in form.items if i.loinc)]
        codes += [option.loinc for option in form.options if option.loinc]
        assert all(LOINC.fullmatch(code) for code in codes), form.key
        if codes:
            assert form.loinc_source, form.key
    assert instrument("rmdq").loinc == {}  # none was found: none is invented
    assert instrument("phq9").items[8].loinc == "44260-8"
    assert instrument("phq9").loinc["total"] == "44261-6"
    assert instrument("gad2").loinc == {}


def test_phq2_is_the_beginning_of_phq9():
    assert instrument("phq9").items[:2] == instrument("phq2").items
    assert instrument("phq9").options == instrument("phq2").options
    assert instrument("phq9").on_call
    assert not instrument("phq2").on_call


IN_ENGLISH_ALONE = {"peg", "rmdq"}
IN_SPANISH_TOO = {"phq2", "phq9", "gad2"}  # no Chinese text was found that its copies agree on


def test_a_published_question_is_translated_only_where_it_was_published():
    for form in instruments():
        with speaking("es"):
            assert form.is_translated is (form.key not in IN_ENGLISH_ALONE), form.key
        with speaking("zh-hans"):
            apart = IN_ENGLISH_ALONE | IN_SPANISH_TOO
            assert form.is_translated is (form.key not in apart), form.key
            assert re.search("[\u4e00-\u9fff]", str(form.title)), form.key
        assert form.is_translated
    with speaking("zh-hans"):
        assert str(instrument("peg").items[0].text) == instrument("peg").items[0].text
        assert str(instrument("peg").recall) == "过去一周"
    with speaking("es"):
        assert str(instrument("phq9").items[0].text) == "Poco interés o placer en hacer cosas"


def without(key: str, table: str, name: str, language: str) -> dict:
    """The file of an instrument where the first text of a table lacks a language."""
    entry = copy.deepcopy(raw(key))
    del entry[table][0][name][language]
    return entry


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (without("work_days", "item", "text", "zh"), "in the languages of the file"),
        (without("yellow_flags", "option", "text", "es"), "in the languages of the file"),
        (without("phq2", "item", "text", "es"), "in the languages of the file"),
        (without("peg", "band", "label", "es"), "not in every language"),
        (without("phq2", "action", "text", "zh"), "not in every language"),
        ({**raw("nprs"), "languages": ["en", "es"]}, "in the languages of the file"),
        ({**raw("peg"), "languages": ["en", "es"]}, "in the languages of the file"),
        ({**raw("peg"), "languages": ["es"]}, "its languages"),
        ({**raw("peg"), "languages": ["en", "fr"]}, "its languages"),
        ({**raw("sleep"), "title": {"en": "Sleep"}}, "not in every language"),
    ],
)
def test_a_file_that_lacks_a_text_in_one_of_its_languages_is_refused(entry, words):
    with pytest.raises(ValueError, match=words):
        parse_instrument(entry)


def broken(key: str, **changes) -> dict:
    return {**raw(key), **changes}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            broken("odi", item=[{"id": "1", "text": {"en": "Pain", "es": "Dolor", "zh": "疼痛"}}]),
            "may not ship",
        ),
        (broken("odi", permission=""), "permission"),
        (broken("peg", item=[{"id": "a"}, {"id": "a"}]), "one id"),
        (broken("peg", range=[10, 0]), "range is empty"),
        (broken("peg", licence={"terms": "free", "mark": "X"}), "mark 'X'"),
        (broken("peg", band=list(reversed(raw("peg")["band"]))), "bands"),
        (broken("phq9", item=raw("phq9")["item"][:8]), "unknown item"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(entry, words):
    with pytest.raises(ValueError, match=words):
        parse_instrument(entry)


def test_the_page_lists_every_instrument_with_its_range_and_change():
    page = next(t for t in tables("outcomes.md") if t.columns[0] == "key")
    listed = {row[0].strip("`"): row for row in page.rows}
    assert set(listed) == set(keys())
    for form in instruments():
        row = dict(zip(page.columns, listed[form.key], strict=True))
        assert row["range"] == f"{form.low:g} to {form.high:g}"
        assert row["text"] == ("ships" if form.shipping is Shipping.ITEMS else "scores only")
        least = form.importance
        points = f"{least.absolute:g}" if least and least.absolute is not None else ""
        share = f"{100 * least.relative:g} %" if least and least.relative is not None else ""
        assert row["important change"] == (" and ".join(filter(None, (points, share))) or "–")
        error = f"{form.error.mdc:g} ({form.error.level} %)" if form.error else "–"
        assert row["noise"] == error
