"""`backstride usual`: the walker's own word where nothing has measured their walking."""

from __future__ import annotations

import click

MOST_MINUTES = 300


@click.command("usual")
@click.option(
    "--minutes",
    type=click.IntRange(0, MOST_MINUTES),
    required=True,
    help="How long a usual walk is, in minutes.",
)
@click.option("--days", type=click.IntRange(0, 7), required=True, help="On how many days a week.")
@click.option("--account", metavar="EMAIL", help="Whose word it is (default: the owner's).")
def command(minutes: int, days: int, account: str | None) -> None:
    """Tell how you usually walk, where nothing has measured it.

    A plan starts from it until an import shows what is really walked. Say it again when it
    has changed.

    Example: backstride usual --minutes 15 --days 3
    """
    from backstride.cli.account import account_of
    from backstride.cli.django import setup

    setup()
    from backstride.web.imports import services

    user = account_of(account)
    said = services.say_usual(user, minutes, days)
    click.echo(f"Noted: {said} a week.")
