"""Data points of Open mHealth and IEEE 1752.1, each as one flat row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import polars as pl

from backstride.imports import iso, sift

Header = Mapping[str, Any]
Body = Mapping[str, Any]

UNNAMED = "Open mHealth"
LONGEST_NAME = 100
WALKS = re.compile(r"walk|hik|stroll|wander|march", re.IGNORECASE)
ON_FOOT = re.compile(r"walk|hik|stroll|wander|march|run|jog|generic|unknown|^$", re.IGNORECASE)
COUNTS = {None, "", "sum", "count", "total"}
SENSED = "sensed"

UNITS = {
    "steps": {"steps": 1.0, "step": 1.0, "count": 1.0},
    "distance_m": {
        "m": 1.0,
        "km": 1000.0,
        "mi": 1609.344,
        "ft": 0.3048,
        "yd": 0.9144,
        "in": 0.0254,
        "cm": 0.01,
        "mm": 0.001,
    },
    "seconds": {
        "ms": 1e-3,
        "s": 1.0,
        "sec": 1.0,
        "min": 60.0,
        "h": 3600.0,
        "hr": 3600.0,
        "d": 86400.0,
        "wk": 604800.0,
    },
    "bpm": {"beats/min": 1.0, "bpm": 1.0, "beats / min": 1.0},
}
MAX_DEPTH = 6  # of bodies within lists within bodies


class Point(NamedTuple):
    """A data point on its way to a row; times as text, `seconds` the interval's length."""

    kind: str
    start: str | None
    end: str | None
    seconds: float | None
    date: str | None
    part: str | None
    steps: float | None
    distance_m: float | None
    is_walk: bool
    walked_s: float | None
    measure: str | None
    value: float | None
    is_measure: bool
    source: str
    device: str
    where: str


POINTS = {
    "kind": pl.String,
    "start": pl.String,
    "end": pl.String,
    "seconds": pl.Float64,
    "date": pl.String,
    "part": pl.String,
    "steps": pl.Float64,
    "distance_m": pl.Float64,
    "is_walk": pl.Boolean,
    "walked_s": pl.Float64,
    "measure": pl.String,
    "value": pl.Float64,
    "is_measure": pl.Boolean,
    "source": pl.String,
    "device": pl.String,
    "where": pl.String,
}


class _Unknown(Exception):
    """A unit that isn't known."""


def bodies(
    value: Any, header: Header, account: sift.Account, depth: int = 0
) -> Iterator[tuple[Header, Body]]:
    """Each data point's header and body within a JSON value, in its order."""
    if depth > MAX_DEPTH:
        account.skip("nested too deep")
    elif isinstance(value, list):
        for item in value:
            yield from bodies(item, header, account, depth + 1)
    elif not isinstance(value, dict):
        account.refuse("data point", "value", "")
    elif "body" in value:
        own = value.get("header")
        yield from bodies(
            value["body"], own if isinstance(own, dict) else header, account, depth + 1
        )
    else:
        plain = {str(key).replace("-", "_"): item for key, item in value.items()}
        lists = [item for item in plain.values() if isinstance(item, list)]
        if "effective_time_frame" in plain or not lists:
            yield header, plain
        else:
            yield from bodies(lists, header, account, depth + 1)


def points_of(header: Header, body: Body, where: str, account: sift.Account) -> Iterator[Point]:
    """The point as a row; none, and counted, for what Backstride has no use for."""
    kind = _kind_of(header, body)
    statistic = body.get("descriptive_statistic")
    if isinstance(statistic, dict | list) or statistic not in COUNTS:
        account.skip(f"{kind}, {str(statistic)[:40]}")
        return
    try:
        point = _point(header, body, kind, where)
    except _Unknown:
        account.refuse(kind, "unit", where)
        return
    if point is None:
        account.skip(kind)
    else:
        yield point


def _kind_of(header: Header, body: Body) -> str:
    schema = header.get("schema_id")
    name = schema.get("name") if isinstance(schema, dict) else None
    known = ("step_count", "activity_name", "sleep_duration", "total_sleep_time", "heart_rate")
    own = next((key for key in known if key in body), None)
    if own == "activity_name":
        return f"activity: {iso.text(body['activity_name']) or 'unnamed'}"[:60]
    return str(own or iso.text(name) or next(iter(body), "empty"))[:60].replace("_", " ")


def _point(header: Header, body: Body, kind: str, where: str) -> Point | None:
    steps = distance_m = walked_s = value = None
    measure, is_walk = None, False
    name = iso.text(body.get("activity_name")) or ""
    if "step_count" in body:
        steps = _amount(body["step_count"], "steps")
    elif "activity_name" in body or "base_movement_quantity" in body:
        steps = _amount(body.get("base_movement_quantity"), "steps")
        is_walk = bool(WALKS.search(name))
        if ON_FOOT.search(name):
            distance_m = _amount(body.get("distance"), "distance_m")
            walked_s = _amount(body.get("effective_duration"), "seconds")
        if steps is None and distance_m is None and not is_walk:
            return None
    else:
        measure, value = _measure_of(body)
        if measure is None:
            return None
    start, end, seconds, date, part = _frame_of(body)
    source, device = _provenance(header)
    return Point(
        kind,
        start,
        end,
        seconds,
        date,
        part,
        steps,
        distance_m,
        is_walk,
        walked_s,
        measure,
        value,
        measure is not None,
        source,
        device,
        where,
    )


def _measure_of(body: Body) -> tuple[str | None, float | None]:
    if "heart_rate" in body:
        is_rest = body.get("temporal_relationship_to_physical_activity") == "at rest"
        name = "resting_heart_rate_bpm" if is_rest else "heart_rate_bpm"
        return name, _amount(body["heart_rate"], "bpm")
    for key in ("total_sleep_time", "sleep_duration"):
        if key in body:
            return "sleep_s", _amount(body[key], "seconds")
    return None, None


def _amount(value: Any, quantity: str) -> float | None:
    """A number in the column's own unit; NaN for what is none. Raises _Unknown."""
    if not isinstance(value, dict):
        return iso.number(value)
    unit = value.get("unit")
    size = UNITS[quantity].get(unit.strip().lower()) if isinstance(unit, str) else None
    if size is None:
        raise _Unknown
    number = iso.number(value.get("value"))
    return None if number is None else number * size


_Frame = tuple[str | None, str | None, float | None, str | None, str | None]


def _frame_of(body: Body) -> _Frame:
    """Start, end, seconds, date and part of the day, as far as they are told."""
    frame = body.get("effective_time_frame")
    frame = frame if isinstance(frame, dict) else {}
    inner = frame.get("time_interval")
    span = {
        str(key).replace("-", "_"): value
        for key, value in (inner if isinstance(inner, dict) else frame).items()
    }
    instant = iso.text(span.get("date_time"))
    if instant is not None:
        return instant, instant, None, None, None
    start = iso.text(span.get("start_date_time")) or iso.text(span.get("start_time"))
    end = iso.text(span.get("end_date_time")) or iso.text(span.get("end_time"))
    seconds = _amount(span.get("duration"), "seconds")
    return start, end, seconds, iso.text(span.get("date")), iso.text(span.get("part_of_day"))


def _provenance(header: Header) -> tuple[str, str]:
    provenance = header.get("acquisition_provenance")
    provenance = provenance if isinstance(provenance, dict) else {}
    modality = provenance.get("modality", header.get("modality", SENSED))
    name = (iso.text(provenance.get("source_name")) or "").strip()[:LONGEST_NAME]
    return name or UNNAMED, "app" if modality == SENSED else "manual"
