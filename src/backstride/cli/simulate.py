"""`backstride simulate`: our rules and fixed schedules on virtual walkers."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

COLUMNS = """\
week: minutes walked in that week, all people counted, with a 95 % interval over people
flares: a person, over all weeks; raised: share of days with pain 3 points over the usual
past: share of walks longer than the back took; weeks: under the plan; left: gave it up
worst: of the walker with most raised days, the flares and the share of such days
"""
SENSITIVITY_WEEKS, SENSITIVITY_PEOPLE = 12, 40


@click.command("simulate")
@click.option(
    "--model", "names", multiple=True, help="Only this model; may be given again (default: all)."
)
@click.option("--people", type=click.IntRange(1, 5000), help="Virtual walkers (default: 200).")
@click.option("--weeks", type=click.IntRange(1, 104), help="How long (default: 26).")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of chance.")
@click.option(
    "--sensitivity",
    is_flag=True,
    help="Halve each parameter and raise it by half, and show what changes (one --model; "
    "40 walkers over 12 weeks unless told otherwise).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option(
    "--chart",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Also draw it (one --model); .png or .svg.",
)
def command(
    names: tuple[str, ...],
    people: int | None,
    weeks: int | None,
    seed: int,
    sensitivity: bool,
    as_json: bool,
    chart: Path | None,
) -> None:
    """Try the plan's rules on virtual walkers, beside fixed schedules.

    Each invented back answers to walking by one of several models, one of them hostile; the
    rules see only the diary of its walker. It is a check of how the rules behave and no
    clinical evidence. The same seed gives the same figures.

    \b
    Models: natural, capacity, spike, sensitive, hostile.

    Example: backstride simulate --model capacity --people 50 --chart walkers.svg
    """
    from backstride import simulation

    chosen = names or tuple(simulation.models())
    if unknown := [name for name in chosen if name not in simulation.models()]:
        known = ", ".join(simulation.models())
        raise click.UsageError(f"There is no model {unknown[0]}; there are: {known}.")
    if (sensitivity or chart) and len(chosen) != 1:
        raise click.UsageError("--sensitivity and --chart take one model: add --model NAME.")
    if chart and chart.suffix.lower() not in (".svg", ".png"):
        raise click.UsageError("--chart takes a name that ends in .svg or .png.")
    if sensitivity:
        people, weeks = people or SENSITIVITY_PEOPLE, weeks or SENSITIVITY_WEEKS
        _sensitivity(chosen[0], people, weeks, seed, as_json, chart)
    else:
        _compare(chosen, people or 200, weeks or 26, seed, as_json, chart)


def _compare(
    names: tuple[str, ...], people: int, weeks: int, seed: int, as_json: bool, chart: Path | None
) -> None:
    from backstride import charts, simulation

    found = []
    for name in names:
        click.echo(f"Walking: {name} …", err=True)
        comparison = simulation.compare(simulation.model(name), people, weeks, seed)
        found.append(comparison)
        if not as_json:
            _table(comparison)
        if chart is not None:
            charts.save(charts.simulated(comparison), chart)
            click.echo(f"Written to {chart}", err=True)
    if as_json:
        click.echo(_json({"note": simulation.CHECK_ONLY, "models": [_plain(c) for c in found]}))
    else:
        click.echo(COLUMNS)
        click.echo(simulation.CHECK_ONLY)


def _sensitivity(
    name: str, people: int, weeks: int, seed: int, as_json: bool, chart: Path | None
) -> None:
    from backstride import charts, simulation

    def tell(parameter: str) -> None:
        click.echo(f"Trying: {parameter} …", err=True)

    found = simulation.sensitivity(simulation.model(name), people, weeks, seed, tell=tell)
    picture = charts.swings(found)
    if chart is not None:
        charts.save(picture, chart)
        click.echo(f"Written to {chart}", err=True)
    if as_json:
        swings = [asdict(swing) for swing in found.swings]
        head = {"note": simulation.CHECK_ONLY, "model": name, "other": found.other.name}
        size = {"people": people, "weeks": weeks, "seed": seed}
        as_is = {k: getattr(found, k) for k in ("ours_minutes", "minutes", "flares")}
        click.echo(_json({**head, **size, "as_is": as_is, "swings": swings}))
    else:
        _swing_table(found)
        click.echo(picture.text)


def _plain(comparison: Any) -> dict[str, Any]:
    return {
        "model": comparison.model.name,
        "parameters": dict(comparison.model.values),
        "people": comparison.people,
        "weeks": comparison.weeks,
        "seed": comparison.seed,
        "decisions": comparison.decisions,
        "regimens": [asdict(outcome) for outcome in comparison.outcomes],
    }


def _json(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False)


def _table(comparison: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    from backstride.simulation import week_looked_at

    week = week_looked_at(comparison.weeks)
    console = Console()
    console.print(f"[bold]{comparison.model.title}[/bold]: {comparison.model.about}")
    console.print(f"{comparison.people} virtual walkers, {comparison.weeks} weeks")
    table = Table(box=None, pad_edge=False)
    for title in ("", f"week {week}", "flares", "raised", "past", "weeks", "left", "worst"):
        table.add_column(title, justify="right" if title else "left", no_wrap=True)
    for o in comparison.outcomes:
        table.add_row(
            o.title,
            _range(o.means["minutes"], ".0f", ".0f"),
            _range(o.means["flares"], ".2f", ".1f"),
            f"{o.means['raised'].value:.1%}",
            f"{o.means['past'].value:.0%}",
            f"{o.means['weeks'].value:.1f}",
            f"{o.means['left'].value:.0%}",
            f"{o.worst_flares}, {o.worst_raised:.0%}",
        )
    console.print(table)
    most = [f"{rule} {share:.0%}" for rule, share in list(comparison.decisions.items())[:5]]
    if most:
        console.print(f"What decided Backstride's weeks most: {', '.join(most)}.", highlight=False)
    console.print()


def _range(estimate: Any, form: str, ends: str) -> str:
    return f"{estimate.value:{form}} ({estimate.low:{ends}}–{estimate.high:{ends}})"


def _swing_table(found: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"[bold]{found.model.title}[/bold]: Backstride less {found.other.title}")
    table = Table(box=None, pad_edge=False)
    pairs = ("flares: half", "more", "minutes: half", "more", "ours: half", "more")
    for title in ("parameter", "value", *pairs):
        table.add_column(title, justify="left" if title == "parameter" else "right")
    as_is = f"{found.flares:+.2f}", "", f"{found.minutes:+.0f}", "", f"{found.ours_minutes:.0f}", ""
    table.add_row("as it is", "", *as_is)
    for swing in found.swings:
        flares = [f"{value:+.2f}" for value in swing.flares]
        minutes = [f"{value:+.0f}" for value in swing.minutes]
        ours = [f"{value:.0f}" for value in swing.ours_minutes]
        table.add_row(swing.parameter, f"{swing.value:g}", *flares, *minutes, *ours)
    console.print(table)
    console.print()
