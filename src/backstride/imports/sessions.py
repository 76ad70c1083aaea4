"""Walks as spans of time: what lies within them, and what another record already covers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.records import MEASURES, checked, empty

Ints = NDArray[np.int64]

MINUTE_US = 60_000_000


def touching(rows: pl.DataFrame, spans: pl.DataFrame) -> pl.Series:
    """Whether each row's time (start, end; instants) has some in common with any of `spans`.

    A row or span without length takes the microsecond it starts in; one with a null in start
    or end touches nothing.
    """
    whole = rows.select(_WHOLE).to_series()
    start, end = _ends(rows.filter(whole))
    first, last = _ends(spans.filter(_WHOLE))
    # As many spans began before the row's end as ended before its start: none is left.
    began = np.searchsorted(np.sort(first), end, side="left")
    ended = np.searchsorted(np.sort(last), start, side="right")
    touches = np.zeros(rows.height, dtype=np.bool_)
    touches[whole.to_numpy()] = began > ended
    return pl.Series(touches)


_WHOLE = pl.col("start").is_not_null() & pl.col("end").is_not_null()


def _ends(rows: pl.DataFrame) -> tuple[Ints, Ints]:
    start = rows["start"].to_physical().to_numpy()
    end = rows["end"].to_physical().to_numpy()
    return start, np.maximum(end, start + 1)


def minute_means(measures: pl.DataFrame) -> pl.DataFrame:
    """MEASURES as the mean of each clock minute, measure, source and device."""
    if measures.is_empty():
        return empty(MEASURES)
    minute = pl.col("start").dt.truncate("1m")
    means = measures.group_by(minute, "measure", "source", "device").agg(pl.col("value").mean())
    return checked(means.with_columns(end=pl.col("start").dt.offset_by("1m")), MEASURES)


def zeros_joined(samples: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """SAMPLES in which rows of 0 that follow each other are one row of 0.

    Two thirds of a day's minutes are such rows, and they say no more one by one. None spans
    a UTC midnight.
    """
    rows = samples.sort("source", "device", "start", maintain_order=True)
    same = (
        pl.col(name).eq_missing(pl.col(name).shift()) for name in (*columns, "source", "device")
    )
    goes_on = (
        pl.all_horizontal(*same)
        & (pl.max_horizontal(*columns) == 0)
        & (pl.min_horizontal(*columns) == 0)
        & (pl.col("start") == pl.col("end").shift())
        & (pl.col("start").dt.date() == pl.col("start").dt.date().shift())
    ).fill_null(value=False)
    begins = ~rows.select(goes_on).to_series()
    end_of_run = rows["end"].filter(begins.shift(-1, fill_value=True))
    return rows.filter(begins).with_columns(end_of_run.alias("end"))
