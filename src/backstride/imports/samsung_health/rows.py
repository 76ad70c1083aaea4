"""What is taken of Samsung Health's tables, each thing once: samples, totals, measures."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from backstride.imports import sift, times
from backstride.imports.containers import Files
from backstride.imports.parts import Parts
from backstride.imports.samsung_health import tables
from backstride.imports.samsung_health.tables import HEALTH, Devices
from backstride.imports.sessions import minute_means, touching
from backstride.records import MEASURES, SAMPLES, VENDOR_DAYS, checked, empty

PREFIX = "com.samsung.shealth."
STEPS = f"{PREFIX}tracker.pedometer_step_count"
TREND = f"{PREFIX}step_daily_trend"
SUMMARY = f"{PREFIX}tracker.pedometer_day_summary"
EXERCISE = f"{PREFIX}exercise"
HEART = f"{PREFIX}tracker.heart_rate"
SLEEP = f"{PREFIX}sleep"
DEVICE = "com.samsung.health.device_profile"
PERSON = "com.samsung.health.user_profile"
BINS = f"{TREND} bins"
WALKS = (1001.0, 13001.0)
RUNS = (1002.0, 15005.0)
ALL_DEVICES = -2.0
SLOT = timedelta(minutes=10)
LONGEST_WALK_S = 12 * 3600


def _where(name: str) -> pl.Expr:
    return pl.format("{}, line {}", pl.lit(name), pl.int_range(3, pl.len() + 3)).alias("where")


def minutes(parts: Parts, known: Devices) -> pl.DataFrame:
    """SAMPLES of the steps by the minute, with `uuid` of the device."""
    found = [empty(SAMPLES).with_columns(uuid=pl.lit("", pl.String))]
    columns = ("start_time", "end_time", "count", "distance", "deviceuuid")
    for name, rows in parts.of(STEPS, tables.table):
        told = tables.filled(rows, *columns).select(
            tables.instant("start_time").alias("start"),
            tables.instant("end_time").alias("end"),
            tables.number("count").alias("steps"),
            tables.number("distance").alias("distance_m"),
            *known.of(),
            pl.col("deviceuuid").fill_null("").alias("uuid"),
            pl.lit(STEPS).alias("kind"),
            _where(name),
        )
        for uuid, of_one in told.group_by("uuid", maintain_order=True):
            good = sift.sifted(of_one.drop("uuid"), parts.account)
            found.append(good.with_columns(uuid=pl.lit(str(uuid[0]))))
    return pl.concat(found)


NO_DAYS = pl.DataFrame(
    schema={
        "date": pl.Date(),
        "steps": pl.Float64(),
        "distance_m": pl.Float64(),
        "of_all": pl.Boolean(),
        "deviceuuid": pl.String(),
        "bins": pl.String(),
        "where": pl.String(),
    }
)


def days(parts: Parts, known: Devices) -> pl.DataFrame:
    """A day's counts of each device, and of all together, as NO_DAYS."""
    trend = [
        tables.filled(rows, "day_time", "count", "distance", "source_type", "deviceuuid",
                      "binning_data").select(
            tables.day("day_time").alias("date"),
            tables.number("count").alias("steps"),
            tables.number("distance").alias("distance_m"),
            (tables.number("source_type") == ALL_DEVICES).fill_null(value=False).alias("of_all"),
            pl.col("deviceuuid").fill_null(""),
            pl.col("binning_data").alias("bins"),
            _where(name),
        )
        for name, rows in parts.of(TREND, tables.table)
    ]  # fmt: skip
    summary = [
        tables.filled(rows, "day_time", "step_count", "distance", "deviceuuid").select(
            tables.day("day_time").alias("date"),
            tables.number("step_count").alias("steps"),
            tables.number("distance").alias("distance_m"),
            pl.col("deviceuuid").is_in(list(known.combined)).fill_null(value=False).alias("of_all"),
            pl.col("deviceuuid").fill_null(""),
            pl.lit(None, pl.String).alias("bins"),
            _where(name),
        )
        for name, rows in parts.of(SUMMARY, tables.table)
    ]
    if trend:
        parts.account.skip(f"{SUMMARY} (in {TREND} too)", sum(rows.height for rows in summary))
    return pl.concat([NO_DAYS, *(trend or summary)])


def _of_all(days: pl.DataFrame) -> pl.DataFrame:
    """One row a day: Samsung's sum of all devices, or the device that counted most."""
    dated = days.filter(pl.col("date").is_not_null() & pl.col("steps").is_finite())
    return dated.sort("of_all", "steps", descending=True).unique(
        "date", keep="first", maintain_order=True
    )


def vendor_days(days: pl.DataFrame) -> pl.DataFrame:
    """VENDOR_DAYS of the days of which Samsung has a sum."""
    sane = pl.col("steps").is_between(0, 1e9)
    told = _of_all(days.filter("of_all")).filter(sane)
    steps = pl.col("steps").round().cast(pl.Int64)
    return checked(told.select("date", steps, pl.lit(HEALTH).alias("source")), VENDOR_DAYS)


def tens(
    files: Files,
    days: pl.DataFrame,
    minutes: pl.DataFrame,
    names: list[str],
    known: Devices,
    zone: str,
    account: sift.Account,
) -> pl.DataFrame:
    """SAMPLES of 10 minutes each, of each device's days before its first minute."""
    by_file = {name.rsplit("/", 1)[-1]: name for name in names}
    parts = Parts(files, {}, account, lambda _done, _total: None)
    found = []
    rows = days.filter(
        ~pl.col("of_all") & pl.col("bins").is_not_null() & pl.col("date").is_not_null()
    )
    for date, uuid, file in rows.select("date", "deviceuuid", "bins").iter_rows():
        name = by_file.get(file.strip())
        for _, told in parts.of(BINS, tables.bins, [name] if name else []):
            local = pl.lit(date).cast(pl.Datetime("us")) + pl.col("slot") * SLOT
            found.append(told.with_columns(local=local, deviceuuid=pl.lit(uuid)))
    if not found:
        return empty(SAMPLES)
    times.say_assumed(account.notices, zone)
    firsts = minutes.group_by("uuid").agg(pl.col("start").min().alias("first"))
    start = times.utc_of(pl.col("local"), zone)
    placed = pl.concat(found).with_columns(start=start, end=start + SLOT)
    placed = placed.join(firsts, left_on="deviceuuid", right_on="uuid", how="left")
    later = (pl.col("end") > pl.col("first")).fill_null(value=False)
    account.skip(f"{BINS} (in {STEPS} too)", placed.filter(later).height)
    told = placed.filter(~later).select(
        "start", "end", "steps", "distance_m", *known.of(),
        pl.lit(BINS).alias("kind"), pl.col("local").dt.to_string("%Y-%m-%d %H:%M").alias("where"),
    )  # fmt: skip
    return sift.sifted(told, account)


def totals(
    days: pl.DataFrame, counted: pl.DataFrame, zone: str, account: sift.Account
) -> pl.DataFrame:
    """SAMPLES from midnight to midnight of the days with nothing finer."""
    seen = counted.filter(pl.col("steps") > 0)["start"].dt.convert_time_zone(zone).dt.date()
    known = pl.col("date").is_not_null() & pl.col("steps").is_finite().fill_null(value=False)
    bad = days.filter(~known)
    alone = _of_all(days).filter(~pl.col("date").is_in(seen.unique().implode()))
    account.skip(f"{TREND}: day of a device, or with finer steps",
                 days.height - alone.height - bad.height)  # fmt: skip
    if alone.height:
        times.say_assumed(account.notices, zone)
    start, end = times.day_of(pl.col("date"), zone)
    told = pl.concat([alone, bad]).select(
        start.alias("start"), end.alias("end"), "steps", "distance_m",
        pl.lit(HEALTH).alias("source"), pl.lit("app").alias("device"),
        pl.lit(TREND).alias("kind"), "where",
    )  # fmt: skip
    return sift.sifted(told, account)


NO_EXERCISES = empty(SAMPLES).with_columns(
    is_walk=pl.lit(value=False), bpm=pl.lit(0.0), kind=pl.lit(""), where=pl.lit("")
)


def exercises(parts: Parts, known: Devices) -> pl.DataFrame:
    """Walks, and other exercises counted as skipped: NO_EXERCISES, not sifted."""
    found = [NO_EXERCISES]
    columns = ("start_time", "end_time", "duration", "exercise_type", "distance", "count",
               "count_type", "mean_heart_rate", "deviceuuid")  # fmt: skip
    for name, rows in parts.of(EXERCISE, tables.table):
        told = tables.filled(rows, *columns).with_columns(
            tables.instant("start_time"),
            tables.instant("end_time"),
            tables.number("exercise_type"),
            _where(name),
        )
        is_walk = pl.col("exercise_type").is_in(WALKS).fill_null(value=False)
        for code, count in told.filter(~is_walk)["exercise_type"].value_counts().iter_rows():
            run = " (a run: in the steps)" if code in RUNS else ""
            parts.account.skip(f"exercise of type {_whole(code)}{run}", count)
        span_s = (pl.col("end_time") - pl.col("start_time")).dt.total_microseconds() / 1e6
        active_s = tables.number("duration") / 1000
        walking_s = pl.min_horizontal(pl.coalesce(active_s, span_s), span_s)
        strides = pl.col("count_type").is_null() | (pl.col("count_type") == "30001")
        made = told.filter(is_walk).select(
            pl.col("start_time").alias("start"),
            pl.col("end_time").alias("end"),
            pl.when(strides).then(tables.number("count")).alias("steps"),
            tables.number("distance").alias("distance_m"),
            walking_s.fill_null(0.0).alias("walking_s"),
            *known.of(),
            pl.when(walking_s > LONGEST_WALK_S).then(pl.lit(sift.NEVER_STOPPED)).alias("flag"),
            pl.lit(value=True).alias("is_walk"),
            tables.number("mean_heart_rate").alias("bpm"),
            pl.lit(EXERCISE).alias("kind"),
            "where",
        )
        found.append(made.select(NO_EXERCISES.columns))
    return pl.concat(found)


def _whole(code: float | None) -> str:
    return "unknown" if code is None else f"{code:.0f}"


def sessions(exercises: pl.DataFrame, counted: pl.DataFrame, account: sift.Account) -> pl.DataFrame:
    """SAMPLES of the walks; with their steps and metres where nothing else has them."""
    free = ~touching(exercises, counted.filter(pl.col("steps") > 0))
    values = (pl.when(free).then(name).alias(name) for name in ("steps", "distance_m"))
    return sift.sifted(exercises.with_columns(*values).drop("is_walk", "bpm"), account)


def hearts(
    parts: Parts, known: Devices, exercises: pl.DataFrame, walks: pl.DataFrame
) -> pl.DataFrame:
    """MEASURES of the heart rate in walks: its means by the minute, else that of the walk."""
    found = [empty(MEASURES)]
    columns = ("start_time", "end_time", "heart_rate", "deviceuuid")
    for name, rows in parts.of(HEART, tables.table):
        told = tables.filled(rows, *columns).select(
            tables.instant("start_time").alias("start"),
            tables.instant("end_time").alias("end"),
            tables.number("heart_rate").alias("value"),
            *known.of(),
            pl.lit(HEART).alias("kind"),
            _where(name),
        )
        inside = told.filter(touching(told, walks))
        parts.account.skip(f"{HEART} outside walks", told.height - inside.height)
        made = inside.with_columns(measure=pl.lit("heart_rate_bpm"))
        found.append(sift.sifted(made, parts.account, schema=MEASURES))
    beats = minute_means(pl.concat(found))
    means = exercises.filter(~touching(exercises, beats) & (pl.col("bpm") > 0)).select(
        "start", "end", pl.col("bpm").alias("value"), "source", "device",
        pl.lit("heart_rate_bpm").alias("measure"),
        pl.lit(f"{EXERCISE}: mean heart rate").alias("kind"), "where",
    )  # fmt: skip
    return pl.concat([beats, sift.sifted(means, parts.account, schema=MEASURES)])


def nights(parts: Parts, known: Devices) -> pl.DataFrame:
    """MEASURES of the time asleep, or of the night where that isn't told."""
    found = [empty(MEASURES)]
    columns = ("start_time", "end_time", "sleep_duration", "deviceuuid")
    for name, rows in parts.of(SLEEP, tables.table):
        start, end = tables.instant("start_time"), tables.instant("end_time")
        whole_s = (end - start).dt.total_microseconds() / 1e6
        asleep_s = tables.number("sleep_duration") * 60
        told = tables.filled(rows, *columns).select(
            start.alias("start"),
            end.alias("end"),
            pl.coalesce(pl.when(asleep_s > 0).then(asleep_s), whole_s).fill_null(0).alias("value"),
            *known.of(),
            pl.lit("sleep_s").alias("measure"),
            pl.lit(SLEEP).alias("kind"),
            _where(name),
        )
        found.append(sift.sifted(told, parts.account, schema=MEASURES))
    return pl.concat(found)
