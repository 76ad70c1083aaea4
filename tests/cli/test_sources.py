"""`backstride sources` lists every export that is read, and says how to get it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from backstride.cli.sources import command
from backstride.imports import SOURCES, Checked, Where


def test_the_list_has_every_source_with_the_steps_to_export() -> None:
    result = CliRunner().invoke(command, ["--json"])
    assert result.exit_code == 0
    listed = json.loads(result.output)["sources"]
    assert [one["key"] for one in listed] == [source.key for source in SOURCES]
    assert len({one["key"] for one in listed}) == len(listed)
    for one in listed:
        assert one["name"]
        assert one["files"]
        assert one["gives"]
        assert one["checked"] in list(Checked)
        assert one["how"]
        for how in one["how"]:
            assert how["where"] in list(Where)
            assert all(step.endswith(".") for step in how["steps"])


def test_the_table_is_for_people() -> None:
    result = CliRunner().invoke(command, [], env={"COLUMNS": "160"})
    assert result.exit_code == 0
    for source in SOURCES:
        assert source.key in result.output
        assert source.checked.split()[0] in result.output


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.key)
def test_one_source_tells_its_steps(source) -> None:
    result = CliRunner().invoke(command, [source.key])
    assert result.exit_code == 0
    for how in source.how:
        assert how.where in result.output
        assert all(step in result.output for step in how.steps)


def test_an_unknown_key_names_the_known_ones() -> None:
    result = CliRunner().invoke(command, ["walkman"])
    assert result.exit_code == 2
    assert "apple_health" in result.output
