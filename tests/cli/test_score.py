"""`backstride score` in a terminal and in a pipe."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from backstride.cli.score import command
from backstride.outcomes import keys, mobility_tests


def run(*words: str):
    return CliRunner().invoke(command, list(words), env={"COLUMNS": "120"})


def said(*words: str) -> str:
    done = run(*words)
    assert done.exit_code == 0, done.output
    return done.output


def of_json(*words: str) -> dict:
    return json.loads(said(*words, "--json"))


def in_a_shell(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "backstride", "score", *words],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_list_has_everything():
    table = said("--list")
    listed = of_json("--list")
    assert [form["key"] for form in listed["instruments"]] == list(keys())
    assert [test["key"] for test in listed["tests"]] == [test.key for test in mobility_tests()]
    assert all(key in table for key in keys())
    assert "no, scores only" in table


@pytest.mark.parametrize("key", keys())
def test_every_instrument_tells_about_itself(key):
    about = of_json(key)
    assert about["attribution"] in said(key)
    assert about["licence"]["mark"] in {"V", "V2", "U", "ENG"}


@pytest.mark.parametrize("key", [test.key for test in mobility_tests()])
def test_every_test_tells_its_steps(key):
    assert "  1. " in said(key)
    assert "Stop if it brings strong pain" in said(key)


def test_peg():
    assert "Your score is 5, on a scale from 0 to 10" in said("peg", "4", "5", "6")
    assert of_json("peg", "4", "5", "6")["value"] == 5


def test_rmdq_by_its_ticks():
    assert of_json("rmdq", "--yes", "1,4,9")["value"] == 3
    assert of_json("rmdq", "--yes", "")["value"] == 0
    turned = of_json("rmdq", "--yes", "1,2", "--before", "12")["change"]
    assert (turned["difference"], turned["is_important"]) == (-10, True)


def test_totals_and_parts():
    assert "Medium limits" in said("odi", "--total", "32")
    assert "Medium limits" in said("odi", "32")
    assert "worries" in said("startback", "--total", "5", "--part", "distress=4")
    assert "wasn't given" in said("startback", "5")


def test_minus_three_is_an_answer():
    assert of_json("groc", "-3")["value"] == -3


def test_an_open_answer():
    found = of_json("phq9", *["1"] * 7, "-", "0")
    assert (found["value"], found["missing"]) == (8, ["slow"])


def test_self_harm_comes_first():
    lines = said("phq9", *["0"] * 8, "1").splitlines()
    assert "emergency number" in lines[0]
    assert of_json("phq9", *["0"] * 8, "1")["actions"][0]["urgency"] == "crisis"


def test_phq2_leads_on():
    assert "Next: backstride score phq9" in said("phq2", "2", "2")


def test_mobility():
    text = said("chair_stand_30s", "12", "--age", "67", "--sex", "woman", "--before", "9")
    assert "11 or more, and so do you" in text
    assert "more than the test varies by itself" in text
    mixed = of_json("chair_stand_30s", "12", "--before", "9", "--setting", "home-clinic")
    assert mixed["change"]["is_beyond_error"] is False


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("peg", "--list"),
        ("peg", "4", "5", "6", "--total", "5"),
        ("peg", "4", "5", "six"),
        ("peg", "--yes", "1"),
        ("rmdq", "--yes", "25"),
        ("startback", "--total", "5", "--part", "distress"),
        ("peg", "4", "5", "6", "--part", "a=1"),
        ("chair_stand_30s", "9", "10"),
        ("chair_stand_30s", "nine"),
        ("--doses", "nowhere.csv"),
    ],
)
def test_a_wrong_command_line(words):
    done = run(*words)
    assert done.exit_code == 2, done.output
    assert "Error" in done.output


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("pegs", "4"), "There is no instrument 'pegs'"),
        (("peg", "4", "5"), "takes 3 answers"),
        (("peg", "4", "5", "11"), "11 is not one of the answers"),
        (("odi", "--total", "101"), "can't be"),
        (("two_minute_walk", "9000"), "can't be"),
    ],
)
def test_what_cannot_be_is_said_without_a_traceback(words, text):
    done = in_a_shell(*words)
    assert done.returncode == 3
    assert text in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


LOG = """date,medicine,amount,unit
2026-03-02,Paracetamol 500,9,tablets
2026-03-03,Ibuprofen,400,mg
2026-03-03,"Oxycodone 10 mg, slow",4,tablets
2026-03-10,Ibuprofen,,
"""


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(LOG, "utf-8")
    return path


def test_a_log(csv):
    text = said("--doses", str(csv), "--until", "2026-03-08")
    assert "4500 mg of paracetamol" in text.splitlines()[0]
    assert "Pain medicine days rose from 0 to 2 a week." in text
    assert "2026-03-03 ibuprofen: 400 mg (1 noted)" in text
    assert "MME" not in text
    assert "60 MME on 2026-03-03" in said("--doses", str(csv), "--clinician")


def test_a_log_as_json(csv):
    found = of_json("--doses", str(csv), "--clinician")
    assert found["until"] == "2026-03-10"
    assert (found["days_last_7"], found["days_7_before"]) == (1, 2)
    assert found["daily"][0]["mg"] is None
    assert found["mme"] == {"2026-03-03": 60.0}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "no column 'date'"),
        (b"date,medicine,amount\n", "no column 'unit'"),
        (b"date,medicine,amount,unit\n", "holds no medicine"),
        (b"date,medicine,amount,unit\n02.03.2026,Ibuprofen,1,mg\n", "line 2: '02.03.2026'"),
        (b"date,medicine,amount,unit\n2026-03-02,,1,mg\n", "no medicine's name"),
        (b"date,medicine,amount,unit\n2026-03-02,Ibuprofen,two,mg\n", "'two' is no amount"),
        (b"date,medicine,amount,unit\n2026-03-02,Ibuprofen,-1,mg\n", "'-1' is no amount"),
        (b"date,medicine,amount,unit\n2026-03-02,Ibuprofen,inf,mg\n", "'inf' is no amount"),
        (b"date,medicine,amount,unit\n2026-03-02,Ib\xffuprofen,1,mg\n", "isn't UTF-8"),
        (b'date,medicine,amount,unit\n2026-03-02,"Ibuprofen"x,1,mg\n', "isn't a CSV"),
        (b"date,medicine,amount,unit\n2026-03-02,I\x1b[2Jb,1,mg\n", "no medicine's name"),
        (b"date,medicine,amount,unit\n2026-03-02," + b"a" * 81 + b",1,mg\n", "no medicine's name"),
        (b"date,medicine,amount,unit\n2026-03-02," + b"a" * 200_000 + b",1,mg\n", "isn't a CSV"),
    ],
)
def test_a_log_that_cannot_be_read_is_refused_whole(tmp_path, content, text):
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    done = in_a_shell("--doses", str(path))
    assert done.returncode == 3
    assert text in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_log_that_is_too_large(tmp_path):
    path = tmp_path / "log.csv"
    with path.open("wb") as out:
        out.truncate((20 << 20) + 1)
    assert "larger than 20 MB" in in_a_shell("--doses", str(path)).stderr
