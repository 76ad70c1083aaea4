"""Morphine equivalents of opioids (CDC 2022), for clinicians alone.

Never for changing from one opioid to another, and never a guess: what has no factor, or no
amount, makes the day's total unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from backstride.outcomes.medication import OPIOIDS, medicine_rules, taken_parts, total_of


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
    return {day: total_of(each) for day, each in _by_day(doses).items()}


def clinician_lines(doses: pl.DataFrame) -> tuple[str, ...]:
    """For a clinician alone: the days whose MME, as far as it is known, calls for a look."""
    careful = medicine_rules()["mme"]["careful_from"]
    words = medicine_rules()["clinician"]
    lines = []
    for day, each in _by_day(doses).items():
        known = total_of(one for one in each if one is not None) or 0.0
        if known >= careful:
            least = words["at_least"] if None in each else ""
            lines.append(words["mme"].format(mme=f"{least}{known:g}", day=day.isoformat()))
    return tuple(lines)


def _by_day(doses: pl.DataFrame) -> dict[date, list[float | None]]:
    """The MME of each dose by day, in order of time; None where it can't be told."""
    found: dict[date, list[float | None]] = defaultdict(list)
    patches: dict[date, list[float | None]] = defaultdict(list)
    for day, part in taken_parts(doses):
        if part.group in OPIOIDS:
            is_patch = part.mcg_per_h is not None
            (patches if is_patch else found)[day].append(mme(part.drug, part.mg, part.mcg_per_h))
    for day, worn in _worn(patches).items():
        found[day] += worn
    return {day: found[day] for day in sorted(found)}


def _worn(patches: Mapping[date, list[float | None]]) -> dict[date, list[float | None]]:
    span = medicine_rules()["mme"]["patch_days"]
    worn: dict[date, list[float | None]] = {}
    for day in sorted(patches):
        for n in range(span):
            worn[day + timedelta(days=n)] = patches[day]
    return worn
