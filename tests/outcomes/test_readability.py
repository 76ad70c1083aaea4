"""Every text of ours for a patient reads at age 12 or below, and promises nothing.

The wording of published questionnaires (PEG, RMDQ, PHQ, GAD) is theirs and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

import polars as pl
import pytest

from backstride import outcomes
from backstride.outcomes.flare import episode_rules
from backstride.outcomes.medication import medicine_rules
from backstride.outcomes.mobility import norm_of
from backstride.records import DOSES, checked
from backstride.regimen.protocol import protocol
from backstride.screening import load
from reading_age import grade, too_hard

PUBLISHED = {"peg", "rmdq", "phq2", "phq9", "gad2"}
WORDS = {"drug": "ibuprofen", "drugs": "ibuprofen and naproxen", "mg": "1,600", "max": "1,200"}


def instrument_texts() -> Iterator[tuple[str, str]]:
    for form in outcomes.instruments():
        own = [form.title, *form.notes, *(b.label for b in form.bands)]
        own += [action.text for action in form.actions]
        if form.key not in PUBLISHED:
            own += [form.prompt, *(item.text for item in form.items)]
        for n, text in enumerate(own):
            if text:
                yield f"{form.key} {n}", text.strip()


def change_texts() -> Iterator[tuple[str, str]]:
    for form in outcomes.instruments():
        ends = (form.low, form.high)
        for before, after in {*product(ends, ends), (form.low, form.low + form.scoring.multiplier)}:
            turned = outcomes.change(form, before, after)
            yield f"{form.key} {before:g} to {after:g}", " ".join(turned.words)


def mobility_texts() -> Iterator[tuple[str, str]]:
    yield "safety", outcomes.safety_words()
    people = [
        outcomes.Person(age, sex, 170, 70) for age in (40, 65, 75) for sex in outcomes.Sex
    ] + [outcomes.Person()]
    for test in outcomes.mobility_tests():
        yield test.key, " ".join([test.title + ".", *test.how])
        for n, person in enumerate(people):
            for value in (test.low, test.high):
                words = outcomes.standing(test, value, person).words
                yield f"{test.key} {n} {value:g}", " ".join(words)
        for after in (test.low, test.low + 1, test.high):
            words = outcomes.shift(test, test.low, after).words
            yield f"{test.key} to {after:g}", " ".join(words)


def medicine_texts() -> Iterator[tuple[str, str]]:
    for entry in medicine_rules()["caution"]:
        yield entry["id"], entry["text"].format(**WORDS, days=12)
    for before, now in ((5, 2), (2, 5), (3, 3)):
        yield f"trend {before} {now}", outcomes.trend_words(before, now)


def episode_texts() -> Iterator[tuple[str, str]]:
    yield "ask", episode_rules()["ask"]["text"].format(now=7, usual=3)
    for level in episode_rules()["level"]:
        yield level["key"], f"{level.get('question', '')} {level['text']}"


def screening_texts() -> Iterator[tuple[str, str]]:
    screen = load()
    for section in screen.sections:
        yield section.id, f"{section.title}. {section.intro}"
    for question in screen.questions:
        yield question.id, f"{question.text} {question.help}".strip()
    for rule in screen.rules:
        yield rule.id, f"{rule.reason} {rule.do}"
    for name, told in screen.instructions.items():
        yield name, " ".join([f"{told.title}.", *told.steps, told.why])
    for name, text in screen.again.items():
        yield name, text.format(now=6, usual=3)


def regimen_texts() -> Iterator[tuple[str, str]]:
    for rule in protocol().rules.values():
        yield rule.id, re.sub(r"\{\w+\}", "5", rule.text)


SOURCES = (
    instrument_texts,
    change_texts,
    mobility_texts,
    medicine_texts,
    episode_texts,
    screening_texts,
    regimen_texts,
)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_a_reader_of_12_can_read_it(source):
    texts = dict(source())
    assert len(texts) > 3
    assert too_hard(texts) == {}


def test_the_measure_tells_hard_from_easy():
    assert grade("Please call your doctor today. Your walk can wait.") < 3
    hard = "Rehabilitation interventions demonstrate considerable efficacy in musculoskeletal care."
    assert too_hard({"hard": hard})


PROMISE = re.compile(r"\b(cure[sd]?|heal(s|ed)? you|guarantee|pain.free for|will (fix|go away))\b")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_nothing_is_promised(source):
    assert [name for name, text in source() if PROMISE.search(text.lower())] == []


TELLS = re.compile(r"\b(stop|reduce|lower|taper|halve|skip|don't) (taking|take|your (dose|medi))")


def test_no_text_on_medicine_tells_anyone_to_stop_or_lower_it():
    for name, text in medicine_texts():
        assert not TELLS.search(text.lower()), name


def test_norms_that_are_not_verified_are_not_told():
    """What is marked U may be in the data, not in the words."""
    for test in outcomes.mobility_tests():
        if test.norm_source and not test.norm_source.is_fact:
            person = outcomes.Person(65, outcomes.Sex.MAN, 170, 70)
            norm, _ = norm_of(test, person)
            words = " ".join(outcomes.standing(test, test.low, person).words)
            assert norm is None or f"{norm:g}" not in words


def test_cautions_that_are_raised_are_the_ones_that_were_read():
    day = date(2026, 3, 2)
    log = pl.DataFrame(
        {"date": [day], "medicine": ["paracetamol"], "amount": [5000.0], "unit": ["mg"]}
    )
    texts = {w.id for w in outcomes.cautions(checked(log, DOSES), day)}
    assert texts == {"medicine.liver"}
    assert texts <= {name for name, _ in medicine_texts()}
