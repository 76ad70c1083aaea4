"""Routes in Apple's zip: whose walk they are of, what they add, and what they never count twice."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride import imports
from backstride.imports.apple_health.routes import LEAST_CLIMB_M, ascent
from backstride.imports.merge import total
from imports.apple_xml import DISTANCE, document, record

START = datetime(2024, 5, 1, 9, 0, tzinfo=UTC)
MINUTES = 10
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Apple Health Export" '
    'xmlns="http://www.topografix.com/GPX/1/1">\n<metadata><time>2024-06-01T12:00:00Z</time>'
    "</metadata>\n<trk><name>Route</name>\n<trkseg>\n"
)
NORTH_M = 111_195.0  # metres in a degree of latitude, on the sphere that `track` takes


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} +0000"


def workout(kind: str = "Walking", start: datetime = START) -> str:
    end = start + timedelta(minutes=MINUTES)
    return (
        f'<Workout workoutActivityType="HKWorkoutActivityType{kind}" duration="{MINUTES}" '
        f'durationUnit="min" sourceName="Anna’s Watch" startDate="{stamp(start)}" '
        f'endDate="{stamp(end)}"><WorkoutRoute sourceName="Anna’s Watch">'
        '<FileReference path="/workout-routes/route.gpx"/></WorkoutRoute></Workout>'
    )


def route(start: datetime = START, mps: float = 1.25, climb_m: float = 30.0) -> str:
    """A point a second straight north, up by `climb_m` in even steps."""
    seconds = 60 * MINUTES
    points = (
        f'<trkpt lon="-0.120000" lat="{51.5 + mps * at / NORTH_M:.8f}">'
        f"<ele>{10 + climb_m * at / seconds:.6f}</ele>"
        f"<time>{start + timedelta(seconds=at):%Y-%m-%dT%H:%M:%SZ}</time>"
        "<extensions><speed>1.25</speed><hAcc>2.1</hAcc></extensions></trkpt>\n"
        for at in range(seconds + 1)
    )
    return HEAD + "".join(points) + "</trkseg>\n</trk>\n</gpx>\n"


def read(tmp_path: Path, xml: str, *routes: str) -> imports.Imported:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", xml)
        for number, content in enumerate(routes):
            name = f"apple_health_export/workout-routes/route_{number}.gpx"
            archive.writestr(name, content)
    return imports.read(path)


def test_a_walks_route_gives_its_metres_and_climb(tmp_path: Path) -> None:
    got = read(tmp_path, document(workout()), route())
    of_route = got.samples.filter(pl.col("source") == "Anna’s Watch (route)")
    assert of_route["distance_m"].sum() == pytest.approx(750, rel=1e-3)
    assert set(of_route["device"]) == {"app"}
    assert total(got.tables, "distance_m") == pytest.approx(750, rel=1e-3)
    assert total(got.tables, "walking_s") == pytest.approx(600)  # the workout's own
    climbed = got.measures.filter(pl.col("measure") == "ascent_m").row(0, named=True)
    assert climbed["value"] == pytest.approx(30, abs=1)
    assert (climbed["start"], climbed["end"]) == (START, START + timedelta(minutes=MINUTES))
    assert got.read_counts["WorkoutRoute"] == 1
    assert not any(51 < value < 52 for row in got.samples.rows() for value in row[2:5] if value)


def test_metres_that_the_watch_counted_are_not_counted_again(tmp_path: Path) -> None:
    end = START + timedelta(minutes=MINUTES)
    counted = record(stamp(START), stamp(end), "0.8", DISTANCE, "km", "Anna’s Watch")
    got = read(tmp_path, document(counted, workout()), route())
    assert total(got.tables, "distance_m") == pytest.approx(800)


def test_routes_of_other_workouts_are_left_alone(tmp_path: Path) -> None:
    later = START + timedelta(hours=3)
    got = read(tmp_path, document(workout(), workout("Cycling", later)), route(later, mps=6))
    assert got.measures.is_empty()
    assert got.skipped_counts["WorkoutRoute of another workout"] == 1
    assert total(got.tables, "distance_m") == 0


def test_a_route_that_tells_no_time_is_named_as_such(tmp_path: Path) -> None:
    got = read(tmp_path, document(workout()), HEAD + '<trkpt lat="51.5" lon="-0.1')
    assert got.skipped_counts["WorkoutRoute without a time"] == 1
    assert "WorkoutRoute of another workout" not in got.skipped_counts


def test_a_damaged_route_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    got = read(tmp_path, document(workout()), route()[:-200], route())
    assert got.refused_counts == {"WorkoutRoute": 1}
    assert "route_0.gpx" in next(n.where for n in got.notices if n.code == "imports.refused.part")
    assert total(got.tables, "distance_m") == pytest.approx(750, rel=1e-3)


def test_a_route_in_another_form_gives_the_same_metres(tmp_path: Path) -> None:
    plain = read(tmp_path, document(workout()), route())
    other = read(tmp_path, document(workout()), route().replace(" lat=", "  lat="))
    assert other.samples.equals(plain.samples)
    assert "ascent_m" not in set(other.measures["measure"])  # heights are read of Apple's form


def test_points_of_no_place_or_time_are_refused(tmp_path: Path) -> None:
    bad = route().replace('lon="-0.120000"', 'lon="-190.0"', 3)
    got = read(tmp_path, document(workout()), bad)
    assert got.refused_counts == {"track point": 3}


def test_the_route_reads_the_same_when_the_scan_gives_up(tmp_path: Path) -> None:
    scanned = read(tmp_path, document(workout()), route())
    parsed = read(tmp_path, document("<!-- unusual -->", workout()), route())
    assert parsed.samples.equals(scanned.samples)
    assert parsed.measures.equals(scanned.measures)


HEIGHTS = st.lists(st.floats(-100, 4000), min_size=1, max_size=60)


@given(HEIGHTS)
def test_climbing_and_going_down_come_to_the_difference(levels: list[float]) -> None:
    """Each window of 10 s has one height, so that nothing is averaged."""
    at, heights = np.arange(len(levels)) * 10.0, np.array(levels)
    up, down = ascent(at, heights), ascent(at, -heights)
    assert up >= 0
    highest_climb = max(heights[i:].max() - heights[i] for i in range(len(heights)))
    assert up >= highest_climb - 1e-6 if highest_climb >= LEAST_CLIMB_M else up == 0
    # What is lost at either end, and between, is less than the least climb each time.
    assert abs((up - down) - (heights[-1] - heights[0])) <= 2 * LEAST_CLIMB_M


def test_noise_on_the_flat_is_no_climb() -> None:
    noise = np.random.default_rng(1).normal(0, 1, 3600)
    assert ascent(np.arange(3600.0), 50 + noise) == 0
