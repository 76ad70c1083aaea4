"""What is taken of Fitbit's parts, each thing once: samples and measures."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date, timedelta
from functools import partial

import polars as pl

from backstride.imports import sift, times
from backstride.imports.containers import Files
from backstride.imports.fitbit import logs
from backstride.imports.fitbit import minutes as fitbit_minutes
from backstride.imports.fitbit.logs import FITBIT
from backstride.imports.parts import Parts
from backstride.imports.sessions import minute_means, touching, zeros_joined
from backstride.imports.track import Sport
from backstride.records import MEASURES, SAMPLES, checked, empty

COLUMN = {"steps": "steps", "distance": "distance_m"}
UNIT = {"steps": 1.0, "distance": 0.01}  # of the JSON; distance in centimetres
DAY = timedelta(days=1)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
BOTH_ENDS = pl.col("start").is_not_null() & pl.col("end").is_not_null()


def device_of(parts: Parts) -> str:
    """What counted the minutes of the JSON: a watch, unless only the phone was paired."""
    paired = [kind for _, kinds in parts.of("trackers", logs.trackers) for kind in kinds]
    return "phone" if paired and set(paired) == {"MobileTrack"} else "watch"


def minutes(parts: Parts, device: str) -> list[pl.DataFrame]:
    """SAMPLES of a minute each, from the CSV and, on days that it lacks, from the JSON."""
    account, batches = parts.account, []
    tracked: dict[str, set[date]] = {kind: set() for kind in COLUMN}
    for named in _by_day(parts, [f"{kind} (CSV)" for kind in COLUMN]):
        made = []
        for kind in COLUMN:
            read = partial(fitbit_minutes.csv_rows, column=kind)
            for name, rows in parts.of(f"{kind} (CSV)", read, named.get(f"{kind} (CSV)", [])):
                if rows is None:
                    account.skip(f"{kind} (CSV): file with no data")
                    continue
                rows = rows.with_columns(_maker(pl.col("source")).alias("device"))
                watched = rows.filter(pl.col("device") == "watch")["at"].dt.date()
                tracked[kind] |= set(watched.drop_nulls().unique())
                made.append(_samples(rows, kind, 1.0, f"{kind} (CSV)", name, account))
        batches.append(_joined(made))
    for named in _by_day(parts, list(COLUMN)):
        made = []
        for kind, unit in UNIT.items():
            for name, rows in parts.of(kind, fitbit_minutes.json_rows, named.get(kind, [])):
                again = rows["at"].dt.date().is_in(list(tracked[kind])).fill_null(value=False)
                account.skip(f"{kind} (in the CSV too)", int(again.sum()))
                rows = rows.filter(~again)
                rows = rows.with_columns(source=pl.lit(FITBIT), device=pl.lit(device))
                made.append(_samples(rows, kind, unit, kind, name, account))
        batches.append(_joined(made))
    return batches


def _by_day(parts: Parts, kinds: list[str]) -> list[dict[str, list[str]]]:
    """The parts of these kinds, by kind, of each day by which some are named."""
    days: dict[str, dict[str, list[str]]] = {}
    for kind in kinds:
        for name in parts.names(kind):
            named = days.setdefault((_DAY.findall(name) or [""])[-1], {})
            named.setdefault(kind, []).append(name)
    return [days[day] for day in sorted(days)]


def _joined(samples: list[pl.DataFrame]) -> pl.DataFrame:
    """Steps and metres of the same minute in one row, and runs of minutes of 0 in one.

    Half as many rows to hold for years; they say the same.
    """
    if not samples:
        return empty(SAMPLES)
    values = [pl.col(column).max() for column in COLUMN.values()]
    once = pl.concat(samples).group_by("start", "end", "source", "device").agg(values)
    return zeros_joined(checked(once, SAMPLES), tuple(COLUMN.values()))


def _maker(source: pl.Expr) -> pl.Expr:
    """What class of device a `data source` of Google's CSV is.

    A tracker stands under its own name, which may be the person's word for it, so that a
    watch is what is neither the phone nor an app.
    """
    told = source.fill_null("").str.to_lowercase()
    return (
        pl.when((told == "mobiletrack") | told.str.starts_with("phone"))
        .then(pl.lit("phone"))
        .when((told == "") | told.str.contains(r"health (connect|kit)$|\bapp$|manual"))
        .then(pl.lit("app"))
        .otherwise(pl.lit("watch"))
    )


def _samples(
    rows: pl.DataFrame, kind: str, unit: float, counted: str, name: str, account: sift.Account
) -> pl.DataFrame:
    told = rows.select(
        pl.col("at").alias("start"),
        (pl.col("at") + timedelta(minutes=1)).alias("end"),
        (pl.col("value") * unit).alias(COLUMN[kind]),
        pl.col("source").replace("MobileTrack", "Fitbit on the phone").fill_null(FITBIT),
        "device",
        _kind(counted),
        _numbered(name, "record"),
    )
    return sift.sifted(told, account)


def _kind(kind: str) -> pl.Expr:
    return pl.lit(kind).alias("kind")


def _numbered(name: str, noun: str) -> pl.Expr:
    return pl.format("{}, {} {}", pl.lit(name), pl.lit(noun), pl.int_range(1, pl.len() + 1)).alias(
        "where"
    )


def exercises(parts: Parts) -> pl.DataFrame:
    """The walks and runs of both kinds of part as logs.NO_EXERCISES, each once.

    All else is counted as skipped, by its name.
    """
    told = pl.concat(
        [logs.NO_EXERCISES, *(rows for _, rows in parts.of("exercise", logs.exercises))]
    )
    more = [rows for _, rows in parts.of("exercise (CSV)", logs.google_exercises)]
    once = pl.concat([told, *(_new(rows, told, "exercise", parts.account) for rows in more)])
    others = once.filter(pl.col("sport") == Sport.UNKNOWN)
    for name, count in others["name"].value_counts().iter_rows():
        parts.account.skip(f"exercise: {name}", count)
    return once.filter(pl.col("sport") != Sport.UNKNOWN)


def _new(rows: pl.DataFrame, known: pl.DataFrame, kind: str, account: sift.Account) -> pl.DataFrame:
    """Rows whose time none of `known` has some of; the others stand in JSON as well."""
    again = touching(rows, known)
    if again.any():
        account.skip(f"{kind} (in the JSON too)", int(again.sum()))
    return rows.filter(~again)


def sessions(
    rows: pl.DataFrame, counted: list[pl.DataFrame], account: sift.Account
) -> pl.DataFrame:
    """SAMPLES of walks, with their and runs' steps and metres where no minute has them."""
    is_walk = pl.col("sport") == Sport.WALK
    for column in ("steps", "distance_m"):
        spans = [batch.filter(pl.col(column) > 0).select("start", "end") for batch in counted]
        covered = touching(rows, pl.concat([empty(SAMPLES).select("start", "end"), *spans]))
        rows = rows.with_columns(pl.when(~covered).then(column).alias(column))
    said = pl.any_horizontal(pl.col("steps", "distance_m").is_not_null()) | is_walk
    counted_already = rows.filter(~said).height
    if counted_already:
        account.skip("exercise: run (in the minutes too)", counted_already)
    never_stopped = pl.col("walking_s") > logs.LONGEST_WALK_S
    told = rows.filter(said).with_columns(
        pl.when(is_walk).then("walking_s").alias("walking_s"),
        pl.when(is_walk & never_stopped).then(pl.lit(sift.NEVER_STOPPED)).alias("flag"),
        pl.format("exercise: {}", "name").alias("kind"),
    )
    return sift.sifted(told.drop("name", "sport"), account)


def heart_rates(parts: Parts, exercises: pl.DataFrame) -> pl.DataFrame:
    """MEASURES of the heart rate in walks that something recorded, a mean a minute."""
    recorded = (pl.col("sport") == Sport.WALK) & (pl.col("device") != "manual")
    sane = pl.col("end") - pl.col("start") <= timedelta(seconds=logs.LONGEST_WALK_S)
    walks = exercises.filter(BOTH_ENDS & recorded & sane).select("start", "end")
    days = {day for column in walks for day in column.dt.date()}
    means = []
    for kind, read in (
        ("heart rate", partial(fitbit_minutes.json_beats, spans=walks)),
        ("heart rate (CSV)", partial(_csv_beats, spans=walks)),
    ):
        parts.leave(kind, _apart(parts.names(kind), days), "of days without a walk")
        found = [fitbit_minutes.NO_ROWS.with_columns(where=pl.lit("", pl.String))]
        for name, (rows, outside) in parts.of(kind, read):
            parts.account.skip(f"{kind} outside walks", outside)
            day = (_DAY.findall(name) or [name])[-1]  # short: there are thousands of parts
            found.append(rows.with_columns(pl.lit(day).alias("where")))
        means.append(minute_means(_beats(pl.concat(found), kind, parts.account)))
    return pl.concat(means).unique(("start", "measure"), keep="first", maintain_order=True)


def _csv_beats(files: Files, name: str, spans: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    rows = fitbit_minutes.csv_rows(files, name, "beats per minute")
    none = fitbit_minutes.NO_ROWS
    return fitbit_minutes.within(none if rows is None else rows.select("at", "value"), spans)


def _apart(names: list[str], days: set[date]) -> list[str]:
    """The parts, each of a day or of the days until the next part's, with none of `days`.

    A part is named by a local day and its times are in UTC: a day more on either side.
    """
    in_order = sorted(days)
    dated = sorted((_day(found[-1]), name) for name in names if (found := _DAY.findall(name)))
    apart = []
    for at, (first, name) in enumerate(dated):
        last = dated[at + 1][0] if at + 1 < len(dated) else date.max - DAY
        next_day = bisect_left(in_order, first - DAY)
        if next_day == len(in_order) or in_order[next_day] > last + DAY:
            apart.append(name)
    return apart


def _day(text: str) -> date:
    try:
        return max(date.fromisoformat(text), date(1970, 1, 1))
    except ValueError:
        return date(1970, 1, 1)


def _beats(rows: pl.DataFrame, kind: str, account: sift.Account) -> pl.DataFrame:
    at = pl.col("at")
    told = rows.select(
        at.alias("start"), at.alias("end"), "value", pl.lit("watch").alias("device"), "where"
    )
    return _measures(told, "heart_rate_bpm", kind, account)


def nights(parts: Parts, zone: str) -> pl.DataFrame:
    """MEASURES of the time asleep."""
    told = pl.concat(
        [logs.NO_NIGHTS, *(got for _, got in parts.of("sleep", partial(logs.nights, zone=zone)))]
    )
    more = [rows for _, rows in parts.of("sleep (CSV)", logs.google_nights)]
    once = [told, *(_new(rows, told, "sleep", parts.account) for rows in more)]
    return _measures(pl.concat(once), "sleep_s", "sleep", parts.account)


def resting_heart_rates(parts: Parts, zone: str) -> pl.DataFrame:
    """MEASURES of the resting heart rate, each of a local day."""
    found = logs.NO_HEARTS
    for kind, read in (
        ("resting heart rate", logs.resting_hearts),
        ("resting heart rate (CSV)", logs.google_resting_hearts),
    ):
        rows = pl.concat([found.clear(), *(got for _, got in parts.of(kind, read))])
        without = (pl.col("value") == 0).fill_null(value=False)
        parts.account.skip(f"{kind}: day without", rows.filter(without).height)
        again = pl.col("date").is_in(found["date"].implode()).fill_null(value=False)
        parts.account.skip(f"{kind} (in the JSON too)", rows.filter(again & ~without).height)
        found = pl.concat([found, rows.filter(~without & ~again)])
    start, end = times.day_of(pl.col("date"), zone)
    told = found.with_columns(start.alias("start"), end.alias("end"), device=pl.lit("watch"))
    return _measures(told.drop("date"), "resting_heart_rate_bpm", "resting heart rate",
                     parts.account)  # fmt: skip


def _measures(rows: pl.DataFrame, measure: str, kind: str, account: sift.Account) -> pl.DataFrame:
    told = rows.with_columns(pl.lit(measure).alias("measure"), pl.lit(FITBIT).alias("source"))
    return sift.sifted(told.with_columns(_kind(kind)), account, schema=MEASURES)
