"""Run a peer in its own environment, once for the same versions and the same input."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers import ENVIRONMENTS, HERE, Peer
from benchmarks.peers.environments import INSTALLED, python_of
from benchmarks.speed import ONE_THREAD

LONGEST_S = 1800


@dataclass(frozen=True)
class Count:
    """Steps and walking bouts [s] found in one recording, or why there are none."""

    steps: float = 0.0
    bouts: list[tuple[float, float]] | None = None
    error: str = ""


@dataclass(frozen=True)
class Run:
    """What a peer said of a folder of recordings, by the recording's name."""

    counts: dict[str, Count]
    version: str = ""
    seconds: float = 0.0
    is_cached: bool = False


def run(peer: Peer, inputs: Path) -> Run:
    """The peer's counts for the `.npz` files of `inputs`; whatever fails is an error in them."""
    names = sorted(path.stem for path in inputs.glob("*.npz"))
    try:
        python = python_of(peer.environment)
        named = f"{peer.environment}-{peer.function}-{_key(peer, inputs)}.json"
        result = ENVIRONMENTS / "results" / named
        is_cached = result.is_file()
        if not is_cached:
            result.parent.mkdir(exist_ok=True)
            _call(python, peer, inputs, result)
        told = json.loads(result.read_text())
    except (OSError, RuntimeError, subprocess.TimeoutExpired) as error:
        return Run({name: Count(error=str(error)) for name in names})
    found = told["recordings"]
    seconds = sum(one.get("seconds", 0.0) for one in found.values())
    counts = {name: _count(found[name]) for name in names}
    return Run(counts, f"{told['package']} {told['version']}", seconds, is_cached)


def _key(peer: Peer, inputs: Path) -> str:
    """Of the versions installed, how the peer is used, and the recordings."""
    code = [HERE / "inside.py", HERE / peer.environment / "count.py"]
    digest = hashlib.sha256()
    for path in [ENVIRONMENTS / peer.environment / INSTALLED, *code, *sorted(inputs.glob("*.npz"))]:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _call(python: Path, peer: Peer, inputs: Path, result: Path) -> None:
    """Raises RuntimeError with the last line it said, if it ends badly."""
    part = result.with_suffix(".part")
    done = subprocess.run(
        [python, "-I", HERE / "inside.py", peer.environment, peer.function, inputs, part],
        capture_output=True,
        text=True,
        env=os.environ | ONE_THREAD,
        timeout=LONGEST_S,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        raise RuntimeError(said[-1])
    part.rename(result)


def _count(one: dict[str, Any]) -> Count:
    if "error" in one:
        return Count(error=one["error"])
    bouts = [(a, b) for a, b in one["bouts"]] if "bouts" in one else None
    return Count(float(one["steps"]), bouts)
