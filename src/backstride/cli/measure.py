"""`backstride measure FILE`: a raw recording to bouts and days of walking."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from backstride.records.recording import Placement

if TYPE_CHECKING:
    from backstride.records import Recording
    from backstride.walking import Measurement

EXIT_NO_WALKING = 4
BIG_FILE_BYTES = 20_000_000  # below it there is nothing to wait for
PANELS = 12

T = TypeVar("T")
Report = Callable[[int], None]

HELP = """Find walking, steps and cadence in a raw accelerometer recording.

FILE is an Axivity .cwa (AX3, AX6), an ActiGraph .gt3x, a GENEActiv .bin, a text or Parquet
table with columns time, x, y and z, or NumPy arrays, in g, m/s² or milli-g; `backstride
sensors` lists them all. What is inside decides, not the name.

\b
Examples:
  backstride measure ax3.cwa --placement lower_back --zone Europe/Berlin
  backstride measure phone.csv --json > walk.json
  backstride measure ax3.cwa --parquet results/
  backstride measure ax3.cwa --plot

A bout is walking without a rest of more than 3 seconds, from 6 steps on. Its quality says how
sure its steps are; regularity and symmetry are 1 where all strides, and left and right, are
alike. Days are local days in --zone. A dash means that nobody knows, which is not the same as 0.

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
    help="Where the sensor was; if unknown, it is told by how it moved. Worn ones get a wear time.",
)
@click.option(
    "--zone",
    default="UTC",
    show_default=True,
    metavar="ZONE",
    help="Time zone of the days, and of clocks that name none, such as Europe/Berlin.",
)
@click.option(
    "--rate",
    type=click.FloatRange(5, 1000),
    metavar="HZ",
    help="Samples a second of a NumPy file that holds neither times nor a rate.",
)
@click.option(
    "--calibrate",
    "wanted",
    is_flag=True,
    help="First bring the axes to 1 g where the device lay still (reads the file twice).",
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
@click.option(
    "--plot",
    is_flag=True,
    help="Also draw the signal, the bouts and the steps as a page to judge by eye.",
)
@click.option(
    "--plot-to",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="PAGE",
    help="Write that page here.  [default: FILE's name with .walking.html, in this folder]",
)
@click.option(
    "--panels",
    type=click.IntRange(1, 200),
    default=PANELS,
    show_default=True,
    help="How many stretches of 20 seconds the page shows closely.",
)
def command(
    file: Path,
    placement: str,
    zone: str,
    rate: float | None,
    wanted: bool,
    as_json: bool,
    parquet: Path | None,
    out: Path | None,
    plot: bool,
    plot_to: Path | None,
    panels: int,
) -> None:
    """Read the file, measure it, write what was asked for."""
    from backstride.cli.measure_output import as_tables, to_json, write_parquet
    from backstride.sensors import open_recording
    from backstride.walking import days

    try:
        recording = open_recording(file, Placement(placement), zone, rate)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--zone") from error
    recording = _calibrated(recording) if wanted else recording
    measurement = _measured(recording)
    by_day = days(measurement.minutes, measurement.bouts, zone)
    for notice in measurement.notices:
        click.echo(f"Note: {notice.sentence}", err=True)
    if parquet is not None:
        write_parquet(measurement, by_day, zone, parquet)
        click.echo(f"Wrote bouts, days, minutes and steps to {parquet}", err=True)
    if plot or plot_to is not None:
        page = plot_to or Path(f"{file.stem}.walking.html")
        _save(_drawn(recording, measurement, zone, panels), page)
        click.echo(f"Wrote the page to {page}", err=True)
    text = to_json(measurement, by_day, zone) if as_json else as_tables(measurement, by_day, zone)
    _write(text, out)
    if measurement.bouts.is_empty():
        sys.exit(EXIT_NO_WALKING)


def _measured(recording: Recording) -> Measurement:
    from backstride.walking import measure

    return _with_progress(recording, 1, lambda progress: measure(recording, progress))


def _calibrated(recording: Recording) -> Recording:
    from backstride.sensors.calibrate import calibrated

    return _with_progress(recording, 1, lambda progress: calibrated(recording, progress))


def _drawn(recording: Recording, measurement: Measurement, zone: str, panels: int) -> str:
    from backstride.charts.gallery import READINGS, gallery

    def draw(progress: Report | None) -> str:
        return gallery(recording, measurement, zone, panels, progress)

    return _with_progress(recording, READINGS, draw)


def _with_progress(recording: Recording, readings: int, work: Callable[[Report | None], T]) -> T:
    """Work with a progress bar on a terminal's stderr, where there is something to wait for."""
    if recording.size < BIG_FILE_BYTES or not sys.stderr.isatty():
        return work(None)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress("Reading", *columns, console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=recording.size * readings)
        return work(lambda done: bar.update(task, completed=done))


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text)
    else:
        _save(text + "\n", out)


def _save(text: str, path: Path) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"can't write {path}: {error.strerror}") from error
