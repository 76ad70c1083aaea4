"""Kernels are compiled once; where nothing can be kept, they work all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

KERNEL = """
from numba import types
from backstride.kernels import kernel

@kernel(types.float64)
def twice(x: float) -> float:
    return 2 * x

print(twice(21.0), sum(twice.stats.cache_hits.values()))
"""


def run(folder: Path, home: Path) -> list[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA")}
    env |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    done = subprocess.run(
        [sys.executable, str(folder / "loops.py")],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_a_second_process_does_not_compile(tmp_path: Path) -> None:
    (tmp_path / "loops.py").write_text(KERNEL)
    assert run(tmp_path, tmp_path) == ["42.0", "0"]
    assert run(tmp_path, tmp_path) == ["42.0", "1"]


def test_beside_a_read_only_module_the_users_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "loops.py").write_text(KERNEL)
    (tmp_path / "__pycache__").write_text("a file where the folder would be")
    assert run(tmp_path, tmp_path / "home") == ["42.0", "0"]
    assert run(tmp_path, tmp_path / "home") == ["42.0", "1"]


def test_where_nothing_can_be_kept_each_process_compiles(tmp_path: Path) -> None:
    (tmp_path / "loops.py").write_text(KERNEL)
    (tmp_path / "__pycache__").write_text("a file where the folder would be")
    (tmp_path / "home").write_text("a file where the home would be")
    assert run(tmp_path, tmp_path / "home") == ["42.0", "0"]
    assert run(tmp_path, tmp_path / "home") == ["42.0", "0"]
