"""The pages that are made from the code are what the code says of itself."""

import os
import subprocess
import sys

import pytest

from backstride.cli import COMMANDS
from docs.pages import ROOT, text_of


@pytest.mark.parametrize("page", ["commands", "sources"])
def test_the_page_is_current(tmp_path, page):
    # A process of its own: click keeps the help option of whoever asked first.
    made = tmp_path / f"{page}.md"
    subprocess.run(
        [sys.executable, str(ROOT / "tools" / f"{page}_page.py"), str(made)],
        env={**os.environ, "COLUMNS": "40"},  # whoever makes it, however wide their terminal
        check=True,
    )
    assert text_of(f"{page}.md") == made.read_text("utf-8"), "run: make docs"


def test_commands_below_commands_are_there_too():
    page = text_of("commands.md")
    for name in COMMANDS:
        assert f"\n## backstride {name}\n" in page
    for name in ("account add", "account list", "clinic add", "clinic staff add"):
        assert f"\n### backstride {name}\n" in page
