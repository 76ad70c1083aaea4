"""`backstride sensors` lists every format that is read, and nothing else."""

from __future__ import annotations

import json

from click.testing import CliRunner

from backstride.cli.sensors import command
from backstride.sensors import FORMATS, KINDS, Checked


def test_the_list_has_every_format_with_its_device_and_how_it_was_checked() -> None:
    result = CliRunner().invoke(command, ["--json"])
    assert result.exit_code == 0
    listed = json.loads(result.output)["sensors"]
    assert {one["key"] for one in listed} == set(FORMATS)
    assert len(listed) == len(KINDS)
    for one in listed:
        assert one["name"]
        assert one["device"]
        assert one["extension"].startswith(".")
        assert one["checked"] in list(Checked)
    by_key = {one["key"]: one["checked"] for one in listed if not one["note"]}
    assert by_key["cwa"] == by_key["geneactiv"] == "another reader"


def test_the_table_is_for_people() -> None:
    result = CliRunner().invoke(command, [])
    assert result.exit_code == 0
    for word in ("Axivity", "ActiGraph", "GENEActiv", ".gt3x", "experimental"):
        assert word in result.output
