"""GPX: distance and walking time of recorded walks, and files that aren't one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import cos, pi, radians
from pathlib import Path

import pytest

from backstride import imports, sample_data
from backstride.errors import UnreadableFile
from backstride.imports import track as tracks
from backstride.imports import xml

START = datetime(2024, 5, 1, 9, 0, 15, tzinfo=UTC)
METRE = 180 / (pi * tracks.EARTH_M)  # a metre northwards, in degrees


def track(
    points: list[tuple[float, float]], stamp: str = "%Y-%m-%dT%H:%M:%SZ", lat: float = 51.5
) -> str:
    """A GPX of (seconds after START, metres eastwards along a parallel)."""
    rows = "".join(
        f'<trkpt lat="{lat}" lon="{east * METRE / cos(radians(lat)):.9f}">'
        + (f"<time>{START + timedelta(seconds=at):{stamp}}</time>" if stamp else "")
        + "</trkpt>"
        for at, east in points
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="Walk &amp; Co" '
        f'xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{rows}</trkseg></trk></gpx>'
    )


def read(tmp_path: Path, text: str, zone: str = "UTC") -> imports.Imported:
    path = tmp_path / "walk.dat"
    path.write_text(text, encoding="utf-8")
    assert imports.detect(path) == "gpx"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def test_real_route_of_a_second_is_no_walking() -> None:
    got = imports.read(sample_data.path("apple-dogsheep/route.gpx"))
    assert got.read_count == 3
    assert got.samples["walking_s"].to_list() == [0.0]
    assert got.samples["source"].to_list() == ["Apple Health Export"]


def test_steady_walk_by_the_minute(tmp_path: Path) -> None:
    got = read(tmp_path, track([(t, 1.25 * t) for t in range(601)]))
    rows = got.samples
    assert rows["distance_m"].sum() == pytest.approx(750, rel=1e-3)
    assert rows["walking_s"].sum() == pytest.approx(600)
    assert rows["walking_s"].to_list() == pytest.approx([45] + [60] * 9 + [15])
    assert rows["steps"].null_count() == rows.height
    assert set(rows["device"]) == {"app"}
    assert set(rows["source"]) == {"Walk & Co"}
    assert rows["start"][0] == START
    assert rows["end"][-1] == START + timedelta(seconds=600)
    assert codes(got) == {}


def test_slow_walk_counts_and_a_rest_does_not(tmp_path: Path) -> None:
    # 0.6 m/s for 5 min, 5 min of standing, 0.6 m/s for 5 min, a point every 15 s.
    def at(t: int) -> float:
        return 0.6 * (min(t, 300) + max(0, t - 600))

    got = read(tmp_path, track([(t, at(t)) for t in range(0, 901, 15)]))
    assert got.samples["walking_s"].sum() == pytest.approx(600, abs=20)
    assert got.samples["distance_m"].sum() == pytest.approx(360, abs=10)


def test_gap_stays_a_gap(tmp_path: Path) -> None:
    points = [(t, float(t)) for t in [*range(0, 301, 5), *range(900, 1201, 5)]]
    got = read(tmp_path, track(points))
    assert got.samples["walking_s"].sum() == pytest.approx(600)
    assert codes(got) == {"track.gap": 1}


def test_ride_is_flagged_and_not_counted(tmp_path: Path) -> None:
    got = read(tmp_path, track([(t, 5.5 * t) for t in range(600)]))
    assert set(got.samples["flag"]) == {"faster than walking for most of its moving time"}
    assert set(codes(got)) == {"track.speed", "imports.flagged.too_fast"}
    assert imports.merge(got.samples, "walking_s").is_empty()


def test_fast_ride_is_flagged_too(tmp_path: Path) -> None:
    got = read(tmp_path, track([(t, 14.0 * t) for t in range(600)]))
    assert got.samples["flag"].null_count() == 0


def test_jump_of_the_position_is_no_distance(tmp_path: Path) -> None:
    points = [(t, t + (5000.0 if 300 <= t < 310 else 0.0)) for t in range(0, 601, 5)]
    got = read(tmp_path, track(points))
    assert got.samples["distance_m"].sum() == pytest.approx(600, abs=40)
    assert codes(got) == {"track.jump": 2}


def test_times_without_zone_are_the_walkers(tmp_path: Path) -> None:
    text = track([(t, float(t)) for t in range(120)], "%Y-%m-%dT%H:%M:%S")
    got = read(tmp_path, text, zone="America/New_York")
    assert got.samples["start"][0] == START + timedelta(hours=4)
    assert codes(got) == {"imports.no_zone": 120}


def test_times_with_an_offset(tmp_path: Path) -> None:
    text = track([(t, float(t)) for t in range(120)], "%Y-%m-%dT%H:%M:%S+02:00")
    assert read(tmp_path, text).samples["start"][0] == START - timedelta(hours=2)


def test_planned_route_is_no_walk(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="planned route"):
        read(tmp_path, track([(t, float(t)) for t in range(9)], stamp=""))
    empty = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
    with pytest.raises(UnreadableFile, match="planned route or places"):
        read(tmp_path, empty.format('<wpt lat="1" lon="1"/>'))
    with pytest.raises(UnreadableFile, match="no track"):
        read(tmp_path, empty.format(""))


def test_impossible_points_are_refused(tmp_path: Path) -> None:
    text = track([(t, float(t)) for t in range(120)])
    text = text.replace('lat="51.5"', 'lat="nan"', 1).replace('lat="51.5"', 'lat="951.5"', 1)
    text = text.replace("2024-05-01T09:00:25Z", "1601-01-01T00:00:00Z")
    got = read(tmp_path, text)
    assert got.refused_count == 3
    assert codes(got) == {"track.point": 3}
    assert got.samples["distance_m"].sum() == pytest.approx(117, abs=1)


def test_order_and_repeats_of_points_do_not_matter(tmp_path: Path) -> None:
    points = [(t, float(t)) for t in range(300)]
    once = read(tmp_path, track(points)).samples
    assert read(tmp_path, track(points[::-1] + points)).samples.equals(once)


def test_date_line_is_not_a_trip_round_the_world(tmp_path: Path) -> None:
    head, rest = track([(0, 0.0)]).split("<trkseg>")
    points = ""
    for t in range(0, 120, 7):  # sparse: positions between points are interpolated
        lon = (179.9995 + t * METRE + 180) % 360 - 180
        at = START + timedelta(seconds=t)
        points += f'<trkpt lat="0" lon="{lon:.9f}"><time>{at:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>'
    assert 'lon="-179.99' in points
    got = read(tmp_path, head + "<trkseg>" + points + rest[rest.index("</trkseg>") :])
    assert got.samples["distance_m"].sum() == pytest.approx(119, abs=1)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('<!DOCTYPE gpx [<!ENTITY a "ha">]>', "document type or entities"),
        ('<!DOCTYPE gpx SYSTEM "http://example.org/x.dtd">', "document type or entities"),
    ],
)
def test_document_types_are_refused(tmp_path: Path, head: str, said: str) -> None:
    text = track([(0, 0.0)]).replace("<gpx ", head + "<gpx ")
    with pytest.raises(UnreadableFile, match=said):
        read(tmp_path, text)


def test_truncated_deep_and_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = track([(t, float(t)) for t in range(100)])
    with pytest.raises(UnreadableFile, match="breaks off") as caught:
        read(tmp_path, text[: len(text) // 2])
    assert caught.value.offset is not None
    with pytest.raises(UnreadableFile, match="nested too deep"):
        read(tmp_path, text.replace("<trk>", "<a>" * 100))
    path = tmp_path / "latin.gpx"
    path.write_bytes(text.replace("Walk", "Wölk").encode("latin-1"))
    with pytest.raises(UnreadableFile, match="invalid token"):
        imports.read(path)
    monkeypatch.setattr(xml, "MAX_FILE", 1000)
    with pytest.raises(UnreadableFile, match="larger than"):
        read(tmp_path, text)
