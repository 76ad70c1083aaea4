"""The sample data are all there, with licences, and the demo is what it says it is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from backstride import imports, sample_data
from backstride.sample_data import demo_export, demo_flare, demo_totals
from backstride.walking.from_samples import minutes_of

FOLDER = Path(sample_data.__file__).parent
README = (FOLDER / "README.md").read_text(encoding="utf-8")
TODAY = date(2026, 3, 31)  # two days after Europe's clocks went forward


@pytest.mark.parametrize("name", sorted(sample_data.SAMPLE_FILES))
def test_every_file_is_there_documented_and_licensed(name: str) -> None:
    assert sample_data.path(name).stat().st_size > 100
    assert f"`{name}`" in README
    assert sample_data.SAMPLE_FILES[name].licence in README
    assert (FOLDER / name).parent.joinpath("LICENSE").stat().st_size > 500


def test_no_file_is_left_out_of_the_list() -> None:
    here = {p.relative_to(FOLDER).as_posix() for p in FOLDER.glob("*/*") if p.is_file()}
    listed = {n for n in here if not n.endswith(("LICENSE", ".pyc"))}
    assert listed == set(sample_data.SAMPLE_FILES)


def daily(samples: pl.DataFrame, zone: str) -> dict[date, float]:
    day = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day")
    return dict(samples.group_by(day).agg(pl.col("steps").sum()).iter_rows())


@pytest.mark.parametrize("weekday", range(7))
def test_demo_counts_each_step_once(tmp_path: Path, weekday: int) -> None:
    today, zone = TODAY + timedelta(days=weekday), "Europe/London"
    path = tmp_path / "export.zip"
    path.write_bytes(demo_export(today, zone))
    got = imports.read(path, zone=zone)
    totals = demo_totals(today)
    assert len(totals) == 70
    assert max(totals) == today - timedelta(days=1)
    merged = daily(imports.merge(got.samples), zone)
    assert {day: merged.get(day, 0.0) for day in totals} == pytest.approx(totals)
    # Adding both devices up, or keeping one alone, is wrong by a good deal.
    counted = got.samples.filter(pl.col("flag").is_null())
    assert counted["steps"].sum() > 1.2 * sum(totals.values())
    for _, alone in counted.group_by("source"):
        assert alone["steps"].sum() < 0.97 * sum(totals.values())


def test_demo_days_are_the_real_persons() -> None:
    rows = pl.read_csv(sample_data.path("daily-steps/participant8.csv"), try_parse_dates=True)
    real = dict(rows.drop_nulls("steps").select("date", "steps").iter_rows())
    totals = demo_totals(TODAY)
    shift = min(totals) - date(2024, 4, 14)
    weeks = timedelta(weeks=shift.days // 7)
    same = sum(real[day - weeks] == steps for day, steps in totals.items())
    assert same > 0.8 * len(totals)  # the others are days on which the watch lay at home
    assert all(steps <= real[day - weeks] for day, steps in totals.items())


def test_demo_walks_grow_but_for_the_worse_week(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(demo_export(TODAY))
    got = imports.read(path)
    _, bouts = minutes_of(got.samples)
    first = TODAY - timedelta(days=70)
    week = ((pl.col("start").dt.date() - first).dt.total_days() // 7).alias("week")
    length = (pl.col("end") - pl.col("start")).dt.total_minutes()
    by_week = bouts.group_by(week).agg(length.max().alias("min"), pl.col("cadence_spm").max())
    longest = dict(by_week.select("week", "min").iter_rows())
    assert set(longest) == set(range(10))
    assert longest[9] >= 15
    assert longest[4] <= 8 < longest[0] + 2 < longest[3]
    assert by_week["cadence_spm"].is_between(90, 118).all()
    start, end = demo_flare(TODAY)
    assert (start - first).days == 28
    assert (end - start).days == 6


def test_demo_is_the_same_every_time_and_marked_as_invented() -> None:
    assert demo_export(TODAY, "Asia/Tokyo") == demo_export(TODAY, "Asia/Tokyo")
    assert demo_export(TODAY) != demo_export(TODAY + timedelta(days=1))


def test_demo_shows_a_manual_entry_that_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(demo_export(TODAY))
    got = imports.read(path)
    assert [notice.code for notice in got.notices] == ["imports.flagged.manual"]
    assert got.refused_count == 0
