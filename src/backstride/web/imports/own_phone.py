"""Walks that Backstride itself recorded on a phone: known by a mark in their Parquet file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from backstride.walking import Measurement, days

MARK = {"backstride.recorded": "walk with me"}
SOURCE = "Backstride on this phone"
DEVICE = "phone"  # carried, so what is worn sees more and wins in the merge
BIN_S = 15  # over so many seconds the course of cadence is taken


def is_ours(path: Path) -> bool:
    """Whether this Parquet file is a walk recorded in the browser."""
    known = pl.read_parquet_metadata(path)
    return all(known.get(key) == value for key, value in MARK.items())


def as_phone(samples: pl.DataFrame) -> pl.DataFrame:
    """The samples under this source's own name, as a phone's."""
    return samples.with_columns(source=pl.lit(SOURCE), device=pl.lit(DEVICE))


def told(measured: Measurement) -> dict[str, Any]:
    """What the walk's page shows, as plain JSON.

    `steps`; `walking_s` of all bouts; `brisk_min`, minutes of 100 steps or more; `cadence_spm`
    over the bouts; `bouts` with `from_s` and `to_s` from `start`; `course`, the steps a minute
    of each 15 s from `start` on.
    """
    start = measured.start_utc
    bouts = measured.bouts
    if start is None:
        return {"start": None, "steps": 0, "bouts": [], "course": []}
    of_days = days(measured.minutes, measured.bouts, "UTC")
    passed = measured.steps["at"] - start
    bins = (passed.dt.total_milliseconds() // (1000 * BIN_S)).to_list()
    last = int((measured.end_utc - start) / timedelta(seconds=BIN_S))
    counts = [0] * (last + 1)
    for at in bins:
        counts[min(max(at, 0), last)] += 1
    walking_s = (bouts["end"] - bouts["start"]).dt.total_milliseconds().sum() / 1000
    return {
        "start": start.isoformat(),
        "steps": measured.steps.height,
        "walking_s": round(walking_s, 1),
        "brisk_min": of_days["brisk_min"].sum(),
        "cadence_spm": _whole(60 * bouts["steps"].sum() / walking_s if walking_s else None),
        "bouts": [
            {
                "from_s": round((bout["start"] - start).total_seconds(), 1),
                "to_s": round((bout["end"] - start).total_seconds(), 1),
                "steps": _whole(bout["steps"]),
                "cadence_spm": _whole(bout["cadence_spm"]),
                "quality": bout["quality"],
            }
            for bout in bouts.iter_rows(named=True)
        ],
        "course": [round(60 * count / BIN_S) for count in counts],
    }


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)
