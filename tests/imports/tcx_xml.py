"""TCX files as Garmin Connect writes them, made for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2024, 5, 1, 9, 0, 15, tzinfo=UTC)
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase '
    'xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2" '
    'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Activities>{}</Activities>'
    '<Author xsi:type="Application_t"><Name>Connect Api</Name></Author></TrainingCenterDatabase>'
)
WATCH = '<Creator xsi:type="Device_t"><Name>fenix 5 Plus</Name></Creator>'


def point(
    at: float,
    metres: float | None = None,
    cadence: float | None = None,
    bpm: float | None = None,
    stamp: str = "%Y-%m-%dT%H:%M:%S.000Z",
) -> str:
    """A point `at` seconds after START; `cadence` is RunCadence."""
    parts = [f"<Time>{START + timedelta(seconds=at):{stamp}}</Time>"]
    if metres is not None:
        parts.append(f"<DistanceMeters>{metres}</DistanceMeters>")
    if bpm is not None:
        parts.append(f"<HeartRateBpm><Value>{bpm}</Value></HeartRateBpm>")
    if cadence is not None:
        tpx = f"<ns3:TPX><ns3:RunCadence>{cadence}</ns3:RunCadence></ns3:TPX>"
        parts.append(f"<Extensions>{tpx}</Extensions>")
    return f"<Trackpoint>{''.join(parts)}</Trackpoint>"


def lap(points: list[str], seconds: float = 600, metres: float = 750, at: float = 0) -> str:
    stamp = f"{START + timedelta(seconds=at):%Y-%m-%dT%H:%M:%S.000Z}"
    track = f"<Track>{''.join(points)}</Track>" if points else ""
    return (
        f'<Lap StartTime="{stamp}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>'
        f"<DistanceMeters>{metres}</DistanceMeters><Calories>64</Calories>{track}</Lap>"
    )


def activity(laps: list[str], sport: str = "Other", creator: str = WATCH) -> str:
    stamp = f"{START:%Y-%m-%dT%H:%M:%S.000Z}"
    return f'<Activity Sport="{sport}"><Id>{stamp}</Id>{"".join(laps)}{creator}</Activity>'


def document(*activities: str) -> str:
    return DOCUMENT.format("".join(activities))


def walk(sport: str = "Other", speed: float = 1.25, seconds: int = 600) -> str:
    """A walk with a point a second, 52 strides a minute and a heart rate of 100."""
    points = [point(t, speed * t, 52, 100) for t in range(seconds + 1)]
    return document(activity([lap(points)], sport))
