"""From overlapping intervals of several sources to what happened once.

The one place where this is done. At every moment the preferred source that covers it
counts, at its own rate; others fill the time it doesn't cover. An interval that is covered
in part counts in proportion to the time that is left to it. Apple's own daily totals are
made this way.

Which intervals cover time:
- rows with a `flag`, or without a value for the quantity, don't exist here;
- an interval of zero steps covers nothing, since a phone on a table and a watch on its
  charger write zeros too; only a `sensor`, whose wear is known, may say "nobody walked";
- an interval without length (start = end) is taken to last one second from its start.

Within one source an interval that came twice counts once, and where different intervals
overlap the one of the highest rate counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.records import SAMPLES, Schema, checked, empty

# What is worn sees more walking than what is carried; what is typed in sees least.
DEVICES = ("sensor", "watch", "phone", "app", "manual")
QUANTITIES = ("steps", "distance_m", "walking_s")
INSTANT_US = 1_000_000
MANY = 25_000  # rows that are merged at once, which bounds the memory

Int = NDArray[np.int64]
# SAMPLES: one table, or several that follow each other in order of start.
Tables = pl.DataFrame | Iterable[pl.DataFrame]


def merge(
    samples: pl.DataFrame, quantity: str = "steps", order: Sequence[str] | None = None
) -> pl.DataFrame:
    """The intervals of `quantity` with each moment counted once.

    `samples` has the schema SAMPLES (its row order doesn't matter); `order` names sources
    from the most to the least preferred, those it doesn't name come after it by device
    (sensor, watch, phone, app, manual), then by name. Returns columns start, end, the
    quantity (same unit, fractions kept), source and device, sorted, never overlapping.
    Raises ValueError for a quantity or a device that isn't known.
    """
    return pl.concat(in_parts(samples, quantity, order))


def total(samples: Tables, quantity: str = "steps", order: Sequence[str] | None = None) -> float:
    """What `merge` comes to, in less memory."""
    return float(sum(part[quantity].sum() for part in in_parts(samples, quantity, order)))


def in_parts(
    samples: Tables, quantity: str = "steps", order: Sequence[str] | None = None
) -> Iterator[pl.DataFrame]:
    """What `merge` gives, as tables that follow each other in time; at least one.

    The samples are parted at moments over which none of them reaches: who counts depends on
    those that cover a moment alone, so that the parts are the same as the whole.
    """
    if quantity not in QUANTITIES:
        raise ValueError(f"quantity {quantity!r} is none of {QUANTITIES}")
    rest = empty(SAMPLES)
    for table in [samples] if isinstance(samples, pl.DataFrame) else samples:
        rest = pl.concat([rest, checked(table, SAMPLES)])
        if rest.height <= MANY:
            continue
        rows = _in_time(rest, quantity)
        borders = _borders(rows)
        for first, last in pairwise(borders[:-1]):
            yield _merged(rest[rows["row"][first:last]], quantity, order or ())
        rest = rest[rows["row"][borders[-2] :]]  # the next table may reach into it
    yield _merged(rest, quantity, order or ())


def _in_time(samples: pl.DataFrame, quantity: str) -> pl.DataFrame:
    """The rows that count by their number, in order of start: row, start_us, end_us."""
    start_us = pl.col("start").to_physical()
    last_us = pl.max_horizontal(pl.col("end").to_physical(), start_us + INSTANT_US)
    return (
        samples.lazy()
        .with_row_index("row")
        .filter(_counts(quantity) & pl.col("start").is_not_null())
        .select("row", start_us.alias("start_us"), last_us.alias("end_us"))
        .sort("start_us")
        .collect()
    )


def _borders(rows: pl.DataFrame) -> list[int]:
    """Where rows in order of start are parted: 0, ..., their count."""
    free = rows.select((pl.col("start_us") >= pl.col("end_us").cum_max().shift()).arg_true())
    at = free.to_series().to_numpy()
    borders = [0]
    while rows.height - borders[-1] > MANY:
        later = np.searchsorted(at, borders[-1] + MANY)
        if later == len(at):
            break
        borders.append(int(at[later]))
    return [*borders, rows.height]


def _merged(samples: pl.DataFrame, quantity: str, order: Sequence[str]) -> pl.DataFrame:
    ranked = _ranked(samples, quantity, order)
    if ranked.is_empty():
        return ranked.select(*_schema(quantity))
    start, end = ranked["start_us"].to_numpy(), ranked["end_us"].to_numpy()
    times, winner = _winners(start, end)
    first, last = _runs(winner)
    row = winner[first]
    whole = end[row] - start[row]
    share = (times[last] - times[first]) / whole
    taken = ranked[row]
    return taken.select(
        pl.Series("start", times[first]).cast(SAMPLES["start"]),
        pl.Series("end", times[last]).cast(SAMPLES["end"]),
        pl.col(quantity) * pl.Series(share),
        "source",
        "device",
    )


def _counts(quantity: str) -> pl.Expr:
    value = pl.col(quantity)
    return (
        pl.col("flag").is_null()
        & value.is_finite()
        & ((value > 0) | ((value == 0) & (pl.col("device") == "sensor")))
    )


def _schema(quantity: str) -> Schema:
    return {name: SAMPLES[name] for name in ("start", "end", quantity, "source", "device")}


def _ranked(samples: pl.DataFrame, quantity: str, order: Sequence[str]) -> pl.DataFrame:
    """The rows that count, best first: a row wins over every row below it.

    Rows that came twice stand side by side and the upper one wins everywhere.
    """
    value = pl.col(quantity)
    rows = samples.filter(_counts(quantity)).select(*_schema(quantity))
    start_us, end_us = pl.col("start").to_physical(), pl.col("end").to_physical()
    length = pl.when(end_us == start_us).then(INSTANT_US).otherwise(end_us - start_us)
    return (
        rows.join(_places(rows, order), on=["source", "device"], how="left", nulls_equal=True)
        .with_columns(start_us.alias("start_us"), (start_us + length).alias("end_us"))
        .filter(pl.col("end_us") > pl.col("start_us"))
        .with_columns((-value / length).alias("slowness"))
        .sort("place", "slowness", "start_us", "end_us", quantity)
    )


def _places(rows: pl.DataFrame, order: Sequence[str]) -> pl.DataFrame:
    """Each source and device with its place in the order of preference, 0 the first."""
    pairs = rows.select("source", "device").unique().rows()
    strange = {device for _, device in pairs} - set(DEVICES)
    if strange:
        raise ValueError(f"devices {sorted(map(str, strange))} are none of {DEVICES}")
    named = {name: place for place, name in reversed(list(enumerate(order)))}
    pairs.sort(key=lambda p: (named.get(p[0], len(order)), DEVICES.index(p[1]), p[0] or ""))
    schema = {"source": pl.String, "device": pl.String}
    return pl.DataFrame(pairs, schema=schema, orient="row").with_row_index("place")


def _winners(start: Int, end: Int) -> tuple[Int, Int]:
    """The sorted distinct boundaries and, for each stretch between two, the lowest row.

    A stretch that no row covers has -1. Each row's range of stretches is laid down as two
    overlapping blocks whose length is a power of two, then the blocks are passed down by
    halves: n log n, without a Python loop over rows.
    """
    times = np.sort(np.concatenate([start, end]))
    times = times[np.concatenate([[True], np.diff(times) > 0])]
    nobody = len(start)
    low, high = np.searchsorted(times, start), np.searchsorted(times, end)
    level = np.frexp((high - low).astype(np.float64))[1] - 1
    best = np.full(len(times), nobody, dtype=np.int64)
    for k in range(int(level.max()), -1, -1):
        here = np.flatnonzero(level == k)
        np.minimum.at(best, low[here], here)
        np.minimum.at(best, high[here] - (1 << k), here)
        if k:
            half = 1 << (k - 1)
            # `best[i]` speaks for 2 * half stretches: hand its word to the second half too.
            best[half:] = np.minimum(best[half:], best[:-half])
    best[best == nobody] = -1
    return times, best[:-1]


def _runs(winner: Int) -> tuple[Int, Int]:
    """First and one-past-last index of each run of one winning row; -1 is left out."""
    change = np.flatnonzero(np.diff(winner)) + 1
    first = np.concatenate([[0], change])
    last = np.concatenate([change, [len(winner)]])
    kept = winner[first] >= 0
    return first[kept], last[kept]
