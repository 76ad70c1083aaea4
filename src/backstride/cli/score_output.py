"""What `backstride score` writes: for people, and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from backstride import outcomes
from backstride.outcomes import Shipping


def test_keys() -> set[str]:
    return {test.key for test in outcomes.mobility_tests()}


def write_list(as_json: bool) -> None:
    """Every questionnaire and every test, with its range and whether its text ships."""
    forms = outcomes.instruments()
    if as_json:
        _json({"instruments": [_about(form) for form in forms], "tests": [*map(_test, _tests())]})
        return
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("Key", no_wrap=True), "Name", "Range", "Better", "Text", box=SIMPLE)
    for form in forms:
        better = "lower" if form.high_is_worse else "higher"
        ships = "yes" if form.shipping is Shipping.ITEMS else "no, scores only"
        table.add_row(form.key, form.name, f"{form.low:g} to {form.high:g}", better, ships)
    Console().print(table)
    table = Table(Column("Key", no_wrap=True), "Test", "Unit", "Better", "Where", box=SIMPLE)
    for test in _tests():
        better = "higher" if test.high_is_better else "lower"
        title = test.title
        table.add_row(test.key, title, test.unit, better, " or ".join(test.where))
    Console().print(table)


def write_about(form: Any, as_json: bool) -> None:
    """One questionnaire's questions, licence and sources."""
    if as_json:
        _json(_about(form))
        return
    click.secho(f"{form.name}: {form.title}", bold=True)
    for text in (form.prompt, form.recall):
        if text:
            click.echo(text.strip())
    if form.shipping is Shipping.SCORE_ENTRY:
        click.echo(form.permission)
    else:
        _write_items(form)
    if form.on_call:
        click.echo("Ask it only where someone answers at once for what it brings up.")
    click.secho(f"\n{form.attribution}\n{form.licence.source} [{form.licence.mark}]", dim=True)


def _write_items(form: Any) -> None:
    for number, item in enumerate(form.items, 1):
        click.echo(f"  {number}. {item.text}")
    if form.options:
        click.echo(", ".join(f"{o.value} {o.text}" for o in form.options))
        return
    ends = form.answers
    low, high = ends.low_text, ends.high_text
    click.echo(f"From {ends.low} {low}".rstrip() + f" to {ends.high} {high}".rstrip())


def write_score(form: Any, found: Any, turned: Any, as_json: bool) -> None:
    """A score and what became of it, what can't wait first."""
    if as_json:
        band = found.band and {"label": found.band.label, **_of(found.band)}
        actions = [
            {"id": a.id, "urgency": a.urgency, "text": a.text, **_of(a)} for a in found.actions
        ]
        fields = {**vars(found), "band": band, "actions": actions}
        _json({**fields, "change": turned and asdict(turned)})
        return
    for line in outcomes.told(found, form):
        click.echo(line)
    for line in turned.words if turned else ():
        click.echo(line)
    follows = [a.next for a in found.actions if a.next]
    if follows:
        click.echo(f"Next: backstride score {follows[0]}")


def write_test(test: Any, as_json: bool) -> None:
    """One test's steps and sources."""
    if as_json:
        _json(_test(test))
        return
    click.secho(test.title, bold=True)
    for number, step in enumerate(test.how, 1):
        click.echo(f"  {number}. {step}")
    click.echo(outcomes.safety_words())
    for source in (test.detectable and test.detectable.source, test.norm_source):
        if source:
            click.secho(f"{source.source} [{source.mark}]", dim=True)


def write_standing(test: Any, stands: Any, turned: Any, as_json: bool) -> None:
    """A test's value beside its norm, and its change."""
    if as_json:
        _json({**asdict(stands), "unit": test.unit, "change": turned and asdict(turned)})
        return
    for line in (*stands.words, *(turned.words if turned else ())):
        click.echo(line)


def _tests() -> Any:
    return outcomes.mobility_tests()


def _about(form: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(form).items() if value not in ("", None, {}, ())}


def _test(test: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(test).items() if value not in ("", None, {}, ())}


def _of(thing: Any) -> dict[str, str]:
    return {"source": thing.source.source, "mark": thing.source.mark}


def _json(content: dict[str, Any]) -> None:
    click.echo(json.dumps(content, indent=2, ensure_ascii=False, default=str))
