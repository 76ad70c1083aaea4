"""How strong a tablet or a patch is, from the name of a medicine.

People write "Ibuprofen 200", "Percocet 5/325", "Hydrocodone 5 mg / acetaminophen 325 mg".
What could be read in two ways is not known: a wrong amount is worse than none.
"""

from __future__ import annotations

import math
import re
from typing import TypeGuard

MG = {"mg": 1.0, "g": 1000.0, "mcg": 0.001, "ug": 0.001, "µg": 0.001, "μg": 0.001}
LEAST_BARE = 5  # a number below it without a unit may be part of the name: "Tylenol 3"

_NUMBER = r"\d+(?:[.,]\d+)?"
_WITH_UNIT = re.compile(rf"({_NUMBER})\s*(mcg|mg|ug|µg|μg|g)(?![a-z])")
_BARE = re.compile(rf"(?<![\w.,/#-]){_NUMBER}(?![\w.,/%-])")
_LIST_TEXT = rf"{_NUMBER}(?:\s*[/-]\s*{_NUMBER})+"
_LIST = re.compile(rf"(?<![\w.,/-]){_LIST_TEXT}(?![\w.,/%-])")
_TIMES = re.compile(r"\d\s*[x×]|[x×]\s*\d")
_AN_HOUR = re.compile(rf"({_NUMBER})\s*(?:mcg|ug|µg|μg|micrograms?)\s*(?:/|per)\s*h")
_HOURLY_UNITS = re.compile(r"(?:mcg|ug|µg|μg|micrograms?)\s*(?:/|per)\s*h(?:r|our)?")
_PATCHES = ("patch", "patches")


def is_amount(amount: float | None) -> TypeGuard[float]:
    """Whether it is a number that someone can have taken."""
    return amount is not None and math.isfinite(amount) and amount > 0


def in_mg(name: str, count: int) -> tuple[float, ...] | None:
    """mg in one piece of each of the `count` medicines that the name holds, in its order."""
    if _TIMES.search(name):
        return None
    with_unit = [_number(n) * MG[unit] for n, unit in _WITH_UNIT.findall(name)]
    if with_unit and len(with_unit) == count and not _LIST.search(name):
        return tuple(with_unit)
    lists = [_numbers(found) for found in _LIST.findall(name)]
    if count > 1:
        # "5/325 mg": the unit stands for both.
        fits = len(lists) == 1 and len(lists[0]) == count
        return lists[0] if fits else _unit_at_the_end(name, count)
    bare = [n for found in _BARE.findall(name) if (n := _number(found)) >= LEAST_BARE]
    return (bare[0],) if not with_unit and not lists and len(bare) == 1 else None


def mcg_per_h(name: str, amount: float | None, unit: str) -> float | None:
    """The rate of a patch: the diary's own unit, or patches whose rate is in the name."""
    if not is_amount(amount):
        return None
    if _HOURLY_UNITS.fullmatch(unit):
        return amount
    rates = _AN_HOUR.findall(name)
    return amount * _number(rates[0]) if unit in _PATCHES and len(rates) == 1 else None


def _unit_at_the_end(name: str, count: int) -> tuple[float, ...] | None:
    found = re.findall(rf"({_LIST_TEXT})\s*mg(?![a-z])", name)
    if len(found) != 1:
        return None
    numbers = _numbers(found[0])
    return numbers if len(numbers) == count else None


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(_number(number.strip()) for number in re.split("[/-]", text))


def _number(text: str) -> float:
    return float(text.replace(",", "."))
