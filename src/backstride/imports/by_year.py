"""Samples of many batches, year by year: putting them in order then needs room for a year alone.

Held twice at once, the samples of a long history take more memory than all of reading it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

MANY = 30_000  # rows that are parted at once


class ByYear:
    """Tables of SAMPLES as they come, parted by the local year of their start."""

    def __init__(self, zone: str, batches: Iterable[pl.DataFrame] = ()) -> None:
        self.zone = zone
        self.years: dict[int, list[pl.DataFrame]] = {}
        self.few: list[pl.DataFrame] = []
        for batch in batches:
            self.add(batch)

    def add(self, batch: pl.DataFrame) -> None:
        """Take more rows."""
        self.few.append(batch)
        if sum(one.height for one in self.few) >= MANY:
            self._part()

    def tables(self) -> Iterator[pl.DataFrame]:
        """One table a year, in order, its rows as they came; each is then no longer held here."""
        self._part()
        for year in sorted(self.years):
            yield pl.concat(self.years.pop(year))

    def _part(self) -> None:
        if not self.few:
            return
        year = pl.col("start").dt.convert_time_zone(self.zone).dt.year()
        whole = pl.concat(self.few).with_columns(year.alias("year"))
        self.few = []
        for (one,), part in whole.partition_by("year", as_dict=True).items():
            self.years.setdefault(one, []).append(part.drop("year"))
