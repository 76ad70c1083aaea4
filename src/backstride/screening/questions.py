"""The screen's questions and rules, read once from `red_flags.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from backstride.records import Disposition
from backstride.words import say, sentences

EMERGENCY_SECTION = "emergency"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


@dataclass(frozen=True)
class Option:
    """One choice: `value` is stored, `label` is read; `worry` 0 none, 1 unsure, 2 worrying."""

    value: str
    label: str
    worry: int


@dataclass(frozen=True)
class Question:
    """One question. `kind` is "choice" (one of `options`) or "year" (a four-digit number).

    `meaning` says what is meant; `help` has with it how to answer. `shown_when` holds the terms
    that must all be true for it to be asked (see `engine`); `weekly` marks the short form that
    is asked again every week; `diary` names the column of PAIN that says yes to it, or is empty.
    """

    id: str
    section: str
    kind: str
    text: str
    meaning: str
    help: str
    options: tuple[Option, ...]
    shown_when: tuple[str, ...]
    weekly: bool
    diary: str


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    intro: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Rule:
    """When all of `all` hold and at least `at_least` of `of`, `disposition` follows.

    `plan` says what becomes of the walking: stop, pause, light or hold. `mark` tells how
    well the source was verified: V, V2, U or ENG (docs/rules.md).
    """

    id: str
    pathology: str
    disposition: Disposition
    plan: str
    all: tuple[str, ...]
    of: tuple[str, ...]
    at_least: int
    reason: str
    do: str
    source: str
    mark: str


@dataclass(frozen=True)
class Instructions:
    """What to do, in order, and why; `reading` are the steps that hold without answers, too."""

    title: str
    steps: tuple[str, ...]
    reading: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Schedule:
    """When the screen comes again: days, and points of the 0 to 10 pain scale."""

    full_every_days: int
    short_every_days: int
    gap_days: int
    jump_nprs: int
    jump_window_days: int


@dataclass(frozen=True)
class Screen:
    """The whole data file; `version` names the set of questions and rules.

    `again` holds, by rule id, why the questions come again (with `{numbers}` to fill in).
    """

    version: str
    schedule: Schedule
    again: dict[str, str]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    instructions: dict[str, Instructions]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(q for section in self.sections for q in section.questions)

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {q.id: q for q in self.questions}


@cache
def load() -> Screen:
    """The screen that ships with this release."""
    text = files("backstride.screening").joinpath("red_flags.toml").read_text("utf-8")
    return parse_screen(tomllib.loads(text))


def parse_screen(raw: dict[str, Any]) -> Screen:
    """A screen from its TOML tables. Raises ValueError where a term or section is unknown."""
    asked = tuple(_question(entry) for entry in raw["question"])
    sections = tuple(
        Section(
            s["id"],
            say(s["title"]),
            say(s["intro"]),
            tuple(q for q in asked if q.section == s["id"]),
        )
        for s in raw["section"]
    )
    rules = tuple(_rule(entry) for entry in raw["rule"])
    instructions = {
        name: Instructions(
            say(i["title"]),
            tuple(say(step) for step in i["steps"]),
            tuple(say(i["steps"][n - 1]) for n in i.get("reading", ())),
            say(i["why"]),
        )
        for name, i in raw["instruction"].items()
    }
    schedule = Schedule(**raw["schedule"])
    again = {entry["id"]: entry["text"] for entry in raw["again"]}
    screen = Screen(raw["version"], schedule, again, sections, rules, instructions)
    _check(screen, asked)
    return screen


def _question(entry: dict[str, Any]) -> Question:
    kind = entry.get("kind", "choice")
    helps = [say(entry[key]) for key in ("help", "answering") if key in entry]
    options = tuple(
        Option(option["value"], say(option["label"]), option["worry"])
        for option in entry.get("options", ())
    )
    if kind == "choice" and not options:
        options = _yes_no(entry.get("worse", "yes"))
    return Question(
        id=entry["id"],
        section=entry["section"],
        kind=kind,
        text=say(entry["text"]),
        meaning=say(entry.get("help", "")),
        help=sentences(helps),
        options=options,
        shown_when=tuple(entry.get("shown_when", ())),
        weekly=entry.get("weekly", False),
        diary=entry.get("diary", ""),
    )


def _yes_no(worse: str) -> tuple[Option, ...]:
    return (
        Option(Answer.NO, say("No"), 2 if worse == "no" else 0),
        Option(Answer.YES, say("Yes"), 2 if worse == "yes" else 0),
        Option(Answer.NOT_SURE, say("Not sure"), 1),
    )


def _rule(entry: dict[str, Any]) -> Rule:
    return Rule(
        id=entry["id"],
        pathology=entry["pathology"],
        disposition=Disposition[entry["disposition"]],
        plan=entry["plan"],
        all=tuple(entry["all"]),
        of=tuple(entry.get("of", ())),
        at_least=entry.get("at_least", 0),
        reason=say(entry["reason"]),
        do=say(entry["do"]),
        source=entry["source"],
        mark=entry["mark"],
    )


def _check(screen: Screen, asked: tuple[Question, ...]) -> None:
    known = {q.id for q in screen.questions}
    if len(known) != len(asked):
        raise ValueError("red_flags.toml: a question id is double or its section is unknown")
    terms = [t for q in asked for t in q.shown_when]
    terms += [t for r in screen.rules for t in (*r.all, *r.of)]
    for name in (name for term in terms for name in term.split("|")):
        if not name.startswith("age>=") and name not in known:
            raise ValueError(f"red_flags.toml: a rule asks for the unknown question {name!r}")
