"""FIT: walks and all-day counts as a watch writes them, one file or a zip of several.

Activities on foot become samples a minute (`fit_activity`), monitoring files the steps of the
whole day (`fit_monitoring`); where a watch has both, a walk's steps are not counted on top of
the day's (`refine`). Other sports and other kinds of FIT files are counted as skipped.
Times are UTC, and the watch says what its local time was; only a monitoring file that
doesn't is read in the walker's zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports import parts, sift, times
from backstride.imports.containers import Files
from backstride.imports.fit import activity as fit_activity
from backstride.imports.fit import monitoring as fit_monitoring
from backstride.imports.fit.format import (
    EPOCH_S,
    FIRST_DATE,
    HINT,
    MAX_FIT,
    Messages,
    is_fit,
    messages_of,
)
from backstride.imports.fit.monitoring import Monitored
from backstride.imports.fit.names import FILE_ID, Device, device_of
from backstride.imports.imported import Imported
from backstride.imports.refine import refined
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.records import MEASURES, SAMPLES, VENDOR_DAYS, checked, empty
from backstride.words import say

SOURCE = Source(
    key="fit",
    name=say("FIT file"),
    files=say("a .fit, or a zip of several"),
    gives=say("steps, metres, walking minutes and heart rate of walks; whole days of a watch"),
    checked=Checked.TOTALS,
    how=(
        How(
            Where.BROWSER,
            (
                say("Sign in at connect.garmin.com (the pages of other makers are alike)."),
                say("Open the walk, choose the cog wheel, then Export Original."),
                say("Save the zip, then bring it as it is."),
                say(
                    "Or connect the watch with its cable: walks are in its folder GARMIN/Activity, "
                    "days in GARMIN/Monitor. Bring the .fit files, or a zip of them."
                ),
            ),
        ),
        *(
            How(
                where,
                (
                    say(
                        "Open the walk in the watch's app. Coros's and Suunto's can export it; for "
                        "Garmin's use connect.garmin.com in the browser."
                    ),
                    say("Look for Share or Export, and choose FIT."),
                    say("Save the file, then bring it."),
                ),
            )
            for where in (Where.IPHONE, Where.ANDROID)
        ),
    ),
)

ACTIVITY_FILE = 4
MONITORING_FILES = (15, 28, 32)
MAX_SESSIONS = 100
PROBED = 5  # members of a zip that are looked into
NAMED = r"\.fit$"
FILE = "FIT file"
MONITORED = "all-day count"


def matches(files: Files) -> bool:
    if not files.is_zip:
        return is_fit(files.head)
    return parts.any_head(files, files.matching(NAMED)[:PROBED], is_fit)


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read a FIT file, or each in a zip.

    Raises UnreadableFile for a single file that is damaged or holds neither a recorded
    activity nor a day; in a zip such are refused or skipped one by one, unless all are.
    """
    names = files.matching(NAMED) if files.is_zip else list(files.names)
    account = sift.Account()
    if others := len(files.names) - len(names):
        account.skip("file of another kind", others)
    found = Collected(account, files.path, zone)
    reading = parts.Parts(files, {FILE: names}, account, tell)
    for _ in reading.of(FILE, found.take_part):
        pass
    reading.check()
    if len(names) == 1:
        found.require_use()
    return sift.finished(
        SOURCE.key,
        found.samples(),
        account,
        zone,
        measures=found.measures(),
        vendor_days=found.vendor_days(),
    )


@dataclass
class Collected:
    """What many FIT files say; a day's counts come out of several of them."""

    account: sift.Account
    path: Path
    zone: str
    monitored: Monitored = field(default_factory=Monitored)
    starts: list[float] = field(default_factory=list)  # of activities of any sport, epoch s
    _walks: list[pl.DataFrame] = field(default_factory=list)
    _measures: list[pl.DataFrame] = field(default_factory=list)
    _seen: set[tuple[int | str, float, int]] = field(default_factory=set)
    _names: dict[int | str, set[str]] = field(default_factory=dict)
    _told: pl.DataFrame | None = None
    useful: int = 0

    def take_part(self, files: Files, name: str) -> None:
        """Read a part. Raises UnreadableFile before anything of it was taken."""
        self.take(files.whole(name, MAX_FIT), name)

    def take(self, content: bytes, name: str) -> None:
        """Read a file's content. Raises UnreadableFile before anything of it was taken."""
        chain = messages_of(content, self.path, name)
        if any(messages.count(fit_activity.SESSION) > MAX_SESSIONS for messages in chain):
            what = f"the FIT file holds more than {MAX_SESSIONS} sports, which no activity does"
            raise UnreadableFile(self.path, f"{name}: {what}" if name else what, HINT)
        for messages in chain:
            self._take(messages, name)

    def require_use(self) -> None:
        """Raise UnreadableFile where nothing that was taken is of use."""
        if not self.useful:
            kind = next(iter(self.account.skipped), FILE)
            what = say(
                "it holds neither a recorded activity nor a day's counts ({kind})", kind=kind
            )
            raise UnreadableFile(self.path, what, HINT)

    def _take(self, messages: Messages, name: str) -> None:
        _, _, (kind, created) = messages.columns(FILE_ID, 0, 4)
        type_ = int(kind[0]) if len(kind) and kind[0] >= 0 else -1
        device = device_of(messages)
        self._names.setdefault(device.key, set()).add(device.name)
        if type_ in MONITORING_FILES or messages.count(fit_monitoring.MONITORING):
            self.useful += 1
            self.monitored.add(messages, device, self._offset_s(messages, created))
        elif type_ == ACTIVITY_FILE or (type_ < 0 and messages.count(fit_activity.RECORD)):
            self.useful += 1
            self._activity(messages, device, name)
        else:
            self.account.skip(f"{FILE}: {file_kind(type_)}")

    def _activity(self, messages: Messages, device: Device, name: str) -> None:
        sessions = fit_activity.sessions_of(messages)
        records = messages.count(fit_activity.RECORD)
        same = (device.key, sessions[0].start, records)
        if np.isfinite(sessions[0].start) and same in self._seen:
            self.account.skip("activity that came twice")
            return
        self._seen.add(same)
        self.starts += [session.start + EPOCH_S for session in sessions]
        for walks, heart in fit_activity.read(messages, device, self.account, name):
            self._walks.append(walks)
            self._measures.append(heart)

    def _offset_s(self, messages: Messages, created: np.ndarray) -> int | None:
        if messages.count(fit_monitoring.INFO):
            return None
        times.say_assumed(self.account.notices, self.zone)
        if not len(created) or not created[0] >= FIRST_DATE:
            return None
        offset = datetime.fromtimestamp(created[0] + EPOCH_S, ZoneInfo(self.zone)).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    @property
    def told(self) -> pl.DataFrame:
        if self._told is None:
            self._told = self.monitored.told()
            if self.monitored.without_steps:
                self.account.skip("all-day message without steps", self.monitored.without_steps)
        return self._told

    def _best_name(self, key: int | str) -> str:
        """Newer models are not in the lists, and only some of their files say what they are."""
        return max(self._names[key], key=lambda name: (len(name), name))

    def _named(self, watch: pl.Expr) -> pl.Expr:
        names = [self._best_name(key) for key in self.monitored.watches]
        return pl.lit(pl.Series(names, dtype=pl.String)).gather(watch)

    def _renamed(self) -> pl.Expr:
        better = {
            name: self._best_name(key) for key, names in self._names.items() for name in names
        }
        return pl.col("source").replace(better)

    def walks(self) -> pl.DataFrame:
        """SAMPLES of the activities on foot, as they came."""
        return pl.concat([empty(SAMPLES), *self._walks]).with_columns(self._renamed())

    def stretches(self) -> pl.DataFrame:
        """SAMPLES of the all-day counts, as they came."""
        if self.told.is_empty():
            return empty(SAMPLES)
        rows = fit_monitoring.intervals(self.told)
        if same := self.monitored.counts - rows.height:
            self.account.skip(f"{MONITORED} without new steps", same)
        ready = rows.select(
            pl.from_epoch("start", "s").dt.cast_time_unit("us").dt.replace_time_zone("UTC"),
            pl.from_epoch("end", "s").dt.cast_time_unit("us").dt.replace_time_zone("UTC"),
            "steps",
            pl.col("distance").alias("distance_m"),
            self._named(pl.col("watch")).alias("source"),
            pl.lit("watch").alias("device"),
            pl.lit(MONITORED).alias("kind"),
            pl.lit("monitoring messages").alias("where"),
        )
        return sift.sifted(ready, self.account)

    def samples(self) -> list[pl.DataFrame]:
        """SAMPLES of walks and whole days, with each step once for each watch."""
        return list(counted_once(self.stretches(), self.walks()))

    def measures(self) -> pl.DataFrame:
        resting = self.monitored.resting()
        heart = pl.concat([empty(MEASURES), *self._measures]).with_columns(self._renamed())
        if resting.is_empty():
            return heart
        at = pl.from_epoch("at", "s").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
        rows = resting.select(
            at.alias("start"),
            at.alias("end"),
            pl.lit("resting_heart_rate_bpm").alias("measure"),
            pl.col("value").cast(pl.Float64),
            self._named(pl.col("watch")).alias("source"),
            pl.lit("watch").alias("device"),
            pl.lit("resting heart rate").alias("kind"),
            pl.lit("monitoring messages").alias("where"),
        )
        sound = sift.sifted(rows, self.account, schema=MEASURES)
        return pl.concat([heart, sound])

    def vendor_days(self) -> pl.DataFrame:
        """VENDOR_DAYS: what each watch itself had counted at the end of the day."""
        if self.told.is_empty():
            return empty(VENDOR_DAYS)
        rows = fit_monitoring.totals(self.told).filter(pl.col("steps") > 0)
        return checked(
            rows.select(
                pl.col("day").cast(pl.Int32).cast(pl.Date).alias("date"),
                pl.col("steps").cast(pl.Int64),
                self._named(pl.col("watch")).alias("source"),
            ),
            VENDOR_DAYS,
        )


def counted_once(
    stretches: pl.DataFrame, walks: pl.DataFrame, account: str = ""
) -> Iterator[pl.DataFrame]:
    """Both, the walks' steps taken out of the stretches of the same source.

    `account` names the source that tells of all watches: its walks may be of any of them, and
    in its stretches are the walks of all.
    """
    for (source,), of_watch in stretches.group_by("source", maintain_order=True):
        same = pl.col("source").is_in([source, account]) | pl.lit(source == account)
        own = same & (pl.col("device") == "watch")
        left, refined_walks = refined(of_watch, walks.filter(own))
        walks = pl.concat([walks.filter(~own), refined_walks])
        yield left
    yield walks


@lru_cache(maxsize=256)
def file_kind(number: int) -> str:
    from fitdecode.profile import FIELD_TYPES  # here: a list of 16,000 lines

    return str(FIELD_TYPES["file"].enum.get(number, "of a kind of its own")).replace("_", " ")
