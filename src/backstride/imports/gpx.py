"""GPX: recorded walks, one file or a zip of them, as samples of distance and walking time.

GPX itself knows no steps. Garmin's extension of its points (TrackPointExtension v1 and v2,
which Strava and others write too) has a heart rate (`hr`) and a cadence (`cad`): on foot, see
`sensed.steps_of`. How points become samples stands in `track`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports import parts, sensed, sift, times, xml
from backstride.imports.containers import Files
from backstride.imports.imported import Imported
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.imports.track import Floats, Sport, Track, is_sound, samples_of
from backstride.records import MEASURES, Notices, empty
from backstride.words import say

if TYPE_CHECKING:
    import gpxpy.gpx

SOURCE = Source(
    key="gpx",
    name=say("GPX walk"),
    files=say("a .gpx, or a zip of several"),
    gives=say("metres and walking minutes; steps and heart rate only where a watch added them"),
    checked=Checked.REAL_FILES,
    how=tuple(
        How(
            where,
            (
                say("Open the walk in the app that recorded it."),
                say("Look for Export or Share, and choose GPX."),
                say("Save the file, then bring it."),
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
    return any(parts.head_of(files, name) is not None for name in own(files))


def own(files: Files) -> list[str]:
    """The parts of a zip that are read here."""
    return list(parts.of_kind(files, "gpx", is_gpx))


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read the tracks of a GPX file, or of each in a zip.

    Times that name no zone are taken to be of `zone`, with a notice. A track of no known
    sport whose median speed while moving is above 3 m/s is kept, flagged, not counted.
    Raises UnreadableFile for damaged or hostile XML, and for a route that was planned and
    never walked.
    """
    account = sift.Account()
    names = own(files)
    parts.skip_others(files, names, account)
    samples, beats = [], []

    def walk_in(files: Files, name: str) -> Walk:
        return walk_of(files.path, files.whole(name, xml.MAX_FILE), zone, account)

    walks = parts.Parts(files, {"GPX": names}, account, tell)
    for _, walk in walks.of("GPX", walk_in):
        rows, heart = given_by(walk, account)
        samples.append(rows)
        beats.append(heart)
    walks.check()
    return sift.finished(
        SOURCE.key, samples, account, zone, measures=pl.concat([empty(MEASURES), *beats])
    )


@dataclass(frozen=True)
class Walk:
    """What a GPX holds: a track for each segment that has sound points.

    `cadence` and `bpm` are arrays for each track, of its points. `label` is the first sport
    that the file names, in lower case, or empty; `sport` what that means here.
    """

    source: str
    label: str
    sport: Sport
    tracks: list[Track]
    cadence: list[Floats]
    bpm: list[Floats]


def given_by(
    walk: Walk, account: sift.Account, sport: Sport | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """SAMPLES and MEASURES of a walk; `sport` is what is known of it from elsewhere."""
    sport = sport or walk.sport
    tracks = [
        replace(track, steps=sensed.steps_of(track, cadence, account.notices))
        for track, cadence in zip(walk.tracks, walk.cadence, strict=True)
    ]
    rows = samples_of(tracks, walk.source, "app", account.notices, sport)
    if sport is Sport.RUN or not rows["flag"].null_count():
        return rows, empty(MEASURES)  # heart rate is of walks alone
    at = np.concatenate([track.at for track in tracks])
    return rows, sensed.heart_of(at, np.concatenate(walk.bpm), walk.source, "app")


def walk_of(path: Path, content: bytes, zone: str, account: sift.Account) -> Walk:
    """What a GPX holds. Raises UnreadableFile for bad XML and for one without a walk."""
    document = _parsed(path, content)
    found = (list(_points(segment, zone, account)) for segment in _segments(document))
    tables = [np.array(rows, dtype=np.float64) for rows in found if rows]
    if not tables:
        raise UnreadableFile(path, _why_empty(document), xml.HINT)
    kinds = [(track.type or "").strip().lower() for track in document.tracks]
    known = next((kind for kind in kinds if kind in SPORTS), next(iter(filter(None, kinds)), ""))
    return Walk(
        source=document.creator or "GPX",
        label=known,
        sport=SPORTS.get(known, Sport.UNKNOWN),
        tracks=[_track(table) for table in tables],
        cadence=[table[:, 3] for table in tables],
        bpm=[table[:, 4] for table in tables],
    )


def _parsed(path: Path, content: bytes) -> gpxpy.gpx.GPX:
    xml.check(path, content)
    import gpxpy.gpx  # here: a tenth of a second that other commands needn't wait for

    try:
        return gpxpy.parse(content.decode("utf-8-sig"))
    except (gpxpy.gpx.GPXException, ValueError, OverflowError) as error:
        raise UnreadableFile(
            path, say("the GPX is damaged: {error}", error=error), xml.HINT
        ) from error


def _segments(document: gpxpy.gpx.GPX) -> Iterator[gpxpy.gpx.GPXTrackSegment]:
    return (segment for track in document.tracks for segment in track.segments)


def _points(
    segment: gpxpy.gpx.GPXTrackSegment, zone: str, account: sift.Account
) -> Iterator[tuple[float, ...]]:
    """Epoch seconds, latitude, longitude, cadence and heart rate of each sound point."""
    for number, point in enumerate(segment.points, 1):
        at = None if point.time is None else _instant(point.time, zone, account.notices)
        row = (at if at is not None else np.nan, point.latitude, point.longitude)
        if is_sound(*row) and not np.isnan(point.latitude):
            account.read["track point"] += 1
            yield (*row, _extended(point, "cad"), _extended(point, "hr"))
        else:
            tell_unsound(account, 1, say("point {n}", n=number))


def tell_unsound(account: sift.Account, count: int, where: str = "") -> None:
    """Count points that can't be believed."""
    if count:
        account.refused["track point"] += count
        text = say("Refused: points without a time or with an impossible place or date.")
        account.notices.add("track.point", text, where, count)


def _extended(point: gpxpy.gpx.GPXTrackPoint, name: str) -> float:
    """A number out of a point's extensions, whatever their namespace; NaN if there is none."""
    for extension in point.extensions:
        for element in extension.iter():
            if element.tag.rpartition("}")[2] == name:
                try:
                    return float(element.text or "")
                except ValueError:
                    return np.nan
    return np.nan


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
