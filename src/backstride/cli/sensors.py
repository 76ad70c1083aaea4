"""`backstride sensors`: which raw recordings are read, and how far that was checked."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

HELP = """List the raw recordings that are read, from which device, and how far it was checked.

\b
Checked by:
  another reader  every sample of real files is as another reader reads it
  real files      real files were read, with nothing to compare their samples to
  experimental    only files made after the format's documentation were read

What is inside a file decides, not its name. Consumer exports (Apple Health, GPX) are read
by `backstride import`.

\b
Examples:
  backstride sensors
  backstride sensors --json
"""


@click.command(name="sensors", help=HELP)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of a table.")
def command(as_json: bool) -> None:
    """Write the list."""
    from backstride.sensors import KINDS

    if as_json:
        click.echo(json.dumps({"sensors": [asdict(kind) for kind in KINDS]}, indent=2))
        return
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table("File", "Name ends in", "Device", box=SIMPLE)
    table.add_column("Checked by", overflow="fold")
    for kind in KINDS:
        checked = f"{kind.checked} ({kind.note})" if kind.note else kind.checked
        table.add_row(kind.name, kind.extension, kind.device, checked)
    Console().print(table)
