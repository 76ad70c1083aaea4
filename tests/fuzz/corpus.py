"""Files that fuzzing starts from: for each source what the tests' builders make, and real ones.

A new source adds a function to `BUILT`; without one, `test_fuzz.py` fails and says so.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backstride import imports, sample_data
from backstride.errors import BackstrideError
from benchmarks import fit_writer as fw
from imports import (
    apple_xml,
    fitbit_files,
    health_connect_files,
    oura_files,
    samsung_files,
    tcx_xml,
    test_fit,
    test_garmin,
    test_google_fit,
    test_strava,
    withings_zip,
)

ROOT = Path(__file__).parent.parent.parent
LARGEST = 256 << 10  # larger files spend the time on bytes that no reader branches on


def _apple_health(folder: Path) -> None:
    start, end = "2024-05-01 10:00:00 +0100", "2024-05-01 10:05:00 +0100"
    text = apple_xml.document(
        apple_xml.record(start, end, "312"),
        apple_xml.record(start, end, "0.21", apple_xml.DISTANCE, "km", device=apple_xml.WATCH),
        apple_xml.record(start, end, "900", is_manual=True),
    )
    (folder / "export.xml").write_text(text, encoding="utf-8")
    apple_xml.zipped(folder / "export.zip", text)


def _gpx(folder: Path) -> None:
    points = "".join(
        f'<trkpt lat="51.5" lon="{0.00002 * t:.6f}"><ele>12</ele>'
        f"<time>2024-05-01T09:{t // 60:02}:{t % 60:02}Z</time></trkpt>"
        for t in range(0, 300, 5)
    )
    text = (
        '<?xml version="1.0"?><gpx version="1.1" creator="Walk &amp; Co" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk><name>a</name><type>walking</type>'
        f"<trkseg>{points}</trkseg></trk></gpx>"
    )
    (folder / "walk.gpx").write_text(text, encoding="utf-8")


def _withings(folder: Path) -> None:
    withings_zip.write(folder / "data.zip", folder="Anna/")
    usual = withings_zip.usual()
    (folder / "activities.csv").write_text(usual[withings_zip.ACTIVITIES], encoding="utf-8")


def _oura(folder: Path) -> None:
    oura_files.write(folder / "oura.zip")
    days = [
        oura_files.day(f"2021-11-{day}", 4000, f"2021-11-{day}T04:00:00-08:00")
        for day in ("06", "07")
    ]
    texts = {
        "v1.json": oura_files.api_v1(("2020-03-04", 5703, -480), ("2020-03-06", 100, 120)),
        "v2.json": oura_files.api_v2(*days),
        "trends.csv": oura_files.TRENDS,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _open_mhealth(folder: Path) -> None:
    examples = sorted((ROOT / "tests" / "data" / "open-mhealth").glob("*.json"))
    bodies = [json.loads(path.read_text(encoding="utf-8")) for path in examples]
    header = {
        "schema_id": {"namespace": "omh", "name": "step-count", "version": "3.0"},
        "acquisition_provenance": {"source_name": "Acme", "modality": "sensed"},
    }
    points = [{"header": header, "body": body} for body in bodies]
    (folder / "points.json").write_text(json.dumps(points), encoding="utf-8")
    (folder / "points.jsonl").write_text("\n".join(map(json.dumps, points)), encoding="utf-8")


def _csv(folder: Path) -> None:
    texts = {
        "intervals.csv": (
            "start,end,steps,distance_m,walking_min,source,device\n"
            "2025-06-30T08:15+02:00,2025-06-30T08:25+02:00,1150,810,9.5,Anna's band,watch\n"
            "2025-06-30T09:15+02:00,2025-06-30T09:25+02:00,1010,,,Anna's band,watch\n"
        ),
        "minutes.csv": "start;minutes;steps\n2025-06-30 08:15;10;1150\n2025-06-30 09:15;5;400\n",
        "days.csv": "sep=,\ndate,steps\n2025-03-30,7000\n2025-10-26,6500\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _fit(folder: Path) -> None:
    (folder / "walk.fit").write_bytes(test_fit.activity(seconds=90))
    counts = [(test_fit.DAY0 + 60 * n, fw.MONITORED_WALKING, 40 * n) for n in range(1, 20)]
    (folder / "day.fit").write_bytes(test_fit.monitoring(*counts))


def _garmin(folder: Path) -> None:
    day, walk = test_garmin.day_with_walk()
    days = [test_garmin.summary("2024-05-01", 6000), test_garmin.summary("2024-05-02", 700)]
    test_garmin.export(folder / "garmin.zip", day, walk, days=days)


def _fitbit(folder: Path) -> None:
    minutes = fitbit_files.rows((f"05/01/24 09:{n:02}:00", str(n * 3)) for n in range(30))
    parts = {
        "steps-2024-05-01.json": minutes,
        "exercise-0.json": [fitbit_files.walk("05/01/24 09:00:00")],
        "heart_rate-2024-05-01.json": fitbit_files.beats([("05/01/24 09:01:05", 99)]),
        "sleep-2024-05-01.json": [
            fitbit_files.night("2024-04-30T22:00:00.000", "2024-05-01T06:00:00.000", 400)
        ],
    }
    full = {f"{fitbit_files.GLOBAL}/{name}": part for name, part in parts.items()}
    fitbit_files.packed(folder / "takeout.zip", full)
    (folder / "steps.json").write_text(minutes, encoding="utf-8")


def _samsung_health(folder: Path) -> None:
    rows = [("2024-05-01 09:00:00.000", "2024-05-01 09:01:00.000", 100, 75.0, "phone")]
    steps = samsung_files.steps(rows)
    walk = samsung_files.walk("2024-05-01 09:00:00.000", "2024-05-01 09:20:00.000")
    parts = {
        "com.samsung.shealth.tracker.pedometer_step_count": steps,
        "com.samsung.shealth.exercise": samsung_files.exercises([walk]),
    }
    samsung_files.packed(folder / "samsung.zip", parts)


def _health_connect(folder: Path) -> None:
    start = datetime(2024, 5, 1, 9, tzinfo=UTC)
    end = start + timedelta(minutes=10)
    rows = {
        "steps_record_table": [
            health_connect_files.span(start, end, count=900),
            health_connect_files.span(start, end, app=2, device=2, count=1000),
        ]
    }
    base = health_connect_files.write(folder / "health_connect_export.db", rows)
    health_connect_files.packed(folder / "health_connect.zip", base)


def _google_fit(folder: Path) -> None:
    points = [test_google_fit.point(n, n + 1, 90 + n) for n in range(12)]
    made = test_google_fit.stream(test_google_fit.MERGED, *points)
    test_google_fit.takeout(folder, made)
    (folder / "steps.json").write_text(made, encoding="utf-8")


def _strava(folder: Path) -> None:
    walk = tcx_xml.walk(seconds=60)
    text = test_strava.table(test_strava.row(file="activities/1.tcx.gz"), test_strava.row())
    members = {"activities.csv": text, "activities/1.tcx.gz": gzip.compress(walk.encode(), mtime=0)}
    test_strava.zipped(folder, members)
    (folder / "activities.csv").write_text(text, encoding="utf-8")


def _tcx(folder: Path) -> None:
    (folder / "walk.tcx").write_text(tcx_xml.walk(seconds=60), encoding="utf-8")


BUILT: Mapping[str, Callable[[Path], None]] = {
    "apple_health": _apple_health,
    "health_connect": _health_connect,
    "google_fit": _google_fit,
    "fitbit": _fitbit,
    "garmin": _garmin,
    "samsung_health": _samsung_health,
    "strava": _strava,
    "fit": _fit,
    "tcx": _tcx,
    "withings": _withings,
    "oura": _oura,
    "open_mhealth": _open_mhealth,
    "gpx": _gpx,
    "csv": _csv,
}


def built(key: str, folder: Path) -> list[Path]:
    """The files that the builder of a source makes, put into `folder`."""
    BUILT[key](folder)
    return sorted(folder.iterdir())


def found() -> dict[str, list[Path]]:
    """Small real files of the package, the tests and the shared data, by their source."""
    shared = Path(os.environ.get("BACKSTRIDE_SHARED_DATA") or ROOT.parent / "shared" / "data")
    sample = Path(sample_data.__file__).parent
    files: dict[str, list[Path]] = {}
    for folder in (sample, ROOT / "tests" / "data", shared / "exports"):
        for path in _small_files(folder):
            try:
                key = imports.detect(path)
            except BackstrideError:
                continue
            if key is not None:
                files.setdefault(key, []).append(path)
    return files


def _small_files(folder: Path) -> Iterator[Path]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return (path for path in paths if 0 < path.stat().st_size <= LARGEST)
