"""Samsung Health: "Download personal data", a zip of CSV tables with JSON beside them.

`com.samsung.shealth.tracker.pedometer_step_count.<time>.csv` and so on, in a folder of any
name, or one such table alone. What is known comes from lists of the columns of real exports
of 2024 to 2026 with examples, and from readers of others; no real export was at hand:

- **Times** are texts in UTC; `time_offset` is not needed. In one real export a goal set at
  1592855434513 ms (19:50:34 UTC) was written at "2020-06-22 19:50:34.562" with UTC-0500, and
  a night ends at 13:09 whose waking hour stands elsewhere as 08:09. Some readers take them
  for local times; none of them shows why. A `day_time` is the local day, at midnight UTC.
- **Steps by the minute** (`pedometer_step_count`) reach back a month or so. Before them there
  is, of each day and device, `step_daily_trend` with 144 bins of 10 minutes in
  `jsons/.../<id>.binning_data.json`; in some exports these are empty. A day with neither
  becomes one row from midnight to midnight, of all devices together.
- **Doubles.** `step_daily_trend` has a row of each device and one of `source_type` -2, which
  is Samsung's own sum of all: it is taken as the vendor's total, not as steps.
- **Devices** are named in `device_profile`, whose group 360001 is phones, 360003 what is worn.
- **Exercises**: 1001 is walking, 13001 hiking (Samsung's SDK, and several readers); their
  steps and metres are taken only where no other steps are. Runs are in the minutes.
- What was typed in by hand can't be told from what was recorded.
"""

from __future__ import annotations

import re
from collections import defaultdict

import polars as pl

from backstride.imports import sift
from backstride.imports.containers import Files
from backstride.imports.imported import Imported
from backstride.imports.parts import Parts
from backstride.imports.samsung_health import rows as taken
from backstride.imports.samsung_health import tables
from backstride.imports.samsung_health.rows import (
    BINS,
    DEVICE,
    EXERCISE,
    HEART,
    PERSON,
    SLEEP,
    STEPS,
    SUMMARY,
    TREND,
)
from backstride.imports.samsung_health.tables import Devices
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.words import say

SOURCE = Source(
    key="samsung_health",
    name="Samsung Health",
    files=say("the folder of Download personal data as a zip, or one CSV out of it"),
    gives=say("steps, metres, walks, daily totals; heart rate in walks, sleep"),
    checked=Checked.EXPERIMENTAL,
    how=(
        How(
            Where.ANDROID,
            (
                say("Open Samsung Health, tap the three dots at the top right, then Settings."),
                say("Tap Download personal data, then Download. Sign in if it asks."),
                say("Open My Files, then Download, then Samsung Health: there is a folder."),
                say("Hold the folder, tap More, then Compress. Bring the zip."),
            ),
        ),
    ),
    note="no real export was at hand; the watch's data are in it",
)

READ = (STEPS, TREND, SUMMARY, EXERCISE, HEART, SLEEP, DEVICE, PERSON)
TELLING = (STEPS, TREND, SUMMARY, EXERCISE)
_NAME = re.compile(
    r"(?:^|/)(com\.samsung\.s?health\.[a-z_.]+?)(?:\.\d+)?(?: ?\(\d+\))?\.csv$", re.I
)


def matches(files: Files) -> bool:
    """Whether one of the parts is a table with steps or exercises, by its own first line."""
    if not files.is_zip:
        return tables.kind_of(files.head) in TELLING
    named = _by_kind(files)
    firsts = [named[kind][0] for kind in TELLING if named.get(kind)]
    return any(tables.kind_of(files.head_of(name)) in TELLING for name in firsts)


def _by_kind(files: Files) -> dict[str, list[str]]:
    if not files.is_zip:
        return {tables.kind_of(files.head) or STEPS: list(files.names)}
    named: dict[str, list[str]] = defaultdict(list)
    for name in files.names:
        found = _NAME.search(name)
        if found:
            named[found.group(1).lower()].append(name)
        elif f"/{TREND}/" in f"/{name}":
            named[BINS].append(name)
    return named


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read all tables of use, or raise UnreadableFile where every one is damaged."""
    account = sift.Account()
    named = _by_kind(files)
    for kind, names in named.items():
        if kind not in (*READ, BINS):
            account.skip(f"file: {kind}", len(names))
    parts = Parts(files, {kind: named[kind] for kind in READ if kind in named}, account, tell)
    known = Devices({}, {}, frozenset())
    for _, more in parts.of(DEVICE, tables.devices):
        known = Devices(known.names | more.names, known.classes | more.classes,
                        known.combined | more.combined)  # fmt: skip
    born = next((year for _, year in parts.of(PERSON, tables.birth_year) if year), None)
    minutes = taken.minutes(parts, known)
    days = taken.days(parts, known)
    tens = taken.tens(files, days, minutes, named.get(BINS, []), known, zone, account)
    counted = pl.concat([minutes.drop("uuid"), tens])
    totals = taken.totals(days, counted, zone, account)
    exercises = taken.exercises(parts, known)
    walks = exercises.filter(pl.col("is_walk")).select("start", "end")
    measures = [taken.hearts(parts, known, exercises, walks), taken.nights(parts, known)]
    parts.check()
    return sift.finished(
        SOURCE.key,
        [counted, totals, taken.sessions(exercises, pl.concat([counted, totals]), account)],
        account,
        zone,
        measures=pl.concat(measures),
        vendor_days=taken.vendor_days(days),
        birth_year=born,
    )
