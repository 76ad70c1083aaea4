"""`make peers`: an environment for every peer, below `.peers/`. Made once.

An environment is made again when its `requirements.txt` has changed. A peer that can't be
installed here is reported, and left blank in the tables.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.peers import ENVIRONMENTS, HERE

INSTALLED = "installed.txt"  # all versions, once an environment is ready


def names() -> list[str]:
    return sorted(path.parent.name for path in HERE.glob("*/requirements.txt"))


def is_ready(name: str) -> bool:
    kept = ENVIRONMENTS / name / "requirements.txt"
    wanted = HERE / name / "requirements.txt"
    there = (ENVIRONMENTS / name / INSTALLED).is_file() and kept.is_file()
    return there and kept.read_bytes() == wanted.read_bytes()


def make(name: str) -> str:
    """What went wrong, or nothing."""
    folder = ENVIRONMENTS / name
    shutil.rmtree(folder, ignore_errors=True)
    python, wanted = folder / "bin" / "python", HERE / name / "requirements.txt"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    if wrong := _failed([sys.executable, "-m", "venv", str(folder)]):
        return wrong
    if wrong := _failed([*pip, "install", "--quiet", "-r", str(wanted)]):
        return wrong
    shutil.copy(wanted, folder)
    listed = subprocess.run([*pip, "freeze"], capture_output=True, text=True, check=True)
    (folder / INSTALLED).write_text(listed.stdout)
    return ""


def _failed(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    errors = [line for line in done.stderr.splitlines() if line.lower().startswith("error")]
    return (errors or [f"ended with {done.returncode}"])[0] if done.returncode else ""


def python_of(name: str) -> Path:
    """The environment's Python. Raises FileNotFoundError where there is none."""
    if not is_ready(name):
        raise FileNotFoundError("not installed here; `make peers` says why")
    return ENVIRONMENTS / name / "bin" / "python"


def main() -> None:
    for name in names():
        if is_ready(name):
            print(f"{name}: ready")
            continue
        print(f"{name}: installing ...", flush=True)
        print(f"{name}: {make(name) or 'ready'}")


if __name__ == "__main__":
    main()
