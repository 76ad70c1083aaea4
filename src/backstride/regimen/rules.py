"""The list of clinical rules as a page: `python -m backstride.regimen.rules docs/rules.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from backstride import outcomes
from backstride.regimen import exercises
from backstride.regimen.protocol import Protocol, protocol, shipped
from backstride.regimen.routine import rules as routine_rules
from backstride.screening import AGAIN_SOURCE, Question, Rule, load

_HEAD = """\
# Clinical rules

Made from the data files by `python -m backstride.regimen.rules docs/rules.md`; don't edit.
Every reason shown to a person carries one of these ids.

**Not validated clinically, not a medical device.** A physical therapist or doctor must sign
off the rules before they are relied on.

[How they behave on virtual walkers](simulation.md); [how to write a protocol](protocols.md).

Marks: **V** read in the primary record · **V2** read in a secondary page · **U** general
knowledge, not verified; its numbers are not shown to a person as fact · **ENG** an
engineering proposal, a default for a clinician to change.

Where the source names only `clinical-facts` or `clinical-details` with a section, the rule is
a proposal built from the project's notes ([clinical-facts](sources/clinical-facts.md),
[clinical-details](sources/clinical-details.md)), not a quotation.
"""


def rules_page() -> str:
    """The page's Markdown: the screen's rules and questions, then the protocol's numbers
    and rules."""
    screen, walk = load(), protocol()
    others = [protocol(name) for name in shipped() if name != walk.name]
    parts = [
        _HEAD,
        f"## Safety screen, version {screen.version}\n",
        *_table(
            ("id", "when", "what follows", "text", "source", "mark"),
            (_screen_row(rule) for rule in screen.rules),
        ),
        "\n## Questions\n",
        *_table(("id", "section", "asked", "text"), (_question_row(q) for q in screen.questions)),
        "\n## When the safety questions come again\n",
        *_table(("number", "value"), _values("schedule", screen.schedule)),
        "",
        *_table(
            ("id", "text", "source", "mark"),
            ((f"`{name}`", text, AGAIN_SOURCE, "ENG") for name, text in screen.again.items()),
        ),
        f"\n## {walk.title}: `{walk.label}`\n",
        *_table(("number", "value"), _numbers(walk)),
        "",
        *_table(
            ("id", "text", "source", "mark"),
            ((f"`{r.id}`", r.text, r.source, r.mark) for r in walk.rules.values()),
        ),
        *(line for other in others for line in _other(other, walk)),
        *_beside(),
        "\n## Questionnaires: what follows\n",
        *_table(("id", "when", "how soon", "text", "source", "mark"), _outcome_rows()),
        "\n## Medicines: what to mind\n",
        *_table(("id", "how soon", "text", "source", "mark"), _medicine_rows()),
    ]
    return "\n".join(parts) + "\n"


def _other(rules: Protocol, walk: Protocol) -> Iterable[str]:
    """A protocol that extends `walk`: its numbers that differ, and its own texts."""
    usual = dict(_numbers(walk))
    yield f"\n## {rules.title}: `{rules.label}`\n"
    if rules.use:
        yield (
            f"For those who say that their longest comfortable walk is shorter than "
            f"{rules.use.comfortable_below:g} minutes; from {rules.use.then_from_minutes} minutes "
            f"a walk on, `{rules.use.then}` goes on. All else is as in `{rules.extends}`.\n"
        )
    if rules.steps:
        yield "For those who want their plan in steps a day, once their steps are measured.\n"
    if rules.maintain:
        yield f"Goes on where the target of `{rules.extends}` is reached.\n"
    changed = [row for row in _numbers(rules) if usual.get(row[0]) != row[1]]
    yield from _table(("number", "value"), changed)
    yield ""
    own = [rules.rules[name] for name in rules.own]
    rows = ((f"`{r.id}` ({rules.name})", r.text, r.source, r.mark) for r in own)
    yield from _table(("id", "text", "source", "mark"), rows)


def _beside() -> Iterable[str]:
    """The routine: its numbers, texts and exercises."""
    beside = routine_rules()
    yield f"\n## Stretches and strengthening, version {beside['version']}\n"
    yield from _table(("number", "value"), _groups(beside))
    yield ""
    rows = ((f"`{r['id']}`", r["text"], r["source"], r["mark"]) for r in beside["rule"])
    yield from _table(("id", "text", "source", "mark"), rows)
    yield ""
    head = ("exercise", "kind", "for", "bend", "place", "levels (sets x times x seconds held)")
    yield from _table(head, (_exercise_row(e) for e in exercises.load().values()))


def _groups(rules: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for group, numbers in rules.items():
        if isinstance(numbers, dict):
            yield from ((f"`[{group}] {name}`", f"{value:g}") for name, value in numbers.items())


def _exercise_row(exercise: exercises.Exercise) -> tuple[str, ...]:
    levels = ", ".join(f"{level.sets}x{level.reps}x{level.hold_s}" for level in exercise.levels)
    parts = ", ".join(exercise.parts)
    return (exercise.name, exercise.kind, parts, exercise.bend, exercise.place, levels)


def _screen_row(rule: Rule) -> tuple[str, ...]:
    when = [_terms(rule.all)]
    if rule.of:
        when.append(f"{rule.at_least} of " + ", ".join(f"`{name}`" for name in rule.of))
    follows = f"{rule.disposition.name}, {rule.plan}"
    text = f"{rule.reason} {rule.do}"
    return (f"`{rule.id}`", " and ".join(when), follows, text, rule.source, rule.mark)


def _question_row(question: Question) -> tuple[str, ...]:
    asked = [_terms(question.shown_when) if question.shown_when else "always"]
    if question.weekly:
        asked.append("also weekly")
    text = f"{question.text} {question.help}".strip()
    return (f"`{question.id}`", question.section, ", ".join(asked), text)


def _terms(terms: Iterable[str]) -> str:
    one_of = [" or ".join(f"`{name}`" for name in term.split("|")) for term in terms]
    return " and ".join(f"({names})" if " or " in names else names for names in one_of)


def _numbers(walk: Protocol) -> Iterable[tuple[str, str]]:
    groups = ("baseline", "entry", "target", "progress", "gate", "back", "light", "escalate")
    for group in (*groups, "steps", "maintain"):
        if numbers := getattr(walk, group):
            yield from _values(group, numbers)
    yield "`[adherence] share`", f"{walk.adherence_share:g}"
    for to_age, spm in walk.cadence_bands:
        yield f"`[cadence]` to age {to_age}", f"{walk.cadence_from_spm}–{spm} steps/min"


def _values(group: str, numbers: object) -> Iterable[tuple[str, str]]:
    return ((f"`[{group}] {name}`", _told(value)) for name, value in vars(numbers).items())


def _told(value: object) -> str:
    if is_dataclass(value):
        value = vars(value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_told(each)}" for key, each in value.items())
    if isinstance(value, tuple):
        return ", ".join(_told(each) for each in value)
    return f"`{value}`" if isinstance(value, str) else f"{value:g}"


def _outcome_rows() -> Iterable[tuple[str, ...]]:
    for form in outcomes.instruments():
        for rule in form.actions:
            row = (_when(rule), rule.urgency.value, rule.text, *_sourced(rule.source))
            yield (f"`{rule.id}`", *row)
    ask = outcomes.episode_rules()["ask"]
    yield (
        "`flare.ask`",
        f"pain {ask['rise']} over the usual on {ask['rise_days']} days, "
        f"or {ask['sharp_rise']} over it on one",
        "at once",
        ask["text"],
        ask["source"],
        ask["mark"],
    )


def _when(rule: outcomes.Action) -> str:
    if rule.open:
        return f"`{rule.item}` is left open"
    if rule.item:
        return f"`{rule.item}` is {rule.at_least} or more"
    if rule.total_at_least is not None:
        return f"the score is {rule.total_at_least:g} or more"
    return f"the score is {rule.total_at_most:g} or less"


def _medicine_rows() -> Iterable[tuple[str, ...]]:
    for rule in outcomes.medicine_rules()["caution"]:
        yield (f"`{rule['id']}`", rule["urgency"], rule["text"], rule["source"], rule["mark"])


def _sourced(source: outcomes.Source) -> tuple[str, str]:
    return source.source, source.mark


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(rules_page(), encoding="utf-8")
