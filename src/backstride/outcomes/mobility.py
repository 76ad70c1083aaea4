"""Mobility and strength: tests a person can take at home, or a therapist in a clinic.

Values are held against norms of age and sex where some were read, and against the test's
own noise from one time to the next. No change is called important: none of these tests has
a published figure for that in low back pain.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from backstride.outcomes.instrument import BadEntry, Source
from backstride.outcomes.scoring import span
from backstride.words import say, sentences

EQUATION_AGES = (40, 80)


class Sex(StrEnum):
    MAN = "man"
    WOMAN = "woman"


class Setting(StrEnum):
    HOME = "home"
    CLINIC = "clinic"


@dataclass(frozen=True)
class Detectable:
    """The least change beyond noise, in the test's unit; `home` for tests by oneself and
    `mixed` where one was at home and the other in a clinic, where these are known."""

    value: float
    home: float | None
    mixed: float | None
    source: Source


@dataclass(frozen=True)
class NormRow:
    from_age: int
    to_age: int
    man: float | None
    woman: float | None


@dataclass(frozen=True)
class MobilityTest:
    """One test: its steps for the person, unit, range, noise and norms.

    `norm_kind` is "mean", "at_least" (the least count that isn't below average), "equation"
    (a mean from height, age and weight) or "" where there is none.
    """

    key: str
    title: str
    unit: str
    whole: bool
    high_is_better: bool
    low: float
    high: float
    where: tuple[Setting, ...]
    how: tuple[str, ...]
    detectable: Detectable | None
    norm_kind: str
    norm_source: Source | None
    norms: tuple[NormRow, ...]
    equation: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Person:
    """Whom a value is compared with; what is None isn't known."""

    age: int | None = None
    sex: Sex | None = None
    height_cm: float | None = None
    weight_kg: float | None = None


@dataclass(frozen=True)
class Standing:
    """A value beside its norm. `norm` and `lower` (the lower limit of normal) are None where
    there is none for this person."""

    test: str
    value: float
    norm: float | None
    lower: float | None
    words: tuple[str, ...]


@dataclass(frozen=True)
class Shift:
    """From a value to a later one; `is_beyond_error` is None where the noise isn't known."""

    test: str
    difference: float
    is_better: bool | None
    is_beyond_error: bool | None
    words: tuple[str, ...]


@cache
def mobility_tests() -> tuple[MobilityTest, ...]:
    """Every test of `mobility.toml`, in its order."""
    return tuple(_test(entry) for entry in _data()["test"])


def mobility_test(key: str) -> MobilityTest:
    """The test of this key. Raises BadEntry for an unknown one."""
    for found in mobility_tests():
        if found.key == key:
            return found
    known = ", ".join(found.key for found in mobility_tests())
    raise BadEntry(f"There is no test {key[:40]!r}.", f"There are: {known}.")


def safety_words() -> str:
    """What to mind with every test."""
    return say(_data()["safety"])


def norm_of(test: MobilityTest, person: Person) -> tuple[float | None, float | None]:
    """(norm, lower limit) for this person; None where none was read for them."""
    if person.age is None or person.sex is None:
        return None, None
    if test.norm_kind == "equation":
        return _from_equation(test, person)
    for row in test.norms:
        if row.from_age <= person.age <= row.to_age:
            return (row.man if person.sex is Sex.MAN else row.woman), None
    return None, None


def standing(test: MobilityTest, value: float, person: Person) -> Standing:
    """How a value compares. Raises BadEntry for one that can't be."""
    _check(test, value)
    norm, lower = norm_of(test, person)
    words: list[str] = [say("Your result: {value:g} {unit}.", value=value, unit=test.unit)]
    if norm is not None and test.norm_source is not None and test.norm_source.is_fact:
        words.append(_compared(test, value, norm, lower))
    elif test.norm_kind:
        words.append(
            say("There are no figures to hold it against. Your own next result is the best.")
        )
    return Standing(test.key, value, norm, lower, tuple(words))


def shift(
    test: MobilityTest,
    before: float,
    after: float,
    settings: tuple[Setting, Setting] = (Setting.HOME, Setting.HOME),
) -> Shift:
    """How a value changed, `settings` telling where each was taken.

    Raises BadEntry for values that can't be.
    """
    _check(test, before)
    _check(test, after)
    difference = round(after - before, 6)
    least = _least(test, settings)
    beyond = None if least is None else abs(difference) >= least - 1e-9
    better = None if difference == 0 else (difference > 0) == test.high_is_better
    return Shift(test.key, difference, better, beyond, _shift_words(test, before, after, beyond))


def _least(test: MobilityTest, settings: tuple[Setting, Setting]) -> float | None:
    noise = test.detectable
    if noise is None:
        return None
    if settings[0] is not settings[1]:
        return noise.mixed or max(noise.value, noise.home or 0)
    return (noise.home or noise.value) if settings[0] is Setting.HOME else noise.value


def _shift_words(
    test: MobilityTest, before: float, after: float, beyond: bool | None
) -> tuple[str, ...]:
    if before == after:
        return (say("The same as before: {after:g} {unit}.", after=after, unit=test.unit),)
    ends = {"before": before, "after": after, "unit": test.unit}
    if (after > before) == test.high_is_better:
        went = say("From {before:g} to {after:g} {unit}. That is the better way.", **ends)
    else:
        went = say("From {before:g} to {after:g} {unit}. That is the worse way.", **ends)
    if beyond is None:
        return (went, say("How much this test varies by itself isn't known."))
    if not beyond:
        text = say("The test can vary this much by itself, so it may not be a real change.")
        return (went, text)
    return (went, say("That is more than the test varies by itself."))


def _compared(test: MobilityTest, value: float, norm: float, lower: float | None) -> str:
    if test.norm_kind == "at_least":
        if value >= norm:
            return say(
                "Most people of your age and sex manage {norm:g} or more, and so do you.", norm=norm
            )
        return say(
            "Most people of your age and sex manage {norm:g} or more. Practice can help.", norm=norm
        )
    about = say(
        "Healthy people like you reach about {norm:.0f} {unit} on average.",
        norm=norm,
        unit=test.unit,
    )
    if lower is None:
        return about
    usual = say(
        "From {lower:.0f} {unit} on is within the usual.", lower=max(lower, 0), unit=test.unit
    )
    return sentences((about, usual))


def _from_equation(test: MobilityTest, person: Person) -> tuple[float | None, float | None]:
    low, high = EQUATION_AGES
    known = (person.age, person.sex, person.height_cm, person.weight_kg)
    if None in known or not low <= (person.age or 0) <= high:
        return None, None
    parts = test.equation[str(person.sex)]
    norm = parts["constant"] + sum(
        parts[name] * getattr(person, name) for name in ("height_cm", "age", "weight_kg")
    )
    return (round(norm, 2), round(norm - parts["lower"], 2)) if norm > 0 else (None, None)


def _check(test: MobilityTest, value: float) -> None:
    if not math.isfinite(value) or not test.low <= value <= test.high:
        raise BadEntry(
            say("{test}: {value:g} {unit} can't be.", test=test.title, value=value, unit=test.unit),
            span(test.low, test.high),
        )
    if test.whole and value != int(value):
        wrong = say("{test}: {value:g} can't be.", test=test.title, value=value)
        raise BadEntry(wrong, say("It is a whole number."))


@cache
def _data() -> dict[str, Any]:
    text = files("backstride.outcomes").joinpath("mobility.toml").read_text("utf-8")
    return tomllib.loads(text)


def _test(entry: Mapping[str, Any]) -> MobilityTest:
    noise = entry.get("mdc")
    norm_source = entry.get("norm_source")
    return MobilityTest(
        key=entry["key"],
        title=say(entry["title"]),
        unit=say(entry["unit"]),
        whole=entry.get("whole", False),
        high_is_better=entry["high_is_better"],
        low=entry["range"][0],
        high=entry["range"][1],
        where=tuple(Setting(where) for where in entry["where"]),
        how=tuple(say(step) for step in entry["how"]),
        detectable=noise and _detectable(noise),
        norm_kind=entry.get("norm_kind", ""),
        norm_source=norm_source and Source(**norm_source),
        norms=tuple(
            NormRow(r["from_age"], r["to_age"], r.get("man"), r.get("woman"))
            for r in entry.get("norms", ())
        ),
        equation=entry.get("equation", {}),
    )


def _detectable(noise: Mapping[str, Any]) -> Detectable:
    source = Source(noise["source"], noise["mark"])
    return Detectable(noise["value"], noise.get("home"), noise.get("mixed"), source)
