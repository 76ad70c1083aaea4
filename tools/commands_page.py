"""The page of all commands, made from their `--help`: `make docs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from backstride.cli import EXIT_BAD_INPUT, group
from backstride.cli.measure import EXIT_NO_WALKING
from backstride.cli.plan import NO_BASELINE
from backstride.cli.screen import NOT_CLEARED

WIDTH = 90

HEAD = """\
# Commands

Made from each command's `--help` by `make docs`; don't edit.

Commands that need the database (all but `measure`, `sensors`, `sources` and `score`) work on
the folder that `BACKSTRIDE_HOME` names ([settings](settings.md)) and bring its database up to
date first. What is asked for goes to standard output; notes, progress and errors go to standard
error, and a progress bar only to a terminal. Every column that is written is in the
[glossary](glossary.md).
"""

EXITS = {
    0: "done",
    1: "stopped: a result can't be written where it was asked for, or a question was broken off",
    2: "a wrong command line",
    EXIT_BAD_INPUT: "a file, a name or the database can't be used; the text says why",
    EXIT_NO_WALKING: "`measure`: no walking in the file",
    NOT_CLEARED: "`plan`, `screen`: the safety questions are open or say stop",
}


def commands_page() -> str:
    """The page's Markdown."""
    parts = [HEAD, "## Exit codes\n", *_exits(), ""]
    settings = group.context_settings
    root = click.Context(group, info_name="backstride", terminal_width=WIDTH, **settings)
    for words, text in _helps(root):
        heading = "##" if words.count(" ") < 2 else "###"
        parts.append(f"{heading} {words}\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def _exits() -> Iterator[str]:
    if NO_BASELINE != EXIT_NO_WALKING:
        raise ValueError("two meanings of one line of the table have come apart")
    yield "| code | meaning |"
    yield "| --- | --- |"
    for code, meaning in sorted(EXITS.items()):
        also = "; `plan`: nothing to start from yet" if code == NO_BASELINE else ""
        yield f"| {code} | {meaning}{also} |"


def _helps(context: click.Context) -> Iterator[tuple[str, str]]:
    """(the words that call it, its help) of a command and of all that stand below it."""
    command = context.command
    yield context.command_path, command.get_help(context).rstrip()
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is None:
                raise LookupError(f"{name} is listed but not there")
            yield from _helps(
                click.Context(below, parent=context, info_name=name, terminal_width=WIDTH)
            )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(commands_page(), encoding="utf-8")
