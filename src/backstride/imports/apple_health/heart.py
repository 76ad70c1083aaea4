"""Heart rate during walks: kept small until the walks are known.

A watch writes heart rate more than anything else, and in the export the workouts stand after
all records. So what is kept of each reading is little, and on the disk: readings of the same
source that follow each other within a minute become one entry of 11 bytes. Sums are of whole
hundredths of a beat, so that no order of adding changes them.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.imports.apple_health.kinds import HEART_RATE
from backstride.imports.kept import Spool
from backstride.imports.sift import Account
from backstride.records import MEASURES, checked

_MINUTE_US = 60_000_000
_PER_BEAT = 100
_MAX_BPM = 10_000  # far beyond any heart: bounds the sums
_MAX_RUN = 200  # readings in one entry
_MAX_SOURCES = 1 << 15

Ints = NDArray[np.int64]


# Minute since 1970, sum of readings in hundredths, how many, and whose.
_ENTRY = np.dtype([("minute", "i4"), ("total", "i4"), ("readings", "u1"), ("who", "i2")])
_Entries = NDArray[np.void]


class HeartRates:
    """Readings as they come, of which those within walks are asked for at the end."""

    def __init__(self) -> None:
        self.entries = Spool()
        self.sources: dict[tuple[str, str], int] = {}
        self.readings = 0

    def add(self, good: pl.DataFrame) -> None:
        """Keep rows with `start`, `value` in beats a minute, `source` and `device`."""
        self.readings += good.height
        if good.is_empty():
            return
        minute = (good["start"].to_physical() // _MINUTE_US).to_numpy()
        beats = good["value"].clip(upper_bound=_MAX_BPM).to_numpy()
        hundredths = np.round(beats * _PER_BEAT).astype(np.int64)
        who = self._who(good)
        changes = (np.diff(minute) != 0) | (np.diff(who) != 0)
        first = np.flatnonzero(np.concatenate([[True], changes]))
        first = _no_longer_than(_MAX_RUN, first, good.height)
        count = np.diff(first, append=good.height)
        entries = np.empty(len(first), dtype=_ENTRY)
        entries["minute"], entries["who"] = minute[first], who[first]
        entries["total"], entries["readings"] = np.add.reduceat(hundredths, first), count
        self.entries.add(entries.tobytes())

    def during(self, walks: pl.DataFrame, account: Account) -> pl.DataFrame:
        """MEASURES: the mean of each whole minute within a walk (`start`, `end`), by source.

        The readings used are counted as read, the others as skipped; all are forgotten.
        """
        minutes = _united(walks)
        pieces = map(self.entries.piece, range(len(self.entries)))
        parts = [_within(np.frombuffer(piece, dtype=_ENTRY), *minutes) for piece in pieces]
        self.entries = Spool()
        used = sum(int(part["readings"].sum()) for part in parts)
        if used:
            account.read[HEART_RATE] += used
        if self.readings > used:
            account.skip(HEART_RATE, self.readings - used)
        return self._means(np.concatenate([np.empty(0, dtype=_ENTRY), *parts]))

    def _who(self, good: pl.DataFrame) -> Ints:
        pairs = good.select("source", "device").unique(maintain_order=True)
        numbers = [
            self.sources.setdefault(pair, min(len(self.sources), _MAX_SOURCES - 1))
            for pair in pairs.iter_rows()
        ]
        numbered = pairs.with_columns(who=pl.Series(numbers, dtype=pl.Int64))
        joined = good.select("source", "device").join(
            numbered, on=["source", "device"], how="left", maintain_order="left"
        )
        return joined["who"].to_numpy()

    def _means(self, within: _Entries) -> pl.DataFrame:
        names = list(self.sources)
        entries = pl.DataFrame({name: within[name].astype(np.int64) for name in _ENTRY.names or ()})
        total = pl.col("total").sum() / pl.col("readings").sum() / _PER_BEAT
        means = entries.group_by("minute", "who").agg(total.alias("value"))
        begin = pl.col("minute") * _MINUTE_US
        who = pl.col("who")
        return checked(
            means.select(
                begin.cast(MEASURES["start"]).alias("start"),
                (begin + _MINUTE_US).cast(MEASURES["end"]).alias("end"),
                pl.lit("heart_rate_bpm").alias("measure"),
                "value",
                who.replace_strict(
                    range(len(names)), [n[0] for n in names], return_dtype=pl.String
                ).alias("source"),
                who.replace_strict(
                    range(len(names)), [n[1] for n in names], return_dtype=pl.String
                ).alias("device"),
            ),
            MEASURES,
        )


def _no_longer_than(most: int, first: Ints, length: int) -> Ints:
    """The beginnings of runs, with those more that no run takes more than `most`."""
    begins = np.repeat(first, np.diff(first, append=length))
    return np.flatnonzero((np.arange(length) - begins) % most == 0)


def _united(walks: pl.DataFrame) -> tuple[Ints, Ints]:
    """The minutes from and to which walks last, in order and without overlaps."""
    spans = walks.select(pl.col("start", "end").to_physical()).sort("start").to_numpy()
    start, end = -(-spans[:, 0] // _MINUTE_US), spans[:, 1] // _MINUTE_US
    if not len(start):
        return start, end
    end = np.maximum.accumulate(end)
    begins = np.concatenate([[True], start[1:] > end[:-1]])
    return start[begins], end[np.concatenate([begins[1:], [True]])]


def _within(entries: _Entries, start: Ints, end: Ints) -> _Entries:
    """The entries whose whole minute lies between a start and its end."""
    if not len(start):
        return np.empty(0, dtype=_ENTRY)
    place = np.searchsorted(start, entries["minute"], side="right") - 1
    return entries[(place >= 0) & (entries["minute"] < end[place])]
