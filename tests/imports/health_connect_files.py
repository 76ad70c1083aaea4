"""Health Connect's database after Android's own source: its tables, columns and codes."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

# What every table of records begins with.
RECORD = (
    "row_id INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB NOT NULL UNIQUE, "
    "last_modified_time INTEGER, client_record_id TEXT, client_record_version TEXT, "
    "device_info_id INTEGER, app_info_id INTEGER, recording_method INTEGER, "
    "dedupe_hash BLOB UNIQUE"
)
SPAN = (
    f"{RECORD}, start_time INTEGER, start_zone_offset INTEGER, end_time INTEGER, "
    "end_zone_offset INTEGER, local_date INTEGER"
)
LOCAL = ", local_date_time_start_time INTEGER AS (start_time + 1000 * start_zone_offset)"
TABLES = {
    "application_info_table": "row_id INTEGER PRIMARY KEY, package_name TEXT NOT NULL UNIQUE, "
    "app_name TEXT, app_icon BLOB, record_types_used TEXT",
    "device_info_table": "row_id INTEGER PRIMARY KEY, manufacturer TEXT, model TEXT, "
    "device_type INTEGER",
    "steps_record_table": f"{SPAN}, count INTEGER{LOCAL}",
    "distance_record_table": f"{SPAN}, distance REAL{LOCAL}",
    "exercise_session_record_table": f"{SPAN}, notes TEXT, exercise_type INTEGER, title TEXT, "
    f"has_route INTEGER{LOCAL}",
    "heart_rate_record_table": SPAN,
    "heart_rate_record_series_table": "parent_key INTEGER, beats_per_minute INTEGER, "
    "epoch_millis INTEGER",
    "SpeedRecordTable": SPAN,
    "speed_record_table": "parent_key INTEGER, speed REAL, epoch_millis INTEGER",
    "resting_heart_rate_record_table": f"{RECORD}, time INTEGER, zone_offset INTEGER, "
    "local_date INTEGER, beats_per_minute INTEGER",
    "mindfulness_session_record_table": f"{SPAN}, type INTEGER, title TEXT, notes TEXT",
    "sleep_session_record_table": f"{SPAN}, notes TEXT, title TEXT",
    "sleep_stages_table": "parent_key INTEGER NOT NULL, stage_start_time INTEGER NOT NULL, "
    "stage_end_time INTEGER NOT NULL, stage_type INTEGER NOT NULL",
    "weight_record_table": f"{RECORD}, time INTEGER, zone_offset INTEGER, weight REAL",
}
MAKERS = {
    "application_info_table": [
        {"row_id": 1, "package_name": "com.fitbit.FitbitMobile", "app_name": "Fitbit"},
        {"row_id": 2, "package_name": "com.google.android.apps.fitness", "app_name": "Fit"},
        {"row_id": 3, "package_name": "org.walk"},
    ],
    "device_info_table": [
        {"row_id": 1, "manufacturer": "Google", "model": "Pixel Watch 2", "device_type": 1},
        {"row_id": 2, "manufacturer": "Google", "model": "Pixel 8", "device_type": 2},
        {"row_id": 3, "device_type": 0},
    ],
}
Row = Mapping[str, object]


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def span(start: datetime, end: datetime, app: int = 1, device: int = 1, **more: object) -> Row:
    return {
        "start_time": ms(start),
        "end_time": ms(end),
        "start_zone_offset": 7200,
        "app_info_id": app,
        "device_info_id": device,
        "recording_method": 2,
    } | more


def write(
    path: Path,
    rows: Mapping[str, Iterable[Row]],
    tables: Mapping[str, str] = TABLES,
    more: Iterable[str] = (),
) -> Path:
    """A database with these rows beside the apps and devices."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base:
        for name, columns in tables.items():
            base.execute(f"CREATE TABLE {name} ({columns})")
        number = 0
        for name, listed in (MAKERS | dict(rows)).items():
            for row in listed if name in tables else ():
                number += 1
                needs_id = "uuid" in tables[name]
                full = ({"uuid": number.to_bytes(16, "big")} if needs_id else {}) | dict(row)
                marks = ", ".join("?" * len(full))
                base.execute(
                    f"INSERT INTO {name} ({', '.join(full)}) VALUES ({marks})",  # noqa: S608
                    list(full.values()),
                )
        for statement in more:
            base.execute(statement)
        base.commit()
    return path


def packed(path: Path, database: Path, name: str = "health_connect_export.db") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(database, name)
    return path
