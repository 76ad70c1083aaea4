"""TCX: metres, steps, heart rate and walking time of walks, and files that are none."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from backstride import imports
from backstride.errors import UnreadableFile
from backstride.imports import xml
from imports.tcx_xml import START, activity, document, lap, point, walk


def read(tmp_path: Path, text: str, zone: str = "UTC") -> imports.Imported:
    path = tmp_path / "walk.dat"
    path.write_text(text, encoding="utf-8")
    assert imports.detect(path) == "tcx"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


def test_a_walk_of_a_watch_by_the_minute(tmp_path: Path) -> None:
    got = read(tmp_path, walk())
    rows = got.samples
    assert rows["walking_s"].to_list() == pytest.approx([45] + [60] * 9 + [15])
    assert rows["distance_m"].sum() == pytest.approx(750)
    # 52 of one foot a minute are 104 steps.
    assert rows["steps"].sum() == pytest.approx(1040, abs=2)
    assert rows["steps"][1] == pytest.approx(104)
    assert set(rows["source"]) == {"fenix 5 Plus"}
    assert set(rows["device"]) == {"watch"}
    assert rows["start"][0] == START
    assert rows["end"][-1] == START + timedelta(seconds=600)
    assert got.read_counts == {"track point": 601}
    assert codes(got) == {"tcx.sport": 1}


def test_heart_rate_is_a_mean_a_minute(tmp_path: Path) -> None:
    points = [point(t, 1.25 * t, None, 90 if t < 45 else 120 if t % 2 else 0) for t in range(121)]
    got = read(tmp_path, document(activity([lap(points)])))
    rows = got.measures
    assert rows["measure"].unique().to_list() == ["heart_rate_bpm"]
    assert rows["value"].to_list() == [90, 120, 120]  # a rate of 0 is none
    assert rows["start"][1] == START + timedelta(seconds=45)
    assert rows["end"][0] == rows["start"][1]
    assert set(rows["device"]) == {"watch"}


def test_cadence_of_both_feet_is_known_by_the_speed(tmp_path: Path) -> None:
    points = [point(t, 1.25 * t, 108) for t in range(601)]
    got = read(tmp_path, document(activity([lap(points)])))
    assert got.samples["steps"].sum() == pytest.approx(1080, abs=2)
    assert "track.both_feet" in codes(got)


def test_cadence_that_only_every_third_point_knows(tmp_path: Path) -> None:
    points = [point(t, 1.25 * t, None if t % 9 else 52) for t in range(0, 601, 3)]
    got = read(tmp_path, document(activity([lap(points)])))
    assert got.samples["steps"].sum() == pytest.approx(1030, abs=12)


def test_no_steps_are_made_up_for_a_rest_without_cadence(tmp_path: Path) -> None:
    rest = [point(t, 375) for t in range(301, 400)]
    first = [point(t, 1.25 * t, 52) for t in range(301)]
    last = [point(t, 375 + 1.25 * (t - 399), 52) for t in range(400, 701)]
    got = read(tmp_path, document(activity([lap([*first, *rest, *last])])))
    walked = 600 * 104 / 60
    assert walked <= got.samples["steps"].sum() <= walked + 104 / 2 + 2


@pytest.mark.parametrize(
    ("speed", "strides", "steps"), [(0.5, 33, 66), (1.8, 62, 124), (3.2, 84, 168)]
)
def test_strides_at_every_pace(tmp_path: Path, speed: float, strides: int, steps: int) -> None:
    points = [point(t, speed * t, strides) for t in range(601)]
    got = read(tmp_path, document(activity([lap(points)], "Running")))
    assert got.samples["steps"][1] == pytest.approx(steps)


def test_cadence_element_without_the_extension(tmp_path: Path) -> None:
    text = walk().replace("RunCadence", "Watts")
    text = text.replace("<HeartRateBpm>", "<Cadence>50</Cadence><HeartRateBpm>")
    assert read(tmp_path, text).samples["steps"][1] == pytest.approx(100)


def test_a_run_has_steps_and_metres_but_no_walking(tmp_path: Path) -> None:
    got = read(tmp_path, walk("Running", 2.9))
    assert got.samples["walking_s"].null_count() == got.samples.height
    assert got.samples["steps"].sum() > 0
    assert got.measures.is_empty()


def test_rides_are_skipped_and_counted(tmp_path: Path) -> None:
    text = document(
        activity([lap([point(t, 5.0 * t) for t in range(99)])], "Biking"),
        activity([lap([point(t, 1.2 * t) for t in range(0, 600, 5)])], "Hiking"),
    )
    got = read(tmp_path, text)
    assert got.skipped_counts == {"Biking": 1}
    assert got.samples["walking_s"].sum() == pytest.approx(595)
    assert codes(got) == {}


def test_other_as_fast_as_a_ride_is_flagged(tmp_path: Path) -> None:
    got = read(tmp_path, walk("Other", 5.5))
    assert got.samples["flag"].null_count() == 0
    assert got.measures.is_empty()


def test_laps_are_one_walk_whether_their_metres_go_on_or_start_anew(tmp_path: Path) -> None:
    first = [point(t, 1.25 * t) for t in range(301)]
    on = [point(t, 1.25 * t) for t in range(301, 601)]
    anew = [point(t, 1.25 * (t - 300)) for t in range(301, 601)]
    one = read(tmp_path, document(activity([lap(first), lap(on)]))).samples
    other = read(tmp_path, document(activity([lap(first), lap(anew)]))).samples
    assert one["distance_m"].sum() == pytest.approx(750)
    assert other["distance_m"].sum() == pytest.approx(one["distance_m"].sum())
    assert one["walking_s"].sum() == pytest.approx(600)


def test_laps_without_points(tmp_path: Path) -> None:
    laps = [lap([], 600, 700), lap([], 1200, 900, at=600)]
    got = read(tmp_path, document(activity(laps)))
    assert got.samples["walking_s"].to_list() == [600, 1200]
    assert got.samples["distance_m"].to_list() == [700, 900]
    assert got.samples["end"].to_list()[0] == START + timedelta(seconds=600)
    assert set(got.samples["device"]) == {"watch"}


def test_what_was_typed_in_is_manual_and_not_counted(tmp_path: Path) -> None:
    got = read(tmp_path, document(activity([lap([], 600, 700)], creator="")))
    assert got.samples["device"].to_list() == ["manual"]
    assert got.samples["source"].to_list() == ["Connect Api"]
    assert imports.merge(got.samples, "walking_s").is_empty()


def test_other_without_points_or_metres_is_no_walk(tmp_path: Path) -> None:
    assert read(tmp_path, document(activity([lap([], 600, 0)]))).samples.is_empty()


def test_times_without_zone_are_the_walkers_on_the_day_the_clock_changes(tmp_path: Path) -> None:
    points = [point(t, float(t), stamp="2024-03-31T03:%M:%S") for t in range(0, 600, 5)]
    got = read(tmp_path, document(activity([lap(points)])), "Europe/Berlin")
    assert f"{got.samples['start'][0]:%H:%M:%S}" == "01:00:15"
    assert codes(got)["imports.no_zone"] == 120


def test_impossible_points_are_refused(tmp_path: Path) -> None:
    text = walk().replace("2024-05-01T09:00:25", "1601-01-01T00:00:00")
    text = text.replace("2024-05-01T09:00:35.000Z", "yesterday")
    text = text.replace("<DistanceMeters>25.0<", "<DistanceMeters>nan<")
    text = text.replace("<DistanceMeters>50.0<", f"<DistanceMeters>{'9' * 400}<")
    got = read(tmp_path, text)
    assert got.refused_counts == {"track point": 2}
    assert codes(got)["track.point"] == 2
    assert got.samples["distance_m"].sum() == pytest.approx(750)


def test_other_namespaces_and_blanks_before_the_declaration(tmp_path: Path) -> None:
    text = "   \n" + walk().replace("www.garmin.com", "example.org")
    assert read(tmp_path, text).samples["walking_s"].sum() == pytest.approx(600)


def test_a_course_is_no_walk(tmp_path: Path) -> None:
    text = document().replace("Activities", "Courses")
    with pytest.raises(UnreadableFile, match="planned course"):
        read(tmp_path, text)
    with pytest.raises(UnreadableFile, match="no activity with points or laps"):
        read(tmp_path, document())


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_truncated(tmp_path: Path, share: float) -> None:
    text = walk()
    with pytest.raises(UnreadableFile, match="breaks off"):
        read(tmp_path, text[: int(len(text) * share)])


def test_hostile_xml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laughs = '<!DOCTYPE T [<!ENTITY a "ha">]>'
    with pytest.raises(UnreadableFile, match="document type or entities"):
        read(tmp_path, walk().replace("\n<T", f"\n{laughs}<T", 1))
    with pytest.raises(UnreadableFile, match="nested too deep"):
        read(tmp_path, walk().replace("<Track>", "<a>" * 100))
    monkeypatch.setattr(xml, "MAX_FILE", 1000)
    with pytest.raises(UnreadableFile, match="larger than"):
        read(tmp_path, walk())


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_of_walks_with_a_damaged_one(tmp_path: Path) -> None:
    members = {
        "Aktivitäten/a.tcx": walk(),
        "Aktivitäten/b.TCX": walk()[:9000],
        "Aktivitäten/c.txt": "c",
    }
    path = zipped(tmp_path / "walks", members)
    assert imports.detect(path) == "tcx"
    told: list[tuple[int, int]] = []
    got = imports.read(path, lambda done, total: told.append((done, total)))
    assert got.samples["walking_s"].sum() == pytest.approx(600)
    assert got.refused_counts == {"TCX": 1}
    assert got.skipped_counts == {".txt file": 1}
    (notice,) = [each for each in got.notices if each.code == "imports.refused.part"]
    assert "b.TCX" in notice.where
    assert "breaks off" in notice.where
    size = sum(len(members[name].encode()) for name in members if name.lower().endswith("tcx"))
    assert told[-1] == (size, size)


def test_a_zip_of_damaged_walks_alone_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "w", {"a.tcx": walk()[:9000], "b.tcx": walk()[:8000]})
    with pytest.raises(UnreadableFile, match="breaks off"):
        imports.read(path)


def test_a_zip_of_bombs_is_refused_whole(tmp_path: Path) -> None:
    bomb = walk().replace("<Activities>", "<Activities>" + " " * (30 << 20))
    path = zipped(tmp_path / "w", {"a.tcx": walk(), **{f"{n}.tcx": bomb for n in range(3)}})
    with pytest.raises(UnreadableFile, match="far more than an export"):
        imports.read(path)


def test_a_prefix_without_a_namespace_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.tcx"
    path.write_text(walk().replace("xmlns:ns3", "xmlzs:ns3"), encoding="utf-8")
    with pytest.raises(UnreadableFile, match="unbound prefix"):
        imports.read(path)
