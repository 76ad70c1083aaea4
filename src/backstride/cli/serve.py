"""`backstride serve`: the site and its background worker, on this machine."""

from __future__ import annotations

import signal
import socket
import threading
from typing import Any

import click

from backstride.cli.worker import working
from backstride.errors import BackstrideError


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--demo", is_flag=True, help="Also fill and offer the demo walker and clinic.")
@click.option("--threads", default=8, show_default=True, help="Requests answered at a time.")
def command(host: str, port: int, demo: bool, threads: int) -> None:
    """Run the site on this machine.

    Sets up the database and static files where they are missing or old, starts the
    background worker that reads uploads, and serves the site until Ctrl-C.

    Example: backstride serve --port 8080
    """
    _refuse_taken(host, port)
    from backstride.charts import warm_up
    from backstride.cli.django import setup

    setup()
    _collect_static()
    threading.Thread(target=warm_up, daemon=True).start()
    if demo:
        _fill_demo()
    signal.signal(signal.SIGTERM, _stop)
    try:
        with working():
            _announce(host, port)
            _serve(host, port, threads)
    except KeyboardInterrupt:
        click.echo("Stopping.")


def _stop(_signum: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _refuse_taken(host: str, port: int) -> None:
    """Say so at once when something else listens there, before any set-up."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BackstrideError(
                f"can't listen on {host}:{port}: {error.strerror or error}.",
                "Choose another port: backstride serve --port 8001",
            ) from error


def _collect_static() -> None:
    from django.core.management import call_command

    call_command("collectstatic", "--noinput", verbosity=0)


def _fill_demo() -> None:
    from django.conf import settings

    from backstride.web import demo

    settings.DEMO = True
    click.echo("Filling the demo ...")
    walker, staff, password = demo.fill(), *demo.open_clinic()
    click.echo(f"Demo walker: the button “Open the demo” on the first page signs in as {walker}.")
    click.echo(f"Demo clinic: sign in as {staff.email} with the password {password}")


def _announce(host: str, port: int) -> None:
    from django.conf import settings

    from backstride.web.people.models import User

    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    click.secho(f"\nBackstride is at http://{shown}:{port}", bold=True)
    owner = User.objects.filter(is_owner=True).first()
    if owner:
        click.echo(f"Sign in as {owner.email} with the password you chose.")
    else:
        click.echo("Open it and create the first account; that account owns this installation.")
    click.echo(f"Data are kept in {settings.HOME}. Mail is printed here. Stop with Ctrl-C.\n")


def _serve(host: str, port: int, threads: int) -> None:
    import waitress
    from django.conf import settings

    from backstride.web.wsgi import application

    waitress.serve(
        application,
        host=host,
        port=port,
        threads=threads,
        ident="Backstride",
        max_request_body_size=settings.MAX_UPLOAD_BYTES + 2**20,  # the form around the file
        channel_timeout=600,
        **(proxy_options(host) if settings.HTTPS else {}),
    )


def proxy_options(host: str) -> dict[str, Any]:
    """How waitress learns from the proxy in front (BACKSTRIDE_HTTPS) who asks, and that it
    was by https; without it, no form would be taken and all visitors would share one address.

    A site that listens to its own machine alone believes a proxy on that machine alone.
    """
    return {
        "trusted_proxy": host if host in {"127.0.0.1", "::1"} else "*",
        "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"},
        "clear_untrusted_proxy_headers": True,
    }
