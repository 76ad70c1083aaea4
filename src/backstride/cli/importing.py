"""`backstride import FILE...`: exports and recordings into an account's days."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backstride.errors import BackstrideError
from backstride.records.notices import Notice
from backstride.records.recording import Placement

if TYPE_CHECKING:
    from backstride.web.imports.models import Upload

EXIT_REFUSED = 3
LOOK_AGAIN_S = 0.5

Tell = Callable[[int, int], None]  # (done, total)

HELP = """Bring in exports and recordings; each step is counted once.

FILE is the export of a phone, a watch or an app, a recorded walk (see backstride
sources), or a raw recording from a motion sensor (see backstride sensors). What is inside
decides, not the name. The files are kept in the installation's own store and merged with
all that was brought before. Bringing a file again adds nothing.

\b
Examples:
  backstride import export.zip
  backstride import walk.gpx ax3.cwa --placement lower_back
  backstride import export.zip --account anna@example.org --json

\b
Exit codes:
  0  every file was read, or was known already
  2  wrong command line
  3  a file was refused (the others are in), or there is no account
"""


@click.command(name="import", help=HELP)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option("--account", metavar="EMAIL", help="Whose data it is (default: the owner's).")
@click.option(
    "--placement",
    type=click.Choice([place.value for place in Placement]),
    default=Placement.UNKNOWN.value,
    show_default=True,
    help="Where a raw recording's sensor was.",
)
@click.option("--json", "as_json", is_flag=True, help="Write the reports as JSON.")
def command(files: tuple[Path, ...], account: str | None, placement: str, as_json: bool) -> None:
    """Read each file, tell what was in it."""
    from backstride.cli.account import account_of
    from backstride.cli.django import setup

    setup()
    user = account_of(account)
    results = []
    for file in files:
        result = _bring(user, file, Placement(placement))
        results.append(result)
        if not as_json:
            click.echo("\n".join(_lines(result)), err=result["state"] == "refused")
    if as_json:
        click.echo(json.dumps({"files": results}, indent=2, ensure_ascii=False))
    if any(result["state"] == "refused" for result in results):
        sys.exit(EXIT_REFUSED)


def _bring(user: Any, file: Path, placement: Placement) -> dict[str, Any]:
    """Receive and read one file; what it came to, as it stands in `--json`."""
    from backstride.web.imports import services
    from backstride.web.imports.report import plain

    try:
        with _bar(f"Copying {file.name}") as tell:
            upload, _ = services.receive(user, file, file.name, placement, tell)
    except BackstrideError as error:
        return _told(file.name, "refused", error=error.message, hint=error.hint)
    if upload.is_finished:
        brought = upload.brought_at.astimezone(user.tz)
        return _told(
            file.name, "known", brought_at=brought.isoformat(), report=plain(upload.report)
        )
    with _bar(f"Reading {file.name}") as tell:
        while not services.process(upload, tell):
            time.sleep(LOOK_AGAIN_S)  # a worker has it in hand: wait for what it finds
    return _outcome(file.name, upload)


def _outcome(name: str, upload: Upload) -> dict[str, Any]:
    from backstride.web.imports.report import plain

    if upload.state == "done":
        return _told(name, "done", report=plain(upload.report))
    if upload.state == "refused":
        return _told(name, "refused", error=upload.error, hint=upload.hint)
    return _told(name, "refused", error=f"{name}: it was taken away while it was read.", hint="")


def _told(name: str, state: str, **more: Any) -> dict[str, Any]:
    return {"file": name, "state": state, **more}


def _lines(result: dict[str, Any]) -> Iterator[str]:
    """What a person reads about one file."""
    if result["state"] == "refused":
        yield click.style(f"Refused: {result['error']}", fg="red")
        if result["hint"]:
            yield result["hint"]
        return
    if result["state"] == "known":
        yield f"{result['file']}: nothing new. It was brought on {result['brought_at'][:10]}."
        return
    yield from _report_lines(result["file"], result["report"])


def _report_lines(name: str, report: dict[str, Any]) -> Iterator[str]:
    yield click.style(f"{name}: {report['kind_words']}", bold=True)
    counts = [f"{report['read_count']:,} read", f"{report['refused_count']:,} refused"]
    counts += [f"{report['set_aside_count']:,} set aside"] * bool(report["set_aside_count"])
    counts += [f"{report['skipped_count']:,} left alone"] * bool(report["skipped_count"])
    yield f"  Records: {', '.join(counts)}"
    if report["from"]:
        yield f"  Days: {report['from']} to {report['to']}"
    if report["has_steps"]:
        recorded, once = report["steps_recorded"], report["steps_once"]
        yield f"  Steps: {recorded:,} recorded by {_sources(report)}, {once:,} counted once"
    if report["distance_m"]:
        yield f"  On foot: {report['distance_m']:,} m"
    if told := report["agreement"]:
        yield (
            f"  The maker's own totals: {told['agreed']:,} of {told['days']:,} days agree; "
            f"furthest apart {told['worst_date']}, {told['worst_steps']:,} here and "
            f"{told['worst_vendor_steps']:,} there"
        )
    if report["measures"]:
        measured = (f"{one['count']:,} {one['measure']}" for one in report["measures"])
        yield f"  Measured: {', '.join(measured)}"
    for notice in report["notices"]:
        yield f"  Note: {Notice(**notice).sentence}"
    yield (
        f"  All days: {report['days_before']:,} with {report['steps_before']:,} steps before, "
        f"{report['days_after']:,} with {report['steps_after']:,} now"
    )


def _sources(report: dict[str, Any]) -> str:
    count = len(report["sources"]) + report["more_sources"]
    return f"{count} source{'s' if count != 1 else ''}"


@contextmanager
def _bar(what: str) -> Iterator[Tell]:
    """A progress bar on a terminal's stderr; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
