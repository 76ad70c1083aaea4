"""What an import gives: the samples, and an honest account of everything it met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from backstride.records import MEASURES, SAMPLES, VENDOR_DAYS, Notices, empty


@dataclass(frozen=True)
class Imported:
    """One consumer file, read whole or not at all.

    `kind` is the source's key, or several with "+" between them. `tables` have the schema
    `SAMPLES` and follow each other in order of start, each from the disk when it is asked for;
    a row whose `flag` is not null is kept but never counted, and the flag says why. `measures`
    has the schema `MEASURES`, `vendor_days` `VENDOR_DAYS`; both are empty where the file holds
    none. `exported_at` is when the vendor wrote the file (UTC),
    None where it doesn't say; `birth_year` what the file holds about the person, or None.

    The counts are of the file's own records by their type: `read_counts` became samples,
    `skipped_counts` are of kinds that Backstride has no use for, `refused_counts` could not
    be believed (`notices` says why and where).
    """

    kind: str
    tables: Iterable[pl.DataFrame]
    notices: Notices
    measures: pl.DataFrame = field(default_factory=lambda: empty(MEASURES))
    vendor_days: pl.DataFrame = field(default_factory=lambda: empty(VENDOR_DAYS))
    exported_at: datetime | None = None
    birth_year: int | None = None
    read_counts: Mapping[str, int] = field(default_factory=dict)
    skipped_counts: Mapping[str, int] = field(default_factory=dict)
    refused_counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def samples(self) -> pl.DataFrame:
        """All of `tables` as one: of a large export more than should be in memory at once."""
        return pl.concat([empty(SAMPLES), *self.tables])

    @property
    def sample_count(self) -> int:
        return sum(table.height for table in self.tables)

    @property
    def read_count(self) -> int:
        return sum(self.read_counts.values())

    @property
    def skipped_count(self) -> int:
        return sum(self.skipped_counts.values())

    @property
    def refused_count(self) -> int:
        return sum(self.refused_counts.values())

    @property
    def flagged_count(self) -> int:
        return sum(table["flag"].count() for table in self.tables)
