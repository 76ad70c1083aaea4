"""From answers to a disposition: which questions to ask, what the answers come to.

Pure functions over the data in `red_flags.toml`. Every condition is upward closed (there is
no "not"), so a worse answer can only add findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from backstride.errors import BackstrideError
from backstride.records import Disposition
from backstride.screening.questions import (
    EMERGENCY_SECTION,
    Instructions,
    Question,
    Rule,
    Screen,
    Section,
    load,
)
from backstride.words import say, sentences

Answers = Mapping[str, str | int]

ADULT_AGE = 18
OLDEST_AGE = 115


class BadAnswer(BackstrideError):
    """An answer that its question doesn't offer."""


@dataclass(frozen=True)
class Finding:
    """One rule that fired. `basis` says on what: "yes", "not_sure" or "missing"."""

    id: str
    disposition: Disposition
    reason: str
    do: str
    source: str
    mark: str
    basis: str


@dataclass(frozen=True)
class Result:
    """What a screen came to.

    `disposition` is None while questions are open, unless what is known already calls for
    care today or now: a disposition that lets someone walk exists for a complete screen
    only. `light_only` asks for short easy walks at most (with THERAPIST).
    """

    disposition: Disposition | None
    findings: tuple[Finding, ...]
    instructions: Instructions
    complete: bool
    missing: tuple[str, ...]
    light_only: bool
    version: str


def sections() -> tuple[Section, ...]:
    """All sections in the order they are asked, each with all its questions."""
    return load().sections


def questions() -> tuple[Question, ...]:
    """All questions in the order they are asked, follow-ups included."""
    return load().questions


def visible(answers: Answers, today: date) -> tuple[Question, ...]:
    """The questions to ask, given the answers so far.

    A worrying answer in the emergency section ends the questions there.
    """
    _check_answers(answers, today)
    screen = load()
    if _emergency_found(screen, answers):
        return tuple(q for q in screen.questions if q.section == EMERGENCY_SECTION)
    return tuple(q for q in screen.questions if _shown(screen, q, answers, today))


def next_section(answers: Answers, today: date) -> Section | None:
    """The first section with an open question, holding only the questions to ask there.

    None when nothing more need be asked: all is answered, or an emergency sign was found.
    """
    screen = load()
    if _emergency_found(screen, answers):
        return None
    shown = visible(answers, today)
    open_ids = {q.section for q in shown if q.id not in answers}
    for section in screen.sections:
        if section.id in open_ids:
            asked = tuple(q for q in shown if q.section == section.id)
            return Section(section.id, section.title, section.intro, asked)
    return None


def assess(answers: Answers, today: date) -> Result:
    """What the answers come to. Raises BadAnswer for an answer that isn't offered.

    A missing or "not sure" answer in the emergency section counts as a yes.
    """
    _check_answers(answers, today)
    screen = load()
    shown = {q.id for q in screen.questions if _shown(screen, q, answers, today)}
    known = {key: value for key, value in answers.items() if key in shown}
    fired = [rule for rule in screen.rules if _fires(screen, rule, known, today)]
    worst = max((rule.disposition for rule in fired), default=Disposition.WALK)
    missing = tuple(q.id for q in visible(answers, today) if q.id not in answers)
    if _emergency_found(screen, known):
        missing = ()
    disposition = None if missing and worst < Disposition.SAME_DAY else worst
    told = [rule for rule in fired if rule.disposition == worst or not missing]
    told.sort(key=lambda rule: -rule.disposition)
    return Result(
        disposition=disposition,
        findings=tuple(_finding(screen, rule, known) for rule in told),
        instructions=_instructions(screen, disposition, known, missing),
        complete=not missing,
        missing=missing,
        light_only=any(rule.plan == "light" for rule in fired),
        version=screen.version,
    )


def parse_answers(
    raw: Mapping[str, str], today: date
) -> tuple[dict[str, str | int], dict[str, str]]:
    """Answers from a form's strings, and for each refused one a message for the person.

    Keys that are no question are left alone: a form has other fields too.
    """
    answers: dict[str, str | int] = {}
    refused: dict[str, str] = {}
    for question in questions():
        text = raw.get(question.id, "").strip()
        if not text:
            continue
        try:
            answers[question.id] = _parsed(question, text, today)
        except BadAnswer as problem:
            refused[question.id] = str(problem)
    return answers, refused


def worrying(answers: Answers) -> frozenset[str]:
    """The questions whose answer worries, or is "not sure"; an open one isn't among them.
    Those of an older version are left out."""
    screen = load()
    return frozenset(
        key for key in answers if key in screen.by_id and _worry(screen, key, answers) > 0
    )


def age_this_year(birth_year: int, today: date) -> int:
    """The age reached in this year, in years: the cautious reading of a birth year."""
    return today.year - birth_year


def _parsed(question: Question, text: str, today: date) -> str | int:
    if question.kind == "year":
        if not (len(text) == 4 and text.isascii() and text.isdigit()):
            raise BadAnswer(say("Please give the year with four digits, such as 1975."))
        _check_year(int(text), today)
        return int(text)
    if text not in {option.value for option in question.options}:
        raise BadAnswer(say("Please choose one of the answers offered."))
    return text


def _check_answers(answers: Answers, today: date) -> None:
    by_id = load().by_id
    for key, value in answers.items():
        question = by_id.get(key)
        if question is None:
            raise BadAnswer(say("The safety screen has no question {name!r}.", name=key[:40]))
        _parsed(question, str(value)[:40], today)


def _check_year(year: int, today: date) -> None:
    age = age_this_year(year, today)
    if age < 0 or age > OLDEST_AGE:
        raise BadAnswer(say("Please check the year: {year} can't be right.", year=year))
    if age < ADULT_AGE:
        raise BadAnswer(
            say("Backstride is for adults of 18 and over."),
            say("Back pain in younger people is best looked at by a doctor."),
        )


def _worry(screen: Screen, name: str, answers: Answers) -> int:
    """0 no worry, 1 unsure, 2 worrying; an open emergency question counts as unsure."""
    question = screen.by_id[name]
    value = answers.get(name)
    if value is None:
        return 1 if question.section == EMERGENCY_SECTION else 0
    return max((o.worry for o in question.options if o.value == value), default=0)


def _holds(screen: Screen, term: str, answers: Answers, today: date) -> bool:
    for name in term.split("|"):
        if name.startswith("age>="):
            year = answers.get("birth_year")
            if year is not None and age_this_year(int(year), today) >= int(name[5:]):
                return True
        elif _worry(screen, name, answers) > 0:
            return True
    return False


def _shown(screen: Screen, question: Question, answers: Answers, today: date) -> bool:
    return all(_holds(screen, term, answers, today) for term in question.shown_when)


def _fires(screen: Screen, rule: Rule, answers: Answers, today: date) -> bool:
    if not all(_holds(screen, term, answers, today) for term in rule.all):
        return False
    return sum(_holds(screen, term, answers, today) for term in rule.of) >= rule.at_least


def _emergency_found(screen: Screen, answers: Answers) -> bool:
    return any(
        q.id in answers and _worry(screen, q.id, answers) > 0
        for q in screen.questions
        if q.section == EMERGENCY_SECTION
    )


def _finding(screen: Screen, rule: Rule, answers: Answers) -> Finding:
    names = [name for term in rule.all for name in term.split("|") if not name.startswith("age")]
    worries = [_worry(screen, name, answers) for name in names if name in answers]
    basis = "missing" if not worries else "yes" if max(worries) == 2 else "not_sure"
    lead = {
        "yes": (),
        "not_sure": (say("You weren't sure, so this counts as a yes until it is clear."),),
        "missing": (say("This question is still open, so it counts as a yes for now."),),
    }[basis]
    reason = sentences((*lead, rule.reason))
    return Finding(rule.id, rule.disposition, reason, rule.do, rule.source, rule.mark, basis)


def _instructions(
    screen: Screen,
    disposition: Disposition | None,
    answers: Answers,
    missing: tuple[str, ...],
) -> Instructions:
    only_open = missing and disposition == Disposition.EMERGENCY_NOW
    if disposition is None or (only_open and not _all_emergency_answered(screen, answers)):
        return screen.instructions["INCOMPLETE"]
    return screen.instructions[disposition.name]


def _all_emergency_answered(screen: Screen, answers: Answers) -> bool:
    return all(q.id in answers for q in screen.questions if q.section == EMERGENCY_SECTION)
