"""`backstride score --doses`: a log of pain medicines, read and summed up."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
import polars as pl

from backstride import outcomes
from backstride.errors import NotEnoughData, UnreadableFile
from backstride.records import DOSES, checked

COLUMNS = ("date", "medicine", "amount", "unit")
MOST_BYTES = 20 << 20
LONGEST_NAME = 80  # as in the diary
EXPECTED = "A CSV with the columns date (YYYY-MM-DD), medicine, amount and unit."


def write(path: Path, until: date | None, age: int | None, clinician: bool, as_json: bool) -> None:
    """Days of use, the last week's totals and what to mind."""
    doses = read_doses(path)
    if doses.is_empty():
        raise NotEnoughData(f"{path.name} holds no medicine.", EXPECTED)
    today = until or max(doses.get_column("date").to_list())
    doses = doses.filter(pl.col("date") <= today)
    if doses.is_empty():
        raise NotEnoughData(f"{path.name} holds no medicine up to {today}.")
    if as_json:
        click.echo(json.dumps(_summary(doses, today, age, clinician), indent=2, default=str))
        return
    for line in _lines(doses, today, age, clinician):
        click.echo(line)


def read_doses(path: Path) -> pl.DataFrame:
    """The log as a DOSES table. Raises UnreadableFile and reads nothing by half."""
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableFile(path, f"it is larger than {MOST_BYTES >> 20} MB", EXPECTED)
    try:
        text = path.read_text("utf-8-sig")
        rows = csv.DictReader(text.splitlines(), strict=True)
        names = [(name or "").strip().lower() for name in rows.fieldnames or ()]
        rows.fieldnames = names
        if missing := [name for name in COLUMNS if name not in names]:
            raise UnreadableFile(path, f"there is no column {missing[0]!r}", EXPECTED)
        entries = [_entry(path, rows.line_num, row) for row in rows]
    except UnicodeDecodeError as error:
        raise UnreadableFile(path, "it isn't UTF-8 text", EXPECTED, error.start) from error
    except csv.Error as error:
        raise UnreadableFile(path, f"it isn't a CSV ({error})", EXPECTED) from error
    if not entries:
        return checked(pl.DataFrame(schema=DOSES), DOSES)
    return checked(pl.DataFrame(entries, schema={n: DOSES[n] for n in COLUMNS}), DOSES)


def _entry(path: Path, line: int, row: dict[str, str | None]) -> dict[str, Any]:
    given = {name: " ".join((row.get(name) or "").split()) for name in COLUMNS}
    try:
        day = date.fromisoformat(given["date"])
    except ValueError as error:
        said = f"line {line}: {given['date'][:20]!r} is no day"
        raise UnreadableFile(path, said, EXPECTED) from error
    name = given["medicine"]
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UnreadableFile(path, f"line {line}: there is no medicine's name", EXPECTED)
    amount = _amount(path, line, given["amount"])
    return {"date": day, "medicine": name, "amount": amount, "unit": given["unit"]}


def _amount(path: Path, line: int, text: str) -> float | None:
    """None where the cell is empty: taken, but how much isn't known."""
    if not text:
        return None
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not math.isfinite(amount) or amount <= 0:
        raise UnreadableFile(path, f"line {line}: {text[:20]!r} is no amount", EXPECTED)
    return amount


def _lines(doses: pl.DataFrame, today: date, age: int | None, clinician: bool) -> Iterator[str]:
    for caution in outcomes.cautions(doses, today, age=age):
        yield f"{caution.day}: {caution.text}"
    days = outcomes.medicine_days(doses, today)
    if days is not None:
        yield outcomes.trend_words(days[1], days[0])
    for group, count in outcomes.class_days(doses, today).items():
        yield f"  {outcomes.class_name(group)}: {count} of the last 7 days"
    for row in _week(doses, today).iter_rows(named=True):
        amount = "amount not known" if row["mg"] is None else f"{row['mg']:,g} mg"
        yield f"{row['date']} {row['drug']}: {amount} ({row['doses']} noted)"
    if clinician:
        yield from outcomes.clinician_lines(doses)


def _week(doses: pl.DataFrame, today: date) -> pl.DataFrame:
    ago = (pl.lit(today) - pl.col("date")).dt.total_days()
    return outcomes.daily_totals(doses).filter(ago < 7)


def _summary(doses: pl.DataFrame, today: date, age: int | None, clinician: bool) -> dict[str, Any]:
    days = outcomes.medicine_days(doses, today)
    found: dict[str, Any] = {
        "until": today.isoformat(),
        "days_last_7": days and days[0],
        "days_7_before": days and days[1],
        "class_days": outcomes.class_days(doses, today),
        "daily": _week(doses, today).to_dicts(),
        "cautions": [asdict(caution) for caution in outcomes.cautions(doses, today, age=age)],
    }
    if clinician:
        mme = outcomes.daily_mme(doses)
        found["mme"] = {day.isoformat(): total for day, total in mme.items()}
        found["for_clinicians"] = outcomes.clinician_lines(doses)
    return found
