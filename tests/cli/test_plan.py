"""A walker's whole way on the command line: account, screen, import, plan, chart."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import icalendar
import pytest

from backstride import sample_data
from backstride.cli import COMMANDS

PASSWORD = "one-step-at-a-time-7"
CALM = "no\n"


@pytest.fixture
def run(tmp_path):
    """Runs a real `backstride` process on an installation of its own."""
    env = {**os.environ, "BACKSTRIDE_HOME": str(tmp_path / "home"), "COLUMNS": "80"}

    def run(*args: str, typed: str = "") -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "backstride", *args]
        return subprocess.run(
            command, env=env, input=typed, capture_output=True, text=True, cwd=tmp_path
        )

    return run


@pytest.fixture
def owner(run):
    done = run("account", "add", "me@example.org", "--zone", "Europe/Oslo", "--password", PASSWORD)
    assert done.returncode == 0, done.stderr
    assert "It owns this installation" in done.stdout


def answers(worrying: int | None = None) -> str:
    """What is typed: no to all, but year and pathway; the `worrying`-th gets a yes."""
    emergency = [CALM] * 12
    if worrying is not None:
        emergency[worrying] = "yes\n"
    return "".join([*emergency, "1985\n", "recovered\n", CALM * 40])


def test_no_account_yet(run):
    done = run("plan")
    assert done.returncode == 3
    assert "backstride account add" in done.stderr


@pytest.mark.usefixtures("owner")
def test_no_plan_before_the_screen(run):
    done = run("plan")
    assert done.returncode == 5
    assert "backstride screen" in done.stderr


@pytest.mark.usefixtures("owner")
def test_a_red_flag_stops_here_too(run):
    done = run("screen", typed=answers(worrying=1))
    assert done.returncode == 5
    assert "Call your local emergency number" in done.stdout
    assert run("plan").returncode == 5
    again = run("screen", typed=answers())
    assert again.returncode == 5  # not answered away


@pytest.mark.usefixtures("owner")
def test_a_clearance_has_a_name_and_a_day_that_has_been(run):
    assert run("screen", typed=answers(worrying=1)).returncode == 5
    alone = run("screen", "--seen-by", "Dr Lee", typed=answers())
    assert alone.returncode == 2
    assert "belong together" in alone.stderr
    early = run("screen", "--seen-by", "Dr Lee", "--seen-on", "2999-01-01", typed=answers())
    assert early.returncode == 3
    assert "can't be in the future" in early.stderr
    assert run("plan").returncode == 5


@pytest.mark.usefixtures("owner")
def test_from_the_screen_to_a_plan_and_a_picture(run, tmp_path):
    done = run("screen", typed=answers())
    assert done.returncode == 0, done.stdout + done.stderr
    assert run("plan").returncode == 4  # nothing to start from
    assert run("import", str(sample_data.path("apple-tdda/export.xml"))).returncode == 0
    assert run("plan").returncode == 4  # too old to start from
    assert run("usual", "--minutes", "20", "--days", "3").returncode == 0

    done = run("plan", "--ics", "walks.ics")
    assert done.returncode == 0, done.stderr
    assert "64 minutes in all" in done.stdout  # 0.8 of 20, four days
    assert "entry.told" in done.stdout
    events = icalendar.Calendar.from_ical((tmp_path / "walks.ics").read_bytes()).walk("VEVENT")
    assert len(events) == 4
    week = json.loads(run("plan", "--json").stdout)
    assert week["dose"]["minutes"] == 16

    done = run("chart", "--out", "week.png", "--span", "all")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "week.png").read_bytes().startswith(b"\x89PNG")
    assert "2014" in done.stdout
    assert run("chart", "--out", "week.docx").returncode == 3
    for name in ("chart", "report"):
        done = run(name, "--out", "no/such/folder/x.png")
        assert done.returncode == 3
        assert "no/such/folder/x.png: No such file" in done.stderr
        assert "Traceback" not in done.stderr
    for show in ("together", "calendar", "weeks"):
        done = run("chart", "--out", f"{show}.svg", "--show", show, "--span", "all")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / f"{show}.svg").read_text("utf-8").startswith("<svg")


@pytest.mark.usefixtures("owner")
def test_the_plan_explains_itself(run):
    assert run("screen", typed=answers()).returncode == 0
    assert run("usual", "--minutes", "15", "--days", "3").returncode == 0
    done = run("plan", "--explain")
    assert done.returncode == 0, done.stderr
    assert "What was asked, by walkback" in done.stdout
    assert "Safety questions" in done.stdout
    assert "clinical-details 1" in done.stdout
    assert "Your target: 30 minutes on 5 days a week" in done.stdout
    assert "target.tested" in " ".join(done.stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches(run, name):
    done = run(name, "--help")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) > 5
    if name not in {"account", "clinic", "order"}:  # groups: their commands teach
        assert "Example" in done.stdout or "example" in done.stdout


def test_help_lists_every_command(run):
    listed = run("--help").stdout
    for name, (_, text) in COMMANDS.items():
        assert name in listed
        assert text.split(":")[0].split(",")[0] in " ".join(listed.split())


def test_an_unknown_command_is_a_usage_error(run):
    assert run("walk").returncode == 2


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BACKSTRIDE_HTTPS", "maybe", "expected yes or no"),
        ("BACKSTRIDE_MAX_UPLOAD_GB", "0.5", "expected a whole number"),
        ("BACKSTRIDE_SMTP_PASSWORD_FILE", "/no/such/file", "No such file"),
    ],
)
def test_a_setting_that_can_not_be_meant_is_said(run, monkeypatch, name, value, told):
    monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "backstride", "plan"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 3
    assert name.removesuffix("_FILE") in done.stderr
    assert told in done.stderr
