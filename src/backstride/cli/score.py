"""`backstride score`: questionnaires, tests of mobility, and a log of pain medicines."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

OPEN = ("-", "na")  # an answer that wasn't given

HELP = """Score a questionnaire or a test of mobility, or sum up a log of pain medicines.

With KEY alone, show its questions, licence and sources. ANSWERS are numbers in the order of
the questions, with - for one that was left open. A score that was worked out elsewhere goes
in as --total.

\b
Examples:
  backstride score --list
  backstride score peg
  backstride score peg 4 5 6 --before 7.33
  backstride score rmdq --yes 1,4,9
  backstride score odi --total 32
  backstride score startback --total 5 --part distress=4
  backstride score chair_stand_30s 12 --age 67 --sex woman
  backstride score --doses log.csv

The log is a CSV with the columns date (YYYY-MM-DD), medicine, amount and unit.
Nothing is kept. A questionnaire is no diagnosis.
"""


@click.command(
    name="score",
    help=HELP,
    context_settings={"ignore_unknown_options": True},  # -3 is an answer
)
@click.argument("key", required=False)
@click.argument("answers", nargs=-1)
@click.option("--list", "as_list", is_flag=True, help="List the questionnaires and tests.")
@click.option("--yes", metavar="1,4,9", help="The numbers of the sentences that were ticked.")
@click.option("--total", type=float, help="A score instead of answers.")
@click.option("--part", multiple=True, metavar="NAME=N", help="With --total: a part's score.")
@click.option("--before", type=float, help="An earlier score, to tell the change.")
@click.option("--age", type=click.IntRange(18, 115), help="For norms and medicines.")
@click.option("--sex", type=click.Choice(["man", "woman"]), help="For norms.")
@click.option("--height", type=click.FloatRange(100, 250), help="In cm, for norms of the walk.")
@click.option("--weight", type=click.FloatRange(25, 350), help="In kg, for norms of the walk.")
@click.option(
    "--setting",
    type=click.Choice(["home", "clinic", "home-clinic"]),
    default="home",
    show_default=True,
    help="Where a test was taken; home-clinic: --before at home, now in a clinic.",
)
@click.option(
    "--doses",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Sum up a log of pain medicines instead.",
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The log's last day to look at (default: its last entry).",
)
@click.option("--clinician", is_flag=True, help="Also what is meant for clinicians alone.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def command(**given: Any) -> None:
    """Choose what was asked for."""
    from backstride.cli import score_output as output

    what = sum(bool(given[name]) for name in ("as_list", "key", "doses"))
    if what != 1:
        raise click.UsageError("Give a KEY, --list or --doses FILE.")
    if given["as_list"]:
        output.write_list(given["as_json"])
    elif given["doses"] is not None:
        _doses(given)
    elif given["key"] in output.test_keys():
        _mobility(given)
    else:
        _questionnaire(given)


def _questionnaire(given: dict[str, Any]) -> None:
    from backstride import outcomes
    from backstride.cli import score_output as output

    chosen = outcomes.instrument(given["key"])
    found = _scored(chosen, given)
    if found is None:
        output.write_about(chosen, given["as_json"])
        return
    turned = None
    if given["before"] is not None and found.value is not None:
        turned = outcomes.change(chosen, given["before"], found.value)
    output.write_score(chosen, found, turned, given["as_json"])


def _scored(chosen: Any, given: dict[str, Any]) -> Any:
    """The score of what was given; None where nothing was."""
    from backstride import outcomes

    values, ticked, total = given["answers"], given["yes"], given["total"]
    if sum((bool(values), ticked is not None, total is not None)) > 1:
        raise click.UsageError("Give answers, --yes or --total: one of them.")
    if given["part"] and total is None:
        raise click.UsageError("--part goes with --total.")
    if total is None and len(values) == 1 and _is_total(chosen):
        total, values = _number(values[0]), ()
    if total is not None:
        return outcomes.score_total(chosen, total, _parts(given["part"]))
    if ticked is not None:
        return outcomes.score(chosen, _ticked(chosen, ticked))
    if values:
        numbers = [None if v.lower() in OPEN else _whole(v) for v in values]
        return outcomes.score(chosen, outcomes.in_order(chosen, numbers))
    return None


def _is_total(chosen: Any) -> bool:
    """Whether one number can only be the score: its text doesn't ship."""
    from backstride.outcomes import Shipping

    return bool(chosen.shipping is Shipping.SCORE_ENTRY)


def _ticked(chosen: Any, text: str) -> dict[str, int | None]:
    if {option.value for option in chosen.options} != {0, 1} or len(chosen.items) == 1:
        raise click.BadParameter(f"{chosen.name} isn't a list to tick.", param_hint="--yes")
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in chosen.item_ids]:
        raise click.BadParameter(
            f"{chosen.name} has no sentence {unknown[0][:20]!r}.", param_hint="--yes"
        )
    return dict.fromkeys(names, 1)


def _parts(given: tuple[str, ...]) -> dict[str, float]:
    parts = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(f"{text!r}; expected NAME=N", param_hint="--part")
        parts[name] = _number(value)
    return parts


def _mobility(given: dict[str, Any]) -> None:
    from backstride import outcomes
    from backstride.cli import score_output as output

    test = outcomes.mobility_test(given["key"])
    if given["yes"] is not None or given["part"] or len(given["answers"]) > 1:
        raise click.UsageError(f"{test.key} takes one number.")
    value = _number(given["answers"][0]) if given["answers"] else given["total"]
    if value is None:
        output.write_test(test, given["as_json"])
        return
    sex = outcomes.Sex(given["sex"]) if given["sex"] else None
    person = outcomes.Person(given["age"], sex, given["height"], given["weight"])
    stands = outcomes.standing(test, value, person)
    turned = None
    if given["before"] is not None:
        turned = outcomes.shift(test, given["before"], value, _settings(given["setting"]))
    output.write_standing(test, stands, turned, given["as_json"])


def _settings(name: str) -> tuple[Any, Any]:
    from backstride.outcomes import Setting

    first, _, last = name.partition("-")
    return Setting(first), Setting(last or first)


def _doses(given: dict[str, Any]) -> None:
    from backstride.cli import score_doses

    until: datetime | None = given["until"]
    day: date | None = until.date() if until else None
    score_doses.write(given["doses"], day, given["age"], given["clinician"], given["as_json"])


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text[:20]!r} is no whole number; - stands for one left open.", param_hint="ANSWERS"
        ) from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise click.BadParameter(f"{text[:20]!r} is no number.", param_hint="ANSWERS") from error
