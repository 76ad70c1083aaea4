"""The report as a PDF, in the walker's language where a font here can write it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import translation

from backstride.report import Printed, can_print, print_pdf
from backstride.web.insight.services import Span
from backstride.web.report.gather import report_of


def is_in_english() -> bool:
    """Whether no font here has the reader's script, so that the PDF is in English instead."""
    return not can_print(translation.get_language() or "en")


def printed(
    user, span: Span, paper: str = "a4", without: Collection[str] = (), questions: str = ""
) -> Printed:
    language = "en" if is_in_english() else translation.get_language()
    with translation.override(language):
        return print_pdf(report_of(user, span, without, questions), paper)
