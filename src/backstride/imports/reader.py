"""Which source a file is of, by its content, and the reader for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.imports import apple_health, containers, gpx
from backstride.imports.imported import Imported

# What `detect` can say, with the words for people.
KINDS = {
    apple_health.KIND: "Apple Health export (export.zip or export.xml)",
    gpx.KIND: "GPX walk (.gpx)",
}

# First names in an Apple Health zip: enough to know one whose directory was cut off.
_APPLE_NAME = re.compile(rb"apple_health|/workout-routes/|\.xml$", re.IGNORECASE)


def detect(path: str | Path) -> str | None:
    """The kind of file ("apple_health", "gpx"), or None for one that isn't read here.

    Reads the first 64 KB and, of a zip, its directory and the start of its largest XML
    files; the file's name is not looked at. A zip that was cut off is still known by its
    first entry; one that is damaged beyond that raises UnreadableFile.
    """
    path = Path(path)
    head = containers.head_of(path)
    try:
        kind, _ = _identify(path, head)
    except UnreadableFile:
        if not _APPLE_NAME.search(_first_name(head)):
            raise
        return apple_health.KIND
    return kind


def read(
    path: str | Path, progress: Callable[[int], None] | None = None, zone: str = "UTC"
) -> Imported:
    """Read a file of any kind that `detect` knows: whole, or not at all.

    `progress(done)` is called as `done` of `size_of(path)` units are read. `zone` is the
    IANA name of the zone that the walker's days are in: for times that carry none, and for
    what is judged by the day. Raises UnsupportedFormat for another kind of file and
    UnreadableFile for one that is damaged, truncated or hostile.
    """
    path = Path(path)
    ZoneInfo(zone)  # an unknown zone is the caller's error: raise before reading
    head = containers.head_of(path)
    kind, member = _identify(path, head)
    tell = progress or _ignore
    if kind == apple_health.KIND:
        return apple_health.read(path, member, tell, zone)
    if kind == gpx.KIND:
        return gpx.read(path, tell, zone)
    if not head:
        raise UnreadableFile(path, "the file is empty", "Copy it again from the phone.", 0)
    known = " or ".join(KINDS.values())
    raise UnsupportedFormat(path, "not a file that Backstride can import.", f"Bring: {known}.")


def size_of(path: str | Path) -> int:
    """How far `progress` counts: the bytes of XML, uncompressed."""
    path = Path(path)
    _, member = _identify(path, containers.head_of(path))
    return containers.length(path, member)


def _identify(path: Path, head: bytes) -> tuple[str | None, str | None]:
    """The kind of a file and, in a zip, the name of the member that holds it."""
    if containers.is_zip(head):
        member = containers.find_member(path, apple_health.matches)
        return (apple_health.KIND if member else None), member
    if apple_health.matches(head):
        return apple_health.KIND, None
    if gpx.matches(head):
        return gpx.KIND, None
    return None, None


def _first_name(head: bytes) -> bytes:
    """The name of a zip's first entry: its length stands at byte 26, it at byte 30."""
    return head[30 : 30 + int.from_bytes(head[26:28], "little")]


def _ignore(_done: int) -> None:
    return None
