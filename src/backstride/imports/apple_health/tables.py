"""What the scan read, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.imports.apple_health.interned import Ints
from backstride.imports.apple_health.layouts import ABSENT
from backstride.imports.apple_health.numbers import NO_TIME
from backstride.imports.apple_health.rows import TYPED, device, typed
from backstride.imports.apple_health.stream import Row
from backstride.records.tables import INSTANT

MINUTES = -2  # instead of a unit's number: a workout's duration without one


class Rows(NamedTuple):
    """Records kept: what they say as numbers, and texts by theirs (or ABSENT)."""

    kind: Ints
    start: Ints  # microseconds since 1970, UTC
    end: Ints
    value: NDArray[np.float64]
    unit: Ints
    source: Ints
    device: Ints
    offset: Ints  # of the tag in the file
    manual: NDArray[np.bool_]

    @classmethod
    def of(cls, parts: Sequence[Rows]) -> Rows:
        """All parts' rows, one after the other."""
        return cls(*map(np.concatenate, zip(*parts, strict=True)))


def table(rows: Rows, kinds: Sequence[str], texts: Sequence[str]) -> pl.DataFrame:
    """The rows with the schema `TYPED`; `kinds` and `texts` are those of the numbers in them."""
    known = len(texts)
    units = pl.Series([*texts, None, "min"], dtype=pl.String)
    unit = np.where(rows.unit == MINUTES, known + 1, _or(known, rows.unit))
    sources = pl.Series([*texts, "unknown"], dtype=pl.String)
    return pl.DataFrame(
        {
            "kind": pl.Series(kinds, dtype=pl.String).gather(rows.kind),
            "start": _instants(rows.start),
            "end": _instants(rows.end),
            "value": pl.Series(rows.value, dtype=pl.Float64),
            "unit": units.gather(unit),
            "source": sources.gather(_or(known, rows.source)),
            "device": _devices(rows, texts),
            "offset": rows.offset,
        },
        schema=list(TYPED),
    )


def with_odd(frame: pl.DataFrame, odd: Mapping[int, Row], rows: Rows) -> pl.DataFrame:
    """The table with the rows that only expat could read, by their place in it."""
    for place, row in odd.items():
        row[-1] = bool(rows.manual[place])
    plain = np.ones(frame.height, dtype=np.bool_)
    plain[list(odd)] = False
    return pl.concat([frame.filter(plain), typed(list(odd.values()))]).sort("offset")


def _devices(rows: Rows, texts: Sequence[str]) -> pl.Series:
    """The class of each row's device: judged once for each text, source and `manual`."""
    known = len(texts)
    many = known + 1
    text, source = _or(known, rows.device), _or(known, rows.source)
    pairs, place = np.unique((text * many + source) * 2 + rows.manual, return_inverse=True)
    named = pl.Series([*texts, None], dtype=pl.String)
    classes = pl.DataFrame(
        {
            "device_text": named.gather(pairs // 2 // many),
            "source": named.gather(pairs // 2 % many),
            "manual": (pairs % 2).astype(np.bool_),
        }
    ).select(device().alias("device"))
    return classes["device"].gather(place)


def _or(instead: int, ids: Ints) -> Ints:
    """The numbers, with another for those that stand for no text."""
    return np.where(ids == ABSENT, instead, ids)


def _instants(microseconds: Ints) -> pl.Series:
    unknown = microseconds == NO_TIME
    instants = pl.Series(microseconds).cast(INSTANT)
    return instants.set(pl.Series(unknown), None) if unknown.any() else instants
