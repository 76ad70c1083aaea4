"""`backstride measure FILE`: a raw recording to bouts and days of walking."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backstride.records.recording import Placement

if TYPE_CHECKING:
    from backstride.records import Recording
    from backstride.walking import Measurement

EXIT_NO_WALKING = 4
BIG_FILE_BYTES = 20_000_000  # below it there is nothing to wait for

HELP = """Find walking, steps and cadence in a raw accelerometer recording.

FILE is an Axivity .cwa (AX3, AX6), an ActiGraph .gt3x, a GENEActiv .bin, or a text or
Parquet table with columns time, x, y and z, in g, m/s² or milli-g; `backstride sensors`
lists them all. What is inside decides, not the name.

\b
Examples:
  backstride measure ax3.cwa --placement lower_back --zone Europe/Berlin
  backstride measure phone.csv --json > walk.json
  backstride measure ax3.cwa --parquet results/

A bout is walking without a rest of more than 3 seconds, from 6 steps on. Days are local
days in --zone. A dash means that nobody knows, which is not the same as 0.

\b
Exit codes:
  0  walking was found
  2  wrong command line
  3  the file can't be read, and why
  4  the file was read and there is no walking in it (results are written all the same)
"""


@click.command(name="measure", help=HELP)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--placement",
    type=click.Choice([place.value for place in Placement]),
    default=Placement.UNKNOWN.value,
    show_default=True,
    help="Where the sensor was. Worn ones (wrist, waist, lower_back) get a wear time.",
)
@click.option(
    "--zone",
    default="UTC",
    show_default=True,
    metavar="ZONE",
    help="Time zone of the days, and of clocks that name none, such as Europe/Berlin.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of tables.")
@click.option(
    "--parquet",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Also write bouts, days, minutes and steps as Parquet files into FOLDER.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the tables or JSON to this file instead of the screen.",
)
def command(
    file: Path, placement: str, zone: str, as_json: bool, parquet: Path | None, out: Path | None
) -> None:
    """Read the file, measure it, write what was asked for."""
    from backstride.cli.measure_output import as_tables, to_json, write_parquet
    from backstride.sensors import open_recording
    from backstride.walking import days

    try:
        recording = open_recording(file, Placement(placement), zone)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--zone") from error
    measurement = _measure(recording)
    by_day = days(measurement.minutes, measurement.bouts, zone)
    for notice in measurement.notices:
        click.echo(f"Note: {notice.sentence}", err=True)
    if parquet is not None:
        write_parquet(measurement, by_day, zone, parquet)
        click.echo(f"Wrote bouts, days, minutes and steps to {parquet}", err=True)
    text = to_json(measurement, by_day, zone) if as_json else as_tables(measurement, by_day, zone)
    _write(text, out)
    if measurement.bouts.is_empty():
        sys.exit(EXIT_NO_WALKING)


def _measure(recording: Recording) -> Measurement:
    """Measure with a progress bar on a terminal's stderr, where there is something to wait for."""
    from backstride.walking import measure

    if recording.size < BIG_FILE_BYTES or not sys.stderr.isatty():
        return measure(recording)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress("Reading", *columns, console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=recording.size)
        return measure(recording, lambda done: bar.update(task, completed=done))


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"can't write {out}: {error.strerror}") from error
