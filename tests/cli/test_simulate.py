"""`backstride simulate` as typed: table, JSON, picture, and what it says of itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from backstride.simulation import CHECK_ONLY, models

SMALL = ("--people", "5", "--weeks", "4")


@pytest.fixture
def run(tmp_path):
    def run(*args: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "backstride", "simulate", *args]
        env = {**os.environ, "COLUMNS": "80", "BACKSTRIDE_HOME": str(tmp_path / "home")}
        return subprocess.run(command, env=env, capture_output=True, text=True, cwd=tmp_path)

    return run


def test_every_model_has_its_table_and_the_text_says_what_it_is_not(run, tmp_path):
    done = run(*SMALL)
    assert done.returncode == 0, done.stderr
    for model in models().values():
        assert model.title in done.stdout
    assert done.stdout.count("Leaflet") == len(models())
    assert CHECK_ONLY in done.stdout
    assert "no clinical evidence" in done.stdout
    assert "…" not in done.stdout  # no column is cut on 80 characters
    assert not (tmp_path / "home").exists()  # it needs no installation


def test_the_help_names_every_model(run):
    assert f"Models: {', '.join(models())}." in run("--help").stdout


def test_json_and_picture(run, tmp_path):
    one, same = (run(*SMALL, "--model", "hostile", "--json", "--chart", "w.svg") for _ in "12")
    assert one.stdout == same.stdout
    found = json.loads(one.stdout)
    assert found["note"] == CHECK_ONLY
    (only,) = found["models"]
    assert (only["model"], only["people"], only["weeks"], only["seed"]) == ("hostile", 5, 4, 1)
    assert only["parameters"]["drift"] > 0
    assert sum(only["decisions"].values()) == pytest.approx(1)
    ours = only["regimens"][0]
    assert ours["regimen"] == "ours"
    assert len(ours["minutes_by_week"]) == 4
    assert ours["means"]["minutes"]["low"] <= ours["means"]["minutes"]["value"]
    assert "no clinical evidence" in (tmp_path / "w.svg").read_text("utf-8")


def test_sensitivity(run, tmp_path):
    args = ("--sensitivity", "--model", "natural", "--people", "2", "--weeks", "1")
    done = run(*args, "--chart", "s.png")
    assert done.returncode == 0, done.stderr
    assert "flare_hazard" in done.stdout
    assert CHECK_ONLY in done.stdout
    assert (tmp_path / "s.png").stat().st_size > 1000
    found = json.loads(run(*args, "--json").stdout)
    assert {s["parameter"] for s in found["swings"]} >= {"flare_hazard", "capacity"}


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--model", "kind"), "no model kind"),
        (("--sensitivity",), "one model"),
        (("--chart", "x.svg"), "one model"),
        (("--model", "natural", "--chart", "x.gif"), ".svg or .png"),
        (("--people", "0"), "--people"),
    ],
)
def test_a_wrong_line_is_answered_before_anyone_walks(run, args, says):
    done = run(*args)
    assert done.returncode == 2
    assert says in done.stderr
