"""Which source a file is of, by its content, and the reader for it."""

from __future__ import annotations

from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.imports import apple_health, containers, gpx
from backstride.imports.imported import Imported
from backstride.imports.source import Reader, Source, Tell

# In the order in which they are asked: whole histories before the single walks that are
# also found inside them.
READERS = cast("tuple[Reader, ...]", (apple_health, gpx))
SOURCES: tuple[Source, ...] = tuple(reader.SOURCE for reader in READERS)


def detect(path: str | Path) -> str | None:
    """The `key` of the source a file is of, or None for one that isn't read here.

    Looks into the file, or the parts of a zip, never at the file's name. A zip that was cut
    off is still known by its first entry, where that is Apple's; one that is damaged beyond
    that raises UnreadableFile.
    """
    path = Path(path)
    try:
        with containers.opened(path) as files:
            reader = _reader_of(files)
    except UnreadableFile:
        if not apple_health.begins(containers.head_of(path)):
            raise
        return apple_health.SOURCE.key
    return reader.SOURCE.key if reader else None


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
        reader = _reader_of(files)
        if reader is not None:
            return reader.read(files, progress or _ignore, zone)
        if not files.head:
            raise UnreadableFile(path, "the file is empty", "Copy it again from the phone.", 0)
    known = ", ".join(source.name for source in SOURCES)
    raise UnsupportedFormat(
        path,
        "not a file that Backstride can import.",
        f"These are known: {known}. `backstride sources` says what to bring from each.",
    )


def _reader_of(files: containers.Files) -> Reader | None:
    return next((reader for reader in READERS if reader.matches(files)), None)


def _ignore(_done: int, _total: int) -> None:
    return None
