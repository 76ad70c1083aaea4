"""What the compiled scan writes into, and what it wrote as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backstride.imports.apple_health import kernels
from backstride.imports.apple_health.number_kernels import NO_TIME, TEXT
from backstride.imports.apple_health.rows import TYPED, device, typed
from backstride.imports.apple_health.stream import Row
from backstride.imports.apple_health.string_kernels import Strings
from backstride.imports.apple_health.tag_kernels import ABSENT
from backstride.imports.apple_health.xml_kernels import PAD
from backstride.imports.sift import MAX_KINDS
from backstride.records.tables import INSTANT

ROWS = 1 << 15
STRINGS = 1 << 12
ARENA = 1 << 20

Ints = NDArray[np.int64]


def state() -> Ints:
    """Where the scan stands before the first byte."""
    made = np.zeros(kernels.STATE_SIZE, dtype=np.int64)
    made[kernels.ROW] = ABSENT
    return made


def strings(count: int, arena: int) -> Strings:
    """Room for so many texts, of so many bytes in all."""
    slots = 1 << (2 * count).bit_length()
    return Strings(
        np.zeros(slots, dtype=np.int32),
        np.zeros(count, dtype=np.int64),
        np.zeros(arena, dtype=np.uint8),
        np.zeros(1, dtype=np.int64),
    )


def kinds(wanted: int) -> kernels.Kinds:
    """Room for the types wanted and for MAX_KINDS others; as yet none is wanted."""
    count = wanted + MAX_KINDS
    names = strings(count, count * kernels.MAX_TYPE + PAD)
    return kernels.Kinds(names, np.zeros(1, dtype=np.int64), np.zeros(count, dtype=np.int64))


def rows() -> kernels.Rows:
    """Room for `ROWS` records."""

    def ints() -> Ints:
        return np.zeros(ROWS, dtype=np.int64)

    return kernels.Rows(
        kind=ints(),
        start=ints(),
        end=ints(),
        value=np.zeros(ROWS),
        text=np.zeros((ROWS, TEXT), dtype=np.uint8),
        unit=ints(),
        source=ints(),
        device=ints(),
        offset=ints(),
        manual=np.zeros(ROWS, dtype=np.bool_),
    )


def table(
    kept: kernels.Rows, count: int, wanted: Sequence[str], texts: Sequence[str]
) -> pl.DataFrame:
    """The first `count` rows with the schema `TYPED`; `texts` are those of the ids in them."""
    known = len(texts)
    units = pl.Series([*texts, None, "min"], dtype=pl.String)
    unit = kept.unit[:count]
    unit = np.where(unit == kernels.MINUTES, known + 1, np.where(unit < 0, known, unit))
    sources = pl.Series([*texts, "unknown"], dtype=pl.String)
    return pl.DataFrame(
        {
            "kind": pl.Series(wanted, dtype=pl.String).gather(kept.kind[:count]),
            "start": _instants(kept.start[:count]),
            "end": _instants(kept.end[:count]),
            "value": _values(kept, count),
            "unit": units.gather(unit),
            "source": sources.gather(_or(known, kept.source[:count])),
            "device": _devices(kept, count, texts),
            "offset": kept.offset[:count],
        },
        schema=list(TYPED),
    )


def with_odd(frame: pl.DataFrame, odd: Mapping[int, Row], kept: kernels.Rows) -> pl.DataFrame:
    """The table with the rows that only expat could read, by their place in it."""
    for place, row in odd.items():
        row[-1] = bool(kept.manual[place])
    plain = np.ones(frame.height, dtype=np.bool_)
    plain[list(odd)] = False
    return pl.concat([frame.filter(plain), typed(list(odd.values()))]).sort("offset")


def _devices(kept: kernels.Rows, count: int, texts: Sequence[str]) -> pl.Series:
    """The class of each row's device: judged once for each text, source and `manual`."""
    known = len(texts)
    many = known + 1
    text, source = _or(known, kept.device[:count]), _or(known, kept.source[:count])
    pairs, place = np.unique((text * many + source) * 2 + kept.manual[:count], return_inverse=True)
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
    """The ids, with another for those that stand for no text."""
    return np.where(ids < 0, instead, ids)


def _instants(microseconds: Ints) -> pl.Series:
    unknown = microseconds == NO_TIME
    instants = pl.Series(microseconds).cast(INSTANT)
    return instants.set(pl.Series(unknown), None) if unknown.any() else instants


def _values(kept: kernels.Rows, count: int) -> NDArray[np.float64]:
    values = kept.value[:count].copy()
    long = np.flatnonzero(kept.text[:count, 0])
    if len(long):
        digits = np.ascontiguousarray(kept.text[long]).view(f"S{TEXT}")
        values[long] = digits.astype(np.float64).ravel()
    return values
