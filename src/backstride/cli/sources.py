"""`backstride sources`: whose exports are read, and how to get them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from backstride.imports import Source

HELP = """List whose exports are read, how far that was checked, and how to get the file.

With a KEY from the list, tell the steps to export from that source.

\b
Checked by:
  the vendor's totals  real exports were read and agree with what the vendor counted
  real files           real exports were read, with nothing to compare them to
  experimental         only files made after what is known of the format were read

What is inside a file decides, not its name. Raw recordings of motion sensors have a list
of their own: `backstride sensors`.

\b
Examples:
  backstride sources
  backstride sources apple_health
  backstride sources --json
"""


@click.command(name="sources", help=HELP)
@click.argument("key", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of a table.")
def command(key: str | None, as_json: bool) -> None:
    """Write the list, or one source's steps."""
    from backstride.imports import SOURCES

    chosen = [source for source in SOURCES if key in (None, source.key)]
    if not chosen:
        known = ", ".join(source.key for source in SOURCES)
        raise click.BadParameter(f"{key} is none of {known}.", param_hint="KEY")
    if as_json:
        click.echo(json.dumps({"sources": [asdict(source) for source in chosen]}, indent=2))
    elif key is None:
        _write_table(chosen)
    else:
        _write_steps(chosen[0])


def _write_table(sources: Sequence[Source]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table("Key", "Source", "Bring", "Gives", box=SIMPLE)
    table.add_column("Checked by", overflow="fold")
    for source in sources:
        table.add_row(source.key, source.name, source.files, source.gives, source.checked)
    Console().print(table)


def _write_steps(source: Source) -> None:
    click.secho(source.name, bold=True)
    click.echo(f"Bring: {source.files}")
    click.echo(f"Gives: {source.gives}")
    click.echo(f"Checked by: {source.checked}{f' ({source.note})' if source.note else ''}")
    for where, steps in source.places.items():
        click.echo(f"\n{where}")
        for number, step in enumerate(steps, 1):
            click.echo(f"  {number}. {step}")
