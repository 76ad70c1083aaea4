"""`backstride measure` as people call it, on real files and on broken ones."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import polars as pl
import pytest

from axivity_files import cwa
from backstride.cli import main
from backstride.records import BOUTS, DAYS, MINUTES, STEPS
from real_recordings import AX3_200, AX3_610, AX3_CORRUPT, AX6, phone_walk


@dataclass
class Result:
    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str | Path, columns: int = 100) -> Result:
    """The command as `backstride` runs it, in this process and without a terminal."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    argv = ["backstride", "measure", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": str(columns)}
    with (
        mock.patch.object(sys, "argv", argv),
        mock.patch.dict(os.environ, environment),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as done:
            code = int(done.code or 0)
    return Result(code, out.getvalue(), err.getvalue())


def as_csv(folder: Path, per_g: float = 1.0, time: str = "t_s", change=None) -> Path:
    """A real phone walk (in m/s²) as text; `per_g` is how many of the unit make 1 g."""
    path, _ = phone_walk("Pixel_Jamie_Hard_FrontPocket_1")
    scale = per_g / 9.80665
    table = pl.read_parquet(path).with_columns(pl.col("x", "y", "z") * scale)
    if change is not None:
        table = table.with_columns(change.alias("t_s"))
    out = folder / "walk.csv"
    table.rename({"t_s": time}).write_csv(out)
    return out


def figures(result: Result) -> dict[str, Any]:
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_a_real_axivity_file_as_tables() -> None:
    result = run(AX3_610)
    assert result.returncode == 0
    assert "Bouts of walking" in result.stdout
    assert "2012-03-27" in result.stdout
    assert "no time zone" in result.stderr
    assert "no time zone" not in result.stdout
    assert "\r" not in result.stderr  # no progress bar where nobody looks
    assert "\x1b" not in result.stdout + result.stderr


@pytest.mark.parametrize("columns", [20, 60, 80, 200])
def test_no_number_is_cut_however_narrow(columns: int) -> None:
    output = run(AX3_610, columns=columns).stdout
    assert "…" not in output
    steps = figures(run(AX3_610, "--json"))["days"][0]["steps"]
    assert re.search(rf"\b{steps}\b", output)


def test_a_placement_that_nobody_told_is_found_and_said() -> None:
    told = run(AX3_200)
    assert re.search(r"the sensor was at: lower back \(\d+% sure\)", told.stdout)
    unsure = run(AX3_610)  # a trouser pocket: a worn device has no such place
    assert "can't be told" in unsure.stdout
    said = run(AX3_610, "--placement", "wrist").stdout
    assert "sensor was" not in said
    figures_told = figures(run(AX3_200, "--json"))["measurement"]
    assert figures_told["placement"] == "lower_back"
    assert 0.7 < figures_told["placement_sure"] <= 1


def test_how_a_walk_was_walked_stands_beside_it() -> None:
    wide = run(AX3_610, "--placement", "lower_back").stdout
    for column in ("Quality", "larity", "metry", "CV"):
        assert column in wide
    (first, *_) = figures(run(AX3_610, "--json", "--placement", "lower_back"))["bouts"]
    assert first["quality"] == "good"
    assert first["stride_regularity"] > 0.8
    assert 0 < first["stride_time_cv_percent"] < 10
    assert first["running"] is False


def test_an_ax6_with_its_gyroscope_is_read() -> None:
    told = json.loads(run(AX6, "--json").stdout)["measurement"]
    assert told["device"] == "Axivity AX6 6011802"
    assert told["recorded_s"] == pytest.approx(105.3, abs=0.1)


def test_json_has_what_made_it() -> None:
    result = figures(run(AX3_610, "--json", "--zone", "Europe/London", "--placement", "wrist"))
    told = result["measurement"]
    assert told["version"]
    assert told["algorithm"]
    assert told["params"]["fs_hz"] == 20.0
    assert told["placement"] == "wrist"
    assert told["device"].startswith("Axivity AX3")
    assert told["start"].startswith("2012-03-27T10:14:57")  # 11:14 in London's summer
    assert sum(bout["steps"] for bout in result["bouts"]) == pytest.approx(610, rel=0.05)
    assert result["days"][0]["date"] == "2012-03-27"
    assert result["days"][0]["distance_m"] is None


def test_parquet_holds_all_tables_with_the_version(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "results"
    assert run(AX3_610, "--parquet", folder).returncode == 0
    for name, schema in [("bouts", BOUTS), ("days", DAYS), ("minutes", MINUTES), ("steps", STEPS)]:
        path = folder / f"{name}.parquet"
        assert dict(pl.read_parquet(path).schema) == schema
        told = json.loads(pl.read_parquet_metadata(path)["backstride"])
        assert told["params"]["min_steps"] == 6
    assert len(pl.read_parquet(folder / "steps.parquet")) == pytest.approx(610, rel=0.05)


def test_out_writes_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "walk.json"
    result = run(AX3_610, "--json", "--out", out)
    assert (result.returncode, result.stdout) == (0, "")
    assert json.loads(out.read_text())["bouts"]
    assert run(AX3_610, "--out", tmp_path / "no" / "folder").returncode == 1


@pytest.mark.parametrize(
    ("per_g", "unit"), [(1.0, "in g:"), (9.80665, "in m/s²:"), (1000.0, "in milli-g:")]
)
def test_units_of_a_text_table_are_found_said_and_change_nothing(
    tmp_path: Path, per_g: float, unit: str
) -> None:
    _, true = phone_walk("Pixel_Jamie_Hard_FrontPocket_1")
    result = run(as_csv(tmp_path, per_g), "--json")
    assert unit in result.stderr
    found = sum(bout["steps"] for bout in figures(result)["bouts"])
    assert found == pytest.approx(true, rel=0.04)


def test_times_without_zone_are_read_in_the_zone_given(tmp_path: Path) -> None:
    local = pl.datetime(2026, 7, 1, 23, 59, 30) + pl.duration(microseconds=pl.col("t_s") * 1e6)
    path = as_csv(tmp_path, time="time", change=local.dt.strftime("%Y-%m-%d %H:%M:%S%.6f"))
    result = run(path, "--json", "--zone", "Asia/Kolkata")
    told = figures(result)
    assert told["measurement"]["start"].startswith("2026-07-01T18:29:30")
    assert [day["date"] for day in told["days"]] == ["2026-07-01", "2026-07-02"]
    assert "Asia/Kolkata" in result.stderr


def test_damage_is_told_with_its_first_place() -> None:
    result = run(AX3_CORRUPT)
    assert result.returncode in (0, 4)
    assert "6 damaged sectors" in result.stderr
    assert "sector 0" in result.stderr


def test_calibration_tells_the_error_before_and_after(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    poses = rng.normal(size=(60, 3))
    poses /= np.linalg.norm(poses, axis=1, keepdims=True)
    held = np.repeat(poses, 2400, axis=0) + rng.normal(0, 0.003, (60 * 2400, 3))
    measured = (held - [0.04, -0.03, 0.05]) / [0.97, 1.03, 1.0]  # as the device is off
    path = cwa(tmp_path / "off.cwa", np.round(measured * 256).astype(int), with_fraction=False)
    told = run(path, "--calibrate").stderr
    before, after = map(float, re.findall(r"([\d.]+) mg", told))
    assert before > 30
    assert after < 1
    assert "Calibrated" not in run(path).stderr


def test_calibration_without_stillness_says_so_and_changes_nothing() -> None:
    calibrated = run(AX3_610, "--calibrate")
    assert "Not calibrated: " in calibrated.stderr
    assert calibrated.stdout == run(AX3_610).stdout


def test_no_walking_is_a_result_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "still.csv"
    path.write_text("t_s,x,y,z\n" + "".join(f"{i / 50},0,0,1\n" for i in range(3000)))
    result = run(path)
    assert result.returncode == 4
    assert "No walking was found" in result.stdout
    as_json = run(path, "--json")
    assert as_json.returncode == 4
    assert json.loads(as_json.stdout)["bouts"] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (AX3_610.read_bytes()[:700], "no data"),
        (b"PK\x03\x04" + b"x" * 2000, "It reads: Axivity"),
        (b"<?xml version='1.0'?><HealthData/>", "It reads: Axivity"),
        (b"time,x,y,z\nnever,0,0,1\n", "can't read its times"),
    ],
)
def test_bad_files_exit_3_with_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "upload.cwa"
    path.write_bytes(content)
    result = run(path)
    assert result.returncode == 3
    assert says in result.stderr
    assert "upload.cwa" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_a_truncated_file_is_measured_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "x.cwa"
    path.write_bytes(AX3_610.read_bytes()[:100_100])
    result = run(path)
    assert result.returncode == 0
    assert "ends in the middle" in result.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["x.cwa", "--placement", "ear"], [AX3_610, "--zone", "Mars/Phobos"]]
)
def test_wrong_command_lines_exit_2(arguments: list[str | Path]) -> None:
    assert run(*arguments).returncode == 2


def test_a_missing_file_is_bad_input() -> None:
    result = run("no-such-file.cwa")
    assert result.returncode == 3
    assert "no such file" in result.stderr


def test_help_teaches_with_an_example_and_the_exit_codes() -> None:
    output = run("--help").stdout
    assert "backstride measure ax3.cwa" in output
    assert "Exit codes" in output
    for option in ("--placement", "--zone", "--calibrate", "--json", "--parquet", "--out"):
        assert option in output


def test_the_groups_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nsys.argv=['backstride','--help']\n"
        "import atexit\n"
        "atexit.register(lambda: print(sorted({'numpy','scipy','polars'} & set(sys.modules))))\n"
        "from backstride.cli import main\nmain()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.stdout.strip().endswith("[]")


def test_the_installed_command_ends_with_the_code_of_a_bad_file(tmp_path: Path) -> None:
    path = tmp_path / "x.cwa"
    path.write_bytes(b"")
    result = subprocess.run(
        [sys.executable, "-c", "from backstride.cli import main; main()", "measure", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 3
    assert result.stderr.startswith("Error: x.cwa: the file is empty")
