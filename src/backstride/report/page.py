"""What is on a report: words and small tables, cut so that two pages always hold them."""

from __future__ import annotations

from dataclasses import dataclass, field

from backstride.charts import Picture
from backstride.words import language, say

PAPERS = {"a4": "a4", "letter": "us-letter"}

# The most of each that is printed; what is left out is said on the page.
LIMITS = {"line": 150, "cell": 46, "lines": 7, "rows": 8, "questions": 600, "name": 70}


WORDS = {  # that are always there
    "page": say("page {n} of 2", n="#"),
    "short": say("In short"),
    "time": say("Over time"),
    "nothing": say("Nothing was recorded in this time that could be drawn."),
    "questions": say("Questions and notes for the visit"),
}


def shortened(text: str, most: int) -> str:
    """A text on one line, at most `most` characters, cut at "…" where it is longer."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


@dataclass(frozen=True)
class Table:
    """Rows of text under their heads; the first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading with lines of text, a table, or both. `key` names it in forms."""

    key: str
    heading: str
    lines: tuple[str, ...] = ()
    table: Table | None = None

    @property
    def is_wide(self) -> bool:
        return self.table is not None


@dataclass(frozen=True)
class Report:
    """All of a report. `facts` are pairs of a label and its value at the head of page one.

    Texts that tell themselves (`words.Said`, Django's lazy ones) are told when it is printed.
    """

    name: str
    facts: tuple[tuple[str, str], ...]
    summary: tuple[str, ...]
    picture: Picture | None
    sections: tuple[Section, ...]
    questions: str = ""
    footer: str = field(default="")


def fitted(report: Report) -> dict[str, object]:
    """The report as plain JSON for the template, every text within LIMITS."""
    lang, _, script = language().partition("-")
    return {
        "lang": lang,
        "region": "cn" if script else None,
        "words": {key: str(text) for key, text in WORDS.items()},
        "title": str(
            say("Back pain and walking: {name}", name=shortened(report.name, LIMITS["name"]))
        ),
        "name": shortened(report.name, LIMITS["name"]),
        "facts": [[str(label), shortened(text, LIMITS["line"])] for label, text in report.facts],
        "summary": _lines(report.summary),
        "alt": str(report.picture.text) if report.picture else "",
        "sections": [_section(section) for section in report.sections],
        "questions": report.questions[: LIMITS["questions"]],
        "footer": str(report.footer),
    }


def _section(section: Section) -> dict[str, object]:
    table = section.table
    return {
        "heading": str(section.heading),
        "lines": _lines(section.lines),
        "head": [str(cell) for cell in table.head] if table else [],
        "rows": [_row(row) for row in table.rows[-LIMITS["rows"] :]] if table else [],
    }


def _row(row: tuple[str, ...]) -> list[str]:
    return [shortened(cell, LIMITS["cell"]) for cell in row]


def _lines(lines: tuple[str, ...]) -> list[str]:
    most = LIMITS["lines"]
    kept = [shortened(line, LIMITS["line"]) for line in lines[:most]]
    left = len(lines) - most
    return [*kept, str(say("… and {n} more", n=left))] if left > 0 else kept
