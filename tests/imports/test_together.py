"""A zip with files of several sources is read whole, and what two of them saw counts once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstride import imports
from backstride.errors import UnreadableFile
from imports import fitbit_files, tcx_xml, test_fit, test_gpx

FIT = "Takeout/Fit/All Data/derived_com.google.step_count.delta_com.google.json"
DAYS = "Takeout/Fit/Daily activity metrics/Daily activity metrics.csv"
FITBIT = f"{fitbit_files.GLOBAL}/steps-2024-05-01.json"
MIDNIGHT_S = 1_714_521_600  # 2024-05-01 in UTC


def fit(*minutes: tuple[int, int]) -> str:
    """A stream of Google Fit's: steps of minutes after midnight."""
    points = [
        {
            "fitValue": [{"value": {"intVal": steps}}],
            "originDataSourceId": "raw:com.google.step_count.cumulative:Google:Pixel 7:1:Counter",
            "startTimeNanos": (MIDNIGHT_S + minute * 60) * 10**9,
            "endTimeNanos": (MIDNIGHT_S + minute * 60 + 60) * 10**9,
        }
        for minute, steps in minutes
    ]
    identity = "derived:com.google.step_count.delta:com.google.android.gms:merge_step_deltas"
    return json.dumps({"Data Source": identity, "Data Points": points})


def fitbit(*minutes: tuple[int, int]) -> str:
    return fitbit_files.rows(
        (f"05/01/24 {minute // 60:02}:{minute % 60:02}:00", str(steps)) for minute, steps in minutes
    )


def takeout(tmp_path: Path, **parts: str | bytes) -> Path:
    named = {"fit": FIT, "fitbit": FITBIT, "days": DAYS}
    members = {named.get(name, f"Takeout/{name}.html"): part for name, part in parts.items()}
    return fitbit_files.packed(tmp_path / "takeout", members)


def walks(tmp_path: Path, **parts: str | bytes) -> Path:
    members = {f"walks/{name.replace('_', '.')}": part for name, part in parts.items()}
    return fitbit_files.packed(tmp_path / "walks", members)


def steps_of(got: imports.Imported) -> float:
    return imports.merge(got.samples)["steps"].sum()


def test_a_takeout_with_fit_and_fitbit(tmp_path: Path) -> None:
    path = takeout(
        tmp_path,
        fit=fit((600, 100), (601, 80)),
        fitbit=fitbit((601, 90), (700, 50)),
        archive_browser="<html>",
    )
    assert imports.detect(path) == "google_fit+fitbit"
    got = imports.read(path)
    assert got.kind == "google_fit+fitbit"
    assert got.samples.height == 4
    assert got.samples["start"].is_sorted()
    assert set(got.samples["device"]) == {"phone", "watch"}
    assert steps_of(got) == 100 + 90 + 50  # the minute that both saw: what is worn counts
    assert got.read_counts == {"steps": 4}
    assert got.skipped_counts == {".html file": 1}
    assert got.refused_counts == {}


def test_totals_of_days_that_both_saw_are_not_held_against_ours(tmp_path: Path) -> None:
    heading = "Date,Move Minutes count,Calories (kcal),Distance (m),Step count\n"
    rows = "".join(f"2024-{day},1,1,1,1000\n" for day in ("04-30", "05-01", "05-02"))
    both = takeout(tmp_path, fit=fit((600, 100)), fitbit=fitbit((700, 50)), days=heading + rows)
    told = imports.read(both).vendor_days
    assert told["date"].to_list() == [date(2024, 4, 30), date(2024, 5, 2)]
    alone = takeout(tmp_path, fit=fit((600, 100)), days=heading + rows)
    assert imports.read(alone).vendor_days.height == 3


def test_a_damaged_source_is_refused_and_the_other_read(tmp_path: Path) -> None:
    path = takeout(tmp_path, fit=fit((600, 100))[:-9], fitbit=fitbit((700, 50)))
    got = imports.read(path)
    assert steps_of(got) == 50
    assert got.refused_counts == {"Google Fit": 1}
    path = takeout(tmp_path, fit=fit((600, 100)), fitbit=fitbit((700, 50))[:-9])
    got = imports.read(path)
    assert steps_of(got) == 100
    assert got.refused_counts == {"Fitbit": 1}
    (notice,) = [each for each in got.notices if each.code == "imports.refused.part"]
    assert FITBIT in notice.where
    path = takeout(tmp_path, fit=fit((600, 100))[:-9], fitbit=fitbit((700, 50))[:-9])
    with pytest.raises(UnreadableFile, match="step_count"):
        imports.read(path)


def test_one_walk_in_three_formats_counts_once(tmp_path: Path) -> None:
    along = test_gpx.track([(at, at * 1.25) for at in range(601)])
    path = walks(
        tmp_path,
        a_fit=test_fit.activity(),
        b_gpx=along,
        c_tcx=tcx_xml.walk(),
        d_txt="d",
    )
    assert imports.detect(path) == "fit+gpx+tcx"
    told: list[tuple[int, int]] = []
    got = imports.read(path, lambda done, total: told.append((done, total)))
    assert got.skipped_counts == {"file of another kind": 1}
    assert set(got.read_counts) >= {"track point"}
    alone = imports.read(walks(tmp_path, a_fit=test_fit.activity()))
    assert imports.detect(tmp_path / "walks") == "fit"
    metres = imports.merge(got.samples, "distance_m")["distance_m"].sum()
    assert 700 < metres < 790  # 720 m of the FIT, 750 m of the others, and not 2,220
    assert 0 < steps_of(alone) <= steps_of(got) < 1.1 * steps_of(alone)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    size = len(test_fit.activity()) + len(along.encode()) + len(tcx_xml.walk().encode())
    assert told[-1] == (size + 1, size + 1)


def test_a_useless_fit_file_beside_a_walk_is_told(tmp_path: Path) -> None:
    path = walks(tmp_path, a_fit=test_fit.activity(sport=2), b_gpx="<gpx/>", c_tcx=tcx_xml.walk())
    got = imports.read(path)
    assert got.samples["walking_s"].sum() == pytest.approx(600)
    assert got.refused_counts == {"GPX walk": 1}


def test_bombs_beside_a_sound_source_are_refused_whole(tmp_path: Path) -> None:
    blank = " " * (30 << 20)
    bomb = tcx_xml.walk().replace("<Activities>", "<Activities>" + blank)
    along = test_gpx.track([(at, at * 1.25) for at in range(601)])
    path = walks(tmp_path, a_gpx=along, b_tcx=bomb, c_tcx=bomb, d_tcx=bomb)
    with pytest.raises(UnreadableFile, match="far more than an export"):
        imports.read(path)


MINUTES = st.dictionaries(st.integers(0, 1439), st.integers(1, 200), min_size=1, max_size=20)


@settings(deadline=None, max_examples=30)
@given(phone=MINUTES, watch=MINUTES)
def test_each_minute_counts_once_whoever_saw_it(
    tmp_path_factory: pytest.TempPathFactory, phone: dict[int, int], watch: dict[int, int]
) -> None:
    folder = tmp_path_factory.mktemp("takeout")
    path = takeout(folder, fit=fit(*phone.items()), fitbit=fitbit(*watch.items()))
    got = imports.read(path)
    assert steps_of(got) == pytest.approx(sum((phone | watch).values()))
