"""Our daily totals held against those that the vendor itself counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from backstride.imports.imported import Imported
from backstride.imports.merge import Tables, in_parts

AGREE_SHARE = 0.01
AGREE_STEPS = 20  # an interval across midnight is cut in proportion


@dataclass(frozen=True)
class Agreement:
    """Of `days` local days that both counted `agreed` are within 1 % or 20 steps.

    `worst_date` is the day on which they are furthest apart, with both counts.
    """

    days: int
    agreed: int
    worst_date: date
    worst_steps: int
    worst_vendor_steps: int


def agreement(imported: Imported, zone: str) -> Agreement | None:
    """How our merged days agree with the vendor's, None where it gives no totals.

    Days on which the file holds no steps but a total, and the first and the last day, which
    an export often holds only a part of, are left out. `zone` is the IANA name of the zone
    of the walker's days.
    """
    both = compared(imported.tables, imported.vendor_days, zone)
    if both.is_empty():
        return None
    apart = (both["steps"] - both["vendor_steps"]).abs()
    allowed = (both["vendor_steps"] * AGREE_SHARE).clip(lower_bound=AGREE_STEPS)
    agreed = apart <= allowed
    worst = both.row(int(apart.arg_max() or 0), named=True)
    return Agreement(
        both.height,
        int(agreed.sum()),
        worst["date"],
        round(worst["steps"]),
        worst["vendor_steps"],
    )


def compared(samples: Tables, vendor_days: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Columns date, steps (ours, merged) and vendor_steps of each day that both have."""
    half = (pl.col("end") - pl.col("start")) / 2
    day = (pl.col("start") + half).dt.convert_time_zone(zone).dt.date().alias("date")
    by_day = (part.group_by(day).agg(pl.col("steps").sum()) for part in in_parts(samples, "steps"))
    ours = pl.concat(by_day).group_by("date").agg(pl.col("steps").sum())
    inner = pl.col("date").is_between(ours["date"].min(), ours["date"].max(), closed="none")
    theirs = vendor_days.group_by("date").agg(pl.col("steps").max().alias("vendor_steps"))
    return ours.filter(inner).join(theirs, on="date").sort("date")
