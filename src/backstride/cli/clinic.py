"""`backstride clinic`: the clinics that walkers can ask for an appointment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backstride.cli.django import setup

if TYPE_CHECKING:
    from backstride.web.people.models import User

site_option = click.option(
    "--site",
    envvar="BACKSTRIDE_SITE",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Address at which the clinic reaches this installation.",
)
zone_option = click.option(
    "--zone", default="", help="Time zone of the clinic, such as Europe/London."
)


@click.group("clinic")
def command() -> None:
    """Set up the clinics that walkers can ask for an appointment.

    A clinic has staff accounts; each reads and answers the requests sent to its own clinic,
    and sees nothing else.
    """


@command.command("add")
@click.argument("name")
@click.option("--staff", "staff", multiple=True, required=True, metavar="EMAIL", help="Repeatable.")
@click.option("--address", default="", help="Shown to walkers, and the place of appointments.")
@click.option("--phone", default="", help="Shown to walkers.")
@zone_option
@site_option
def add(name: str, staff: tuple[str, ...], address: str, phone: str, zone: str, site: str) -> None:
    """Add a clinic with its first staff accounts.

    Prints a link for each, with which that person sets a password. Hand it over yourself:
    it works once.

    Example: backstride clinic add "Back Clinic" --staff anna@clinic.example --zone Europe/London
    """
    setup()
    from backstride.web.clinic import accounts

    clinic, users = accounts.add_clinic(name, list(staff), address=address, phone=phone, zone=zone)
    click.secho(f"{clinic} is set up; walkers can now ask it for an appointment.", bold=True)
    for user in users:
        _hand_over(user, site)


@command.command("list")
def list_clinics() -> None:
    """List the clinics and their staff accounts."""
    setup()
    from backstride.web.clinic.models import AppointmentRequest, Clinic

    clinics = Clinic.objects.prefetch_related("staff__user", "requests")
    for clinic in clinics:
        states = [request.state for request in clinic.requests.all()]
        waiting = states.count(AppointmentRequest.State.OPEN)
        kind = " (demo)" if clinic.is_demo else ""
        click.secho(f"{clinic}{kind}", bold=True, nl=False)
        click.echo(f" · {waiting} waiting of {len(states)} asked")
        for line in filter(None, (clinic.address, clinic.phone)):
            click.echo(f"  {line}")
        for member in clinic.staff.all():
            ready = "" if member.user.has_usable_password() else "  (no password set yet)"
            click.echo(f"  {member.user.email}{ready}")
    if not clinics:
        click.echo('No clinic yet. Add one with: backstride clinic add "Name" --staff EMAIL')


@command.group("staff")
def staff_group() -> None:
    """The accounts that answer a clinic's requests."""


@staff_group.command("add")
@click.argument("clinic")
@click.argument("email")
@zone_option
@site_option
def staff_add(clinic: str, email: str, zone: str, site: str) -> None:
    """Add a staff account to CLINIC, or print a new link for one that is there.

    Example: backstride clinic staff add "Back Clinic" ben@clinic.example
    """
    setup()
    from backstride.web.clinic import accounts

    user = accounts.add_staff(accounts.find_clinic(clinic), email, zone=zone)
    _hand_over(user, site)


def _hand_over(user: User, site: str) -> None:
    from django.conf import settings

    from backstride.web.clinic import accounts

    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    click.echo(f"\n{user.email} sets a password here (works once, for {days} days):")
    click.echo(f"  {site.rstrip('/')}{accounts.password_path(user)}")
