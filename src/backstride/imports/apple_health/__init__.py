"""Apple Health: `export.zip` as the phone makes it, or the `export.xml` inside it.

Read as a stream, straight from the zip: memory grows with the samples kept, not with the file.
A fast scan (`scan`) takes the XML that Apple writes; at anything unusual or damaged
it gives up, and expat (`stream`), whose word is final, reads the file from its start.
The zip's folder and the XML have names in the phone's language
(`apple_health_export/export.xml`, `.../Exportieren.xml`), so the XML is known by its root,
`HealthData`.

What becomes samples: step counts, walking and running distance, and workouts of walking or
hiking. A workout gives its `duration`, which leaves pauses out, as `walking_s`; its total
distance is not taken, since its parts stand in the distance records. Old phones wrote as
the source "Health" with no device: a phone.

What becomes measures: how someone walks (speed, step length, double support, asymmetry,
steadiness), resting heart rate, mindful sessions, and heart rate within workouts of walking
or hiking. The routes of these workouts are read as well (`routes`). Left alone: sleep; and
State of Mind, for no public export shows how Apple writes it, if it does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path

import polars as pl

from backstride import zips
from backstride.imports import sift
from backstride.imports.apple_health import routes
from backstride.imports.apple_health import stream as apple_stream
from backstride.imports.apple_health.heart import HeartRates
from backstride.imports.apple_health.kinds import COLUMN, HEART_RATE, scaled, told_refused
from backstride.imports.apple_health.rows import typed
from backstride.imports.apple_health.scan import AT_ONCE, Scan
from backstride.imports.apple_health.stream import Gathered, GaveUp, gather
from backstride.imports.containers import Files
from backstride.imports.imported import Imported
from backstride.imports.kept import ByQuarter
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.records import MEASURES, SAMPLES, empty
from backstride.words import say

SOURCE = Source(
    key="apple_health",
    name="Apple Health",
    files=say("export.zip as the iPhone makes it, or the export.xml inside it"),
    gives=say("steps, metres, walking workouts, how you walk, heart rate on walks"),
    checked=Checked.REAL_FILES,
    how=(
        How(
            Where.IPHONE,
            (
                say("Open the Health app and tap your picture at the top right."),
                say("Tap Export All Health Data at the bottom, then Export. It can take minutes."),
                say("Choose Save to Files, then bring export.zip as it is."),
            ),
        ),
    ),
    note="the Apple Watch's records are in it; names inside may be in any language",
)

LONGEST_WALK_S = sift.LONGEST_WALK_S

Frames = Generator[pl.DataFrame]
Told = Callable[[int], None]
RoutesOf = Callable[[pl.DataFrame, sift.Account], tuple[pl.DataFrame, pl.DataFrame]]

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

    `tell` is told the bytes read so far.
    """
    name = _xml_in(files) or files.names[0]
    ways = files.matching(routes.ROUTES) if files.is_zip else []
    size, furthest = files.size(name), 0
    total = size + sum(map(files.size, ways))

    def told(done: int) -> None:
        nonlocal furthest
        furthest = max(furthest, done)  # a second pass begins at the first byte again
        tell(furthest, total)

    def routes_of(walks: pl.DataFrame, account: sift.Account) -> tuple[pl.DataFrame, pl.DataFrame]:
        return routes.read(
            files, ways, walks, account, lambda done, _: tell(size + done, total), zone
        )

    before = files.unpacked
    try:
        return sifted(*scanned(files.path, files.chunks(name), told), zone, routes_of)
    except GaveUp:
        files.unpacked = before  # what is unpacked twice counts once
        return sifted(*parsed(files.path, files.chunks(name), told), zone, routes_of)


def scanned(
    path: Path, pieces: Iterator[bytes], told: Told, at_once: int = AT_ONCE
) -> tuple[Gathered, Frames]:
    """The XML's records as tables of `TYPED`, and what else it says once they are read: fast.

    `at_once` bytes are read together. Reading raises GaveUp at whatever is unusual or wrong.
    """
    seen = Gathered(COLUMN)
    return seen, Scan(seen).frames(path, pieces, told, at_once)


def parsed(path: Path, pieces: Iterator[bytes], told: Told) -> tuple[Gathered, Frames]:
    """The same with expat, whose word is final. Reading raises UnreadableFile."""
    seen = Gathered(COLUMN)
    return seen, (typed(rows) for rows in gather(path, pieces, seen, told))


def sifted(
    seen: Gathered, frames: Frames, zone: str, routes_of: RoutesOf | None = None
) -> Imported:
    """What `scanned` or `parsed` gives as an import; the passes' own errors come out of it.

    `routes_of` gives the SAMPLES and MEASURES of the routes of walks.
    """
    account, hearts = sift.Account(), HeartRates()
    samples, measures, walks = ByQuarter(zone), [empty(MEASURES)], [_walks(empty(SAMPLES))]
    with closing(frames):  # whatever happens: bytes may still be fetched on another thread
        for frame in frames:
            rest = _believed(frame, seen, account, hearts)
            is_sample = pl.col("column").is_in(sift.VALUES)
            batch = _as_samples(rest.filter(is_sample))
            walks.append(_walks(batch))
            samples.add(batch)
            measures.append(_as_measures(rest.filter(~is_sample)))
    account.skipped.update(seen.skipped)
    walked = pl.concat(walks)
    measures.append(hearts.during(walked, account))
    if routes_of is not None:
        ways, climbed = routes_of(walked, account)
        samples.add(ways)
        measures.append(climbed)
    return sift.finished(
        SOURCE.key,
        samples,
        account,
        zone,
        measures=pl.concat(measures),
        exported_at=seen.exported_at,
        birth_year=seen.birth_year,
    )


def _believed(
    frame: pl.DataFrame, seen: Gathered, account: sift.Account, hearts: HeartRates
) -> pl.DataFrame:
    """The rows that are no heart rate (those are with `hearts`); the refused are told."""
    rows = scaled(frame)
    general = sift.refusal(pl.col("value"), seen.exported_at)
    unit = pl.when(general.is_null() & ~pl.col("known")).then(pl.lit("unit"))
    good = told_refused(rows.with_columns(unit.otherwise(general).alias("refusal")), account)
    is_heart = pl.col("kind") == HEART_RATE
    hearts.add(good.filter(is_heart))
    rest = good.filter(~is_heart)
    for kind, count in rest["kind"].value_counts().iter_rows():
        account.read[kind] += count
    return rest


def _as_samples(good: pl.DataFrame) -> pl.DataFrame:
    """Rows with the schema SAMPLES, one column of values filled in each."""
    values = [pl.when(pl.col("column") == name).then("value").alias(name) for name in sift.VALUES]
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


def _as_measures(good: pl.DataFrame) -> pl.DataFrame:
    return good.select(
        "start", "end", pl.col("column").alias("measure"), "value", "source", "device"
    )


def _walks(samples: pl.DataFrame) -> pl.DataFrame:
    """When workouts of walking began and ended and whose they are, but for never stopped ones."""
    is_walk = pl.col("walking_s").is_not_null() & pl.col("flag").is_null()
    return samples.filter(is_walk).select("start", "end", "source")
