"""What must hold of any file whatever: it is read by the rules, or refused in our own words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from backstride import imports
from backstride.errors import BackstrideError
from backstride.imports import sift
from backstride.imports.merge import DEVICES, QUANTITIES
from backstride.records import MEASURE_NAMES, MEASURES, SAMPLES, VENDOR_DAYS, Schema

FIRST = datetime(sift.FIRST_YEAR, 1, 1, tzinfo=UTC)
LAST = datetime(sift.LAST_YEAR, 1, 1, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/Santiago", "Pacific/Apia")


def check(path: Path, zone: str) -> bool:
    """Detect and read a file; whether it was read and not refused.

    Any error but Backstride's own comes through; AssertionError says what of the contract
    doesn't hold.
    """
    try:
        detected: str | None = imports.detect(path)
    except BackstrideError:
        detected = "refused"
    try:
        got = imports.read(path, zone=zone)
    except BackstrideError as error:
        if not str(error).strip():
            raise AssertionError("an error without a text") from error
        if isinstance(error.__cause__, pl.exceptions.PanicException):
            raise AssertionError(f"Polars panicked: {error.__cause__}") from error
        return False
    assert got.kind == detected, f"detected {detected}, read {got.kind}"
    _check_samples(got.samples)
    _check_measures(got.measures)
    _check_vendor_days(got.vendor_days)
    _check_counts(got)
    for quantity in QUANTITIES:
        _check_merged(got.samples, quantity)
    return True


def _check_schema(table: pl.DataFrame, schema: Schema) -> None:
    assert dict(table.schema) == dict(pl.Schema(schema)), f"{table.schema} is not {schema}"


def _check_times(table: pl.DataFrame, last: datetime = LAST) -> None:
    if table.is_empty():
        return
    start, end = table["start"], table["end"]
    assert start.null_count() == end.null_count() == 0, "a row without start or end"
    assert (start <= end).all(), "a row that ends before it starts"
    assert start.is_sorted(), "rows out of order"
    assert start.is_between(FIRST, last).all(), "a start of another era"
    assert end.is_between(FIRST, last).all(), "an end of another era"


def _check_samples(samples: pl.DataFrame) -> None:
    _check_schema(samples, SAMPLES)
    _check_times(samples)
    values = samples.select(QUANTITIES)
    for column in values:
        known = column.drop_nulls()
        assert known.is_finite().all(), f"{column.name} is not finite"
        assert (known >= 0).all(), f"{column.name} is negative"
    assert values.filter(pl.all_horizontal(pl.all().is_null())).is_empty(), "a row of no value"
    assert samples["source"].null_count() == 0, "a row without a source"
    assert set(samples["device"]) <= set(DEVICES), f"devices {set(samples['device'])}"
    assert set(samples["flag"].drop_nulls()) <= set(sift.FLAGS), "an unknown flag"
    lasted_s = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
    beyond = (pl.col("walking_s") > lasted_s + sift.WALKING_ALLOWANCE_S) | (
        pl.col("steps") > sift.MAX_STEPS
    )
    assert samples.filter(beyond & pl.col("flag").is_null()).is_empty(), "too much, and unflagged"


def _check_measures(measures: pl.DataFrame) -> None:
    _check_schema(measures, MEASURES)
    _check_times(measures)
    assert set(measures["measure"]) <= set(MEASURE_NAMES), f"{set(measures['measure'])}"
    assert measures["value"].null_count() == 0, "a measure without a value"
    assert measures["value"].is_finite().all(), "a measure that is not finite"


def _check_vendor_days(days: pl.DataFrame) -> None:
    _check_schema(days, VENDOR_DAYS)
    assert not days.select("date", "source").is_duplicated().any(), "a vendor's day twice"
    assert days.filter(pl.any_horizontal(pl.all().is_null())).is_empty(), "an unknown vendor's day"
    assert (days["steps"] >= 0).all(), "a vendor's day below zero"
    assert days["date"].dt.year().is_between(FIRST.year, LAST.year - 1).all(), "an era"


def _check_counts(got: imports.Imported) -> None:
    for counts in (got.read_counts, got.skipped_counts, got.refused_counts):
        assert all(count > 0 for count in counts.values()), f"counts {counts}"
        assert len(counts) <= sift.MAX_KINDS + 1, f"{len(counts)} kinds"
    rows = got.samples.height + got.measures.height
    assert not rows or got.read_count, "rows of no record"
    refusals = [notice for notice in got.notices if notice.text.startswith("Refused")]
    assert bool(refusals) == bool(got.refused_count), "refused, and not told"
    flagged = [notice for notice in got.notices if notice.code.startswith("imports.flagged")]
    told = sum(notice.count for notice in flagged)
    assert told == got.flagged_count, f"{got.flagged_count} flagged, {told} told"


def _check_merged(samples: pl.DataFrame, quantity: str) -> None:
    merged = imports.merge(samples, quantity)
    counted = samples.filter(pl.col("flag").is_null())[quantity].sum()
    total = merged[quantity].sum()
    assert total <= counted * (1 + 1e-9) + 1e-6, f"{total} {quantity} of {counted}"
    assert (merged["start"].to_numpy()[1:] >= merged["end"].to_numpy()[:-1]).all(), "overlap"
