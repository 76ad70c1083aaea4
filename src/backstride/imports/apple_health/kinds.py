"""The kinds of records of an Apple Health export that are read, and the units they come in."""

from __future__ import annotations

import polars as pl

from backstride.imports import sift
from backstride.words import say

_QUANTITY = "HKQuantityTypeIdentifier"

HEART_RATE = _QUANTITY + "HeartRate"
SAMPLED = {
    _QUANTITY + "StepCount": "steps",
    _QUANTITY + "DistanceWalkingRunning": "distance_m",
    "HKWorkoutActivityTypeWalking": "walking_s",
    "HKWorkoutActivityTypeHiking": "walking_s",
}
MEASURED = {
    HEART_RATE: "heart_rate_bpm",
    _QUANTITY + "RestingHeartRate": "resting_heart_rate_bpm",
    _QUANTITY + "WalkingSpeed": "walking_speed_mps",
    _QUANTITY + "WalkingStepLength": "step_length_m",
    _QUANTITY + "WalkingDoubleSupportPercentage": "double_support_percent",
    _QUANTITY + "WalkingAsymmetryPercentage": "asymmetry_percent",
    _QUANTITY + "AppleWalkingSteadiness": "steadiness_percent",
    "HKCategoryTypeIdentifierMindfulSession": "mindful_s",
}
COLUMN = SAMPLED | MEASURED
LASTING = "mindful_s"  # its value is the time from its start to its end

_METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "ft": 0.3048, "yd": 0.9144, "cm": 0.01}
_FRACTION = {"%": 100.0}  # Apple writes 0.28 with the unit %
_BEATS = {"count/min": 1.0, "count/s": 60.0}
# Each unit's size in the column's own.
UNITS = {
    "steps": {"count": 1.0},
    "distance_m": _METRES,
    "walking_s": {"s": 1.0, "min": 60.0, "hr": 3600.0, "h": 3600.0},
    "heart_rate_bpm": _BEATS,
    "resting_heart_rate_bpm": _BEATS,
    "walking_speed_mps": {"m/s": 1.0, "km/hr": 1 / 3.6, "mi/hr": 0.44704, "ft/s": 0.3048},
    "step_length_m": _METRES | {"in": 0.0254},
    "double_support_percent": _FRACTION,
    "asymmetry_percent": _FRACTION,
    "steadiness_percent": _FRACTION,
}
_SIZES = {f"{name} {unit}": size for name, units in UNITS.items() for unit, size in units.items()}


def scaled(typed: pl.DataFrame) -> pl.DataFrame:
    """Rows of `TYPED` with `column`, and `value` in its unit; `known` is whether theirs is."""
    column = pl.col("kind").replace_strict(COLUMN, return_dtype=pl.String)
    size = (column + " " + pl.col("unit")).replace_strict(
        _SIZES, default=None, return_dtype=pl.Float64
    )
    lasts = column == LASTING
    span_s = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
    return typed.with_columns(
        column.alias("column"),
        pl.when(lasts).then(span_s).otherwise(pl.col("value") * size.fill_null(1.0)).alias("value"),
        (lasts | size.is_not_null()).alias("known"),
    )


def told_refused(rows: pl.DataFrame, account: sift.Account) -> pl.DataFrame:
    """The rows of `scaled`, judged (`refusal`), that can be believed; the others are told."""
    bad = rows.filter(pl.col("refusal").is_not_null())
    told = bad.group_by("kind", "refusal", maintain_order=True).agg(
        pl.len().alias("count"), pl.col("offset").first()
    )
    for kind, code, count, offset in told.iter_rows():
        account.refuse(kind, code, say("byte {n:,}", n=offset), count)
    return rows.filter(pl.col("refusal").is_null())
