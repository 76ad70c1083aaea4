"""docs/commands.md is what the commands say of themselves."""

import os
import subprocess
import sys

from backstride.cli import COMMANDS
from docs.pages import ROOT, text_of


def test_the_page_is_current(tmp_path):
    # A process of its own: click keeps the help option of whoever asked first.
    made = tmp_path / "commands.md"
    subprocess.run(
        [sys.executable, str(ROOT / "tools" / "commands_page.py"), str(made)],
        env={**os.environ, "COLUMNS": "40"},  # whoever makes it, however wide their terminal
        check=True,
    )
    assert text_of("commands.md") == made.read_text("utf-8"), "run: make docs"


def test_commands_below_commands_are_there_too():
    page = text_of("commands.md")
    for name in COMMANDS:
        assert f"\n## backstride {name}\n" in page
    for name in ("account add", "account list", "clinic add", "clinic staff add"):
        assert f"\n### backstride {name}\n" in page
