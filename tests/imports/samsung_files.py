"""Samsung Health's "Download personal data" after lists of real exports' columns."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = "samsunghealth_anna_20260607134546"
STAMP = "20260607134546"
WATCH, PHONE, ALL = "Cv7sH/e0hQ", "1kGlEKqwGK", "VfS0qUERdZ"


def table(kind: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A line about the table, its header, and rows with one comma more than the header."""
    lines = [f"{kind},6319001,11", ",".join(columns)]
    lines += [",".join("" if cell is None else str(cell) for cell in row) + "," for row in rows]
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def steps(rows: Iterable[tuple[str, str, object, object, str]]) -> str:
    """Start, end, steps, metres and the device."""
    long = "com.samsung.health.step_count."
    names = ("start_time", "count", "distance", "time_offset", "deviceuuid", "end_time")
    columns = ("duration", "run_step", "walk_step", *(long + name for name in names))
    return table(
        "com.samsung.shealth.tracker.pedometer_step_count",
        columns,
        ((60000, 0, count, start, count, metres, "UTC-0500", device, end)
         for start, end, count, metres, device in rows),
    )  # fmt: skip


def trend(rows: Iterable[tuple[object, int, object, str, str]]) -> str:
    """Day, source type, steps, device and the file of its bins."""
    columns = ("binning_data", "source_type", "count", "distance", "deviceuuid", "day_time")
    return table(
        "com.samsung.shealth.step_daily_trend",
        columns,
        ((bins, kind, count, 1.5, device, day) for day, kind, count, device, bins in rows),
    )


def exercises(rows: Iterable[Mapping[str, object]]) -> str:
    long = "com.samsung.health.exercise."
    names = ("start_time", "end_time", "duration", "exercise_type", "distance", "count",
             "count_type", "mean_heart_rate", "time_offset", "deviceuuid")  # fmt: skip
    return table(
        "com.samsung.shealth.exercise",
        ["source_type", *(long + name for name in names)],
        ([4, *(row.get(name) for name in names)] for row in rows),
    )


def walk(start: str, end: str, **changed: object) -> dict[str, object]:
    return {
        "start_time": start,
        "end_time": end,
        "duration": 600_000,
        "exercise_type": 1001,
        "distance": 700.5,
        "count": 900,
        "count_type": 30001,
        "mean_heart_rate": 104.0,
        "time_offset": "UTC-0500",
        "deviceuuid": WATCH,
    } | changed


DEVICES = table(
    "com.samsung.health.device_profile",
    ("manufacturer", "device_group", "name", "model", "deviceuuid", "fixed_name"),
    [
        ("Samsung", 360001, "My Device", "SM-S901E", PHONE, "Anna's S22"),
        ("Combined", 0, "Combined", "Combined", ALL, ""),
        ("Samsung", 360003, "Galaxy Watch4 (ABCD)", "", WATCH, ""),
    ],
)


def bins(slots: Mapping[int, tuple[int, float]]) -> str:
    """144 bins of ten minutes; those not named are empty objects."""
    filled = (
        {"count": slots[n][0], "distance": slots[n][1]} if n in slots else {} for n in range(144)
    )
    return json.dumps(list(filled))


def packed(path: Path, parts: Mapping[str, str | bytes], root: str = ROOT) -> Path:
    """A zip of tables by their kind and of other parts by their path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            full = f"{name}.{STAMP}.csv" if name.startswith("com.") else name
            archive.writestr(f"{root}/{full}".lstrip("/"), part)
    return path
