"""`backstride plan`: this week's walks and why."""

from __future__ import annotations

import json
from typing import Any

import click

from backstride.cli.screen import NOT_CLEARED

NO_BASELINE = 4  # nothing to start from yet


@click.command("plan")
@click.option("--account", default=None, help="Whose plan (default: the owner's).")
@click.option("--json", "as_json", is_flag=True, help="Print the week as JSON.")
@click.option("--explain", is_flag=True, help="Also show every question the rules asked.")
@click.option("--ics", type=click.File("wb"), default=None, help="Also write a calendar file.")
def command(account: str | None, as_json: bool, explain: bool, ics: Any) -> None:
    """Show this week's walks: which days, how many minutes, how brisk, and why.

    The plan needs the safety questions (backstride screen) and something to start from
    (backstride import FILE, or backstride usual --minutes 15 --days 3).

    With --explain: every question the rules asked before this week was made, what was seen,
    the limit, what followed and where the rule is from; then what the plan leads to, and why.

    \b
    Exit codes: 0 a plan, 4 nothing to start from, 5 not cleared by the safety questions.

    Example: backstride plan --ics walks.ics
    """
    from backstride.cli.account import account_of
    from backstride.cli.django import setup

    setup()
    from backstride import regimen
    from backstride.errors import NotCleared
    from backstride.web.plan import services

    user = account_of(account)
    _refuse_uncleared(user)
    try:
        week = services.week_now(user)
    except NotCleared as stop:
        click.secho(str(stop), fg="red", err=True)
        raise SystemExit(NOT_CLEARED) from stop
    if week is None:
        note = services.start_of(user).note
        click.echo(note.text if note else "There is nothing to start from yet.", err=True)
        click.echo("For example: backstride usual --minutes 15 --days 3", err=True)
        raise SystemExit(NO_BASELINE)
    if ics is not None:
        _write_calendar(ics, week, user)
    if as_json:
        click.echo(json.dumps(regimen.week_to_json(week), indent=2, ensure_ascii=False))
    else:
        _show(user, week)
        if explain:
            _explain(user, week)


def _refuse_uncleared(user: Any) -> None:
    from backstride.web.safety.services import standing

    stands = standing(user)
    if stands.is_locked:
        click.secho("Your last safety answers stop the plan: backstride screen", fg="red", err=True)
    elif stands.why_ask:
        click.secho(stands.why_ask.text, fg="red", err=True)
        click.echo("Answer the safety questions first: backstride screen", err=True)
    else:
        return
    raise SystemExit(NOT_CLEARED)


def _write_calendar(stream: Any, week: Any, user: Any) -> None:
    from backstride.interop.ical import week_ics
    from backstride.web.plan.services import preferences_of

    at = preferences_of(user).walk_at
    stream.write(week_ics(week, user.tz, at, owner=f"walker-{user.pk}"))


def _show(user: Any, week: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    from backstride.web.plan.services import history_of, lines_of, routine_of
    from backstride.web.plan.words import KINDS, beside, pace

    console = Console()
    lines, kept = lines_of(history_of(user), week)
    routines = routine_of(user, week)
    console.print(f"[bold]{KINDS[week.decision.kind]}[/bold] (week {week.number})")
    table = Table(box=None, pad_edge=False)
    for title in ("Day", "Walk", ""):
        table.add_column(title)
    for line in lines:
        walk = line.walk
        parts = f", in {walk.bouts} parts" if walk and walk.bouts > 1 else ""
        also = beside(routines.get(line.day))
        asked = f"{line.steps:,} steps" if line.steps is not None else ""
        if walk and not asked:
            asked = f"{walk.minutes} min{parts}"
        text = asked or ("" if also else "[dim]rest[/dim]")
        mark = "done" if line.done else "today" if line.is_today else ""
        table.add_row(f"{line.day:%a %-d %b}", f"{text} {also}".strip(), mark)
    console.print(table)
    if week.base_steps is None:
        console.print(f"{week.dose.weekly_minutes} minutes in all. {pace(week.dose.cadence_spm)}")
    else:
        console.print(f"Above your usual {week.base_steps:,} steps. {pace(week.dose.cadence_spm)}")
    console.print(f"{kept.done} of {kept.planned_in_week} walks done so far.\n")
    console.print("[bold]Why[/bold]")
    for reason in week.decision.reasons:
        console.print(f"- {reason.text} [dim]({reason.rule}; {reason.source})[/dim]")


def _explain(user: Any, week: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    from backstride import regimen
    from backstride.web.plan.services import history_of, person_of, screen_of

    person = person_of(user)
    asked = regimen.asked_for(week, history_of(user), person, screen_of(user))
    goal = regimen.target_of(regimen.protocol(), person)
    table = Table(title=f"What was asked, by {week.protocol}", title_justify="left", box=None)
    for title in ("Question", "Seen", "Limit", "So"):
        table.add_column(title, overflow="fold")
    for one in asked:
        style = "" if one.went is regimen.Went.PASSED else "bold yellow"
        table.add_row(
            one.question, one.seen, one.limit, f"[{style}]{one.went}[/]" if style else one.went
        )
    console = Console()
    console.print()
    console.print(table)
    console.print("\n[bold]Sources[/bold]")
    for one in asked:
        console.print(f"- {one.question}: [dim]{one.source}[/dim]")
    console.print(f"\n[bold]Your target:[/bold] {goal.minutes} minutes on {goal.days} days a week")
    for reason in goal.reasons:
        console.print(f"- {reason.text} [dim]({reason.rule}; {reason.source})[/dim]")
