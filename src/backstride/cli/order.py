"""`backstride order`: what a therapist has set over the plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from backstride.cli.django import setup
from backstride.errors import BackstrideError

account_option = click.option("--account", default=None, help="Whose plan (default: the owner's).")
day = click.DateTime(["%Y-%m-%d"])


@click.group("order")
def command() -> None:
    """What a therapist has set over the plan: limits, a fixed dose, a pause.

    An order holds over whatever the rules decide, but never adds to what safety asks for. It
    stands among the week's reasons with the therapist's name. Weeks given already stay as
    they are; the next one keeps to it.
    """


@command.command("add")
@click.option("--by", required=True, metavar="NAME", help="The therapist who gives it.")
@click.option("--why", default="", help="In the therapist's words; the walker reads it.")
@click.option("--from", "on", type=day, default=None, help="First day (default: today).")
@click.option("--until", type=day, default=None, help="Last day (default: until it is ended).")
@click.option("--max-minutes", type=click.IntRange(1, 600), help="Longest walk.")
@click.option("--max-days", type=click.IntRange(1, 7), help="Most walking days a week.")
@click.option("--max-weekly-minutes", type=click.IntRange(1, 4200), help="Most minutes a week.")
@click.option(
    "--fixed",
    type=(click.IntRange(1, 600), click.IntRange(1, 7)),
    default=None,
    metavar="MINUTES DAYS",
    help="Exactly this, instead of what the rules would plan.",
)
@click.option("--easy", is_flag=True, help="No brisk walking.")
@click.option("--pause", is_flag=True, help="No walks and no routine.")
@click.option("--avoid", multiple=True, metavar="KEY", help="An exercise or a bend. Repeatable.")
@account_option
def add(account: str | None, on: datetime | None, until: datetime | None, **told: Any) -> None:
    """Add an order.

    \b
    Examples:
      backstride order add --by "Petra Physio" --max-minutes 20 --why "the knee needs time"
      backstride order add --by "Petra Physio" --fixed 15 4 --until 2027-01-31
      backstride order add --by "Petra Physio" --avoid flexion --avoid bridge
    """
    from backstride.cli.account import account_of

    setup()
    from backstride.web.plan import orders

    user = account_of(account)
    first, last = (moment.date() if moment else None for moment in (on, until))
    try:
        order = orders.add_order(user, on=first or user.today(), until=last, **told)
    except ValueError as error:
        raise BackstrideError(f"{error}.") from error
    click.echo(f"Order {order.pk}: {orders.order_in_words(order)}")


@command.command("list")
@account_option
def listing(account: str | None) -> None:
    """List the orders, ended ones too."""
    from backstride.cli.account import account_of

    setup()
    from backstride.web.plan import orders

    user = account_of(account)
    given = user.orders.all()
    for order in given:
        click.echo(f"Order {order.pk}: {orders.order_in_words(order)}")
    if not given:
        click.echo("No therapist has set anything.")


@command.command("end")
@click.argument("number", type=int)
@account_option
def end(number: int, account: str | None) -> None:
    """End an order today. It stays in the list."""
    from backstride.cli.account import account_of

    setup()
    from backstride.web.plan import orders

    user = account_of(account)
    order = user.orders.filter(pk=number).first()
    if order is None:
        raise BackstrideError(f"There is no order {number}.", "See: backstride order list")
    click.echo(f"Order {number}: {orders.order_in_words(orders.end_order(order))}")
