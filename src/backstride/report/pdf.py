"""The report as a tagged PDF (PDF/UA-1) of two pages, set by Typst: offline, fonts embedded.

Noto Sans comes with Backstride and covers Latin, Greek and Cyrillic; Chinese, Japanese and
Korean have their own fonts. Other scripts are taken from the fonts of the machine. Where a
character is in none of them the PDF is made all the same, without the promise of PDF/UA, and
says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from backstride.charts import fonts
from backstride.charts import picture as pictures
from backstride.report.page import PAPERS, Report, fitted
from backstride.words import say, sentences

SIZES_PT = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5)  # the first at which two pages hold all
CHART_PX = 760
PAGES = 2
UNSHOWN = "could not be displayed"
NOTE = say("Some characters can't be printed with the fonts of this machine.")
SAMPLES = {"zh-hans": "疼痛步行"}  # of languages that Noto Sans can't write


@dataclass(frozen=True)
class Printed:
    """A PDF, and whether each of its characters could be printed."""

    pdf: bytes
    is_complete: bool


def print_pdf(report: Report, paper: str = "a4", *, own_fonts: bool = True) -> Printed:
    """The report on exactly two pages of `paper`, a key of PAPERS.

    `own_fonts` allows the fonts of the machine beside those that come along. Raises
    ValueError for another paper.
    """
    import typst

    if paper not in PAPERS:
        raise ValueError(f"no paper {paper!r}; expected {' or '.join(PAPERS)}")
    try:
        return Printed(_print(report, paper, own_fonts, "ua-1"), is_complete=True)
    except typst.TypstError as error:
        if UNSHOWN not in str(error):
            raise
    noted = replace(report, footer=sentences(filter(None, [report.footer, NOTE])))
    return Printed(_print(noted, paper, own_fonts, None), is_complete=False)


@cache
def can_print(language: str) -> bool:
    """Whether the fonts here have the characters of a language (a key of `words.LANGUAGES`)."""
    if language not in SAMPLES:
        return True
    sample = Report(SAMPLES[language], (), (), None, ())
    return print_pdf(sample).is_complete


def _print(report: Report, paper: str, own_fonts: bool, standard: Literal["ua-1"] | None) -> bytes:
    import typst

    inputs = {"report": json.dumps(fitted(report)), "paper": PAPERS[paper]}
    if report.picture is not None:
        inputs["chart"] = pictures.svg(report.picture, "light", CHART_PX)
    for size in SIZES_PT:
        compiler = typst.Compiler(
            str(files("backstride.report").joinpath("report.typ")),
            font_paths=[str(folder) for folder in fonts.folders()],
            ignore_system_fonts=not own_fonts,
            sys_inputs={**inputs, "size": str(size)},
        )
        if _pages(compiler) == PAGES:
            break
    pdf = compiler.compile(format="pdf", pdf_standards=standard)
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gave no single document")
    return pdf


def _pages(compiler: Any) -> int:
    return len(json.loads(compiler.query("<page-end>")))
