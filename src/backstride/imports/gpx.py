"""GPX: recorded walks, one file or a zip of them, as samples of distance and walking time.

GPX knows no steps: null. How points become samples stands in `track`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from backstride.errors import UnreadableFile
from backstride.imports import sift, times, xml
from backstride.imports.containers import Files
from backstride.imports.imported import Imported
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.imports.track import Sport, Track, is_sound, samples_of
from backstride.records import Notices

if TYPE_CHECKING:
    import gpxpy.gpx

SOURCE = Source(
    key="gpx",
    name="GPX walk",
    files="a .gpx, or a zip of several",
    gives="metres and walking minutes; a GPX has no steps",
    checked=Checked.REAL_FILES,
    how=tuple(
        How(
            where,
            (
                "Open the walk in the app that recorded it.",
                "Look for Export or Share, and choose GPX.",
                "Save the file, then bring it.",
            ),
        )
        for where in Where
    ),
)

# What apps write into a track's <type>; of others the speed decides.
SPORTS = {
    "walking": Sport.WALK,
    "walk": Sport.WALK,
    "hiking": Sport.WALK,
    "hike": Sport.WALK,
    "running": Sport.RUN,
    "run": Sport.RUN,
    "trail_running": Sport.RUN,
}


def is_gpx(head: bytes) -> bool:
    """Whether the first bytes are those of a GPX."""
    return xml.has_root(head, b"gpx")


def matches(files: Files) -> bool:
    return bool(_parts_of(files))


def _parts_of(files: Files) -> list[str]:
    named = files.matching(r"\.gpx$") if files.is_zip else files.names
    return [name for name in named if is_gpx(files.head_of(name))]


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read the tracks of a GPX file, or of each in a zip.

    Times that name no zone are taken to be of `zone`, with a notice. A track of no known
    sport whose median speed while moving is above 3 m/s is kept, flagged, not counted.
    Raises UnreadableFile for damaged or hostile XML, and for a route that was planned and
    never walked.
    """
    account = sift.Account()
    names = _parts_of(files)
    batches = []
    for done, name in enumerate(names):
        document = parse(files, name)
        tracks, sport = tracks_of(document, zone, account)
        if not tracks:
            raise UnreadableFile(files.path, _why_empty(document), xml.HINT)
        source = document.creator or "GPX"
        batches.append(samples_of(tracks, source, "app", account.notices, sport))
        tell(done + 1, len(names))
    return sift.finished(SOURCE.key, batches, account, zone)


def parse(files: Files, name: str) -> gpxpy.gpx.GPX:
    """A part that is a GPX, as gpxpy reads it. Raises UnreadableFile."""
    content = files.whole(name, xml.MAX_FILE)
    xml.check(files.path, content)
    import gpxpy.gpx  # here: a tenth of a second that other commands needn't wait for

    try:
        return gpxpy.parse(content.decode("utf-8-sig"))
    except (gpxpy.gpx.GPXException, ValueError, OverflowError) as error:
        raise UnreadableFile(files.path, f"the GPX is damaged: {error}", xml.HINT) from error


def tracks_of(
    document: gpxpy.gpx.GPX, zone: str, account: sift.Account
) -> tuple[list[Track], Sport]:
    """One track for each segment that has sound points, and the sport of the first track."""
    rows_of = (list(_points(segment, zone, account)) for segment in _segments(document))
    tracks = [_track(np.array(rows, dtype=np.float64)) for rows in rows_of if rows]
    kinds = [(track.type or "").strip().lower() for track in document.tracks]
    sport = next((SPORTS[kind] for kind in kinds if kind in SPORTS), Sport.UNKNOWN)
    return tracks, sport


def _segments(document: gpxpy.gpx.GPX) -> Iterator[gpxpy.gpx.GPXTrackSegment]:
    return (segment for track in document.tracks for segment in track.segments)


def _points(
    segment: gpxpy.gpx.GPXTrackSegment, zone: str, account: sift.Account
) -> Iterator[tuple[float, float, float]]:
    """Epoch seconds, latitude and longitude of each point that can be believed."""
    for number, point in enumerate(segment.points, 1):
        at = None if point.time is None else _instant(point.time, zone, account.notices)
        row = (at if at is not None else np.nan, point.latitude, point.longitude)
        if is_sound(*row) and not np.isnan(point.latitude):
            account.read["track point"] += 1
            yield row
        else:
            account.refused["track point"] += 1
            text = "Refused: points without a time or with an impossible place or date."
            account.notices.add("track.point", text, f"point {number}")


def _track(rows: np.ndarray) -> Track:
    unknown = np.full(len(rows), np.nan)
    return Track(rows[:, 0], rows[:, 1], rows[:, 2], distance_m=unknown, steps=unknown)


def _why_empty(document: gpxpy.gpx.GPX) -> str:
    if any(segment.points for segment in _segments(document)):
        return "its points carry no times, so it is a planned route, not a recorded walk"
    if document.routes or document.waypoints:
        return "it holds a planned route or places, not a recorded walk"
    return "it holds no track"


def _instant(time: datetime, zone: str, notices: Notices) -> float | None:
    if time.tzinfo is None:
        times.say_assumed(notices, zone)
        time = time.replace(tzinfo=ZoneInfo(zone))
    try:
        return time.timestamp()
    except (OverflowError, ValueError):
        return None
