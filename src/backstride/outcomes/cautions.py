"""What to mind about the medicines of a log: amounts, pairs, long use.

No text tells anyone to stop, lower or change a medicine; a caution is given on what is known,
and an unknown amount doesn't hide it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from backstride.outcomes.instrument import Source
from backstride.outcomes.medication import (
    NSAIDS,
    OPIOIDS,
    daily_totals,
    drugs_in,
    medicine_rules,
)
from backstride.words import listed, say

SENIOR_AGE = 65
LONG_DAYS = 10
LABEL_CLASSES = ("paracetamol", "nsaid")  # sold without a prescription


@dataclass(frozen=True)
class Caution:
    """Something to mind on a day: `urgency` is now, today or tell."""

    id: str
    day: date
    urgency: str
    text: str
    source: Source


def cautions(
    doses: pl.DataFrame, today: date, *, age: int | None = None, days: int = 7
) -> tuple[Caution, ...]:
    """What to mind of the last `days` days, the newest day first, the most urgent of it first."""
    totals = daily_totals(doses)
    first = today - timedelta(days=days - 1)
    recent = totals.filter(pl.col("date").is_between(first, today))
    found: list[Caution] = []
    for (day,), rows in recent.group_by("date", maintain_order=True):
        groups = _by_group(rows)
        found += _amount_cautions(day, rows)
        found += _pair_cautions(day, groups, age)
        if len(_paracetamol_names(doses, day)) > 1:
            found.append(_caution("medicine.two_paracetamol", day))
    found += _long_use(totals, today)
    order = ("now", "today", "tell")
    return tuple(sorted(found, key=lambda w: (-w.day.toordinal(), order.index(w.urgency))))


def _by_group(rows: pl.DataFrame) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for group, drug in rows.select("class", "drug").iter_rows():
        groups[group].append(drug)
    return groups


def _caution(name: str, day: date, **words: str | int) -> Caution:
    entry = next(w for w in medicine_rules()["caution"] if w["id"] == name)
    source = Source(entry["source"], entry["mark"])
    return Caution(name, day, entry["urgency"], say(entry["text"], **words), source)


def _amount_cautions(day: date, rows: pl.DataFrame) -> Iterable[Caution]:
    # No sign between thousands: "3.000 mg" is 3 mg to many who read Spanish.
    limits = {entry["drug"]: entry for entry in medicine_rules()["maximum"]}
    for drug, mg in _known_mg(rows):
        limit = limits.get(drug)
        if limit is None or mg <= limit["mg"]:
            continue
        if mg > limit.get("harm_mg", float("inf")):
            yield _caution("medicine.liver", day, mg=round(mg), max=limit["harm_mg"])
        else:
            most = limit["mg"]
            yield _caution("medicine.over_label", day, drug=say(drug), mg=round(mg), max=most)


def _known_mg(rows: pl.DataFrame) -> Iterable[tuple[str, float]]:
    return rows.select("drug", "known_mg").iter_rows()


def _pair_cautions(
    day: date, groups: Mapping[str, list[str]], age: int | None
) -> Iterable[Caution]:
    nsaids = [drug for group in NSAIDS for drug in groups.get(group, ())]
    opioids = [drug for group in OPIOIDS for drug in groups.get(group, ())]
    thinners, calming = groups.get("anticoagulant", []), groups.get("benzodiazepine", [])

    def warn(name: str, drugs: list[str]) -> Caution:
        return _caution(name, day, drugs=listed(say(drug) for drug in drugs))

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
    found = {drugs_in(" ".join(name.lower().split())) for name in names}
    return {drugs for drugs in found if "paracetamol" in drugs}


def _long_use(totals: pl.DataFrame, today: date) -> Iterable[Caution]:
    """Of what is sold without a prescription: taken on more than 10 days in a row up to now."""
    label = totals.filter(pl.col("class").is_in(LABEL_CLASSES))
    for (drug,), rows in label.group_by("drug", maintain_order=True):
        days = set(rows.get_column("date").to_list())
        run, day = 0, today if today in days else today - timedelta(days=1)
        while day in days:
            run, day = run + 1, day - timedelta(days=1)
        if run > LONG_DAYS:
            yield _caution("medicine.ten_days", today, drug=say(str(drug)), days=run)
