"""Open mHealth and IEEE 1752.1: data points in JSON, as research platforms export them.

A data point has a header (`schema_id`, `acquisition_provenance`) and a body; the schemas are
public (github.com/openmhealth/schemas, opensource.ieee.org/omh/1752). Read are one point, a
list, `{"body": [...]}`, a body whose lists hold the points (AI-READI's files are so), JSON
lines, bodies without a header, and a zip of such files.

- `step_count` (versions 1 to 3: a number, or value and unit).
- physical activity: steps (`base_movement_quantity`) and distance of walks, runs and of what
  names no sport; of walks and hikes the walking time, `effective_duration` where it is given.
- `sleep_duration` and `total_sleep_time`; `heart_rate` within the walks of the file.
- A mean or a maximum (`descriptive_statistic`) is no count: skipped.

Time is an interval, by any two of start, end and duration; or a date with or without a part
of the day, of which there are four of six hours, night first; or an instant. Times without
an offset are the walker's. What a person reported (`modality`) is manual. A device isn't
named: `app`. Version 1 wrote names with hyphens: `effective-time-frame`, `start-time`.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from backstride.imports import iso, parts, sift, text, times
from backstride.imports.containers import Files
from backstride.imports.imported import Imported
from backstride.imports.open_mhealth.points import POINTS, Body, Header, Point, bodies, points_of
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.records import MEASURES, SAMPLES, empty
from backstride.words import say

SOURCE = Source(
    key="open_mhealth",
    name="Open mHealth",
    files=say("a .json of data points, JSON lines, or a zip of them"),
    gives=say("steps, metres, walks, sleep, heart rate in walks"),
    checked=Checked.REAL_FILES,
    how=(
        How(
            Where.BROWSER,
            (
                say("Open the page of the study or service that holds the data."),
                say("Look for Export or Download, and choose JSON (Open mHealth or IEEE 1752)."),
                say("Save the file, then bring it."),
            ),
        ),
    ),
    note="checked with the schemas' own examples; step counts, activities, sleep, heart rate",
)

PARTS_OF_DAY = {"night": 0, "morning": 6, "afternoon": 12, "evening": 18}

MAX_PARTS_LOOKED_AT = 8
_FRAME = rb'"effective[_-]time[_-]frame"\s*:'
_MARKS = re.compile(
    _FRAME + rb'|"schema_id"\s*:\s*\{[^{}]*"namespace"'
    rb'|"schema_id"\s*:\s*"[^"]*(?:omh|ieee)|w3id\.org/(?:omh|ieee)|ieee-1752'
)


def matches(files: Files) -> bool:
    names = files.matching(r"\.(json|jsonl|ndjson)$") if files.is_zip else files.names
    return any(_is_omh(files.head_of(name)) for name in names[:MAX_PARTS_LOOKED_AT])


def _is_omh(head: bytes) -> bool:
    return text.looks_like_json(head) and bool(_MARKS.search(head))


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read every part that is of these points; other parts are counted by name.

    Raises UnreadableFile where all of these parts are damaged.
    """
    account = sift.Account()
    points: list[Point] = []
    json_parts = files.matching(r"\.(json|jsonl|ndjson)$") if files.is_zip else files.names
    names = [name for name in json_parts if _is_omh(files.head_of(name))]
    reading = parts.Parts(files, {"points": names}, account, tell)

    def bodies_in(files: Files, name: str) -> list[tuple[Header, Body]]:
        return list(_bodies(files, name, account))

    for name in names:
        found = reading.one(parts.short(name), name, bodies_in) or []
        for number, (header, body) in enumerate(found, 1):
            where = f"{name}, point {number}" if name else f"point {number}"
            points += points_of(header, body, where, account)
    reading.check()
    for name in set(files.names) - set(names):
        account.skip(parts.short(name))
    table = pl.DataFrame(points, schema=POINTS, orient="row")
    return _imported(table, account, zone)


def _imported(table: pl.DataFrame, account: sift.Account, zone: str) -> Imported:
    timed = _timed(table, zone)
    iso.say_zone(table, ["start", "end"], account.notices, zone)
    counts = timed.filter(~pl.col("is_measure"))
    lasted_s = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
    # A walk some time in the morning doesn't last all of it, nor one at an instant no time.
    known_s = pl.when(pl.col("date").is_null() & (lasted_s != 0)).then(lasted_s)
    walked = pl.when("is_walk").then(pl.coalesce("walked_s", known_s)).alias("walking_s")
    rows = counts.with_columns(walked)
    never_stopped = pl.col("walking_s") > sift.LONGEST_WALK_S
    rows = rows.with_columns(
        pl.when(never_stopped).then(pl.lit(sift.NEVER_STOPPED)).alias("flag")
    ).select(*SAMPLES, "kind", "where")
    samples = sift.sifted(rows, account)
    walks = samples.filter(pl.col("walking_s").is_not_null())
    measures = _measures(timed.filter("is_measure"), walks, account)
    return sift.finished(SOURCE.key, [samples], account, zone, measures=measures)


def _bodies(files: Files, name: str, account: sift.Account) -> Iterator[tuple[Header, Body]]:
    """Each data point's header and body, in the file's order."""
    for document in _documents(files, name, account):
        yield from bodies(document, {}, account)


def _documents(files: Files, name: str, account: sift.Account) -> Iterator[Any]:
    """The part's JSON; or, where each line is one, that of every line."""
    content = files.whole(name, text.MAX_JSON)
    lines = [line for line in content.split(b"\n", 2)[:2] if line.strip()]
    if len(lines) < 2 or not all(map(_is_whole, lines)):
        yield text.json_of(files, name)
        return
    for number, line in enumerate(io.BytesIO(content), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                account.refuse("line", "part", f"{name}, line {number}".removeprefix(", "))


def _is_whole(line: bytes) -> bool:
    return line.strip().startswith(b"{") and line.strip().endswith(b"}")


def _timed(table: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The points with `start` and `end` as instants, null where they aren't told."""
    start, end = iso.instant_of(pl.col("start"), zone), iso.instant_of(pl.col("end"), zone)
    # A longer one than ten years is none; sift refuses what it leaves without an end.
    sound = pl.when(pl.col("seconds").is_between(0, 3.2e8)).then("seconds")
    length = pl.duration(microseconds=(sound * 1e6).cast(pl.Int64))
    midnight = iso.date_of(pl.col("date")).cast(pl.Datetime("us"))
    part = pl.col("part").str.strip_chars().str.to_lowercase()
    hour = part.replace_strict(PARTS_OF_DAY, default=None, return_dtype=pl.Int32)
    hours = pl.when(pl.col("part").is_null()).then(24).otherwise(6)
    from_hour = pl.when(pl.col("part").is_null()).then(0).otherwise(hour)
    first = midnight + pl.duration(hours=from_hour)
    has_date = pl.col("date").is_not_null()
    return table.with_columns(
        pl.when(has_date)
        .then(times.utc_of(first, zone))
        .otherwise(pl.coalesce(start, pl.when(pl.col("start").is_null()).then(end - length)))
        .alias("start"),
        pl.when(has_date)
        .then(times.utc_of(first + pl.duration(hours=hours), zone))
        .otherwise(pl.coalesce(end, pl.when(pl.col("end").is_null()).then(start + length)))
        .alias("end"),
    )


def _measures(points: pl.DataFrame, walks: pl.DataFrame, account: sift.Account) -> pl.DataFrame:
    """MEASURES; a heart rate that isn't within a walk of the file is skipped."""
    spans = walks.select(pl.col("start").alias("from"), pl.col("end").alias("until"))
    spans = spans.sort("from").with_columns(pl.col("until").cum_max())
    beats = points.filter(
        (pl.col("measure") == "heart_rate_bpm") & pl.col("start").is_not_null()
    ).sort("start")
    within = beats.join_asof(
        spans, left_on="start", right_on="from", strategy="backward", check_sortedness=False
    ).filter(pl.col("start") < pl.col("until"))
    if outside := beats.height - within.height:
        account.skip("heart rate outside of walks", outside)
    others = points.filter((pl.col("measure") != "heart_rate_bpm") | pl.col("start").is_null())
    rows = pl.concat([others, within.select(others.columns)])
    if rows.is_empty():
        return empty(MEASURES)
    return sift.sifted(rows.select(*MEASURES, "kind", "where"), account, schema=MEASURES)
