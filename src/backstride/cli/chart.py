"""`backstride chart`: walking, pain and the rest of the diary as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

SHOWS = ("walking-and-pain", "together", "calendar", "weeks")


@click.command("chart")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    help="File to write; .png or .svg.",
)
@click.option(
    "--show",
    type=click.Choice(SHOWS),
    default=SHOWS[0],
    show_default=True,
    help="What to draw; together adds forms, medicine, mood and sleep.",
)
@click.option(
    "--span",
    type=click.Choice(["month", "quarter", "year", "all"]),
    default="quarter",
    show_default=True,
    help="How far back.",
)
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@click.option("--width", type=click.IntRange(280, 2000), default=900, show_default=True)
@click.option("--account", default=None, help="Whose days (default: the owner's).")
def command(out: Path, show: str, span: str, theme: Any, width: int, account: str | None) -> None:
    """Draw walking, the plan's target and pain over time, or another picture of the diary.

    The same in words is printed, for those who read rather than look.

    Example: backstride chart --out week.png --span month
    """
    from backstride.cli.account import account_of
    from backstride.cli.django import setup

    setup()
    from backstride import charts
    from backstride.web.insight import services

    user = account_of(account)
    drawn = services.DRAWN[show]
    picture = drawn(services.story_of(user), services.span_of(user, span))
    charts.save(picture, out, theme, width)
    click.echo(picture.text)
    click.echo(f"Written to {out}", err=True)
