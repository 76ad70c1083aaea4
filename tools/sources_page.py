"""The page of all sources, made from what each reader says of itself: `make docs`."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from backstride.imports import SOURCES

WIDTH = 96

HEAD = """\
# Whose exports are read, and how to get them

Made from the readers themselves by `make docs`; don't edit. The site shows the same steps
under *Data*, and the command line with `backstride sources`. A file is known by what is
inside, not by its name; what is taken from each and how stands in [formats](formats.md).

*Checked by* says how far reading it was checked: against the totals that the vendor itself
counted, on real files with nothing to compare them to, or (*experimental*) only on files made
after what is known of the format. Of such a source look whether the days are right, and tell
us if not.
"""


def sources_page() -> str:
    """The page's Markdown."""
    return "\n".join([HEAD, *_table(), "", *_steps()])


def _table() -> Iterator[str]:
    yield "| source | key | checked by |"
    yield "| --- | --- | --- |"
    for source in SOURCES:
        anchor = re.sub(r"[^\w\- ]", "", source.name.lower()).replace(" ", "-")
        yield f"| [{source.name}](#{anchor}) | `{source.key}` | {source.checked} |"


def _steps() -> Iterator[str]:
    for source in SOURCES:
        yield f"## {source.name}\n"
        yield from textwrap.wrap(f"Bring {source.files}. It gives {source.gives}.", WIDTH)
        if source.note:
            yield ""
            yield from textwrap.wrap(f"Note: {source.note}.", WIDTH)
        yield ""
        for where, steps in source.places.items():
            yield f"**{where}**\n"
            for number, step in enumerate(steps, 1):
                yield from textwrap.wrap(f"{number}. {step}", WIDTH, subsequent_indent="   ")
            yield ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(sources_page(), encoding="utf-8")
