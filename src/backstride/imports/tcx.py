"""TCX: recorded walks as Garmin's Training Center and many apps write them, one or a zip of them.

Read with the standard library's ElementTree after `xml.check`, and not with `tcxreader`
(0.4.11), which puts all activities of a file into one, drops laps without points, leaves out
who recorded them, knows no file whose namespace differs, and gives up the whole file for one
time that it can't read.

What the format means, from Garmin's schema (TrainingCenterDatabasev2.xsd,
ActivityExtensionv2.xsd) and from public files:

- `Sport` is Running, Biking or Other: Garmin writes walks as Other, and so all else, so the
  speed decides. Google Fit and Fitbit write Walking and Hiking.
- `DistanceMeters` of a point counts from the start of the activity on; some apps start anew
  in each lap, which is put together again.
- `RunCadence` (in the extension TPX) counts one foot's steps a minute, and Strava writes the
  same as `Cadence`; see `sensed.steps_of`.
- Times are UTC (`Z`) or carry an offset. Without one they are the walker's, with a notice.
- A lap without points still has its length and distance. Garmin Connect writes an activity
  that was typed in so, without a `Creator`: that is what makes one manual here.

How a track becomes samples stands in `track`.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports import parts, sensed, sift, times, xml
from backstride.imports.containers import Files
from backstride.imports.imported import Imported
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.imports.track import RIDING_MPS, Floats, Sport, Track, is_sound, samples_of
from backstride.records import MEASURES, SAMPLES, empty
from backstride.words import say

SOURCE = Source(
    key="tcx",
    name=say("TCX walk"),
    files=say("a .tcx, or a zip of several"),
    gives=say("metres and walking minutes; steps and heart rate where the watch wrote them"),
    checked=Checked.EXPERIMENTAL,
    how=(
        How(
            Where.BROWSER,
            (
                say("Open connect.garmin.com and sign in."),
                say("Open the walk, then the gear wheel at the top right."),
                say("Choose Export to TCX and bring the file."),
            ),
        ),
        *(
            How(
                where,
                (
                    say("Open the walk in the app that recorded it."),
                    say("Look for Export or Share, and choose TCX."),
                    say("Save the file, then bring it."),
                ),
            )
            for where in (Where.IPHONE, Where.ANDROID)
        ),
    ),
    note="a TCX seldom says whether it is of a walk: the speed decides",
)

SPORTS = {
    "walking": Sport.WALK,
    "walk": Sport.WALK,
    "hiking": Sport.WALK,
    "hike": Sport.WALK,
    "running": Sport.RUN,
    "run": Sport.RUN,
    "other": Sport.UNKNOWN,
    "": Sport.UNKNOWN,
}
# What is carried, not worn, though it calls itself a device; Edge is Garmin's for bicycles.
_CARRIED = ("iphone", "android", "phone", "edge", " app")
_NS_OPEN = "{"


@dataclass(frozen=True)
class Activity:
    """One activity of a file: its parts, and who recorded it.

    `sport` is None for what isn't on foot; `label` is the file's own word for it. `bpm` and
    `cadence` belong to the points of `track`. `laps` has the schema SAMPLES, of laps that
    have no points.
    """

    label: str
    sport: Sport | None
    source: str
    device: str
    track: Track
    cadence: Floats
    bpm: Floats
    laps: pl.DataFrame


def is_tcx(head: bytes) -> bool:
    """Whether the first bytes are those of a TCX."""
    return xml.has_root(head, b"TrainingCenterDatabase")


def matches(files: Files) -> bool:
    return any(parts.head_of(files, name) is not None for name in own(files))


def own(files: Files) -> list[str]:
    """The parts of a zip that are read here."""
    return list(parts.of_kind(files, "tcx", is_tcx))


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read the activities of a TCX, or of each in a zip.

    Raises UnreadableFile for damaged or hostile XML (in a zip: if every part is), and for a
    course or workout that was planned and never walked.
    """
    account = sift.Account()
    names = own(files)
    parts.skip_others(files, names, account)
    samples, beats = [], []

    def activities_in(files: Files, name: str) -> list[Activity]:
        return activities_of(files.path, files.whole(name, xml.MAX_FILE), zone, account)

    found = parts.Parts(files, {"TCX": names}, account, tell)
    for _, activities in found.of("TCX", activities_in):
        for activity in activities:
            rows, heart = given_by(activity, account)
            samples.append(rows)
            beats.append(heart)
    found.check()
    return sift.finished(
        SOURCE.key, samples, account, zone, measures=pl.concat([empty(MEASURES), *beats])
    )


def given_by(
    activity: Activity, account: sift.Account, sport: Sport | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """SAMPLES and MEASURES of an activity; `sport` is what is known of it from elsewhere.

    Both are empty for what isn't on foot, which is counted as skipped.
    """
    sport = sport or activity.sport
    if sport is None:
        account.skip(activity.label)
        return empty(SAMPLES), empty(MEASURES)
    track = activity.track
    steps = sensed.steps_of(track, activity.cadence, account.notices)
    track = Track(track.at, track.latitude, track.longitude, track.distance_m, steps)
    source, device = activity.source, activity.device
    rows = samples_of([track], source, device, account.notices, sport)
    rows = pl.concat([rows, _believed(activity.laps, sport)])
    if sport is Sport.UNKNOWN and rows["flag"].null_count() == rows.height > 0:
        text = say("It doesn't say of what sport it is; by its speed it was taken for a walk.")
        account.notices.add("tcx.sport", text)
    on_foot = sport is not Sport.RUN and rows["flag"].null_count() > 0
    heart = sensed.heart_of(track.at, activity.bpm, source, device)
    return rows, heart if on_foot else empty(MEASURES)


def _believed(laps: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    """Laps without points: their time is walking if they are of a walk, or as slow as one."""
    speed = pl.col("distance_m") / pl.col("walking_s")
    fast = speed > RIDING_MPS
    if sport is not Sport.UNKNOWN:
        fast = pl.lit(value=False)
    else:
        laps = laps.filter(pl.col("distance_m") > 0)  # of what didn't move nobody knows
    return laps.with_columns(
        pl.when(pl.lit(sport is not Sport.RUN)).then("walking_s").alias("walking_s"),
        pl.when(fast).then(pl.lit(sift.TOO_FAST)).alias("flag"),
    ).select(*SAMPLES)


def activities_of(path: Path, content: bytes, zone: str, account: sift.Account) -> list[Activity]:
    """The activities of a TCX. Raises UnreadableFile for bad XML and for one without any.

    Points that can't be believed are counted as refused.
    """
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()  # Garmin's own once had blanks here
    xml.check(path, content)
    try:  # xml.check has refused entities, depth and size
        root = ET.fromstring(content, ET.XMLParser(encoding="utf-8"))  # noqa: S314
    except ET.ParseError as error:  # a prefix without a namespace, which it doesn't look at
        raise UnreadableFile(
            path, say("the XML is damaged: {error}", error=error), xml.HINT
        ) from error
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith(_NS_OPEN):
            element.tag = element.tag.partition("}")[2]
    by_root = root.findtext("Author/Name", "").strip()
    activities = [_activity(item, by_root, zone, account) for item in root.iter("Activity")]
    if not any(len(each.track.at) or each.laps.height for each in activities):
        raise UnreadableFile(path, _why_empty(root), xml.HINT)
    return activities


def _why_empty(root: ET.Element) -> str:
    if root.find("Courses") is not None or root.find("Workouts") is not None:
        return "it holds a planned course or workout, not a recorded walk"
    return "it holds no activity with points or laps"


def _activity(item: ET.Element, author: str, zone: str, account: sift.Account) -> Activity:
    label = item.get("Sport", "").strip()
    creator = item.find("Creator")
    name = "" if creator is None else creator.findtext("Name", "").strip()
    device = _device_of(name)
    rows: list[tuple[float, ...]] = []
    laps: list[tuple[object, ...]] = []
    for lap in item.iter("Lap"):
        points = _cumulated(list(_points(lap, zone, account)), rows)
        rows += points
        if lap.find("Track/Trackpoint") is None:
            laps += _lap_row(lap, zone, account)
    table = np.array(rows, dtype=np.float64).reshape(-1, 6)
    at, latitude, longitude, distance, cadence, bpm = table.T
    source = name or author or "TCX"
    # An activity without points that no device made was typed in.
    made_by = device if creator is not None or len(rows) else "manual"
    return Activity(
        label=label or "other",
        sport=SPORTS.get(label.lower()),
        source=source,
        device=made_by,
        track=Track(at, latitude, longitude, distance, steps=np.full(len(at), np.nan)),
        cadence=cadence,
        bpm=bpm,
        laps=_lap_table(laps, source, made_by),
    )


def _device_of(creator: str) -> str:
    name = creator.lower()
    if not name or any(word in name for word in _CARRIED):
        return "app"
    return "watch"


def _points(
    lap: ET.Element, zone: str, account: sift.Account
) -> Iterator[tuple[float, float, float, float, float, float]]:
    """Epoch seconds, latitude, longitude, metres so far, cadence, heart rate of sound points."""
    for number, point in enumerate(lap.iterfind("Track/Trackpoint"), 1):
        at = _instant(point.findtext("Time"), zone, account)
        place = (
            _number(point.findtext("Position/LatitudeDegrees")),
            _number(point.findtext("Position/LongitudeDegrees")),
        )
        if not is_sound(at, *place):
            account.refused["track point"] += 1
            text = say("Refused: points without a time or with an impossible place or date.")
            account.notices.add("track.point", text, say("point {n}", n=number))
            continue
        account.read["track point"] += 1
        cadence = _number(point.findtext("Extensions/TPX/RunCadence"))
        if np.isnan(cadence):
            cadence = _number(point.findtext("Cadence"))
        metres = _number(point.findtext("DistanceMeters"))
        yield (at, *place, metres, cadence, _number(point.findtext("HeartRateBpm/Value")))


def _cumulated(
    points: list[tuple[float, ...]], before: list[tuple[float, ...]]
) -> list[tuple[float, ...]]:
    """The points with metres that count on from the laps before."""
    last = next((row[3] for row in reversed(before) if not np.isnan(row[3])), 0.0)
    first = next((row[3] for row in points if not np.isnan(row[3])), last)
    if first >= last:
        return points
    return [(*row[:3], row[3] + last, *row[4:]) for row in points]


def _lap_row(lap: ET.Element, zone: str, account: sift.Account) -> list[tuple[float, float, float]]:
    """Start (epoch s), seconds and metres of a lap that has no points; none if it can't be."""
    start = _instant(lap.get("StartTime"), zone, account)
    seconds = _number(lap.findtext("TotalTimeSeconds"))
    metres = _number(lap.findtext("DistanceMeters"))
    if not is_sound(start, np.nan, np.nan) or not 0 < seconds <= sift.MAX_SPAN.total_seconds():
        account.refuse("lap", "date" if np.isnan(start) else "value", lap.get("StartTime", ""))
        return []
    account.read["lap without points"] += 1
    return [(start, seconds, metres)]


def _lap_table(laps: list[tuple[object, ...]], source: str, device: str) -> pl.DataFrame:
    floats = dict.fromkeys(("at", "walking_s", "distance_m"), pl.Float64())
    frame = pl.DataFrame(laps, schema=floats, orient="row").fill_nan(None)
    start = (pl.col("at") * 1e6).round().cast(pl.Int64)
    return frame.select(
        start.cast(SAMPLES["start"]).alias("start"),
        (start + (pl.col("walking_s") * 1e6).round().cast(pl.Int64))
        .cast(SAMPLES["end"])
        .alias("end"),
        pl.lit(None, dtype=pl.Float64).alias("steps"),
        "distance_m",
        "walking_s",
        pl.lit(source).alias("source"),
        pl.lit(device).alias("device"),
        pl.lit(None, dtype=pl.String).alias("flag"),
    )


def _number(text: str | None) -> float:
    """A number that is finite and no absurdity; NaN for all else."""
    try:
        value = float(text or "")
    except ValueError:
        return np.nan
    return value if abs(value) < 1e9 else np.nan


def _instant(text: str | None, zone: str, account: sift.Account) -> float:
    """Epoch seconds of a time as XML writes it; NaN for what is none."""
    try:
        time = datetime.fromisoformat((text or "").strip())
        if time.tzinfo is None:
            times.say_assumed(account.notices, zone)
            time = time.replace(tzinfo=ZoneInfo(zone))
        return time.timestamp()
    except (ValueError, OverflowError):
        return np.nan
