"""The PDF itself: its fonts are in it, it is tagged, and it says what it can't print."""

from __future__ import annotations

import re
import zlib

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride import words
from backstride.report import Report, Section, Table, can_print, print_pdf, shortened

PART = Section("a", "A heading", ("A line.",), Table(("Week", "Pain"), (("1 May", "3"),)))
PLAIN = Report("Wanda", (("Age", "45"),), ("Short.",), None, (PART,), "Why?", "foot")


def opened(pdf: bytes) -> bytes:
    """A PDF with its streams unpacked beside it, to search in."""
    found = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_it_is_tagged_and_claims_pdf_ua():
    text = opened(print_pdf(PLAIN, own_fonts=False).pdf)
    assert b"/StructTreeRoot" in text
    assert b"pdfuaid:part>1<" in text
    assert re.search(rb"/Lang ?\(en", text)


def test_every_font_is_embedded():
    text = opened(print_pdf(PLAIN, own_fonts=False).pdf)
    fonts = re.findall(rb"/Type ?/FontDescriptor", text)
    files = re.findall(rb"/FontFile[23]? \d+ 0 R", text)
    assert fonts
    assert len(files) == len(fonts)


def test_a_character_that_no_font_has_is_told():
    said = Report("疼痛", (), (), None, ())
    printed = print_pdf(said, own_fonts=False)
    assert isinstance(printed.is_complete, bool)
    text = pypdfium2.PdfDocument(printed.pdf)[0].get_textpage().get_text_bounded()
    assert printed.is_complete != ("Some characters can't be printed" in text)


def test_greek_and_cyrillic_are_printed():
    printed = print_pdf(Report("Ωραία Жанна Żółć", (), (), None, ()), own_fonts=False)
    assert printed.is_complete
    text = pypdfium2.PdfDocument(printed.pdf)[0].get_textpage().get_text_bounded()
    assert "Ωραία Жанна Żółć" in text


def test_an_unknown_paper_is_refused():
    with pytest.raises(ValueError, match="expected a4 or letter"):
        print_pdf(PLAIN, "a3")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=900), st.integers(0, 30), st.integers(0, 30))
def test_whatever_is_written_comes_to_two_pages(text, lines, rows):
    part = Section("a", "A heading", (text,) * lines, Table(("a", "b"), ((text, text),) * rows))
    report = Report(text, ((text, text),) * 4, (text,) * lines, None, (part,) * 3, text, "foot")
    assert len(pypdfium2.PdfDocument(print_pdf(report, own_fonts=False).pdf)) == 2


@given(st.text(), st.integers(1, 50))
def test_shortened_is_one_line_and_short(text, most):
    short = shortened(text, most)
    assert len(short) <= most
    assert "\n" not in short


def text_of(pdf: bytes) -> str:
    return " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def test_it_is_in_spanish_and_says_so():
    with words.speaking("es"):
        printed = print_pdf(PLAIN, own_fonts=False)
    assert re.search(rb"/Lang ?\(es", opened(printed.pdf))
    told = text_of(printed.pdf)
    assert "Dolor de espalda y caminatas: Wanda" in told
    assert "Preguntas y notas para la consulta" in told
    assert "página 2 de 2" in told


@pytest.mark.skipif(not can_print("zh-hans"), reason="no Chinese font is installed")
def test_it_is_in_chinese_with_its_font_and_says_so():
    with words.speaking("zh-hans"):
        printed = print_pdf(PLAIN)
    assert printed.is_complete
    assert re.search(rb"/Lang ?\(zh-CN", opened(printed.pdf))
    told = text_of(printed.pdf)
    assert "腰背疼痛与步行：Wanda" in told
    assert "第2页，共2页" in told.replace(" ", "")
