"""Strava's bulk export: the table's languages, the files it names, and totals without a file."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from backstride import imports
from backstride.errors import UnreadableFile
from backstride.imports.strava.table import instant_of
from backstride.imports.strava.words import SPORTS
from imports.tcx_xml import START, activity, document, lap, point, walk
from imports.test_gpx import track


def columns(names: str) -> list[str]:
    return names.split(",")


ENGLISH = columns(
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
    "Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,"
    "Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Total Steps"
)
GERMAN = columns(
    "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,"
    "Verstrichene Zeit,Distanz,Max. Herzfrequenz,Relative Leistung,Pendeln,Hinweis,Ausrüstung,"
    "Dateiname,Sportlergewicht,Fahrradgewicht,Verstrichene Zeit,Bewegungszeit,Distanz,"
    "Höchstgeschw.,Schritte insgesamt"
)
DUTCH = columns(
    "Activiteits-ID,Datum van activiteit,Naam activiteit,Activiteitstype,Beschrijving,"
    "Verstreken tijd,Afstand,Max. hartslag,Inspanning,Woon-werk,Notitie,Materiaal,Bestandsnaam,"
    "Gewicht,Fietsgewicht,Verstreken tijd,Beweegtijd,Afstand,Max. snelheid,Totaal aantal stappen"
)


def row(
    label: str = "Walk",
    file: str = "",
    when: str = "May 1, 2024, 9:00:15 AM",
    seconds: float = 660,
    metres: float = 750,
    steps: object = "",
    shown: str = "0.75",
) -> list[str]:
    name = 'Round, "the" lake\nand back'
    before = ["9876543210", when, name, label, "", f"{seconds:.0f}", shown, "", "", "false", "", ""]
    exact = [f"{seconds}", f"{seconds - 60}", f"{metres}"]
    return [*before, file, "", "", *exact, "2.1", str(steps)]


def table(*rows: list[str], header: list[str] = ENGLISH) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def zipped(tmp_path: Path, members: dict[str, str | bytes]) -> Path:
    path = tmp_path / "export_12345"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def read(path: Path, zone: str = "UTC") -> imports.Imported:
    assert imports.detect(path) == "strava"
    return imports.read(path, zone=zone)


def codes(got: imports.Imported) -> dict[str, int]:
    return {notice.code: notice.count for notice in got.notices}


GPX = track([(t, 1.25 * t) for t in range(601)])


def test_a_walk_as_gpx_with_its_steps_in_the_table(tmp_path: Path) -> None:
    members = {
        "activities.csv": "\ufeff" + table(row(file="activities/1.gpx", steps=1044.0)),
        "activities/1.gpx": GPX,
        "profile.csv": "a,b\n1,2\n",
        "media/1.jpg": b"\xff\xd8",
    }
    got = read(zipped(tmp_path, members))
    assert got.samples["walking_s"].sum() == pytest.approx(600)
    assert got.samples["distance_m"].sum() == pytest.approx(750, rel=1e-3)
    steps = got.samples.filter(pl.col("steps").is_not_null())
    assert steps["steps"].to_list() == [1044]
    assert steps["start"].to_list() == [START]
    assert steps["end"].to_list() == [START + timedelta(seconds=600)]
    assert set(got.samples["source"]) == {"Strava"}
    assert set(got.samples["device"]) == {"app"}
    assert got.skipped_counts == {".csv file": 1, ".jpg file": 1}
    assert codes(got) == {}


def test_a_packed_tcx_of_a_watch_counts_its_own_steps(tmp_path: Path) -> None:
    members = {
        "activities.csv": table(row(file="activities/1.tcx.gz", steps=999)),
        "activities/1.tcx.gz": gzip.compress(("   " + walk()).encode()),
    }
    got = read(zipped(tmp_path, members))
    assert got.samples["steps"].sum() == pytest.approx(1040, abs=2)
    assert set(got.samples["source"]) == {"fenix 5 Plus"}
    assert set(got.samples["device"]) == {"watch"}
    assert got.measures["value"].to_list() == [100] * 11
    assert codes(got) == {}  # the table says that it is a walk


@pytest.mark.shared_data
def test_a_real_walk_as_packed_fit(tmp_path: Path, shared_data: Path) -> None:
    alone = shared_data / "exports" / "garmin-fit" / "walk-fenix5.fit"
    members = {
        "activities.csv": table(row(file="activities/1.fit.gz")),
        "activities/1.fit.gz": gzip.compress(alone.read_bytes()),
    }
    got = read(zipped(tmp_path, members))
    assert got.samples.equals(imports.read(alone).samples)
    assert got.samples["steps"].sum() > 0


def test_what_the_person_calls_it_goes_before_what_the_file_says(tmp_path: Path) -> None:
    running = GPX.replace("<trkseg>", "<type>running</type><trkseg>")
    riding = document(activity([lap([point(t, 1.2 * t) for t in range(601)])], "Biking"))
    members = {
        "activities.csv": table(
            row("Walk", "activities/1.gpx"),
            row("Run", "activities/2.gpx"),
            row("Hike", "activities/3.tcx"),
        ),
        "activities/1.gpx": running,
        "activities/2.gpx": GPX.replace("2024-05-01", "2024-05-02"),
        "activities/3.tcx": riding.replace("2024-05-01", "2024-05-03"),
    }
    got = read(zipped(tmp_path, members))
    by_day = got.samples.group_by(pl.col("start").dt.day()).agg(pl.col("walking_s").sum())
    assert by_day.sort("start")["walking_s"].to_list() == pytest.approx([600, 0, 600])


def test_rides_are_skipped_without_a_look(tmp_path: Path) -> None:
    members = {
        "activities.csv": table(row("Ride", "activities/1.gpx"), row("Swim"), row("Walk")),
        "activities/1.gpx": "no GPX at all",
    }
    got = read(zipped(tmp_path, members))
    assert got.skipped_counts == {"Ride": 1, "Swim": 1}
    assert got.refused_counts == {}


def test_of_a_kind_with_an_unknown_name_the_file_decides(tmp_path: Path) -> None:
    members = {
        "activities.csv": table(
            row("Kävely", "activities/1.gpx"),
            row("Melonta", "activities/2.gpx"),
            row("Jooga"),
        ),
        "activities/1.gpx": GPX,
        "activities/2.gpx": GPX.replace("<trkseg>", "<type>kayaking</type><trkseg>"),
    }
    got = read(zipped(tmp_path, members))
    assert got.samples["walking_s"].sum() == pytest.approx(600)
    assert got.skipped_counts == {"Melonta": 1, "Jooga": 1}


def test_typed_in_walks_are_manual_and_not_counted(tmp_path: Path) -> None:
    got = read(zipped(tmp_path, {"activities.csv": table(row(steps=900))}))
    (walked,) = got.samples.to_dicts()
    assert walked["device"] == "manual"
    assert walked["steps"] == 900
    assert walked["walking_s"] == 600  # moving, of 660 elapsed
    assert walked["distance_m"] == 750
    assert walked["end"] - walked["start"] == timedelta(seconds=660)
    assert imports.merge(got.samples).is_empty()


def test_totals_stand_in_for_a_missing_or_damaged_file(tmp_path: Path) -> None:
    members = {
        "activities.csv": table(
            row(file="activities/1.gpx"),
            row(file="activities/2.gpx.gz", when="May 2, 2024, 12:00:00 PM"),
            row("Run", "activities/3.fit.gz", when="May 3, 2024, 12:00:00 AM"),
        ),
        "activities/2.gpx.gz": gzip.compress(GPX.encode())[:-200],
        "activities/3.fit.gz": gzip.compress(b"\x0e\x10nothing"),
    }
    got = read(zipped(tmp_path, members))
    assert got.samples["walking_s"].to_list() == [600, 600, None]
    assert set(got.samples["device"]) == {"app"}
    assert got.samples["start"].to_list() == [
        datetime(2024, 5, 1, 9, 0, 15, tzinfo=UTC),
        datetime(2024, 5, 2, 12, tzinfo=UTC),
        datetime(2024, 5, 3, 0, tzinfo=UTC),
    ]
    assert got.refused_counts["part"] == 2


@pytest.mark.parametrize(
    ("header", "label", "when"),
    [
        (GERMAN, "Spaziergang", "01.05.2024, 09:00:15"),
        (DUTCH, "Wandeling", "1 mei 2024, 09:00:15"),
        (ENGLISH, "Walk", "2024-05-01 09:00:15"),
    ],
)
def test_tables_in_other_languages(
    tmp_path: Path, header: list[str], label: str, when: str
) -> None:
    rows = table(row(label, when=when, steps=900, shown="0,75"), header=header)
    (walked,) = read(
        zipped(tmp_path, {"export/activities.csv": rows}), "Asia/Tokyo"
    ).samples.to_dicts()
    assert walked["start"] == START  # UTC, whatever the walker's zone
    assert walked["distance_m"] == 750
    assert walked["steps"] == 900


def test_steps_of_a_whole_table_in_a_language_that_is_not_known(tmp_path: Path) -> None:
    header = ["Toiminnan ID", *[f"Sarake {n}" for n in range(1, 94)]]
    header[15], header[17] = header[5], header[6]
    line = [*row("Hike"), *[""] * 74]
    line[85], line[84] = "901.0", "1"
    (walked,) = read(
        zipped(tmp_path, {"activities.csv": table(line, header=header)})
    ).samples.to_dicts()
    assert (walked["steps"], walked["distance_m"]) == (901, 750)


@pytest.mark.parametrize(
    "text",
    [
        "Sep 12, 2018, 3:02:23 PM",
        "Sep 12, 2018, 3:02:23\u202fPM",
        "2018-09-12 15:02:23",
        "12.09.2018, 15:02:23",
        "12 Sep 2018, 15:02:23",
        "12 sept. 2018, 15:02:23",
        "12 sept. 2018 à 15:02:23",
        "12 set 2018, 15:02:23",
        "12 de set. de 2018, 15:02:23",
        "12 wrz 2018, 15:02:23",
        "2018/09/12 15:02:23",
        "2018年9月12日 15:02:23",
        "2018. 9. 12. 오후 3:02:23",
        "12. sep. 2018 15.02.23",
        "12/09/2018, 15:02:23",
    ],
)
def test_dates_as_languages_write_them(text: str) -> None:
    assert instant_of(text) == datetime(2018, 9, 12, 15, 2, 23, tzinfo=UTC)


def test_months_of_every_language_are_told_apart() -> None:
    french = "janv.,févr.,mars,avr.,mai,juin,juil.,août,sept.,oct.,nov.,déc."
    for number, text in enumerate(columns(french), 1):
        found = instant_of(f"2 {text} 2024 à 07:08:09")
        assert found == datetime(2024, number, 2, 7, 8, 9, tzinfo=UTC)
    for text in ("soon", "31 feb 2024, 07:08:09", "1 foo 2024, 07:08:09", "25:99:99", "٢ may"):
        assert instant_of(text) is None


def test_american_dates_show_themselves(tmp_path: Path) -> None:
    rows = table(row(when="5/1/2024, 9:00:15 AM"), row(when="5/13/2024, 9:00:15 AM"))
    days = read(zipped(tmp_path, {"activities.csv": rows})).samples["start"].dt.day().to_list()
    assert days == [1, 13]


def test_kinds_of_two_meanings_are_none() -> None:
    assert not set(SPORTS) & {"ride", "radfahrt", "yoga", ""}


def test_the_oldest_tables(tmp_path: Path) -> None:
    header = columns("id,date,name,type,description,elapsed_time,distance,commute,gear,filename")
    line = ["1", "2018-09-12 15:02:23", "Walk", "Walk", "", "783", "981.0", "true", "", ""]
    (walked,) = read(
        zipped(tmp_path, {"activities.csv": table(line, header=header)})
    ).samples.to_dicts()
    assert (walked["distance_m"], walked["walking_s"]) == (981, 783)
    later = [*ENGLISH[:7], "Commute", "Activity Gear", "Filename"]
    line[1], line[6] = "Sep 12, 2018, 3:02:23 PM", "0.98"
    (walked,) = read(
        zipped(tmp_path, {"activities.csv": table(line, header=later)})
    ).samples.to_dicts()
    assert walked["distance_m"] == pytest.approx(980)


def test_the_table_alone(tmp_path: Path) -> None:
    path = tmp_path / "my.csv"
    path.write_text(table(row(file="activities/1.gpx"), row(when="bad")), encoding="utf-8")
    got = read(path)
    assert got.samples["device"].to_list() == ["app"]
    assert got.refused_counts == {"walk": 1}


def test_files_without_a_table(tmp_path: Path) -> None:
    got = read(zipped(tmp_path, {"x/activities/1.gpx.gz": gzip.compress(GPX.encode())}))
    assert got.samples["walking_s"].sum() == pytest.approx(600)


def test_bad_numbers_are_refused(tmp_path: Path) -> None:
    rows = table(
        row(metres=-3),
        row(seconds=float("inf")),
        row(seconds=1e18),
        row(steps="many"),
        row(when="May 1, 1601, 9:00:15 AM"),
        row(),
    )
    got = read(zipped(tmp_path, {"activities.csv": rows}))
    assert got.samples.height == 1
    assert got.refused_counts == {"walk": 5}


def test_a_damaged_table_beside_sound_files(tmp_path: Path) -> None:
    content = table(row(file="activities/1.gpx.gz"))
    members = {
        "activities.csv": content[: content.index("9876")] + '"' + "\n,".join("x" * 30) * 20,
        "activities/1.gpx.gz": gzip.compress(GPX.encode()),
    }
    assert read(zipped(tmp_path, members)).samples["walking_s"].sum() == pytest.approx(600)


def test_all_damaged_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"activities/1.gpx.gz": gzip.compress(GPX.encode())[:-300]})
    with pytest.raises(UnreadableFile, match="breaks off"):
        read(path)


def test_gzip_bombs(tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * (33 << 20))
    rows = table(
        row(file="activities/0.gpx"), *[row(file=f"activities/{n}.gpx.gz") for n in range(1, 4)]
    )
    sound = {"activities.csv": rows, "activities/0.gpx": GPX}
    picture = np.random.default_rng(1).bytes(1 << 20)
    got = read(zipped(tmp_path, {**sound, "activities/1.gpx.gz": bomb, "media/1.jpg": picture}))
    assert got.refused_counts["part"] == 1  # larger than any walk
    many = {f"activities/{n}.gpx.gz": gzip.compress(b" " * (20 << 20)) for n in range(1, 4)}
    with pytest.raises(UnreadableFile, match="far more than an export"):
        read(zipped(tmp_path, {**sound, **many}))


def test_a_gzip_of_two_members_and_padding(tmp_path: Path) -> None:
    content = GPX.encode()
    packed = gzip.compress(content[:5000]) + gzip.compress(content[5000:]) + b"\0" * 9
    got = read(zipped(tmp_path, {"activities/1.gpx.gz": packed}))
    assert got.samples["walking_s"].sum() == pytest.approx(600)


def test_other_tables_are_not_stravas(tmp_path: Path) -> None:
    for text in ("Activity Type,Date,Favorite\nWalking,2024-05-01,false\n", "id,date\n1,2\n"):
        path = tmp_path / "activities.csv"
        path.write_text(text, encoding="utf-8")
        assert imports.detect(path) != "strava"


@pytest.mark.parametrize("magic", [b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"x\x9c"])
def test_a_table_that_starts_as_something_packed_is_refused(tmp_path: Path, magic: bytes) -> None:
    """Polars would unpack it, whatever its size."""
    with pytest.raises(UnreadableFile, match="no text, but something packed"):
        read(zipped(tmp_path, {"activities.csv": magic + table(row()).encode()}))


def test_an_empty_fit_is_one_refused_part(tmp_path: Path) -> None:
    rows = table(row(file="activities/0.gpx"), row(file="activities/1.fit.gz"))
    members = {"activities.csv": rows, "activities/0.gpx": GPX}
    got = read(zipped(tmp_path, {**members, "activities/1.fit.gz": gzip.compress(b"")}))
    assert got.refused_counts["part"] == 1
