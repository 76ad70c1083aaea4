"""One file of any kind to samples: finds the kind by content and calls its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from backstride import imports, sensors, walking
from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.imports.together import AND
from backstride.imports.vendor_days import Agreement, agreement
from backstride.records import MEASURES, Notice, Notices, Placement, empty
from backstride.web.imports import own_phone
from backstride.words import listed, say

Progress = Callable[[int, int], None]  # (done, total), in the file's own units

NO_START = "time.no_start"  # the sensors' word for a recording without a date
UNDATED = "the file doesn't say on which day it was recorded"  # flags, which are data
FUTURE = "dated in the future: the sensor's clock may not have been set"


@dataclass(frozen=True)
class Found:
    """What one file held.

    `tables` have the schema SAMPLES and follow each other in order of start; rows with a `flag`
    are kept but never counted.
    `measures` has the schema MEASURES; `agreement` is how the days agree with the vendor's
    own totals, None where the file has none. The
    counts are of the file's own records by type. `recording` tells of a raw recording:
    device, placement, fs_hz, recorded_s, worn_s, bouts, steps, and for a walk with the phone
    `walk` (`own_phone.told`); None for an export.
    """

    kind: str
    tables: Iterable[pl.DataFrame]
    notices: tuple[Notice, ...]
    read_counts: Mapping[str, int] = field(default_factory=dict)
    skipped_counts: Mapping[str, int] = field(default_factory=dict)
    refused_counts: Mapping[str, int] = field(default_factory=dict)
    exported_at: datetime | None = None
    recording: Mapping[str, object] | None = None
    measures: pl.DataFrame = field(default_factory=lambda: empty(MEASURES))
    agreement: Agreement | None = None


def kind_in_words(kind: str) -> str:
    """What a person calls this kind of file."""
    known: dict[str, str] = sensors.FORMATS | {s.key: s.name for s in imports.SOURCES}
    return listed(known.get(key, key) for key in kind.split(AND))


def read_file(path: Path, name: str, placement: Placement, zone: str, progress: Progress) -> Found:
    """Read a file whole, or raise UnsupportedFormat or UnreadableFile and give nothing.

    `name` is what the person calls the file, `zone` the IANA name of the zone for days and
    for times that carry none.
    """
    if path.stat().st_size == 0:
        hint = say("Copy or export it again, and bring the new one.")
        raise UnreadableFile(path, say("the file is empty (0 bytes)"), hint)
    if sensors.detect(path) is not None:
        return _recording(path, name, placement, zone, progress)
    if imports.detect(path) is not None:
        return _export(path, zone, progress)
    raise UnsupportedFormat(
        path,
        say("this is not a kind of file that Backstride reads."),
        say(
            "Bring an export or a walk ({sources}), or a motion sensor's recording: {sensors}.",
            sources=", ".join(source.name for source in imports.SOURCES),
            sensors="; ".join(sensors.FORMATS.values()),
        ),
    )


def _export(path: Path, zone: str, progress: Progress) -> Found:
    imported = imports.read(path, progress, zone)
    return Found(
        kind=imported.kind,
        tables=imported.tables,
        notices=tuple(imported.notices),
        read_counts=imported.read_counts,
        skipped_counts=imported.skipped_counts,
        refused_counts=imported.refused_counts,
        exported_at=imported.exported_at,
        measures=imported.measures,
        agreement=agreement(imported, zone),
    )


def _recording(path: Path, name: str, placement: Placement, zone: str, progress: Progress) -> Found:
    recording = sensors.open_recording(path, placement, zone)
    measured = walking.measure(recording, lambda done: progress(done, recording.size))
    # A table knows no device: its own name tells the person which file it was.
    source = measured.device if any(map(str.isdigit, measured.device)) else name
    notices = Notices()
    for notice in measured.notices:
        notices.add(notice.code, notice.text, notice.where, notice.count)
    undated = any(notice.code == NO_START for notice in measured.notices)
    samples = _dated(walking.samples_of(measured, source), notices, undated=undated)
    kind = sensors.detect(path) or ""
    is_ours = kind == "parquet" and own_phone.is_ours(path)
    if is_ours:
        samples = own_phone.as_phone(samples)
    told = {
        "device": measured.device,
        "placement": measured.placement.value,
        "fs_hz": measured.fs_hz,
        "recorded_s": measured.recorded_s,
        "worn_s": measured.worn_s,
        "bouts": measured.bouts.height,
        "steps": measured.steps.height,
        "algorithm": measured.algorithm,
        **({"walk": own_phone.told(measured)} if is_ours else {}),
    }
    return Found(
        kind=kind,
        tables=[samples.sort("start")],
        notices=tuple(notices),
        read_counts={"clock minutes of recording": samples.height},
        recording=told,
    )


def _dated(samples: pl.DataFrame, notices: Notices, *, undated: bool) -> pl.DataFrame:
    """Flag what can't be given to a day, so that no step lands on a day it wasn't walked."""
    if undated:
        text = say("It doesn't say on which day it was recorded, so it counts towards no day.")
        notices.add("uploads.undated", text, "", samples.height)
        return samples.with_columns(pl.lit(UNDATED).alias("flag"))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    late = samples.filter(pl.col("start") > tomorrow)["start"]
    if len(late):
        text = say(
            "Minutes dated in the future: the sensor's clock may not have been set. "
            "They count towards no day."
        )
        notices.add("uploads.future", text, f"{late.min():%Y-%m-%d %H:%M} UTC", len(late))
    flag = pl.when(pl.col("start") > tomorrow).then(pl.lit(FUTURE)).otherwise("flag")
    return samples.with_columns(flag.alias("flag"))
