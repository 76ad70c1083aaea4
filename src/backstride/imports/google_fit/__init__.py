"""Google Fit: the folder `Fit` of a Google Takeout, or a file out of it.

What is in it, from a real export (that in the public package niimpy, MIT: one phone's steps of
160 days, and tables of two) and from programs that read such exports:

- `All Data`: data streams, see `google_fit_streams`. Times are nanoseconds since 1970, UTC.
- `All Sessions`: activities that an app recorded or Fit found. Their steps and metres stand in
  the streams as well, so a session gives only what no stream gives.
- `Daily activity metrics`: see `google_fit_days`. The table of all days gives `vendor_days`;
  a day that no stream reaches is read from its quarters of an hour, or else from its total.
- `Activities`: TCX files of the sessions, which tell nothing new and are only counted.

Walking time are the activity segments of walking and hiking (7 walking, 35 hiking, 93 to 95 and
116 its kinds, from Google's list of activity types). Heart rate is kept of those times alone.

Google gave up the Fit app for Google Health in 2026. Takeout still had `Fit` with its streams in
May 2026 (grapako/google-fit-takeout-parser); what it has after the move isn't known here, and
a Google Health folder isn't read by this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from backstride.imports import parts, sift
from backstride.imports.containers import Files
from backstride.imports.google_fit import days as tables
from backstride.imports.google_fit import streams
from backstride.imports.google_fit.points import (
    DISTANCE,
    PART,
    SEGMENT,
    STEPS,
    Activities,
    Beats,
    Reading,
    resting_in,
    session_in,
)
from backstride.imports.google_fit.streams import Stream
from backstride.imports.imported import Imported
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.records import MEASURES, SAMPLES, empty
from backstride.words import say

SOURCE = Source(
    key="google_fit",
    name="Google Fit",
    files=say("the zip of Google Takeout with Fit in it, or a file out of it"),
    gives=say("steps, metres, walking minutes, heart rate while walking"),
    checked=Checked.REAL_FILES,
    how=tuple(
        How(
            where,
            (
                say("Open takeout.google.com and sign in with the account that Fit used."),
                say("Choose Deselect all, then tick Fit alone, further down."),
                say("Choose Next step, Export once, .zip, then Create export."),
                say(
                    "Google sends an e-mail when it is ready. "
                    "Download the zip and bring it as it is."
                ),
            ),
        )
        for where in Where
    ),
    note="Google closes Fit in 2026: export before your data are moved or deleted",
)

HEART, RESTING = "heart_rate.bpm", "resting_heart_rate"
PROBED = 10  # parts without a telling name that `matches` looks into


@dataclass
class Sorted:
    """What the parts of an export are."""

    streams: list[Stream] = field(default_factory=list)
    quarters: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)

    def add(self, name: str, head: bytes) -> bool:
        """Take a part that is Fit's, by its first bytes; False if it isn't."""
        stream = streams.stream_in(name, head)
        if stream is not None:
            self.streams.append(stream)
        elif b'"fitnessActivity"' in head and b'"startTime"' in head:
            self.sessions.append(name)
        elif kind := tables.kind_of(head):
            (self.quarters if kind == "quarters" else self.days).append(name)
        else:
            return False
        return True

    def of(self, type_: str, *, resting: bool = False) -> list[Stream]:
        return [
            stream
            for stream in self.streams
            if stream.type == type_ and (stream.label == RESTING) is resting
        ]


def matches(files: Files) -> bool:
    if not files.is_zip:
        return Sorted().add("", files.head)
    telling = files.matching(streams.NAMED)[:PROBED]
    other = [name for name in files.matching(r"\.(json|csv)$") if name not in telling]
    heads = ((name, parts.head_of(files, name)) for name in (*telling, *other[:PROBED]))
    return any(Sorted().add(name, head) for name, head in heads if head is not None)


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read Fit's part of a Takeout, or one file of it.

    A damaged part is refused as a part. Raises UnreadableFile if no part of use is sound.
    """
    account = sift.Account()
    found = _sorted(files, account)
    every = {PART: [stream.name for stream in found.streams]}
    reading = Reading(parts.Parts(files, every, account, tell), zone)
    samples = [*_streamed(reading, found)]
    samples += _tables(reading, found, _days_in(samples, zone))
    samples += _sessions(reading, found, _days_in(samples, zone))
    reading.parts.check()
    return sift.finished(
        SOURCE.key,
        samples,
        account,
        zone,
        measures=pl.concat([empty(MEASURES), *reading.measures]),
        vendor_days=tables.vendor_days(reading.days),
    )


def _sorted(files: Files, account: sift.Account) -> Sorted:
    """Each part where it belongs; what isn't Fit's, or too damaged to tell, is counted."""
    found = Sorted()
    listed = files.matching(r"\.(json|csv)$") if files.is_zip else list(files.names)
    for name in listed:
        head = parts.head_of(files, name)
        if head is None:
            account.refuse("part", "part", name)
        elif not found.add(name, head):
            account.skip("file of another kind")
    parts.skip_others(files, listed, account)
    return found


def _streamed(reading: Reading, found: Sorted) -> Iterator[pl.DataFrame]:
    """SAMPLES of the streams, and on the way the measures."""
    activities = Activities()
    yield from reading.family(found.of(SEGMENT), activities.walks_in)
    yield from reading.family(found.of(STEPS), activities.steps_in)
    if activities.known:
        yield from reading.family(found.of(DISTANCE), activities.metres_in)
        heart = Beats(activities)
        for _ in reading.family(found.of(HEART), heart.take):
            pass
        reading.measures.append(heart.means())
    reading.measures += reading.family(found.of(HEART, resting=True), resting_in)
    for stream in found.streams:
        if stream.name not in reading.used:
            reading.parts.account.skip(f"stream {stream.type[:60]}")


def _days_in(samples: list[pl.DataFrame], zone: str) -> dict[str, pl.Series]:
    """The local days for which there is something, by the column of SAMPLES."""
    rows = pl.concat([empty(SAMPLES), *samples])
    day = pl.col("start").dt.convert_time_zone(zone).dt.date()
    return {
        name: rows.filter(pl.col(name).is_not_null()).select(day.unique()).to_series()
        for name in sift.VALUES
    }


def _tables(
    reading: Reading, found: Sorted, covered: dict[str, pl.Series]
) -> Iterator[pl.DataFrame]:
    """SAMPLES of the days that no stream reaches: their quarters, or else their totals."""
    zone, account = reading.zone, reading.parts.account
    quarters = [
        _without(part, pl.col("start").dt.convert_time_zone(zone).dt.date(), covered)
        for part in reading.each(
            found.quarters, lambda files, name: tables.quarters_of(files, name, zone, account)
        )
    ]
    yield from quarters
    finer = _days_in(quarters, zone)
    covered = {name: pl.concat([covered[name], finer[name]]).unique() for name in covered}
    read_days = reading.each(found.days, lambda files, name: tables.days_of(files, name, account))
    for days in read_days:
        reading.days = days
        yield tables.samples_of_days(_without(days, pl.col("date"), covered), zone, account)


def _without(rows: pl.DataFrame, day: pl.Expr, covered: dict[str, pl.Series]) -> pl.DataFrame:
    """The rows without what finer records know of their days."""
    left = rows.with_columns(
        pl.when(~day.is_in(days.implode())).then(name).alias(name) for name, days in covered.items()
    )
    return left.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in covered))


def _sessions(
    reading: Reading, found: Sorted, covered: dict[str, pl.Series]
) -> Iterator[pl.DataFrame]:
    """SAMPLES of walks as sessions, of what nothing else knows of their days."""
    day = pl.col("start").dt.convert_time_zone(reading.zone).dt.date()
    for rows in reading.each(
        found.sessions, lambda files, name: session_in(files, name, reading.parts.account)
    ):
        yield _without(rows, day, covered)
