"""Pain medicines from the diary: what, how much, on how many days, and what to mind.

An amount is known where the diary's unit is a weight, or a count of pieces whose strength is
in the name ("Ibuprofen 200", 2 tablets; "Percocet 5/325", 1 tablet). What isn't known stays
unknown and makes a total unknown; a caution is given on what is known. Morphine equivalents
are for clinicians: none of this tells anyone to stop, lower or change a medicine.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import polars as pl

from backstride.outcomes import strengths
from backstride.words import say

DAILY_MEDICINES = {
    "date": pl.Date(),
    "class": pl.String(),  # "other" for a name that isn't known
    "drug": pl.String(),
    "doses": pl.Int64(),
    "known_mg": pl.Float64(),  # the sum of the amounts that are known
    "mg": pl.Float64(),  # the sum of all; null where one of them isn't known
}

OTHER = "other"
OPIOIDS = ("opioid_weak", "opioid_strong")
NSAIDS = ("nsaid", "coxib")


@dataclass(frozen=True)
class Part:
    """One medicine of a dose. `mg` or `mcg_per_h` (a patch) is None where not known."""

    drug: str
    group: str
    mg: float | None
    mcg_per_h: float | None = None


def parts(medicine: str, amount: float | None, unit: str | None) -> tuple[Part, ...]:
    """The medicines in one dose, as far as its name tells; an unknown name is one part of the
    class "other" under its own name."""
    name = " ".join(medicine.lower().split())
    found = drugs_in(name)
    if not found:
        return (Part(name, OTHER, _mg(amount, unit)),)
    if len(found) == 1 and (worn := strengths.mcg_per_h(name, amount, _unit(unit))) is not None:
        return (Part(found[0], _groups()[found[0]], None, worn),)
    amounts = _amounts(name, len(found), amount, unit)
    return tuple(Part(d, _groups()[d], mg) for d, mg in zip(found, amounts, strict=True))


def daily_totals(doses: pl.DataFrame) -> pl.DataFrame:
    """A row (DAILY_MEDICINES) for each day, class and medicine. `doses` is the DOSES table."""
    taken: dict[tuple[date, str, str], list[float | None]] = defaultdict(list)
    for day, part in taken_parts(doses):
        taken[day, part.group, part.drug].append(part.mg)
    rows = [
        (*key, len(amounts), total_of(mg for mg in amounts if mg is not None), total_of(amounts))
        for key, amounts in sorted(taken.items())
    ]
    return pl.DataFrame(rows, schema=DAILY_MEDICINES, orient="row")


def medicine_days(doses: pl.DataFrame, today: date) -> tuple[int, int] | None:
    """Days with any medicine in the last 7 days (today included) and in the 7 before.

    None if no medicine was ever noted, which is unknown, not 0.
    """
    if doses.is_empty():
        return None
    ago = (pl.lit(today) - pl.col("date")).dt.total_days()
    days = doses.select(ago.alias("ago")).unique()["ago"]
    return int(days.is_between(0, 6).sum()), int(days.is_between(7, 13).sum())


def class_days(doses: pl.DataFrame, today: date, days: int = 7) -> dict[str, int]:
    """On how many of the last `days` days each class was taken, the most days first."""
    totals = daily_totals(doses)
    first = today - timedelta(days=days - 1)
    recent = totals.filter(pl.col("date").is_between(first, today))
    counted = recent.group_by("class").agg(pl.col("date").n_unique().alias("days"))
    return dict(counted.sort(["days", "class"], descending=[True, False]).iter_rows())


def trend_words(before: int, now: int) -> str:
    """'Pain medicine days fell from 5 to 2 a week.': a count, with no praise and no blame."""
    if before == now:
        return say("Pain medicine days stayed at {now} a week.", now=now)
    days = {"before": before, "now": now}
    if now < before:
        return say("Pain medicine days fell from {before} to {now} a week.", **days)
    return say("Pain medicine days rose from {before} to {now} a week.", **days)


def class_name(group: str) -> str:
    """What a class is called for people."""
    name = medicine_rules()["classes"].get(group)
    return say(name) if name else say("another medicine")


@cache
def medicine_rules() -> dict[str, Any]:
    """The names, factors, maximums and texts of `medication.toml`."""
    text = files("backstride.outcomes").joinpath("medication.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _groups() -> dict[str, str]:
    return {entry["key"]: entry["class"] for entry in medicine_rules()["drug"]}


@cache
def _names() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """(name as a pattern, its medicines), the longest names first: "naproxen sodium" is not
    "naproxen"."""
    names = {entry["key"]: (entry["key"],) for entry in medicine_rules()["drug"]}
    for entry in medicine_rules()["drug"]:
        names |= dict.fromkeys(entry.get("aliases", ()), (entry["key"],))
    for entry in medicine_rules()["product"]:
        names |= dict.fromkeys(entry["names"], tuple(entry["drugs"]))
    longest = sorted(names, key=len, reverse=True)
    return tuple((re.compile(rf"(?<![a-z]){re.escape(n)}(?![a-z])"), names[n]) for n in longest)


@lru_cache(maxsize=4096)
def drugs_in(name: str) -> tuple[str, ...]:
    """The known medicines of a name in the order they stand there, each once."""
    found: list[tuple[int, tuple[str, ...]]] = []
    for pattern, drugs in _names():
        for match in pattern.finditer(name):
            found.append((match.start(), drugs))
            name = name[: match.start()] + " " * len(match[0]) + name[match.end() :]
    in_order = [drug for _, drugs in sorted(found) for drug in drugs]
    return tuple(dict.fromkeys(in_order))


def _unit(unit: str | None) -> str:
    return (unit or "").strip().lower().rstrip(".")


def _mg(amount: float | None, unit: str | None) -> float | None:
    factor = medicine_rules()["units"].get(_unit(unit))
    return None if factor is None or not strengths.is_amount(amount) else amount * factor


def _amounts(
    name: str, count: int, amount: float | None, unit: str | None
) -> tuple[float | None, ...]:
    """mg of each of `count` medicines; of several, a weight can't be shared out."""
    unknown = (None,) * count
    if _unit(unit) not in medicine_rules()["unit_words"]["pieces"]:
        return (_mg(amount, unit),) if count == 1 else unknown
    each = strengths.in_mg(name, count)
    if each is None or not strengths.is_amount(amount):
        return unknown
    return tuple(amount * strength for strength in each)


def taken_parts(doses: pl.DataFrame) -> Iterable[tuple[date, Part]]:
    known = doses.drop_nulls(["date", "medicine"]).select("date", "medicine", "amount", "unit")
    for day, medicine, amount, unit in known.iter_rows():
        for part in parts(medicine, amount, unit):
            yield day, part


def total_of(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return round(total, 6)
