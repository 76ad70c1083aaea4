"""`backstride screen`: the safety questions in the terminal."""

from __future__ import annotations

from datetime import date
from typing import Any

import click


@click.command("screen")
@click.option("--account", default=None, help="Whose screen (default: the owner's).")
@click.option("--seen-by", default=None, help="After a stop: the clinician who cleared you.")
@click.option("--seen-on", default=None, help="The day they saw you, as YYYY-MM-DD.")
def command(account: str | None, seen_by: str | None, seen_on: str | None) -> None:
    """Answer the safety questions.

    They come before any plan. Some answers stop here, with what to do and why. After a
    stop, a clinician's clearance opens the questions again:

    Example: backstride screen --seen-by "Dr Lee, City Practice" --seen-on 2026-11-23
    """
    from backstride.cli.account import account_of
    from backstride.cli.django import setup

    setup()
    from backstride.web.safety import services

    user = account_of(account)
    if (seen_by is None) != (seen_on is None):
        raise click.UsageError("--seen-by and --seen-on belong together")
    if seen_by and seen_on:
        services.clear(user, _day(seen_on), seen_by)
    standing = services.standing(user)
    if standing.is_locked:
        _tell(services.result_of(user.screens.first()))
        raise SystemExit(NOT_CLEARED)
    if standing.why_ask:
        click.echo(standing.why_ask.text)
    record = services.record_answers(user, _ask(user.today()))
    _tell(services.result_of(record))
    if services.standing(user).is_locked:
        raise SystemExit(NOT_CLEARED)


NOT_CLEARED = 5  # the safety screen is open or says stop


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r}; expected YYYY-MM-DD", param_hint="--seen-on"
        ) from error


def _ask(today: date) -> dict[str, str | int]:
    """Every open question in turn, until none is open or one answer stops."""
    from backstride import screening

    answers: dict[str, str | int] = {}
    while (section := screening.next_section(answers, today)) is not None:
        click.secho(f"\n{section.title}", bold=True)
        click.echo(section.intro)
        for question in section.questions:
            if question.id not in answers:
                _ask_one(question, answers, today)
    return answers


def _ask_one(question: Any, answers: dict[str, str | int], today: date) -> None:
    from backstride import screening

    click.echo(f"\n{question.text}")
    if question.help:
        click.secho(question.help, dim=True)
    labels = {str(n): option for n, option in enumerate(question.options, 1)}
    if labels:
        click.echo("  ".join(f"{n}) {option.label}" for n, option in labels.items()))
    while True:
        typed = click.prompt("Answer", type=str).strip().lower()
        by_word = {str(option.value): option for option in question.options}
        chosen = labels.get(typed) or by_word.get(typed.replace(" ", "_"))
        parsed, refused = screening.parse_answers(
            {question.id: str(chosen.value) if chosen else typed}, today
        )
        if not refused and parsed:
            answers.update(parsed)
            return
        click.secho(refused.get(question.id, "Please choose one of the answers."), fg="red")


def _tell(result: Any) -> None:
    click.secho(f"\n{result.instructions.title}", bold=True)
    for number, step in enumerate(result.instructions.steps, 1):
        click.echo(f"{number}. {step}")
    for finding in result.findings:
        click.echo(f"\nWhy: {finding.reason} {finding.do}\n     ({finding.source}, {finding.mark})")
    click.echo(f"\n{result.instructions.why}")
