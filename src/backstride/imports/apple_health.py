"""Apple Health: `export.zip` as the phone makes it, or the `export.xml` inside it.

Read as a stream with expat, straight from the zip: memory doesn't grow with the file but
for the samples kept. The zip's folder and the XML have names in the phone's language
(`apple_health_export/export.xml`, `.../Exportieren.xml`), so the XML is known by its root,
`HealthData`.

What becomes samples: step counts, walking and running distance, and workouts of walking or
hiking. A workout gives its `duration`, which leaves pauses out, as `walking_s`; its total
distance is not taken, since its parts stand in the distance records. Old phones wrote as
the source "Health" with no device: a phone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl

from backstride.imports import sift
from backstride.imports.apple_stream import COLUMNS, Gathered, Row, gather, matches
from backstride.imports.imported import Imported
from backstride.records import SAMPLES, Notices, empty

__all__ = ["KIND", "matches", "read"]

KIND = "apple_health"

STEPS = "HKQuantityTypeIdentifierStepCount"
DISTANCE = "HKQuantityTypeIdentifierDistanceWalkingRunning"
WALK = "HKWorkoutActivityTypeWalking"
HIKE = "HKWorkoutActivityTypeHiking"

COLUMN = {STEPS: "steps", DISTANCE: "distance_m", WALK: "walking_s", HIKE: "walking_s"}
# Each unit's size in the column's own: count, metres, seconds.
UNITS = {
    "steps": {"count": 1.0},
    "distance_m": {"m": 1.0, "km": 1000.0, "mi": 1609.344, "ft": 0.3048, "yd": 0.9144, "cm": 0.01},
    "walking_s": {"s": 1.0, "min": 60.0, "hr": 3600.0, "h": 3600.0},
}
LONGEST_WALK_S = 12 * 3600


def read(
    path: Path,
    member: str | None,
    progress: Callable[[int], None],
    zone: str,
) -> Imported:
    """Read a whole export, or raise UnreadableFile and give nothing.

    `member` is the XML's name in the zip, None for a plain XML; `progress` is told the
    bytes of XML read so far.
    """
    seen, notices = Gathered(COLUMN), Notices()
    read_counts: dict[str, int] = {}
    refused: dict[str, int] = {}
    batches = [empty(SAMPLES)]
    for rows in gather(path, member, seen, progress):
        frame = _typed(rows)
        judged = frame.with_columns(_refusal(seen.exported_at).alias("refusal"))
        _tell_refused(judged, refused, notices)
        good = judged.filter(pl.col("refusal").is_null())
        _count(good, read_counts)
        batches.append(_as_samples(good))
    samples = sift.flagged(pl.concat(batches), zone).sort("start", "end", "source")
    sift.tell_flags(samples, notices)
    return Imported(
        KIND,
        samples,
        notices,
        exported_at=seen.exported_at,
        birth_year=seen.birth_year,
        read_counts=read_counts,
        skipped_counts=seen.skipped,
        refused_counts=refused,
    )


def _typed(rows: list[Row]) -> pl.DataFrame:
    """Rows of text as instants (UTC), numbers in the column's unit, and device classes."""
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else {}
    schema = dict.fromkeys(COLUMNS, pl.String()) | {"offset": pl.Int64(), "manual": pl.Boolean()}
    text = pl.DataFrame(columns, schema=schema)
    instants = [
        pl.col(name).str.to_datetime(
            "%Y-%m-%d %H:%M:%S %z", time_unit="us", time_zone="UTC", strict=False
        )
        for name in ("start", "end")
    ]
    column = pl.col("kind").replace_strict(COLUMN, return_dtype=pl.String)
    return text.with_columns(
        *instants,
        pl.col("value").str.strip_chars().cast(pl.Float64, strict=False),
        column.alias("column"),
        _factor(column).alias("factor"),
        pl.col("source").fill_null("unknown"),
        _device().alias("device"),
    ).with_columns(pl.col("value") * pl.col("factor").fill_null(1.0))


def _factor(column: pl.Expr) -> pl.Expr:
    keys = {f"{name} {unit}": size for name, units in UNITS.items() for unit, size in units.items()}
    return (column + " " + pl.col("unit")).replace_strict(
        keys, default=None, return_dtype=pl.Float64
    )


def _device() -> pl.Expr:
    """watch, phone, app or manual, from what the record says of its device and source."""
    device = pl.col("device_text").fill_null("").str.to_lowercase()
    source = pl.col("source").fill_null("").str.to_lowercase()
    # The source's name is the owner's own ("Anna's iPhone"); the device's model is surer.
    return (
        pl.when(pl.col("manual"))
        .then(pl.lit("manual"))
        .when(device.str.contains(r"model:watch|hardware:watch|name:apple watch"))
        .then(pl.lit("watch"))
        .when(device.str.contains(r"model:(?:iphone|ipod|ipad)|hardware:(?:iphone|ipod|ipad)"))
        .then(pl.lit("phone"))
        .when(source.str.contains("watch"))
        .then(pl.lit("watch"))
        .when(source.str.contains("iphone") | (source == "health"))
        .then(pl.lit("phone"))
        .otherwise(pl.lit("app"))
    )


def _refusal(exported_at: datetime | None) -> pl.Expr:
    known_unit = pl.col("factor").is_not_null()
    general = sift.refusal(pl.col("value"), exported_at)
    return pl.when(general.is_null() & ~known_unit).then(pl.lit("unit")).otherwise(general)


def _as_samples(good: pl.DataFrame) -> pl.DataFrame:
    """Rows with the schema SAMPLES, one column of values filled in each."""
    values = [
        pl.when(pl.col("column") == name).then("value").alias(name)
        for name in ("steps", "distance_m", "walking_s")
    ]
    span_s = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
    never_stopped = pl.col("walking_s") > LONGEST_WALK_S
    return good.select(
        "start",
        "end",
        *values,
        "source",
        "device",
        pl.lit(None, dtype=pl.String).alias("flag"),
    ).with_columns(
        # A duration can't be longer than the time from start to end.
        pl.min_horizontal("walking_s", pl.when(pl.col("walking_s").is_not_null()).then(span_s)),
        pl.when(never_stopped).then(pl.lit(sift.NEVER_STOPPED)).alias("flag"),
    )


def _count(good: pl.DataFrame, counts: dict[str, int]) -> None:
    for kind, count in good["kind"].value_counts().iter_rows():
        counts[kind] = counts.get(kind, 0) + count


def _tell_refused(judged: pl.DataFrame, counts: dict[str, int], notices: Notices) -> None:
    bad = judged.filter(pl.col("refusal").is_not_null())
    for kind, count in bad["kind"].value_counts().iter_rows():
        counts[kind] = counts.get(kind, 0) + count
    told = bad.group_by("refusal", maintain_order=True).agg(
        pl.len().alias("count"), pl.col("offset").first()
    )
    for code, count, offset in told.iter_rows():
        text = f"Refused: {sift.REFUSALS[code]}."
        notices.add(f"imports.refused.{code}", text, f"byte {offset:,}", count)
