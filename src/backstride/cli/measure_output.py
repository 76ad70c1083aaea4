"""A measurement as tables for a terminal, as JSON, and as Parquet files."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
from pathlib import Path
from typing import Any

import click
import polars as pl
from rich import box
from rich.console import Console
from rich.table import Table

from backstride.records.recording import Placement
from backstride.walking import Measurement

WIDEST = 100
NARROWEST = 54
MOST_BOUTS = 60  # on a screen; files hold them all
DAYS_WIDTH = 80  # what the table of days needs, and that of bouts with their gait
UNKNOWN = "–"


def as_tables(measurement: Measurement, by_day: pl.DataFrame, zone: str) -> str:
    """Bouts and days for people; where the terminal is narrow, a day is a list, not a row."""
    width = max(min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST), NARROWEST)
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, highlight=False)
    console.print(_headline(measurement))
    if measurement.bouts.is_empty():
        console.print("No walking was found.")
    else:
        console.print(_bouts(measurement.bouts, zone, width >= DAYS_WIDTH))
    console.print(_days(by_day) if width >= DAYS_WIDTH else _days_as_lists(by_day))
    return buffer.getvalue().rstrip("\n")


def _headline(measurement: Measurement) -> str:
    parts = [
        f"{measurement.source}: {measurement.device}",
        f"{measurement.fs_hz:.3g} Hz",
        f"{measurement.recorded_s / 3600:.2f} h recorded",
    ]
    if measurement.worn_s is not None:
        parts.append(f"{measurement.worn_s / 3600:.2f} h worn")
    if measurement.placement_sure is None:
        return ", ".join(parts)
    if measurement.placement is Placement.UNKNOWN:
        return ", ".join(parts) + "\nWhere the sensor was can't be told (--placement says it)."
    place = measurement.placement.value.replace("_", " ")
    sure = f"{measurement.placement_sure:.0%} sure"
    return f"{', '.join(parts)}\nBy how it moved, the sensor was at: {place} ({sure})."


def _table(title: str, names: list[str]) -> Table:
    """Headers may wrap at a space; cells never do."""
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for name in names:
        table.add_column(name.replace(" ", "\n"), justify="right", no_wrap=True)
    return table


def _bouts(bouts: pl.DataFrame, zone: str, wide: bool) -> Table:
    title = "Bouts of walking"
    if len(bouts) > MOST_BOUTS:
        title = f"The longest {MOST_BOUTS} of {len(bouts):,} bouts (--json has all)"
        length = pl.col("end") - pl.col("start")
        bouts = bouts.top_k(MOST_BOUTS, by=length).sort("start")
    columns = BOUT_COLUMNS | (GAIT_COLUMNS if wide else {})
    table = _table(title, [name for name, _ in columns.values()])
    local = bouts.with_columns(
        (pl.col("end") - pl.col("start")).dt.total_microseconds().truediv(60e6).alias("minutes"),
        pl.col("start").dt.convert_time_zone(zone),
    )
    for row in local.iter_rows(named=True):
        table.add_row(*_cells(row, columns))
    return table


def _cells(row: dict[str, Any], columns: dict[str, tuple[str, str]]) -> list[str]:
    return [
        UNKNOWN if row[key] is None else form.format(row[key]) for key, (_, form) in columns.items()
    ]


BOUT_COLUMNS = {
    "start": ("Start", "{:%Y-%m-%d %H:%M:%S}"),
    "minutes": ("Min", "{:.1f}"),
    "steps": ("Steps", "{:.0f}"),
    "cadence_spm": ("Steps /min", "{:.0f}"),
    "quality": ("Quality", "{}"),
}
GAIT_COLUMNS = {
    "stride_regularity": ("Regu- larity", "{:.2f}"),
    "symmetry": ("Sym- metry", "{:.2f}"),
    "stride_time_cv_percent": ("Stride CV %", "{:.1f}"),
}
DAY_COLUMNS = {
    "date": ("Day", "{}"),
    "steps": ("Steps", "{:,}"),
    "walking_min": ("Walking min", "{:.1f}"),
    "running_min": ("Running min", "{:.1f}"),
    "brisk_min": ("Brisk min", "{:.0f}"),
    "longest_bout_min": ("Longest min", "{:.1f}"),
    "peak30_cadence_spm": ("Peak-30 cadence", "{:.0f}"),
    "wear_h": ("Worn h", "{:.1f}"),
}


def _days(by_day: pl.DataFrame) -> Table:
    table = _table("Days", [name for name, _ in DAY_COLUMNS.values()])
    for row in by_day.iter_rows(named=True):
        table.add_row(*_cells(row, DAY_COLUMNS))
    return table


def _days_as_lists(by_day: pl.DataFrame) -> Table:
    table = Table(title="Days", box=box.SIMPLE_HEAD, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    for row in by_day.iter_rows(named=True):
        for (name, _), cell in zip(DAY_COLUMNS.values(), _cells(row, DAY_COLUMNS), strict=True):
            table.add_row(name, cell)
        table.add_section()
    return table


def description(measurement: Measurement, zone: str) -> dict[str, Any]:
    """What a result rests on: file, device, coverage, notices, version and parameters."""
    return {
        "version": measurement.version,
        "algorithm": measurement.algorithm,
        "params": dataclasses.asdict(measurement.params),
        "source": measurement.source,
        "device": measurement.device,
        "placement": measurement.placement.value,
        "placement_sure": measurement.placement_sure,
        "zone": zone,
        "fs_hz": measurement.fs_hz,
        "start": measurement.start_utc.isoformat() if measurement.start_utc else None,
        "end": measurement.end_utc.isoformat() if measurement.end_utc else None,
        "recorded_s": measurement.recorded_s,
        "worn_s": measurement.worn_s,
        "notices": [dataclasses.asdict(notice) for notice in measurement.notices],
    }


def to_json(measurement: Measurement, by_day: pl.DataFrame, zone: str) -> str:
    """One JSON object: `measurement`, `bouts`, `days`; instants are ISO 8601 in UTC.

    A bout and a day take a line each: months of them needn't be Python objects all at once.
    """
    told = json.dumps({"measurement": description(measurement, zone)}, indent=2, allow_nan=False)
    parts = [told.removesuffix("\n}")]
    for name, table in {"bouts": measurement.bouts.drop("source"), "days": by_day}.items():
        rows = ",\n".join(f"    {_json(row)}" for row in table.iter_rows(named=True))
        parts.append(f'  "{name}": [\n{rows}\n  ]')
    return ",\n".join(parts) + "\n}"


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, default=lambda value: value.isoformat(), allow_nan=False)


def write_parquet(measurement: Measurement, by_day: pl.DataFrame, zone: str, folder: Path) -> None:
    """bouts, days, minutes and steps as `.parquet`; each carries the description as metadata."""
    told = {"backstride": json.dumps(description(measurement, zone))}
    tables = {
        "bouts": measurement.bouts,
        "days": by_day,
        "minutes": measurement.minutes,
        "steps": measurement.steps,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.write_parquet(folder / f"{name}.parquet", metadata=told)
    except OSError as error:
        raise click.ClickException(f"can't write to {folder}: {error}") from error
