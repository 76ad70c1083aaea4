"""Google Fit's tables: a day in stretches of 15 minutes, and all days in totals.

`Daily activity metrics/2023-11-20.csv` has a row for each quarter of an hour, with the offset of
local time in each (`09:30:00.000+02:00`); the table of all days has a row a date. Folders, file
names and headings are in the account's language: the tables are known by their headings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import polars as pl

from backstride.errors import UnreadableFile
from backstride.imports import sift, times
from backstride.imports.containers import Files
from backstride.imports.text import cells_of, table_of
from backstride.records import SAMPLES, VENDOR_DAYS, empty
from backstride.words import say

SOURCE = "Google Fit"
DAY = re.compile(r"(\d{4}-\d\d-\d\d)[^/]*\.csv$", re.IGNORECASE)
QUARTER = timedelta(minutes=15)
MAX_TABLE = 32 << 20
LONGEST_STEP_M = 1.5  # a run's
LONGEST_MEAN_STEP_M = 1.0  # of a whole day

# Headings by what they hold. English ones are those of real exports; of the others those that
# programs that read such exports name.
STEPS = {
    "step count", "steps", "schrittzahl", "anzahl der schritte", "schritte", "nombre de pas",
    "número de pasos", "recuento de pasos", "numero di passi", "conteggio passi", "aantal stappen",
    "stappentelling", "contagem de passos", "número de passos", "liczba kroków", "количество шагов",
    "걸음 수", "歩数", "步数", "步數",
}  # fmt: skip
DISTANCE = "(m)"  # the only unit of its kind, in every language that writes it so
WALKING = ("walking", "gehen", "marche", "caminar", "camminata", "wandelen", "caminhada")
_TIME = re.compile(r"\d\d:\d\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d$")


def kind_of(head: bytes) -> str:
    """`quarters` or `days` by a table's first bytes, or nothing for any other file."""
    lines = head.decode("utf-8-sig", errors="replace").splitlines()[:2]
    if len(lines) < 2 or "(kcal)" not in lines[0]:
        return ""
    headings, values = (cells_of(line) for line in lines)
    if not any(_plain(heading) in STEPS for heading in headings) or not values:
        return ""
    if _TIME.match(values[0]):
        return "quarters"
    return "days" if _DATE.match(values[0]) else ""


def _plain(heading: str) -> str:
    return heading.strip().strip('"').lower()


def _columns(table: pl.DataFrame, longest_m: float) -> list[pl.Expr]:
    """Steps, metres and seconds of walking, whatever the headings' language; null if missing.

    Metres are those of rides too: more than `longest_m` a step are not taken for walking.
    """

    def number(fits: Callable[[str], bool], alias: str, factor: float = 1.0) -> pl.Expr:
        name = next((name for name in table.columns if fits(_plain(name))), None)
        column = pl.lit(None, dtype=pl.String) if name is None else pl.col(name)
        return (column.str.strip_chars().cast(pl.Float64, strict=False) * factor).alias(alias)

    steps = number(lambda name: name in STEPS, "steps")
    metres = number(lambda name: name.endswith(DISTANCE), "distance_m")
    return [
        steps,
        pl.when(steps.is_finite() & (metres <= steps * longest_m)).then(metres).alias("distance_m"),
        number(lambda name: name.endswith("(ms)") and name.startswith(WALKING), "walking_s", 1e-3),
    ]


def quarters_of(files: Files, name: str, zone: str, account: sift.Account) -> pl.DataFrame:
    """SAMPLES of a day's table, without the rows in which nothing was counted.

    The date is in the name of the part; a table brought alone has none. Raises UnreadableFile.
    """
    date = DAY.search(name or files.path.name)
    if date is None:
        what = say("the table of a day whose date, which is in its file name, is missing")
        raise UnreadableFile(
            files.path, what, say("Bring the whole export, or leave the name as it was.")
        )
    table = table_of(files, name, most=MAX_TABLE)
    start, end = (_instant(column, date.group(1)) for column in table.columns[:2])
    rows = table.select(
        start.alias("start"),
        end.alias("end"),
        _local(table.columns[0], date.group(1)).alias("local"),
        *_columns(table, LONGEST_STEP_M),
        where=pl.format("{}, line {}", pl.lit(name), pl.int_range(2, pl.len() + 2)),
    )
    rows = rows.filter(pl.any_horizontal(pl.col("steps", "distance_m", "walking_s") > 0))
    if rows["start"].null_count() and rows["local"].null_count() < rows.height:
        times.say_assumed(account.notices, zone)
        rows = rows.with_columns(
            pl.coalesce("start", times.utc_of(pl.col("local"), zone)).alias("start")
        )
    # The last row ends at the next day's midnight, which is written as 00:00 of this one.
    later = (
        pl.when(pl.col("end") > pl.col("start")).then("end").otherwise(pl.col("start") + QUARTER)
    )
    ready = rows.with_columns(
        later.alias("end"),
        pl.col("walking_s").clip(upper_bound=QUARTER.total_seconds()),
        pl.lit(SOURCE).alias("source"),
        pl.lit("phone").alias("device"),
        pl.lit("quarter of an hour").alias("kind"),
    ).drop("local")
    return sift.sifted(ready, account)


def _instant(column: str, date: str) -> pl.Expr:
    text = pl.lit(date + "T") + pl.col(column).str.strip_chars()
    return text.str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", time_zone="UTC", strict=False
    )


def _local(column: str, date: str) -> pl.Expr:
    text = pl.lit(date + "T") + pl.col(column).str.strip_chars()
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)


def days_of(files: Files, name: str, account: sift.Account) -> pl.DataFrame:
    """The table of all days: date, steps, distance_m, walking_s. Raises UnreadableFile.

    Days without a count of anything are left out; a row without a date is refused.
    """
    table = table_of(files, name, most=MAX_TABLE)
    rows = table.select(
        pl.col(table.columns[0])
        .str.strip_chars()
        .str.to_date("%Y-%m-%d", strict=False)
        .alias("date"),
        *_columns(table, LONGEST_MEAN_STEP_M),
        where=pl.format("{}, line {}", pl.lit(name), pl.int_range(2, pl.len() + 2)),
    )
    for where in rows.filter(pl.col("date").is_null())["where"]:
        account.refuse("day", "date", where)
    counted = pl.any_horizontal(pl.col("steps", "distance_m", "walking_s") > 0)
    return rows.filter(pl.col("date").is_not_null() & counted).unique("date", keep="first")


def samples_of_days(days: pl.DataFrame, zone: str, account: sift.Account) -> pl.DataFrame:
    """SAMPLES of days of which only the total is known, from local midnight to midnight."""
    if days.is_empty():
        return empty(SAMPLES)
    start, end = times.day_of(pl.col("date"), zone)
    ready = days.select(
        start.alias("start"),
        end.alias("end"),
        "steps",
        "distance_m",
        "walking_s",
        "where",
        source=pl.lit(SOURCE),
        device=pl.lit("phone"),
        kind=pl.lit("day"),
    )
    return sift.sifted(ready, account)


def vendor_days(days: pl.DataFrame) -> pl.DataFrame:
    """VENDOR_DAYS of the table of all days."""
    sound = pl.col("steps").is_finite() & pl.col("steps").is_between(0, 1e9)
    if days.is_empty():
        return empty(VENDOR_DAYS)
    return days.filter(sound).select(
        "date", pl.col("steps").round().cast(pl.Int64), source=pl.lit(SOURCE)
    )
