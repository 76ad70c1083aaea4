"""docs/glossary.md has every column that Backstride keeps or writes, with its type."""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

import backstride
from backstride import charts, sample_data
from backstride.cli import importing, measure, score
from backstride.imports import Imported
from backstride.imports.vendor_days import agreement
from backstride.records import (
    BOUTS,
    DAYS,
    MEASURES,
    MINUTES,
    PAIN,
    SAMPLES,
    STEPS,
    Dose,
    Notices,
    Week,
    checked,
    empty,
)
from backstride.records.plan import Decision, DecisionKind, PlannedWalk, Reason
from backstride.regimen.codec import week_to_json
from backstride.walking import Params
from backstride.web.imports.reading import Found
from backstride.web.imports.report import Totals, make_report, plain
from backstride.words import say
from docs.pages import code, tables
from web import helpers
from web.imports import stores

TYPES = {
    pl.Float64: "number",
    pl.Int64: "integer",
    pl.String: "text",
    pl.Boolean: "yes/no",
    pl.Date: "date",
    pl.Datetime: "instant",
    pl.List: "list of text",
}
JSON_TYPES = {
    "number": (float, int),
    "integer": int,
    "text": str,
    "instant": str,
    "date": str,
    "yes/no": bool,
    "object": dict,
    "list": list,
    "list of text": list,
}


def documented() -> dict[str, dict[str, str]]:
    """Heading -> column -> type."""
    found = {}
    for table in tables("glossary.md"):
        if table.columns[0] == "column":
            assert table.columns == ["column", "type", "unit", "meaning"]
            assert table.heading not in found
            names = [code(cell) for cell in table.column("column")]
            assert len(names) == len(set(names)), table.heading
            assert all(table.column("meaning")), table.heading
            found[table.heading] = dict(zip(names, table.column("type"), strict=True))
    return found


def is_schema(value: object) -> bool:
    if not isinstance(value, dict) or not value:
        return False
    return all(isinstance(dtype, pl.DataType) for dtype in value.values())


def schemas() -> dict[str, dict[str, pl.DataType]]:
    """Every table schema that a module of the package shows, by its name."""
    found: dict[str, dict[str, pl.DataType]] = {}
    for module in pkgutil.walk_packages(backstride.__path__, "backstride."):
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if name.isupper() and not name.startswith("_") and is_schema(value):
                assert found.setdefault(name, value) is value, f"two tables named {name}"
    return found


def in_words(schema: dict[str, pl.DataType]) -> dict[str, str]:
    return {name: TYPES[dtype.base_type()] for name, dtype in schema.items()}


def test_the_walk_through_the_package_finds_the_tables():
    assert {"SAMPLES", "DAYS", "WEEKLY", "SERIES", "WEEK"} <= set(schemas())


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_table_stands_in_the_glossary(name):
    assert documented().get(name) == in_words(schemas()[name])


def test_every_table_of_the_glossary_exists():
    capitals = {name for name in documented() if name.isupper()}
    assert capitals == set(schemas())


START = date(2026, 3, 2)


def pictures(count: int, **walked: list[float]) -> pl.DataFrame:
    """The table beside the chart of `count` days."""
    dates = [START + timedelta(days=n) for n in range(count)]
    days = checked(pl.DataFrame({"date": dates, **walked}), DAYS)
    pain = checked(pl.DataFrame({"date": dates, "nprs": [3] * count}), PAIN)
    return charts.walking_and_pain(days, pain).table


def test_the_table_beside_the_chart():
    known = documented()["Table beside the chart of walking and pain"]
    shown: dict[str, str] = {}
    for count in (20, 200):
        steps, minutes = [4000] * count, [30.0] * count
        for walked in ({"walking_min": minutes, "brisk_min": minutes}, {"steps": steps}):
            shown |= in_words(dict(pictures(count, **walked).schema))
    assert shown == known


def test_the_table_beside_the_chart_of_everything_together():
    known = documented()["Table beside the chart of everything together"]
    shown: dict[str, str] = {}
    for count in (20, 200):
        for walked in ({"walking_min": [30.0] * count}, {"steps": [4000] * count}):
            dates = [START + timedelta(days=n) for n in range(count)]
            days = checked(pl.DataFrame({"date": dates, **walked}), DAYS)
            shown |= in_words(dict(charts.together(days, empty(PAIN)).table.schema))
    assert shown == known


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> tuple[dict[str, Any], dict[str, pl.DataFrame], dict[str, Any]]:
    """What `backstride measure` writes of a real recording: JSON, tables, their metadata."""
    folder = tmp_path_factory.mktemp("measured")
    file = str(sample_data.path("axivity/ax3-610-steps.cwa"))
    done = CliRunner().invoke(measure.command, [file, "--json", "--parquet", str(folder)])
    assert done.exit_code == 0, done.output
    parquet = {path.stem: pl.read_parquet(path) for path in folder.iterdir()}
    told = json.loads(pl.read_parquet_metadata(folder / "days.parquet")["backstride"])
    return json.loads(done.stdout), parquet, told


def check(value: dict[str, Any], heading: str) -> None:
    """An object has exactly the keys of a table in the glossary, of the types it says."""
    known = documented()[heading]
    assert set(value) == set(known), heading
    for name, one in value.items():
        allowed = JSON_TYPES[known[name]]
        assert one is None or isinstance(one, allowed), f"{heading}.{name} is {one!r}"
        if known[name] == "integer":
            assert not isinstance(one, bool)


def test_the_json_of_measure(measured):
    told, _, _ = measured
    assert set(told) == {"measurement", "bouts", "days"}
    check(told["measurement"], "measurement")
    check(told["measurement"]["params"], "params")
    check(told["measurement"]["params"]["trunk"], "linking")
    check(told["measurement"]["params"]["handed"][0], "course")
    check(told["measurement"]["notices"][0], "notices")
    assert set(told["bouts"][0]) == set(BOUTS) - {"source"}
    assert set(told["days"][0]) == set(DAYS)


def test_the_settings_of_measure():
    assert set(documented()["params"]) == {field.name for field in dataclasses.fields(Params)}


def test_the_parquet_files_of_measure(measured):
    told, parquet, metadata = measured
    written = {name: dict(table.schema) for name, table in parquet.items()}
    assert written == {"bouts": BOUTS, "days": DAYS, "minutes": MINUTES, "steps": STEPS}
    assert metadata == told["measurement"]


def test_the_json_of_import(db, settings, tmp_path):
    stores.use(settings, tmp_path / "home")
    helpers.make_user("owner@example.org", zone="Europe/Berlin", is_owner=True)
    export, sensor = (
        str(sample_data.path(name))
        for name in ("apple-tdda/export.xml", "axivity/ax3-610-steps.cwa")
    )
    nothing = str(tmp_path / "nothing.zip")
    done = CliRunner().invoke(importing.command, [export, sensor, export, nothing, "--json"])
    files = json.loads(done.stdout)["files"]
    assert [file["state"] for file in files] == ["done", "done", "known", "refused"]
    heading = "What `backstride import --json` writes"
    check({name: value for file in files for name, value in file.items()}, heading)
    reports = [file["report"] for file in files[:3]]
    for report in reports:
        check(plain(report), "report")
        check(report["sources"][0], "sources")
    check(reports[1]["recording"], "recording")
    assert reports[0]["recording"] is None
    check(reports[1]["notices"][0], "notices")


def test_what_the_maker_counted_and_measured_in_the_json_of_import():
    at = [datetime(2026, 3, day, 9, tzinfo=UTC) for day in (1, 2, 3)]
    rows = {"start": at, "end": at, "source": "Watch", "device": "watch"}
    samples = checked(pl.DataFrame(rows | {"steps": [10.0, 20.0, 30.0]}), SAMPLES)
    walked = pl.DataFrame(rows | {"measure": "walking_speed_mps", "value": [1.0, 1.1, 1.2]})
    measures = checked(walked, MEASURES)
    totals = pl.DataFrame({"date": [at[1].date()], "steps": [20], "source": "Watch"})
    agreed = agreement(Imported("x", [samples], Notices(), vendor_days=totals), "UTC")
    found = Found("x", [samples], (), measures=measures, agreement=agreed)
    report = make_report(found, Totals(0, 0), Totals(3, 60), "UTC")
    check(plain(report), "report")
    check(report["agreement"], "agreement")
    check(report["measures"][0], "measures")


def test_the_json_of_plan():
    walk = PlannedWalk(START, 14, 1, (100, 110))
    reasons = (Reason("entry.told", say("You told us {n}.", n=5), "clinical-facts 1.3"),)
    decision = Decision(DecisionKind.START, reasons)
    week = week_to_json(Week(START, 1, "walkback", Dose(14, 4), (walk,), decision))
    check(week, "What `backstride plan --json` writes")
    check(week["dose"], "dose")
    check(week["walks"][0], "walks")
    check(week["decision"], "decision")
    check(week["decision"]["reasons"][0], "reasons")
    page = next(t for t in tables("glossary.md") if t.heading == "decision")
    assert all(f"`{kind.value}`" in page.rows[0][3] for kind in DecisionKind)


def scored(*words: str) -> dict[str, Any]:
    done = CliRunner().invoke(score.command, [*words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_json_of_score(tmp_path):
    form = scored("phq9", *["1"] * 9, "--before", "20")
    check(form, "What `backstride score --json` writes")
    check(form["band"], "band")
    check(form["actions"][0], "actions")
    check(form["change"], "change")
    test = scored("chair_stand_30s", "12", "--before", "9")
    check(test, "standing")
    check(test["change"], "shift")
    log = tmp_path / "log.csv"
    log.write_text("date,medicine,amount,unit\n2026-03-02,Paracetamol,5,g\n", "utf-8")
    told = scored("--doses", str(log), "--clinician")
    check(told, "log")
    check(told["daily"][0], "DAILY_MEDICINES")
    check(told["cautions"][0], "cautions")
