"""`backstride account`: the accounts of this installation, from its machine."""

from __future__ import annotations

from typing import Any

import click

from backstride.errors import BackstrideError


@click.group("account")
def command() -> None:
    """Accounts of this installation.

    The first account owns the installation: the other commands work on its data unless
    another is named with --account.
    """


@command.command("add")
@click.argument("email")
@click.option("--zone", default=None, help="Time zone, such as Europe/London (default: yours).")
@click.password_option(help="Asked for when it isn't given.")
def add(email: str, zone: str | None, password: str) -> None:
    """Create a walker's account.

    Example: backstride account add me@example.org
    """
    from backstride.cli.django import setup

    setup()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from backstride.web.people.models import User

    try:
        validate_password(password)
        people: Any = User.objects
        user = people.create_user(
            email,
            password,
            zone=zone or local_zone(),
            is_owner=not User.objects.filter(is_owner=True).exists(),
        )
    except ValidationError as error:
        raise BackstrideError("; ".join(error.messages)) from error
    owner = " It owns this installation." if user.is_owner else ""
    click.echo(f"Created {user.email}, time zone {user.zone}.{owner}")


@command.command("list")
def listing() -> None:
    """List the accounts."""
    from backstride.cli.django import setup

    setup()
    from backstride.web.people.models import User

    for user in User.objects.order_by("pk"):
        marks = [name for name in ("owner", "demo") if getattr(user, f"is_{name}")]
        click.echo(f"{user.email}  {user.zone}  {' '.join(marks)}".rstrip())


def local_zone() -> str:
    """This machine's time zone as an IANA name, or UTC where it can't be told."""
    from pathlib import Path
    from zoneinfo import available_timezones

    target = str(Path("/etc/localtime").resolve())
    name = target.partition("zoneinfo/")[2]
    return name if name in available_timezones() else "UTC"


def account_of(email: str | None) -> Any:
    """The account a command works on: the one named, or the installation's owner.

    What the operator does with someone's data is recorded, unless it is the owner's own.
    """
    from backstride.web.people.models import User, audit

    if email is None:
        user = User.objects.filter(is_owner=True).first()
        if user is None:
            raise BackstrideError(
                "There is no account yet.",
                "Create one: backstride account add you@example.org, or open the site with"
                " backstride serve.",
            )
        return user
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        raise BackstrideError(f"There is no account {email}.", "See: backstride account list")
    if not user.is_owner:
        import sys

        audit(None, user, "command line", sys.argv[1] if len(sys.argv) > 1 else "")
    return user
