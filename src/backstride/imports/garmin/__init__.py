"""Garmin Connect's export of an account: days, walks and nights of years.

The zip holds zips (`UploadedFiles_*_Part*.zip`) of thousands of FIT files, each read as in
`fit`, and JSON summaries (`garmin_summaries`). Of a day that monitoring files cover these
count, and Garmin's own total stands beside them as `vendor_days`; a day that only a total is
known of becomes one sample from midnight to midnight in the walker's zone. Walks lie inside
the day's counts and are not added to them (`refine`); one that only the summaries know is one
sample. FIT times and those of the summaries are UTC; a summary's `calendarDate` is local.

The layout is that of exports since 2018, as programs of their owners read it; it was not
checked with a whole real export, but its FIT files with real ones of Garmin watches.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from backstride.imports import fit, parts, sift, times
from backstride.imports.containers import Files
from backstride.imports.fit import Collected, counted_once
from backstride.imports.garmin import summaries
from backstride.imports.garmin.summaries import (
    ACTIVITIES_FILE,
    DAYS_FILE,
    NAME,
    NIGHTS_FILE,
    Row,
)
from backstride.imports.imported import Imported
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.imports.text import looks_like_json
from backstride.records import SAMPLES, VENDOR_DAYS, checked
from backstride.words import say

SOURCE = Source(
    key="garmin",
    name=NAME,
    files=say("the .zip that Garmin sends a link to"),
    gives=say("steps of each day, walks with metres and minutes, heart rate, sleep"),
    checked=Checked.EXPERIMENTAL,
    how=(
        How(
            Where.BROWSER,
            (
                say("Sign in at garmin.com/account/datamanagement."),
                say("Choose Export Your Data, then Request Data Export."),
                say("Garmin sends a link by e-mail, mostly within two days, at most within 30."),
                say("Save the zip behind the link, then bring it as it is."),
            ),
        ),
        *(
            How(
                where,
                (
                    say(
                        "Open garmin.com/account/datamanagement in the phone's browser and sign in."
                    ),
                    say("Choose Export Your Data, then Request Data Export."),
                    say("Garmin sends a link by e-mail, mostly within two days."),
                    say("Save the zip behind the link, then bring it as it is."),
                ),
            )
            for where in (Where.IPHONE, Where.ANDROID)
        ),
    ),
    note="made after what others found in their exports; the FIT files in it are checked",
)

UPLOADS = r"UploadedFiles_[^/]*\.zip$"
MEMBERS = rf"{UPLOADS}|{DAYS_FILE}|{ACTIVITIES_FILE}|(^|/)DI[_-]CONNECT/"
KEYS_ALONE = (b'"summarizedActivitiesExport"', b'"totalSteps"')
SAME_START_S = 90


def matches(files: Files) -> bool:
    if files.is_zip:
        return bool(files.matching(MEMBERS))
    head = files.head
    return looks_like_json(head) and (
        KEYS_ALONE[0] in head or (KEYS_ALONE[1] in head and b'"userProfile' in head)
    )


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read an export, or a JSON of summaries out of one.

    Raises UnreadableFile where the zip is damaged, or every part of it.
    """
    account = sift.Account()
    found = Collected(account, files.path, zone)
    reading = _Reading(files, account, found, tell)
    reading.read()
    rows = reading.rows
    stretches, vendor = _days(rows["days"], found, zone)
    walks = pl.concat([found.walks(), _walks(rows["activities"], found)])
    measures = pl.concat(
        [
            found.measures().filter(_not_told_by(rows["resting"], zone)),
            summaries.measures(rows["resting"] + rows["nights"], account, zone),
        ]
    )
    samples = list(counted_once(stretches, walks, NAME))
    return sift.finished(SOURCE.key, samples, account, zone, measures=measures, vendor_days=vendor)


class _Reading:
    """What the parts of an export say, as they are read."""

    def __init__(self, files: Files, account: sift.Account, found: Collected, tell: Tell) -> None:
        self.account, self.found = account, found
        self.rows: dict[str, list[Row]] = {
            kind: [] for kind in ("days", "resting", "activities", "nights")
        }
        self.readers: dict[str, Callable[[Files, str], None]] = {
            UPLOADS: self._uploads,
            r"\.fit$": found.take_part,
            DAYS_FILE: self._days,
            ACTIVITIES_FILE: self._activities,
            NIGHTS_FILE: self._nights,
        }
        if not files.is_zip:
            alone = self._activities if KEYS_ALONE[0] in files.head else self._days
            self.readers = {"": alone}
        self.named = {kind: files.matching(kind) for kind in self.readers}
        self.parts = parts.Parts(files, self.named, account, tell)

    def read(self) -> None:
        """Read all; a damaged part is refused. Raises UnreadableFile where every one is."""
        for kind, reader in self.readers.items():
            told = fit.FILE if reader == self.found.take_part else "part of the export"
            for _ in self.parts.of(told, reader, self.named[kind]):
                pass
        self.parts.check()

    def _uploads(self, files: Files, name: str) -> None:
        with files.within(name) as inner:
            fits = inner.matching(r"\.fit$")
            if len(inner.names) > len(fits):
                self.account.skip("uploaded file of another kind", len(inner.names) - len(fits))
            tell = self.parts.within(name)
            uploaded = parts.Parts(inner, {fit.FILE: fits}, self.account, tell)
            for _ in uploaded.of(fit.FILE, self.found.take_part):
                pass
            uploaded.check()

    def _days(self, files: Files, name: str) -> None:
        self.rows["days"] += summaries.days(files, name, self.account)
        self.rows["resting"] += summaries.resting(files, name)

    def _activities(self, files: Files, name: str) -> None:
        self.rows["activities"] += summaries.activities(files, name, self.account)

    def _nights(self, files: Files, name: str) -> None:
        self.rows["nights"] += summaries.nights(files, name)


def _days(rows: list[Row], found: Collected, zone: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """SAMPLES of the all-day counts and of days without, and what Garmin says of the former."""
    told = found.vendor_days()
    table = summaries.table(rows).unique("date", keep="last", maintain_order=True)
    start, end = times.day_of(pl.col("date"), zone)
    timed = table.with_columns(start.alias("start"), end.alias("end"))
    days = sift.sifted(timed.drop("date", "value", "measure"), found.account)
    covered = days["start"].dt.convert_time_zone(zone).dt.date().is_in(told["date"].to_list())
    totals = days.filter(covered).select(
        pl.col("start").dt.convert_time_zone(zone).dt.date().alias("date"),
        pl.col("steps").round().cast(pl.Int64),
        "source",
    )
    whole = days.filter(~covered & (pl.col("steps") > 0))
    own = told.filter(~pl.col("date").is_in(totals["date"].to_list()))
    vendor = checked(pl.concat([totals, own]), VENDOR_DAYS)
    return pl.concat([found.stretches(), whole]), vendor


def _walks(rows: list[Row], found: Collected) -> pl.DataFrame:
    """SAMPLES of the activities that no FIT file tells of."""
    account = found.account
    starts = np.sort(np.array([at for at in found.starts if np.isfinite(at)]))
    alone = []
    for row in rows:
        if row["start"] is not None and _near(starts, row["start"].timestamp()):
            account.skip(f"{summaries.ACTIVITY} whose FIT file was read")
        else:
            alone.append(row)
    ready = summaries.table(alone).drop("date", "value", "measure")
    return checked(sift.sifted(ready, account), SAMPLES)


def _near(starts: np.ndarray, at: float) -> bool:
    place = int(np.searchsorted(starts, at))
    around = starts[max(0, place - 1) : place + 1]
    return bool((np.abs(around - at) <= SAME_START_S).any())


def _not_told_by(rows: list[Row], zone: str) -> pl.Expr:
    """Not a resting heart rate of a day that the summaries know."""
    day = pl.col("start").dt.convert_time_zone(zone).dt.date()
    known = day.is_in(sorted({row["date"] for row in rows}))
    return ~((pl.col("measure") == "resting_heart_rate_bpm") & known)
