"""Temperature, light and battery voltage, as the devices' documentation converts them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import axivity_files as ax
from backstride.cli.sensors import command
from backstride.errors import UnsupportedFormat
from backstride.sensors.auxiliary import AUXILIARY, auxiliary
from device_files import GENEACTIV, START_S, counts, geneactiv, gt3x, log, record
from real_recordings import AX3_610, START, phone_walk

PHONE, _ = phone_walk("Pixel_Jamie_Hard_FrontPocket_1")


def test_an_axivitys_sectors_are_converted_as_cwa_h_says(tmp_path: Path) -> None:
    path = ax.cwa(tmp_path / "x.cwa", counts(12, 100), damaged=[3], aux=(300, 256, 205))
    table = auxiliary(path, "Europe/Berlin")
    assert table.schema == AUXILIARY
    assert len(table) == 9  # sectors, without the damaged one
    assert abs(table["at"][0] - (START - timedelta(hours=1))) < timedelta(milliseconds=20)
    assert table["at"].is_sorted()
    assert table["temperature_c"].to_list() == [25.0] * 9
    assert table["light"].to_list() == [300.0] * 9
    assert table["battery_v"].to_list() == pytest.approx([(205 + 512) * 6 / 1024] * 9)


def test_what_the_device_did_not_measure_is_null(tmp_path: Path) -> None:
    table = auxiliary(ax.cwa(tmp_path / "x.cwa", counts(2, 100), aux=(0, 0, 0)))
    assert table["temperature_c"].null_count() == table["battery_v"].null_count() == len(table)


def test_a_real_axivity_is_as_warm_as_a_room_or_a_hand() -> None:
    table = auxiliary(AX3_610)
    assert len(table) == 595
    assert 15 < table["temperature_c"].min() <= table["temperature_c"].max() < 40
    assert 3.5 < table["battery_v"].min() <= table["battery_v"].max() < 4.3


def test_geneactivs_pages_are_as_written(tmp_path: Path) -> None:
    table = auxiliary(GENEACTIV)
    np.testing.assert_allclose(table["temperature_c"], [28.2, 28.1, 29.1], atol=1e-5)
    np.testing.assert_allclose(table["battery_v"], [4.1642] * 3, atol=1e-5)
    # Another reader cuts each sample's lux to an integer before this mean.
    np.testing.assert_allclose(table["light"], [1.19, 28.63, 94.43], atol=0.5)
    made = auxiliary(geneactiv(tmp_path / "x.bin", counts(6, 100)))  # light counts 0 to 299
    np.testing.assert_allclose(made["light"], [149.5 * 886 / 42] * 2, rtol=1e-6)
    assert made["at"][0] == START - timedelta(hours=1)


def test_an_actigraphs_battery_records(tmp_path: Path) -> None:
    volts = [(0, 4181), (60, 4100), (120, 3999)]
    parts = [record(2, START_S + at, mv.to_bytes(2, "little")) for at, mv in volts]
    damaged = record(2, START_S + 150, b"\xff\xff", damage=1)
    data = parts[0] + log(counts(3, 100), 100) + parts[1] + damaged + parts[2]
    table = auxiliary(gt3x(tmp_path / "x.gt3x", data))
    assert table["at"].to_list() == [START + timedelta(seconds=at) for at, _ in volts]
    np.testing.assert_allclose(table["battery_v"], [4.181, 4.1, 3.999])
    assert table["temperature_c"].null_count() == 3


def test_a_table_has_none_of_it() -> None:
    with pytest.raises(UnsupportedFormat, match="no temperature, light or battery"):
        auxiliary(PHONE)


def test_the_command_tells_about_one_file() -> None:
    told = json.loads(CliRunner().invoke(command, [str(GENEACTIV), "--json"]).output)
    assert told["source"] == GENEACTIV.name
    assert told["device"] == "GENEActiv 051386"
    assert told["fs_hz"] == 50
    assert told["temperature_c"] == [28.1, 29.1]
    shown = CliRunner().invoke(command, [str(GENEACTIV)]).output
    assert "Temperature in the device: 28.10 to 29.10 °C" in shown
    assert "Battery: 4.16 to 4.16 V" in shown


def test_the_command_leaves_open_what_a_file_lacks() -> None:
    told = json.loads(CliRunner().invoke(command, [str(PHONE), "--json"]).output)
    assert told["temperature_c"] is told["light"] is told["battery_v"] is None
    assert "Light: –" in CliRunner().invoke(command, [str(PHONE)]).output
