"""`backstride import` and `backstride usual`: the same services, from the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backstride import sample_data
from backstride.cli import importing, usual
from backstride.errors import BackstrideError
from backstride.web.imports import services
from backstride.web.imports.frames import usual_of
from backstride.web.imports.models import Upload
from imports import test_together
from web import helpers
from web.imports import exports, stores

REAL = str(sample_data.path("apple-tdda/export.xml"))


@pytest.fixture
def owner(db, settings, tmp_path):
    stores.use(settings, tmp_path / "home")
    return helpers.make_user("owner@example.org", zone="Europe/Berlin", is_owner=True)


def run(*arguments: str, of=importing) -> Result:
    return CliRunner().invoke(of.command, list(arguments))


def test_a_real_export(owner):
    result = run(REAL)
    assert result.exit_code == 0, result.output
    assert "15 read, 0 refused" in result.output
    assert "2,517 recorded by 1 source, 2,517 counted once" in result.output
    assert result.stderr == ""  # no bar where there is no terminal
    assert owner.uploads.get().state == "done"
    assert owner.days.count() == 2
    assert not owner.audit_entries.exists()


def test_a_takeout_with_fit_and_fitbit_in_it(owner, tmp_path):
    phone, watch = test_together.fit((600, 100), (601, 80)), test_together.fitbit((601, 90))
    path = test_together.takeout(tmp_path, fit=phone, fitbit=watch)
    result = run(str(path))
    assert result.exit_code == 0, result.output
    assert "takeout: Google Fit and Fitbit" in result.output
    assert "270 recorded by 2 sources, 190 counted once" in result.output
    assert owner.days.get().steps == 190
    assert owner.uploads.get().kind == "google_fit+fitbit"


def test_the_same_file_again_is_nothing_new(owner):
    run(REAL)
    result = run(REAL)
    assert result.exit_code == 0
    assert "nothing new" in result.output
    assert owner.uploads.count() == 1
    told = json.loads(run(REAL, "--json").stdout)["files"][0]
    assert (told["state"], told["report"]["read_count"]) == ("known", 15)


def test_json_of_several_files_one_of_them_bad(owner, tmp_path):
    cwa = str(sample_data.path("axivity/ax3-610-steps.cwa"))
    bad = tmp_path / "bomb.zip"
    bad.write_bytes(exports.bomb())
    result = run(REAL, cwa, str(bad), str(tmp_path / "none.zip"), "--placement", "wrist", "--json")
    assert result.exit_code == 3
    told = json.loads(result.stdout)["files"]
    assert [file["state"] for file in told] == ["done", "done", "refused", "refused"]
    assert told[1]["report"]["recording"]["placement"] == "wrist"
    assert "far more than an export can hold" in told[2]["error"]
    assert "can't be opened" in told[3]["error"]
    assert all(file["hint"] for file in told[2:3])


def test_a_refusal_goes_to_stderr_and_the_rest_is_in(owner, tmp_path):
    bad = tmp_path / "letter.pdf"
    bad.write_bytes(b"%PDF-1.7")
    result = run(str(bad), REAL)
    assert result.exit_code == 3
    assert "letter.pdf: this is not a kind of file" in result.stderr
    assert "2,517" in result.stdout
    assert owner.days.count() == 2


def test_a_queued_upload_of_the_site_is_taken_over(owner):
    services.receive(owner, Path(REAL), "from the site.xml")
    result = run(REAL)
    assert "2,517 counted once" in result.output
    assert Upload.objects.get().name == "from the site.xml"


def test_another_account_is_named_and_recorded(owner):
    other = helpers.make_user("other@example.org")
    assert run(REAL, "--account", "Other@example.org").exit_code == 0
    assert other.uploads.exists()
    assert not owner.uploads.exists()
    assert other.audit_entries.get().actor is None


def test_without_an_account_it_says_what_to_do(db, settings, tmp_path):
    stores.use(settings, tmp_path / "home")
    result = run(REAL)
    assert isinstance(result.exception, BackstrideError)
    assert "backstride serve" in result.exception.hint
    assert "backstride account add" in result.exception.hint


def test_usual(owner):
    result = run("--minutes", "15", "--days", "3", of=usual)
    assert result.output == "Noted: 15 minutes on 3 days a week.\n"
    assert usual_of(owner).minutes == 15
    assert run("--minutes", "500", "--days", "3", of=usual).exit_code == 2
    assert run("--minutes", "5", "--days", "8", of=usual).exit_code == 2
    assert run("--minutes", "5", of=usual).exit_code == 2


def test_the_command_itself(tmp_path):
    """In a fresh installation, as a person runs it."""
    env = {**os.environ, "BACKSTRIDE_HOME": str(tmp_path)}

    def backstride(*arguments: str) -> subprocess.CompletedProcess[str]:
        code = "from backstride.cli import main; main()"
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    nobody = backstride("import", REAL)
    assert nobody.returncode == 3
    assert "no account" in nobody.stderr
    assert "Traceback" not in nobody.stderr
    backstride("account", "add", "me@example.org", "--password", "a long walk by the sea")
    done = backstride("import", REAL)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2,517 counted once" in done.stdout


def test_help_teaches():
    text = run("--help").output
    assert "export.zip" in text
    assert "Exit codes" in text
