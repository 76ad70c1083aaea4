"""The pages for people, taken apart: fenced blocks, tables, headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Table:
    """A table of a page: the heading it stands under, its columns, its rows as cells."""

    heading: str
    columns: list[str]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        return [row[self.columns.index(name)] for row in self.rows]


def text_of(page: str | Path) -> str:
    return (DOCS / page).read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    """What stands in the fenced blocks of a language, in order."""
    return [body for name, body in _FENCE.findall(text) if name == language]


def tables(page: str | Path) -> list[Table]:
    """Every table of a page, in order; its fenced blocks are left out."""
    found: list[Table] = []
    heading, lines = "", []
    for line in [*_FENCE.sub("", text_of(page)).splitlines(), ""]:
        if line.startswith("|"):
            lines.append([cell.strip() for cell in _CELL.split(line)[1:-1]])
            continue
        if lines:
            found.append(Table(heading, lines[0], lines[2:]))
            lines = []
        if line.startswith("#"):
            heading = line.lstrip("# ")
    return found


def code(cell: str) -> str:
    """What stands between backticks in a cell, or the cell."""
    inside = re.search(r"`([^`]+)`", cell)
    return inside[1] if inside else cell
