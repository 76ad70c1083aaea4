"""`backstride sensors`: which raw recordings are read, and how far that was checked."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

MEASURED = {
    "temperature_c": ("Temperature in the device", "°C"),
    "light": ("Light", ""),
    "battery_v": ("Battery", "V"),
}

HELP = """List the raw recordings that are read, from which device, and how far it was checked.

With FILE, tell instead which device recorded it, at which rate, and what else it measured:
temperature inside the device, light, and the battery's voltage, where the format has them.

\b
Checked by:
  another reader  every sample of real files is as another reader reads it
  real files      real files were read, with nothing to compare their samples to
  experimental    only files made after the format's documentation were read

What is inside a file decides, not its name. Exports of phones, watches
and apps have a list of their own: `backstride sources`.

\b
Examples:
  backstride sensors
  backstride sensors --json
  backstride sensors ax3.cwa
"""


@click.command(name="sensors", help=HELP)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of a table.")
def command(file: Path | None, as_json: bool) -> None:
    """Write the list, or what one file tells about itself."""
    from backstride.sensors import KINDS

    if file is not None:
        _write_about(file, as_json)
        return
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


def _write_about(file: Path, as_json: bool) -> None:
    """Device, rate and the range of what else it measured; a dash where it measured none."""
    from backstride.sensors import FORMATS, detect, open_recording

    recording = open_recording(file)
    measured = _ranges(file)
    about = {
        "format": FORMATS[detect(file) or ""],
        "device": recording.device,
        "fs_hz": round(recording.fs_hz, 3),
    }
    if as_json:
        click.echo(json.dumps({"source": recording.source, **about, **measured}, indent=2))
        return
    click.echo(f"{recording.source}: {about['device']}, {about['fs_hz']:g} Hz, {about['format']}")
    for name, (title, unit) in MEASURED.items():
        low_to_high = measured[name]
        shown = f"{low_to_high[0]:.2f} to {low_to_high[1]:.2f} {unit}" if low_to_high else "\u2013"
        click.echo(f"{title}: {shown.strip()}")


def _ranges(file: Path) -> dict[str, list[float] | None]:
    """[lowest, highest] of each auxiliary measurement, None where there is none."""
    from backstride.errors import UnsupportedFormat
    from backstride.sensors.auxiliary import auxiliary

    try:
        table = auxiliary(file)
    except UnsupportedFormat:
        return dict.fromkeys(MEASURED)
    found = {name: table[name].drop_nulls().to_numpy() for name in MEASURED}
    return {
        name: [round(float(values.min()), 3), round(float(values.max()), 3)]
        if len(values)
        else None
        for name, values in found.items()
    }
