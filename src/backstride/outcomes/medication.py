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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import polars as pl

from backstride.outcomes import strengths
from backstride.outcomes.instrument import Source

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
SENIOR_AGE = 65
LONG_DAYS = 10
LABEL_CLASSES = ("paracetamol", "nsaid")  # sold without a prescription


@dataclass(frozen=True)
class Part:
    """One medicine of a dose. `mg` or `mcg_per_h` (a patch) is None where not known."""

    drug: str
    group: str
    mg: float | None
    mcg_per_h: float | None = None


@dataclass(frozen=True)
class Caution:
    """Something to mind on a day: `urgency` is now, today or tell."""

    id: str
    day: date
    urgency: str
    text: str
    source: Source


def parts(medicine: str, amount: float | None, unit: str | None) -> tuple[Part, ...]:
    """The medicines in one dose, as far as its name tells; an unknown name is one part of the
    class "other" under its own name."""
    name = " ".join(medicine.lower().split())
    found = _drugs_in(name)
    if not found:
        return (Part(name, OTHER, _mg(amount, unit)),)
    if len(found) == 1 and (worn := strengths.mcg_per_h(name, amount, _unit(unit))) is not None:
        return (Part(found[0], _groups()[found[0]], None, worn),)
    amounts = _amounts(name, len(found), amount, unit)
    return tuple(Part(d, _groups()[d], mg) for d, mg in zip(found, amounts, strict=True))


def daily_totals(doses: pl.DataFrame) -> pl.DataFrame:
    """A row (DAILY_MEDICINES) for each day, class and medicine. `doses` is the DOSES table."""
    taken: dict[tuple[date, str, str], list[float | None]] = defaultdict(list)
    for day, part in _taken(doses):
        taken[day, part.group, part.drug].append(part.mg)
    rows = [
        (*key, len(amounts), _sum(mg for mg in amounts if mg is not None), _sum(amounts))
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
        return f"Pain medicine days stayed at {now} a week."
    verb = "fell" if now < before else "rose"
    return f"Pain medicine days {verb} from {before} to {now} a week."


def mme(drug: str, mg: float | None = None, mcg_per_h: float | None = None) -> float | None:
    """Morphine milligram equivalents a day (CDC 2022), for clinicians.

    None for a medicine without a factor there (buprenorphine, dihydrocodeine, pethidine) and
    for an amount that isn't known: never a guess.
    """
    table = medicine_rules()["mme"]
    if drug in table["mcg_per_h"]:
        return None if mcg_per_h is None else float(table["mcg_per_h"][drug] * mcg_per_h)
    factor = table["mg"].get(drug)
    return None if factor is None or mg is None else float(factor * mg)


def daily_mme(doses: pl.DataFrame) -> dict[date, float | None]:
    """MME of each day with an opioid, None where one of them can't be told; for clinicians.

    A patch counts for the day it is noted and the two after, until the next one.
    """
    found: dict[date, list[float | None]] = defaultdict(list)
    patches: dict[date, list[float | None]] = defaultdict(list)
    for day, part in _taken(doses):
        if part.group in OPIOIDS:
            is_patch = part.mcg_per_h is not None
            (patches if is_patch else found)[day].append(mme(part.drug, part.mg, part.mcg_per_h))
    for day, worn in _worn(patches).items():
        found[day] += worn
    return {day: _sum(found[day]) for day in sorted(found)}


def cautions(
    doses: pl.DataFrame, today: date, *, age: int | None = None, days: int = 7, language: str = "en"
) -> tuple[Caution, ...]:
    """What to mind of the last `days` days, the newest day first, the most urgent of it first."""
    totals = daily_totals(doses)
    first = today - timedelta(days=days - 1)
    recent = totals.filter(pl.col("date").is_between(first, today))
    found: list[Caution] = []
    for (day,), rows in recent.group_by("date", maintain_order=True):
        groups = _by_group(rows)
        found += _amount_cautions(day, rows, language)
        found += _pair_cautions(day, groups, age, language)
        if len(_paracetamol_names(doses, day)) > 1:
            found.append(_caution("medicine.two_paracetamol", day, language))
    found += _long_use(totals, today, language)
    order = ("now", "today", "tell")
    return tuple(sorted(found, key=lambda w: (-w.day.toordinal(), order.index(w.urgency))))


def clinician_lines(doses: pl.DataFrame, language: str = "en") -> tuple[str, ...]:
    """For a clinician alone: the days whose MME calls for a look."""
    careful = medicine_rules()["mme"]["careful_from"]
    text = medicine_rules()["clinician"]["mme"][language]
    return tuple(
        text.format(mme=f"{total:g}", day=day.isoformat())
        for day, total in daily_mme(doses).items()
        if total is not None and total >= careful
    )


def class_name(group: str, language: str = "en") -> str:
    """What a class is called for people."""
    names = medicine_rules()["classes"].get(group)
    return names[language] if names else "another medicine"


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
def _drugs_in(name: str) -> tuple[str, ...]:
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


def _taken(doses: pl.DataFrame) -> Iterable[tuple[date, Part]]:
    known = doses.drop_nulls(["date", "medicine"]).select("date", "medicine", "amount", "unit")
    for day, medicine, amount, unit in known.iter_rows():
        for part in parts(medicine, amount, unit):
            yield day, part


def _worn(patches: Mapping[date, list[float | None]]) -> dict[date, list[float | None]]:
    span = medicine_rules()["mme"]["patch_days"]
    worn: dict[date, list[float | None]] = {}
    for day in sorted(patches):
        for n in range(span):
            worn[day + timedelta(days=n)] = patches[day]
    return worn


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return round(total, 6)


def _by_group(rows: pl.DataFrame) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for group, drug in rows.select("class", "drug").iter_rows():
        groups[group].append(drug)
    return groups


def _caution(name: str, day: date, language: str, **words: str | int) -> Caution:
    entry = next(w for w in medicine_rules()["caution"] if w["id"] == name)
    source = Source(entry["source"], entry["mark"])
    return Caution(name, day, entry["urgency"], entry["text"][language].format(**words), source)


def _amount_cautions(day: date, rows: pl.DataFrame, language: str) -> Iterable[Caution]:
    limits = {entry["drug"]: entry for entry in medicine_rules()["maximum"]}
    for drug, mg in _known_mg(rows):
        limit = limits.get(drug)
        if limit is None or mg <= limit["mg"]:
            continue
        if mg > limit.get("harm_mg", float("inf")):
            harm = f"{limit['harm_mg']:,}"
            yield _caution("medicine.liver", day, language, mg=f"{mg:,.0f}", max=harm)
        else:
            most = f"{limit['mg']:,}"
            yield _caution(
                "medicine.over_label", day, language, drug=drug, mg=f"{mg:,.0f}", max=most
            )


def _known_mg(rows: pl.DataFrame) -> Iterable[tuple[str, float]]:
    return rows.select("drug", "known_mg").iter_rows()


def _pair_cautions(
    day: date, groups: Mapping[str, list[str]], age: int | None, language: str
) -> Iterable[Caution]:
    nsaids = [drug for group in NSAIDS for drug in groups.get(group, ())]
    opioids = [drug for group in OPIOIDS for drug in groups.get(group, ())]
    thinners, calming = groups.get("anticoagulant", []), groups.get("benzodiazepine", [])

    def warn(name: str, drugs: list[str]) -> Caution:
        return _caution(name, day, language, drugs=" and ".join(drugs))

    if len(nsaids) > 1:
        yield warn("medicine.two_nsaids", nsaids)
    if nsaids and thinners:
        yield warn("medicine.nsaid_blood_thinner", nsaids + thinners)
    if nsaids and age is not None and age >= SENIOR_AGE:
        yield warn("medicine.nsaid_age", nsaids)
    if opioids and calming:
        yield warn("medicine.opioid_calming", opioids + calming)


def _paracetamol_names(doses: pl.DataFrame, day: date) -> set[tuple[str, ...]]:
    """The products of a day that hold paracetamol, told apart by what else is in them."""
    names = doses.filter(pl.col("date") == day).get_column("medicine").drop_nulls()
    found = {_drugs_in(" ".join(name.lower().split())) for name in names}
    return {drugs for drugs in found if "paracetamol" in drugs}


def _long_use(totals: pl.DataFrame, today: date, language: str) -> Iterable[Caution]:
    """Of what is sold without a prescription: taken on more than 10 days in a row up to now."""
    label = totals.filter(pl.col("class").is_in(LABEL_CLASSES))
    for (drug,), rows in label.group_by("drug", maintain_order=True):
        days = set(rows.get_column("date").to_list())
        run, day = 0, today if today in days else today - timedelta(days=1)
        while day in days:
            run, day = run + 1, day - timedelta(days=1)
        if run > LONG_DAYS:
            yield _caution("medicine.ten_days", today, language, drug=str(drug), days=run)
