"""The comparison with peers: what is blank, what is used again, and that the figures are right.

The environments here are made up to fail, or to show when they are run; no peer's counts are.
"""

import io
import shutil
import sys
from dataclasses import replace

import pytest
from benchmarks.peers import HERE, PEERS, Peer, compare, environments, running
from benchmarks.peers.__main__ import notes
from benchmarks.peers.inputs import write_inputs
from benchmarks.peers.running import Count, run
from benchmarks.recordings import Case
from rich.console import Console

from backstride.records import Placement
from backstride.sensors import open_recording
from backstride.sensors.parquet import open_parquet
from real_recordings import AX3_610, LOWER_BACK

MADE_UP = Peer("made up", "made-up", frozenset({"mobilise-d", "axivity"}))
BOUTS = [(6.33, 9.88), (28.65, 33.25), (38.54, 50.85)]  # of the real walk; enough for here
BACK = Case(
    name="back",
    data_set="mobilise-d",
    group="lower_back",
    person="HA001",
    open=lambda: open_parquet(LOWER_BACK, Placement.LOWER_BACK, "UTC", fs_hz=100.0),
    steps=28,
    duration_s=60.0,
    bouts_s=BOUTS,
)
AXIVITY = Case(
    name="axivity",
    data_set="axivity",
    group="unknown placement",
    person="openmovement",
    open=lambda: open_recording(AX3_610),
    steps=610,
    duration_s=714.0,
)
STILL = replace(BACK, name="still", group="nobody walks", steps=0, bouts_s=None, is_walking=False)
CASES = [BACK, AXIVITY, STILL]
TRUTH = {c.name: Count(float(c.steps or 0), c.bouts_s) for c in CASES}


@pytest.fixture
def inputs(tmp_path):
    folder = tmp_path / "inputs"
    folder.mkdir()
    write_inputs([BACK, AXIVITY], folder)
    return folder


@pytest.fixture
def made_up(tmp_path, monkeypatch):
    """Puts an environment in place whose `count.py` is the text given."""
    here, below = tmp_path / "peers", tmp_path / "environments"
    (here / "made-up").mkdir(parents=True)
    (below / "made-up" / "bin").mkdir(parents=True)
    for module in (environments, running):
        monkeypatch.setattr(module, "HERE", here)
        monkeypatch.setattr(module, "ENVIRONMENTS", below)
    shutil.copy(HERE / "inside.py", here)

    def place(count: str) -> None:
        (here / "made-up" / "count.py").write_text(count)
        (here / "made-up" / "requirements.txt").write_text("numpy\n")
        shutil.copy(here / "made-up" / "requirements.txt", below / "made-up")
        (below / "made-up" / "installed.txt").write_text("numpy==1\n")
        python = below / "made-up" / "bin" / "python"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)

    place.installed = below / "made-up" / "installed.txt"
    return place


def counting(log, body: str) -> str:
    """A `count.py` that leaves a mark for each recording it is given."""
    return (
        'PACKAGE = "numpy"\n'
        "def count(recording):\n"
        f"    open({str(log)!r}, 'a').write(recording['placement'] + ' ')\n"
        f"    {body}\n"
    )


def test_a_recording_that_a_peer_fails_at_is_blank_and_told(made_up, inputs, tmp_path):
    body = "raise ValueError('too short' if recording['person'] == 'HA001' else 'no axis')"
    made_up(counting(tmp_path / "log", body))
    found = run(MADE_UP, inputs)
    assert found.counts["back"] == Count(error="ValueError: too short")
    rows = compare.step_rows(CASES, {"ours": TRUTH, "made up": found.counts})
    assert rows
    assert all(row.figures["made up"] is None for row in rows)
    assert all(row.figures["ours"] == 0 for row in rows)
    said = "\n".join(notes({"made up": [found]}))
    assert "blank for 1 (back): ValueError: too short" in said
    assert "blank for 1 (axivity): ValueError: no axis" in said


@pytest.mark.parametrize(
    ("count", "reason"),
    [
        ("import no_such_package", "No module named 'no_such_package'"),
        ("import sys; sys.exit('wrong processor')", "wrong processor"),
    ],
)
def test_a_peer_that_cannot_start_is_blank_and_not_kept(made_up, inputs, count, reason):
    made_up(count)
    for _ in range(2):
        found = run(MADE_UP, inputs)
        assert set(found.counts) == {"back", "axivity"}
        assert all(reason in count.error for count in found.counts.values())
        assert not found.is_cached


def test_a_peer_that_is_not_installed_is_blank(made_up, inputs):
    found = run(MADE_UP, inputs)
    assert all("make peers" in count.error for count in found.counts.values())


def test_counts_are_used_again_until_versions_recordings_or_use_change(made_up, inputs, tmp_path):
    log = tmp_path / "log"
    body = "return {'steps': int(recording['t_s'][-1]), 'bouts': []}"
    made_up(counting(log, body))
    first = run(MADE_UP, inputs)
    assert not first.is_cached
    assert sorted(log.read_text().split()) == ["lower_back", "unknown"]
    write_inputs([BACK, AXIVITY], inputs)  # the same again, byte by byte
    again = run(MADE_UP, inputs)
    assert again.is_cached
    assert again.counts == first.counts
    assert len(log.read_text().split()) == 2

    made_up.installed.write_text("numpy==2\n")
    assert not run(MADE_UP, inputs).is_cached
    write_inputs([replace(AXIVITY, person="another")], inputs)
    assert not run(MADE_UP, inputs).is_cached
    made_up(counting(log, body) + "# otherwise\n")
    assert not run(MADE_UP, inputs).is_cached


def test_whoever_says_the_truth_has_no_error():
    tools = {"truth": TRUTH}
    assert [row.figures["truth"] for row in compare.step_rows(CASES, tools)] == [0] * 4
    assert [row.figures["truth"] for row in compare.detection_rows(CASES, tools)] == [1, 1, 1]
    assert [row.figures["truth"] for row in compare.false_step_rows(CASES, tools)] == [0]


def test_the_figures_of_a_known_error():
    late = [(start + (end - start) / 2, end) for start, end in BOUTS]
    half = TRUTH | {"back": Count(14, late), "axivity": Count(732, None), "still": Count(2, [])}
    rows = {row.group: row for row in compare.step_rows(CASES, {"half": half})}
    assert set(rows) == {
        "mobilise-d: lower_back",
        "axivity: unknown placement",
        "mobilise-d: slow",
        "all slow walks",
    }
    assert rows["mobilise-d: lower_back"].figures["half"] == pytest.approx(50)
    assert rows["axivity: unknown placement"].figures["half"] == pytest.approx(20)
    sensitivity, specificity, f1 = compare.detection_rows(CASES, {"half": half})
    assert sensitivity.figures["half"] == pytest.approx(0.5, abs=0.01)
    assert specificity.figures["half"] == 1
    assert f1.figures["half"] == pytest.approx(2 / 3, abs=0.01)
    (false,) = compare.false_step_rows(CASES, {"half": half})
    assert false.figures["half"] == pytest.approx(2 * 60)


def test_a_tool_without_bouts_has_steps_but_no_detection():
    only_steps = {name: Count(count.steps) for name, count in TRUTH.items()}
    (row, *_) = compare.detection_rows(CASES, {"ours": TRUTH, "steps": only_steps})
    assert row.figures == {"ours": 1, "steps": None}


def test_the_table_leaves_blanks_and_keeps_noughts():
    rows = [compare.Row("in hand", 3, {"ours": 0.0, "peer": None})]
    console = Console(width=60, record=True, file=io.StringIO())
    console.print(compare.table("Steps", rows, 1))
    line = next(line for line in console.export_text().splitlines() if "in hand" in line)
    assert [cell.strip() for cell in line.strip("│").split("│")] == ["in hand", "3", "0.0", ""]
    assert compare.markdown(rows, 1).splitlines()[-1] == "| in hand | 3 | 0.0 |  |"


def test_every_peer_has_its_versions_pinned_and_says_how_it_is_used():
    for peer in PEERS:
        folder = HERE / peer.environment
        pins = [
            p for p in (folder / "requirements.txt").read_text().split("\n") if p and p[0] != "#"
        ]
        assert pins
        assert all("==" in pin and "//" not in pin for pin in pins)
        assert f"def {peer.function}(recording" in (folder / "count.py").read_text()


def test_what_is_not_a_number_is_an_error(made_up, inputs, tmp_path):
    made_up(counting(tmp_path / "log", "return {'steps': float('nan')}"))
    assert all("not JSON compliant" in c.error for c in run(MADE_UP, inputs).counts.values())
