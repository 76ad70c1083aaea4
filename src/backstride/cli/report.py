"""`backstride report`: two pages for a visit to a doctor or therapist."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    help="PDF file to write.",
)
@click.option(
    "--span",
    type=click.Choice(["month", "quarter", "year", "all"]),
    default="quarter",
    show_default=True,
    help="How far back.",
)
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)
@click.option("--account", default=None, help="Whose report (default: the owner's).")
def command(out: Path, span: str, paper: str, account: str | None) -> None:
    """Print walking, pain, function and medicine on two pages for a visit.

    Example: backstride report --out report.pdf
    """
    from backstride.cli.account import account_of
    from backstride.cli.django import setup

    setup()
    from backstride.web.insight.services import span_of
    from backstride.web.people.language import speaking_with
    from backstride.web.report.printing import printed

    user = account_of(account)
    with speaking_with(user):
        made = printed(user, span_of(user, span), paper)
    out.write_bytes(made.pdf)
    if not made.is_complete:
        click.echo("Some characters are in no font of this machine; see docs/report.md.", err=True)
    click.echo(f"Written to {out}", err=True)
