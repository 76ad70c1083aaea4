"""The command line: one module a command, loaded when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from backstride import __version__
from backstride.errors import BackstrideError

# command -> (module, one line for `backstride --help`)
COMMANDS = {
    "measure": ("measure", "Find walking, steps and cadence in a raw accelerometer recording."),
    "sensors": ("sensors", "List the raw recordings that are read, from which devices."),
    "import": ("importing", "Bring in an export or a recording; each step is counted once."),
    "sources": ("sources", "List whose exports are read, and how to get them."),
    "usual": ("usual", "Tell how you usually walk, where nothing has measured it."),
    "screen": ("screen", "Answer the safety questions that come before any plan."),
    "score": ("score", "Score a questionnaire, a test of mobility or a log of pain medicines."),
    "plan": ("plan", "Show this week's walks: days, minutes, how brisk, and why."),
    "order": ("order", "Set what a therapist has ordered: limits, a fixed dose, a pause."),
    "chart": ("chart", "Draw walking and pain over time as a picture."),
    "report": ("report", "Print two pages for a visit to a doctor or therapist."),
    "simulate": ("simulate", "Try the plan's rules on virtual walkers, beside fixed schedules."),
    "serve": ("serve", "Run the site on this machine."),
    "account": ("account", "Accounts of this installation."),
    "clinic": ("clinic", "Clinics and their staff, who answer requests for appointments."),
}

# What Polars has freed goes back to the system at once; it reads this when it is loaded.
ALLOCATOR = ("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")
EXIT_BAD_INPUT = 3  # a file or its content is not usable; 2 is a wrong command line


class LazyGroup(click.Group):
    """Imports a command's module only when it runs, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"backstride.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="backstride")
def group() -> None:
    """Backstride: walking that is measured, a plan that answers to your back."""


def main() -> None:
    """Run the command line; an error meant for people is printed as text, not a traceback."""
    os.environ.setdefault(*ALLOCATOR)
    try:
        group()
    except BackstrideError as error:
        click.secho(f"Error: {error.message}", fg="red", err=True)
        if error.hint:
            click.echo(error.hint, err=True)
        sys.exit(EXIT_BAD_INPUT)
    except OSError as error:
        if error.filename is None:
            raise
        click.secho(f"Error: {error.filename}: {error.strerror}", fg="red", err=True)
        sys.exit(EXIT_BAD_INPUT)
