"""What an upload came to, as JSON for the page and the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backstride import __version__
from backstride.imports.merge import total
from backstride.imports.vendor_days import Agreement
from backstride.records import SAMPLES, Notice, empty
from backstride.web.imports.reading import Found, kind_in_words
from backstride.words import from_json, number, to_json

COUNTS = pl.col("flag").is_null()
MOST_SOURCES = 40
MOST_TYPES = 60

WORDS = {
    "HKQuantityTypeIdentifierStepCount": _("step counts"),
    "HKQuantityTypeIdentifierDistanceWalkingRunning": _("distances on foot"),
    "HKWorkoutActivityTypeWalking": _("walking workouts"),
    "HKWorkoutActivityTypeHiking": _("hiking workouts"),
}
DEVICE_WORDS = {
    "sensor": _("motion sensor"),
    "watch": _("watch"),
    "phone": _("phone"),
    "app": _("app"),
    "manual": _("entered by hand"),
}
# Each measure in words, with its unit and how many decimals are worth showing.
MEASURE_WORDS = {
    "walking_speed_mps": (_("Walking speed"), "m/s", 2),
    "step_length_m": (_("Step length"), "m", 2),
    "double_support_percent": (_("Time on both feet"), "%", 0),
    "asymmetry_percent": (_("Steps of unequal time"), "%", 0),
    "steadiness_percent": (_("Walking steadiness"), "%", 0),
    "ascent_m": (_("Climbed on a walk"), "m", 0),
    "heart_rate_bpm": (_("Heart rate on walks"), _("beats/min"), 0),
    "resting_heart_rate_bpm": (_("Resting heart rate"), _("beats/min"), 0),
    "mindful_s": (_("Mindful session"), "s", 0),
    "mood_valence": (_("Mood, from -1 to 1"), "", 1),
    "mood_score": (_("Mood"), "", 1),
    "sleep_s": (_("Sleep"), "s", 0),
}
_PREFIX = re.compile(r"^HK(Quantity|Category|Data|Correlation)?(TypeIdentifier|Type)?")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Totals:
    """All of a walker's days together; `steps` counts each step once."""

    days: int
    steps: int


def make_report(
    found: Found, before: Totals, after: Totals, zone: str, order: Sequence[str] = ()
) -> dict[str, Any]:
    """Counts, time span, sources, notices, and what merging did.

    `steps_recorded` is the sum over the file's sources, `steps_once` what is left when each
    step counts once; `before` and `after` are the walker's totals around this file;
    `order` is the walker's own order of sources.
    """
    sources = _sources(found.tables, zone)
    count = sum(source["records"] for source in sources)
    known = [source["steps"] for source in sources if source["steps"] is not None]
    every = sum(table.height for table in found.tables)
    recorded = sum(table.filter(COUNTS)["steps"].sum() for table in found.tables)
    return {
        "version": __version__,
        "kind": found.kind,
        "kind_words": kind_in_words(found.kind),
        "zone": zone,
        "exported_at": found.exported_at.isoformat() if found.exported_at else None,
        "from": min((source["from"] for source in sources), default=None),
        "to": max((source["to"] for source in sources), default=None),
        "read": dict(found.read_counts),
        "skipped": dict(found.skipped_counts),
        "refused": dict(found.refused_counts),
        "read_count": sum(found.read_counts.values()),
        "skipped_count": sum(found.skipped_counts.values()),
        "refused_count": sum(found.refused_counts.values()),
        "set_aside_count": every - count,
        "sources": sources[:MOST_SOURCES],
        "more_sources": max(0, len(sources) - MOST_SOURCES),
        "steps_recorded": round(recorded),
        "steps_once": round(total(found.tables, "steps", order)),
        "has_steps": bool(known),
        "distance_m": round(total(found.tables, "distance_m", order)),
        "days_before": before.days,
        "days_after": after.days,
        "steps_before": before.steps,
        "steps_after": after.steps,
        "notices": [asdict(notice) for notice in found.notices],
        "recording": dict(found.recording) if found.recording else None,
        "measures": _measures(found.measures, zone),
        "agreement": _agreement(found.agreement),
        "said": {"notices": [_said(notice) for notice in found.notices]},
    }


def plain(report: dict[str, Any]) -> dict[str, Any]:
    """The report in English, without what it is told from in other languages."""
    return {name: value for name, value in report.items() if name != "said"}


def _said(notice: Notice) -> dict[str, Any]:
    """What a notice's texts are told from in other languages."""
    return {"text": to_json(notice.text), "where": to_json(notice.where)}


def _notices(report: dict[str, Any]) -> list[Notice]:
    kept = report.get("notices", [])
    said = report.get("said", {}).get("notices") or [{}] * len(kept)  # none in old reports
    return [
        Notice(**{**notice, **{name: from_json(text) for name, text in texts.items()}})
        for notice, texts in zip(kept, said, strict=True)
    ]


def _measures(measures: pl.DataFrame, zone: str) -> list[dict[str, Any]]:
    """One entry a measure: how often, from when to when, and the median of its last month."""
    date = pl.col("start").dt.convert_time_zone(zone).dt.date()
    last_month = pl.col("start") > pl.col("start").max() - pl.duration(days=30)
    table = measures.group_by("measure").agg(
        pl.len().alias("count"),
        date.min().dt.to_string("iso").alias("from"),
        date.max().dt.to_string("iso").alias("to"),
        pl.col("value").filter(last_month).median().alias("recent_median"),
    )
    return table.sort("measure").to_dicts()


def _agreement(found: Agreement | None) -> dict[str, Any] | None:
    return asdict(found) | {"worst_date": found.worst_date.isoformat()} if found else None


def _sources(tables: Iterable[pl.DataFrame], zone: str) -> list[dict[str, Any]]:
    """One entry a source and device, most records that count first; dates are local."""
    ZoneInfo(zone)
    date = pl.col("start").dt.convert_time_zone(zone).dt.date()
    known = pl.col("steps").count() > 0
    of_each = [
        table.filter(COUNTS)
        .group_by("source", "device")
        .agg(
            pl.len().cast(pl.Int64).alias("records"),
            pl.when(known).then(pl.col("steps").sum()).alias("steps"),
            date.min().alias("from"),
            date.max().alias("to"),
        )
        for table in chain([empty(SAMPLES)], tables)
    ]
    table = (
        pl.concat(of_each)
        .group_by("source", "device")
        .agg(
            pl.col("records").sum(),
            pl.when(known).then(pl.col("steps").sum().round().cast(pl.Int64)).alias("steps"),
            pl.col("from").min().dt.to_string("iso"),
            pl.col("to").max().dt.to_string("iso"),
        )
    )
    return table.sort(["records", "source"], descending=[True, False]).to_dicts()


def for_page(report: dict[str, Any]) -> dict[str, Any]:
    """What the report's page shows; empty for an upload that has no report."""
    recording = report.get("recording") or {}
    return {
        "report": report,
        "sources": [
            source
            | {"device": DEVICE_WORDS.get(source["device"], source["device"])}
            | {"first_day": date.fromisoformat(source["from"])}
            | {"last_day": date.fromisoformat(source["to"])}
            for source in report.get("sources", [])
        ],
        "measures": [_measure_in_words(told) for told in report.get("measures", [])],
        "kind_words": kind_in_words(report["kind"]) if "kind" in report else "",
        "worst_day": _day((report.get("agreement") or {}).get("worst_date")),
        "counts": {kind: in_words(report.get(kind, {})) for kind in ("read", "skipped", "refused")},
        "notices": [notice.sentence for notice in _notices(report)],
        "recorded_min": _minutes(recording.get("recorded_s")),
        "worn_min": _minutes(recording.get("worn_s")),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _measure_in_words(told: dict[str, Any]) -> dict[str, Any]:
    words, unit, places = MEASURE_WORDS[told["measure"]]
    value = f"{number(told['recent_median'], f'.{places}f')} {unit}".strip()
    days = {"first_day": _day(told["from"]), "last_day": _day(told["to"])}
    return told | days | {"words": words, "value": value}


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def in_words(counts: dict[str, int]) -> list[tuple[str, int]]:
    """A file's own record types in words, most first, at most `MOST_TYPES`."""
    listed = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = [(_type_in_words(name), count) for name, count in listed[:MOST_TYPES]]
    rest = sum(count for _, count in listed[MOST_TYPES:])
    return [*told, (gettext("other kinds"), rest)] if rest else told


def _type_in_words(name: str) -> str:
    if name in WORDS:
        return str(WORDS[name])
    if name.startswith("HKWorkoutActivityType"):
        kind = _WORD.sub(" ", name.removeprefix("HKWorkoutActivityType")).lower()
        return gettext("%(kind)s workouts") % {"kind": kind}
    return _WORD.sub(" ", _PREFIX.sub("", name)).lower() or gettext("unnamed")
