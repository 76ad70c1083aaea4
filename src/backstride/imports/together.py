"""A zip with files of several sources: each is read by its own reader, and all is one import.

So is a Google Takeout with both Fit and Fitbit, and so are walks that different apps exported,
put in one zip. What several of them saw, `merge` counts once, as it does for any sources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, cast

import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports import fitbit, gpx, parts, sift, tcx
from backstride.imports.containers import Bomb, Files
from backstride.imports.imported import Imported
from backstride.imports.source import Reader, Tell
from backstride.records import MEASURES

AND = "+"  # between the keys of several sources


class Companion(Reader, Protocol):
    """A reader of which there may be parts beside those of another source."""

    def own(self, files: Files) -> list[str]:
        """The parts of a zip that are read here."""


_FITBIT, _GPX, _TCX = (cast("Companion", reader) for reader in (fitbit, gpx, tcx))
# By the key of the first source that a file is known by: those that may be in it as well.
COMPANIONS: Mapping[str, tuple[Companion, ...]] = {
    "google_fit": (_FITBIT,),
    "fit": (_GPX, _TCX),
    "gpx": (_TCX,),
}


def companions(files: Files, first: Reader) -> list[Companion]:
    """The readers of which a zip has parts as well."""
    listed = COMPANIONS.get(first.SOURCE.key, ()) if files.is_zip else ()
    return [reader for reader in listed if _is_there(files, reader)]


def key_of(first: Reader, others: Sequence[Reader]) -> str:
    return AND.join(reader.SOURCE.key for reader in (first, *others))


def _is_there(files: Files, reader: Companion) -> bool:
    try:
        return reader.matches(files)
    except Bomb:
        raise
    except UnreadableFile:
        return True  # reading then tells that its parts are damaged


def read(
    files: Files, first: Reader, others: Sequence[Companion], tell: Tell, zone: str
) -> Imported:
    """Each reader's parts as one import; `first` is given what is no one's as well.

    Where a reader can't read any of its parts, that is told as one refused. Raises
    UnreadableFile where none can.
    """
    if not others:
        return first.read(files, tell, zone)
    account, found = sift.Account(), []
    shares = list(_shares(files, first, others))
    damage, done = None, 0
    total = sum(files.size(name) for _, names in shares for name in names)
    for reader, names in shares:
        size = sum(map(files.size, names))
        try:
            with files.only(names):
                found.append(reader.read(files, _within(tell, done, size, total), zone))
        except Bomb:
            raise
        except UnreadableFile as error:
            damage = damage or error
            account.refuse(reader.SOURCE.name, "part", parts.why(error))
        done += size
    if damage is not None and not found:
        raise damage
    return _one(key_of(first, others), found, account, zone)


def _shares(
    files: Files, first: Reader, others: Sequence[Companion]
) -> Iterator[tuple[Reader, list[str]]]:
    left, claimed = set(files.names), []
    for reader in others:
        names = [name for name in reader.own(files) if name in left]
        left -= set(names)
        claimed.append((reader, names))
    yield first, [name for name in files.names if name in left]
    yield from claimed


def _within(tell: Tell, before: int, size: int, total: int) -> Tell:
    """Tells of a reader's progress, in units of its own, as of that through all bytes."""
    return lambda done, of: tell(before + size * done // max(of, 1), total)


def _one(kind: str, found: Sequence[Imported], account: sift.Account, zone: str) -> Imported:
    """What several readers gave, in the order in which a single one gives it."""
    for part in found:
        account.add(
            sift.Account(
                part.notices,
                Counter(part.read_counts),
                Counter(part.skipped_counts),
                Counter(part.refused_counts),
            )
        )

    def all_of(take: Callable[[Imported], pl.DataFrame]) -> pl.DataFrame:
        return pl.concat([take(part) for part in found])

    return Imported(
        kind,
        [all_of(lambda part: part.samples).sort("start", "end", "source", maintain_order=True)],
        account.notices,
        measures=all_of(lambda part: part.measures).sort(list(MEASURES)),
        vendor_days=all_of(lambda part: _comparable(part, found, zone)).sort("date"),
        exported_at=max(filter(None, (part.exported_at for part in found)), default=None),
        birth_year=next(filter(None, (part.birth_year for part in found)), None),
        read_counts=dict(account.read),
        skipped_counts=dict(account.skipped),
        refused_counts=dict(account.refused),
    )


def _comparable(part: Imported, found: Sequence[Imported], zone: str) -> pl.DataFrame:
    """The maker's totals of the days of which no other part has steps, so that both are alike."""
    day = pl.col("start").dt.convert_time_zone(zone).dt.date()
    others = [
        other.samples.filter(pl.col("steps") > 0).select(day.unique()).to_series()
        for other in found
        if other is not part
    ]
    if not others:  # the only one of which anything could be read
        return part.vendor_days
    return part.vendor_days.filter(~pl.col("date").is_in(pl.concat(others).implode()))
