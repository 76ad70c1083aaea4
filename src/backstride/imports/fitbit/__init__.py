"""Fitbit: the export that Google Takeout makes, the older account archive, or a part of them.

A zip of `Takeout/Fitbit/Global Export Data/` (in 2026 `Takeout/Google Health/...`) or, made
on fitbit.com, `.../user-site-export/`, with steps, distance and heart rates a value a minute
or a beat (`steps-2024-05-01.json`), and logs (`exercise-0.json`, `sleep-...json`); since 2024
also Google's own tables (`Physical Activity_GoogleData/steps_2024-05-01.csv`,
`Health Fitness Data_GoogleData/UserExercises_...csv`). Folders may have any name.

What is known comes from one real part (GGIRread's sample), from samples of real exports that
people published (danlsn/fitport, jrtechs.net) and from readers of others:

- **Times.** Steps, distance, heart rates and exercises are in UTC. For steps and distance so
  read adamlporter/Fitbit_Analysis, PDPP's connector and a test made after a real export of
  October 2026; for heart rates abhik.ch6 on Medium (UTC, in files named by the local day). An
  exercise's `lastModified`, a server's time, follows its end by seconds (03/22/21: it ends
  21:21:59, is modified 21:22:03), and jrtechs takes 4 h off for New York. One description
  (also of October 2026) says that all of the JSON is local, and does not say how it knows.
  Google's CSV has a Z. Nights are local times (andykong.org, 2023: they stay at the same hour
  across continents), so are the days of resting heart rates; they are read in the profile's
  zone, else in the walker's.
- **Distance** is in centimetres in JSON (FitbitExportParser; the same test) and in metres in
  CSV, whatever the account's units; an exercise names its unit, its CSV is in millimetres.
- **Doubles.** The same minutes stand in JSON and, with their source, in CSV: where the CSV
  has a tracker's minutes of a day, the JSON's are skipped. "MobileTrack" is the phone;
  what ends in "Health Connect" or "Health Kit" was mirrored from another app. An exercise's
  steps and metres are those of its minutes, and are taken only where there are none.
- **Heart rates** are kept for recorded walks alone, as the mean of each minute; a day's part
  is opened only where there was a walk.
- Daily totals of steps are in none of it, so there is nothing to hold ours against.
"""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from backstride.imports import parts, sift, times
from backstride.imports.containers import Files
from backstride.imports.fitbit import logs
from backstride.imports.fitbit import rows as taken
from backstride.imports.fitbit.minutes import number_of
from backstride.imports.imported import Imported
from backstride.imports.source import Checked, How, Source, Tell, Where
from backstride.words import say

SOURCE = Source(
    key="fitbit",
    name="Fitbit",
    files=say("the zip of Google Takeout or of fitbit.com, or one JSON or CSV out of it"),
    gives=say("steps, metres, walks; heart rate in walks and at rest, sleep"),
    checked=Checked.REAL_FILES,
    how=tuple(
        How(
            where,
            (
                say("Open takeout.google.com and sign in with the account that Fitbit uses."),
                say("Tap Deselect all, then choose Fitbit or Google Health alone, and Next step."),
                say("Choose a zip of up to 50 GB, so that it stays one file. Create the export."),
                say("Google sends a link by e-mail, in minutes or days. Bring the zip as it is."),
            ),
        )
        for where in (Where.BROWSER, Where.ANDROID, Where.IPHONE)
    ),
    note="one short real part was read; all else after published samples",
)

_DAY = r"\d{4}-\d\d-\d\d"
KINDS = {
    "profile": r"(^|/)Profile\.csv$",
    "trackers": r"(^|/)(Trackers|Devices)\.csv$",
    "exercise": r"(^|/)exercise-\d+\.json$",
    "exercise (CSV)": r"(^|/)UserExercises_[^/]*\.csv$",
    "steps": rf"(^|/)steps-{_DAY}\.json$",
    "steps (CSV)": rf"(^|/)steps_{_DAY}\.csv$",
    "distance": rf"(^|/)distance-{_DAY}\.json$",
    "distance (CSV)": rf"(^|/)distance_{_DAY}\.csv$",
    "heart rate": rf"(^|/)heart_rate-{_DAY}\.json$",
    "heart rate (CSV)": rf"(^|/)heart_rate_{_DAY}\.csv$",
    "sleep": rf"(^|/)sleep-{_DAY}\.json$",
    "sleep (CSV)": r"(^|/)UserSleeps_[^/]*\.csv$",
    "resting heart rate": rf"(^|/)resting_heart_rate-{_DAY}\.json$",
    "resting heart rate (CSV)": r"(^|/)daily_resting_heart_rate\.csv$",
}
# What says that it is Fitbit's: the profile and the list of devices don't.
TELLING = [kind for kind in KINDS if kind not in ("profile", "trackers")]

_ROW = re.compile(
    rb'"dateTime"\s*:\s*"\d\d/\d\d/\d\d \d\d:(\d\d):\d\d"\s*,\s*"value"\s*:\s*"([^"]{1,20})"'
)
_HEADERS = {
    b"timestamp,steps": "steps (CSV)",
    b"timestamp,distance": "distance (CSV)",
    b"exercise_id,exercise_start": "exercise (CSV)",
}
MOST_STEPS = 300  # a minute; more is centimetres
LOOKED_AT = 8


def matches(files: Files) -> bool:
    """Whether a part is named and made as Fitbit's are, or a lone file made as one."""
    if not files.is_zip:
        return _lone_kind(files.head) is not None
    named = [name for kind in TELLING for name in files.matching(KINDS[kind])[:2]]
    return parts.any_head(files, named[:LOOKED_AT], _is_fitbits)


def own(files: Files) -> list[str]:
    """The parts of a zip that are read here."""
    return [name for pattern in KINDS.values() for name in files.matching(pattern)]


def _is_fitbits(head: bytes) -> bool:
    told = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if told.startswith(b"["):
        keys = (b'"datetime"', b'"activitytypeid"', b'"dateofsleep"')
        return any(key in told for key in keys)
    return told.startswith((*_HEADERS, b"timestamp,beats per minute", b"sleep_id,"))


def _lone_kind(head: bytes) -> str | None:
    """Which part of an export a lone file is, by its first bytes.

    Steps, distance, altitude and calories all are rows of a time and a number as text. Steps
    are whole numbers, not all of them tens as feet of altitude are, and of a minute at most
    300; more are centimetres. What has one row a day is none of them.
    """
    told = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for header, kind in _HEADERS.items():
        if told.lower().startswith(header):
            return kind
    if not told.startswith(b"["):
        return None
    if b'"activityTypeId"' in told and b'"startTime"' in told:
        return "exercise"
    if b'"dateOfSleep"' in told:
        return "sleep"
    rows = _ROW.findall(told)
    if not rows or (len(rows) > 1 and {minute for minute, _ in rows} == {b"00"}):
        return None
    values = [number_of(value.decode("ascii", "replace")) for _, value in rows]
    known = np.array([value for value in values if value is not None])
    if not len(known) or ((known != np.round(known)).any() and known.max() <= MOST_STEPS):
        return None
    if known.max() > MOST_STEPS:
        return "distance"
    return None if known.max() > 0 and not (known % 10).any() else "steps"


def read(files: Files, tell: Tell, zone: str) -> Imported:
    """Read all of an export, or raise UnreadableFile where every part is damaged.

    `tell` is told the bytes of the parts that are done.
    """
    account = sift.Account()
    found = parts.Parts(files, _named(files, account), account, tell)
    profile = next((got for _, got in found.of("profile", logs.profile)), logs.Profile())
    lived_in = profile.zone or zone
    device = taken.device_of(found)
    exercises = taken.exercises(found)
    minutes = taken.minutes(found, device)
    measures = [
        taken.heart_rates(found, exercises),
        taken.nights(found, lived_in),
        taken.resting_heart_rates(found, lived_in),
    ]
    found.check()
    if found.names("sleep") or found.names("resting heart rate"):
        times.say_assumed(account.notices, lived_in)
    return sift.finished(
        SOURCE.key,
        [*minutes, taken.sessions(exercises, minutes, account)],
        account,
        zone,
        measures=pl.concat(measures),
        birth_year=profile.birth_year,
    )


def _named(files: Files, account: sift.Account) -> dict[str, list[str]]:
    """The parts by kind; of the others one is counted as skipped for each file."""
    if not files.is_zip:
        return {_lone_kind(files.head) or "steps": list(files.names)}
    named = {kind: files.matching(pattern) for kind, pattern in KINDS.items()}
    known = {name for names in named.values() for name in names}
    for name in files.names:
        if name not in known:
            account.skip(f"file: {_stem(name)}")
    return {kind: names for kind, names in named.items() if names}


def _stem(name: str) -> str:
    """A part's name without its folder, its date and its ending."""
    return re.sub(r"[ _-]*(\d{4}-\d\d-\d\d|\d+)?\.\w+$", "", name.rsplit("/", 1)[-1]) or name
