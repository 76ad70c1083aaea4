"""An installation whose owner has answered the safety screen, and the files the pages name."""

from __future__ import annotations

import shlex
import shutil
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from backstride import sample_data
from docs.terminal import environment, type_in
from real_recordings import phone_walk


@pytest.fixture(scope="session")
def shim(tmp_path_factory) -> Path:
    """A folder for PATH with this interpreter's `backstride` and `python`."""
    folder = tmp_path_factory.mktemp("bin")
    for name, words in {"backstride": "-m backstride", "python": ""}.items():
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {words} "$@"\n', "utf-8")
        script.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def cleared_home(tmp_path_factory, shim) -> Path:
    """An installation whose owner has answered the safety screen."""
    home = tmp_path_factory.mktemp("cleared") / "home"
    env = environment(shim, home)
    for line in (
        "backstride account add owner@example.org --zone Europe/Oslo",
        "backstride screen",
    ):
        done = type_in(line, env, home.parent)
        assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def place(tmp_path, shim, cleared_home) -> tuple[Path, dict[str, str]]:
    """A folder with the files the pages name, and the environment of that installation."""
    shutil.copytree(cleared_home, tmp_path / "home")
    folder = tmp_path / "here"
    folder.mkdir()
    today = datetime.now(ZoneInfo("Europe/Oslo")).date()
    (folder / "export.zip").write_bytes(sample_data.demo_export(today, "Europe/Oslo"))
    shutil.copy(sample_data.path("axivity/ax3-610-steps.cwa"), folder / "walk.cwa")
    shutil.copy(sample_data.path("apple-dogsheep/route.gpx"), folder / "walk.gpx")
    (folder / "log.csv").write_text(
        f"date,medicine,amount,unit\n{today},Ibuprofen 200,2,tablets\n", "utf-8"
    )
    phone, _ = phone_walk("Pixel_Jamie_Hard_FrontPocket_1")
    pl.read_parquet(phone).write_csv(folder / "phone.csv")
    return folder, environment(shim, tmp_path / "home")
