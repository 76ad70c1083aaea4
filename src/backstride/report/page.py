"""What is on a report: words and small tables, cut so that two pages always hold them."""

from __future__ import annotations

from dataclasses import dataclass, field

from backstride.charts import Picture

PAPERS = {"a4": "a4", "letter": "us-letter"}

# The most of each that is printed; what is left out is said on the page.
LIMITS = {"line": 150, "cell": 46, "lines": 7, "rows": 8, "questions": 600, "name": 70}


def shortened(text: str, most: int) -> str:
    """A text on one line, at most `most` characters, cut at "…" where it is longer."""
    line = " ".join(text.split())
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
    """All of a report. `facts` are pairs of a label and its value at the head of page one."""

    name: str
    facts: tuple[tuple[str, str], ...]
    summary: tuple[str, ...]
    picture: Picture | None
    sections: tuple[Section, ...]
    questions: str = ""
    footer: str = field(default="")


def fitted(report: Report) -> dict[str, object]:
    """The report as plain JSON for the template, every text within LIMITS."""
    return {
        "name": shortened(report.name, LIMITS["name"]),
        "facts": [[label, shortened(text, LIMITS["line"])] for label, text in report.facts],
        "summary": _lines(report.summary),
        "alt": report.picture.text if report.picture else "",
        "sections": [_section(section) for section in report.sections],
        "questions": report.questions[: LIMITS["questions"]],
        "footer": report.footer,
    }


def _section(section: Section) -> dict[str, object]:
    table = section.table
    return {
        "heading": section.heading,
        "lines": _lines(section.lines),
        "head": list(table.head) if table else [],
        "rows": [_row(row) for row in table.rows[-LIMITS["rows"] :]] if table else [],
    }


def _row(row: tuple[str, ...]) -> list[str]:
    return [shortened(cell, LIMITS["cell"]) for cell in row]


def _lines(lines: tuple[str, ...]) -> list[str]:
    most = LIMITS["lines"]
    kept = [shortened(line, LIMITS["line"]) for line in lines[:most]]
    left = len(lines) - most
    return [*kept, f"… and {left} more"] if left > 0 else kept
