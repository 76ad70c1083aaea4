"""How often pain medicine is taken, from the diary."""

from __future__ import annotations

from datetime import date

import polars as pl


def medicine_days(doses: pl.DataFrame, today: date) -> tuple[int, int] | None:
    """Days with any medicine in the last 7 days (today included) and in the 7 before.

    `doses` is the DOSES table. None if no medicine was ever noted, which is unknown, not 0.
    """
    if doses.is_empty():
        return None
    ago = (pl.lit(today) - pl.col("date")).dt.total_days()
    days = doses.select(ago.alias("ago")).unique()["ago"]
    return int(days.is_between(0, 6).sum()), int(days.is_between(7, 13).sum())
