"""Which source a file is of, by its content, and the reader for it."""

from __future__ import annotations

from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import polars as pl

from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.imports import (
    apple_health,
    containers,
    fit,
    fitbit,
    garmin,
    google_fit,
    gpx,
    health_connect,
    open_mhealth,
    oura,
    plain_csv,
    samsung_health,
    strava,
    tcx,
    together,
    withings,
)
from backstride.imports.imported import Imported
from backstride.imports.kept import give_back
from backstride.imports.source import Reader, Source, Tell
from backstride.words import say

# In the order in which they are asked: whole histories before the single walks that are
# also found inside them.
READERS = cast(
    "tuple[Reader, ...]",
    (
        apple_health,
        health_connect,
        google_fit,
        fitbit,
        garmin,
        samsung_health,
        strava,
        withings,
        oura,
        open_mhealth,
        fit,
        gpx,
        tcx,
        plain_csv,
    ),
)
SOURCES: tuple[Source, ...] = tuple(reader.SOURCE for reader in READERS)


def detect(path: str | Path) -> str | None:
    """The `key` of the source a file is of, or None for one that isn't read here.

    A zip with files of several sources has all their keys: "google_fit+fitbit".

    Looks into the file, or the parts of a zip, never at the file's name. A zip that was cut
    off is still known by its first entry, where that is Apple's; one that is damaged beyond
    that raises UnreadableFile.
    """
    path = Path(path)
    try:
        with containers.opened(path) as files:
            known = _readers_of(files)
    except UnreadableFile:
        if not apple_health.begins(containers.head_of(path)):
            raise
        return apple_health.SOURCE.key
    return together.key_of(*known) if known else None


def read(path: str | Path, progress: Tell | None = None, zone: str = "UTC") -> Imported:
    """Read a file of any source that `detect` knows: whole, or not at all.

    `progress(done, total)` is called as reading goes on. `zone` is the IANA name of the zone
    that the walker's days are in: for times that carry none, and for what is judged by the
    day. Raises UnsupportedFormat for another kind of file and UnreadableFile for one that is
    damaged, truncated or hostile.
    """
    path = Path(path)
    ZoneInfo(zone)  # an unknown zone is the caller's error: raise before reading
    with containers.opened(path) as files:
        known = _readers_of(files)
        if known:
            try:
                return together.read(files, *known, progress or _ignore, zone)
            except pl.exceptions.PanicException as error:  # a bug of Polars, and no Exception
                what = say("reading it failed for a reason that isn't the file's")
                raise UnreadableFile(path, what, say("Please report it with the file.")) from error
            finally:
                give_back()
        if not files.head:
            raise UnreadableFile(
                path, say("the file is empty"), say("Copy it again from the phone."), 0
            )
    names = ", ".join(source.name for source in SOURCES)
    raise UnsupportedFormat(
        path,
        say("not a file that Backstride can import."),
        say(
            "These are known: {names}. `backstride sources` says what to bring from each.",
            names=names,
        ),
    )


def _readers_of(files: containers.Files) -> tuple[Reader, list[together.Companion]] | None:
    """The first reader that knows the file, and the others of which it has parts."""
    first = next((reader for reader in READERS if reader.matches(files)), None)
    return (first, together.companions(files, first)) if first else None


def _ignore(_done: int, _total: int) -> None:
    return None
