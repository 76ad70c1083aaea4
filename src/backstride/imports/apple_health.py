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

import re
from datetime import datetime

import polars as pl

from backstride import zips
from backstride.imports import apple_stream, sift
from backstride.imports.apple_stream import COLUMNS, Gathered, Row, gather
from backstride.imports.containers import Files
from backstride.imports.imported import Imported
from backstride.imports.source import Checked, How, Source, Tell, Where

SOURCE = Source(
    key="apple_health",
    name="Apple Health",
    files="export.zip as the iPhone makes it, or the export.xml inside it",
    gives="steps, metres, walking workouts",
    checked=Checked.REAL_FILES,
    how=(
        How(
            Where.IPHONE,
            (
                "Open the Health app and tap your picture at the top right.",
                "Tap Export All Health Data at the bottom, then Export. It can take minutes.",
                "Choose Save to Files, then bring export.zip as it is.",
            ),
        ),
    ),
    note="the Apple Watch's records are in it; names inside may be in any language",
)

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


MAX_CANDIDATES = 20
# First names in an Apple Health zip: enough to know one whose directory was cut off.
_FIRST_NAME = re.compile(rb"apple_health|/workout-routes/|\.xml$", re.IGNORECASE)


def matches(files: Files) -> bool:
    """Whether one of the parts is an XML with Apple Health's root."""
    return _xml_in(files) is not None


def begins(head: bytes) -> bool:
    """Whether a file, perhaps cut off, begins as Apple's zip does: with the names in it."""
    return bool(_FIRST_NAME.search(zips.first_name(head)))


def _xml_in(files: Files) -> str | None:
    """The largest XML that is an export: the others, such as the CDA, are far smaller."""
    listed = files.matching(r"\.xml$") if files.is_zip else files.names
    listed = sorted(listed, key=files.size, reverse=True)[:MAX_CANDIDATES]
    return next((name for name in listed if apple_stream.matches(files.head_of(name))), None)


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read a whole export, or raise UnreadableFile and give nothing.

    `tell` is told the bytes of XML read so far.
    """
    name = _xml_in(files) or files.names[0]
    size = files.size(name)
    seen, account = Gathered(COLUMN), sift.Account()
    batches = []
    pieces = files.chunks(name)
    for rows in gather(files.path, pieces, seen, lambda done: tell(done, size)):
        frame = _typed(rows)
        judged = frame.with_columns(_refusal(seen.exported_at).alias("refusal"))
        _tell_refused(judged, account)
        good = judged.filter(pl.col("refusal").is_null())
        for kind, count in good["kind"].value_counts().iter_rows():
            account.read[kind] += count
        batches.append(_as_samples(good))
    account.skipped.update(seen.skipped)
    return sift.finished(
        SOURCE.key,
        batches,
        account,
        zone,
        exported_at=seen.exported_at,
        birth_year=seen.birth_year,
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


def _tell_refused(judged: pl.DataFrame, account: sift.Account) -> None:
    bad = judged.filter(pl.col("refusal").is_not_null())
    told = bad.group_by("kind", "refusal", maintain_order=True).agg(
        pl.len().alias("count"), pl.col("offset").first()
    )
    for kind, code, count, offset in told.iter_rows():
        account.refuse(kind, code, f"byte {offset:,}", count)
