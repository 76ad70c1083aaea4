"""Which days say something: one rule for everyone who counts days."""

from __future__ import annotations

import polars as pl

VALID_WEAR_H = 10.0


def valid_days(days: pl.DataFrame, wear_h: float = VALID_WEAR_H) -> pl.DataFrame:
    """The rows of a DAYS table that count as seen.

    A worn device's day needs 10 h of wear (NHANES convention, clinical-facts 2). A carried
    phone's wear is unknown: its day counts if it has steps, and a day with 0 steps is
    missing, not a day of rest.
    """
    worn = pl.col("wear_h").is_null() | (pl.col("wear_h") >= wear_h)
    return days.filter(pl.col("date").is_not_null() & (pl.col("steps") > 0) & worn)
